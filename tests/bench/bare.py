"""What our pages are measured against, on the same server: a bare hello, and one raw durable insert."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiosqlite
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from surveys.db import SQLITE_PRAGMAS
from surveys.settings import settings


async def hello(_request: Request) -> Response:
    """Nothing but an answer."""
    return PlainTextResponse("hello")


async def insert(request: Request) -> Response:
    """One row on the disk before the answer goes out."""
    await request.body()
    await request.app.state.database.execute("INSERT INTO bare (score) VALUES (9)")
    return PlainTextResponse("kept")


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    path = settings().home / "bare.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, score INT)")
    async with aiosqlite.connect(path, isolation_level=None) as database:
        for name, value in SQLITE_PRAGMAS.items():
            await database.execute(f"PRAGMA {name}={value}")
        app.state.database = database
        yield


def create_app() -> Starlette:
    """The bare application."""
    return Starlette(
        routes=[Route("/hello", hello), Route("/insert", insert, methods=["POST"])], lifespan=_lifespan
    )
