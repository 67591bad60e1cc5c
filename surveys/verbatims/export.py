"""Exactly what is filtered, as CSV or XLSX: masked words only, nobody's address or customer number.

Columns: `id` of the verbatim; `written_at` (UTC) and its ISO `week` in the organisation's zone; `kind` (response or
mention); `survey` (slug), `metric`, `score`, `band`; `channel` (a mention's source), `touchpoint`, `segment`; `country`,
`region` (M49 leaf), `culture`; `locale` of the form; `language`, `language_confidence`, `sentiment`, the probabilities
`negative`, `neutral`, `positive`; `themes` (codes, with a space between); `text`, masked. Language, sentiment and themes are
those that count: a person's correction where there is one.
"""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final
from zoneinfo import ZoneInfo

import anyio
import anyio.to_thread
import xlsxwriter

from surveys.db import as_instant, query
from surveys.verbatims.look import themes_of
from surveys.weeks import Week

BATCH = 500
STORED: Final = (
    "id, written_at, mention_id, survey_id, metric, score, band, channel, touchpoint, segment, country, region, culture, "
    "locale, language, language_confidence, sentiment, negative, neutral, positive, masked_text"
)
COLUMNS: Final = (
    "id",
    "written_at",
    "week",
    "kind",
    "survey",
    "metric",
    "score",
    "band",
    "channel",
    "touchpoint",
    "segment",
    "country",
    "region",
    "culture",
    "locale",
    "language",
    "language_confidence",
    "sentiment",
    "negative",
    "neutral",
    "positive",
    "themes",
    "text",
)
# Kept to six decimals: a workbook and a text file write longer ones differently.
SHARES: Final = ("language_confidence", "negative", "neutral", "positive")
# A cell that begins so is run as a formula by spreadsheets; an apostrophe makes it text.
# Excel in East Asian languages also takes the full-width signs.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | None


def safe(value: Cell) -> Cell:
    """A cell that no spreadsheet runs."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


async def cells(
    ids: Sequence[int], slugs: Mapping[int, str], zone: ZoneInfo
) -> AsyncIterator[list[list[Cell]]]:
    """The rows with these ids, in this order, by batches."""
    for start in range(0, len(ids), BATCH):
        chunk = ids[start : start + BATCH]
        places = ", ".join(["{}"] * len(chunk))
        found = await query(f"SELECT {STORED} FROM verbatim WHERE id IN ({places})", *chunk)  # noqa: S608 - names are ours
        themes = await themes_of(chunk)
        rows = {row["id"]: _cells(row, themes.get(row["id"], ()), slugs, zone) for row in found}
        yield [rows[key] for key in chunk if key in rows]


def _cells(
    row: Mapping[str, Any], themes: Sequence[str], slugs: Mapping[int, str], zone: ZoneInfo
) -> list[Cell]:
    written = row["written_at"]
    at = as_instant(written)
    made = {
        **row,
        "written_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "week": str(Week.containing(at, zone)),
        "kind": "response" if row["mention_id"] is None else "mention",
        "survey": slugs.get(row["survey_id"] or 0),
        "themes": " ".join(themes),
        "text": row["masked_text"],
    }
    made |= {name: round(made[name], 6) for name in SHARES if made[name] is not None}
    return [safe(made[name]) for name in COLUMNS]


async def as_csv(batches: AsyncIterator[list[list[Cell]]]) -> AsyncIterator[bytes]:
    """UTF-8 with a byte order mark, without which Excel takes it for something else."""
    yield "\ufeff".encode() + _lines([list(COLUMNS)])
    async for rows in batches:
        yield _lines(rows)


def _lines(rows: Sequence[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


async def as_xlsx(batches: AsyncIterator[list[list[Cell]]]) -> Path:
    """Write a workbook to a temporary file, row by row; the caller deletes it."""
    with NamedTemporaryFile(prefix="polyvox-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    try:
        sheet = book.add_worksheet("inbox")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True}))
        written = 1
        async for rows in batches:
            await anyio.to_thread.run_sync(_write_rows, sheet, written, rows)
            written += len(rows)
        sheet.set_column(len(COLUMNS) - 1, len(COLUMNS) - 1, 80)
        await anyio.to_thread.run_sync(book.close)
    except BaseException:
        await anyio.Path(path).unlink(missing_ok=True)
        raise
    return path


def _write_rows(sheet: Any, first: int, rows: Sequence[Sequence[Cell]]) -> None:
    for number, row in enumerate(rows, first):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write_number(number, column, value)
