"""What a reader of one edition's JSON can solve for: every count of a group as an unknown, everything that is told as an equation.

Atoms are the people of a country, culture and metric, and of a language, touchpoint or segment and metric; none is negative.
A group's answers are its metrics, a parent is its children, everybody are the groups of each table and those of none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from surveys.places import countries, culture, region

METRICS = ("nps", "csat", "ces", "exit")
PLACES = {"continents": "continent", "regions": "region", "cultures": "culture"}
ALONE = {"languages": "language", "touchpoints": "touchpoint", "segments": "segment"}
LOCALES = ("", "fr", "nl", "de", "it", "tr", "lb")
# Of those who said none.
NOBODY = {"languages": False, "touchpoints": True, "segments": True}
CLOSE = 1e-6

Atom = tuple[str, ...]
Cell = tuple[str, str, str]


@dataclass
class Edition:
    """Unknowns, and sums of them that are told."""

    atoms: dict[Atom, int] = field(default_factory=dict)
    told: list[tuple[list[int], int]] = field(default_factory=list)

    def add(self, *atom: str) -> int:
        return self.atoms.setdefault(atom, len(self.atoms))

    def tell(self, people: list[int], n: int) -> None:
        self.told.append((people, n))

    def range(self, people: list[int]) -> tuple[float, float]:
        """The fewest and the most that these can be."""
        wanted = np.zeros(len(self.atoms))
        wanted[people] = 1
        rows = [at for at, (some, _n) in enumerate(self.told) for _one in some]
        matrix = csr_array(
            (np.ones(len(rows)), (rows, [one for some, _n in self.told for one in some])),
            shape=(len(self.told), len(self.atoms)),
        )
        ends = []
        for sign in (1, -1):
            found = linprog(sign * wanted, A_eq=matrix, b_eq=[n for _some, n in self.told], method="highs")
            if found.status == 3:
                ends.append(np.inf)
                continue
            assert found.status == 0, found.message
            ends.append(sign * found.fun)
        return ends[0], ends[1]


def solved(figures: dict[str, Any], k: int) -> list[tuple[str, str, str, int]]:
    """The hidden numbers of 1 to k - 1 answers that the edition tells after all."""
    found = []
    for tables in ([*PLACES], *([name] for name in ALONE)):
        edition, cells = _edition(figures, tables)
        for (table, group, metric), people in cells.items():
            if not people:
                continue
            least, most = edition.range(people)
            if most - least < CLOSE and 0 < round(least) < k:
                found.append((table, group, metric, round(least)))
    return found


def _edition(figures: dict[str, Any], tables: list[str]) -> tuple[Edition, dict[Cell, list[int]]]:
    """The unknowns and equations of tables that are looked at together, and the cells that they hide."""
    edition, rows = Edition(), {(name, row["group"]): row for name in tables for row in figures[name]}
    groups: dict[tuple[str, str], list[tuple[Atom, int]]] = {}
    for atom, of in _people(rows, tables):
        for metric in METRICS:
            at = edition.add(*atom, metric)
            for table, group in of:
                groups.setdefault((table, group), []).append(((*atom, metric), at))
    everybody = [*edition.atoms.items()]
    tiles = figures["tiles"]
    totals = {metric: tiles[metric]["n"] for metric in ("nps", "csat", "ces")}
    totals["exit"] = None if figures["exit"]["suppressed"] else figures["exit"]["n"]
    totals["responses"] = tiles["responses"]["n"]
    for metric, n in totals.items():
        if n is not None:
            edition.tell(_of(everybody, metric), n)
    hidden: dict[Cell, list[int]] = {}
    for (table, group), row in rows.items():
        people = groups.get((table, group), [])
        for metric in ("responses", *METRICS):
            n = row["responses"] if metric == "responses" else (row.get(metric) or {}).get("n")
            if n is None:
                hidden[table, group, metric] = _of(people, metric)
            else:
                edition.tell(_of(people, metric), n)
        if table in PLACES:
            _tell_countries(edition, row, people)
    return edition, hidden


def _of(people: list[tuple[Atom, int]], metric: str) -> list[int]:
    return [at for atom, at in people if metric in ("responses", atom[-1])]


def _tell_countries(edition: Edition, row: dict[str, Any], people: list[tuple[Atom, int]]) -> None:
    named = {each["country"]: each["n"] for each in row.get("countries", [])}
    for country, n in named.items():
        edition.tell([at for atom, at in people if atom[0] == country], n)
    if row.get("countries_more") == 0:
        # No other country: nobody is of one.
        edition.tell([at for atom, at in people if atom[0] not in {*named, "unknown"}], 0)


def _people(
    rows: dict[tuple[str, str], Any], tables: list[str]
) -> Iterator[tuple[Atom, list[tuple[str, str]]]]:
    """Everybody who can be, with the rows that count them."""
    if tables[0] not in PLACES:
        (table,) = tables
        for name, group in rows:
            yield (group,), [(name, group)]
        if NOBODY[table]:
            yield ("",), []
        return
    for country in (None, *countries()):
        place = region(country)
        codes = (place.region_code, place.leaf_code) if place else ("unknown", "unknown")
        for slug in sorted({culture(country, f"{of}-{country}" if of else None).slug for of in LOCALES}):
            of = [*zip(("continents", "regions", "cultures"), (*codes, slug), strict=True)]
            if all(each in rows for each in of):
                yield (country or "unknown", slug), of
