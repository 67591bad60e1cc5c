"""Countries, M49 regions and culture clusters: read from the tables in surveys/data.

A cluster describes a country's survey habits, never a person: it is derived from the declared
country (and, for a few countries, the declared locale) and from nothing else.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from babel import Locale
from babel.core import UnknownLocaleError

WORLD: Final = "001"

# English names by slug, in the order shown; the display names are translated by gettext.
CULTURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "anglo": "Anglo",
        "confucian-asia": "Confucian Asia",
        "eastern-europe": "Eastern Europe",
        "germanic-europe": "Germanic Europe",
        "latin-america": "Latin America",
        "latin-europe": "Latin Europe",
        "middle-east": "Middle East",
        "nordic-europe": "Nordic Europe",
        "southern-asia": "Southern Asia",
        "sub-saharan-africa": "Sub-Saharan Africa",
        "unassigned": "Unassigned",
        "unknown": "Unknown",
    }
)

# Where the declared language decides between two clusters (domain reference 4.2, step 2).
_BY_LANGUAGE: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("BE", "de"): "germanic-europe",
        ("BE", "fr"): "latin-europe",
        ("BE", "nl"): "germanic-europe",
        ("CA", "fr"): "latin-europe",
        ("CH", "de"): "germanic-europe",
        ("CH", "fr"): "latin-europe",
        ("CH", "it"): "latin-europe",
        ("CY", "tr"): "middle-east",
        ("LU", "de"): "germanic-europe",
        ("LU", "lb"): "germanic-europe",
    }
)

CultureRule = Literal["country_language", "country", "no_cluster", "no_country"]


class Culture(NamedTuple):
    """A cluster's slug, and the rule that chose it."""

    slug: str
    rule: CultureRule


@dataclass(frozen=True, slots=True)
class Region:
    """Where a country stands in M49: three-digit codes and UN English names.

    The leaf is the narrowest group: the intermediate region where there is one (in 202 and 419),
    else the sub-region.
    """

    country: str
    region_code: str
    continent: str
    subregion_code: str
    subregion: str
    intermediate_code: str | None
    intermediate: str | None
    leaf_code: str
    leaf: str

    @property
    def path(self) -> tuple[tuple[str, str], ...]:
        """The (code, English name) of every group around the country, widest first."""
        outer = ((self.region_code, self.continent), (self.subregion_code, self.subregion))
        if self.intermediate_code is None or self.intermediate is None:
            return outer
        return (*outer, (self.intermediate_code, self.intermediate))


@dataclass(frozen=True, slots=True)
class RegionNode:
    """An M49 group with the groups inside it, and the countries that stand directly in it."""

    code: str
    name: str
    children: tuple["RegionNode", ...]
    countries: tuple[str, ...]


def is_country(iso2: str) -> bool:
    """Say whether this is an upper-case ISO 3166-1 alpha-2 code, or XK (Kosovo, user-assigned)."""
    return iso2 in _regions()


def countries() -> tuple[str, ...]:
    """List all country codes in alphabetical order."""
    return tuple(_regions())


def region(country: str | None) -> Region | None:
    """Give a country's place in M49; None for no or an unknown country, and for Antarctica (AQ)."""
    return _regions().get(country) if country is not None else None


def leaf_code(country: str | None) -> str | None:
    """Give the M49 code of a country's narrowest group; None where `region` gives None."""
    place = region(country)
    return place.leaf_code if place else None


def is_region(code: str) -> bool:
    """Say whether this is the M49 code of the world or of a group in it."""
    return code in _members()


def descendants(code: str) -> frozenset[str]:
    """List the countries under an M49 code, or the country itself; ValueError for other codes.

    150 holds every European country; 001 holds every country, Antarctica too.
    """
    if is_country(code):
        return frozenset({code})
    if not is_region(code):
        raise ValueError(f"neither a country nor an M49 code: {code!r}")
    return _members()[code]


@cache
def region_tree() -> RegionNode:
    """Give the M49 tree from the world down; siblings by code, countries in alphabetical order."""
    return _node(WORLD, "World", depth=0)


