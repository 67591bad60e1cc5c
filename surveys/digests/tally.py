"""Answers counted in the database from the rows as they are, in a few grouped queries.

Editions read the weekly tables instead (counted.py); this is what those must come to (tests/surveys/digests), and what
weeks of another zone are counted by.

The unit is the response, partial or complete, in the ISO week of its `submitted_at` by the organisation's zone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from surveys.db import as_instant, query, sql_instant
from surveys.digests.scope import Within
from surveys.places import culture, region
from surveys.questionnaires.models import Survey
from surveys.scores import band_counts
from surveys.tallies import BandCounts
from surveys.weeks import Week

By = Literal["all", "continent", "region", "country", "culture", "language"]
Scored = Literal["nps", "csat", "ces"]
SCORED: Final[tuple[Scored, ...]] = ("nps", "csat", "ces")

# Where the declared locale decides between two culture clusters (surveys/places.py); elsewhere it is not grouped by.
LOCALE_DECIDES = "('BE', 'CA', 'CH', 'CY', 'LU')"
# Only a declared language separates groups: `zh-Hant` and `zh-Hans` are one.
UNKNOWN = "unknown"
# From so many weeks back on, only NPS is counted.
NPS_ONLY_FROM: Final = 9


@dataclass
class Tally:
    """Responses, their scores by metric, and their reasons for leaving."""

    responses: int = 0
    nps: Counter[int] = field(default_factory=Counter)
    csat: Counter[int] = field(default_factory=Counter)
    ces: Counter[int] = field(default_factory=Counter)
    exit: Counter[str] = field(default_factory=Counter)

    def scores(self, metric: Scored) -> Counter[int]:
        """How often each score of a metric was given."""
        counts: Counter[int] = getattr(self, metric)
        return counts

    def bands(self, metric: Scored) -> BandCounts:
        """Promoters, passives, detractors of a metric."""
        return band_counts(metric, self.scores(metric))

    def n(self, metric: str) -> int:
        """Answers of a metric."""
        counts: Counter[Any] = getattr(self, metric)
        return counts.total()

    @property
    def low(self) -> int:
        """Answers in the lowest band, whatever the metric."""
        return sum(self.bands(metric).detractors for metric in SCORED)

    def add(self, cell: "Cell") -> None:
        """Count a cell in."""
        self.responses += cell.n
        if cell.answer is not None:
            counts: Counter[Any] = getattr(self, cell.metric)
            counts[cell.answer] += cell.n


@dataclass(frozen=True, slots=True)
class Cell:
    """Responses that share an answer, country, culture, language and span of weeks (named by its latest, 0 this week)."""

    weeks_ago: int
    metric: str
    answer: int | str | None  # the score, or the reason for leaving
    country: str | None
    culture: str
    language: str
    n: int

    def group(self, by: By) -> str:
        """The group this cell falls into."""
        if by == "all":
            return "all"
        if by == "culture":
            return self.culture
        if by == "language":
            return self.language
        if by == "country":
            return self.country or UNKNOWN
        place = region(self.country)
        if place is None:
            return UNKNOWN
        return place.leaf_code if by == "region" else place.region_code


@dataclass(frozen=True, slots=True)
class Window:
    """The weeks that an edition looks at: the latest and so many before it, in a zone."""

    week: Week
    before: int
    zone: ZoneInfo
    # A month is its weeks together; the weeks before are counted one by one.
    span: int = 1
    nps_only_from: int = NPS_ONLY_FROM
    survey: int | None = None

    @property
    def first(self) -> Week:
        """The first of the weeks that are told of."""
        return self.week.previous(self.span - 1)

    def only(self, column: str) -> str:
        """What a query adds to look at one survey alone."""
        return "" if self.survey is None else f" AND {column} = {int(self.survey)}"

    def bounds(self, ago: int, until: int | None = None) -> tuple[datetime | str, datetime | str]:
        """Where the week so many weeks ago begins and ends, or a run of weeks back to `until`."""
        earlier = self.span - 1
        end = self.week.previous(ago + earlier if ago else 0).bounds(self.zone)[1]
        start = self.week.previous((ago if until is None else until) + earlier).bounds(self.zone)[0]
        return sql_instant(start), sql_instant(end)

    def spans(self) -> list[tuple[int, int]]:
        """Runs of weeks that are always counted together: the latest, the one before, up to 8, up to 26."""
        edges = ((0, 0), (1, 1), (2, 8), (NPS_ONLY_FROM, 26))
        return [(first, min(last, self.before)) for first, last in edges if first <= self.before]


async def cells(window: Window, *, by_language: bool = False) -> list[Cell]:
    """Every response of the window, counted by span of weeks, country, culture, score.

    With `by_language` also by language: the language found in the comment (`und` and `mixed` as they are), else that
    of the declared locale, else `unknown`.
    """
    metrics = {survey.id: survey.metric.value for survey in await Survey.all().only("id", "metric")}
    parts: list[str] = []
    values: list[datetime | str] = []
    for first, last in window.spans():
        start, end = window.bounds(first, last)
        # Only cultures look back further than tiles do, and they compare NPS alone.
        wanted = [number for number, metric in metrics.items() if first < NPS_ONLY_FROM or metric == "nps"]
        for part in _by_language(first) if by_language else _by_place(first, wanted):
            parts.append(part)
            values += [start, end]
    rows = await query(" UNION ALL ".join(parts), *values)
    return [_cell(row, metrics[row["survey_id"]]) for row in rows]


def _by_place(span: int, surveys: list[int]) -> list[str]:
    """Fewer columns are counted faster: reasons for leaving this week only, locales only where they matter."""
    columns = (
        "r.survey_id, r.score, r.country, r.exit_reason" if span == 0 else "r.survey_id, r.score, r.country"
    )
    shown = columns if span == 0 else f"{columns}, NULL AS exit_reason"
    within = "FROM response r WHERE r.submitted_at >= {} AND r.submitted_at < {}"
    if span >= NPS_ONLY_FROM:
        # "+ 0" keeps SQLite from the survey's own index, which would have it read every row.
        within += f" AND r.survey_id + 0 IN ({', '.join(map(str, surveys)) or 'NULL'})"
    elsewhere = (
        f"SELECT {span} AS weeks_ago, {shown}, NULL AS locale, NULL AS language, COUNT(*) AS n {within} "
        f"AND (r.country IS NULL OR r.country NOT IN {LOCALE_DECIDES}) GROUP BY {columns}"
    )
    by_locale = (
        f"SELECT {span} AS weeks_ago, {shown}, r.locale AS locale, NULL AS language, COUNT(*) AS n {within} "
        f"AND r.country IN {LOCALE_DECIDES} GROUP BY {columns}, r.locale"
    )
    return [elsewhere, by_locale]


def _by_language(span: int) -> list[str]:
    columns = "r.survey_id, r.score, r.country, r.exit_reason, r.locale, v.language"
    found = (
        f"SELECT {span} AS weeks_ago, {columns}, COUNT(*) AS n "  # noqa: S608 - our own texts only
        "FROM response r LEFT JOIN verbatim v ON v.response_id = r.id "
        f"WHERE r.submitted_at >= {{}} AND r.submitted_at < {{}} GROUP BY {columns}"
    )
    return [found]


def _cell(row: Mapping[str, Any], metric: str) -> Cell:
    return Cell(
        weeks_ago=row["weeks_ago"],
        metric=metric,
        answer=row["exit_reason"] if metric == "exit" else row["score"],
        country=row["country"],
        culture=culture(row["country"], row["locale"]).slug,
        language=row["language"] or language_of(row["locale"]),
        n=row["n"],
    )


def language_of(locale: str | None) -> str:
    """The language of a declared locale."""
    return locale.partition("-")[0].lower() if locale else UNKNOWN


def pooled(counted: Iterable[Cell], by: By = "all", *, first: int = 0, last: int = 0) -> dict[str, Tally]:
    """One tally per group over the weeks from `first` to `last` weeks ago."""
    groups: dict[str, Tally] = {}
    for cell in counted:
        if first <= cell.weeks_ago <= last:
            group = cell.group(by)
            if group not in groups:
                groups[group] = Tally()
            groups[group].add(cell)
    return groups


async def first_response_at(zone: ZoneInfo, within: Within | None = None) -> Week | None:
    """The week of the earliest response, None without any."""
    where, values = (f" WHERE 1 = 1{within.condition()}", within.values) if within else ("", [])
    rows = await query(f"SELECT MIN(r.submitted_at) AS first FROM response r{where}", *values)  # noqa: S608 - our own texts only
    first = rows[0]["first"]
    if first is None:
        return None
    return Week.containing(as_instant(first), zone)
