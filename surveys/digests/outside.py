"""What an edition of a scope hides, so that the edition of everybody, less it or less several such, tells no few people.

Decided on everybody's answers, whichever scope asks: in a cube with an axis for each kind of thing that a scope names
(regions, surveys, segments) and one for the groups of a table, parts are hidden and given company (company.py); what the
edition of everybody hides, all its parts hide. A scope of several values hides what one of them hides. Said of all answers
and of each metric; surveys have one metric each, so theirs are lines of that metric.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from surveys.digests.company import Axes, Cube, cube, few
from surveys.digests.over_weeks import ALL, part
from surveys.digests.snapshot import (
    LEVELS,
    METRICS,
    Apart,
    Column,
    Counts,
    Flags,
    Ints,
    Level,
    Snapshot,
    column,
)
from surveys.digests.tally import SCORED

ThemeCells = frozenset[tuple[Level, str, str]]


def with_surveys(counted: Counts) -> Counts:
    """The same with a column of the surveys' numbers."""
    instrument = counted.column("instrument")
    of = column([value.partition("/")[0] for value in instrument.values])
    return replace(
        counted, columns={**counted.columns, "survey": Column(of.codes[instrument.codes], of.values)}
    )


def inside(counted: Counts, axes: Axes) -> Flags:
    """The rows that a scope lets through."""
    kept = np.ones(len(counted.n), np.bool_)
    for name, values in axes.items():
        some = np.zeros(len(counted.n), np.bool_)
        for value in values:
            some |= counted.of(name, value)
        kept &= some
    return kept


class Beside:
    """A week of everybody, cut along the kinds of things that scopes name."""

    def __init__(self, whole: Snapshot, kinds: tuple[str, ...]) -> None:
        self.whole, self.k, self.kinds = whole, whole.k, tuple(sorted(kinds))
        self.now = with_surveys(whole.answers.within(0, 0))

    @cached_property
    def _told(self) -> Mapping[tuple[Level, str], frozenset[str]]:
        """What the edition of everybody hides, by level and metric."""
        return {
            key: frozenset(name for name, (_n, is_hidden) in cells.items() if is_hidden)
            for key, cells in part(self.whole, across=False).cells.items()
        }

    def _cube(self, now: Counts, names: tuple[str, ...], metric: str) -> Cube | None:
        wanted = [level for level in LEVELS if level in names]
        return cube(
            now, names, {level: self._told.get((level, metric), frozenset()) for level in wanted}, self.k
        )

    def _metric(self, metric: str, *, answered: bool = True) -> Counts:
        rows = self.now.of("metric", metric)
        return self.now.where(
            rows & ~self.now.of("reason" if metric == "exit" else "score", "") if answered else rows
        )

    def cubes(self, names: tuple[str, ...], metric: str) -> Cube | None:
        """The cube of a metric, or of all answers; surveys stand in lines of their own metric, hidden where each hides."""
        if metric != ALL:
            return self._cube(self._metric(metric), names, metric)
        if "survey" not in names:
            return self._cube(self.now, names, ALL)
        found = [self._cube(self._metric(each, answered=False), names, each) for each in METRICS]
        if any(each is None for each in found):
            return None
        some = [each for each in found if each is not None]
        shown = np.logical_or.reduce([(each.n > 0) & ~each.gone for each in some])
        n: Ints = np.sum([each.n for each in some], axis=0)
        return replace(some[0], n=n, gone=(n > 0) & ~shown)

    def _hidden(self, axes: Axes, level: Level | None, metric: str) -> frozenset[str]:
        names = self.kinds if level is None or level in axes else (*self.kinds, level)
        found = self.cubes(names, metric)
        if found is None:
            return frozenset(self.now.column(level or "all").values)
        return found.hidden(axes, level)

    def _few_left(self, axes: Axes) -> dict[Level, frozenset[str]]:
        """The groups of which a scope of surveys leaves a few: those who answered other metrics stand in no line of these."""
        if "survey" not in axes:
            return {}
        mine, *around = (self.now.where(inside(self.now, each)) for each in (axes, *_wider(self.now, axes)))
        found: dict[Level, frozenset[str]] = {}
        for level in LEVELS[1:]:
            own = mine.table(level)[:, 0]
            left = np.any([few(each.table(level)[:, 0] - own, self.k) for each in around], axis=0)
            # A group that is the whole scope is told by its tiles.
            some = np.flatnonzero(left & (own > 0) & (own < own.sum()))
            found[level] = frozenset(self.now.column(level).values[at] for at in some)
        return found

    def kept(self, axes: Axes) -> tuple[Axes, bool]:
        """A scope less the values that are hidden themselves; and whether something is left of it, with no combination hidden."""
        left: dict[str, tuple[str, ...]] = {}
        for name, values in axes.items():
            found = self.cubes((name,), ALL)
            gone = found.hidden({name: values}, name) if found else frozenset(values)
            left[name] = tuple(value for value in values if value not in gone)
        return left, all(left.values()) and not self.hides_everybody(left)

    def hides_everybody(self, axes: Axes, metric: str = ALL) -> bool:
        """Whether a scope may tell nothing, or nothing of a metric."""
        return bool(self._hidden(axes, None, metric))

    def apart(self, axes: Axes) -> Apart:
        """The groups, and metrics of groups, that a scope hides."""
        groups: dict[Level, frozenset[str]] = {}
        metrics: dict[tuple[Level, str], frozenset[str]] = {}
        few_left = self._few_left(axes)
        for level in LEVELS:
            of = None if level == "all" else level
            groups[level] = self._hidden(axes, of, ALL) | few_left.get(level, frozenset())
            for metric in METRICS:
                metrics[level, metric] = self._hidden(axes, of, metric)
        return Apart(groups, metrics)


