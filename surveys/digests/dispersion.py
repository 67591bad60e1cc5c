"""How much more weeks vary than chance alone lets them, estimated from the weeks before; tests are widened by it.

A week has weather, holidays and campaigns: counts of quiet weeks scatter wider than dice do, and a test that takes them for
dice cries wolf. The Pearson statistic of the earlier weeks, over its degrees of freedom, says how much wider. One cell has
few weeks, so the cells of a level are pooled, a cell's own weeks count a little beside them, and some imagined quiet weeks
keep a short history from deciding. It never narrows a test.
"""

from typing import Final

import numpy as np

from surveys.digests.snapshot import Floats, Ints

# Degrees of freedom lent: by chance alone (1.0) to the pool, and by the pool to each cell.
OF_CHANCE: Final = 10.0
OF_THE_POOL: Final = 20.0
# A week that expects less than this of a cell says little about its scatter.
LEAST_EXPECTED: Final = 0.5


def of_shares(hits: Ints, n: Ints) -> Floats:
    """Dispersion of each cell, given hits and answers by cell and earlier week: [..., weeks] each."""
    total, answers = hits.sum(-1), n.sum(-1)
    share = np.divide(total, answers, out=np.zeros(total.shape), where=answers > 0)[..., None]
    expected = share * n
    variance = expected * (1 - share)
    used = expected >= LEAST_EXPECTED
    square = np.divide(
        (hits - expected) ** 2, variance, out=np.zeros(hits.shape), where=used & (variance > 0)
    )
    freedom = np.maximum(used.sum(-1) - 1, 0).astype(float)
    return pooled(np.where(freedom > 0, square.sum(-1), 0.0), freedom)


def of_means(values: Floats, counts: Ints) -> Floats:
    """Dispersion of each group's weekly mean, given answers by group, earlier week and value: [..., weeks, values]."""
    n, total = counts.sum(-1), counts.sum(-2)
    answers = total.sum(-1)
    mean = _mean(total, values)
    variance = _mean(total, values**2) - mean**2
    weekly = _mean(counts, values)
    used = (n > 0) & (answers > 0)[..., None] & (variance > 0)[..., None]
    square = np.divide(
        n * (weekly - mean[..., None]) ** 2, variance[..., None], out=np.zeros(n.shape), where=used
    )
    freedom = np.maximum(used.sum(-1) - 1, 0).astype(float)
    return pooled(np.where(freedom > 0, square.sum(-1), 0.0), freedom)


def pooled(squares: Floats, freedom: Floats) -> Floats:
    """Each cell's dispersion, leaning on that of all cells together; at least 1."""
    pool = (squares.sum() + OF_CHANCE) / (freedom.sum() + OF_CHANCE)
    own = (squares + OF_THE_POOL * pool) / (freedom + OF_THE_POOL)
    wider: Floats = np.maximum(1.0, own)
    return wider


def _mean(counts: Ints, values: Floats) -> Floats:
    n = counts.sum(-1)
    mean: Floats = np.divide(counts @ values, n, out=np.zeros(n.shape), where=n > 0)
    return mean
