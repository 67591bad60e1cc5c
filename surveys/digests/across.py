"""Which metrics of groups to tell, so that no linear sum of what one edition tells is of a few people: all metrics together.

Every answer has one metric, so a group's answers less its other metrics are the one that is hidden. The people of an edition
fall into atoms: those of one metric and one group of each table. What is told is a matrix over atoms, and a set of people can
be had from it just if its indicator lies in the row space. All answers of the groups that are shown and everybody's metrics
are told anyway; then metric after metric of each group is told if nobody can be told apart by it, what is printed first, the
largest first. So company is what nobody would miss, and what follows from the rest is told.

Everybody's own metrics are left out of this: how many of all answered a question is no group, and only its score is hidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from surveys.digests.joint import NO_COUNTRY
from surveys.digests.row_space import Told
from surveys.digests.snapshot import METRICS, Counts, Flags, Ints, Level
from surveys.digests.tally import Tally

Cell = tuple[Level, str, str]
Group = tuple[Level, str]
# People by the groups that they are in, in the order of the levels, and their metric; "" where they gave no score.
Atom = tuple[tuple[str, ...], str, int]
PLACES: Final[tuple[Level, ...]] = ("region", "culture", "continent", "country")
ALONE: Final[tuple[Level, ...]] = ("language", "touchpoint", "segment")
# Which metrics print has, and which tables: what comes last goes first where company is needed.
PRINTED: Final = ("nps", "csat", "ces", "exit")
# So many sums of few people of each number of atoms are looked at.
MOST_SUMS: Final = 4000


def atoms_of(now: Counts, levels: tuple[Level, ...]) -> tuple[Atom, ...]:
    """The atoms of this week's answers."""
    metric, given = now.column("metric"), now.of("metric", "exit") & ~now.of("reason", "")
    given |= ~now.of("metric", "exit") & ~now.of("score", "")
    codes = np.where(given, metric.codes, len(metric.values))
    columns = [now.column(level) for level in levels]
    shape = [*(len(column.values) for column in columns), len(metric.values) + 1]
    if not len(now.n):
        return ()
    found, inverse = np.unique(
        np.ravel_multi_index([*(column.codes for column in columns), codes], shape), return_inverse=True
    )
    n = np.bincount(inverse, weights=now.n, minlength=len(found)).astype(np.int64)
    at = np.array(np.unravel_index(found, shape)).T
    metrics = (*metric.values, "")
    return tuple(
        (
            tuple(column.values[code] for column, code in zip(columns, each, strict=False)),
            metrics[each[-1]],
            int(count),
        )
        for each, count in zip(at, n, strict=True)
        if count
    )


@lru_cache(maxsize=512)
def untold(
    atoms: tuple[Atom, ...],
    levels: tuple[Level, ...],
    hidden: frozenset[Group],
    secrets: frozenset[Cell],
    k: int,
) -> frozenset[Cell]:
    """The metrics of groups that are not told, given the groups that are hidden; `secrets` for the sake of other editions."""
    if not atoms:
        return frozenset()
    people = People(atoms, levels, k)
    if not people.groups:
        return frozenset()
    if not people.has_few and not hidden and not secrets:
        return frozenset()
    told = people.given(hidden, secrets)
    if any(not people.is_whole(each) for each in told.lost):
        # Nobody is no secret, but that nobody answered may tell who did.
        people = People(_with_nobody(atoms), levels, k)
        told = people.given(hidden, secrets)
    gone = {cell for cell in people.cells if cell[:2] in hidden or cell in secrets or people.is_few(cell)}
    for cell in sorted(people.cells.keys() - gone, key=people.rank):
        if not told.tell(people.rows(cell)):
            gone.add(cell)
    # Of a group that is hidden, what follows from others anyway is no secret of any edition.
    follows = {
        cell for cell in gone - secrets if not people.is_few(cell) and told.is_told(people.cells[cell])
    }
    return frozenset(gone - follows)


