"""What the inbox filters by, of every verbatim, kept in this process as columns of small numbers.

A page with its counts over 100 000 verbatims costs a few milliseconds that way. The database stays the truth: before each
request the rows whose `changed_at` moved are read again (a transaction may commit a while after it took its time, hence
`OVERLAP`), and after a bulk change (`Epoch`) all ids are compared, so that what was erased goes from here too.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from tortoise.connection import get_connection

from surveys.db import is_sqlite, placeholder
from surveys.due import now
from surveys.verbatims.search import Texts, folded_bytes
from surveys.weeks import Week

OVERLAP = timedelta(seconds=30)
# Short enough that nobody else's request waits while many rows are read.
CHUNK = 1000
NAMES = ("country", "culture", "language", "sentiment", "band", "survey", "channel")
SQL_COLUMNS = "country, culture, language, sentiment, band, survey_id, channel"

Numbers = NDArray[np.int64]
Small = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Words:
    """The different values of a column; a row keeps the number of its own. Number 0 is "no value"."""

    def __init__(self) -> None:
        self.values: list[str] = [""]
        self._numbers: dict[str, int] = {"": 0}

    def number(self, value: str) -> int:
        """The number of a value, a new one when it was never seen."""
        if value not in self._numbers:
            self._numbers[value] = len(self.values)
            self.values.append(value)
        return self._numbers[value]

    def known(self, value: str) -> int | None:
        """The number of a value, if any row ever had it."""
        return self._numbers.get(value)


@dataclass
class Columns:
    """All verbatims, newest first. Arrays are replaced, never changed, so a reader's stay whole."""

    ids: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    written: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    changed: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    analysed: Flags = field(default_factory=lambda: np.empty(0, np.bool_))
    text_starts: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    codes: dict[str, Small] = field(default_factory=lambda: {name: np.empty(0, np.int32) for name in NAMES})
    themes: dict[str, Flags] = field(default_factory=dict)
    weeks: Small = field(default_factory=lambda: np.empty(0, np.int32))
    words: dict[str, Words] = field(default_factory=lambda: {name: Words() for name in NAMES})
    texts: Texts = field(default_factory=Texts)
    epoch: int = -1
    zone: ZoneInfo | None = None
    # Raised whenever something moved.
    version: int = 0

    @property
    def size(self) -> int:
        """How many verbatims there are."""
        return len(self.ids)


@dataclass
class _Kept:
    columns: Columns
    lock: asyncio.Lock


# One for each open database: tests open many, a server one.
_kept: WeakKeyDictionary[Any, _Kept] = WeakKeyDictionary()


async def current(zone: ZoneInfo) -> Columns:
    """The columns as the database has them now, with weeks counted in the organisation's zone."""
    kept = _kept.setdefault(get_connection("default"), _Kept(Columns(), asyncio.Lock()))
    async with kept.lock:
        await _refresh(kept.columns)
        if kept.columns.zone != zone or len(kept.columns.weeks) != kept.columns.size:
            kept.columns.weeks = week_numbers(kept.columns.written, zone)
            kept.columns.zone = zone
        return kept.columns


async def reread(zone: ZoneInfo) -> Columns:
    """The same after comparing every id: a row that was shown is gone although no epoch said so."""
    kept = _kept[get_connection("default")]
    kept.columns.epoch = -1
    return await current(zone)


async def _refresh(columns: Columns) -> None:
    epoch = await _rows("SELECT number FROM epoch WHERE id = 1")
    number = int(epoch[0][0]) if epoch else 0
    if number == columns.epoch:
        newest = min(int(columns.changed.max()) if columns.size else 0, _micros(now()))
        since = _instant(newest) - OVERLAP
        place = placeholder(1)
        found = await _rows(f"SELECT id, changed_at FROM verbatim WHERE changed_at >= {place}", _bound(since))  # noqa: S608
    else:
        found = await _rows("SELECT id, changed_at FROM verbatim")
    ids = np.fromiter((row[0] for row in found), np.int64, len(found))
    changed = np.fromiter((_micros(row[1]) for row in found), np.int64, len(found))
    stale = np.isin(columns.ids, ids, invert=True) if number != columns.epoch else np.zeros(columns.size, np.bool_)
    moved = ids[_changed_at(columns, ids) != changed]
    columns.epoch = number
    if not (moved.size or stale.any()):
        return
    read = await _read(columns, [int(key) for key in np.sort(moved)])
    _merge(columns, read, columns.ids[stale])


