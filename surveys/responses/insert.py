"""Inserting first answers: those that come at the same moment share one statement, and so one flush to disk.

Nobody is told that an answer is kept before it is on disk. While one statement is being written the next answers
gather; an answer that comes alone is written at once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException

from surveys.db import is_sqlite, query
from surveys.responses.models import State

MOST_AT_ONCE: Final = 64

Columns = Mapping[str, Any]


@dataclass
class _Gathering:
    """Answers that wait for the statement before theirs, and the task that writes."""

    waiting: list[tuple[Columns, asyncio.Future[bool]]] = field(default_factory=list)
    writer: asyncio.Task[None] | None = None


@lru_cache(maxsize=1)
def _gathering_of(_database: BaseDBAsyncClient) -> _Gathering:
    return _Gathering()


async def insert_response(columns: Columns) -> bool:
    """Insert a response of an open link; False when this session has one for the survey already."""
    gathering = _gathering_of(get_connection("default"))
    future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    gathering.waiting.append((columns, future))
    if gathering.writer is None:
        gathering.writer = asyncio.create_task(_write(gathering))
    return await future


async def _write(gathering: _Gathering) -> None:
    try:
        while gathering.waiting:
            batch = gathering.waiting[:MOST_AT_ONCE]
            del gathering.waiting[:MOST_AT_ONCE]
            await _write_batch(batch)
    finally:
        # Whoever answers next starts another writer, however this one came to its end.
        gathering.writer = None


async def _write_batch(batch: Sequence[tuple[Columns, asyncio.Future[bool]]]) -> None:
    try:
        await _write_together(batch)
    except BaseORMException:
        # One row that cannot be written (its survey has just gone) must not cost the others theirs.
        for one in batch:
            await _write_alone(one)
    except Exception as error:  # noqa: BLE001 - each of them is told
        # The database itself is in trouble, which its driver says in words of its own.
        _refuse(batch, error)


async def _write_together(batch: Sequence[tuple[Columns, asyncio.Future[bool]]]) -> None:
    inserted = await _insert([columns for columns, _ in batch])
    for columns, future in batch:
        key = (columns["survey_id"], columns["session_hash"])
        if not future.done():
            # The same session twice in one statement: the first is the answer, the second a repeat.
            future.set_result(key in inserted)
            inserted.discard(key)


async def _write_alone(one: tuple[Columns, asyncio.Future[bool]]) -> None:
    try:
        await _write_together([one])
    except Exception as error:  # noqa: BLE001 - whoever waits for it is told
        _refuse([one], error)


def _refuse(batch: Sequence[tuple[Columns, asyncio.Future[bool]]], error: Exception) -> None:
    for _columns, future in batch:
        if not future.done():
            future.set_exception(error)


async def _insert(rows: Sequence[Columns]) -> set[tuple[int, str]]:
    """Insert what is new; returns survey and session of each row that was."""
    names = list(rows[0])
    places = f"({', '.join(['{}'] * len(names))})"
    statement = (
        f"INSERT INTO response ({', '.join(names)}) VALUES {', '.join([places] * len(rows))} "  # noqa: S608 - our own column names
        "ON CONFLICT DO NOTHING RETURNING survey_id, session_hash"
    )
    as_text = is_sqlite()
    returned = await query(
        statement, *(_stored(row[name], as_text=as_text) for row in rows for name in names)
    )
    return {(row["survey_id"], row["session_hash"]) for row in returned}


def _stored(value: Any, *, as_text: bool) -> Any:
    """A value as Tortoise stores it: SQLite has no type for times, and neither has one for our enums."""
    if isinstance(value, datetime):
        return str(value) if as_text else value
    return value.value if isinstance(value, State) else value