def culture(country: str | None, locale: str | None) -> Culture:
    """Choose the culture cluster by declared country and declared locale (4.2, steps 2, 3, 5).

    Without a known country it is `unknown`: a language alone says too little, so step 4 is not
    used. A country that no cluster fits is `unassigned`.
    """
    if country is None or not is_country(country):
        return Culture("unknown", "no_country")
    language = _subtags(locale)[0].lower() if locale else ""
    by_language = _BY_LANGUAGE.get((country, language))
    if by_language is not None:
        return Culture(by_language, "country_language")
    slug = _clusters()[country]
    return Culture(slug, "no_cluster" if slug == "unassigned" else "country")


def region_name(code: str, locale: str) -> str:
    """Name an M49 group in a language; ValueError for another code."""
    if not is_region(code):
        raise ValueError(f"not an M49 code: {code!r}")
    return _territory(code, locale)


def country_name(code: str, locale: str) -> str:
    """Name a country in a language; ValueError for another code."""
    if not is_country(code):
        raise ValueError(f"not a country: {code!r}")
    return _territory(code, locale)


# CLDR 48 names South-eastern Asia "middle eastern Asia" in Latvian.
_CORRECTED: Final[Mapping[tuple[str, str], str]] = MappingProxyType({("lv", "035"): "Dienvidaustrumāzija"})


@lru_cache(maxsize=5_000)
def _territory(code: str, locale: str) -> str:
    corrected = _CORRECTED.get((_subtags(locale)[0].lower(), code))
    if corrected is not None:
        return corrected
    # CLDR leaves some territories unnamed in small languages; English names all of ours.
    name = _babel_locale(locale).territories.get(code) or Locale("en").territories[code]
    return str(name)


@lru_cache(maxsize=256)
def _babel_locale(locale: str) -> Locale:
    # Babel refuses pairs it has no data for, such as en-LV: drop subtags until it knows the rest.
    subtags = _subtags(locale)
    while subtags:
        try:
            return Locale.parse("_".join(subtags))
        except (UnknownLocaleError, ValueError):
            subtags = subtags[:-1]
    return Locale("en")


def _subtags(locale: str) -> list[str]:
    return locale.replace("_", "-").split("-")


def _rows(table: str) -> Iterator[dict[str, str]]:
    # The csv module keeps NA (Namibia) as text.
    text = (files("surveys") / "data" / table).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines(), delimiter="\t")


@cache
def _regions() -> dict[str, Region | None]:
    return {row["iso2"]: _region(row) for row in _rows("regions_m49.tsv")}


def _region(row: Mapping[str, str]) -> Region | None:
    if not row["region_code"]:
        return None
    return Region(
        country=row["iso2"],
        region_code=row["region_code"],
        continent=row["region"],
        subregion_code=row["subregion_code"],
        subregion=row["subregion"],
        intermediate_code=row["intermediate_code"] or None,
        intermediate=row["intermediate"] or None,
        leaf_code=row["leaf_code"],
        leaf=row["leaf"],
    )


@cache
def _members() -> dict[str, frozenset[str]]:
    members: dict[str, set[str]] = {WORLD: set(_regions())}
    for country, place in _regions().items():
        for code, _ in place.path if place else ():
            members.setdefault(code, set()).add(country)
    return {code: frozenset(group) for code, group in members.items()}


def _node(code: str, name: str, *, depth: int) -> RegionNode:
    children: dict[str, str] = {}
    direct: list[str] = []
    for country in sorted(descendants(code)):
        place = region(country)
        path = place.path if place else ()
        if len(path) > depth:
            children[path[depth][0]] = path[depth][1]
        else:
            direct.append(country)
    nodes = tuple(_node(*child, depth=depth + 1) for child in sorted(children.items()))
    return RegionNode(code, name, nodes, tuple(direct))


@cache
def _clusters() -> dict[str, str]:
    return {row["iso2"]: row["cluster"].lower().replace(" ", "-") for row in _rows("culture_clusters.tsv")}
