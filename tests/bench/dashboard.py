"""The dashboard page, at 10 000 and at 100 000 verbatims, with BENCH_MILLION also at 1 000 000: the week and its filters.

The worker's part is done here as it does it, and timed apart. A page is timed until its figures are there, however often it
has to be asked for. Each size runs in this process, one after the other, with a database of its own.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx2 as httpx

from surveys.accounts.models import Role, User
from surveys.accounts.session import COOKIE, begin_session
from surveys.app import create_app
from surveys.counts.upkeep import catch_up
from surveys.dashboard import drawn, kept, shelf
from surveys.dashboard.renew import renew_views
from surveys.questionnaires.models import Metric, Survey
from tests.bench.digest import MILLION, WEEK, insert_answer, world
from tests.bench.row import Row, at_most

SMALL, LARGE = 10_000, 100_000
# Thursday of the week after: the week is the last full one.
AT: Final = datetime.combine(WEEK.monday, datetime.min.time(), UTC) + timedelta(days=10)
ALONE: tuple[dict[str, str], ...] = (
    *({"region": code} for code in ("154", "155", "151", "039")),
    *({"survey": slug} for slug in ("relationship", "after-order", "support-contact")),
    *({"touchpoint": name} for name in ("delivery", "checkout", "support", "store")),
    *({"language": code} for code in ("lv", "de", "en")),
)
TOGETHER: tuple[dict[str, str], ...] = (
    {"region": "154", "survey": "relationship"},
    {"region": "155", "survey": "relationship"},
    {"survey": "relationship", "touchpoint": "delivery"},
    {"survey": "relationship", "touchpoint": "store"},
    {"region": "154", "touchpoint": "support"},
)
AGAIN: Final = 5
ROUNDS: Final = 7
NEW: Final = 10
OLDER: Final = "every 10s"
BEING_MADE: Final = "<progress"


@dataclass
class Took:
    """Seconds of each kind of look, and of the worker."""

    again: list[float] = field(default_factory=list)
    older: list[float] = field(default_factory=list)
    renewed: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)
    one_view: list[float] = field(default_factory=list)
    all_views: float = 0.0
    views: int = 0


async def pages(home: Path, n: int) -> Took:
    """The dashboard of a site of so many verbatims, looked at in every way."""
    took = Took()
    async with world(home, n):
        user, _ = await User.get_or_create(
            email="bench@polyvox.test", defaults={"password_hash": "-", "role": Role.ANALYST}
        )
        transport = httpx.ASGITransport(app=create_app())
        async with httpx.AsyncClient(
            transport=transport, base_url="http://bench.test", timeout=None
        ) as browser:
            browser.cookies.set(COOKIE, await begin_session(user))
            # Modules come into memory with another week.
            await _look(browser, {"week": str(WEEK.previous())})
            await _worker(took)
            await _look(browser, {})
            await _new_answers(browser, took)
            await _worker(took)
            for _ in range(ROUNDS):
                for choice in ALONE:
                    shelf.forget_read()
                    drawn.forget()
                    took.alone.append(await _look(browser, choice))
            for choice in TOGETHER:
                # As in a process that has just begun: nothing is in memory.
                kept.forget()
                took.together.append(await _look(browser, choice))
            took.again = [await _look(browser, choice) for choice in ({}, *ALONE, *TOGETHER) * AGAIN]
    return took


async def _worker(took: Took) -> None:
    began, made = time.perf_counter(), 0
    while await renew_views(AT):
        made += 1
    if not took.views:
        took.all_views, took.views = time.perf_counter() - began, made


async def _new_answers(browser: httpx.AsyncClient, took: Took) -> None:
    """The week unfiltered when answers have just been counted, and when the worker has made its figures anew."""
    survey = await Survey.get(metric=Metric.NPS)
    for _ in range(ROUNDS):
        for _answer in range(NEW):
            await insert_answer(survey)
        await catch_up()
        took.older.append(await _look(browser, {}, told=OLDER))
        began = time.perf_counter()
        await renew_views(AT)
        took.one_view.append(time.perf_counter() - began)
        took.renewed.append(await _look(browser, {}))


async def _look(browser: httpx.AsyncClient, choice: dict[str, str], told: str = "") -> float:
    """Seconds until the figures of a choice are there; those of just now, unless they are to say that they are older."""
    began = time.perf_counter()
    while BEING_MADE in (page := await _page(browser, choice)):  # noqa: ASYNC110 - as a reader does
        await asyncio.sleep(0.01)
    took = time.perf_counter() - began
    assert (OLDER in page) == bool(told)
    return took


async def _page(browser: httpx.AsyncClient, choice: dict[str, str]) -> str:
    found = await browser.get("/dashboard", params={"week": str(WEEK), **choice})
    return found.raise_for_status().text


def measure(home: Path, small: int = SMALL, large: int = 0) -> Iterator[Row]:
    """Page times of the large site over those of the small one."""
    large = large or (1_000_000 if os.environ.get(MILLION) else LARGE)
    of_small, of_large = (asyncio.run(pages(home, n)) for n in (small, large))
    sizes = f"{large:,} / {small:,} verbatims".replace(",", " ")

    def told(what: str, name: str) -> Row:
        ours, theirs = (statistics.median(getattr(took, name)) for took in (of_large, of_small))
        return at_most(f"{what} ({ours * 1000:.0f} ms / {theirs * 1000:.0f} ms)", ours / theirs, 2)

    yield told(f"dashboard page looked at before, {sizes}", "again")
    yield told(
        "… the week unfiltered, new answers just counted: figures of before, said to be older", "older"
    )
    yield told("… the week unfiltered, first look after the worker made its figures anew", "renewed")
    yield told("… one filter, first look", "alone")
    yield told(
        "… two filters together, which nobody had asked for: until their figures are there", "together"
    )
    for n, took in ((small, of_small), (large, of_large)):
        what = f"the worker, {n:,} verbatims".replace(",", " ")
        one = f"{statistics.median(took.one_view) * 1000:.0f} ms the week unfiltered"
        yield Row(what, "", f"{one}, {took.all_views:.1f} s all {took.views} views", None)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    os.environ["POLYVOX_HOME"] = str(folder)
    for row in measure(folder, *map(int, sys.argv[2:])):
        sys.stdout.write(f"{row.what}: {row.measured} (wanted {row.wanted}) {row.verdict}\n")
