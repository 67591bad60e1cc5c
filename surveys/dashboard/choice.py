"""What a dashboard's address asks for: a week and one value of each filter.

`/dashboard?week=2026-W47&region=154&survey=relationship`. What is not understood is named to the reader, and the rest
applies.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Final
from urllib.parse import urlencode

from babel import Locale

from surveys.digests.snapshot import Counts
from surveys.places import descendants, is_region, leaf_code
from surveys.weeks import Week

FILTERS: Final = ("region", "survey", "language", "touchpoint", "segment")
# Of these a group holds whoever said nothing; it is no choice.
NOBODY: Final = frozenset({"", "unknown"})
LONGEST: Final = 80


@dataclass(frozen=True)
class Choice:
    """A week, the filters in use in the order of FILTERS, and what of the address meant nothing."""

    week: Week
    filters: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[tuple[str, str], ...] = ()

    def address(self) -> str:
        """Where this is found."""
        return f"/dashboard?{urlencode({'week': str(self.week), **self.filters})}"

    def without(self, name: str) -> "Choice":
        """The same less one filter."""
        return replace(self, filters={kept: value for kept, value in self.filters.items() if kept != name})


def chosen(
    pairs: Iterable[tuple[str, str]], *, surveys: Collection[str], at: datetime, zone: tzinfo
) -> Choice:
    """Read an address, given the surveys' slugs; the last full week unless it names another that has begun."""
    week, filters, unknown = None, dict[str, str](), []
    for name, written in list(pairs)[:50]:
        value = written.strip().replace("\x00", "")[:LONGEST]
        if not value or name not in (*FILTERS, "week"):
            continue
        if name == "week":
            week = week or _week(value, at, zone)
            if week is None:
                unknown.append((name, value))
        elif _is_known(name, value, surveys):
            filters.setdefault(name, value)
        else:
            unknown.append((name, value))
    ordered: dict[str, str] = {name: filters[name] for name in FILTERS if name in filters}
    return Choice(week or Week.last_full(at, zone), ordered, tuple(unknown))


def _week(written: str, at: datetime, zone: tzinfo) -> Week | None:
    try:
        week = Week.parse(written.upper())
    except ValueError:
        return None
    return week if week <= Week.containing(at, zone) else None


def _is_known(name: str, value: str, surveys: Collection[str]) -> bool:
    if name == "region":
        return is_region(value) and any(leaf_code(country) == value for country in descendants(value))
    if name == "survey":
        return value in surveys
    if name == "language":
        return value in {"und", "mixed"} or value in Locale("en").languages
    return True


def options(answers: Counts, choice: Choice) -> dict[str, list[str]]:
    """The values of each filter that anybody had in the weeks looked at, and the one chosen; how many had it is not said."""
    return {name: sorted({*answers.column(name).values, *_own(choice, name)} - NOBODY) for name in FILTERS}


def _own(choice: Choice, name: str) -> tuple[str, ...]:
    return (choice.filters[name],) if name in choice.filters else ()
