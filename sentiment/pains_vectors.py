"""Arithmetic on rows of unit vectors, by blocks: nearest references, sums of groups, an order of their own."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

BLOCK: Final = 4096
"""Rows worked on at once; what is held beside the vectors is this many rows times the references."""


def blocks(vectors: NDArray[Any]) -> Iterator[tuple[int, Floats]]:
    """The rows [n, d] as float32, `BLOCK` at a time, each time with the number of the first."""
    for start in range(0, len(vectors), BLOCK):
        yield start, vectors[start : start + BLOCK].astype(np.float32)


def unit(vectors: NDArray[Any]) -> Floats:
    """Rows [n, d] (or one row [d]) at length 1; a row of zeros stays one."""
    length = np.linalg.norm(np.asarray(vectors, np.float64), axis=-1, keepdims=True)
    scaled: Floats = (vectors / np.where(length > 0, length, 1)).astype(np.float32)
    return scaled


def nearest(vectors: NDArray[Any], references: Floats) -> tuple[Integers, Floats]:
    """For each row [n, d] the reference [r, d] most like it and their cosine, both [n]; (-1, -1) without any."""
    found = np.full(len(vectors), -1, np.int64)
    cosine = np.full(len(vectors), -1.0, np.float32)
    if len(references):
        for start, rows in blocks(vectors):
            likeness = rows @ references.T
            best = likeness.argmax(axis=1)
            found[start : start + len(rows)] = best
            cosine[start : start + len(rows)] = likeness[np.arange(len(rows)), best]
    return found, cosine


def sums(vectors: NDArray[Any], labels: Integers, k: int) -> NDArray[np.float64]:
    """The sum of the rows [n, d] with each label from 0 to k - 1, [k, d]; -1 is in no sum.

    By runs of equal labels, which is many times quicker than adding row by row.
    """
    totals = np.zeros((k, vectors.shape[1]))
    for start, rows in blocks(vectors):
        mine = labels[start : start + len(rows)]
        order = np.argsort(mine, kind="stable")
        order = order[mine[order] >= 0]
        if len(order):
            names, begins = np.unique(mine[order], return_index=True)
            totals[names] += np.add.reduceat(rows[order], begins, axis=0, dtype=np.float64)
    return totals


def own_order(vectors: NDArray[Any]) -> Integers:
    """Rows [n, d] by their bytes: an order that is theirs, not that of whoever handed them in."""
    rows = np.ascontiguousarray(vectors)
    if not rows.size:
        return np.arange(len(rows))
    as_bytes = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    return np.argsort(as_bytes, kind="stable")
