"""What a filtered view hides so that it, less another view or the unfiltered one, tells no few people apart.

Views are sums over a cube with an axis for each filter in use and one for the groups of a table; an axis holds the total
first. Along each line of the cube the parts add up to its total, so that a hidden part needs company: two or more, and k
answers together, the smallest that help; where there is none, the total is hidden, and with a total its parts. What one
table hides for company is hidden in every table that has it. Said of the answers of one week, of all of them and of the NPS
answers alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from surveys.digests.company import closed, with_totals
from surveys.digests.snapshot import METRICS, Counts, Flags, Ints, Level
from surveys.suppression import suppressed_metric

GROUPED: Final[tuple[Level, ...]] = (
    "continent", "region", "country", "culture", "language", "touchpoint", "segment",
)  # fmt: skip
UNFILTERED: Final[tuple[Level, ...]] = ("continent", "country", "culture")
# Larger cubes are not looked through while somebody waits; such a view is hidden.
MOST_CELLS: Final = 100_000


@dataclass(frozen=True)
class Hidden:
    """What of a filtered view may not be shown: all of it; by level groups, their NPS, their NPS before; metrics of everybody."""

    everything: bool = False
    groups: Mapping[Level, frozenset[str]] = field(default_factory=dict)
    nps: Mapping[Level, frozenset[str]] = field(default_factory=dict)
    pasts: Mapping[Level, frozenset[str]] = field(default_factory=dict)
    metrics: frozenset[str] = frozenset()


def hidden_beside(
    answers: Counts, filters: Mapping[str, str], hidden: Mapping[Level, frozenset[str]], k: int
) -> Hidden:
    """What a view hides, given a week's answers unfiltered, its filters, and what the unfiltered view hides."""
    if not filters:
        return Hidden()
    now = answers.within(0, 0)
    by_metric = {metric: now.where(now.of("metric", metric)) for metric in METRICS}
    everything = _all_hidden(now, filters, hidden, k)
    if everything:
        return Hidden(everything=True)
    levels = [level for level in GROUPED if level not in filters]
    groups = {level: _groups_hidden(now, filters, level, hidden, k) for level in levels}
    nps = {level: _groups_hidden(by_metric["nps"], filters, level, {}, k) for level in levels}
    for table, level in ((table, level) for table in (groups, nps) for level in UNFILTERED):
        # No view is of these alone; where their table would tell, none of them is shown.
        table[level] = frozenset(now.column(level).values) if table[level] is None else table[level]
    if any(gone is None for gone in groups.values()):
        return Hidden(everything=True)
    metrics = {
        metric
        for metric, counted in by_metric.items()
        if len(counted.n) and _all_hidden(counted, filters, {}, k)
    }
    if any(gone is None for gone in nps.values()):
        metrics.add("nps")
    return Hidden(
        groups={level: gone or frozenset() for level, gone in groups.items()},
        nps={level: gone or frozenset() for level, gone in nps.items()},
        metrics=frozenset(metrics),
    )


def weeks_shown(answers: Counts, filters: Mapping[str, str], most: int, k: int) -> int:
    """How many weeks back a view may look: not into one in which it, or a view beside it less it, holds 1 to k - 1."""
    shown = _by_week(answers, filters)
    beside = [_by_week(answers, {n: v for n, v in filters.items() if n != name}) - shown for name in filters]
    for ago in range(1, most + 1):
        if any(suppressed_metric(int(counted[ago]), k) for counted in (shown, *beside)):
            return ago - 1
    return most


def pasts_hidden(
    answers: Counts, filters: Mapping[str, str], weeks: int, k: int
) -> Mapping[Level, frozenset[str]]:
    """Groups whose NPS of so many weeks before is not told: the same group without one of the filters has 1 to k - 1 more."""
    past = answers.within(1, weeks)
    past = past.where(past.of("metric", "nps"))
    found: dict[Level, frozenset[str]] = {}
    for level in (level for level in GROUPED if level not in filters):
        here = within(past, filters).table(level).sum(-1)
        beside = [
            within(past, {n: v for n, v in filters.items() if n != name}).table(level).sum(-1)
            for name in filters
        ]
        few = [(more > here) & (more < here + k) for more in beside]
        values = past.column(level).values
        found[level] = frozenset(values[at] for at in np.flatnonzero(np.any(few, axis=0)))
    return found


def within(answers: Counts, filters: Mapping[str, str]) -> Counts:
    """The rows that filters let through."""
    kept = np.ones(len(answers.n), np.bool_)
    for name, value in filters.items():
        kept &= answers.of(name, value)
    return answers.where(kept)


def _by_week(answers: Counts, filters: Mapping[str, str]) -> Ints:
    by_week: Ints = within(answers, filters).table("all")[0]
    return by_week


def _all_hidden(now: Counts, filters: Mapping[str, str], hidden: Any, k: int) -> bool:
    names = _axes(filters)
    cube = _closed(now, names, hidden, k)
    return cube is None or bool(cube[_at(now, names, filters)])


def _groups_hidden(
    now: Counts, filters: Mapping[str, str], level: Level, hidden: Any, k: int
) -> frozenset[str] | None:
    """The groups of a level that a view hides; None for all of it."""
    names, values = _axes([*filters, level]), now.column(level).values
    cube = _closed(now, names, hidden, k)
    if cube is None:
        return None
    row = np.moveaxis(cube, names.index(level), -1)[_at(now, [n for n in names if n != level], filters)]
    return None if row[0] else frozenset(values[at] for at in np.flatnonzero(row[1:]))


def _axes(names: Iterable[str]) -> list[str]:
    """In one order whichever view asks: tables that have a cell in common hide alike.

    Surveys come with their metric: of two surveys of one metric, one less the tile of both is the other.
    """
    wanted = set(names)
    return sorted(wanted | {"metric"} if "survey" in wanted else wanted)


def _at(now: Counts, names: Iterable[str], filters: Mapping[str, str]) -> tuple[int, ...]:
    """Where a view stands in a cube: at its filters' values, at the total of any other axis."""
    return tuple(_place(now, name, filters[name]) if name in filters else 0 for name in names)


def _place(now: Counts, name: str, value: str) -> int:
    values = now.column(name).values
    # Nobody has the value: nobody can be told apart, as nobody can in an empty week.
    return values.index(value) + 1 if value in values else 0


def _closed(now: Counts, names: list[str], hidden: Mapping[str, frozenset[str]], k: int) -> Flags | None:
    """Which cells of the cube are hidden; None where it is too large to say."""
    columns = [now.column(name) for name in names]
    shape = [len(column.values) for column in columns]
    if int(np.prod([size + 1 for size in shape])) > MOST_CELLS:
        return None
    at = (
        np.ravel_multi_index([column.codes for column in columns], shape)
        if len(now.n)
        else np.zeros(0, np.int64)
    )
    counted = np.bincount(at, weights=now.n, minlength=int(np.prod(shape))).astype(np.int64).reshape(shape)
    counted = with_totals(counted)
    gone = (counted > 0) & (counted < k)
    for axis, (name, column) in enumerate(zip(names, columns, strict=True)):
        margin: list[Any] = [0] * len(shape)
        for place, value in enumerate(column.values, 1):
            margin[axis] = place
            gone[tuple(margin)] |= value in hidden.get(name, ())
    return closed(counted, gone, k)
