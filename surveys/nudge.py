"""Waking workers: with BROKER_URL a taskiq message on NATS JetStream, without one nothing at all.

A nudge carries no work and its loss costs a second: the rows are the truth, and the worker looks for due rows anyway.
"""

import asyncio
import contextlib
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

import structlog

from surveys.settings import settings

if TYPE_CHECKING:
    from taskiq import AsyncBroker

log = structlog.get_logger()

SUBJECT = "polyvox_nudges"
SEND_SECONDS = 2.0
# A broker that is away is left alone for so long, so that not everybody who answers meanwhile waits for it.
REST_SECONDS = 30.0
# One nudge wakes a worker for everything that is due, so old ones need not be kept.
FETCH_SECONDS = 5.0

_sender: "AsyncBroker | None" = None
_rests_until = 0.0


def _broker(url: str) -> "AsyncBroker":
    # Half a second to load, and most sites have no broker.
    from taskiq_nats import PullBasedJetStreamBroker  # noqa: PLC0415 - see above

    return PullBasedJetStreamBroker(
        servers=url,
        subject=SUBJECT,
        stream_name=SUBJECT,
        durable=SUBJECT,
        pull_consume_timeout=FETCH_SECONDS,
        max_reconnect_attempts=-1,
        connect_timeout=SEND_SECONDS,
    )


async def nudge() -> None:
    """Tell a worker that something is due; call after the commit, never before it."""
    global _sender, _rests_until  # noqa: PLW0603 - one connection per process
    url = settings().broker_url
    if not url or monotonic() < _rests_until:
        return
    try:
        async with asyncio.timeout(SEND_SECONDS):
            if _sender is None:
                broker = _broker(url)
                await broker.startup()
                _sender = broker
            await _wake_task(_sender, asyncio.Event()).kiq()
    except Exception as error:  # noqa: BLE001 - whatever the broker does, the row is there and will be found
        _rests_until = monotonic() + REST_SECONDS
        log.warning("nudge not sent", error=type(error).__name__)


async def close() -> None:
    """Close the sender's connection, when the process ends; whoever sends again begins anew."""
    global _sender, _rests_until  # noqa: PLW0603 - see nudge()
    _rests_until = 0.0
    if _sender is not None:
        broker, _sender = _sender, None
        with contextlib.suppress(Exception):
            await broker.shutdown()


def _wake_task(broker: "AsyncBroker", woken: asyncio.Event):  # type: ignore[no-untyped-def]  # noqa: ANN202 - taskiq's decorated task
    @broker.task("wake")
    async def wake() -> None:
        woken.set()

    return wake


class Nudges:
    """The worker's ear: `wait` returns when nudged, when told to stop, or when the time is up."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self._broker: AsyncBroker | None = None

    async def __aenter__(self) -> Self:
        url = settings().broker_url
        if url:
            self._broker = _broker(url)
            _wake_task(self._broker, self._woken)
            self._listening = asyncio.create_task(self._listen(self._broker))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        if self._broker is not None:
            with contextlib.suppress(Exception):
                await self._broker.shutdown()

    async def _listen(self, broker: "AsyncBroker") -> None:
        """A broker that is away is tried again: looking once a second goes on meanwhile."""
        from taskiq.api import run_receiver_task  # noqa: PLC0415 - only where there is a broker

        while True:
            try:
                await run_receiver_task(broker, run_startup=True, sync_workers=1)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - see the docstring
                log.warning("broker is away", error=type(error).__name__)
            await asyncio.sleep(FETCH_SECONDS)

    async def wait(self, seconds: float, stop: asyncio.Event) -> None:
        """Sleep until there may be something to do."""
        waiting = {
            asyncio.create_task(self._woken.wait()),
            asyncio.create_task(stop.wait()),
        }
        _, late = await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in late:
            task.cancel()
        self._woken.clear()
