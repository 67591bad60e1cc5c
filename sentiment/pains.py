"""Pain points: texts of one theme that say the same thing, in whatever language, found by their embeddings.

Pure arithmetic on unit vectors (their cosine is their dot product); no texts, no database. Known prototypes and the
clusters of the week before are seeds. Among texts near no seed new clusters are found: a leader pass from the densest
texts outwards, spherical k-means, a merge of centroids that lie near each other, a least size. The same vectors, seeds and
thresholds give the same clusters in whatever order the rows come, because they are put into an order of their own first.
Memory is bounded: rows are worked on by blocks, and there are at most so many leaders (sentiment/pains_found.py).
`match` (sentiment/pains_match.py) finds the clusters of the week before again.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sentiment.pains_found import leaders, mergers, pooled
from sentiment.pains_vectors import Flags, Floats, Integers, nearest, own_order, sums, unit

MOST_FOUND: Final = 1024
ROUNDS: Final = 6
HALVING_ROUNDS: Final = 8
HALVED_BY: Final = 4096
PROTOTYPE_WEIGHT: Final = 10.0
"""A held seed counts like so many members, so that its cluster cannot wander off with them."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every number that decides; cosines of unit embeddings unless it says otherwise.

    Chosen on sentiment/development/pains for the model that ships (79 % pure, 68 % complete).
    """

    known: float = 0.82
    """Least likeness to a held cluster (a known prototype, one that a person named)."""
    join: float = 0.68
    """Least likeness to any other cluster; below, a text belongs to none."""
    lead: float = 0.70
    """A text this like a leader follows it."""
    merge: float = 0.90
    """Clusters whose centroids are this near are one."""
    split: float = 0.60
    """A cluster whose two halves are further apart than this is two."""
    least: int = 5
    """Least members (texts) of a new cluster."""
    same: float = 0.3
    """Least share of members in common (Jaccard) for a cluster to be an earlier one."""
    near: float = 0.93
    """Or so near are their centroids."""
    drift: float = 0.95
    """A centroid that moved further than this in a week is reported."""


DEFAULTS: Final = Thresholds()


@dataclass(frozen=True, slots=True)
class Seeds:
    """Where clusters are known to be: unit vectors [s, d], and which of them are held [s].

    One that is held (a known prototype, a cluster that a person named) is never split, and never merged with another
    that is held.
    """

    vectors: Floats
    held: Flags

    @classmethod
    def none(cls, width: int) -> "Seeds":
        """No seeds, of vectors with `width` numbers."""
        return cls(np.empty((0, width), np.float32), np.empty(0, np.bool_))


@dataclass(frozen=True, slots=True)
class Clusters:
    """Which cluster each of n rows is in, and where the k clusters are."""

    labels: Integers  # [n], from 0 to k - 1, or -1: in none
    likeness: Floats  # [n], cosine to the centroid of its cluster, or to the nearest if it is in none
    centroids: Floats  # [k, d], unit
    seeds: Integers  # [k], the seed a cluster grew from, or -1: found here

    @property
    def sizes(self) -> Integers:
        """Members of each cluster, [k]."""
        return _sizes(self.labels, len(self.centroids))


def assign(vectors: NDArray[Any], references: Floats, least: Floats) -> tuple[Integers, Floats]:
    """For each new row [n, d] the reference [r, d] it belongs to, and their cosine, both [n].

    One look-up of the nearest; -1 where the cosine stays below that reference's `least` [r].
    """
    found, cosine = nearest(vectors, references)
    if len(references):
        found[cosine < least[found]] = -1
    return found, cosine


def cluster(
    vectors: NDArray[Any], seeds: Seeds, thresholds: Thresholds = DEFAULTS, *, random_seed: int = 0
) -> Clusters:
    """Cluster unit vectors [n, d] (float16 or float32) around seeds, and find what lies near none of them."""
    order = own_order(vectors)
    work = _Work(vectors[order], seeds, thresholds)
    work.label()
    work.add(_found(work.vectors[work.labels < 0], thresholds, random_seed))
    work.refine()
    work.merge()
    work.refine()
    work.split()
    work.refine()
    work.drop_small()
    labels, likeness = np.empty_like(work.labels), np.empty_like(work.likeness)
    labels[order], likeness[order] = work.labels, work.likeness
    return Clusters(labels, likeness, work.centroids, work.grown)


class _Work:
    """The clusters while they are being made."""

    def __init__(self, vectors: NDArray[Any], seeds: Seeds, thresholds: Thresholds) -> None:
        self.vectors, self.seeds, self.thresholds = vectors, seeds, thresholds
        self.centroids = seeds.vectors.astype(np.float32)
        self.grown: Integers = np.arange(len(self.centroids))
        self.labels: Integers = np.full(len(vectors), -1, np.int64)
        self.likeness: Floats = np.full(len(vectors), -1.0, np.float32)

    @property
    def held(self) -> Flags:
        """Which clusters grew from a seed that is held, [k]."""
        flags = np.zeros(len(self.grown), np.bool_)
        flags[self.grown >= 0] = self.seeds.held[self.grown[self.grown >= 0]]
        return flags

    def add(self, centroids: Floats) -> None:
        """More clusters, grown from no seed."""
        self.centroids = np.concatenate([self.centroids, centroids])
        self.grown = np.concatenate([self.grown, np.full(len(centroids), -1)])

    def label(self) -> None:
        """Put each row into its nearest cluster, or none."""
        least = np.where(self.held, self.thresholds.known, self.thresholds.join).astype(np.float32)
        self.labels, self.likeness = assign(self.vectors, self.centroids, least)

    def refine(self) -> None:
        """Spherical k-means: members choose centroids, centroids follow members, until nobody moves."""
        self.label()
        for _round in range(ROUNDS):
            totals = sums(self.vectors, self.labels, len(self.centroids))
            held = np.flatnonzero(self.held)
            totals[held] += PROTOTYPE_WEIGHT * self.seeds.vectors[self.grown[held]]
            is_filled = np.flatnonzero(totals.any(axis=1))
            self.centroids = self.centroids.copy()
            self.centroids[is_filled] = unit(totals[is_filled])
            before = self.labels
            self.label()
            if np.array_equal(before, self.labels):
                break

    def merge(self) -> None:
        """Clusters that lie near each other become one."""
        sizes = _sizes(self.labels, len(self.centroids))
        into = mergers(self.centroids, sizes, self.held, self.thresholds.merge)
        self.centroids = unit(pooled(self.centroids, sizes, into))
        self.grown = self.grown[np.unique(into)]

    def split(self) -> None:
        """A cluster whose halves are far apart becomes two; the larger half stays what it was."""
        sizes = _sizes(self.labels, len(self.centroids))
        new = []
        for one in np.flatnonzero((sizes >= 2 * self.thresholds.least) & ~self.held):
            halves = _halves(self.vectors[self.labels == one], self.centroids[one], self.thresholds)
            if halves is not None:
                self.centroids[one] = halves[0]
                new.append(halves[1])
        if new:
            self.add(np.stack(new))

    def keep_largest(self, least: int) -> None:
        """Only clusters with so many members, the largest first, and at most `MOST_FOUND`."""
        sizes = _sizes(self.labels, len(self.centroids))
        kept = np.flatnonzero(sizes >= least)
        kept = kept[np.argsort(-sizes[kept], kind="stable")][:MOST_FOUND]
        self.centroids, self.grown = self.centroids[kept], self.grown[kept]
        self.label()

    def drop_small(self) -> None:
        """Found clusters need enough members, others one; who was in one that goes may be in another."""
        while True:
            sizes = _sizes(self.labels, len(self.centroids))
            kept = sizes >= np.where(self.grown >= 0, 1, self.thresholds.least)
            if kept.all():
                return
            self.centroids, self.grown = self.centroids[kept], self.grown[kept]
            self.label()


def _sizes(labels: Integers, k: int) -> Integers:
    return np.bincount(labels[labels >= 0], minlength=k)


def _found(vectors: NDArray[Any], thresholds: Thresholds, random_seed: int) -> Floats:
    """Centroids of clusters among rows that lie near no seed: led, refined, merged, refined; the largest first."""
    alone = Seeds.none(vectors.shape[1])
    if len(vectors) < thresholds.least:
        return alone.vectors
    work = _Work(vectors, alone, thresholds)
    work.add(leaders(vectors, thresholds.lead, random_seed))
    work.label()
    # A leader whom nobody follows leads nothing: most are like that, and each would cost time in every round.
    work.keep_largest(2)
    for least in (2, thresholds.least):
        work.refine()
        work.keep_largest(least)
        work.merge()
    return work.centroids


def _halves(vectors: NDArray[Any], centroid: Floats, thresholds: Thresholds) -> tuple[Floats, Floats] | None:
    """The centroids of a cluster's two halves, the larger first; None where it is one thing."""
    rows = vectors[:: -(-len(vectors) // HALVED_BY)].astype(np.float32)
    first = rows[(rows @ centroid).argmin()]
    pair = np.stack([first, rows[(rows @ first).argmin()]])
    for _round in range(HALVING_ROUNDS):
        labels, _ = nearest(rows, pair)
        sizes = _sizes(labels, 2)
        if sizes.min() == 0:
            return None
        pair = unit(sums(rows, labels, 2))
    if sizes.min() < thresholds.least * len(rows) / len(vectors) or pair[0] @ pair[1] >= thresholds.split:
        return None
    return (pair[0], pair[1]) if sizes[0] >= sizes[1] else (pair[1], pair[0])
