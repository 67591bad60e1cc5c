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
    deciding_locale = fields.CharField(max_length=12)
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
    metric = fields.CharField(max_length=8)
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


class AnswerCounts(Model):
    """What is counted of responses and mentions: texts are empty and numbers 0 where nothing is known."""

    id = fields.BigIntField(primary_key=True)
    week = fields.CharField(max_length=8)
    # `response` or `mention`; mentions have no survey (0).
    source = fields.CharField(max_length=8)
    survey_id = fields.IntField()
    # Of exit surveys only; their answers have no score.
    reason = fields.CharField(max_length=40)
    country = fields.CharField(max_length=2)

    responses = fields.IntField()
    partial = fields.IntField()
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
        abstract = True


class WeeklyCounts(AnswerCounts):
    """Answers of a week by everything that they are compared and filtered by."""

    wording_version = fields.IntField()
    # The locale of the form, and the language of the words: where that is not known, the locale's.
    locale = fields.CharField(max_length=12)
    language = fields.CharField(max_length=12)
    touchpoint = fields.CharField(max_length=80)
    segment = fields.CharField(max_length=80)

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


class WeeklyPlaces(AnswerCounts):
    """The same by place only: few rows, however many answers."""

    # The locale where it decides between two cultures, else empty.
    deciding_locale = fields.CharField(max_length=12)

    class Meta:
        table = "weekly_places"
        unique_together = (("week", "source", "survey_id", "reason", "country", "deciding_locale"),)


class ThemeCounts(Model):
    """What is counted of themes."""

    id = fields.BigIntField(primary_key=True)
    week = fields.CharField(max_length=8)
    source = fields.CharField(max_length=8)
    code = fields.CharField(max_length=40)
    survey_id = fields.IntField()
    country = fields.CharField(max_length=2)

    # Who complains: each person once per theme and week, where their first complaint stands.
    people = fields.IntField()
    # Words that name the theme, in any mood; those that complain about it.
    verbatims = fields.IntField()
    complaints = fields.IntField()

    class Meta:
        abstract = True


class WeeklyThemes(ThemeCounts):
    """Themes of a week by everything that they are compared and filtered by."""

    pain_id = fields.IntField()
    band = fields.CharField(max_length=10)
    wording_version = fields.IntField()
    locale = fields.CharField(max_length=12)
    language = fields.CharField(max_length=12)
    touchpoint = fields.CharField(max_length=80)
    segment = fields.CharField(max_length=80)

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


class WeeklyThemePlaces(ThemeCounts):
    """The same by place only, with moods."""

    deciding_locale = fields.CharField(max_length=12)
    # Of the people, those who are detractors; of the words, how they feel.
    detractors = fields.IntField()
    negative = fields.IntField()
    neutral = fields.IntField()
    positive = fields.IntField()
    mixed = fields.IntField()
    # Words beside an answer to the NPS question, by its band.
    nps_promoters = fields.IntField()
    nps_passives = fields.IntField()
    nps_detractors = fields.IntField()

    class Meta:
        table = "weekly_theme_places"
        unique_together = (("week", "source", "code", "survey_id", "country", "deciding_locale"),)
