"""Which groups to hide so that no linear sum of what one edition shows is of a few people: all its tables together.

The people of an edition fall into atoms: those of one continent, region, country and culture. A group of any table is a
sum of atoms, so what is shown is a matrix, and a set of people can be had from it by adding and subtracting just if its
indicator lies in the row space. Where one of 1 to k - 1 people does, the smallest group that its sum needs is hidden, until
none is told; what proves needless then is shown again. Groups of the same people in two tables are hidden alike.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Final

import numpy as np

from surveys.digests.snapshot import Counts, Flags, Floats, Ints, Level

PLACES: Final[tuple[Level, ...]] = ("continent", "region", "country", "culture")
Key = tuple[Level, str]
Atom = tuple[tuple[str, ...], int]
EVERYBODY: Final[Key] = ("all", "all")
CLOSE: Final = 1e-6
# Rounds of weighing the sum that tells until few groups are in it.
ROUNDS: Final = 6
# More sums of few people than these take too long to look at.
MOST_SUMS: Final = 4000
# A country of which nobody knows which is not named.
NO_COUNTRY: Final = "unknown"


def atoms_of(answers: Counts, *, countries: bool) -> tuple[Atom, ...]:
    """People by the groups of each table that they are in, in the order of PLACES; in no country where none is told of."""
    return _atoms(answers, np.zeros_like(answers.week), countries=countries).get(0, ())


def atoms_by_week(answers: Counts) -> dict[int, tuple[Atom, ...]]:
    """The same of each week by itself."""
    return _atoms(answers, answers.week, countries=True)


def _atoms(answers: Counts, week: Ints, *, countries: bool) -> dict[int, tuple[Atom, ...]]:
    columns = [answers.column(level) for level in PLACES]
    shape = [answers.bins, *(len(column.values) for column in columns)]
    if not len(answers.n) or not all(shape):
        return {}
    codes = [
        column.codes if countries or level != "country" else np.zeros_like(column.codes)
        for level, column in zip(PLACES, columns, strict=True)
    ]
    found, inverse = np.unique(np.ravel_multi_index([week, *codes], shape), return_inverse=True)
    n = np.bincount(inverse, weights=answers.n, minlength=len(found)).astype(np.int64)
    weeks, *places = np.unravel_index(found[n > 0], shape)
    names = [
        [column.values[code] for code in each.tolist()] for column, each in zip(columns, places, strict=True)
    ]
    atoms: dict[int, list[Atom]] = {}
    for ago, count, groups in zip(weeks.tolist(), n[n > 0].tolist(), zip(*names, strict=True), strict=True):
        atoms.setdefault(ago, []).append((groups, count))
    return {ago: tuple(each) for ago, each in atoms.items()}


@lru_cache(maxsize=2048)
def hidden_jointly(
    atoms: tuple[Atom, ...], hidden: frozenset[Key], k: int, *, countries: bool
) -> frozenset[Key]:
    """What is hidden, and what must be hidden with it; `countries` where their numbers are shown, too."""
    if not atoms:
        return hidden
    people = People(atoms, k, countries)
    everybody = frozenset({EVERYBODY}) if people.n.sum() < k else frozenset[Key]()
    gone = people.alike(hidden) | everybody
    if not people.has_few:
        return gone - everybody
    added: list[Key] = []
    while (target := people.told(gone)) is not None:
        key = people.needed(target, gone)
        added.append(key)
        gone |= people.alike(frozenset({key}))
    for key in sorted(added, key=lambda each: -people.size(each)):
        shown = gone - people.alike(frozenset({key}))
        if hidden <= shown and people.told(shown) is None:
            gone = shown
    return gone - everybody


@dataclass(frozen=True)
class People:
    """The atoms of an edition, and everything that it might show of them."""

    atoms: tuple[Atom, ...]
    k: int
    countries: bool

    @cached_property
    def n(self) -> Ints:
        """People by atom."""
        return np.array([n for _names, n in self.atoms], np.int64)

    @cached_property
    def groups(self) -> Mapping[Key, Flags]:
        """The atoms of each group."""
        found: dict[Key, Flags] = {EVERYBODY: np.ones(len(self.atoms), np.bool_)}
        for at, level in enumerate(PLACES):
            if level == "country" and not self.countries:
                continue
            column = np.array([names[at] for names, _n in self.atoms])
            found |= {(level, str(name)): column == name for name in np.unique(column)}
        return found

    @cached_property
    def rows(self) -> tuple[list[Key], Flags]:
        """What can be shown, with the group that it goes with: groups, and what of a country is in a culture."""
        keys: list[Key] = []
        masks: list[Flags] = []
        for key, mask in self.groups.items():
            if key == ("country", NO_COUNTRY):
                continue
            keys.append(key)
            masks.append(mask)
            if key[0] == "country":
                parts = [mask & other for (level, _name), other in self.groups.items() if level == "culture"]
                some = [part for part in parts if part.any() and (part != mask).any()]
                keys += [key] * len(some)
                masks += some
        return keys, np.array(masks)

    @cached_property
    def few(self) -> Flags:
        """Every set of 1 to k - 1 people; where they are too many, those of fewest atoms and those that have a name."""
        sums, is_complete = self._sums
        if is_complete:
            return sums
        masks = [*self.groups.values()]
        for one, other in combinations(range(len(PLACES)), 2):
            pairs = np.array(["\0".join((names[one], names[other])) for names, _n in self.atoms])
            masks += [pairs == pair for pair in np.unique(pairs)]
        return np.concatenate([self._small(np.array(masks)), sums])

    @cached_property
    def _sums(self) -> tuple[Flags, bool]:
        """Sums of atoms of 1 to k - 1 people, as many as may be looked at; whether these are all."""
        small = [(int(at), int(self.n[at])) for at in np.flatnonzero(self.n < self.k)]
        sums: list[tuple[int, ...]] = []
        wave: list[tuple[tuple[int, ...], int]] = [((at,), n) for at, n in small]
        while wave and len(sums) + len(wave) <= MOST_SUMS:
            sums += [atoms for atoms, _n in wave]
            wave = [
                ((*atoms, at), n + more)
                for atoms, n in wave
                for at, more in small
                if at > atoms[-1] and n + more < self.k
            ]
        found = np.zeros((len(sums), len(self.atoms)), np.bool_)
        for row, atoms in enumerate(sums):
            found[row, list(atoms)] = True
        return found, not wave

    @cached_property
    def has_few(self) -> bool:
        """Whether there is anybody to look after: every few people are in an atom of as few, or make up one."""
        return bool((self.n < self.k).any())

    def _small(self, masks: Flags) -> Flags:
        n = masks @ self.n
        return np.unique(masks[(n > 0) & (n < self.k)], axis=0)

    def size(self, key: Key) -> int:
        """The people of a group."""
        return int(self.n[self.groups[key]].sum()) if key in self.groups else 0

    def alike(self, keys: frozenset[Key]) -> frozenset[Key]:
        """These groups and those of the same people; everybody is never hidden so."""
        same = {self.groups[key].tobytes() for key in keys if key in self.groups}
        return keys | {
            key for key, mask in self.groups.items() if key != EVERYBODY and mask.tobytes() in same
        }

    def _shown(self, gone: AbstractSet[Key]) -> tuple[list[Key], Flags]:
        keys, masks = self.rows
        kept = [at for at, key in enumerate(keys) if key not in gone]
        return [keys[at] for at in kept], masks[kept]

    def told(self, gone: AbstractSet[Key]) -> Flags | None:
        """The fewest people whom what is shown tells apart, None where it tells nobody."""
        keys, masks = self._shown(gone)
        if not keys:
            return None
        targets = self.few.astype(np.float64)
        if not self._sums[1]:
            targets = np.concatenate([targets, self._small(_remainders(keys, masks))])
        if not len(targets):
            return None
        _left, sizes, basis = np.linalg.svd(masks.astype(np.float64), full_matrices=False)
        basis = basis[sizes > CLOSE]
        apart = np.abs(targets - targets @ basis.T @ basis).max(1)
        found = targets[apart < CLOSE]
        if not len(found):
            return None
        fewest: Flags = found[(found @ self.n).argmin()] > 0
        return fewest

    def needed(self, target: Flags, gone: AbstractSet[Key]) -> Key:
        """The smallest group in a short sum that tells these people."""
        keys, masks = self._shown(gone)
        is_used = in_short_sum(masks.astype(np.float64), target.astype(np.float64))
        used = {key for key, one in zip(keys, is_used, strict=True) if one}
        return min(used - {EVERYBODY} or used or set(keys), key=lambda key: (self.size(key), key))


def in_short_sum(matrix: Floats, wanted: Floats) -> Flags:
    """Which rows a short sum needs that comes to what is wanted."""
    weights: Floats = np.ones(len(matrix))
    for _round in range(ROUNDS):
        scaled = matrix * weights[:, None]
        weighed: Floats = np.linalg.lstsq(scaled.T, wanted, rcond=1e-9)[0] * weights
        weights = np.sqrt(np.abs(weighed)) + 1e-4
    used: Flags = np.abs(weighed) > 0.01
    return used


def _remainders(keys: list[Key], masks: Flags) -> Flags:
    """What each group leaves when all groups of a table that lie inside it are taken off, and those of all tables."""
    sizes = masks.sum(1)
    inside = (masks.astype(np.int64) @ masks.T == sizes) & (sizes < sizes[:, None])
    levels = np.array([level for level, _name in keys])
    found = []
    for level in (*PLACES, None):
        of = inside if level is None else inside & (levels == level)
        found.append(masks & ~(of @ masks))
    return np.concatenate(found)
