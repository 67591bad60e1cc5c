"""A week's columns in a table, packed: a process that begins reads half a year of them at once, in the time of a few weeks' rows."""

import json
import zlib
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

import numpy as np

from surveys.dashboard.models import WeekColumns
from surveys.digests.snapshot import Column, Counts

# Little-endian, whatever machine wrote it.
NUMBERS: Final = np.dtype("<i4")
QUICKLY: Final = 1


def told(facts: Any) -> str:
    """Facts as a text of one length."""
    return sha256(json.dumps(facts, default=str).encode()).hexdigest()


def packed(parts: Iterable[Counts]) -> bytes:
    """Counts as bytes: for each its columns' names and values, then a row of numbers for each column, counts last."""
    heads, numbers = [], []
    for each in parts:
        rows = [*(column.codes for column in each.columns.values()), each.n]
        heads.append([[name, list(column.values)] for name, column in each.columns.items()])
        numbers.append(np.array(rows, NUMBERS))
    head = json.dumps([heads, [rows.shape for rows in numbers]], ensure_ascii=False).encode()
    body = b"".join(rows.tobytes() for rows in numbers)
    return zlib.compress(len(head).to_bytes(4, "little") + head + body, QUICKLY)


def unpacked(data: bytes) -> list[Counts]:
    """What was packed: counts of one week, none weeks ago."""
    raw = zlib.decompress(data)
    at = 4 + int.from_bytes(raw[:4], "little")
    heads, shapes = json.loads(raw[4:at])
    found = []
    for head, shape in zip(heads, shapes, strict=True):
        size = shape[0] * shape[1]
        rows = np.frombuffer(raw, NUMBERS, size, at).reshape(shape).astype(np.int64)
        at += size * NUMBERS.itemsize
        columns = {name: Column(rows[place], tuple(values)) for place, (name, values) in enumerate(head)}
        found.append(Counts(np.zeros(shape[1], np.int64), rows[-1], columns))
    return found


async def read(stamps: Mapping[str, str]) -> dict[str, list[Counts]]:
    """Weeks that are kept as they are counted now, given what each was to be counted from."""
    rows = await WeekColumns.filter(week__in=list(stamps)).values_list("week", "stamp", "packed")
    return {week: unpacked(data) for week, stamp, data in rows if stamp == stamps[week]}


async def keep(week: str, stamp: str, parts: Iterable[Counts]) -> None:
    """Keep a week in the place of what was kept of it."""
    row = WeekColumns(week=week, stamp=stamp, packed=packed(parts))
    await WeekColumns.bulk_create([row], on_conflict=["week"], update_fields=["stamp", "packed"])
