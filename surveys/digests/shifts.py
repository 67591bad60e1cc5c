"""How scores moved: of everybody and of each group against its own past, and groups steadily away from the others.

Levels are never compared: nine in ten answers of one culture may be a 9 or 10 and half of another's, out of habit.
"""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from surveys.chance import BASE_AT_LEAST, NOW_AT_LEAST, Z95, Difference, net_estimate
from surveys.digests import dispersion
from surveys.digests.compare import (
    LEAST_SHIFT,
    VALUES,
    Figures,
    Wider,
    counted,
    judged,
    score_change,
    tail,
    unjudged,
)
from surveys.digests.guard import Comparable
from surveys.digests.snapshot import Floats, Ints, Level
from surveys.digests.tally import SCORED, Scored
from surveys.scores import band_counts
from surveys.tallies import BandCounts

# A group stands apart when it is away from the others' change for so many weeks, each of them.
STEADY: Final = 4


def score_table(held: Comparable, level: Level, metric: Scored) -> tuple[tuple[str, ...], Ints]:
    """The groups of a level, and answers by group, country, week and score."""
    rows = held.answers
    column = rows.column("score")
    order = [column.values.index(str(score)) if str(score) in column.values else -1 for score in range(11)]
    table = rows.table(level, "country", "score", kept=rows.of("metric", metric))
    if -1 in order:
        table = np.concatenate([table, np.zeros((*table.shape[:2], 1, rows.bins), np.int64)], axis=2)
    return rows.column(level).values, table[:, :, order].transpose(0, 1, 3, 2)


def score_changes(
    held: Comparable, level: Level, against: str, metrics: Iterable[Scored] = SCORED
) -> dict[Scored, dict[str, Figures]]:
    """How scores moved in each group; how much weeks vary is learnt from all scores of the level together."""
    tables = {metric: score_table(held, level, metric) for metric in SCORED}
    scatters = {
        metric: dispersion.of_means(VALUES[metric], table[:, :, 1:].sum(1))
        for metric, (_groups, table) in tables.items()
    }
    alphas, freedom = dispersion.together(scatters)
    return {
        metric: _changes(held, metric, against, tables[metric], alphas[metric], freedom) for metric in metrics
    }


def _changes(
    held: Comparable,
    metric: Scored,
    against: str,
    counted_by: tuple[tuple[str, ...], Ints],
    alpha: Floats,
    freedom: float,
) -> dict[str, Figures]:
    groups, table = counted_by
    weeks = held.weeks.get(metric, held.wanted)
    changes: dict[str, Figures] = {}
    for at, group in enumerate(groups):
        now, base = table[at, :, 0], table[at, :, 1 : weeks + 1].sum(1)
        if group and (now.any() or base.any()):
            wider = Wider(float(alpha[at]), freedom, held.span)
            change = score_change(metric, against, weeks, now, base, wider=wider)
            if change["p"] is None and metric in held.reasons:
                change["reason"] = held.reasons[metric]
            changes[group] = change
    return changes


def standings(held: Comparable, level: Level) -> dict[str, Figures]:
    """NPS of the last four weeks against the 22 before, less the same change of everybody else, group by group."""
    groups, table = score_table(held, level, "nps")
    weeks = held.weeks.get("nps", held.wanted)
    if weeks < 2 * STEADY:
        return {}
    by_week = table.sum(1)
    scatter = dispersion.of_means(VALUES["nps"], by_week[:, 1:])
    alphas, freedom = dispersion.together({"nps": scatter})
    found: dict[str, Figures] = {}
    for at, group in enumerate(groups):
        if not group:
            continue
        found[group] = _standing(
            by_week[at], by_week.sum(0) - by_week[at], weeks, Wider(float(alphas["nps"][at]), freedom)
        )
    return found


def _standing(own: Ints, others: Ints, weeks: int, wider: Wider) -> Figures:
    recent, before = slice(0, STEADY), slice(STEADY, weeks + 1)
    sides = [part[span].sum(0) for part in (own, others) for span in (recent, before)]
    n = [int(side.sum()) for side in sides]
    if n[0] < NOW_AT_LEAST or n[2] < NOW_AT_LEAST or n[1] < BASE_AT_LEAST or n[3] < BASE_AT_LEAST:
        return unjudged("others", weeks + 1 - STEADY, n[0], n[1], "too_few")
    (here, was), (there, were) = (
        [net_estimate(_bands(side)) for side in pair] for pair in (sides[:2], sides[2:])
    )
    value = (here.centre - was.centre) - (there.centre - were.centre)
    se = math.sqrt(here.se**2 + was.se**2 + there.se**2 + were.se**2)
    z, half = value / se, Z95 * se
    difference = Difference(value, se, z, tail(z), value - half, value + half)
    usual = was.centre - were.centre
    steady = all(_away(own[ago], others[ago], usual) * value > 0 for ago in range(STEADY))
    enough = abs(value) >= LEAST_SHIFT["nps"] and steady
    widened = wider.inflation((n[0], STEADY), (n[1], weeks + 1 - STEADY))
    wide = wider.tail(z / math.sqrt(widened))
    return judged("others", weeks + 1 - STEADY, (n[0], n[1]), difference, enough=enough, wide=wide)


def _away(own: Ints, others: Ints, usual: float) -> float:
    """How much further from the others a group is in one week than it is usually; 0 where either did not answer."""
    if not own.any() or not others.any():
        return 0.0
    return net_estimate(_bands(own)).centre - net_estimate(_bands(others)).centre - usual


def _bands(scores: Ints) -> BandCounts:
    return band_counts("nps", counted(scores))
