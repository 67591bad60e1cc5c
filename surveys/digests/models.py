"""Reporting: who reads the digest, which editions exist, which were sent."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from surveys.due import Due


class Subscription(Model):
    """Somebody who gets the digest every Monday."""

    id = fields.IntField(primary_key=True)
    email = fields.CharField(max_length=254, unique=True)
    locale = fields.CharField(max_length=12)
    created_at = fields.DatetimeField(auto_now_add=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "subscription"


class Edition(Due):
    """The digest of one ISO week in one locale, due when it is to be built."""

    id = fields.IntField(primary_key=True)
    week = fields.CharField(max_length=8)
    locale = fields.CharField(max_length=12)
    is_preliminary = fields.BooleanField(default=False)
    figures: dict[str, Any] = fields.JSONField(null=True)
    pdf = fields.BinaryField(null=True)
    built_at = fields.DatetimeField(null=True)
    requested_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "edition"
        unique_together = (("week", "locale"),)
        indexes = (("due_at",),)


class Report(Due):
    """Another edition than the weekly one in one locale: a period, a comparison, one survey, one theme."""

    id = fields.IntField(primary_key=True)
    # What was asked for, as surveys/digests/asked.py writes it.
    key = fields.CharField(max_length=120)
    locale = fields.CharField(max_length=12)
    # The weeks whose words it may quote or count.
    first_week = fields.CharField(max_length=8)
    last_week = fields.CharField(max_length=8)
    is_preliminary = fields.BooleanField(default=False)
    figures: dict[str, Any] = fields.JSONField(null=True)
    pdf = fields.BinaryField(null=True)
    built_at = fields.DatetimeField(null=True)
    requested_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "report"
        unique_together = (("key", "locale"),)
        indexes = (("due_at",),)


class Delivery(Due):
    """One mail with one edition to one subscriber, unique, so nobody gets two."""

    id = fields.IntField(primary_key=True)
    subscription: fields.ForeignKeyRelation[Subscription] = fields.ForeignKeyField(
        "surveys.Subscription", related_name="deliveries", on_delete=fields.CASCADE
    )
    subscription_id: int
    week = fields.CharField(max_length=8)
    sent_at = fields.DatetimeField(null=True)

    class Meta:
        table = "delivery"
        unique_together = (("subscription", "week"),)
        indexes = (("due_at",),)
