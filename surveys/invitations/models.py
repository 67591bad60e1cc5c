"""Asking one customer: a signed link that can be answered once."""

from tortoise import fields
from tortoise.models import Model

from surveys.customers.models import Customer
from surveys.questionnaires.models import Survey


class Invitation(Model):
    """A link for one customer and one survey, its token is signed, so only ours are looked up."""

    id = fields.IntField(primary_key=True)
    reference = fields.CharField(max_length=32, unique=True)
    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name="invitations", on_delete=fields.CASCADE
    )
    survey_id: int
    customer: fields.ForeignKeyNullableRelation[Customer] = fields.ForeignKeyField(
        "surveys.Customer", related_name="invitations", null=True, on_delete=fields.CASCADE
    )
    customer_id: int | None
    locale = fields.CharField(max_length=12, null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "invitation"
        unique_together = (("survey", "customer"),)
