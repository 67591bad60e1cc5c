"""Counting units: what they counted as is taken out of the weekly tables, then what they are now is put in.

Everything here runs inside a transaction that holds the lock of `counting()`. A unit is read as it is now, whatever
changed it and how often, so counting it again changes nothing; and what changes it while it is being read is noted
again, by triggers.py, and counted by the next round.
"""

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tortoise.transactions import in_transaction

from surveys.counts.reading import (
    OF_MENTIONS,
    OF_RESPONSES,
    THEME_COLUMNS,
    UNIT_COLUMNS,
    mention_units,
    response_units,
    unit_themes,
)
from surveys.counts.tables import WEEKLY_TABLES
from surveys.db import as_instant, execute, is_sqlite, query, sql_instant
from surveys.taxonomy import counted_themes
from surveys.weeks import Week

Values = tuple[Any, ...]


@dataclass(frozen=True)
class Sight:
    """Where a unit stands in the rows as they are now."""

    unit: int
    week: Week
    person: str | None


@asynccontextmanager
async def counting() -> AsyncIterator[None]:
    """One transaction that counts; another waits for its end.

    SQLite lets one transaction write at a time anyway (surveys/sqlite_immediate.py).
    """
    async with in_transaction():
        if not is_sqlite():
            await execute(
                "INSERT INTO counts_state (id, time_zone, themes) VALUES (1, '', '{{}}') ON CONFLICT DO NOTHING"
            )
            await query("SELECT id FROM counts_state WHERE id = 1 FOR UPDATE")
        yield


def among(column: str, kind: str = "BIGINT") -> str:
    """SQL: whether a column is one of a list that is given as one value, so that the statement stays the same."""
    if is_sqlite():
        return f"{column} IN (SELECT value FROM json_each({{}}))"  # noqa: S608 - our own column
    return f"{column} = ANY(CAST({{}} AS {kind}[]))"


def listed(values: Iterable[Any]) -> Any:
    """The list as that one value."""
    return json.dumps(list(values)) if is_sqlite() else list(values)


async def fold(units: Iterable[int], zone: ZoneInfo) -> None:
    """Count units that may have changed, or gone."""
    changed = set(units)
    seen = await _seen(changed, zone)
    people = await _people(changed, seen)
    seconds = await _who_comes_first_without(changed, people)
    if seconds:
        seen += await _seen(seconds, zone)
    everyone = listed(sorted(changed | seconds))
    weeks = await _take_out(everyone)
    by_week: dict[str, list[int]] = {}
    for sight in seen:
        by_week.setdefault(str(sight.week), []).append(sight.unit)
    for week, found in sorted(by_week.items()):
        await _read(week, found)
    await _read_themes(among("c.unit"), everyone)
    await raise_epochs({*weeks, *by_week})
    for table in WEEKLY_TABLES:
        await execute(table.added(among("c.unit")), everyone)
        if weeks:
            await execute(
                f"DELETE FROM {table.name} WHERE {among('week', 'VARCHAR')} AND {table.is_empty}",  # noqa: S608 - our own names
                listed(weeks),
            )
    if seconds and (left := await _first_but_not_counted(people)):
        # Who was to come first has gone, too, or moved; when its own note is read, nothing tells from where.
        await fold(left, zone)


def epoch_of(week: Week) -> int:
    """The number of the row in `epoch` that says how often a week was counted; 1 is the inbox's."""
    return week.year * 100 + week.number


async def raise_epochs(weeks: Iterable[str]) -> None:
    """Tell whoever keeps these weeks' rows in memory that they are others now."""
    for week in sorted(weeks):
        await execute(
            "INSERT INTO epoch (id, number) VALUES ({}, 1) ON CONFLICT (id) DO UPDATE SET number = epoch.number + 1",
            epoch_of(Week.parse(week)),
        )


async def _seen(units: Iterable[int], zone: ZoneInfo) -> list[Sight]:
    """Those of the units that are there and count."""
    responses = [unit for unit in units if unit > 0]
    mentions = [-unit for unit in units if unit < 0]
    rows: list[dict[str, Any]] = []
    if responses:
        rows += await query(
            "SELECT r.id AS unit, r.submitted_at AS at, 'c' || CAST(r.customer_id AS VARCHAR) AS person "  # noqa: S608 - our own texts only
            f"FROM response r WHERE {among('r.id')}",
            listed(responses),
        )
    if mentions:
        rows += await query(
            "SELECT -m.id AS unit, m.published_at AS at, m.author_hash AS person FROM mention m "  # noqa: S608 - our own texts only
            f"JOIN verbatim v ON v.mention_id = m.id WHERE {among('m.id')} AND m.copy_of_id IS NULL",
            listed(mentions),
        )
    return [Sight(row["unit"], Week.containing(as_instant(row["at"]), zone), row["person"]) for row in rows]


