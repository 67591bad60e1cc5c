"""Which groups an edition hides, so that neither a table, nor two tables, nor two editions give a few people away.

A group of 1 to k - 1 answers is hidden, and enough others with it (surveys/suppression.py): inside each table, inside each
continent and region (what is left of it when the others are taken off), and where of two groups that are shown one lies
inside the other and only a few answers are outside. Then all tables of places are looked at together (joint.py), and all
metrics of the groups that are shown (across.py). A week in which a group was hidden is not in its past either: else the pasts
of two editions, subtracted, would tell it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from surveys.digests import across
from surveys.digests import metrics as by_group
from surveys.digests.joint import EVERYBODY, PLACES, Atom, Key, atoms_by_week, atoms_of, hidden_jointly
from surveys.digests.snapshot import Counts, Flags, Level, Snapshot
from surveys.suppression import suppressed, suppressed_metric

NESTED: Final[tuple[tuple[Level, Level], ...]] = (("continent", "region"), ("region", "country"))
CROSSED: Final[tuple[tuple[Level, Level], ...]] = (
    ("culture", "region"), ("culture", "continent"), ("culture", "country"), ("continent", "culture"), ("region", "culture"),
)  # fmt: skip
# Tables of places that show metrics.
SCORED_PLACES: Final[tuple[Level, ...]] = ("continent", "region", "culture")
ROWS: Final[tuple[Level, ...]] = (*SCORED_PLACES, *across.ALONE)
Hidden = dict[Level, set[str]]


def hidden_groups(snapshot: Snapshot) -> Mapping[Level, frozenset[str]]:
    """The groups of each level that this edition does not show."""
    now, apart, k = snapshot.answers.within(0, 0), snapshot.apart.groups, snapshot.k
    seeds = {(level, name) for level in PLACES for name in apart.get(level, ())}
    if apart.get("all"):
        seeds.add(EVERYBODY)
    found = dict(_hidden_places(atoms_of(now, countries=True), frozenset(seeds), k))
    others: tuple[Level, ...] = ("language", "touchpoint", "segment")
    for level in others:
        table = _table(now, level)
        # Who gave no touchpoint or segment has no row, but is what everybody less the rows leaves.
        hidden = set(suppressed(table, k)) | (apart.get(level, frozenset()) & table.keys())
        _covered(table, hidden, k)
        found[level] = frozenset(hidden - {""})
    return found


@lru_cache(maxsize=512)
def _hidden_places(atoms: tuple[Atom, ...], seeds: frozenset[Key], k: int) -> Mapping[Level, frozenset[str]]:
    """The groups of places that are hidden; `seeds` are hidden for the sake of other editions."""
    tables = {level: _table_of(atoms, level) for level in PLACES}
    # The small groups: which others go with them, the rounds below decide.
    hidden: Hidden = {
        level: {name for name, n in table.items() if suppressed_metric(n, k) or (level, name) in seeds}
        for level, table in tables.items()
    }
    if any(hidden.values()) or any(n < k for _names, n in atoms):
        crosses = {pair: _cross(atoms, *pair) for pair in (*NESTED, *CROSSED)}
        everybody = seeds & {EVERYBODY}
        while _hide_more(tables, crosses, hidden, k) or _hide_jointly(atoms, hidden, everybody, k):
            pass
    return {level: frozenset(groups) for level, groups in hidden.items()}


def _hide_jointly(atoms: tuple[Atom, ...], hidden: Hidden, everybody: frozenset[Key], k: int) -> bool:
    """Hide what all tables of places together would tell; whether anything was hidden."""
    before = everybody | {(level, name) for level in PLACES for name in hidden[level]}
    found = hidden_jointly(atoms, before, k, countries=True) - before
    for level, name in found:
        hidden[level].add(name)
    return bool(found)


def with_metrics_apart(snapshot: Snapshot, hidden: Mapping[Level, frozenset[str]]) -> Snapshot:
    """The same with the metrics of groups hidden that all that is told of this edition together would tell."""
    now, k = snapshot.answers.within(0, 0), snapshot.k
    apart = snapshot.apart.metrics
    found = {key: set(names) for key, names in apart.items()}
    for levels in (across.PLACES, *((level,) for level in across.ALONE)):
        groups = frozenset((level, name) for level in levels for name in hidden.get(level, ()))
        secrets = frozenset(
            (level, name, metric)
            for (level, metric), names in apart.items()
            if level in levels
            for name in names
        )
        for level, name, metric in across.untold(across.atoms_of(now, levels), levels, groups, secrets, k):
            found.setdefault((level, metric), set()).add(name)
    metrics = {key: frozenset(names) for key, names in found.items()}
    for metric in by_group.METRICS:
        mine = now.where(_given(now, metric))
        for level in ROWS:
            # What a table alone would hide is hidden in findings, too.
            some, gone = metrics.get((level, metric), frozenset()), hidden.get(level, frozenset())
            table = by_group.metric_hidden(_table(mine, level), gone, k, some) - gone
            metrics[level, metric] = some | table
    return replace(snapshot, apart=replace(snapshot.apart, metrics=metrics))


def _given(now: Counts, metric: str) -> Flags:
    """The rows that answered a metric."""
    return now.of("metric", metric) & ~now.of("reason" if metric == "exit" else "score", "")


def countries_told(
    snapshot: Snapshot, hidden: Mapping[Level, frozenset[str]], wanted: Collection[tuple[str, str]]
) -> frozenset[tuple[str, str]]:
    """Of which countries a metric may be told as well, given a snapshot with its metrics apart."""
    gone = frozenset(
        (level, name, metric)
        for (level, metric), names in snapshot.apart.metrics.items()
        if level in across.PLACES
        for name in names
    )
    groups = frozenset((level, name) for level in across.PLACES for name in hidden.get(level, ()))
    atoms = across.atoms_of(snapshot.answers.within(0, 0), across.PLACES)
    return across.countries_told(atoms, groups, gone, sorted(wanted), snapshot.k) if atoms else frozenset()


def alone(snapshot: Snapshot, hidden: Mapping[Level, frozenset[str]]) -> Snapshot:
    """The same with the metrics of groups hidden that each metric's own tables would tell, of those that are not told."""
    now, k = snapshot.answers.within(0, 0), snapshot.k
    found = dict(snapshot.apart.metrics)
    untold = with_metrics_apart(snapshot, hidden).apart.metrics
    for metric in by_group.METRICS:
        atoms, gone = atoms_of(now.where(_given(now, metric)), countries=False), frozenset[Key]()
        for level in SCORED_PLACES:
            apart = found.get((level, metric), frozenset())
            without = by_group.metric_hidden(_table_of(atoms, level), hidden[level], k, apart)
            gone |= {(level, name) for name in without}
        if found.get(("all", metric)) or snapshot.apart.groups.get("all"):
            gone |= {EVERYBODY}
        for level, name in hidden_jointly(atoms, gone, k, countries=False) - {EVERYBODY}:
            if name in untold.get((level, metric), frozenset()):
                found[level, metric] = found.get((level, metric), frozenset()) | {name}
    return replace(snapshot, apart=replace(snapshot.apart, metrics=found))


