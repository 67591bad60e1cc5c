"""What the inbox filters by, of every verbatim, kept in this process as columns of small numbers.

A page with its counts over 100 000 verbatims costs a few milliseconds that way. The database stays the truth: before each
request the rows whose `changed_at` moved are read again (a transaction may commit a while after it took its time, hence
`OVERLAP`), and after a bulk change (`Epoch`) all ids are compared, so that what was erased goes from here too.
"""

import asyncio
from array import array
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import prod
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from tortoise.connection import get_connection

from surveys.db import as_instant, query_tuples, sql_instant
from surveys.due import now
from surveys.verbatims.search import Texts, folded_bytes
from surveys.weeks import Week

OVERLAP = timedelta(seconds=30)
_LATE = 300_000_000  # how far behind ours another machine's clock may be, in microseconds
# Short enough that nobody else's request waits while many rows are read.
CHUNK = 500
LARGEST_TABLE = 16384
PAGE = 5000
NAMES = ("country", "culture", "language", "sentiment", "band", "survey", "channel")
SQL_COLUMNS = "country, culture, language, sentiment, band, survey_id, channel"

Numbers = NDArray[np.int64]
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


@dataclass(frozen=True)
class Joint:
    """Several columns in one number a row, so that one pass counts the values of them all."""

    names: tuple[str, ...]
    shape: tuple[int, ...]
    codes: Numbers


@dataclass
class Columns:
    """All verbatims, newest first. Arrays are replaced, never changed, so a reader's stay whole."""

    ids: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    written: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    changed: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    analysed: Flags = field(default_factory=lambda: np.empty(0, np.bool_))
    text: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    # As wide as bincount wants them, which else copies a column each time it counts.
    codes: dict[str, Numbers] = field(default_factory=lambda: {name: np.empty(0, np.int64) for name in NAMES})
    themes: dict[str, Flags] = field(default_factory=dict)
    weeks: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    words: dict[str, Words] = field(default_factory=lambda: {name: Words() for name in NAMES})
    joints: list[Joint] = field(default_factory=list)
    texts: Texts = field(default_factory=Texts)
    epoch: int = -1
    zone: ZoneInfo | None = None
    # The positions in the order of ids, the latest change we know of, and when we last looked.
    by_id: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    newest: int = 0
    looked_at: int = 0

    @property
    def size(self) -> int:
        """How many verbatims there are."""
        return len(self.ids)

    def position(self, ids: Numbers) -> Numbers:
        """Where these ids stand; -1 for those we do not know."""
        if not self.size:
            return np.full(len(ids), -1, np.int64)
        at = np.minimum(np.searchsorted(self.ids, ids, sorter=self.by_id), self.size - 1)
        found = self.by_id[at]
        return np.where(self.ids[found] == ids, found, -1)


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
    started = _micros(now())
    epoch = await query_tuples("SELECT number FROM epoch WHERE id = 1")
    number = int(epoch[0][0]) if epoch else 0
    everything = number != columns.epoch
    if everything:
        ids, changed = await _all_changes()
    else:
        # After a burst of changes its last seconds would be asked for again and again; after a while that is enough.
        seen_to = max(columns.newest, columns.looked_at - _LATE)
        ids, changed = await _changes_since(_instant(min(seen_to, started)) - OVERLAP)
    position = columns.position(ids)
    known = position >= 0
    moved = np.ones(len(ids), np.bool_)
    moved[known] = columns.changed[position[known]] != changed[known]
    gone = columns.ids[np.isin(columns.ids, ids, invert=True)] if everything else columns.ids[:0]
    columns.epoch, columns.looked_at = number, started
    if moved.any() or len(gone):
        _merge(columns, await _read(columns, np.sort(ids[moved]).tolist()), gone)


async def _changes_since(since: datetime) -> tuple[Numbers, Numbers]:
    rows = await query_tuples(
        "SELECT id, changed_at FROM verbatim WHERE changed_at >= {}", sql_instant(since)
    )
    return np.array([row[0] for row in rows], np.int64), np.array([_micros(row[1]) for row in rows], np.int64)


async def _all_changes() -> tuple[Numbers, Numbers]:
    ids, changed = array("q"), array("q")
    async for rows in _pages("SELECT id, changed_at FROM verbatim"):
        ids.extend(row[0] for row in rows)
        changed.extend(_micros(row[1]) for row in rows)
    return np.array(ids, np.int64), np.array(changed, np.int64)


async def _pages(sql: str) -> AsyncIterator[Sequence[Any]]:
    """All rows of a table by pages of ids; everybody else's requests come in between."""
    last = -1
    while rows := await query_tuples(f"{sql} WHERE id > {{}} ORDER BY id LIMIT {PAGE}", last):
        yield rows
        last = rows[-1][0]


