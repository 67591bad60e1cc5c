"""The inbox's address is its filter: which verbatims, in words that can be sent to somebody.

`/inbox?region=154&sentiment=negative&sentiment=mixed&q=…`: values of one name are alternatives, different names must all
hold. What is not understood is named to the reader, and the rest applies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from babel import Locale

from surveys.names import theme_codes
from surveys.places import CULTURES, is_country, is_region
from surveys.scores import EXIT_REASONS, Band
from surveys.taxonomy import taxonomy
from surveys.verbatims.search import LONGEST_QUERY
from surveys.weeks import Week

FACETS: Final[tuple[str, ...]] = (
    "region",
    "country",
    "culture",
    "language",
    "theme",
    "sentiment",
    "band",
    "survey",
    "channel",
    "week",
)
# Filters that have no group of choices of their own; they come with a link.
LINKED: Final = ("pain", "complaint", "source", "touchpoint", "segment", "reason", "person")
# What a response had is whatever its link or import said.
FREE: Final = frozenset({"touchpoint", "segment"})
NAMES: Final = (*FACETS, *LINKED)
UNKNOWN: Final = "unknown"
NO_THEME: Final = "none"
SENTIMENTS: Final = ("negative", "mixed", "neutral", "positive", UNKNOWN)
BANDS: Final = tuple(band.value for band in Band)
# Nobody sends more by hand; a longer address is somebody trying.
MOST_VALUES = 400


@dataclass(frozen=True)
class Filter:
    """Values by name, in the order of NAMES, and the words to look for."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.values or self.text)

    def of(self, facet: str) -> tuple[str, ...]:
        """The values chosen of one facet."""
        return self.values.get(facet, ())

    def without(self, facet: str, value: str) -> "Filter":
        """The same filter less one value; `q` takes the words away."""
        if facet == "q":
            return Filter(self.values, "")
        left = tuple(kept for kept in self.of(facet) if kept != value)
        values = {name: left if name == facet else chosen for name, chosen in self.values.items()}
        return Filter({name: chosen for name, chosen in values.items() if chosen}, self.text)

    def pairs(self) -> list[tuple[str, str]]:
        """Name and value as they stand in the address."""
        pairs = [(name, value) for name in NAMES for value in self.of(name)]
        return [*pairs, ("q", self.text)] if self.text else pairs

    @property
    def linked(self) -> list[tuple[str, str]]:
        """The pairs of filters that have no group of choices; a form has to carry them along."""
        return [(name, value) for name in LINKED for value in self.of(name)]

    def address(self, path: str = "/inbox", **more: str | int | None) -> str:
        """An address that shows what this filter lets through."""
        pairs = [*self.pairs(), *((name, str(value)) for name, value in more.items() if value is not None)]
        return f"{path}?{urlencode(pairs)}" if pairs else path


@dataclass(frozen=True)
class Asked:
    """What an address asks for, and the (name, value) pairs in it that mean nothing here."""

    filter: Filter
    unknown: tuple[tuple[str, str], ...] = ()


def parse(
    pairs: Iterable[tuple[str, str]],
    *,
    surveys: Iterable[str],
    channels: Iterable[str],
    pains: Iterable[str] = (),
) -> Asked:
    """Read an address; surveys (slugs), channels and pain points (ids) are those that exist."""
    named = {"survey": frozenset(surveys), "channel": frozenset(channels), "pain": frozenset(pains)}
    chosen: dict[str, dict[str, None]] = {}
    unknown: dict[tuple[str, str], None] = {}
    text = ""
    for name, written in list(pairs)[:MOST_VALUES]:
        value = written.strip().replace("\x00", "")
        if name == "q":
            text = text or " ".join(value.split())[:LONGEST_QUERY]
        if name not in NAMES or not value:
            continue
        code = _code(name, value, named)
        if code is None:
            unknown[name, value[:80]] = None
        else:
            chosen.setdefault(name, {})[code] = None
    values = {name: tuple(chosen[name]) for name in NAMES if name in chosen}
    return Asked(Filter(values, text), tuple(unknown))


def _code(name: str, value: str, named: Mapping[str, frozenset[str]]) -> str | None:
    """The value as it is kept, or None when there is no such thing."""
    if name in named:
        return value if value in named[name] else None
    if name == "country":
        code = value.upper()
        return code if is_country(code) else _if(value.lower() == UNKNOWN, UNKNOWN)
    if name == "week":
        return _week(value)
    if name in FREE:
        return value[:80]
    code = value.lower()
    if name in {"theme", "complaint"}:
        # An address from before a merger leads to what it is counted as now.
        code = taxonomy().counted(code) or code
    return _if(_is_known(name, code), code)


def _is_known(name: str, code: str) -> bool:
    if name == "region":
        return code == UNKNOWN or is_region(code)
    if name == "language":
        return code in {"und", "mixed"} or code in Locale("en").languages
    plain = {
        "complaint": theme_codes(),
        "source": ("response", "mention"),
        "reason": EXIT_REASONS,
        "person": ("first",),
        "culture": CULTURES,
        "theme": (*theme_codes(), NO_THEME),
        "sentiment": SENTIMENTS,
        "band": BANDS,
    }
    return code in plain[name]


def _week(value: str) -> str | None:
    try:
        return str(Week.parse(value.upper()))
    except ValueError:
        return None


def _if(condition: bool, code: str) -> str | None:
    return code if condition else None