def nobody(whole: Snapshot) -> Snapshot:
    """An edition that tells nothing but that it is hidden."""
    none = np.zeros(len(whole.answers.n), np.bool_), np.zeros(len(whole.complaints.n), np.bool_)
    hidden = Apart({"all": frozenset({"all"})}, {("all", metric): frozenset({"all"}) for metric in METRICS})
    return replace(
        whole, answers=whole.answers.where(none[0]), complaints=whole.complaints.where(none[1]),
        nps={}, decided=None, history=0, apart=hidden,
    )  # fmt: skip


def narrowed(whole: Snapshot, axes: Axes, history: int) -> Snapshot:
    """What is counted for a scope: of everybody's counts its rows, as far back as it may look, and what it hides.

    `axes` as `Beside.kept` leaves them; `history` as long as the scope has answers.
    """
    answers, complaints = with_surveys(whole.answers), with_surveys(whole.complaints)
    mine = answers.where(inside(answers, axes))
    beside = Beside(whole, tuple(axes))
    back, weeks = _back(whole, axes, min(history, whole.history))
    apart = beside.apart(axes)
    small = {level: _small_rest(answers, mine, level, whole.k) for level in LEVELS[1:]}
    words, themes, pasts = _themes(complaints, axes, whole.k)
    return replace(
        whole,
        history=back,
        answers=mine,
        complaints=words,
        apart=replace(
            apart,
            weeks=small,
            metric_weeks=weeks,
            themes=themes,
            pasts=pasts,
            low=_low_scores(complaints.within(0, 0), axes, whole.k),
        ),
    )


def _back(whole: Snapshot, axes: Axes, history: int) -> tuple[int, Mapping[str, int]]:
    """How many weeks a scope may look back at all, and for each metric: to the first in which it was hidden."""
    weeks: dict[str, int] = {}
    most = min(history, whole.answers.bins - 1)
    for ago in range(1, most + 1):
        at = whole.answers.within(ago, ago)
        then = replace(whole, answers=replace(at, week=at.week - ago), apart=Apart())
        beside = Beside(then, tuple(axes))
        if beside.hides_everybody(axes):
            return ago - 1, {metric: min(weeks.get(metric, ago - 1), ago - 1) for metric in METRICS}
        for metric in METRICS:
            if metric not in weeks and beside.hides_everybody(axes, metric):
                weeks[metric] = ago - 1
    return history, weeks


def _small_rest(answers: Counts, mine: Counts, level: Level, k: int) -> Flags:
    """By group and week, whether few are outside the scope, of all answers or of those to one question."""
    small: Flags = few(answers.table(level) - mine.table(level), k)
    for metric in SCORED:
        every, own = (each.table(level, kept=each.of("metric", metric)) for each in (answers, mine))
        small |= few(every - own, k)
    return small


