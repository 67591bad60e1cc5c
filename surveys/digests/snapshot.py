"""What an edition is made from, read once and never changed: counts by week, in memory, as columns of small numbers.

The same snapshot gives the same figures. Nothing here reads a database (surveys/digests/gather.py does) or decides.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from surveys.digests.tally import SCORED, UNKNOWN, Scored, Tally
from surveys.places import region
from surveys.suppression import suppressed_metric
from surveys.tallies import BandCounts
from surveys.weeks import Week

if TYPE_CHECKING:
    from surveys.digests.decided import Decided

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Level = Literal["all", "continent", "region", "country", "culture", "language", "touchpoint", "segment"]

LEVELS: Final[tuple[Level, ...]] = (
    "all", "continent", "region", "country", "culture", "language", "touchpoint", "segment",
)  # fmt: skip
METRICS: Final = (*SCORED, "exit")
# The week itself and the 26 before it.
WEEKS: Final = 27
PLACES: Final[Mapping[Level, str]] = {"continent": "region_code", "region": "leaf_code"}


@dataclass(frozen=True)
class Column:
    """One value a row, as numbers into a list of values."""

    codes: Ints
    values: tuple[str, ...]

    def where(self, rows: Ints) -> "Column":
        """The same of fewer rows, by their numbers."""
        return Column(self.codes[rows], self.values)


@dataclass(frozen=True)
class Counts:
    """Rows that were counted: in which week (so many ago), with which values, how many."""

    week: Ints
    n: Ints
    columns: Mapping[str, Column]
    bins: int = WEEKS

    def where(self, kept: Flags) -> "Counts":
        """Some of the rows."""
        # Numbers of rows take fewer rows sooner than flags do.
        rows = np.flatnonzero(kept)
        columns = {name: column.where(rows) for name, column in self.columns.items()}
        return Counts(self.week[rows], self.n[rows], columns, self.bins)

    def within(self, first: int, last: int) -> "Counts":
        """The rows of a run of weeks."""
        return self.where((self.week >= first) & (self.week <= last))

    def of(self, name: str, value: str) -> Flags:
        """Which rows have a value; a level's name will do."""
        column = self.column(name)
        if value not in column.values:
            return np.zeros(len(self.n), np.bool_)
        found: Flags = column.codes == column.values.index(value)
        return found

    def column(self, name: str) -> Column:
        """A column, or the groups of a level."""
        return self.columns.get(name) or self._levels[name]

    @cached_property
    def _levels(self) -> Mapping[str, Column]:
        country = self.columns["country"]
        made = {"all": Column(np.zeros(len(self.n), np.int64), ("all",))}
        for level, attribute in PLACES.items():
            values, numbers = _places(country.values, attribute)
            made[level] = Column(numbers[country.codes], values)
        return made

    def table(self, *names: str, kept: Flags | None = None) -> NDArray[np.int64]:
        """How many there are for each combination of values and week: one axis a column, weeks last."""
        columns = [self.column(name) for name in names]
        rows: Any = slice(None) if kept is None else kept
        shape = [len(column.values) for column in columns] + [self.bins]
        at = np.ravel_multi_index([*(column.codes[rows] for column in columns), self.week[rows]], shape)
        summed = np.bincount(at, weights=self.n[rows], minlength=int(np.prod(shape)))
        return summed.astype(np.int64).reshape(shape)


@lru_cache(maxsize=64)
def _places(countries: tuple[str, ...], attribute: str) -> tuple[tuple[str, ...], Ints]:
    """The places that countries are in, and the number of each country's; many tables have the same countries."""
    of_country = [_place(code, attribute) for code in countries]
    values = tuple(sorted(set(of_country)))
    return values, np.array([values.index(value) for value in of_country], np.int64)


def _place(country: str, attribute: str) -> str:
    found = region(country)
    return getattr(found, attribute) if found else UNKNOWN


def column(said: Sequence[str], *, fixed: Sequence[str] = ()) -> Column:
    """A column out of what its rows say; `fixed` are values that it has even where no row says so."""
    values = tuple(sorted(set(said) | set(fixed)))
    number = {value: place for place, value in enumerate(values)}
    return Column(np.array([number[value] for value in said], np.int64), values)


@dataclass(frozen=True)
class Windows:
    """What an edition compares: so many weeks together, with so many before, of which there must be at least some."""

    span: int = 1
    tiles: int = 8
    long: int = 26
    least: int = 4
    # From how many earlier weeks it is learnt how much weeks vary; those compared with, unless there are more.
    scatter: int | None = None
    # Two periods are compared with each other alone.
    is_pair: bool = False

    def before(self, history: int, wanted: int) -> int:
        """How many weeks there are to compare with: all that exist up to `wanted`, none below the least."""
        weeks = min(history, wanted)
        return weeks if weeks >= self.least else 0


