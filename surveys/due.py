"""Work is a row: what is due, who holds it, how often it was tried.

A row that needs later work has `due_at` set in the transaction that causes the work. A worker claims a batch by moving
`due_at` to the end of a lease; a worker that dies leaves the lease to run out, and the next one takes the row again. Long
work is held: its lease is short and renewed while somebody works.
Done sets `due_at` to null. After `MOST_ATTEMPTS` failures the row is parked with its error, for a person to look at.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from surveys.db import is_sqlite

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=10)
NOTHING_TO_DO: Mapping[str, Any] = MappingProxyType(
    {"due_at": None, "attempts": 0, "last_error": None, "parked_at": None}
)


class Due(Model):
    """Columns of a row that may need work."""

    due_at = fields.DatetimeField(null=True)
    attempts = fields.IntField(default=0)
    last_error = fields.CharField(max_length=400, null=True)
    parked_at = fields.DatetimeField(null=True)

    class Meta:
        abstract = True


DueRow = TypeVar("DueRow", bound=Due)


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


async def claim(
    kind: type[DueRow],
    *,
    limit: int,
    lease: timedelta = LEASE,
    at: datetime | None = None,
    like: Mapping[str, object] | None = None,
) -> list[DueRow]:
    """Take up to `limit` rows that are due, oldest first; nobody else gets them until the lease ends.

    With `like` only rows with these values.
    """
    instant = at or now()
    async with in_transaction():
        # SQLite needs no row locks: the transaction began as a writer (surveys/sqlite_immediate.py).
        rows = kind.filter(due_at__lte=instant, **(like or {})).order_by("due_at", "id").limit(limit)
        if not is_sqlite():
            rows = rows.select_for_update(skip_locked=True)
        ids = [row.pk for row in await rows.only("id")]
        if not ids:
            return []
        await kind.filter(id__in=ids).update(due_at=instant + lease)
        claimed = await kind.filter(id__in=ids).order_by("id")
        for row in claimed:
            row.attempts += 1
        await kind.bulk_update(claimed, fields=["attempts"])
        return claimed


@contextlib.asynccontextmanager
async def holding(
    kind: type[DueRow], rows: Collection[DueRow], *, lease: timedelta, every: timedelta
) -> AsyncIterator[None]:
    """Renew the lease of what is in `rows`, as they change, for as long as the body runs.

    A row whose lease has run out, or that was made due meanwhile, is no longer held.
    """
    over = asyncio.Event()

    async def renew() -> None:
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), every.total_seconds())
                return
            # A database that is busy now is asked again in a moment; a driver may say so in words of its own.
            with contextlib.suppress(Exception):
                held = kind.filter(id__in=[row.pk for row in rows], due_at__gt=now())
                await held.update(due_at=now() + lease)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        over.set()
        await renewing


async def done(rows: Sequence[DueRow]) -> None:
    """Nothing is left to do for these rows."""
    for row in rows:
        row.update_from_dict(dict(NOTHING_TO_DO))
        await row.save(update_fields=list(NOTHING_TO_DO))


async def failed(
    row: Due, reason: str, *, at: datetime | None = None, waits: Sequence[timedelta] | None = None
) -> None:
    """Try again later, each time after twice the wait, and park after MOST_ATTEMPTS; or after each of `waits`.

    `reason` is an error's name or our own sentence, never the text that was worked on.
    """
    instant = at or now()
    row.last_error = reason[:400]
    if row.attempts >= (MOST_ATTEMPTS if waits is None else len(waits) + 1):
        row.due_at, row.parked_at = None, instant
    elif waits is not None:
        row.due_at = instant + waits[max(0, row.attempts - 1)]
    else:
        row.due_at = instant + FIRST_WAIT * 2 ** max(0, row.attempts - 1)
    await row.save(update_fields=["due_at", "last_error", "parked_at"])
