"""Complaints as shares of the answers, by theme or pain point and group, each against its own past: rising, new, fading.

One question is asked of all: how likely are so many complaints of so many answers after such a past, by its
negative-binomial predictive? A theme with hardly a past (under five complaints in the weeks before) is asked the one-sided
question of a new issue, with the textbook's screen (p < .01, x >= 5) before its flag; any other the two-sided one. Normal
approximations are too sure far out in the tail, where a family of hundreds looks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    unjudged,
)
from surveys.digests.guard import Comparable
from surveys.digests.mix import standard_share
from surveys.digests.snapshot import Floats, Ints, Level
from surveys.tallies import Share

Kind = Literal["rising", "new", "fading"]
SCREEN: Final = 0.01
# A p that no family can make a finding of.
UNSEEN: Final = 0.2
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
    weeks = held.weeks.get("exit", held.wanted)
    hits = held.answers.table("reason", "all", kept=held.answers.of("metric", "exit"))
    answers, names = hits.sum(0), held.answers.column("reason").values
    past = slice(1, max(weeks, held.scatter) + 1)
    earlier = np.broadcast_to(answers[:, past], hits[:, :, past].shape)
    alpha = dispersion.of_shares(hits[:, :, past], earlier) if weeks else np.zeros(hits.shape[:2])
    return _cells(_Tables(names, ("all",), answers, hits, weeks, alpha, {}, held.span), held, "all", None)


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
    alpha: Floats
    like: dict[
        int, Ints
    ]  # by group: answers now and before by country, then complaints before by code and country
    span: int = 1
    # Groups that cannot be compared with their past, and why.
    mixed: Mapping[str, str] = field(default_factory=dict)

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
    weeks, past = held.share_weeks, slice(1, max(held.share_weeks, held.scatter) + 1)
    answered, complained = held.shared()
    names, groups = complained.column(by).values, answered.column(level).values
    answers = answered.table(level)
    hits = np.minimum(_aligned(complained.table(by, level), held, level, axis=1), answers)
    earlier = np.broadcast_to(answers[:, past], hits[:, :, past].shape)
    alpha = dispersion.of_shares(hits[:, :, past], earlier) if weeks else np.zeros(hits.shape[:2])
    like = _moved_groups(held, level, by, weeks) if weeks and level != "country" else {}
    return _Tables(names, groups, answers, hits, weeks, alpha, like, held.span, held.mixed(level))


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
    have, wanted = (counts.column(level).values for counts in reversed(held.shared()))
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
        return kind, unjudged("weeks_before", 0, n, m, held.why_no_shares)
    if tables.groups[group] in tables.mixed:
        return kind, unjudged("weeks_before", weeks, n, m, tables.mixed[tables.groups[group]])
    if n < NOW_AT_LEAST or m < BASE_AT_LEAST or x + y < LEAST_COUNT:
        return kind, unjudged("weeks_before", weeks, n, m, "too_few")
    alpha = float(tables.alpha[at, group])
    like = tables.past(at, group) if y >= LEAST_COUNT else None
    above, below = predictive((x, n), like or (y, m), weeks, alpha, tables.span)
    is_new = y < LEAST_COUNT
    wide = above if is_new else min(1.0, 2 * min(above, below))
    if wide > UNSEEN and tables.groups != ("all",):
        # Hundreds of cells that nobody will see: their p is all that the family needs.
        return kind, _counted_only(weeks, (n, m), wide)
    difference = share_difference(Share(x, n), Share(y, m))
    if is_new:
        change = judged("weeks_before", weeks, (n, m), difference, enough=wide < SCREEN and x >= LEAST_COUNT)
        # The alarm's own test, as the textbook has it: the two-sided one asks another question.
        plain, _below = predictive((x, n), (y, m), weeks, 0.0, tables.span)
        return "new" if rose else kind, change | {"p": plain, "wide": wide}
    went = -1 if above > below else 1
    enough = share_moved_enough(Share(x, n), Share(y, m)) and went * difference.value > 0
    change = judged("weeks_before", weeks, (n, m), difference, enough=enough, wide=wide)
    return kind, change | {"poststratified": like is not None}


def _counted_only(weeks: int, n: tuple[int, int], wide: float) -> Figures:
    change = unjudged("weeks_before", weeks, *n, reason="tested")
    return change | {"p": wide, "wide": wide, "arrow": "none", "enough": False}


def predictive(
    now: tuple[int, int], past: tuple[float, float], weeks: int, alpha: float, span: int = 1
) -> tuple[float, float]:
    """How likely so many complaints or more are, and so many or fewer, after a past of (people, answers).

    Negative-binomial: the textbook's predictive of a Poisson rate with a Gamma(0.5) belief, for as many answers as there
    are now; where weeks vary by more than chance (alpha), with that variance too.
    """
    (x, n), (y, m) = now, past
    mean = (y + PRIOR) * n / m
    size = 1 / (1 / (y + PRIOR) + alpha * (1 / span + 1 / weeks))
    special = import_module("scipy.special")  # costs a second; most requests need none of it
    odds = mean / (size + mean)
    above = float(special.betainc(x, size, odds)) if x else 1.0
    return above, 1.0 - float(special.betainc(x + 1, size, odds))
