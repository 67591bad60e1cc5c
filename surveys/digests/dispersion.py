"""How much more weeks vary than chance alone lets them, estimated from the weeks before; tests are widened by it.

A week has weather, holidays and campaigns: counts of quiet weeks scatter wider than dice do, and a test that takes them for
dice cries wolf, the more so the larger the counts. What is estimated is the squared coefficient of variation that a week
adds (alpha): a count of mean mu has the variance mu + alpha mu^2, a mean of n answers the variance V (1 / n + alpha). It is
the Pearson statistic of the earlier weeks less its degrees of freedom, over those times what a week expects; the cells of a
level are pooled, and a cell's own weeks count beside them where they scatter more; no test is narrowed.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from surveys.digests.snapshot import Floats, Ints
from surveys.digests.tally import Scored

# What is lent: by chance alone to the pool (in expected counts), and by the pool to each cell (in weeks).
OF_CHANCE: Final = 20.0
OF_THE_POOL: Final = 20.0
# What shares are taken to scatter by with no past at all, less and less until there are eight weeks.
OF_A_SHORT_PAST: Final = 0.3
ENOUGH_WEEKS: Final = 8
# A week that expects less than this of a cell says little about its scatter.
LEAST_EXPECTED: Final = 0.5


@dataclass(frozen=True)
class Scatter:
    """What the weeks before say of each cell: how much they vary beyond chance, how many counts and weeks say so."""

    excess: Floats
    weight: Floats
    freedom: Floats


def of_shares(hits: Ints, n: Ints) -> Floats:
    """Alpha of each cell, given hits and answers by cell and earlier week: [..., weeks] each."""
    total, answers = hits.sum(-1), n.sum(-1)
    share = np.divide(total, answers, out=np.zeros(total.shape), where=answers > 0)[..., None]
    expected = share * n
    variance = expected * (1 - share)
    used = (expected >= LEAST_EXPECTED) & (variance > 0)
    square = np.divide((hits - expected) ** 2, variance, out=np.zeros(hits.shape), where=used)
    scatter = _scatter(square, used, expected)
    # A few weeks may all have been alike by luck.
    unknown = OF_A_SHORT_PAST * max(0.0, 1 - hits.shape[-1] / ENOUGH_WEEKS)
    alpha: Floats = np.maximum(_leaning(scatter, _pool([scatter])), unknown)
    return alpha


def of_means(values: Floats, counts: Ints) -> Scatter:
    """The scatter of each group's weekly mean, given answers by group, earlier week and value: [..., weeks, values]."""
    n, total = counts.sum(-1), counts.sum(-2)
    answers = total.sum(-1)
    mean = _mean(total, values)
    variance = _mean(total, values**2) - mean**2
    weekly = _mean(counts, values)
    used = (n > 0) & (answers > 0)[..., None] & (variance > 0)[..., None]
    square = np.divide(
        n * (weekly - mean[..., None]) ** 2, variance[..., None], out=np.zeros(n.shape), where=used
    )
    return _scatter(square, used, n)


def together(scatters: Mapping[Scored, Scatter]) -> tuple[dict[Scored, Floats], float]:
    """Alpha of each group by metric, all of a level leaning on each other, and the degrees of freedom behind them."""
    pool = _pool(list(scatters.values()))
    alphas = {name: _leaning(each, pool) for name, each in scatters.items()}
    # Groups of a level share their weeks, so they do not add to how surely alpha is known.
    return alphas, float(sum(each.freedom.max(initial=0.0) for each in scatters.values()))


def _leaning(scatter: Scatter, pool: float) -> Floats:
    """Each cell's own alpha, leaning on that of all; what all do is the least."""
    a_week = np.divide(
        scatter.weight, scatter.freedom, out=np.zeros(scatter.weight.shape), where=scatter.freedom > 0
    )
    lent = OF_THE_POOL * a_week
    own = np.divide(
        scatter.excess + lent * pool, scatter.weight + lent, out=np.zeros(lent.shape), where=lent > 0
    )
    return np.maximum(own, pool)


def _scatter(square: Floats, used: Ints, expected: Floats) -> Scatter:
    freedom = np.maximum(used.sum(-1) - 1, 0).astype(float)
    a_week = np.divide(
        (expected * used).sum(-1), used.sum(-1), out=np.zeros(freedom.shape), where=freedom > 0
    )
    return Scatter(np.where(freedom > 0, square.sum(-1) - freedom, 0.0), freedom * a_week, freedom)


def _pool(scatters: list[Scatter]) -> float:
    """Alpha of all cells together; where there is scatter beyond chance, its upper estimate, twice it at most."""
    excess = sum(float(each.excess.sum()) for each in scatters)
    weight = sum(float(each.weight.sum()) for each in scatters) + OF_CHANCE
    alpha = max(0.0, excess / weight)
    spread = sum(
        float((2 * (each.freedom + alpha * each.weight) ** 2 / np.maximum(each.freedom, 1)).sum())
        for each in scatters
    )
    return min(2 * alpha, alpha + math.sqrt(spread) / weight)


def _mean(counts: Ints, values: Floats) -> Floats:
    n = counts.sum(-1)
    mean: Floats = np.divide(counts @ values, n, out=np.zeros(n.shape), where=n > 0)
    return mean
