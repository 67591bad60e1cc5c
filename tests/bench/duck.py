"""The weekly tables by DuckDB: the same rows in, the same groupings out, by its own SQL engine and in memory."""

import time
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from surveys import db
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
from surveys.counts.upkeep import weeks_with_rows

# The columns that are counted by, and their types there.
TABLES = {
    "survey": "id INTEGER, metric VARCHAR",
    "response": (
        "id INTEGER, survey_id INTEGER, wording_version INTEGER, score INTEGER, exit_reason VARCHAR, state VARCHAR, "
        "submitted_at TIMESTAMPTZ, country VARCHAR, locale VARCHAR, touchpoint VARCHAR, segment VARCHAR, customer_id INTEGER"
    ),
    "mention": "id INTEGER, published_at TIMESTAMPTZ, author_hash VARCHAR, copy_of_id INTEGER",
    "verbatim": (
        "id INTEGER, response_id INTEGER, mention_id INTEGER, country VARCHAR, locale VARCHAR, language VARCHAR, "
        "sentiment VARCHAR, metric VARCHAR, band VARCHAR, analysed_at TIMESTAMPTZ"
    ),
    "verbatim_theme": "id INTEGER, verbatim_id INTEGER, code VARCHAR, polarity VARCHAR",
    "verbatim_pain": "verbatim_id INTEGER, theme VARCHAR, pain_id INTEGER",
}
IN_WEEK = "{row} >= w.starts_at AND {row} < w.ends_at"


async def seconds_and_rows(folder: Path, zone: ZoneInfo) -> tuple[float, dict[str, set[tuple[Any, ...]]]]:
    """How long DuckDB takes for all weeks, its tables filled beforehand, and what it came to."""
    duck = import_module("duckdb").connect()
    for table, columns in TABLES.items():
        await _fill(duck, folder, table, columns)
    duck.execute("CREATE TABLE week (week VARCHAR, starts_at TIMESTAMPTZ, ends_at TIMESTAMPTZ)")
    for week in await weeks_with_rows(zone):
        duck.execute("INSERT INTO week VALUES (?, ?, ?)", [str(week), *week.bounds(zone)])
    began = time.perf_counter()
    for statement in _statements():
        duck.execute(statement)
    took = time.perf_counter() - began
    rows = {
        table.name: set(
            duck.execute(f"SELECT {', '.join([*table.keys, *table.sums])} FROM {table.name}").fetchall()
        )
        for table in WEEKLY_TABLES
    }
    return took, rows


async def _fill(duck: Any, folder: Path, table: str, columns: str) -> None:
    """Through a CSV file: row by row would take longer than all the rest."""
    names = [column.split()[0] for column in columns.split(", ")]
    file = folder / f"{table}.csv"
    with file.open("w", encoding="utf-8") as out:
        for row in await db.query(f"SELECT {', '.join(names)} FROM {table}"):
            out.write("\t".join("" if row[name] is None else str(row[name]) for name in names) + "\n")
    duck.execute(f"CREATE TABLE {table} ({columns})")
    if file.stat().st_size:
        duck.execute(f"COPY {table} FROM '{file}' (HEADER false, NULLSTR '', DELIMITER '\t')")


def _statements() -> list[str]:
    responses = response_units("w.week", IN_WEEK.format(row="r.submitted_at"), "duckdb")
    mentions = mention_units("w.week", IN_WEEK.format(row="m.published_at"), "duckdb")
    units = f"{responses} UNION ALL {mentions}".replace("FROM ", "FROM week w CROSS JOIN ")
    themes = " UNION ALL ".join(
        unit_themes(tie, "verbatim_theme", "c.unit <> 0") for tie in (OF_RESPONSES, OF_MENTIONS)
    )
    return [
        f"CREATE TABLE counted_unit AS SELECT * FROM ({units}) x({UNIT_COLUMNS})",
        f"CREATE TABLE counted_theme AS SELECT * FROM ({themes}) x({THEME_COLUMNS})",
        *(f"CREATE TABLE {table.name} AS {named(table)}" for table in WEEKLY_TABLES),
    ]


def named(table: Any) -> str:
    """The grouping with its columns named."""
    columns = ", ".join([*table.keys, *table.sums])
    return f"SELECT * FROM ({table.grouped('c.unit <> 0')}) x({columns})"