def _with_nobody(atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """With the metrics to which others answered, but nobody of some groups."""
    found = {(groups, metric) for groups, metric, _n in atoms}
    places, asked = sorted({groups for groups, _metric in found}), {metric for _groups, metric in found}
    nobody = [(groups, metric, 0) for groups in places for metric in METRICS if metric in asked]
    return (*atoms, *(atom for atom in nobody if atom[:2] not in found))


def countries_told(
    atoms: tuple[Atom, ...],
    hidden: frozenset[Group],
    gone: frozenset[Cell],
    wanted: Sequence[tuple[str, str]],
    k: int,
) -> frozenset[tuple[str, str]]:
    """Of which countries a metric can be told, too, beside the metrics of groups that are not `gone`."""
    # Of countries it is not told which metrics nobody answered.
    people = People(_with_nobody(atoms), PLACES, k)
    told = people.given(hidden, gone)
    for mask in (mask for cell in people.cells if cell not in gone for mask in people.rows(cell)):
        told.add(mask)
    found = set()
    for country, metric in wanted:
        place = people.groups.get(("country", country))
        if place is None:  # of which nobody answered this week
            continue
        mask = place & people.of_metric(metric)
        n = int(people.n[mask].sum())
        if (n == 0 or n >= k) and told.tell([mask]):
            found.add((country, metric))
    return frozenset(found)


def of_table(groups: Mapping[str, Tally], hidden: frozenset[str], k: int) -> Mapping[str, frozenset[str]]:
    """The groups of a table that stands alone, by metric that is not told of them."""
    atoms = [
        ((name,), metric, tally.n(metric) if metric else tally.responses - sum(map(tally.n, METRICS)))
        for name, tally in groups.items()
        for metric in (*METRICS, "")
    ]
    level: Level = "language"
    gone = untold(
        tuple(atom for atom in atoms if atom[2]),
        (level,),
        frozenset((level, name) for name in hidden),
        frozenset(),
        k,
    )
    return {metric: frozenset(name for _level, name, of in gone if of == metric) for metric in METRICS}


@dataclass(frozen=True)
class People:
    """The atoms of an edition, and what it might tell of them."""

    atoms: tuple[Atom, ...]
    levels: tuple[Level, ...]
    k: int

    @cached_property
    def n(self) -> Ints:
        """People by atom."""
        return np.array([n for _groups, _metric, n in self.atoms], np.int64)

    @property
    def tables(self) -> tuple[Level, ...]:
        """The levels whose groups have rows: countries are only named beside other places."""
        return (
            self.levels if len(self.levels) == 1 else tuple(each for each in self.levels if each != "country")
        )

    @cached_property
    def groups(self) -> Mapping[Group, Flags]:
        """The atoms of each group; who gave no touchpoint or segment is in none."""
        found: dict[Group, Flags] = {}
        for at, level in enumerate(self.levels):
            column = np.array([groups[at] for groups, _metric, _n in self.atoms])
            found |= {(level, str(name)): column == name for name in np.unique(column) if name}
        return found

    @cached_property
    def cells(self) -> Mapping[Cell, Flags]:
        """The atoms of each metric of each group that has any answer to it; beside other tables countries have no rows."""
        return {
            (level, name, metric): mask & self.of_metric(metric)
            for (level, name), mask in self.groups.items()
            for metric in METRICS
            if level in self.tables and (mask & self.of_metric(metric)).any()
        }

    @cached_property
    def _metrics(self) -> Mapping[str, Flags]:
        column = np.array([metric for _groups, metric, _n in self.atoms])
        return {metric: column == metric for metric in (*METRICS, "")}

    def of_metric(self, metric: str) -> Flags:
        """The atoms of a metric."""
        return self._metrics[metric]

    def size(self, cell: Cell) -> int:
        """How many answered."""
        return int(self.n[self.cells[cell]].sum())

    def is_few(self, cell: Cell) -> bool:
        """Whether so few answered that they are hidden."""
        return 0 < self.size(cell) < self.k

    def is_whole(self, mask: Flags) -> bool:
        """Whether these are all who answered some metrics."""
        return all((mask & some).sum() in (0, some.sum()) for some in self._metrics.values())

    def rows(self, cell: Cell) -> list[Flags]:
        """What a number tells: of how many these are, or of each of them that it is nobody."""
        mask = self.cells[cell]
        return [mask] if self.size(cell) else [*np.eye(len(self.n), dtype=np.bool_)[mask]]

    def rank(self, cell: Cell) -> tuple[int, int, int, int, str]:
        """What is told first."""
        level, name, metric = cell
        size = self.size(cell)
        people = size or int(self.n[self.groups[level, name]].sum())
        return min(size, 1), PRINTED.index(metric), self.levels.index(level), -people, name

    @cached_property
    def has_few(self) -> bool:
        """Whether there is anybody to look after: any few people are in an atom of as few, or make up one."""
        return bool(((self.n > 0) & (self.n < self.k)).any())

    def given(self, hidden: frozenset[Group], secrets: frozenset[Cell]) -> Told:
        """What is told in any case: everybody's metrics, and the answers of the groups that are shown."""
        masks = [np.ones(len(self.n), np.bool_), *(self.of_metric(metric) for metric in METRICS)]
        for (level, name), mask in self.groups.items():
            if (level, name) in hidden or (level not in self.tables and name == NO_COUNTRY):
                continue
            masks.append(mask)
            if level not in self.tables:
                masks += [mask & other for (of, _name), other in self.groups.items() if of == "culture"]
        kept = [self.cells[cell] for cell in secrets if cell in self.cells and self.size(cell) >= self.k]
        targets = np.array([*self.targets, *kept], np.bool_).reshape(-1, len(self.n))
        return Told(_once(masks), targets, self.sums)

    @cached_property
    def targets(self) -> Flags:
        """Few people who have a name: a metric of a group, of two groups at once, and those without one."""
        masks = [*self.cells.values(), *(mask & self.of_metric("") for mask in self.groups.values())]
        for one, first in self.groups.items():
            masks += [
                first & second & self.of_metric(metric)
                for other, second in self.groups.items()
                if one[0] < other[0] and {one[0], other[0]} <= {*self.tables} and (first & second).any()
                for metric in METRICS
            ]
        found = _once(masks)
        people = found @ self.n
        return found[(people > 0) & (people < self.k)]

    @cached_property
    def sums(self) -> tuple[Ints, ...]:
        """Atoms that have 1 to k - 1 people together, by how many atoms they are."""
        small = np.flatnonzero((self.n > 0) & (self.n < self.k))
        members, n = small[:, None], self.n[small]
        found = [members]
        for _size in range(2, self.k):
            more = (small > members[:, -1:]) & (n[:, None] + self.n[small] < self.k)
            rows, added = (at[:MOST_SUMS] for at in np.nonzero(more))
            members = np.concatenate([members[rows], small[added][:, None]], axis=1)
            n = n[rows] + self.n[small[added]]
            found.append(members)
        return tuple(each for each in found if len(each))


def _once(masks: Sequence[Flags]) -> Flags:
    """The same masks, each once."""
    return np.array([*{mask.tobytes(): mask for mask in masks}.values()], np.bool_)
