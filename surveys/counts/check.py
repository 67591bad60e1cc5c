"""Whether the weekly tables hold what their rows come to, counted from nothing."""

from collections import Counter
from typing import Any

from surveys.counts.reading import (
    OF_MENTIONS,
    OF_RESPONSES,
    THEME_COLUMNS,
    UNIT_COLUMNS,
    mention_units,
    response_units,
    unit_themes,
)
from surveys.counts.tables import WEEKLY_TABLES, WeeklyTable
from surveys.counts.upkeep import Progress, catch_up, weeks_with_rows
from surveys.db import is_sqlite, query, sql_instant
from surveys.taxonomy import counted_themes
from surveys.weeks import Week


async def differences(progress: Progress | None = None) -> dict[str, list[Week]]:
    """The weeks in which a table and the rows disagree, by table; empty when all is well.

    Each week is grouped anew, in a statement that uses neither what units counted as nor what the tables held.
    """
    zone = await catch_up()
    weeks = {*await weeks_with_rows(zone), *[Week.parse(week) for week in await _counted_weeks()]}
    found: dict[str, list[Week]] = {}
    for done, week in enumerate(sorted(weeks), 1):
        start, end = (sql_instant(instant) for instant in week.bounds(zone))
        anew = await _counted_anew(week)
        for table in WEEKLY_TABLES:
            grouped = await query(f"{anew} {table.grouped('c.unit <> 0')}", start, end, start, end)
            if Counter(tuple(row.values()) for row in grouped) != await _kept(table, week):
                found.setdefault(table.name, []).append(week)
        if progress:
            progress(done, len(weeks))
    return found


async def _counted_weeks() -> list[str]:
    parts = [f"SELECT DISTINCT week FROM {table.name}" for table in WEEKLY_TABLES]  # noqa: S608 - our own names
    return [row["week"] for row in await query(" UNION ".join(parts))]


async def _counted_anew(week: Week) -> str:
    """Stands before a SELECT that then finds the week's units and themes as they are, not as they were counted."""
    name, dialect, themes = f"'{week}'", "sqlite" if is_sqlite() else "postgres", await counted_themes()
    responses = response_units(name, "r.submitted_at >= {} AND r.submitted_at < {}", dialect)
    mentions = mention_units(name, "m.published_at >= {} AND m.published_at < {}", dialect)
    named = (unit_themes(tie, themes, "c.unit <> 0") for tie in (OF_RESPONSES, OF_MENTIONS))
    return (
        f"WITH counted_unit ({UNIT_COLUMNS}) AS MATERIALIZED ({responses} UNION ALL {mentions}), "
        f"counted_theme ({THEME_COLUMNS}) AS ({' UNION ALL '.join(named)})"
    )


async def _kept(table: WeeklyTable, week: Week) -> Counter[tuple[Any, ...]]:
    columns = ", ".join([*table.keys, *table.sums])
    rows = await query(f"SELECT {columns} FROM {table.name} WHERE week = {{}}", str(week))  # noqa: S608 - our own names
    return Counter(tuple(row.values()) for row in rows)
