"""Which themes of groups to hide, so that no sum of what one edition tells of a theme is of a few people.

A theme of 1 to k - 1 people of a group is hidden everywhere. What is left can be added and subtracted: the theme's total,
the continents, regions and cultures (one table with another), the languages, touchpoints and segments (each with the total).
People whom no shown figure tells apart are one class, so a set of people can be had just if it is a sum of classes that lies
in the row space of what is shown. Where one of 1 to k - 1 people does, the smallest group that its sum needs is hidden.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from surveys.digests.joint import CLOSE, MOST_SUMS, in_short_sum
from surveys.digests.shares import NOT_A_PAIN
from surveys.digests.snapshot import Counts, Flags, Floats, Ints, Level
from surveys.suppression import suppressed_metric

ThemeCell = tuple[Level, str, str]
Group = tuple[Level, str]
TABLES: Final[tuple[tuple[Level, ...], ...]] = (
    ("continent", "region", "culture"), ("language",), ("touchpoint",), ("segment",),
)  # fmt: skip
EVERYBODY: Final[Group] = ("all", "all")
# A weight for each class: only of sums whose weights come to nothing all classes are looked at.
MARK: Final[Floats] = np.random.default_rng(0).uniform(0.5, 1.5, 4096)


def hidden_cells(
    complaints: Counts, hidden: Mapping[Level, frozenset[str]], k: int, ago: int = 0
) -> frozenset[ThemeCell]:
    """The themes of groups that the edition of a week does not tell, given the groups that it hides anyway."""
    now = complaints.within(ago, ago)
    return frozenset(
        (*group, code) for levels in TABLES for code, group in _of_tables(now, levels, hidden, k)
    )


def split_cells(complaints: Counts, compared: Counts, k: int) -> frozenset[ThemeCell]:
    """The themes of groups of which a few people are not compared: all of them less those compared would tell these."""
    found: set[ThemeCell] = set()
    now, kept = complaints.within(0, 0), compared.within(0, 0)
    for level in (level for levels in TABLES for level in levels):
        left = dict(_people(now, (level,)))
        for key, n in _people(kept, (level,)):
            left[key] = left.get(key, 0) - n
        found |= {
            (level, group, code) for (code, group), n in left.items() if suppressed_metric(max(n, 0), k)
        }
    return frozenset(found)


def _people(now: Counts, levels: tuple[Level, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Who complains, by theme and the groups of tables that they are in."""
    columns = [now.column(name) for name in ("theme", *levels)]
    shape = [len(column.values) for column in columns]
    if not len(now.n) or not all(shape):
        return
    at = np.ravel_multi_index([column.codes for column in columns], shape)
    summed = np.bincount(at, weights=now.n)
    for place in np.flatnonzero(summed):
        codes = np.unravel_index(place, shape)
        yield (
            tuple(column.values[code] for column, code in zip(columns, codes, strict=True)),
            int(summed[place]),
        )


def _of_tables(
    now: Counts, levels: tuple[Level, ...], hidden: Mapping[Level, frozenset[str]], k: int
) -> Iterator[tuple[str, Group]]:
    themes: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for (code, *groups), people in _people(now, levels):
        if code not in NOT_A_PAIN:
            themes.setdefault(code, []).append((tuple(groups), people))
    for code, atoms in themes.items():
        n: Ints = np.array([each for _groups, each in atoms], np.int64)
        masks: dict[Group, Flags] = {
            (level, group): np.array([groups[at] == group for groups, _each in atoms], np.bool_)
            for at, level in enumerate(levels)
            for group in sorted({groups[at] for groups, _each in atoms})
            # Who gave no touchpoint or segment is in no row.
            if group
        }
        few = {group for group, mask in masks.items() if suppressed_metric(int(n[mask].sum()), k)}
        shown = {
            (level, name): mask
            for (level, name), mask in masks.items()
            if (level, name) not in few and name not in hidden.get(level, frozenset())
        }
        if int(n.sum()) >= k:
            shown[EVERYBODY] = np.ones(len(n), np.bool_)
        yield from ((code, group) for group in sorted(few | _needed(shown, n, k)))


def _needed(shown: dict[Group, Flags], n: Ints, k: int) -> set[Group]:
    """The groups to hide with those of a few people."""
    gone: set[Group] = set()
    while len(shown) > 1:
        groups = list(shown)
        classes, of = np.unique(np.array([shown[group] for group in groups]), axis=1, return_inverse=True)
        people = np.bincount(of.reshape(-1), weights=n, minlength=classes.shape[1]).astype(np.int64)
        target = told(classes.astype(np.float64), people, k)
        if target is None:
            break
        used = in_short_sum(classes.astype(np.float64), target)
        needed = {group for group, is_used in zip(groups, used, strict=True) if is_used} - {EVERYBODY}
        smallest = min(needed or set(groups) - {EVERYBODY}, key=lambda group: (int(shown[group] @ n), group))
        gone.add(smallest)
        del shown[smallest]
    return gone


def told(classes: Floats, people: Ints, k: int) -> Floats | None:
    """The fewest people that sums of the rows tell, as the classes they are of; None where they tell no few."""
    small = np.flatnonzero((people > 0) & (people < k))
    if not len(small):
        return None
    _left, sizes, basis = np.linalg.svd(classes, full_matrices=False)
    basis = basis[sizes > CLOSE]
    # What the rows leave of each class; of a sum that they tell, nothing is left.
    left = np.eye(classes.shape[1])[small] - basis[:, small].T @ basis
    found: tuple[int, Floats] | None = None
    for some in _sums(left @ MARK[: classes.shape[1]], people[small], k):
        n = int(people[small[some]].sum())
        if (found is None or n < found[0]) and np.abs(left[some].sum(0)).max() < CLOSE:
            wanted = np.zeros(classes.shape[1])
            wanted[small[some]] = 1
            found = n, wanted
    return found[1] if found else None


def _sums(left: Floats, people: Ints, k: int) -> Iterator[Ints]:
    """Which of the small classes have 1 to k - 1 people together and hardly a mark, as many as may be looked at."""
    members, marks, n = np.arange(len(left))[:, None], left, people
    for _size in range(1, k):
        yield from members[np.abs(marks) < CLOSE]
        more = (np.arange(len(left)) > members[:, -1:]) & (n[:, None] + people < k)
        rows, added = (at[:MOST_SUMS] for at in np.nonzero(more))
        members = np.concatenate([members[rows], added[:, None]], axis=1)
        marks, n = marks[rows] + left[added], n[rows] + people[added]
