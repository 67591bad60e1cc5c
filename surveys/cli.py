"""Every command there is. Exit 0 done, 1 done with rejections, 2 refused or wrong usage, 3 our own failure.

Each feature folder keeps its commands in `commands.py`; this file is the map.
"""

import asyncio
import io
import os
import sys
import traceback
from typing import Any

import structlog
import typer
from typer.exceptions import TyperException

import surveys.accounts.commands as users
import surveys.accuracy.commands as accuracy
import surveys.counts.commands as counts
import surveys.customers.commands as customers
import surveys.demo.commands as demo
import surveys.digests.commands as digests
import surveys.erasure.commands as erasure
import surveys.invitations.commands as invitations
import surveys.mentions.commands as mentions
import surveys.organisation.commands as organisation
import surveys.pains.commands as pains
import surveys.questionnaires.commands as questionnaires
import surveys.responses.commands as responses
import surveys.themes.commands as themes
import surveys.verbatims.commands as verbatims
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

# In the order of the loop: who asks, what is asked of whom, what came in, what it says, who may look.
_organisation = group("The organisation that asks.")
_organisation.command("show")(organisation.show)
_organisation.command("set")(organisation.change)
_organisation.command("look")(organisation.look)
app.add_typer(_organisation, name="organisation")

_surveys = group("Surveys: what is asked.")
_surveys.command("add")(questionnaires.add)
_surveys.command("close")(questionnaires.close)
_surveys.command("reopen")(questionnaires.reopen)
_surveys.command("list")(questionnaires.list_surveys)
app.add_typer(_surveys, name="survey")

_imports = group("Import a CSV file; the same file twice changes nothing.")
_imports.command("customers")(customers.import_customers)
_imports.command("responses")(responses.import_responses)
_imports.command("mentions")(mentions.import_mentions)
app.add_typer(_imports, name="import")

app.command("invite")(invitations.invite)

_feeds = group("RSS and Atom feeds that mentions come from.")
_feeds.command("add")(mentions.add)
_feeds.command("list")(mentions.list_feeds)
app.add_typer(_feeds, name="feed")

app.command("analyse")(verbatims.analyse)
app.command("understand")(verbatims.understand)
app.command("recalibrate")(accuracy.recalibrate)

_exports = group("Export what is kept here.")
_exports.command("corrections")(accuracy.export_corrections)
app.add_typer(_exports, name="export")

app.command("pains")(pains.pains)
app.command("metrics")(digests.metrics)
app.command("recount")(counts.recount)
app.command("digest")(digests.digest)
app.command("subscribe")(digests.subscribe)
app.command("erase")(erasure.erase)

_themes = group("Themes: what comments are about.")
_themes.command("list")(themes.list_themes)
_themes.command("rename")(themes.rename)
_themes.command("add")(themes.add)
_themes.command("merge")(themes.merge)
_themes.command("undo")(themes.undo)
app.add_typer(_themes, name="theme")

_users = group("Users: who may sign in.")
_users.command("add")(users.add)
_users.command("list")(users.list_users)
_users.command("disable")(users.disable)
_users.command("password")(users.password)
app.add_typer(_users, name="user")

_demo = group("A small demo, marked as such.")
_demo.command("load")(demo.load)
_demo.command("remove")(demo.remove)
app.add_typer(_demo, name="demo")


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from surveys import db  # noqa: PLC0415 - see run()

    run(db.migrate(), migrated=False)
    say("The database is up to date.")


async def _nothing() -> None:
    """Opening the database is all: it is made ready, or what is wrong is said before anything else starts."""


@app.command()
def serve(host: str = "127.0.0.1") -> None:
    """Serve the web pages on PORT."""
    run(_nothing())
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

    run(_nothing())
    asyncio.run(worker_module.main())


def main() -> None:
    """Run a command; turn our own failures into a sentence and a status."""
    # Names and words are in every script, whatever the terminal's own encoding.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        status = app(prog_name="polyvox", standalone_mode=False)
    except typer.Exit as stop:
        status = stop.exit_code
    except BrokenPipeError:
        # Whoever read our output has enough; closing stdout again must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = DONE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last door
        status = _explained(error)
    sys.exit(status if isinstance(status, int) else DONE)


def _explained(error: BaseException) -> int:
    """Say what went wrong in a sentence, and whose doing it was as a status."""
    match error:
        case TyperException():
            # Every usage error can show itself, though typer's root of them does not promise it.
            show = getattr(error, "show", None)
            show() if show else say(str(error))
            return REFUSED
        case typer.Abort() | KeyboardInterrupt():
            return REFUSED
        case Refused() | SettingsError():
            say(str(error))
            return REFUSED
        case PolyvoxError():
            say(str(error))
            return FAILED
    # The kind of error only: its text may quote what a respondent wrote.
    say(f"Something failed on our side: {type(error).__name__}. Set POLYVOX_DEBUG=1 to see where.")
    if os.environ.get("POLYVOX_DEBUG"):
        traceback.print_exception(error)
    return FAILED