async def _people(changed: set[int], seen: Sequence[Sight]) -> dict[str, Sequence[str]]:
    """Week -> whoever wrote what changed there, as it was counted or as it is now."""
    before = await query(
        f"SELECT DISTINCT week, person FROM counted_theme WHERE {among('unit')} AND person IS NOT NULL",  # noqa: S608 - our own texts only
        listed(sorted(changed)),
    )
    people: dict[str, set[str]] = {}
    for week, person in [
        *((row["week"], row["person"]) for row in before),
        *((str(sight.week), sight.person) for sight in seen),
    ]:
        if person is not None:
            people.setdefault(week, set()).add(person)
    return {week: sorted(persons) for week, persons in people.items()}


async def _who_comes_first_without(changed: set[int], people: Mapping[str, Sequence[str]]) -> set[int]:
    """Other units whose complaint is the first of a person in a week and theme, if those that changed are left aside.

    One of these and those that changed is the first in the end, and one of them was before.
    """
    return {unit for unit, _counts in await _firsts(people, changed)}


async def _first_but_not_counted(people: Mapping[str, Sequence[str]]) -> set[int]:
    """Units whose complaint is the first of a person in a week and theme, and does not count as that."""
    return {unit for unit, counts in await _firsts(people) if not counts}


async def _firsts(people: Mapping[str, Sequence[str]], without: Iterable[int] = ()) -> list[tuple[int, int]]:
    """Unit of each person's first complaint by week and theme, and whether it counts as that; some units left aside."""
    found: list[tuple[int, int]] = []
    aside = listed(sorted(without))
    for week, persons in people.items():
        rows = await query(
            "SELECT DISTINCT x.unit, x.counts FROM (SELECT unit, counts, ROW_NUMBER() OVER (PARTITION BY person, code "  # noqa: S608 - our own texts only
            "ORDER BY verbatim_id) AS place FROM counted_theme WHERE week = {} AND complains = 1 "
            f"AND {among('person', 'VARCHAR')} AND NOT {among('unit')}) x WHERE x.place = 1",
            week,
            listed(persons),
            aside,
        )
        found += [(row["unit"], row["counts"]) for row in rows]
    return found


async def _take_out(units: Any) -> list[str]:
    """Take out of the weekly tables what units counted as, and forget it; returns the weeks that lost something."""
    known = await query(f"SELECT DISTINCT week FROM counted_unit WHERE {among('unit')}", units)  # noqa: S608 - our own texts only
    if known:
        for table in WEEKLY_TABLES:
            await execute(table.added(among("c.unit"), "-"), units)
        await execute(f"DELETE FROM counted_theme WHERE {among('unit')}", units)  # noqa: S608 - our own texts only
        await execute(f"DELETE FROM counted_unit WHERE {among('unit')}", units)  # noqa: S608 - our own texts only
    return [row["week"] for row in known]


async def _read(week: str, units: Sequence[int]) -> None:
    """Read units of a week anew."""
    responses = [unit for unit in units if unit > 0]
    mentions = [-unit for unit in units if unit < 0]
    if responses:
        await _read_responses(week, among("r.id"), listed(responses))
    if mentions:
        await _read_mentions(week, among("m.id"), listed(mentions))


async def _read_responses(week: str, where: str, *values: Any) -> None:
    units = response_units(f"'{week}'", where, _dialect())
    await execute(f"INSERT INTO counted_unit ({UNIT_COLUMNS}) {units} ON CONFLICT DO NOTHING", *values)


async def _read_mentions(week: str, where: str, *values: Any) -> None:
    units = mention_units(f"'{week}'", where, _dialect())
    await execute(f"INSERT INTO counted_unit ({UNIT_COLUMNS}) {units} ON CONFLICT DO NOTHING", *values)


async def _read_themes(where: str, *values: Any) -> None:
    themes = await counted_themes()
    for tie, sign in ((OF_RESPONSES, ">"), (OF_MENTIONS, "<")):
        units = unit_themes(tie, themes, f"{where} AND c.unit {sign} 0")
        await execute(f"INSERT INTO counted_theme ({THEME_COLUMNS}) {units} ON CONFLICT DO NOTHING", *values)


async def count_week(week: Week, zone: ZoneInfo) -> None:
    """Count a whole week from its rows, whatever was counted of it before."""
    name = str(week)
    await raise_epochs([name])
    for place in (*(each.name for each in WEEKLY_TABLES), "counted_theme", "counted_unit"):
        await execute(f"DELETE FROM {place} WHERE week = {{}}", name)  # noqa: S608 - our own names
    start, end = (sql_instant(instant) for instant in week.bounds(zone))
    await _read_responses(name, "r.submitted_at >= {} AND r.submitted_at < {}", start, end)
    await _read_mentions(name, "m.published_at >= {} AND m.published_at < {}", start, end)
    await _read_themes("c.week = {}", name)
    for table in WEEKLY_TABLES:
        await execute(table.added("c.week = {}"), name)


def _dialect() -> str:
    return "sqlite" if is_sqlite() else "postgres"


def moved_text(moved: Mapping[str, str | None]) -> str:
    """Which theme counts as which, as the state keeps it."""
    return json.dumps(dict(moved), sort_keys=True)
