"""What commands share: statuses, the open database, talk on stderr, data on stdout, a bar for people."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import typer

from surveys.errors import Refused, SettingsError

Result = TypeVar("Result")

DONE, WITH_REJECTIONS, REFUSED, FAILED = 0, 1, 2, 3


def run(work: Coroutine[Any, Any, Result], *, migrated: bool = True) -> Result:
    """Run a command's work with the database open, and close it whatever happens.

    A database without tables is made ready first, unless the command itself does so (`migrated=False`).
    """
    # `--help` and `understand` must not load the ORM.
    from surveys.db import database  # noqa: PLC0415 - see above

    async def with_database() -> Result:
        _check_folder()
        async with database():
            if migrated:
                await _made_ready()
            try:
                return await work
            finally:
                await _nudge_closed()

    try:
        return asyncio.run(with_database())
    finally:
        # When the database could not be opened the work never began, and must not complain about that.
        work.close()


def _check_folder() -> None:
    """Say so when there is no folder for the SQLite file, before a connection fails for no reason given."""
    from surveys.db import tortoise_config  # noqa: PLC0415 - see run()

    connection = tortoise_config()["connections"]["default"]
    folder = Path(connection["credentials"].get("file_path", "")).parent
    if not folder.is_dir():
        msg = f"DATABASE_URL: there is no folder {folder}."
        raise SettingsError(msg)


async def _nudge_closed() -> None:
    """Close the broker's connection, if there is a broker; loading its client takes half a second."""
    from surveys.settings import settings  # noqa: PLC0415 - see run()

    if settings().broker_url:
        from surveys import nudge  # noqa: PLC0415 - see above

        await nudge.close()


async def _made_ready() -> None:
    """Make the tables of a new SQLite database; another database is the administrator's to migrate."""
    from tortoise.exceptions import BaseORMException  # noqa: PLC0415 - see run()

    from surveys import db  # noqa: PLC0415 - see run()

    try:
        found = await db.query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'survey'"
            if db.is_sqlite()
            else "SELECT table_name FROM information_schema.tables WHERE table_name = 'survey'"
        )
    except (BaseORMException, OSError, sqlite3.Error) as error:
        msg = f"DATABASE_URL: the database cannot be opened ({type(error).__name__})."
        raise SettingsError(msg) from error
    if found:
        return
    if not db.is_sqlite():
        msg = "The database has no tables yet. Please run: polyvox migrate"
        raise Refused(msg)
    await db.migrate()


def say(sentence: str) -> None:
    """Something for the person at the terminal; data goes to stdout, talk to stderr."""
    typer.echo(sentence, err=True)


def print_json(value: dict[str, Any] | list[dict[str, Any]]) -> None:
    """Data for a script."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that moves when it is told how many of how many are done; nothing at all when piped."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    # Only a person at a terminal sees it, so only then is it loaded.
    from rich.console import Console  # noqa: PLC0415 - see above
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show
