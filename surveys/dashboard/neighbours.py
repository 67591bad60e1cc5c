"""What a filtered view hides so that it, less another view or the unfiltered one, tells no few people apart.

Views are sums over a cube with an axis for each filter in use and one for the groups of a table; an axis holds the total
first. Along each line of the cube the parts add up to its total, so that a hidden part needs company: two or more, and k
answers together, the smallest that help; where there is none, the total is hidden, and with a total its parts. What one
table hides for company is hidden in every table that has it. Said of the answers of one week, of all of them and of those
alone whose score the tables tell.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from surveys.digests.company import closed_each, few, with_totals
from surveys.digests.snapshot import METRICS, Apart, Column, Counts, Flags, Ints, Level, scores_given
from surveys.digests.tally import SCORED, Scored

Groups = Mapping[Any, frozenset[str]]
GROUPED: Final[tuple[Level, ...]] = (
    "continent", "region", "country", "culture", "language", "touchpoint", "segment",
)  # fmt: skip
UNFILTERED: Final[tuple[Level, ...]] = ("continent", "country", "culture")
# Larger cubes are not looked through while somebody waits; such a view is hidden.
MOST_CELLS: Final = 100_000


@dataclass(frozen=True)
class Hidden:
    """What of a filtered view may not be shown: all of it; by level groups, their score, their score before; metrics of everybody.

    And reasons for leaving, which of them not one by one, and of which not what was before.
    """

    everything: bool = False
    groups: Mapping[Level, frozenset[str]] = field(default_factory=dict)
    # The one score that the view's tables tell; none where nothing is filtered.
    metric: Scored | None = None
    scores: Mapping[Level, frozenset[str]] = field(default_factory=dict)
    pasts: Mapping[Level, frozenset[str]] = field(default_factory=dict)
    metrics: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    reason_pasts: frozenset[str] = frozenset()


def hidden_beside(
    answers: Counts, filters: Mapping[str, str], hidden: Groups, k: int, apart: Apart | None = None
) -> Hidden:
    """What a view hides, given a week's answers unfiltered, its filters, and what the unfiltered view hides.

    That is groups, and in `apart` what it does not tell of metrics and reasons.
    """
    if not filters:
        return Hidden()
    now = answers.within(0, 0)
    by_metric = {metric: now.where(now.of("metric", metric)) for metric in METRICS}
    if views_hidden(now, "all", filters, {"all": hidden}, k)[0]:
        return Hidden(everything=True)
    apart = apart or Apart()
    # Of the score that the unfiltered tables tell, every view hides what those do, whichever score its own tables tell.
    unfiltered: Scored = next(iter(scores_given(now, k, ())), "nps")
    alike: dict[str, Groups] = {unfiltered: _untold(hidden, apart, unfiltered)}
    metrics = {
        metric
        for metric, counted in by_metric.items()
        if len(counted.n) and views_hidden(counted, "all", filters, {"all": alike.get(metric, {})}, k)[0]
    }
    # A score that is hidden leaves its place to the next; which of two hidden ones few gave, nobody shall see.
    for told in [*scores_given(within(now, filters), k, metrics), None]:
        groups, scores = _tables_hidden(now, filters, told or "nps", alike | {"all": hidden}, k)
        if any(gone is None for gone in groups.values()):
            return Hidden(everything=True)
        if told is None or all(gone is not None for gone in scores.values()):
            break
        metrics.add(told)
    reasons = reasons_hidden(now, filters, apart.metrics.get(("all", "reason"), frozenset()), k)
    if reasons is None:
        metrics.add("exit")
    return Hidden(
        groups={level: gone or frozenset() for level, gone in groups.items()},
        metric=told or "nps",
        scores={level: gone or frozenset() for level, gone in scores.items()},
        metrics=frozenset(metrics),
        reasons=reasons or frozenset(),
    )


def _tables_hidden(
    now: Counts, filters: Mapping[str, str], told: Scored, alike: Mapping[str, Groups], k: int
) -> tuple[dict[Level, frozenset[str] | None], dict[Level, frozenset[str] | None]]:
    """By level the groups that a view hides, and whose score; None for all of them."""
    both = _beside_score(now, told)
    groups, scores = dict[Level, frozenset[str] | None](), dict[Level, frozenset[str] | None]()
    for level in (level for level in GROUPED if level not in filters):
        groups[level], scores[level] = groups_hidden(both, "of", filters, level, alike, k)
    for table, level in ((table, level) for table in (groups, scores) for level in UNFILTERED):
        # No view is of these alone; where their table would tell, none of them is shown.
        table[level] = frozenset(now.column(level).values) if table[level] is None else table[level]
    return groups, scores


def _untold(hidden: Groups, apart: Apart, metric: Scored) -> Groups:
    """The groups of which the unfiltered view tells no such score: what it hides for company, every view hides."""
    return {
        level: hidden.get(level, frozenset()) | apart.metrics.get((level, metric), frozenset())
        for level in GROUPED
    }


def _beside_score(now: Counts, metric: Scored) -> Counts:
    """The rows of all answers, and once more those of a metric, told apart by `of`: looked through at once, which is quicker."""
    rows = np.concatenate([np.arange(len(now.n)), np.flatnonzero(now.of("metric", metric))])
    of = Column((np.arange(len(rows)) >= len(now.n)).astype(np.int64), ("all", metric))
    columns = {
        name: now.column(name).where(rows)
        for name in ("metric", *GROUPED, *({"survey"} & now.columns.keys()))
    }
    return Counts(now.week[rows], now.n[rows], {**columns, "of": of})


def reasons_hidden(
    now: Counts, filters: Mapping[str, str], hidden: frozenset[str], k: int
) -> frozenset[str] | None:
    """The reasons for leaving that a view tells only together, given those of the unfiltered view; None for all."""
    return groups_hidden(_leaving(now, filters), "all", filters, "reason", {"all": {"reason": hidden}}, k)[0]


def reason_pasts_hidden(answers: Counts, filters: Mapping[str, str], weeks: int, k: int) -> frozenset[str]:
    """The reasons of which some week before would tell few people apart."""
    left = _week_by_week(_leaving(answers, filters), weeks)
    by_week = groups_hidden(left, "ago", filters, "reason", {}, k)
    reasons = frozenset(left.column("reason").values)
    return frozenset().union(*(reasons if gone is None else gone for gone in by_week))


def _week_by_week(answers: Counts, weeks: int) -> Counts:
    """The rows of so many weeks before, told apart by `ago`."""
    past = answers.within(1, weeks)
    ago = Column(past.week - 1, tuple(map(str, range(1, weeks + 1))))
    return replace(past, columns={**past.columns, "ago": ago})


def _leaving(answers: Counts, filters: Mapping[str, str]) -> Counts:
    """Who gave a reason for leaving, with the columns that views of them need."""
    left = answers.where(answers.of("metric", "exit") & ~answers.of("reason", ""))
    return replace(left, columns={name: left.column(name) for name in ("all", "metric", "reason", *filters)})


def weeks_shown(answers: Counts, filters: Mapping[str, str], most: int, k: int) -> int:
    """How many weeks back a view may look: not into one in which it would tell few people apart."""
    narrow = replace(answers, columns={name: answers.column(name) for name in ("all", "metric", *filters)})
    hidden = views_hidden(_week_by_week(narrow, most), "ago", filters, {}, k)
    return int(hidden.argmax()) if hidden.any() else most


def metric_weeks_shown(answers: Counts, filters: Mapping[str, str], most: int, k: int) -> Mapping[str, int]:
    """The same of the answers to each question by themselves."""
    return {
        metric: weeks_shown(answers.where(answers.of("metric", metric)), filters, most, k)
        for metric in SCORED
    }


def pasts_hidden(
    answers: Counts, filters: Mapping[str, str], metric: Scored, weeks: int, k: int
) -> Mapping[Level, frozenset[str]]:
    """Groups whose score of so many weeks before is not told: the same group without one of the filters has 1 to k - 1 more."""
    past = answers.within(1, weeks)
    past = past.where(past.of("metric", metric))
    found: dict[Level, frozenset[str]] = {}
    for level in (level for level in GROUPED if level not in filters):
        here = within(past, filters).table(level).sum(-1)
        others = (other.table(level).sum(-1) for other in beside(past, filters))
        few = [(more > here) & (more < here + k) for more in others]
        values = past.column(level).values
        found[level] = frozenset(values[at] for at in np.flatnonzero(np.any(few, axis=0)))
    return found


def within(answers: Counts, filters: Mapping[str, str]) -> Counts:
    """The rows that filters let through."""
    kept = np.ones(len(answers.n), np.bool_)
    for name, value in filters.items():
        kept &= answers.of(name, value)
    return answers.where(kept)


def beside(answers: Counts, filters: Mapping[str, str]) -> list[Counts]:
    """The rows that all filters but one let through, for each."""
    return [within(answers, {n: v for n, v in filters.items() if n != name}) for name in filters]


def views_hidden(
    now: Counts, by: str, filters: Mapping[str, str], hidden: Mapping[str, Groups], k: int
) -> Flags:
    """Whether a view is hidden whole, of the rows of each value of a column by themselves.

    Given a week's rows unfiltered and, by value, the groups that the unfiltered view hides of them.
    """
    names = _axes(now, filters)
    cubes = _closed(now, by, names, hidden, k)
    if cubes is None:
        return np.ones(len(now.column(by).values), np.bool_)
    at: Any = (slice(None), *_at(now, names, filters))
    whole: Flags = cubes[at]
    return whole


def groups_hidden(
    now: Counts, by: str, filters: Mapping[str, str], level: str, hidden: Mapping[str, Groups], k: int
) -> list[frozenset[str] | None]:
    """The groups of a level that a view hides, of the rows of each value of a column by themselves; None for all of it."""
    names, values = _axes(now, [*filters, level]), now.column(level).values
    cubes = _closed(now, by, names, hidden, k)
    if cubes is None:
        return [None for _value in now.column(by).values]
    at: Any = (slice(None), *_at(now, [name for name in names if name != level], filters))
    rows = np.moveaxis(cubes, names.index(level) + 1, -1)[at]
    return [None if row[0] else frozenset(values[place] for place in np.flatnonzero(row[1:])) for row in rows]


def _axes(now: Counts, names: Iterable[str]) -> list[str]:
    """In one order whichever view asks: tables that have a cell in common hide alike.

    Surveys come with the metric of their answers: of two surveys of one metric, one less the tile of both is the other.
    """
    wanted = set(names)
    return sorted(wanted | ({"metric"} & now.columns.keys()) if "survey" in wanted else wanted)


def _at(now: Counts, names: Iterable[str], filters: Mapping[str, str]) -> tuple[int, ...]:
    """Where a view stands in a cube: at its filters' values, at the total of any other axis."""
    return tuple(_place(now, name, filters[name]) if name in filters else 0 for name in names)


