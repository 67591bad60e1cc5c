"""Every command there is. Exit 0 done, 1 done with rejections, 2 refused or wrong usage, 3 our own failure.

Each feature folder keeps its commands in `commands.py`; this file is the map.
"""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog
import typer

from surveys.errors import PolyvoxError, Refused, SettingsError

Result = TypeVar("Result")

DONE, WITH_REJECTIONS, REFUSED, FAILED = 0, 1, 2, 3

app = typer.Typer(
    name="polyvox",
    help="Hear your customers in their own languages.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a command's work with the database open, and close it whatever happens."""
    # Commands are started by people and scripts: the database is opened here and nowhere else.
    from surveys.db import database  # noqa: PLC0415 - `--help` must not load the ORM

    async def with_database() -> Result:
        async with database():
            return await work

    return asyncio.run(with_database())


def say(sentence: str) -> None:
    """Something for the person at the terminal; data goes to stdout, talk to stderr."""
    typer.echo(sentence, err=True)


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from surveys import db  # noqa: PLC0415 - see run()

    run(db.migrate())
    say("The database is up to date.")


@app.command()
def serve(host: str = "127.0.0.1") -> None:
    """Serve the web pages on PORT."""
    import uvicorn  # noqa: PLC0415 - only this command serves

    from surveys.settings import settings  # noqa: PLC0415 - see run()

    uvicorn.run(
        "surveys.app:create_app",
        factory=True,
        host=host,
        port=settings().port,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_level="warning",
    )


@app.command()
def worker() -> None:
    """Do the work that is due: understand, poll feeds, build and mail digests."""
    from surveys import worker as worker_module  # noqa: PLC0415 - only a worker loads the model

    asyncio.run(worker_module.main())


def main() -> None:
    """Run a command; turn our own failures into a sentence and a status."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        status = app(standalone_mode=False)
    except typer.Exit as stop:
        status = stop.exit_code
    except typer.Abort:
        status = REFUSED
    except (Refused, SettingsError) as error:
        say(str(error))
        status = REFUSED
    except PolyvoxError as error:
        say(str(error))
        status = FAILED
    except Exception as error:  # noqa: BLE001 - the last door: say so plainly, keep texts out of it
        status = _unexpected(error)
    sys.exit(status if isinstance(status, int) else DONE)


def _unexpected(error: Exception) -> int:
    import click  # noqa: PLC0415 - typer's own parser, only for its errors

    if isinstance(error, click.ClickException):
        error.show()
        return REFUSED
    say(f"Something failed on our side: {type(error).__name__}. Set POLYVOX_DEBUG=1 to see where.")
    import os  # noqa: PLC0415 - only here
    import traceback  # noqa: PLC0415 - only here

    if os.environ.get("POLYVOX_DEBUG"):
        traceback.print_exception(error)
    return FAILED
