"""The clusters of a week found again among those of the next: by their members, else by where they are.

Both partitions are of the same n rows; a row that was in no cluster before, or is new, has the label -1 there. What did not
simply go on comes back as changes: births, splits, mergers, drift, ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sentiment.pains import DEFAULTS, Thresholds
from sentiment.pains_vectors import Flags, Floats, Integers

ChangeKind = Literal["born", "split", "merged", "drifted", "ended"]


@dataclass(frozen=True, slots=True)
class Partition:
    """Clusters of n rows: labels [n] from 0 to k - 1 or -1, and centroids [k, d], unit.

    A centroid of NaN compares with nothing: it is of another model's space.
    """

    labels: Integers
    centroids: Floats


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened. `cluster` numbers the later clusters, `earlier` those before.

    born: `cluster` is new. split: `cluster` is new and came out of `earlier`, which goes on. merged: `earlier` is no more,
    its members are in `cluster`. drifted: `cluster` is `earlier`, but moved. ended: `earlier` is no more.
    `members` are those concerned; `likeness` is the cosine of the two centroids.
    """

    kind: ChangeKind
    cluster: int | None
    earlier: int | None
    members: int
    likeness: float | None


@dataclass(frozen=True, slots=True)
class Matching:
    """For each later cluster the earlier one that it is, or -1 [k]; the cosine of the two, or NaN [k]; what changed."""

    earlier: Integers
    drift: Floats
    changes: tuple[Change, ...]


def match(
    before: Partition,
    after: Partition,
    thresholds: Thresholds = DEFAULTS,
    *,
    held: Mapping[int, int] | None = None,
) -> Matching:
    """Match later clusters to earlier ones, one to one.

    `held` says of some later clusters which earlier one they are, whoever their members are. Of the others the pair with
    most members in common comes first; a pair counts with enough in common, or near enough.
    """
    common = _common(before, after)
    cosine = _cosines(before, after)
    earlier = np.full(len(after.centroids), -1, np.int64)
    for cluster, one in (held or {}).items():
        earlier[cluster] = one
    free = np.ones(len(before.centroids), np.bool_)
    free[earlier[earlier >= 0]] = False
    for one, cluster in _candidates(common, cosine, thresholds):
        if free[one] and earlier[cluster] < 0:
            earlier[cluster], free[one] = one, False
    drift = np.full(len(earlier), np.nan, np.float32)
    known = np.flatnonzero(earlier >= 0)
    drift[known] = cosine[earlier[known], known]
    changes = [*_later(common, cosine, earlier, after, thresholds), *_gone(common, cosine, free)]
    return Matching(earlier, drift, tuple(changes))


def _common(before: Partition, after: Partition) -> Integers:
    """Rows in both an earlier and a later cluster, [m + 1, k + 1]; the last of each is "in none"."""
    m, k = len(before.centroids), len(after.centroids)
    flat = np.where(before.labels < 0, m, before.labels) * (k + 1) + np.where(
        after.labels < 0, k, after.labels
    )
    return np.bincount(flat, minlength=(m + 1) * (k + 1)).reshape(m + 1, k + 1)


def _cosines(before: Partition, after: Partition) -> Floats:
    """Between all centroids, [m, k]."""
    if not (len(before.centroids) and len(after.centroids)):
        return np.empty((len(before.centroids), len(after.centroids)), np.float32)
    cosines: Floats = (before.centroids @ after.centroids.T).astype(np.float32)
    return cosines


def _candidates(common: Integers, cosine: Floats, thresholds: Thresholds) -> list[tuple[int, int]]:
    """Pairs (earlier, later) that may be one, the surest first."""
    both = common[:-1, :-1]
    # A row that is new, or was in none, speaks neither for nor against.
    union = common[:-1].sum(axis=1)[:, None] + both.sum(axis=0)[None, :] - both
    share = both / np.maximum(union, 1)
    comparable = np.nan_to_num(cosine, nan=-1.0)
    pairs = np.argwhere((share >= thresholds.same) & (both > 0) | (comparable >= thresholds.near))
    order = sorted(
        pairs.tolist(), key=lambda at: (-share[at[0], at[1]], -comparable[at[0], at[1]], at[0], at[1])
    )
    return [(one, cluster) for one, cluster in order]


def _later(
    common: Integers, cosine: Floats, earlier: Integers, after: Partition, thresholds: Thresholds
) -> list[Change]:
    """Births, splits and drift."""
    sizes = np.bincount(after.labels[after.labels >= 0], minlength=len(after.centroids))
    changes = []
    for cluster, one in enumerate(earlier.tolist()):
        size = int(sizes[cluster])
        if one >= 0:
            moved = _cosine(cosine, one, cluster)
            if moved is not None and moved < thresholds.drift:
                changes.append(Change("drifted", cluster, one, size, moved))
            continue
        parent = int(common[:-1, cluster].argmax()) if len(common) > 1 else -1
        # Out of another, if that is where most of it comes from, else new.
        if parent >= 0 and 2 * common[parent, cluster] >= size > 0:
            moved = _cosine(cosine, parent, cluster)
            changes.append(Change("split", cluster, parent, int(common[parent, cluster]), moved))
        else:
            changes.append(Change("born", cluster, None, size, None))
    return changes


def _gone(common: Integers, cosine: Floats, free: Flags) -> list[Change]:
    """Mergers and ends."""
    changes = []
    for one in np.flatnonzero(free).tolist():
        size = int(common[one].sum())
        heir = int(common[one, :-1].argmax()) if common.shape[1] > 1 else -1
        if heir >= 0 and 2 * common[one, heir] >= size > 0:
            members = int(common[one, heir])
            changes.append(Change("merged", heir, one, members, _cosine(cosine, one, heir)))
        else:
            changes.append(Change("ended", None, one, size, None))
    return changes


def _cosine(cosine: Floats, one: int, cluster: int) -> float | None:
    value = float(cosine[one, cluster])
    return None if np.isnan(value) else round(value, 4)