def _table(answers: Counts, level: Level) -> dict[str, int]:
    column = answers.column(level)
    n = np.bincount(column.codes, weights=answers.n, minlength=len(column.values))
    return {value: int(n[at]) for at, value in enumerate(column.values) if n[at]}


def _table_of(atoms: tuple[Atom, ...], level: Level) -> dict[str, int]:
    at, found = PLACES.index(level), Counter[str]()
    for names, n in atoms:
        found[names[at]] += n
    return dict(sorted(found.items()))


def _cross(atoms: tuple[Atom, ...], outer: Level, inner: Level) -> dict[str, dict[str, int]]:
    """Answers of each outer group by inner group."""
    at = PLACES.index(outer)
    return {
        name: _table_of(tuple(atom for atom in atoms if atom[0][at] == name), inner)
        for name in _table_of(atoms, outer)
    }


def _hide_more(
    tables: Mapping[Level, Mapping[str, int]],
    crosses: Mapping[tuple[Level, Level], Mapping[str, Mapping[str, int]]],
    hidden: Hidden,
    k: int,
) -> bool:
    """One round; whether anything was hidden.

    What a group less another would tell comes first: it often is the company that a small group needs.
    """
    before = sum(map(len, hidden.values()))
    for outer, inner in CROSSED:
        _hide_remainders(tables[inner], crosses[outer, inner], (hidden[outer], hidden[inner]), k)
    _covered(tables["continent"], hidden["continent"], k)
    for outer, inner in NESTED:
        for group, parts in crosses[outer, inner].items():
            if group in hidden[outer]:
                # What lies inside a hidden group would add up to it.
                if inner == "country":
                    hidden[inner] |= set(parts)
            elif not _covered(parts, hidden[inner], k):
                hidden[outer].add(group)
    for level in ("region", "culture"):
        inside = _inside_hidden(crosses["continent", level], hidden["continent"])
        _covered(tables[level], hidden[level], k, first=inside)
    return sum(map(len, hidden.values())) > before


