"""Keeping the weekly tables right: a chore while time goes by, and whoever reads them before reading.

Nothing here trusts that an earlier run came to its end. What is still to be counted stands in rows (`uncounted`,
`uncounted_week`) that go in the transaction that counts it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from surveys.counts.folding import among, count_week, counting, fold, listed, moved_text
from surveys.counts.tables import WEEKLY_TABLES
from surveys.db import as_instant, execute, query, sql_instant
from surveys.organisation.models import the_organisation
from surveys.taxonomy import read_taxonomy
from surveys.weeks import Week

# So many notes are worked off in one transaction: other writers wait a fraction of a second.
NOTES_AT_ONCE: Final = 1000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Waiting:
    """What the tables hold for, and whether anything is to be counted."""

    zone: str
    themes: str
    units: bool
    weeks: bool


async def count_changes() -> int:
    """Chore: work off a batch of what changed, or a week; returns how many rows or weeks."""
    zone, waiting = await _begun()
    if waiting.weeks:
        return await _count_a_week(zone)
    return await _fold_some(zone) if waiting.units else 0


async def catch_up() -> ZoneInfo:
    """Count everything that is still to be counted; returns the zone that the weeks are told apart in."""
    while True:
        zone, waiting = await _begun()
        if waiting.weeks:
            await _count_a_week(zone)
        elif waiting.units:
            if 0 < await _fold_some(zone) < NOTES_AT_ONCE:
                return zone  # those were the last that waited
        elif waiting.zone == zone.key:
            return zone


async def recount(progress: Progress | None = None) -> int:
    """Count all weeks anew from the rows as they are; returns how many weeks there were."""
    zone = (await the_organisation()).zone
    await _begin_anew(zone, moved_text((await read_taxonomy()).moved))
    total = int((await query("SELECT COUNT(*) AS n FROM uncounted_week"))[0]["n"])
    done = 0
    while await _count_a_week(zone):
        done += 1
        if progress:
            progress(done, max(done, total))
    await catch_up()
    return total


async def take_away(units: Sequence[int]) -> None:
    """Count units again at once, in the caller's transaction: what was deleted is to leave no trace behind it."""
    if units:
        async with counting():
            await fold(units, (await the_organisation()).zone)


async def standing() -> Waiting:
    """What the tables hold for and whether anything waits, for whoever reads them without counting."""
    return await _waiting()


async def _begun() -> tuple[ZoneInfo, Waiting]:
    """Make the tables hold for the organisation's zone and the themes as they are, or begin to; and what waits then."""
    zone = (await the_organisation()).zone
    waiting = await _waiting()
    themes = moved_text((await read_taxonomy()).moved)
    if waiting.zone != zone.key:
        await _begin_anew(zone, themes)
    elif waiting.themes != themes:
        await _note_moved_themes(themes)
    else:
        return zone, waiting
    return zone, await _waiting()


async def _waiting() -> Waiting:
    rows = await query(
        "SELECT (SELECT time_zone FROM counts_state WHERE id = 1) AS zone, "
        "(SELECT themes FROM counts_state WHERE id = 1) AS themes, "
        "EXISTS (SELECT 1 FROM uncounted) AS units, EXISTS (SELECT 1 FROM uncounted_week) AS weeks"
    )
    (row,) = rows
    return Waiting(row["zone"] or "", row["themes"] or "", bool(row["units"]), bool(row["weeks"]))


async def _begin_anew(zone: ZoneInfo, themes: str) -> None:
    """Forget every count and name the weeks that are to be counted; the counting itself goes week by week."""
    async with counting():
        for name in (
            *(table.name for table in WEEKLY_TABLES), "counted_theme", "counted_unit", "uncounted", "uncounted_week",
        ):  # fmt: skip
            await execute(f"DELETE FROM {name}")  # noqa: S608 - our own names
        await execute("UPDATE epoch SET number = number + 1 WHERE id > 1")
        for week in await weeks_with_rows(zone):
            await execute("INSERT INTO uncounted_week (week) VALUES ({})", str(week))
        await _keep_state(zone.key, themes)


async def weeks_with_rows(zone: ZoneInfo) -> list[Week]:
    """The weeks in which anybody answered or wrote, in order."""
    answered = await _weeks_of("response", "submitted_at", zone)
    return sorted({*answered, *await _weeks_of("mention", "published_at", zone)})


async def _weeks_of(table: str, column: str, zone: ZoneInfo) -> list[Week]:
    """The weeks that have rows, found by leaping from one to the next."""
    found: list[Week] = []
    after: datetime | None = None
    while True:
        beyond, values = ("", []) if after is None else (f" WHERE {column} >= {{}}", [sql_instant(after)])
        rows = await query(f"SELECT MIN({column}) AS first FROM {table}{beyond}", *values)  # noqa: S608 - our own names
        if rows[0]["first"] is None:
            return found
        week = Week.containing(as_instant(rows[0]["first"]), zone)
        found.append(week)
        after = week.bounds(zone)[1]


async def _keep_state(zone: str, themes: str) -> None:
    await execute(
        "INSERT INTO counts_state (id, time_zone, themes) VALUES (1, {}, {}) "
        "ON CONFLICT (id) DO UPDATE SET time_zone = excluded.time_zone, themes = excluded.themes",
        zone,
        themes,
    )


async def _note_moved_themes(themes: str) -> None:
    """Themes were merged, hidden or brought back: whoever speaks of one of them is to be counted again."""
    async with counting():
        state = await query("SELECT time_zone, themes FROM counts_state WHERE id = 1")
        before, after = _moved(state[0]["themes"]), _moved(themes)
        codes = sorted(
            code for code in before.keys() | after.keys() if before.get(code, code) != after.get(code, code)
        )
        await execute(
            "INSERT INTO uncounted (unit) SELECT DISTINCT COALESCE(v.response_id, -v.mention_id) FROM verbatim_theme t "  # noqa: S608 - our own texts only
            f"JOIN verbatim v ON v.id = t.verbatim_id WHERE {among('t.code', 'VARCHAR')} "
            "AND COALESCE(v.response_id, v.mention_id) IS NOT NULL",
            listed(codes),
        )
        await _keep_state(state[0]["time_zone"], themes)


def _moved(themes: str) -> dict[str, Any]:
    return dict(json.loads(themes or "{}"))


async def _count_a_week(zone: ZoneInfo) -> int:
    """Count the latest week that waits; 0 when none does."""
    async with counting():
        waiting = await query("SELECT week FROM uncounted_week ORDER BY week DESC LIMIT 1")
        if not waiting or (await _waiting()).zone != zone.key:
            return 0
        await count_week(Week.parse(waiting[0]["week"]), zone)
        await execute("DELETE FROM uncounted_week WHERE week = {}", waiting[0]["week"])
    return 1


async def _fold_some(zone: ZoneInfo) -> int:
    """Work off the oldest notes; returns how many, 0 when there are none."""
    async with counting():
        notes = await query(f"SELECT id, unit FROM uncounted ORDER BY id LIMIT {NOTES_AT_ONCE}")  # noqa: S608 - our own number
        if not notes or (await _waiting()).zone != zone.key:
            return 0
        await fold({row["unit"] for row in notes}, zone)
        await execute(f"DELETE FROM uncounted WHERE {among('id')}", listed(row["id"] for row in notes))  # noqa: S608 - our own texts only
    return len(notes)
