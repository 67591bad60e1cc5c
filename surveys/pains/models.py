"""Pain points: one thing that customers complain about within a theme, the same from week to week and in every language."""

from enum import StrEnum
from typing import TYPE_CHECKING

from tortoise import fields
from tortoise.models import Model

from surveys.accounts.models import User
from surveys.due import Due

if TYPE_CHECKING:
    from surveys.verbatims.models import Verbatim


class ChangeKind(StrEnum):
    """What happened to a pain point."""

    BORN = "born"
    SPLIT = "split"
    MERGED = "merged"
    DRIFTED = "drifted"


class PainPoint(Model):
    """One thing that customers complain about, known beforehand (`known`) or found.

    `centroid` (float32, unit) is the middle of its members in the space of the model version `space`. A pain point that a
    person merged into another keeps its members and its middle, so that this can be undone. One that regrouping merged has
    neither any more, and only answers old addresses.
    """

    id = fields.IntField(primary_key=True)
    theme = fields.CharField(max_length=40)
    known = fields.CharField(max_length=60, null=True)
    title = fields.CharField(max_length=120, null=True)
    first_week = fields.CharField(max_length=8)
    centroid = fields.BinaryField(null=True)
    # The middle as it was before the week last regrouped, and the cosine of the two.
    earlier_centroid = fields.BinaryField(null=True)
    drift = fields.FloatField(null=True)
    grouped_week = fields.CharField(max_length=8, null=True)
    space = fields.CharField(max_length=60, null=True)
    merged_into: fields.ForeignKeyNullableRelation["PainPoint"] = fields.ForeignKeyField(
        "surveys.PainPoint", related_name="merged", null=True, on_delete=fields.SET_NULL
    )
    merged_into_id: int | None

    class Meta:
        table = "pain_point"
        unique_together = (("theme", "known"),)


class PainPointChange(Model):
    """A birth, split, merger or drift, by regrouping or (with a user) by a person.

    split: `pain` came out of `other`. merged: `other` became part of `pain`.
    """

    id = fields.IntField(primary_key=True)
    pain: fields.ForeignKeyRelation[PainPoint] = fields.ForeignKeyField(
        "surveys.PainPoint", related_name="changes", on_delete=fields.CASCADE
    )
    pain_id: int
    other: fields.ForeignKeyNullableRelation[PainPoint] = fields.ForeignKeyField(
        "surveys.PainPoint", related_name="other_changes", null=True, on_delete=fields.CASCADE
    )
    other_id: int | None
    kind = fields.CharEnumField(ChangeKind, max_length=8)
    week = fields.CharField(max_length=8)
    members = fields.IntField(null=True)
    likeness = fields.FloatField(null=True)
    is_by_hand = fields.BooleanField(default=False)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "surveys.User", related_name="pain_changes", null=True, on_delete=fields.SET_NULL
    )
    made_at = fields.DatetimeField(auto_now_add=True)
    undone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "pain_point_change"
        indexes = (("pain_id",), ("other_id",))


class VerbatimPain(Model):
    """Which pain point a verbatim names within one of its themes, and how like it the words are (cosine)."""

    id = fields.IntField(primary_key=True)
    verbatim: fields.ForeignKeyRelation["Verbatim"] = fields.ForeignKeyField(
        "surveys.Verbatim", related_name="pains", on_delete=fields.CASCADE
    )
    verbatim_id: int
    theme = fields.CharField(max_length=40)
    pain: fields.ForeignKeyRelation[PainPoint] = fields.ForeignKeyField(
        "surveys.PainPoint", related_name="members", on_delete=fields.CASCADE
    )
    pain_id: int
    likeness = fields.FloatField()

    class Meta:
        table = "verbatim_pain"
        unique_together = (("verbatim", "theme"),)
        indexes = (("pain_id", "likeness"),)


class ThemeGrouping(Due):
    """One theme's regrouping: the week it is done for, and the week it is wanted for, due until the two agree."""

    id = fields.IntField(primary_key=True)
    theme = fields.CharField(max_length=40, unique=True)
    week = fields.CharField(max_length=8, null=True)
    wanted_week = fields.CharField(max_length=8, null=True)
    # Of all that went into the last one: the same again would change nothing, and is not done.
    fingerprint = fields.CharField(max_length=64, null=True)

    class Meta:
        table = "theme_grouping"
        indexes = (("due_at",),)
