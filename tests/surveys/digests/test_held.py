"""An edition in hand is one worker's for as long as it takes, and no longer than two minutes after that worker died."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from surveys.digests import make
from surveys.digests.archive import request_edition
from surveys.digests.make import make_due_editions
from surveys.digests.models import Edition
from surveys.due import now
from surveys.worker import Chore, run_once
from tests.surveys.digests.readers import PDF
from tests.surveys.digests.week import WEEK, many, organisation

CHORES = [Chore("make digests", make_due_editions)]


async def test_a_slow_edition_is_made_once_and_a_dead_workers_by_the_next(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[list[str]] = []
    drawn, drawing = asyncio.Event(), asyncio.Event()

    async def render(
        _figures: object, _organisation: object, locales: list[str]
    ) -> AsyncGenerator[tuple[str, bytes]]:
        begun.append(locales)
        drawing.set()
        await drawn.wait()
        for locale in locales:
            yield locale, PDF

    monkeypatch.setattr(make, "render_languages", render)
    monkeypatch.setattr(make, "LEASE", timedelta(seconds=2))
    monkeypatch.setattr(make, "RENEWED_EVERY", timedelta(seconds=0.1))
    maize = await organisation()
    await many("nps", {9: 30})
    for locale in ("en", "lv"):
        await request_edition(WEEK, locale, maize)
    first = asyncio.create_task(run_once(CHORES))
    await drawing.wait()
    until = now() + 2 * make.LEASE
    while now() < until:
        assert await run_once(CHORES) == 0
        await asyncio.sleep(0.2)
    assert begun == [["en", "lv"]]

    first.cancel()  # as good as killed: nobody renews any more
    await asyncio.wait([first])
    waiting = await Edition.all().order_by("locale")
    assert [(each.stage, each.pdf, each.attempts) for each in waiting] == [("drawing", None, 1)] * 2
    assert await run_once(CHORES) == 0
    await asyncio.sleep(make.LEASE.total_seconds())
    drawn.set()
    # What was in hand when a worker died is made alone.
    assert [await run_once(CHORES) for _ in range(3)] == [1, 1, 0]
    assert begun == [["en", "lv"], ["en"], ["lv"]]
    made = await Edition.all().order_by("locale")
    assert [(each.pdf, each.due_at, each.attempts) for each in made] == [(PDF, None, 0)] * 2


def test_who_waits_for_a_dead_workers_edition_waits_two_minutes_at_most() -> None:
    assert timedelta(minutes=2) >= make.LEASE >= 4 * make.RENEWED_EVERY
