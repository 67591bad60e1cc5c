"""Complaints as shares of the answers, by theme or pain point and group, each against its own past: rising, new, fading.

A theme with hardly a past (under five complaints in the weeks before) is asked the question of a new issue: how likely are
so many, by the negative-binomial predictive of its past, given how many answered? The textbook's screen (p < .01, x >= 5)
stands before its flag, and its p is in the family like every other. Any other theme is asked whether its share moved, by
the likelihood ratio, which keeps its promise far out in the tail, where a family of hundreds looks.
"""

import math
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Literal

import numpy as np

from surveys.chance import BASE_AT_LEAST, NOW_AT_LEAST
from surveys.digests import dispersion
from surveys.digests.compare import (
    LEAST_COUNT,
    Figures,
    judged,
    share_difference,
    share_moved_enough,
    tail,
    unjudged,
)
from surveys.digests.guard import Comparable
from surveys.digests.mix import standard_share
from surveys.digests.snapshot import Floats, Ints, Level
from surveys.tallies import Share

Kind = Literal["rising", "new", "fading"]
SCREEN: Final = 0.01
PRIOR: Final = 0.5
# `other` is no pain point: nobody can act on it.
NOT_A_PAIN: Final = frozenset({"", "other"})
# Nor is it a place where nobody knows which.
NOT_A_PLACE: Final = frozenset({"", "unknown", "und", "mixed", "unassigned"})


@dataclass(frozen=True)
class Cell:
    """One theme (or pain point) in one group: people who complained among those who answered, now and before."""

    level: Level
    group: str
    code: str
    kind: Kind
    now: tuple[int, int]
    before: tuple[int, int]
    weekly: tuple[tuple[int, int], ...]
    change: Figures


def share_cells(
    held: Comparable, level: Level, *, by: str = "theme", groups: frozenset[str] | None = None
) -> list[Cell]:
    """All cells of a level that anybody complained in, tested where there is enough to test; of `groups` only, if given."""
    return _cells(_tables(held, level, by), held, level, groups)


def exit_cells(held: Comparable) -> list[Cell]:
    """Reasons for leaving as shares of all who left."""
    left = held.answers.where(held.answers.of("metric", "exit"))
    weeks = held.weeks.get("exit", held.wanted)
    hits = left.table("reason", "all")
    answers, names = hits.sum(0), left.column("reason").values
    base = slice(1, weeks + 1)
    earlier = np.broadcast_to(answers[:, base], (len(names), 1, weeks))
    wider = dispersion.of_shares(hits[:, :, base], earlier) if weeks else np.ones(hits.shape[:2])
    return _cells(_Tables(names, ("all",), answers, hits, weeks, wider, {}), held, "all", None)


def _cells(tables: "_Tables", held: Comparable, level: Level, groups: frozenset[str] | None) -> list[Cell]:
    found: list[Cell] = []
    for at, group in np.argwhere(tables.hits[:, :, : tables.weeks + 1].sum(-1) > 0):
        name, value = tables.names[at], tables.groups[group]
        if name in NOT_A_PAIN or value in NOT_A_PLACE or (groups is not None and value not in groups):
            continue
        now, before = tables.cell(at, group)
        kind, change = _change(tables, at, group, held)
        span = range(tables.weeks + 1)
        weekly = tuple((int(tables.hits[at, group, ago]), int(tables.answers[group, ago])) for ago in span)
        found.append(Cell(level, value, name, kind, now, before, weekly, change))
    return found