@dataclass
class _Read:
    """Rows as the database gave them, to be merged in. Arrays, because lists of numbers take five times as much."""

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    written: "array[int]" = field(default_factory=lambda: array("q"))
    changed: "array[int]" = field(default_factory=lambda: array("q"))
    analysed: "array[int]" = field(default_factory=lambda: array("b"))
    text: "array[int]" = field(default_factory=lambda: array("q"))
    codes: "dict[str, array[int]]" = field(default_factory=lambda: {name: array("l") for name in NAMES})
    themes: "dict[str, array[int]]" = field(default_factory=dict)


async def _read(columns: Columns, ids: Sequence[int]) -> _Read:
    read = _Read()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        places = ", ".join(["{}"] * len(chunk))
        rows = await query_tuples(
            f"SELECT id, written_at, changed_at, analysed_at, masked_text, {SQL_COLUMNS} "  # noqa: S608 - names are ours
            f"FROM verbatim WHERE id IN ({places})",
            *chunk,
        )
        _take(read, rows, columns)
        hits = await query_tuples(
            f"SELECT verbatim_id, code FROM verbatim_theme WHERE verbatim_id IN ({places})",  # noqa: S608
            *chunk,
        )
        for key, code in hits:
            read.themes.setdefault(code, array("q")).append(key)
    return read


def _take(read: _Read, rows: Iterable[Any], columns: Columns) -> None:
    words = [(read.codes[name], columns.words[name]) for name in NAMES]
    for key, written, changed, analysed, text, *values in rows:
        read.ids.append(key)
        read.written.append(_micros(written))
        read.changed.append(_micros(changed))
        read.analysed.append(analysed is not None)
        read.text.append(columns.texts.add(folded_bytes(text)))
        for (numbers, known), value in zip(words, values, strict=True):
            numbers.append(0 if value is None else known.number(str(value)))


def _merge(columns: Columns, read: _Read, gone: Numbers) -> None:
    """Put the rows that were read in the place of what we had of them, newest first."""
    new = np.array(read.ids, np.int64)
    keep = np.isin(columns.ids, np.concatenate([new, gone]), invert=True)
    ids = np.concatenate([columns.ids[keep], new])
    written = np.concatenate([columns.written[keep], np.array(read.written, np.int64)])
    order = np.lexsort((-ids, -written))

    def joined(old: NDArray[Any], fresh: Sequence[int] | NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([old[keep], np.array(fresh, old.dtype)])[order]

    nothing = np.zeros(columns.size, np.bool_)
    columns.themes = {
        code: joined(
            columns.themes.get(code, nothing), np.isin(new, np.array(read.themes.get(code, ()), np.int64))
        )
        for code in sorted({*columns.themes, *read.themes})
    }
    columns.codes = {name: joined(columns.codes[name], read.codes[name]) for name in NAMES}
    columns.changed = joined(columns.changed, read.changed)
    columns.analysed = joined(columns.analysed, read.analysed)
    columns.text = joined(columns.text, read.text)
    columns.ids, columns.written = ids[order], written[order]
    columns.by_id = np.argsort(columns.ids)
    columns.joints = _joints(columns)
    columns.newest = int(columns.changed.max()) if columns.size else 0
    columns.weeks = np.empty(0, np.int64)


def _joints(columns: Columns) -> list[Joint]:
    """Columns with few values share a number, as long as a table of all combinations stays small."""
    groups: list[list[str]] = [[]]
    sizes = {name: len(columns.words[name].values) for name in NAMES}
    for name in sorted(NAMES, key=lambda name: sizes[name]):
        if groups[-1] and prod(sizes[other] for other in [*groups[-1], name]) > LARGEST_TABLE:
            groups.append([])
        groups[-1].append(name)
    return [_joint(columns, names, tuple(sizes[name] for name in names)) for names in groups]


def _joint(columns: Columns, names: list[str], shape: tuple[int, ...]) -> Joint:
    return Joint(tuple(names), shape, np.ravel_multi_index([columns.codes[name] for name in names], shape))


def week_numbers(written: Numbers, zone: ZoneInfo) -> Numbers:
    """Each instant's week, counted from the year 1; weeks begin at midnight in the zone, on 167- and 169-hour weeks too."""
    if not len(written):
        return np.empty(0, np.int64)
    first = Week.containing(_instant(int(written.min())), zone)
    last = Week.containing(_instant(int(written.max())), zone)
    span = (last.monday - first.monday).days // 7
    begins = [_micros(first.previous(-position).bounds(zone)[0]) for position in range(1, span + 1)]
    position = np.searchsorted(np.array(begins, np.int64), written, side="right")
    return position + week_number(first)


def week_number(week: Week) -> int:
    """Weeks since the year 1."""
    return (week.monday.toordinal() - 1) // 7


def week_of(number: int) -> Week:
    """The week with this number."""
    return Week.of(datetime.fromordinal(number * 7 + 1).date())


def _micros(value: datetime | str) -> int:
    """Microseconds since 1970."""
    return round(as_instant(value).timestamp() * 1_000_000)


def _instant(micros: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
