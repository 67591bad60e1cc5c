"""The database: which one, which tables, how a process opens and closes it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from surveys.settings import Settings, settings

MODELS = [
    "surveys.organisation.models",
    "surveys.accounts.models",
    "surveys.customers.models",
    "surveys.questionnaires.models",
    "surveys.invitations.models",
    "surveys.responses.models",
    "surveys.mentions.models",
    "surveys.pains.models",
    "surveys.decisions.models",
    "surveys.verbatims.models",
    "surveys.themes.models",
    "surveys.counts.models",
    "surveys.digests.models",
    "surveys.dashboard.models",
]

# An answer once acknowledged is never lost: FULL makes each commit reach the disk, also in WAL mode.
SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "busy_timeout": 15000,
    "foreign_keys": "ON",
    "cache_size": -64000,
    # Words are overwritten in the file when they go, not only taken off its pages.
    "secure_delete": "ON",
    # Tortoise would cut the log to 16 kB at every checkpoint, and each commit after that would have to grow it again.
    "journal_size_limit": 64 * 1024 * 1024,
    "wal_autocheckpoint": 8000,
}


def tortoise_config(chosen: Settings | None = None) -> dict[str, Any]:
    """Tortoise's configuration for the database of the settings."""
    return {
        "connections": {"default": _connection((chosen or settings()).database)},
        "apps": {
            "surveys": {
                "models": MODELS,
                "default_connection": "default",
                "migrations": "surveys.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _connection(url: str) -> dict[str, Any]:
    if urlsplit(url).scheme != "sqlite":
        return expand_db_url(url)
    # sqlite:////absolute/path has four slashes, sqlite:///relative three; ":memory:" has none of its own.
    path = unquote(url.removeprefix("sqlite://").removeprefix("/"))
    return {
        "engine": "surveys.sqlite_immediate",
        "credentials": {"file_path": path, **SQLITE_PRAGMAS},
    }


def __getattr__(name: str) -> dict[str, Any]:
    """`tortoise -c surveys.db.TORTOISE_ORM` reads this name; it is made when asked for, not at import."""
    if name == "TORTOISE_ORM":
        return tortoise_config()
    raise AttributeError(name)


@asynccontextmanager
async def database() -> AsyncIterator[None]:
    """Open the database for as long as the block runs.

    Closing is not optional: aiosqlite's thread keeps a process alive for ever otherwise.
    """
    # A request runs in another context than the lifespan that opened the database; hence the fallback.
    await Tortoise.init(config=tortoise_config(), _enable_global_fallback=True)
    try:
        yield
    finally:
        await Tortoise.close_connections()


async def migrate() -> None:
    """Bring the tables up to date with Tortoise's own migrations; must run inside `database()`."""
    executor = MigrationExecutor(get_connection("default"), tortoise_config()["apps"])
    await executor.migrate([MigrationTarget(app_label="surveys", name="__latest__")])


def is_sqlite() -> bool:
    """Whether the open database is SQLite; the few queries that differ ask this."""
    return get_connection("default").capabilities.dialect == "sqlite"


def sql_instant(instant: datetime) -> datetime | str:
    """An instant as raw SQL compares it: SQLite keeps instants as texts in UTC."""
    return instant.isoformat(" ") if is_sqlite() else instant


def as_instant(value: datetime | str) -> datetime:
    """An instant as raw SQL gives it, the other way round."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def placeholders(count: int) -> list[str]:
    """Where so many values go in raw SQL: `?` on SQLite, `$1`, `$2`, … on PostgreSQL."""
    return ["?"] * count if is_sqlite() else [f"${number}" for number in range(1, count + 1)]


def _placed(sql: str, values: Sequence[Any]) -> str:
    return sql.format(*placeholders(len(values)))


async def query(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Rows of raw SQL as dictionaries; write `{}` where a value goes, in order."""
    rows = await get_connection("default").execute_query_dict(_placed(sql, values), list(values))
    return list(rows)


async def query_tuples(sql: str, *values: Any) -> Sequence[Any]:
    """The same as tuples, which are read several times as quickly."""
    _, rows = await get_connection("default").execute_query(_placed(sql, values), list(values))
    return rows


async def execute(sql: str, *values: Any) -> None:
    """Raw SQL that gives no rows, written as for `query`."""
    await get_connection("default").execute_query(_placed(sql, values), list(values))
