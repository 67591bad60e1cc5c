"""Every chore, in the order of the loop, and the clock that starts them.

A chore looks for due rows, does some, and says how many it did. All state is in the database: a worker may be killed at
any moment, and two may run side by side. With BROKER_URL a nudge wakes the loop at once; without one it looks once a second.
"""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import structlog

from surveys.db import database
from surveys.nudge import Nudges

LOOK_EVERY_SECONDS = 1.0

log = structlog.get_logger()


class Chore(NamedTuple):
    """A piece of work that recurs: its name in the log, and the function that does a batch and counts it."""

    name: str
    run: Callable[[], Awaitable[int]]


def chores() -> list[Chore]:
    """All chores. Imported here so that only a worker loads the model and the renderer."""
    from surveys.counts.upkeep import count_changes  # noqa: PLC0415 - see above
    from surveys.dashboard.renew import renew_views  # noqa: PLC0415 - see above
    from surveys.digests.make import make_due_editions  # noqa: PLC0415 - see above
    from surveys.digests.report_make import make_due_reports  # noqa: PLC0415 - see above
    from surveys.digests.send import open_deliveries, send_due_digests  # noqa: PLC0415 - see above
    from surveys.erasure.expire import expire_old_answers  # noqa: PLC0415 - see above
    from surveys.mentions.feeds import poll_due_feeds  # noqa: PLC0415 - see above
    from surveys.pains.regroup import regroup_due  # noqa: PLC0415 - see above
    from surveys.themes.tend import tend_own_themes  # noqa: PLC0415 - see above
    from surveys.verbatims.analyse import analyse_due  # noqa: PLC0415 - see above
    from surveys.verbatims.originals import drop_old_originals  # noqa: PLC0415 - see above

    return [
        Chore("poll feeds", poll_due_feeds),
        Chore("understand", analyse_due),
        Chore("tend own themes", tend_own_themes),
        Chore("regroup pain points", regroup_due),
        Chore("count weeks", count_changes),
        Chore("open deliveries", open_deliveries),
        Chore("make digests", make_due_editions),
        Chore("make reports", make_due_reports),
        Chore("mail digests", send_due_digests),
        Chore("drop originals", drop_old_originals),
        Chore("expire answers", expire_old_answers),
        Chore("renew dashboard", renew_views),
    ]


async def run_once(todo: list[Chore]) -> int:
    """Each chore once; one that fails does not keep the others from their turn."""
    total = 0
    for chore in todo:
        try:
            count = await chore.run()
        except Exception as error:  # noqa: BLE001 - the loop must go on; the row keeps its own error
            # The kind of error only: its text may quote what a respondent wrote.
            log.error("chore failed", chore=chore.name, error=type(error).__name__)
            continue
        if count:
            log.info("chore done", chore=chore.name, rows=count)
        total += count
    return total


async def work(stop: asyncio.Event) -> None:
    """Do chores until told to stop; look again at once while there is work, else once a second or when nudged."""
    todo = chores()
    async with database(), Nudges() as nudges:
        while not stop.is_set():
            if await run_once(todo) == 0:
                await nudges.wait(LOOK_EVERY_SECONDS, stop)


async def main() -> None:
    """Run until SIGTERM or SIGINT; the batch in hand is finished first."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    await work(stop)
