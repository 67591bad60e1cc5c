"""Every command there is. Exit 0 done, 1 done with rejections, 2 refused or wrong usage, 3 our own failure.

Each feature folder keeps its commands in `commands.py`; this file is the map.
"""

import asyncio
import os
import sys
import traceback
from typing import Any

import structlog
import typer
from typer.exceptions import TyperException

from surveys.errors import PolyvoxError, Refused, SettingsError
from surveys.terminal import DONE, FAILED, REFUSED, WITH_REJECTIONS, run, say

__all__ = ["DONE", "FAILED", "REFUSED", "WITH_REJECTIONS", "app", "main", "run", "say"]


def group(about: str) -> typer.Typer:
    """Commands that begin with the same word."""
    return typer.Typer(help=about, no_args_is_help=True, rich_markup_mode=_MARKUP)


# Frames and colours are for people: what is piped is plain.
_MARKUP: Any = "rich" if sys.stdout.isatty() and sys.stderr.isatty() else None

app = typer.Typer(
    name="polyvox",
    help="Hear your customers in their own languages.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=_MARKUP,
)


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from surveys import db  # noqa: PLC0415 - see run()

    run(db.migrate(), migrated=False)
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
        status = app(prog_name="polyvox", standalone_mode=False)
    except typer.Exit as stop:
        status = stop.exit_code
    except (typer.Abort, KeyboardInterrupt):
        status = REFUSED
    except TyperException as error:
        # Every usage error can show itself, though typer's root of them does not promise it.
        show = getattr(error, "show", None)
        show() if show else say(str(error))
        status = REFUSED
    except (Refused, SettingsError) as error:
        say(str(error))
        status = REFUSED
    except PolyvoxError as error:
        say(str(error))
        status = FAILED
    except BrokenPipeError:
        # Whoever read our output has enough; closing stdout again must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = DONE
    except Exception as error:  # noqa: BLE001 - the last door: say so plainly, keep texts out of it
        say(f"Something failed on our side: {type(error).__name__}. Set POLYVOX_DEBUG=1 to see where.")
        if os.environ.get("POLYVOX_DEBUG"):
            traceback.print_exception(error)
        status = FAILED
    sys.exit(status if isinstance(status, int) else DONE)
