"""Answers and complaints of a window, one row for each week and combination of everything they are compared by.

From the weekly tables where these hold for the window's zone, else counted from the rows themselves; both give the same.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from surveys.complaints import COMPLAINT_ON_THEME, PERSON
from surveys.counts.tables import SCORES
from surveys.db import query
from surveys.digests.tally import UNKNOWN, Window, language_of
from surveys.pains.merged import shown_as
from surveys.questionnaires.models import Survey
from surveys.taxonomy import counted_themes


class WeeklyAnswer(NamedTuple):
    """Responses of a week that have all of this in common; `locale` is the form's."""

    weeks_ago: int
    survey_id: int
    wording_version: int
    metric: str
    score: int | None
    reason: str | None
    country: str | None
    locale: str | None
    language: str
    touchpoint: str | None
    segment: str | None
    n: int


class WeeklyComplaint(NamedTuple):
    """People whose first complaint of a week about a theme has all of this in common."""

    weeks_ago: int
    theme: str
    pain_id: int | None
    band: str | None
    survey_id: int
    wording_version: int
    country: str | None
    locale: str | None
    language: str
    touchpoint: str | None
    segment: str | None
    n: int


_ANSWER_PLACE: Final = "survey_id, wording_version, country, locale, language, touchpoint, segment"


async def _metrics() -> dict[int, str]:
    """Metrics by survey. Of one that has just gone, with its answers, rows may be left until they are counted out."""
    return {survey.id: survey.metric.value for survey in await Survey.all().only("id", "metric")}


def _weeks(window: Window) -> dict[str, int]:
    return {str(window.week.previous(ago)): ago for ago in range(window.before + 1)}


async def counted_answers(window: Window) -> list[WeeklyAnswer]:
    """From the weekly tables; older weeks hold NPS alone, as in `tally.cells`."""
    metrics, weeks = await _metrics(), _weeks(window)
    nps = ", ".join(str(number) for number, metric in metrics.items() if metric == "nps") or "NULL"
    scores = ", ".join(f"score_{score}" for score in SCORES)
    rows = await query(
        f"SELECT week, reason, {_ANSWER_PLACE}, responses, {scores} FROM weekly_counts "  # noqa: S608 - our own texts only
        f"WHERE week >= {{}} AND week <= {{}} AND source = 'response' AND (week > {{}} OR survey_id IN ({nps}))",
        str(window.week.previous(window.before)),
        str(window.week),
        str(window.week.previous(window.nps_only_from)),
    )
    return [
        answer for row in rows if row["survey_id"] in metrics for answer in _by_score(row, weeks, metrics)
    ]


def _by_score(
    row: Mapping[str, Any], weeks: Mapping[str, int], metrics: Mapping[int, str]
) -> Iterator[WeeklyAnswer]:
    """A row of the weekly table as rows of one score each; there are many, so their values are taken in order."""
    week, reason, survey, wording, country, locale, language, touchpoint, segment, left, *scores = (
        row.values()
    )
    ago, metric = weeks[week], metrics[survey]
    place = (country or None, locale or None, language, touchpoint or None, segment or None)
    if metric == "exit":
        yield WeeklyAnswer(ago, survey, wording, metric, None, reason or None, *place, left)
        return
    for score, n in enumerate(scores):
        if n:
            left -= n
            yield WeeklyAnswer(ago, survey, wording, metric, score, None, *place, n)
    if left:
        yield WeeklyAnswer(ago, survey, wording, metric, None, None, *place, left)


def _answer(row: Any, ago: int, metric: str, score: Any, reason: Any, n: int) -> WeeklyAnswer:
    return WeeklyAnswer(
        ago, row["survey_id"], row["wording_version"], metric, score, reason, row["country"] or None,
        row["locale"] or None, row["language"] or language_of(row["locale"]), row["touchpoint"] or None,
        row["segment"] or None, n,
    )  # fmt: skip


