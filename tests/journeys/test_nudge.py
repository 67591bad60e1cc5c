"""With a broker a worker wakes at once; without one, and when it is away, it looks all the same."""

import asyncio
import os
import time

import pytest

from surveys import nudge
from surveys.settings import settings

pytestmark = pytest.mark.journey
NEEDS_NATS = pytest.mark.skipif(not os.environ.get("TEST_BROKER_URL"), reason="runs in the stage with NATS")


async def _seconds_to_wake(seconds: float, *, nudged: bool) -> float:
    stop = asyncio.Event()
    async with nudge.Nudges() as nudges:
        # The subscription needs a moment; a nudge that comes earlier waits in the stream.
        await asyncio.sleep(0.5)
        began = time.monotonic()
        waiting = asyncio.create_task(nudges.wait(seconds, stop))
        if nudged:
            await nudge.nudge()
        await waiting
        took = time.monotonic() - began
    await nudge.close()
    return took


@NEEDS_NATS
async def test_a_nudge_wakes_a_worker_at_once() -> None:
    assert await _seconds_to_wake(10, nudged=True) < 3


async def test_a_worker_without_a_nudge_looks_when_the_time_is_up() -> None:
    assert 0.9 < await _seconds_to_wake(1, nudged=False) < 3


async def test_a_broker_that_is_away_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROKER_URL", "nats://127.0.0.1:9")
    settings.cache_clear()
    assert await _seconds_to_wake(1, nudged=True) < 6


async def test_only_the_first_waits_for_a_broker_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROKER_URL", "nats://127.0.0.1:9")
    settings.cache_clear()
    await nudge.nudge()
    began = time.monotonic()
    for _ in range(5):
        await nudge.nudge()
    assert time.monotonic() - began < 0.5
    monkeypatch.setattr(nudge, "REST_SECONDS", 0.0)
    await nudge.close()
    await nudge.nudge()
    await nudge.nudge()
    assert time.monotonic() - began > nudge.SEND_SECONDS
    await nudge.close()