@dataclass(frozen=True)
class Apart:
    """What other editions would tell if it were shown here: groups, and metrics of groups, by level."""

    groups: Mapping[Level, frozenset[str]] = field(default_factory=dict)
    metrics: Mapping[tuple[Level, str], frozenset[str]] = field(default_factory=dict)
    # Themes of groups; weeks of groups that are in no past; how many weeks back a metric may be looked at.
    themes: frozenset[tuple[Level, str, str]] = frozenset()
    # Themes of groups and of everybody, and pain points of everybody, whose weeks before are not told.
    pasts: frozenset[tuple[Level, str, str]] = frozenset()
    weeks: Mapping[Level, Flags] = field(default_factory=dict)
    metric_weeks: Mapping[str, int] = field(default_factory=dict)
    # Themes of which it is not told how many who complain gave a low score.
    low: frozenset[str] = frozenset()
    # The score of groups, where another than the first that is told of all.
    scored: Scored | None = None


@dataclass(frozen=True)
class Snapshot:
    """Everything an edition tells, before it is judged.

    `answers` have the columns metric, score, reason and `complaints` theme, pain, band (one person once per theme and week),
    both also instrument, form, country, culture, language, touchpoint and segment. `nps` are this week's answers by theme.
    """

    week: Week
    zone: str
    k: int
    over: bool
    history: int
    answers: Counts
    complaints: Counts
    nps: Mapping[str, BandCounts] = field(default_factory=dict)
    decided: "Decided | None" = None
    windows: Windows = field(default_factory=Windows)
    apart: Apart = field(default_factory=Apart)
    theme: str | None = None

    @cached_property
    def scored(self) -> Scored:
        """The one score that tables of groups tell."""
        gone = {metric for metric in SCORED if self.apart.metrics.get(("all", metric))}
        if self.apart.scored:
            return self.apart.scored
        return next(iter(scores_given(self.answers.within(0, 0), self.k, gone)), "nps")

    @property
    def weeks_before(self) -> int:
        """How many weeks tiles and themes are compared with; none where so few answered in all that they would be told."""
        weeks = self.windows.before(self.history, self.windows.tiles)
        few = suppressed_metric(int(self.answers.within(1, weeks).n.sum()), self.k)
        return 0 if few else weeks

    @property
    def just_before(self) -> int:
        """The week before, or as many weeks as are told of; none where there are not so many."""
        span = self.windows.span
        return span if self.history >= span and not self.windows.is_pair else 0

    @property
    def just_before_named(self) -> str:
        """What that is called in a change."""
        if self.windows.is_pair:
            return "nothing"
        return "last_week" if self.windows.span == 1 else "period_before"

    def tallies(self, level: Level = "all", *, first: int = 0, last: int = 0) -> dict[str, Tally]:
        """One tally per group over a run of weeks."""
        return tallies(self.answers, level, first, last)


def scores_given(now: Counts, k: int, hidden: Collection[str]) -> list[Scored]:
    """The scores that enough people gave in a week, but those hidden: NPS first, then CSAT, then CES."""
    given = {metric: int(now.n[now.of("metric", metric) & ~now.of("score", "")].sum()) for metric in SCORED}
    return [
        metric for metric, n in given.items() if n and not suppressed_metric(n, k) and metric not in hidden
    ]


def tallies(answers: Counts, level: Level, first: int, last: int) -> dict[str, Tally]:
    """One tally per group over a run of weeks; those who gave no touchpoint or segment are in no group of it."""
    columns = [answers.column(name) for name in (level, "metric", "score", "reason")]
    kept = (answers.week >= first) & (answers.week <= last)
    shape = [len(column.values) for column in columns]
    at = np.ravel_multi_index([column.codes[kept] for column in columns], shape)
    summed = np.bincount(at, weights=answers.n[kept], minlength=int(np.prod(shape)))
    found: dict[str, Tally] = {}
    for place in np.flatnonzero(summed):
        codes = np.unravel_index(place, shape)
        group, metric, score, reason = (
            column.values[code] for column, code in zip(columns, codes, strict=True)
        )
        if not group:
            continue
        n, tally = int(summed[place]), found.setdefault(group, Tally())
        tally.responses += n
        if metric == "exit" and reason:
            tally.exit[reason] += n
        elif metric != "exit" and score:
            _scores(tally, metric)[int(score)] += n
    return found


def _scores(tally: Tally, metric: str) -> Counter[int]:
    counted: Counter[int] = getattr(tally, metric)
    return counted
