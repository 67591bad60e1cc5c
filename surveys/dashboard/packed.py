"""A week's columns in a table, packed: a process that begins reads half a year of them at once, in the time of a few weeks' rows."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from surveys.dashboard.models import WeekColumns
from surveys.digests.snapshot import Column, Counts, Ints

# Numbers are as narrow as the largest allows; little-endian, whatever machine wrote them.
NARROW: Final = tuple(np.dtype(name) for name in ("u1", "<u2", "<u4", "<i8"))
# With another, what was kept before is counted anew.
FORMAT: Final = 2


def told(facts: Any) -> str:
    """Facts as a text of one length."""
    return sha256(json.dumps([FORMAT, facts], default=str).encode()).hexdigest()


def packed(parts: Iterable[Counts]) -> bytes:
    """Counts as bytes: for each its columns' names and values, then a row of numbers for each column, counts last."""
    heads, numbers = [], list[bytes]()
    for each in parts:
        rows = [_narrow(row) for row in (*(column.codes for column in each.columns.values()), each.n)]
        names = [[name, list(column.values)] for name, column in each.columns.items()]
        heads.append([len(each.n), names, [row.dtype.str for row in rows]])
        numbers += [row.tobytes() for row in rows]
    head = json.dumps(heads, ensure_ascii=False).encode()
    return b"".join([len(head).to_bytes(4, "little"), head, *numbers])


def _narrow(row: Ints) -> NDArray[Any]:
    most = int(row.max(initial=0))
    return row.astype(next(kind for kind in NARROW if most <= np.iinfo(kind).max))


def unpacked(data: bytes) -> list[Counts]:
    """What was packed: counts of one week, none weeks ago."""
    at = 4 + int.from_bytes(data[:4], "little")
    found = []
    for size, names, kinds in json.loads(data[4:at]):
        rows = list[Ints]()
        for kind in map(np.dtype, kinds):
            rows.append(np.frombuffer(data, kind, size, at).astype(np.int64))
            at += size * kind.itemsize
        columns = {name: Column(rows[place], tuple(values)) for place, (name, values) in enumerate(names)}
        found.append(Counts(np.zeros(size, np.int64), rows[-1], columns))
    return found


async def read(stamps: Mapping[str, str]) -> dict[str, list[Counts]]:
    """Weeks that are kept as they are counted now, given what each was to be counted from."""
    rows = await WeekColumns.filter(week__in=list(stamps)).values_list("week", "stamp", "packed")
    return {week: unpacked(data) for week, stamp, data in rows if stamp == stamps[week]}


async def keep(week: str, stamp: str, parts: Iterable[Counts]) -> None:
    """Keep a week in the place of what was kept of it."""
    row = WeekColumns(week=week, stamp=stamp, packed=packed(parts))
    await WeekColumns.bulk_create([row], on_conflict=["week"], update_fields=["stamp", "packed"])
