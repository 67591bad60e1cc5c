"""What our pages are measured against, on the same server: a bare hello, and one raw durable insert.

The insert is of the very row that a score makes, into a table of its own with the same columns and indexes: what is left is
what we add to the database's work.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiosqlite
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from surveys.db import SQLITE_PRAGMAS
from surveys.settings import settings

FILE = "bare.sqlite3"
INSERT = (
    "INSERT INTO response (survey_id, state, score, submitted_at, locale, first_locale, session_hash, notice_version, "
    "notice_locale, noticed_at, wording_version, is_demo) VALUES (1, 'partial', 9, ?, 'lv', 'lv', ?, '1', 'lv', ?, 1, 0)"
)


async def hello(_request: Request) -> Response:
    """Nothing but an answer."""
    return PlainTextResponse("hello")


async def insert(request: Request) -> Response:
    """One row on the disk before the answer goes out."""
    await request.body()
    instant = str(datetime.now(UTC))
    await request.app.state.database.execute(INSERT, (instant, secrets.token_hex(32), instant))
    return PlainTextResponse("kept")


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    async with aiosqlite.connect(settings().home / FILE, isolation_level=None) as database:
        for name, value in SQLITE_PRAGMAS.items():
            await database.execute(f"PRAGMA {name}={value}")
        app.state.database = database
        yield


def create_app() -> Starlette:
    """The bare application."""
    return Starlette(
        routes=[Route("/hello", hello), Route("/insert", insert, methods=["POST"])], lifespan=_lifespan
    )
