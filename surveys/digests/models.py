"""Reporting: who reads the digest, which editions exist, which were sent."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from surveys.due import Due


class Channel(StrEnum):
    """How a digest reaches whoever subscribed."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    FOLDER = "folder"


class Subscription(Model):
    """Somebody, or a program, that gets the digest of every week, on a day and at an hour of a zone.

    `address` is an e-mail address, a webhook's address or a folder's name; without a zone of its own the organisation's
    holds. `nonce` makes a webhook's secret. Paused after four quiet weeks, until somebody answers again.
    """

    id = fields.IntField(primary_key=True)
    channel = fields.CharEnumField(Channel, max_length=8, default=Channel.MAIL, db_default=Channel.MAIL.value)
    address = fields.CharField(max_length=500, unique=True)
    locale = fields.CharField(max_length=12)
    time_zone = fields.CharField(max_length=64, null=True)
    weekday = fields.SmallIntField(default=1, db_default=1)
    hour = fields.SmallIntField(default=0, db_default=0)
    scope = fields.CharField(max_length=400, default="", db_default="")
    nonce = fields.CharField(max_length=32, null=True)
    paused_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "subscription"


class Edition(Due):
    """The digest of one ISO week in one locale, due when it is to be built.

    With a `scope` (surveys/digests/scope.py) it tells of some regions, surveys or segments only. `stage`: how far it is.
    """

    id = fields.IntField(primary_key=True)
    week = fields.CharField(max_length=8)
    locale = fields.CharField(max_length=12)
    scope = fields.CharField(max_length=400, default="", db_default="")
    is_preliminary = fields.BooleanField(default=False)
    figures: dict[str, Any] = fields.JSONField(null=True)
    pdf = fields.BinaryField(null=True)
    stage = fields.CharField(max_length=12, null=True)
    built_at = fields.DatetimeField(null=True)
    requested_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "edition"
        unique_together = (("week", "locale", "scope"),)
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
    """One edition to one subscriber, unique, so nobody gets two, but for `resends`, which somebody asked for.

    `is_pausing`: it says that it is the last one until somebody answers again.
    """

    id = fields.IntField(primary_key=True)
    subscription: fields.ForeignKeyRelation[Subscription] = fields.ForeignKeyField(
        "surveys.Subscription", related_name="deliveries", on_delete=fields.CASCADE
    )
    subscription_id: int
    week = fields.CharField(max_length=8)
    resends = fields.SmallIntField(default=0, db_default=0)
    is_pausing = fields.BooleanField(default=False, db_default=False)
    sent_at = fields.DatetimeField(null=True)

    class Meta:
        table = "delivery"
        unique_together = (("subscription", "week"),)
        indexes = (("due_at",),)
