"""Decisions: what somebody set out to do about a pain point, by when, and what came of it."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from surveys.accounts.models import User
from surveys.pains.models import PainPoint


class DecisionState(StrEnum):
    """Where a decision stands."""

    DECIDED = "decided"
    DONE = "done"
    DROPPED = "dropped"


class Decision(Model):
    """One sentence about a pain point, or about a whole theme where `pain` is none, with its owner and due week.

    `week` is the week it was written in, `closed_week` the one in which it was done or dropped.
    """

    id = fields.IntField(primary_key=True)
    theme = fields.CharField(max_length=40)
    pain: fields.ForeignKeyNullableRelation[PainPoint] = fields.ForeignKeyField(
        "surveys.PainPoint", related_name="decisions", null=True, on_delete=fields.SET_NULL
    )
    pain_id: int | None
    sentence = fields.CharField(max_length=200)
    owner = fields.CharField(max_length=80)
    week = fields.CharField(max_length=8)
    due_week = fields.CharField(max_length=8)
    state = fields.CharEnumField(DecisionState, default=DecisionState.DECIDED, max_length=8)
    closed_week = fields.CharField(max_length=8, null=True)
    made_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "decision"


class DecisionChange(Model):
    """Who wrote or changed a decision, when, and how it stood before and after (before it was written as nothing)."""

    id = fields.IntField(primary_key=True)
    decision: fields.ForeignKeyRelation[Decision] = fields.ForeignKeyField(
        "surveys.Decision", related_name="changes", on_delete=fields.CASCADE
    )
    decision_id: int
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "surveys.User", related_name="decision_changes", null=True, on_delete=fields.SET_NULL
    )
    user_id: int | None
    before: dict[str, Any] = fields.JSONField(default=dict)
    after: dict[str, Any] = fields.JSONField(default=dict)
    made_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "decision_change"
        indexes = (("decision_id",),)
