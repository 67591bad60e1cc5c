"""Answers counted in the database: a few grouped queries, never a row per answer.

The unit is the response, partial or complete, in the ISO week of its `submitted_at` by the organisation's zone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from surveys.db import is_sqlite, query
from surveys.places import culture, region
from surveys.questionnaires.models import Survey
from surveys.scores import band_counts
from surveys.tallies import BandCounts
from surveys.weeks import Week

By = Literal["all", "continent", "region", "country", "culture", "language"]
Scored = Literal["nps", "csat", "ces"]

# Where the declared locale decides between two culture clusters (surveys/places.py); elsewhere it is not grouped by.
LOCALE_DECIDES = "('BE', 'CA', 'CH', 'CY', 'LU')"
# Only a declared language separates groups: `zh-Hant` and `zh-Hans` are one.
UNKNOWN = "unknown"


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
        return sum(self.bands(metric).detractors for metric in ("nps", "csat", "ces"))

    def add(self, other: "Tally") -> None:
        """Pool another tally into this one."""
        self.responses += other.responses
        self.nps += other.nps
        self.csat += other.csat
        self.ces += other.ces
        self.exit += other.exit


@dataclass(frozen=True, slots=True)
class Cell:
    """Responses that share a week (0 is the latest, 1 the one before), country, culture and language."""

    weeks_ago: int
    country: str | None
    culture: str
    language: str
    tally: Tally

    def group(self, by: By) -> str:
        """The group this cell falls into."""
        place = region(self.country)
        groups: dict[By, str] = {
            "all": "all",
            "continent": place.region_code if place else UNKNOWN,
            "region": place.leaf_code if place else UNKNOWN,
            "country": self.country or UNKNOWN,
            "culture": self.culture,
            "language": self.language,
        }
        return groups[by]


@dataclass(frozen=True, slots=True)
class Window:
    """The weeks that an edition looks at: the latest and so many before it, in a zone."""

    week: Week
    before: int
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """Where the earliest week begins."""
        return self.week.previous(self.before).bounds(self.zone)[0]

    @property
    def end(self) -> datetime:
        """Where the latest week ends."""
        return self.week.bounds(self.zone)[1]

    def weeks_ago(self, column: str) -> tuple[str, list[Any]]:
        """SQL that numbers the weeks back from the latest, with its values in order."""
        if self.before == 0:
            return "0", []
        starts = [self.week.previous(ago).bounds(self.zone)[0] for ago in range(self.before)]
        whens = " ".join(f"WHEN {column} >= {{}} THEN {ago}" for ago in range(self.before))
        return f"CASE {whens} ELSE {self.before} END", [sql_instant(start) for start in starts]


def sql_instant(instant: datetime) -> datetime | str:
    """An instant as raw SQL compares it: SQLite keeps instants as texts in UTC."""
    return instant.isoformat(" ") if is_sqlite() else instant


async def cells(window: Window, *, by_language: bool = False) -> list[Cell]:
    """Every response of the window, counted by week, country, culture, score.

    With `by_language` also by language: the language found in the comment (`und` and `mixed` as they are), else that
    of the declared locale, else `unknown`.
    """
    ago, values = window.weeks_ago("r.submitted_at")
    locale = "r.locale" if by_language else f"CASE WHEN r.country IN {LOCALE_DECIDES} THEN r.locale END"
    found = "v.language" if by_language else "NULL"
    join = "LEFT JOIN verbatim v ON v.response_id = r.id" if by_language else ""
    rows = await query(
        f"SELECT weeks_ago, survey_id, score, exit_reason, country, locale, language, COUNT(*) AS n FROM "  # noqa: S608 - our own texts only
        f"(SELECT {ago} AS weeks_ago, r.survey_id, r.score, r.exit_reason, r.country, {locale} AS locale, "
        f"{found} AS language FROM response r {join} WHERE r.submitted_at >= {{}} AND r.submitted_at < {{}}) answer "
        f"GROUP BY weeks_ago, survey_id, score, exit_reason, country, locale, language",
        *values,
        sql_instant(window.start),
        sql_instant(window.end),
    )
    metrics = {survey.id: survey.metric.value for survey in await Survey.all().only("id", "metric")}
    return [_cell(row, metrics[row["survey_id"]]) for row in rows]


def _cell(row: Mapping[str, Any], metric: str) -> Cell:
    n = int(row["n"])
    tally = Tally(responses=n)
    if metric == "exit":
        if row["exit_reason"] is not None:
            tally.exit[row["exit_reason"]] = n
    elif row["score"] is not None:
        getattr(tally, metric)[int(row["score"])] = n
    return Cell(
        int(row["weeks_ago"]),
        row["country"],
        culture(row["country"], row["locale"]).slug,
        row["language"] or _language_of(row["locale"]),
        tally,
    )


def _language_of(locale: str | None) -> str:
    return locale.partition("-")[0].lower() if locale else UNKNOWN


def pooled(
    counted: Iterable[Cell], by: By = "all", *, weeks: Callable[[int], bool] = lambda ago: ago == 0
) -> dict[str, Tally]:
    """One tally per group over the weeks that `weeks` says yes to."""
    groups: dict[str, Tally] = {}
    for cell in counted:
        if weeks(cell.weeks_ago):
            groups.setdefault(cell.group(by), Tally()).add(cell.tally)
    return groups


async def first_response_at(zone: ZoneInfo) -> Week | None:
    """The week of the earliest response, None without any."""
    rows = await query("SELECT MIN(submitted_at) AS first FROM response")
    first = rows[0]["first"]
    if first is None:
        return None
    instant = datetime.fromisoformat(first) if isinstance(first, str) else first
    return Week.containing(instant, zone)
