"""Which verbatims a filter lets through, and how many each further choice would leave.

The counts beside a facet's values are taken under all the other filters, so they say what choosing that value would
show. They are exact: whoever is signed in may read each verbatim, so nothing is given away; small groups are suppressed in
reports, which leave the house (surveys/suppression.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np

from surveys.places import WORLD, descendants, region
from surveys.verbatims.columns import Columns, Flags, Joint, Numbers, week_number, week_of
from surveys.verbatims.filters import FACETS, NO_THEME, UNKNOWN, Filter
from surveys.weeks import Week

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Found:
    """The positions let through, newest first, and each facet's counts by value."""

    positions: Numbers
    counts: Mapping[str, Counts]


@dataclass(frozen=True)
class Surveys:
    """Survey ids and slugs: addresses name the slug, rows keep the id."""

    slugs: Mapping[int, str]

    def ids(self, slugs: tuple[str, ...]) -> list[str]:
        """The ids of some slugs, as the column has them."""
        return [str(key) for key, slug in self.slugs.items() if slug in slugs]


def find(columns: Columns, wanted: Filter, surveys: Surveys, members: Numbers | None = None) -> Found:
    """What the filter lets through, with counts; `members` are the ids of the pain points it names, if any."""
    masks = _masks(columns, wanted, surveys, members)
    shown = _Shown(columns, masks.values())
    counts = {}
    for facet in FACETS:
        others = [mask for name, mask in masks.items() if name != facet]
        counts[facet] = _counts(_Shown(columns, others) if facet in masks else shown, facet, surveys)
    return Found(shown.positions, counts)


def positions(columns: Columns, wanted: Filter, surveys: Surveys, members: Numbers | None = None) -> Numbers:
    """Only the positions, newest first; for exports and for finding one's place."""
    return _Shown(columns, _masks(columns, wanted, surveys, members).values()).positions


class _Shown:
    """The rows that some masks let through, as flags and as positions; counting by positions is the faster."""

    def __init__(self, columns: Columns, masks: Iterable[Flags]) -> None:
        self.columns = columns
        self.mask = np.ones(columns.size, np.bool_)
        for mask in masks:
            self.mask &= mask
        self.positions = np.flatnonzero(self.mask)
        self._counted: dict[str, dict[str, int]] = {}

    def of(self, codes: Numbers) -> Numbers:
        """The codes of the rows shown."""
        return codes if len(self.positions) == len(codes) else codes[self.positions]

    def by_value(self, name: str) -> dict[str, int]:
        """How many rows each value of a column has; columns of one joint are counted in one pass."""
        if name not in self._counted:
            for joint in self.columns.joints:
                if name in joint.names:
                    self._count(joint)
        return self._counted.get(name, {})

    def _count(self, joint: Joint) -> None:
        table = np.bincount(self.of(joint.codes), minlength=prod(joint.shape)).reshape(joint.shape)
        for axis, name in enumerate(joint.names):
            counts = table.sum(axis=tuple(other for other in range(table.ndim) if other != axis))
            values = self.columns.words[name].values
            self._counted[name] = {values[number]: int(counts[number]) for number in np.flatnonzero(counts)}


def _masks(columns: Columns, wanted: Filter, surveys: Surveys, members: Numbers | None) -> dict[str, Flags]:
    masks = {facet: _mask(columns, facet, wanted.of(facet), surveys) for facet in FACETS if wanted.of(facet)}
    if members is not None:
        masks["pain"] = np.isin(columns.ids, members)
    if wanted.text:
        masks["q"] = columns.texts.holding(wanted.text)[columns.text]
    return masks


def _mask(columns: Columns, facet: str, values: tuple[str, ...], surveys: Surveys) -> Flags:
    if facet == "theme":
        return _theme_mask(columns, values)
    if facet == "week":
        return np.isin(columns.weeks, [week_number(Week.parse(value)) for value in values])
    if facet == "region":
        return _chosen(
            columns, "country", [code for code in columns.words["country"].values if _lies_in(code, values)]
        )
    if facet == "survey":
        return _chosen(columns, facet, surveys.ids(values))
    codes = ["" if facet == "country" and value == UNKNOWN else value for value in values]
    return _chosen(columns, facet, codes)


def _chosen(columns: Columns, name: str, values: list[str]) -> Flags:
    """Rows whose value is one of these, by a table with an entry for each value there is."""
    words = columns.words[name]
    table = np.zeros(len(words.values), np.bool_)
    table[[number for value in values if (number := words.known(value)) is not None]] = True
    return table[columns.codes[name]]


def _theme_mask(columns: Columns, values: tuple[str, ...]) -> Flags:
    mask = np.zeros(columns.size, np.bool_)
    for value in values:
        if value == NO_THEME:
            mask |= _without_theme(columns)
        elif value in columns.themes:
            mask |= columns.themes[value]
    return mask


def _without_theme(columns: Columns) -> Flags:
    """Read, and about nothing we know; what is not analysed yet is not counted as that."""
    mask = columns.analysed.copy()
    for flags in columns.themes.values():
        mask &= ~flags
    return mask


@lru_cache(maxsize=4096)
def _lies_in(country: str, values: tuple[str, ...]) -> bool:
    """Whether a country lies in one of the regions; Antarctica and no country at all lie in `unknown`."""
    place = region(country or None)
    if place is None:
        return UNKNOWN in values
    return any(value == WORLD or country in descendants(value) for value in values if value != UNKNOWN)


def _counts(shown: _Shown, facet: str, surveys: Surveys) -> Counts:
    if facet == "theme":
        return _theme_counts(shown)
    if facet == "week":
        return _week_counts(shown)
    counted = shown.by_value("country" if facet == "region" else facet)
    if facet == "region":
        return _region_counts(counted)
    if facet == "country":
        return {value or UNKNOWN: count for value, count in counted.items()}
    if facet == "survey":
        return {
            slug: count for value, count in counted.items() if (slug := surveys.slugs.get(int(value or 0)))
        }
    return {value: count for value, count in counted.items() if value}


def _theme_counts(shown: _Shown) -> dict[str, int]:
    found = {code: int(np.count_nonzero(flags & shown.mask)) for code, flags in shown.columns.themes.items()}
    found[NO_THEME] = int(np.count_nonzero(_without_theme(shown.columns) & shown.mask))
    return {code: count for code, count in found.items() if count}


def _week_counts(shown: _Shown) -> dict[str, int]:
    weeks = shown.of(shown.columns.weeks)
    if not len(weeks):
        return {}
    first = int(weeks.min())
    counts = np.bincount(weeks - first)
    return {str(week_of(first + int(offset))): int(counts[offset]) for offset in np.flatnonzero(counts)}


def _region_counts(countries: Mapping[str, int]) -> dict[str, int]:
    """Each group counts what lies in it at any depth, so a continent holds its regions."""
    counts: dict[str, int] = {}
    for country, count in countries.items():
        place = region(country or None)
        for code in [code for code, _ in place.path] if place else [UNKNOWN]:
            counts[code] = counts.get(code, 0) + count
    return counts
