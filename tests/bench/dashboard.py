"""The dashboard page, at 10 000 and at 100 000 verbatims, with BENCH_MILLION also at 1 000 000: the week and its filters.

A choice is looked at twice: the first time its figures are made from weeks that are in memory, the second time they are
kept. Each size runs in this process, one after the other, with a database of its own.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx2 as httpx

from surveys.accounts.models import Role, User
from surveys.accounts.session import COOKIE, begin_session
from surveys.app import create_app
from tests.bench.digest import MILLION, WEEK, world
from tests.bench.row import Row, at_most

SMALL, LARGE = 10_000, 100_000
CHOICES: tuple[dict[str, str], ...] = (
    {},
    {"region": "154"},
    {"region": "155"},
    {"survey": "relationship"},
    {"touchpoint": "delivery"},
    {"language": "lv"},
    {"region": "154", "survey": "relationship"},
)
AGAIN = 5


async def pages(home: Path, n: int) -> tuple[float, float, float]:
    """Seconds of the unfiltered page the first time, of a choice the first time and of one whose figures are kept."""
    async with world(home, n):
        user, _ = await User.get_or_create(
            email="bench@polyvox.test", defaults={"password_hash": "-", "role": Role.ANALYST}
        )
        transport = httpx.ASGITransport(app=create_app())
        async with httpx.AsyncClient(
            transport=transport, base_url="http://bench.test", timeout=None
        ) as browser:
            browser.cookies.set(COOKIE, await begin_session(user))
            # Modules and the weeks' rows come into memory with another week.
            await _visits(browser, [{"week": str(WEEK.previous())}])
            wanted = [{"week": str(WEEK), **choice} for choice in CHOICES]
            first = await _visits(browser, wanted)
            kept = await _visits(browser, wanted * AGAIN)
    return first[0], statistics.median(first[1:]), statistics.median(kept)


async def _visits(browser: httpx.AsyncClient, wanted: Sequence[dict[str, str]]) -> list[float]:
    took = []
    for choice in wanted:
        began = time.perf_counter()
        (await browser.get("/dashboard", params=choice)).raise_for_status()
        took.append(time.perf_counter() - began)
    return took


def measure(home: Path, small: int = SMALL, large: int = 0) -> Iterator[Row]:
    """Page times of the large site over those of the small one."""
    large = large or (1_000_000 if os.environ.get(MILLION) else LARGE)
    of_small, of_large = (asyncio.run(pages(home, n)) for n in (small, large))
    names = ("the week unfiltered, looked at for the first time", "a filter, looked at for the first time")
    sizes = f"{large:,} / {small:,} verbatims".replace(",", " ")

    def told(what: str, place: int) -> Row:
        times = f"({of_large[place] * 1000:.0f} ms / {of_small[place] * 1000:.0f} ms)"
        return at_most(f"{what} {times}", of_large[place] / of_small[place], 2)

    yield told(f"dashboard page, {sizes}", 2)
    for place, name in enumerate(names):
        yield told(f"… {name}", place)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    os.environ["POLYVOX_HOME"] = str(folder)
    for row in measure(folder, *map(int, sys.argv[2:])):
        sys.stdout.write(f"{row.what}: {row.measured} (wanted {row.wanted}) {row.verdict}\n")
