"""Whether the weekly tables hold what their rows come to."""

import contextlib
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from surveys.counts.folding import count_week, counting, fold
from surveys.counts.tables import WEEKLY_TABLES, WeeklyTable
from surveys.counts.upkeep import Progress, catch_up, weeks_with_rows
from surveys.db import query
from surveys.weeks import Week


class _LeaveAsItWasError(Exception):
    """The week has been counted anew and compared; nothing of that is to stay."""


async def differences(progress: Progress | None = None) -> dict[str, list[Week]]:
    """The weeks in which a table and the rows disagree, by table; empty when all is well.

    Each week is counted anew from all its rows, compared with what was kept, and then left as it was.
    """
    zone = await catch_up()
    weeks = {*await weeks_with_rows(zone), *[Week.parse(week) for week in await _counted_weeks()]}
    found: dict[str, list[Week]] = {}
    for done, week in enumerate(sorted(weeks), 1):
        for name in await _unequal(week, zone):
            found.setdefault(name, []).append(week)
        if progress:
            progress(done, len(weeks))
    return found


async def _counted_weeks() -> list[str]:
    parts = [f"SELECT DISTINCT week FROM {table.name}" for table in WEEKLY_TABLES]  # noqa: S608 - our own names
    return [row["week"] for row in await query(" UNION ".join(parts))]


async def _unequal(week: Week, zone: ZoneInfo) -> list[str]:
    found: list[str] = []
    await catch_up()
    with contextlib.suppress(_LeaveAsItWasError):
        async with counting():
            found = await _compared(week, zone)
            _leave_as_it_was()
    return found


async def _compared(week: Week, zone: ZoneInfo) -> list[str]:
    # Other work goes on: what came since everything was counted is no error.
    noted = await query("SELECT DISTINCT unit FROM uncounted")
    await fold({row["unit"] for row in noted}, zone)
    kept = [await _rows(table, week) for table in WEEKLY_TABLES]
    await count_week(week, zone)
    anew = [await _rows(table, week) for table in WEEKLY_TABLES]
    return [
        table.name for table, before, after in zip(WEEKLY_TABLES, kept, anew, strict=True) if before != after
    ]


def _leave_as_it_was() -> None:
    raise _LeaveAsItWasError


async def _rows(table: WeeklyTable, week: Week) -> Counter[tuple[Any, ...]]:
    columns = ", ".join([*table.keys, *table.sums])
    rows = await query(f"SELECT {columns} FROM {table.name} WHERE week = {{}}", str(week))  # noqa: S608 - our own names
    return Counter(tuple(row.values()) for row in rows)