async def counted_complaints(window: Window) -> list[WeeklyComplaint]:
    """From the weekly tables, under the pain points as they are shown."""
    weeks, shown, surveys = _weeks(window), await shown_as(), await _metrics()
    rows = await query(
        f"SELECT week, code, pain_id, band, {_ANSWER_PLACE}, people FROM weekly_themes "  # noqa: S608 - our own texts only
        "WHERE week >= {} AND week <= {} AND source = 'response' AND people > 0",
        str(window.week.previous(window.before)),
        str(window.week),
    )
    return [_complaint(row, weeks[row["week"]], shown) for row in rows if row["survey_id"] in surveys]


def _complaint(row: Any, ago: int, shown: Any) -> WeeklyComplaint:
    pain = row["pain_id"] or None
    return WeeklyComplaint(
        ago, row["code"], shown.get(pain, pain), row["band"] or None, row["survey_id"], row["wording_version"],
        row["country"] or None, row["locale"] or None, row["language"] or UNKNOWN, row["touchpoint"] or None,
        row["segment"] or None, int(row["people"]),
    )  # fmt: skip


async def raw_answers(window: Window) -> list[WeeklyAnswer]:
    """From the rows themselves."""
    metrics = await _metrics()
    nps = ", ".join(str(number) for number, metric in metrics.items() if metric == "nps") or "NULL"
    place = "r.survey_id, r.wording_version, r.country, r.locale, v.language, r.touchpoint, r.segment"
    found: list[WeeklyAnswer] = []
    for ago in range(window.before + 1):
        only = f" AND r.survey_id IN ({nps})" if ago >= window.nps_only_from else ""
        rows = await query(
            f"SELECT r.score, r.exit_reason, {place}, COUNT(*) AS n FROM response r "  # noqa: S608 - our own texts only
            "LEFT JOIN verbatim v ON v.response_id = r.id "
            f"WHERE r.submitted_at >= {{}} AND r.submitted_at < {{}}{only} GROUP BY r.score, r.exit_reason, {place}",
            *window.bounds(ago),
        )
        for row in rows:
            metric = metrics[row["survey_id"]]
            score, reason = (None, row["exit_reason"] or None) if metric == "exit" else (row["score"], None)
            found.append(_answer(row, ago, metric, score, reason, int(row["n"])))
    return found


async def raw_complaints(window: Window) -> list[WeeklyComplaint]:
    """From the rows themselves: the first complaint of each person, with its place."""
    shown, themes = await shown_as(), await counted_themes()
    place = "r.survey_id, r.wording_version, v.country, v.locale, v.language, r.touchpoint, r.segment"
    found: list[WeeklyComplaint] = []
    for ago in range(window.before + 1):
        rows = await query(
            f"SELECT d.code, d.pain_id, v.band, {place}, COUNT(*) AS people FROM "  # noqa: S608 - our own texts only
            "(SELECT x.code, x.verbatim_id, MIN(l.pain_id) AS pain_id FROM "
            f"(SELECT t.code AS code, MIN(v.id) AS verbatim_id FROM verbatim v JOIN {themes} t ON t.verbatim_id = v.id "
            f"JOIN response r ON r.id = v.response_id WHERE v.written_at >= {{}} AND v.written_at < {{}} "
            f"AND {COMPLAINT_ON_THEME} GROUP BY t.code, {PERSON}) x JOIN verbatim v ON v.id = x.verbatim_id "
            f"JOIN {themes} t ON t.verbatim_id = v.id AND t.code = x.code JOIN verbatim_theme f ON f.id = t.id "
            "LEFT JOIN verbatim_pain l ON l.verbatim_id = v.id AND l.theme = f.code "
            f"WHERE {COMPLAINT_ON_THEME} GROUP BY x.code, x.verbatim_id) d "
            "JOIN verbatim v ON v.id = d.verbatim_id JOIN response r ON r.id = v.response_id "
            f"GROUP BY d.code, d.pain_id, v.band, {place}",
            *window.bounds(ago),
        )
        found += [_complaint(row, ago, shown) for row in rows]
    return found
