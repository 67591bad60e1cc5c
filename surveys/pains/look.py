"""What the page of pain points reads: how often each was named in some weeks, where and in which languages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from surveys.db import query, sql_instant
from surveys.pains.merged import SHOWN
from surveys.pains.quotes import Bounds
from surveys.pains.title import PEOPLE, PERSON
from surveys.weeks import Week

# As far back as answers are kept by default; a longer address would name too many weeks.
MOST_WEEKS: Final = 105
USUAL_WEEKS: Final = 4


@dataclass(frozen=True)
class Span:
    """The chosen weeks, both ends included, out of those there are."""

    first: Week
    last: Week
    choices: Sequence[Week]  # newest first

    @property
    def weeks(self) -> list[Week]:
        """Every week of the span, oldest first."""
        count = (self.last.monday - self.first.monday).days // 7 + 1
        return [self.first.previous(-at) for at in range(count)]

    def bounds(self, zone: ZoneInfo) -> Bounds:
        """Begin and end (not included)."""
        return self.first.bounds(zone)[0], self.last.bounds(zone)[1]


@dataclass
class Named:
    """One pain point with those merged into it: verbatims, people, and people by language and country."""

    verbatims: int = 0
    people: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)


def chosen_span(first: str, last: str, earliest: Week | None, at: datetime, zone: ZoneInfo) -> Span:
    """The weeks an address asks for; without a valid one the running week and the full ones before it."""
    newest = Week.containing(at, zone)
    oldest = max(earliest or newest, newest.previous(MOST_WEEKS - 1))
    count = (newest.monday - oldest.monday).days // 7 + 1 if oldest <= newest else 1
    choices = [newest.previous(back) for back in range(count)]
    end = _week(last, choices) or newest
    begin = _week(first, choices) or max(end.previous(USUAL_WEEKS), choices[-1])
    return Span(min(begin, end), max(begin, end), choices)


def _week(text: str, choices: Sequence[Week]) -> Week | None:
    return next((week for week in choices if str(week) == text.strip().upper()), None)


async def earliest_week() -> Week | None:
    """The first week in which any pain point was named."""
    rows = await query("SELECT MIN(first_week) AS week FROM pain_point")
    return Week.parse(rows[0]["week"]) if rows[0]["week"] else None


async def named_within(span: Span, zone: ZoneInfo) -> Mapping[int, Named]:
    """Every pain point that was named in the span, by the id it is shown as."""
    start, end = map(sql_instant, span.bounds(zone))
    found: dict[int, Named] = {}
    where = "WHERE v.written_at >= {} AND v.written_at < {}"
    rows = await query(
        f"{SHOWN}SELECT s.root, COUNT(DISTINCT v.id) AS n, COUNT(DISTINCT {PERSON}) AS people "
        f"{PEOPLE}{where} GROUP BY s.root",
        start,
        end,
    )
    for row in rows:
        found[int(row["root"])] = Named(int(row["n"]), int(row["people"]))
    kinds: tuple[Literal["language", "country"], ...] = ("language", "country")
    for kind in kinds:
        rows = await query(
            f"{SHOWN}SELECT s.root, COALESCE(v.{kind}, 'unknown') AS value, COUNT(DISTINCT {PERSON}) AS people "
            f"{PEOPLE}{where} GROUP BY s.root, v.{kind}",
            start,
            end,
        )
        for row in rows:
            pain = found[int(row["root"])]
            (pain.languages if kind == "language" else pain.countries)[row["value"]] = int(row["people"])
    return found
