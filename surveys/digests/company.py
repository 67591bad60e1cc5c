"""Hidden cells of a cube given company: along each line the parts add up to the total, so a hidden part needs others hidden.

Two or more, and k answers together, the smallest that help; where there is none the total is hidden, and with a total its
parts. Each axis holds its total first. Used for the views of the dashboard and for editions of a scope.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from surveys.digests.snapshot import Counts, Flags, Ints

# By the name of a column: the values that a scope lets through.
Axes = Mapping[str, tuple[str, ...]]
# Larger cubes take too long and too much memory; such a scope is hidden.
MOST_CELLS: Final = 1_000_000

# In smaller cubes lines are given company one after another, which hides less.
ONE_BY_ONE: Final = 4000


def with_totals(counted: Ints, first: int = 0) -> Ints:
    """The same with the total of each axis before its parts, from the `first` axis on."""
    for axis in range(first, counted.ndim):
        counted = np.concatenate([counted.sum(axis, keepdims=True), counted], axis=axis)
    return counted


def closed(counted: Ints, gone: Flags, k: int) -> Flags:
    """Hide more, in place, until nothing that is hidden can be had from what is shown along a line."""
    closed_each(counted[None], gone[None], k)
    return gone


def closed_each(counted: Ints, gone: Flags, k: int) -> None:
    """The same of many cubes at once, which the first axis counts."""
    # Along which axis each is looked at next: where something was hidden, from the first again.
    axes = np.ones(len(counted), np.int64)
    while len(axes) and (axis := int(axes.min())) < counted.ndim:
        some = np.flatnonzero(axes == axis)
        part = gone[some]
        more = _cover(counted[some], part, axis, k)
        gone[some] = part
        axes[some] = np.where(more, 1, axis + 1)


def _cover(counted: Ints, gone: Flags, axis: int, k: int) -> Flags:
    """Give the hidden parts of lines along an axis their company, in place; of each cube, whether anything was hidden."""
    order = _last(counted.ndim, axis)
    n: Ints = counted.transpose(order)
    hidden: Flags = gone.transpose(order)
    parts, total = n[..., 1:], hidden[..., 0]
    some: Flags = parts > 0
    under: Flags = hidden[..., 1:] | (total[..., None] & some)
    found: Flags = (under != hidden[..., 1:]).reshape(len(gone), -1).any(1)
    hidden[..., 1:] = under
    held = np.where(under, parts, 0).sum(-1)
    bad = (held > 0) & ~total
    if bad.any():
        bad &= (held < k) | ((under & some).sum(-1) < 2)
    if not bad.any():
        return found
    lines = np.argwhere(bad)
    if counted[0].size <= ONE_BY_ONE:
        # What one line of a cube hides, the next can take for company.
        lines = lines[np.unique(lines[:, 0], return_index=True)[1]]
    at = tuple(lines.T)
    alone, opened = _across(counted, gone, axis, lines)
    free = some[at] & ~under[at] & ~alone
    # The smallest, before them those that leave no line across with a single hidden part.
    cost = np.where(free, parts[at] + opened * (int(counted.max()) + 1), np.iinfo(np.int64).max)
    is_helped = free.any(-1)
    hidden[(*lines[is_helped].T, cost[is_helped].argmin(-1) + 1)] = True
    total[tuple(lines[~is_helped].T)] = True
    found[lines[:, 0]] = True
    return found


def _across(counted: Ints, gone: Flags, axis: int, lines: Ints) -> tuple[Flags, Ints]:
    """Of each part of some lines along an axis: whether a line across has no other, and in how many none is hidden.

    The only part of a line is its total; hidden for company, it would be told by that.
    """
    alone = np.zeros((len(lines), counted.shape[axis] - 1), np.bool_)
    opened = np.zeros(alone.shape, np.int64)
    others = [other for other in range(counted.ndim) if other != axis]
    for across in (other for other in others[1:] if counted.shape[other] > 2):
        place = others.index(across)
        # Lines through the totals of that axis are parts of no line along it.
        inside = np.flatnonzero(lines[:, place] > 0)
        at = tuple(np.delete(lines[inside], place, 1).T)
        order = [other for other in others if other != across] + [axis, across]
        some = counted.transpose(order)[at][:, 1:, 1:] > 0
        hidden = gone.transpose(order)[at][:, 1:]
        alone[inside] |= (some.sum(-1) == 1) & ~hidden[..., 0]
        opened[inside] += ~(hidden[..., 1:] & some).any(-1)
    return alone, opened


def _last(dimensions: int, axis: int) -> list[int]:
    """The order of axes in which one of them is the last."""
    return [*(other for other in range(dimensions) if other != axis), axis]


def few(n: Ints, k: int) -> Flags:
    """Which numbers are of 1 to k - 1."""
    found: Flags = (n > 0) & (n < k)
    return found


@dataclass(frozen=True)
class Cube:
    """Answers by the values of some columns, totals first on each axis, and which are hidden."""

    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    n: Ints
    gone: Flags

    def hidden(self, axes: Axes, level: str | None = None) -> frozenset[str]:
        """The groups of a level that a scope hides; without a level, "all" where it hides everybody."""
        places = [
            [at + 1 for at, value in enumerate(values) if value in axes[name]]
            if name in axes
            else list(range(1, len(values) + 1))
            for name, values in zip(self.names, self.values, strict=True)
        ]
        cells = (self.gone & (self.n > 0))[np.ix_(*places)]
        if level is None:
            return frozenset({"all"}) if cells.any() else frozenset()
        axis = self.names.index(level)
        by_group = cells.any(tuple(at for at in range(cells.ndim) if at != axis))
        return frozenset(self.values[axis][at - 1] for at in np.array(places[axis])[by_group])


def cube(now: Counts, names: tuple[str, ...], seeds: Mapping[str, frozenset[str]], k: int) -> Cube | None:
    """The cube of some columns, closed; `seeds` are values whose totals are hidden. None where it would be too large."""
    columns = [now.column(name) for name in names]
    shape = [len(each.values) for each in columns]
    if int(np.prod([size + 1 for size in shape])) > MOST_CELLS:
        return None
    at = (
        np.ravel_multi_index([each.codes for each in columns], shape) if len(now.n) else np.zeros(0, np.int64)
    )
    summed = np.bincount(at, weights=now.n, minlength=int(np.prod(shape))).astype(np.int64)
    n = with_totals(summed.reshape(shape))
    gone = few(n, k)
    for axis, (name, each) in enumerate(zip(names, columns, strict=True)):
        for place, value in enumerate(each.values, 1):
            if value in seeds.get(name, ()):
                margin: list[int] = [0] * len(shape)
                margin[axis] = place
                gone[tuple(margin)] = n[tuple(margin)] > 0
        if name == "region":
            np.moveaxis(gone, axis, -1)[..., 1:] |= _beside_continent(
                now, np.moveaxis(n, axis, -1)[..., 1:], k
            )
    return Cube(names, tuple(each.values for each in columns), n, closed(n, gone, k))


def _beside_continent(now: Counts, parts: Ints, k: int) -> Flags:
    """Regions whose continent holds but few others: a scope may be a continent too."""
    region, continent = now.column("region"), now.column("continent")
    of = np.zeros(len(region.values), np.int64)
    of[region.codes] = continent.codes
    together = np.zeros((*parts.shape[:-1], len(continent.values)), np.int64)
    for place, at in enumerate(of):
        together[..., at] += parts[..., place]
    return (parts > 0) & few(together[..., of] - parts, k)
