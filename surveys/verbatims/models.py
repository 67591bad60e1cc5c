"""What somebody wrote, whoever wrote it and wherever: masked, understood, corrected."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from surveys.accounts.models import User
from surveys.due import Due
from surveys.mentions.models import Mention
from surveys.responses.models import Response


class Method(StrEnum):
    """Who said so."""

    KEYWORD = "keyword"
    MODEL = "model"
    SITE = "site"
    HUMAN = "human"


class Verbatim(Due):
    """Masked words with what is known about them, due when they are to be analysed.

    `language` and `sentiment` are what counts: a person's correction where there is one, else the machine's
    (`machine_*`). The facts of the response or mention are repeated here because the inbox filters by them.
    """

    id = fields.IntField(primary_key=True)
    response: fields.OneToOneNullableRelation[Response] = fields.OneToOneField(
        "surveys.Response", related_name="verbatim", null=True, on_delete=fields.CASCADE
    )
    response_id: int | None
    mention: fields.OneToOneNullableRelation[Mention] = fields.OneToOneField(
        "surveys.Mention", related_name="verbatim", null=True, on_delete=fields.CASCADE
    )
    mention_id: int | None
    masked_text = fields.TextField()
    mask_counts: dict[str, int] = fields.JSONField(default=dict)
    written_at = fields.DatetimeField()
    changed_at = fields.DatetimeField(auto_now=True)

    locale = fields.CharField(max_length=12, null=True)
    country = fields.CharField(max_length=2, null=True)
    region = fields.CharField(max_length=3, null=True)
    culture = fields.CharField(max_length=40, default="unknown")
    survey_id = fields.IntField(null=True)
    metric = fields.CharField(max_length=8, null=True)
    score = fields.SmallIntField(null=True)
    band = fields.CharField(max_length=10, null=True)
    channel = fields.CharField(max_length=80, null=True)
    touchpoint = fields.CharField(max_length=80, null=True)
    segment = fields.CharField(max_length=80, null=True)

    language = fields.CharField(max_length=8, null=True)
    sentiment = fields.CharField(max_length=10, null=True)
    machine_language = fields.CharField(max_length=8, null=True)
    machine_sentiment = fields.CharField(max_length=10, null=True)
    language_best = fields.CharField(max_length=8, null=True)
    language_confidence = fields.FloatField(null=True)
    languages: list[str] = fields.JSONField(default=list)
    negative = fields.FloatField(null=True)
    neutral = fields.FloatField(null=True)
    positive = fields.FloatField(null=True)
    # What the words say in no language: a unit vector as float16, comparable within one model version.
    embedding = fields.BinaryField(null=True)
    # The judgements of sentences that were read apart: start, end, label, negative, neutral, positive.
    sentences: list[dict[str, Any]] | None = fields.JSONField(null=True)
    model_version = fields.CharField(max_length=60, null=True)
    analysed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "verbatim"
        # The last is for the digest: it tells complaints without reading the texts.
        indexes = (
            ("due_at",),
            ("written_at",),
            ("changed_at",),
            ("written_at", "metric", "band", "sentiment", "response_id"),
        )


class VerbatimTheme(Model):
    """One theme a verbatim speaks of, with the span of the masked text that says so."""

    id = fields.IntField(primary_key=True)
    verbatim: fields.ForeignKeyRelation[Verbatim] = fields.ForeignKeyField(
        "surveys.Verbatim", related_name="themes", on_delete=fields.CASCADE
    )
    verbatim_id: int
    code = fields.CharField(max_length=40)
    confidence = fields.FloatField()
    start = fields.IntField(null=True)
    end = fields.IntField(null=True)
    method = fields.CharEnumField(Method, max_length=8)
    # The sentiment of the sentence that holds the evidence, where sentences were read apart.
    polarity = fields.CharField(max_length=10, null=True)

    class Meta:
        table = "verbatim_theme"
        unique_together = (("verbatim", "code"),)


class Original(Model):
    """The words as they were written, and the contact left with them, only an administrator may open it."""

    id = fields.IntField(primary_key=True)
    verbatim: fields.OneToOneRelation[Verbatim] = fields.OneToOneField(
        "surveys.Verbatim", related_name="original", on_delete=fields.CASCADE
    )
    verbatim_id: int
    text = fields.TextField()
    contact = fields.CharField(max_length=254, null=True)
    drop_at = fields.DatetimeField()

    class Meta:
        table = "original"
        indexes = (("drop_at",), ("contact",))


class OriginalOpening(Model):
    """Who opened which original, and when, outlives the original."""

    id = fields.IntField(primary_key=True)
    verbatim_id = fields.IntField()
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "surveys.User", related_name="openings", null=True, on_delete=fields.SET_NULL
    )
    opened_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "original_opening"


class Correction(Model):
    """A person's word against the machine's."""

    id = fields.IntField(primary_key=True)
    verbatim: fields.ForeignKeyRelation[Verbatim] = fields.ForeignKeyField(
        "surveys.Verbatim", related_name="corrections", on_delete=fields.CASCADE
    )
    verbatim_id: int
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "surveys.User", related_name="corrections", null=True, on_delete=fields.SET_NULL
    )
    field = fields.CharField(max_length=20)
    before: Any = fields.JSONField(null=True)
    after: Any = fields.JSONField(null=True)
    corrected_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "correction"


class Epoch(Model):
    """Raised whenever verbatims go or come in bulk, so that what was kept in memory is read anew."""

    id = fields.IntField(primary_key=True)
    number = fields.IntField(default=0)

    class Meta:
        table = "epoch"
