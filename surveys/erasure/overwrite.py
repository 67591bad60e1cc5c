"""SQLite keeps copies of what was deleted; after an erasure none may be left in its file."""

import structlog
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from surveys.db import is_sqlite

log = structlog.get_logger()


async def write_file_anew() -> None:
    """Write SQLite's file anew, with nothing but the rows there are; PostgreSQL vacuums by its own clock.

    secure_delete overwrites what is deleted, but a page that was split keeps copies of rows that moved to another. What
    was erased stays erased also where there is no room to do this, or somebody else writes all the while.
    """
    if not is_sqlite():
        return
    connection = get_connection("default")
    try:
        await connection.execute_script("VACUUM")
    except OperationalError as error:
        log.warning("file not written anew", error=type(error).__name__)
    await connection.execute_script("PRAGMA wal_checkpoint(TRUNCATE)")