@dataclass(frozen=True)
class _Tables:
    """Answers by group and week, complaints by code, group and week, and the past of the groups whose countries moved."""

    names: tuple[str, ...]
    groups: tuple[str, ...]
    answers: Ints
    hits: Ints
    weeks: int
    wider: Floats
    like: dict[
        int, Ints
    ]  # by group: answers now and before by country, then complaints before by code and country

    def cell(self, at: int, group: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """(people, answers) now and before."""
        x, n = int(self.hits[at, group, 0]), int(self.answers[group, 0])
        base = slice(1, self.weeks + 1)
        return (x, n), (int(self.hits[at, group, base].sum()), int(self.answers[group, base].sum()))

    def past(self, at: int, group: int) -> tuple[float, float] | None:
        """(people, answers) before as if the countries had been those of now."""
        if group not in self.like:
            return None
        counted = self.like[group]
        return standard_share(counted[0], counted[1], np.minimum(counted[2 + at], counted[1]))


def _tables(held: Comparable, level: Level, by: str) -> _Tables:
    weeks, base = held.share_weeks, slice(1, held.share_weeks + 1)
    names, groups = held.complaints.column(by).values, held.answers.column(level).values
    answers = held.answers.table(level)
    hits = np.minimum(_aligned(held.complaints.table(by, level), held, level, axis=1), answers)
    earlier = np.broadcast_to(answers[:, base], (len(names), len(groups), weeks))
    wider = dispersion.of_shares(hits[:, :, base], earlier) if weeks else np.ones(hits.shape[:2])
    like = _moved_groups(held, level, by, weeks) if weeks and level != "country" else {}
    return _Tables(names, groups, answers, hits, weeks, wider, like)


def _moved_groups(held: Comparable, level: Level, by: str, weeks: int) -> dict[int, Ints]:
    """The groups whose countries answer in other shares than before, with what is needed to weigh the past."""
    base = slice(1, weeks + 1)
    answers = held.answers.table(level, "country")
    now, past = answers[:, :, 0], answers[:, :, base].sum(-1)
    moved_at = [at for at in range(len(now)) if standard_share(now[at], past[at], past[at]) is not None]
    if not moved_at:
        return {}
    hits = held.complaints.table(by, level, "country")[..., base].sum(-1)
    hits = _aligned(_aligned(hits, held, level, axis=1), held, "country", axis=2)
    return {at: np.concatenate([now[at][None], past[at][None], hits[:, at]]) for at in moved_at}


def _aligned(counted: Ints, held: Comparable, level: Level, axis: int) -> Ints:
    """Counts of complaints with their groups in the order that the answers have them."""
    have, wanted = held.complaints.column(level).values, held.answers.column(level).values
    if have == wanted:
        return counted
    place = {value: at for at, value in enumerate(have)}
    shape = list(counted.shape)
    shape[axis] = 1
    padded = np.concatenate([counted, np.zeros(shape, np.int64)], axis=axis)
    return padded.take([place.get(value, len(have)) for value in wanted], axis=axis)


def _change(tables: _Tables, at: int, group: int, held: Comparable) -> tuple[Kind, Figures]:
    ((x, n), (y, m)), weeks = tables.cell(at, group), tables.weeks
    rose = m == 0 or x * m >= y * n
    kind: Kind = "rising" if rose else "fading"
    if weeks == 0:
        reason = next(iter(held.reasons.values()), "history")
        return kind, unjudged("weeks_before", 0, n, m, reason)
    if n < NOW_AT_LEAST or m < BASE_AT_LEAST or x + y < LEAST_COUNT:
        return kind, unjudged("weeks_before", weeks, n, m, "too_few")
    difference = share_difference(Share(x, n), Share(y, m))
    wider = float(tables.wider[at, group])
    if y < LEAST_COUNT:
        p = new_issue((x, n), (y, m), wider)
        change = judged("weeks_before", weeks, (n, m), difference, enough=p < SCREEN and x >= LEAST_COUNT)
        # The alarm's own p: the textbook's two-sided one asks another question.
        return "new" if rose else kind, change | {"p": p, "wide": p}
    like = tables.past(at, group)
    z = share_z((x, n), like or (float(y), float(m)), wider)
    enough = share_moved_enough(Share(x, n), Share(y, m)) and z * difference.value > 0
    change = judged("weeks_before", weeks, (n, m), difference, enough=enough, wide=tail(z))
    return kind, change | {"poststratified": like is not None}


def new_issue(now: tuple[int, int], past: tuple[int, int], wider: float) -> float:
    """How likely at least so many complaints are, given (people, answers): negative-binomial, scaled to dispersion."""
    (x, n), (y, m) = now, past
    if x == 0:
        return 1.0
    special = import_module("scipy.special")  # costs a second; most requests need none of it
    return float(special.betainc(x / wider, y / wider + PRIOR, n / (n + m)))


def share_z(now: tuple[float, float], past: tuple[float, float], wider: float) -> float:
    """The signed root of the likelihood ratio that two shares are one, widened."""
    (x, n), (y, m) = now, past
    both = (x + y) / (n + m)
    if not 0 < both < 1:
        return 0.0
    deviance = 2 * (_loglik(x, n, both) + _loglik(y, m, both))
    return math.copysign(math.sqrt(max(0.0, deviance) / wider), x / n - y / m)


def _loglik(x: float, n: float, share: float) -> float:
    return (x * math.log(x / (n * share)) if x else 0.0) + (
        (n - x) * math.log((n - x) / (n * (1 - share))) if n > x else 0.0
    )
