"""Whether the weekly tables hold what their rows come to, counted from nothing."""

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

    Each week is grouped anew beside what is kept, in one statement that uses neither what units counted as nor what the
    tables held.
    """
    zone = await catch_up()
    weeks = {*await weeks_with_rows(zone), *[Week.parse(week) for week in await _counted_weeks()]}
    found: dict[str, list[Week]] = {}
    for done, week in enumerate(sorted(weeks), 1):
        start, end = (sql_instant(instant) for instant in week.bounds(zone))
        anew = await _counted_anew(week)
        for table in WEEKLY_TABLES:
            if await query(f"{anew} {_unequal(table, week)}", start, end, start, end):
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
        f"WITH counted_unit ({UNIT_COLUMNS}) AS ({responses} UNION ALL {mentions}), "
        f"counted_theme ({THEME_COLUMNS}) AS ({' UNION ALL '.join(named)})"
    )


def _unequal(table: WeeklyTable, week: Week) -> str:
    """A row if either has one that the other has not."""
    columns = ", ".join([*table.keys, *table.sums])
    kept = f"SELECT {columns} FROM {table.name} WHERE week = '{week}'"  # noqa: S608 - our own texts only
    grouped = table.grouped("c.unit <> 0")
    return (
        f"SELECT 1 AS unequal FROM ({grouped} EXCEPT {kept}) a UNION ALL "  # noqa: S608 - our own texts only
        f"SELECT 1 AS unequal FROM ({kept} EXCEPT {grouped}) b LIMIT 1"
    )