def _place(now: Counts, name: str, value: str) -> int:
    values = now.column(name).values
    # Nobody has the value: nobody can be told apart, as nobody can in an empty week.
    return values.index(value) + 1 if value in values else 0


def _closed(now: Counts, by: str, names: list[str], hidden: Mapping[str, Groups], k: int) -> Flags | None:
    """Which cells are hidden, of a cube for each value of a column; None where a cube is too large to say."""
    columns = [now.column(name) for name in (by, *names)]
    shape = [len(column.values) for column in columns]
    cells = int(np.prod([size + 1 for size in shape[1:]]))
    if cells > MOST_CELLS:
        return None
    at = (
        np.ravel_multi_index([column.codes for column in columns], shape)
        if len(now.n)
        else np.zeros(0, np.int64)
    )
    counted = np.bincount(at, weights=now.n, minlength=int(np.prod(shape))).astype(np.int64).reshape(shape)
    counted = with_totals(counted, 1)
    gone = few(counted, k)
    for cube, n, value in zip(gone, counted, columns[0].values, strict=True):
        _hide_groups(cube, n, names, columns[1:], hidden.get(value, {}))
    at_once = MOST_CELLS // cells
    for first in range(0, len(gone), at_once):
        closed_each(counted[first : first + at_once], gone[first : first + at_once], k)
    return gone


def _hide_groups(
    cube: Flags, n: Ints, names: Sequence[str], columns: Sequence[Column], hidden: Groups
) -> None:
    """Hide groups, with all their parts, in place: before company is looked for, which they are, too."""
    for axis, (name, column) in enumerate(zip(names, columns, strict=True)):
        for place in (place for place, value in enumerate(column.values, 1) if value in hidden.get(name, ())):
            group: Any = (slice(None),) * axis + (place,)
            cube[group] |= n[group] > 0
            # That nobody is in it may tell, too.
            cube[tuple(place if each == axis else 0 for each in range(cube.ndim))] = True
