"""Weekly counts, what they were counted from, and what is still to be counted.

A unit is a response (its id) or a mention with words of its own (its id, negative). Database triggers note every unit that
changes in `uncounted` (triggers.py); folding.py takes what a noted unit counted as out of the weekly tables, reads it anew
and puts that in.
"""

from tortoise import fields
from tortoise.models import Model


class Uncounted(Model):
    """A unit that changed since it was counted, noted in the transaction that changed it, more than once at times."""

    id = fields.BigIntField(primary_key=True)
    unit = fields.IntField()

    class Meta:
        table = "uncounted"


class UncountedWeek(Model):
    """A week that is still to be counted from all its rows."""

    week = fields.CharField(max_length=8, primary_key=True)

    class Meta:
        table = "uncounted_week"


class CountsState(Model):
    """What the counts hold for, one row, which whoever counts locks."""

    id = fields.IntField(primary_key=True)
    # The zone that weeks were told apart in; empty before the first count.
    time_zone = fields.CharField(max_length=64, default="")
    # Which theme counts as which other, or as none, as JSON.
    themes = fields.TextField(default="{}")

    class Meta:
        table = "counts_state"


class CountedUnit(Model):
    """What a unit counts as in the weekly tables now."""

    unit = fields.IntField(primary_key=True)
    week = fields.CharField(max_length=8)
    source = fields.CharField(max_length=8)
    survey_id = fields.IntField()
    wording_version = fields.IntField()
    reason = fields.CharField(max_length=40)
    country = fields.CharField(max_length=2)
    locale = fields.CharField(max_length=12)
    language = fields.CharField(max_length=12)
    touchpoint = fields.CharField(max_length=80)
    segment = fields.CharField(max_length=80)
    # Who it is where that is known; anybody else is one person in each unit.
    person = fields.CharField(max_length=64, null=True)
    score = fields.SmallIntField(null=True)
    partial = fields.SmallIntField()
    comments = fields.SmallIntField()
    unanalysed = fields.SmallIntField()
    with_language = fields.SmallIntField()
    unknown_language = fields.SmallIntField()
    sentiment = fields.CharField(max_length=10)
    band = fields.CharField(max_length=10)

    class Meta:
        table = "counted_unit"
        indexes = (("week",),)


class CountedTheme(Model):
    """A theme that a unit's words name, and whether they count as their writer's complaint about it this week."""

    id = fields.BigIntField(primary_key=True)
    unit = fields.IntField()
    code = fields.CharField(max_length=40)
    week = fields.CharField(max_length=8)
    person = fields.CharField(max_length=64, null=True)
    verbatim_id = fields.IntField()
    # The pain point that they name within the theme, 0 for none.
    pain_id = fields.IntField()
    complains = fields.SmallIntField()
    # One person counts once per theme and week: 1 in the first of their complaints only.
    counts = fields.SmallIntField()

    class Meta:
        table = "counted_theme"
        unique_together = (("unit", "code"),)
        indexes = (("week", "person", "code", "verbatim_id"),)


class WeeklyCounts(Model):
    """Answers and posts of a week that have everything in common that they are compared and filtered by.

    Texts are empty and numbers 0 where nothing is known.
    """

    id = fields.BigIntField(primary_key=True)
    week = fields.CharField(max_length=8)
    # `response` or `mention`; mentions have no survey (0).
    source = fields.CharField(max_length=8)
    survey_id = fields.IntField()
    wording_version = fields.IntField()
    # Of exit surveys only; their answers have no score.
    reason = fields.CharField(max_length=40)
    country = fields.CharField(max_length=2)
    # The locale of the form, and the language of the words: where that is not known, the locale's.
    locale = fields.CharField(max_length=12)
    language = fields.CharField(max_length=12)
    touchpoint = fields.CharField(max_length=80)
    segment = fields.CharField(max_length=80)

    responses = fields.IntField()
    partial = fields.IntField()
    # A score is a column and no part of the key: that makes a row of a week's answers, not of each score.
    score_0 = fields.IntField()
    score_1 = fields.IntField()
    score_2 = fields.IntField()
    score_3 = fields.IntField()
    score_4 = fields.IntField()
    score_5 = fields.IntField()
    score_6 = fields.IntField()
    score_7 = fields.IntField()
    score_8 = fields.IntField()
    score_9 = fields.IntField()
    score_10 = fields.IntField()
    # Those with words, and what is known of the words.
    comments = fields.IntField()
    unanalysed = fields.IntField()
    with_language = fields.IntField()
    unknown_language = fields.IntField()
    negative = fields.IntField()
    neutral = fields.IntField()
    positive = fields.IntField()
    mixed = fields.IntField()
    unknown_sentiment = fields.IntField()

    class Meta:
        table = "weekly_counts"
        unique_together = (
            (
                "week",
                "source",
                "survey_id",
                "wording_version",
                "reason",
                "country",
                "locale",
                "language",
                "touchpoint",
                "segment",
            ),
        )


class WeeklyThemes(Model):
    """Words of a week about a theme that have everything in common that they are compared and filtered by."""

    id = fields.BigIntField(primary_key=True)
    week = fields.CharField(max_length=8)
    source = fields.CharField(max_length=8)
    code = fields.CharField(max_length=40)
    # The pain point that is complained about, 0 for none; mergers of pain points are followed when it is read.
    pain_id = fields.IntField()
    band = fields.CharField(max_length=10)
    survey_id = fields.IntField()
    wording_version = fields.IntField()
    country = fields.CharField(max_length=2)
    locale = fields.CharField(max_length=12)
    language = fields.CharField(max_length=12)
    touchpoint = fields.CharField(max_length=80)
    segment = fields.CharField(max_length=80)

    # Who complains: each person once per theme and week, where their first complaint stands.
    people = fields.IntField()
    # Words that name the theme, in any mood; those that complain about it.
    verbatims = fields.IntField()
    complaints = fields.IntField()
    negative = fields.IntField()
    neutral = fields.IntField()
    positive = fields.IntField()
    mixed = fields.IntField()

    class Meta:
        table = "weekly_themes"
        unique_together = (
            (
                "week",
                "source",
                "code",
                "pain_id",
                "band",
                "survey_id",
                "wording_version",
                "country",
                "locale",
                "language",
                "touchpoint",
                "segment",
            ),
        )