def _changed_at(columns: Columns, ids: Numbers) -> Numbers:
    """When these rows changed as far as we know; -1 for those we do not know."""
    if not columns.size:
        return np.full(len(ids), -1, np.int64)
    order = np.argsort(columns.ids)
    at = np.minimum(np.searchsorted(columns.ids, ids, sorter=order), columns.size - 1)
    found = order[at]
    return np.where(columns.ids[found] == ids, columns.changed[found], -1)


@dataclass
class _Read:
    """Rows as they came from the database, to be merged in."""

    ids: list[int] = field(default_factory=list)
    written: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    analysed: list[bool] = field(default_factory=list)
    text_starts: list[int] = field(default_factory=list)
    codes: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in NAMES})
    themes: dict[str, list[int]] = field(default_factory=dict)


async def _read(columns: Columns, ids: Sequence[int]) -> _Read:
    read = _Read()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        places = ", ".join(placeholder(number) for number in range(1, len(chunk) + 1))
        rows = await _rows(
            f"SELECT id, written_at, changed_at, analysed_at, masked_text, {SQL_COLUMNS} "  # noqa: S608 - names are ours
            f"FROM verbatim WHERE id IN ({places})",
            *chunk,
        )
        _take(read, rows, columns)
        hits = await _rows(
            f"SELECT verbatim_id, code FROM verbatim_theme WHERE verbatim_id IN ({places})",  # noqa: S608
            *chunk,
        )
        for key, code in hits:
            read.themes.setdefault(code, []).append(key)
    return read


def _take(read: _Read, rows: Iterable[Any], columns: Columns) -> None:
    words = [(read.codes[name], columns.words[name]) for name in NAMES]
    for key, written, changed, analysed, text, *values in rows:
        read.ids.append(key)
        read.written.append(_micros(written))
        read.changed.append(_micros(changed))
        read.analysed.append(analysed is not None)
        read.text_starts.append(columns.texts.add(folded_bytes(text))[0])
        for (numbers, known), value in zip(words, values, strict=True):
            numbers.append(0 if value is None else known.number(str(value)))


def _merge(columns: Columns, read: _Read, gone: Numbers) -> None:
    """Put the rows that were read in the place of what we had of them, newest first."""
    new = np.array(read.ids, np.int64)
    keep = np.isin(columns.ids, np.concatenate([new, gone]), invert=True)
    ids = np.concatenate([columns.ids[keep], new])
    written = np.concatenate([columns.written[keep], np.array(read.written, np.int64)])
    order = np.lexsort((-ids, -written))

    def joined(old: NDArray[Any], fresh: Sequence[int]) -> NDArray[Any]:
        return np.concatenate([old[keep], np.array(fresh, old.dtype)])[order]

    columns.codes = {name: joined(columns.codes[name], read.codes[name]) for name in NAMES}
    themes = {}
    for code in sorted({*columns.themes, *read.themes}):
        old = columns.themes.get(code, np.zeros(columns.size, np.bool_))
        themes[code] = np.concatenate([old[keep], np.isin(new, read.themes.get(code, []))])[order]
    columns.themes = themes
    columns.changed = joined(columns.changed, read.changed)
    columns.analysed = joined(columns.analysed, read.analysed)
    columns.text_starts = joined(columns.text_starts, read.text_starts)
    columns.ids, columns.written = ids[order], written[order]
    columns.weeks = np.empty(0, np.int32)
    columns.version += 1


def week_numbers(written: Numbers, zone: ZoneInfo) -> Small:
    """Each instant's week, counted from the year 1; weeks begin at midnight in the zone, on 167- and 169-hour weeks too."""
    if not len(written):
        return np.empty(0, np.int32)
    first = Week.containing(_instant(int(written.min())), zone)
    last = Week.containing(_instant(int(written.max())), zone)
    span = (last.monday - first.monday).days // 7
    begins = [_micros(first.previous(-position).bounds(zone)[0]) for position in range(1, span + 1)]
    position = np.searchsorted(np.array(begins, np.int64), written, side="right")
    return (position + week_number(first)).astype(np.int32)


def week_number(week: Week) -> int:
    """Weeks since the year 1."""
    return (week.monday.toordinal() - 1) // 7


def week_of(number: int) -> Week:
    """The week with this number."""
    return Week.of(datetime.fromordinal(number * 7 + 1).date())  # noqa: DTZ - a calendar day has no zone


async def _rows(sql: str, *values: Any) -> Sequence[Any]:
    """Rows as tuples: dictionaries of 100 000 rows take five times as long."""
    _, rows = await get_connection("default").execute_query(sql, list(values))
    return rows


def _micros(value: Any) -> int:
    """Microseconds since 1970; SQLite hands instants over as text."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return round(moment.timestamp() * 1_000_000)


def _instant(micros: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def _bound(value: datetime) -> Any:
    return value.isoformat(" ") if is_sqlite() else value