def _inside_hidden(cross: Mapping[str, Mapping[str, int]], hidden: set[str]) -> set[str]:
    """The inner groups that lie wholly in outer groups that are hidden: hiding them tells nothing more."""
    shown = {name for group, parts in cross.items() if group not in hidden for name in parts}
    return {name for group in hidden for name in cross.get(group, ())} - shown


def _covered(
    parts: Mapping[str, int], hidden: set[str], k: int, first: Collection[str] = frozenset()
) -> bool:
    """Hide more of a table's parts until those hidden cover each other; False where there are not enough of them.

    The smallest go first, before them those in `first`.
    """
    gone = [name for name in parts if name in hidden]
    held = sum(parts[name] for name in gone)
    for _n, name in sorted(
        ((n, name) for name, n in parts.items() if name not in hidden),
        key=lambda part: (part[1] not in first, part),
    ):
        if not gone or (len(gone) > 1 and held >= k):
            break
        hidden.add(name)
        gone.append(name)
        held += parts[name]
    return not gone or (len(gone) > 1 and held >= k)


def _hide_remainders(
    inner_table: Mapping[str, int],
    cross: Mapping[str, Mapping[str, int]],
    hidden: tuple[set[str], set[str]],
    k: int,
) -> None:
    """Where an inner group lies wholly inside an outer one and 1 to k - 1 answers are left, hide the inner one."""
    outer_hidden, inner_hidden = hidden
    for group, parts in cross.items():
        if group in outer_hidden:
            continue
        total = sum(parts.values())
        for name, n in parts.items():
            if name not in inner_hidden and inner_table.get(name) == n and suppressed_metric(total - n, k):
                inner_hidden.add(name)


def hidden_weeks(snapshot: Snapshot, levels: Iterable[Level]) -> dict[Level, Flags]:
    """Of some levels, by group and week, whether a group was too small to show, or hidden with one that was."""
    places = {
        ago: _hidden_places(atoms, frozenset(), snapshot.k)
        for ago, atoms in atoms_by_week(snapshot.answers).items()
    }
    return {level: _hidden_weeks(snapshot, level, places) for level in levels}


def _hidden_weeks(
    snapshot: Snapshot, level: Level, places: Mapping[int, Mapping[Level, frozenset[str]]]
) -> Flags:
    table = snapshot.answers.table(level)
    values = snapshot.answers.column(level).values
    flags = np.zeros(table.shape, np.bool_)
    if level == "all":
        return flags
    if level in snapshot.apart.weeks:
        flags |= snapshot.apart.weeks[level]
    small = ((table > 0) & (table < snapshot.k)).any(0)
    for week in np.flatnonzero(small):
        gone = suppressed({value: int(table[at, week]) for at, value in enumerate(values)}, snapshot.k)
        flags[:, week] |= np.array([value in gone for value in values])
    for ago, hidden in places.items() if level in PLACES else ():
        flags[:, ago] |= np.array([value in hidden[level] for value in values])
    return flags