def _themes(complaints: Counts, axes: Axes, k: int) -> tuple[Counts, ThemeCells, ThemeCells]:
    """The complaints of a scope without the themes, and pain points, that it hides; the themes of groups it hides, now and before."""
    now, mine = complaints.within(0, 0), complaints.where(inside(complaints, axes))
    gone = np.isin(mine.column("theme").codes, _hidden_codes(now, axes, "theme", k))
    mine = mine.where(~gone)
    pains = complaints.column("pain").values
    mine = without_pains(mine, {pains[at] for at in _hidden_codes(now, axes, "pain", k)})
    here = [
        (level, *_few_of_groups(complaints, axes, "theme", level, k), complaints.column("theme").values)
        for level in LEVELS
    ]
    here.append(
        ("all", *_few_of_groups(complaints, axes, "pain", "all", k), complaints.column("pain").values)
    )
    now_gone = {
        (level, groups[group], values[at])
        for level, groups, small, values in here
        if level != "all"
        for at, group in np.argwhere(small[..., 0])
    }
    past_gone = {
        (level, groups[group], values[at])
        for level, groups, small, values in here
        for at, group in np.argwhere(small[..., 1:].any(-1))
    }
    return mine, frozenset(now_gone), frozenset(past_gone)


def without_pains(complaints: Counts, gone: Collection[str]) -> Counts:
    """The same complaints, with those about some pain points about none."""
    pain = complaints.column("pain")
    values = pain.values if "" in pain.values else (*pain.values, "")
    hidden = [at for at, value in enumerate(values) if value in gone]
    codes = np.where(np.isin(pain.codes, hidden), values.index(""), pain.codes)
    return replace(complaints, columns={**complaints.columns, "pain": Column(codes, values)})


def _few_of_groups(
    complaints: Counts, axes: Axes, name: str, level: Level, k: int
) -> tuple[tuple[str, ...], Flags]:
    """Groups, and by theme (or pain point), group and week whether one value of the scope, or a wider scope less this one, holds few."""
    mine = complaints.where(inside(complaints, axes))
    own, parts = mine.table(name, level), mine.table(name, level, *axes)
    small: Flags = np.asarray(few(parts, k).any(tuple(range(2, parts.ndim - 1))), np.bool_)
    for wider in _wider(complaints, axes):
        small |= few(complaints.where(inside(complaints, wider)).table(name, level) - own, k)
    return complaints.column(level).values, small


def _low_scores(now: Counts, axes: Axes, k: int) -> frozenset[str]:
    """Themes of which a value of the scope, or a wider scope less this one, holds few who gave a low score, or few others."""
    bands = now.column("band").values
    if "detractor" not in bands:
        return frozenset()

    def sides(counted: Counts, *names: str) -> Ints:
        table = counted.table("theme", "band", *names)[..., 0]
        low = table[:, bands.index("detractor")]
        return np.stack([low, table.sum(axis=1) - low])

    mine = now.where(inside(now, axes))
    parts = few(sides(mine, *axes), k)
    small = parts.any(axis=(0, *range(2, parts.ndim)))
    for wider in _wider(now, axes):
        small |= few(sides(now.where(inside(now, wider))) - sides(mine), k).any(axis=0)
    themes = now.column("theme").values
    return frozenset(themes[at] for at in np.flatnonzero(small))


def _wider(now: Counts, axes: Axes) -> list[Axes]:
    """Scopes that this one lies in: with some of its kinds alone, and of the continents that its regions are in."""
    found: list[Axes] = [{}]
    for name, chosen in axes.items():
        found += [{**each, name: chosen} for each in found]
    if "region" in axes:
        of = dict(zip(now.column("region").codes, now.column("continent").codes, strict=True))
        codes, names = now.column("region").values, now.column("continent").values
        around = tuple(
            {names[of[at]] for at, code in enumerate(codes) if at in of and code in axes["region"]}
        )
        rest = {name: chosen for name, chosen in axes.items() if name != "region"}
        found += [{**each, "continent": around} for each in found if set(each) <= set(rest)]
    return found


def _hidden_codes(now: Counts, axes: Axes, name: str, k: int) -> list[int]:
    """The themes or pain points whose people, by the values of the scope's kinds, would tell a few."""
    found = []
    for code, value in enumerate(now.column(name).values):
        made = cube(now.where(now.of(name, value)), tuple(sorted(axes)), {}, k) if value else None
        if value and (made is None or made.hidden(axes)):
            found.append(code)
    return found
