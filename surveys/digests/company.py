"""Hidden cells of a cube given company: along each line the parts add up to the total, so a hidden part needs others hidden.

Two or more, and k answers together, the smallest that help; where there is none the total is hidden, and with a total its
parts. Each axis holds its total first. Used for the views of the dashboard and for editions of a scope.
"""

from typing import Final

import numpy as np

from surveys.digests.snapshot import Flags, Ints

# In smaller cubes lines are given company one after another, which hides less.
ONE_BY_ONE: Final = 4000


def with_totals(counted: Ints) -> Ints:
    """The same with the total of each axis before its parts."""
    for axis in range(counted.ndim):
        counted = np.concatenate([counted.sum(axis, keepdims=True), counted], axis=axis)
    return counted


def closed(counted: Ints, gone: Flags, k: int) -> Flags:
    """Hide more, in place, until nothing that is hidden can be had from what is shown along a line."""
    while any(_cover(counted, gone, axis, k) for axis in range(counted.ndim)):
        pass
    return gone


def _cover(counted: Ints, gone: Flags, axis: int, k: int) -> bool:
    """Give the hidden parts of lines along an axis their company, in place; whether anything was hidden."""
    alone, opened = _across(counted, gone, axis)
    n: Ints = np.moveaxis(counted, axis, -1)
    hidden: Flags = np.moveaxis(gone, axis, -1)
    parts: Ints = n[..., 1:]
    total: Flags = hidden[..., 0]
    before = int(gone.sum())
    hidden[..., 1:] |= total[..., None] & (parts > 0)
    held = np.where(hidden[..., 1:], parts, 0)
    bad = (held.sum(-1) > 0) & ~total & (((held > 0).sum(-1) < 2) | (held.sum(-1) < k))
    free = (parts > 0) & ~hidden[..., 1:] & ~alone
    if bad.any():
        # The smallest, before them those that leave no line across with a single hidden part.
        cost = np.where(free, parts + opened * (int(counted.max()) + 1), np.iinfo(np.int64).max)
        smallest, found = cost.argmin(-1), free.any(-1)
        lines = np.argwhere(bad & found)
        if counted.size <= ONE_BY_ONE:
            # What one line hides, the next can take for company.
            lines = lines[:1]
        hidden[(*lines.T, smallest[tuple(lines.T)] + 1)] = True
        total |= bad & ~found
    return int(gone.sum()) > before


def _across(counted: Ints, gone: Flags, axis: int) -> tuple[Flags, Ints]:
    """Of each part of the lines along an axis: whether a line across has no other, and in how many none is hidden.

    The only part of a line is its total; hidden for company, it would be told by that.
    """
    alone = np.zeros(counted.shape, np.bool_)
    opened = np.zeros(counted.shape, np.int64)
    for across in range(counted.ndim):
        if across == axis or counted.shape[across] <= 2:
            continue
        some = np.moveaxis(counted, across, -1)[..., 1:] > 0
        hidden = np.moveaxis(gone, across, -1)
        only = (some.sum(-1) == 1) & ~hidden[..., 0]
        np.moveaxis(alone, across, -1)[..., 1:] |= only[..., None]
        kept: Flags = (hidden[..., 1:] & some).sum(-1) == 0
        np.moveaxis(opened, across, -1)[..., 1:] += kept[..., None]
    return np.moveaxis(alone, axis, -1)[..., 1:], np.moveaxis(opened, axis, -1)[..., 1:]
