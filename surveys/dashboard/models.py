"""What the dashboard keeps: finished figures, a row for each week and choice of filters, and weeks as columns."""

from tortoise import fields
from tortoise.models import Model

from surveys.due import Due


class KeptView(Due):
    """The figures of a week and choice as they were made, due when they are to be made anew.

    `rules` is what has to hold for them to be shown at all, `stamp` what they were counted from (surveys/dashboard/ground.py);
    both are empty before they were made once.
    """

    id = fields.IntField(primary_key=True)
    week = fields.CharField(max_length=8)
    # As JSON, in the order of surveys/dashboard/choice.py.
    filters = fields.CharField(max_length=1200, default="{}", db_default="{}")
    rules = fields.CharField(max_length=64, default="", db_default="")
    stamp = fields.CharField(max_length=64, default="", db_default="")
    made_at = fields.DatetimeField(null=True)
    # About when somebody last looked.
    seen_at = fields.DatetimeField(null=True)
    # Figures and what the filters offer, as JSON, packed: a row is written again whenever one of its columns changes.
    packed = fields.BinaryField(null=True)

    class Meta:
        table = "kept_view"
        unique_together = (("week", "filters"),)
        indexes = (("due_at",),)


class WeekColumns(Model):
    """A week of the weekly tables as columns of numbers (surveys/dashboard/packed.py), and what they were read from."""

    week = fields.CharField(max_length=8, primary_key=True)
    stamp = fields.CharField(max_length=64)
    packed = fields.BinaryField()

    class Meta:
        table = "week_columns"
