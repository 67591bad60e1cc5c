"""Being answered: one response per respondent and survey, with what it replaced."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from surveys.customers.models import Customer
from surveys.invitations.models import Invitation
from surveys.questionnaires.models import Survey


class State(StrEnum):
    """How far a respondent got, the score of a partial response counts."""

    PARTIAL = "partial"
    COMPLETE = "complete"


class Response(Model):
    """What one respondent answered, the words are a verbatim (surveys/verbatims)."""

    id = fields.IntField(primary_key=True)
    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "surveys.Survey", related_name="responses", on_delete=fields.CASCADE
    )
    survey_id: int
    state = fields.CharEnumField(State, max_length=8)
    score = fields.SmallIntField(null=True)
    exit_reason = fields.CharField(max_length=40, null=True)
    submitted_at = fields.DatetimeField()
    replaced_at = fields.DatetimeField(null=True)

    # The locale the answer was given in, and the one the form was first shown in.
    locale = fields.CharField(max_length=12, null=True)
    first_locale = fields.CharField(max_length=12, null=True)
    country = fields.CharField(max_length=2, null=True)
    country_source = fields.CharField(max_length=12, null=True)
    channel = fields.CharField(max_length=40, null=True)
    touchpoint = fields.CharField(max_length=80, null=True)
    segment = fields.CharField(max_length=80, null=True)
    customer: fields.ForeignKeyNullableRelation[Customer] = fields.ForeignKeyField(
        "surveys.Customer", related_name="responses", null=True, on_delete=fields.CASCADE
    )
    customer_id: int | None
    invitation: fields.OneToOneNullableRelation[Invitation] = fields.OneToOneField(
        "surveys.Invitation", related_name="response", null=True, on_delete=fields.SET_NULL
    )
    invitation_id: int | None

    # Which browser session gave it (hash), which import brought it, what the respondent was told and agreed to.
    session_hash = fields.CharField(max_length=64, null=True)
    external_id = fields.CharField(max_length=200, null=True, unique=True)
    content_hash = fields.CharField(max_length=64, null=True)
    consented = fields.BooleanField(null=True)
    notice_version = fields.CharField(max_length=20, null=True)
    notice_locale = fields.CharField(max_length=12, null=True)
    noticed_at = fields.DatetimeField(null=True)
    wording_version = fields.IntField(default=1)
    is_demo = fields.BooleanField(default=False)

    class Meta:
        table = "response"
        unique_together = (("survey", "session_hash"),)
        # The first holds all that the digest and `metrics` group by: a week is counted without reading its rows.
        indexes = (
            ("submitted_at", "survey_id", "score", "country", "exit_reason", "locale"),
            ("customer_id",),
        )


class EarlierAnswer(Model):
    """What a response said before the respondent changed it, the comment only in its masked form."""

    id = fields.IntField(primary_key=True)
    response: fields.ForeignKeyRelation[Response] = fields.ForeignKeyField(
        "surveys.Response", related_name="earlier", on_delete=fields.CASCADE
    )
    response_id: int
    score = fields.SmallIntField(null=True)
    exit_reason = fields.CharField(max_length=40, null=True)
    masked_text = fields.TextField(null=True)
    locale = fields.CharField(max_length=12, null=True)
    submitted_at = fields.DatetimeField()

    class Meta:
        table = "earlier_answer"
