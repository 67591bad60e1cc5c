"""New clusters among texts near no seed: leaders, the densest neighbourhoods first, and mergers of near centroids."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sentiment.pains_vectors import BLOCK, Flags, Floats, Integers, blocks

MOST_LEADERS: Final = 4096
SAMPLE: Final = 2048


def leaders(vectors: NDArray[Any], lead: float, random_seed: int) -> Floats:
    """Texts that others follow, the densest neighbourhoods first; every text is like one of them, or there are too many."""
    chosen = np.empty((MOST_LEADERS, vectors.shape[1]), np.float32)
    count = 0
    order = _densest_first(vectors, lead, random_seed)
    for start in range(0, len(order), BLOCK // 4):
        rows = vectors[order[start : start + BLOCK // 4]].astype(np.float32)
        follows = (rows @ chosen[:count].T >= lead).any(axis=1)
        rows = rows[~follows]
        likeness = rows @ rows.T
        taken = np.zeros(len(rows), np.bool_)
        for row in range(len(rows)):
            if count == MOST_LEADERS:
                return chosen
            if not taken[row]:
                chosen[count] = rows[row]
                count += 1
                taken |= likeness[row] >= lead
    return chosen[:count]


def _densest_first(vectors: NDArray[Any], lead: float, random_seed: int) -> Integers:
    """Rows by how many of a sample are like them."""
    drawn = np.random.default_rng(random_seed).permutation(len(vectors))[:SAMPLE]
    sample = vectors[np.sort(drawn)].astype(np.float32)
    dense = np.concatenate([(rows @ sample.T >= lead).sum(axis=1) for _, rows in blocks(vectors)])
    return np.argsort(-dense, kind="stable")


def mergers(centroids: Floats, sizes: Integers, held: Flags, merge: float) -> Integers:
    """Which cluster each becomes part of, [k]: the nearest pair first, the held or larger or earlier one stays."""
    into = np.arange(len(centroids))
    weights, middles = sizes.astype(np.float64) + 1e-9, centroids.astype(np.float64).copy()
    likeness = (centroids @ centroids.T).astype(np.float64)
    likeness[np.ix_(held, held)] = -1.0
    np.fill_diagonal(likeness, -1.0)
    while len(likeness):
        stays, goes = divmod(int(likeness.argmax()), len(likeness))
        if likeness[stays, goes] < merge:
            break
        if (held[goes], weights[goes], -goes) > (held[stays], weights[stays], -stays):
            stays, goes = goes, stays
        into[into == goes] = stays
        middles[stays] = weights[stays] * middles[stays] + weights[goes] * middles[goes]
        middles[stays] /= np.linalg.norm(middles[stays])
        weights[stays] += weights[goes]
        renewed = middles @ middles[stays]
        alive = likeness[stays] > -1.0
        alive[goes] = False
        renewed[~alive] = -1.0
        likeness[stays], likeness[:, stays] = renewed, renewed
        likeness[goes], likeness[:, goes] = -1.0, -1.0
    return into


def pooled(centroids: Floats, sizes: Integers, into: Integers) -> NDArray[np.float64]:
    """The centroids [k, d] that are left after mergers, weighted by size, not yet at length 1."""
    sums = np.zeros(centroids.shape)
    np.add.at(sums, into, centroids * (sizes[:, None] + 1e-9))
    return sums[np.unique(into)]
