"""The inbox page with its counts, at 1 000 and at 100 000 verbatims: every single filter, and twenty pairs."""

import asyncio
import itertools
import os
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx

from surveys import db
from surveys.accounts.models import Role, User
from surveys.accounts.session import COOKIE, begin_session
from surveys.app import create_app
from surveys.settings import settings
from tests.bench.population import populate
from tests.bench.row import Row, at_most

SMALL, LARGE = 1_000, 100_000
FILTERS = {
    "region": "154",
    "country": "LV",
    "culture": "eastern-europe",
    "language": "lv",
    "theme": "delivery",
    "sentiment": "negative",
    "band": "detractor",
    "survey": "",
    "channel": "email",
    "week": "2026-W46",
    "q": "kurjer",
}


async def _median(home: Path, n: int, survey: list[str]) -> float:
    os.environ["DATABASE_URL"] = f"sqlite:///{home}/inbox-{n}.sqlite3"
    settings.cache_clear()
    async with db.database():
        await db.migrate()
        await populate(n)
        rows = await db.query("SELECT slug FROM survey ORDER BY id LIMIT 1")
        survey[:] = [rows[0]["slug"]]
        user = await User.create(email="bench@polyvox.test", password_hash="-", role=Role.ANALYST)
        token = await begin_session(user)
        transport = httpx.ASGITransport(app=create_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://bench.test") as browser:
            browser.cookies.set(COOKIE, token)
            return await _visit(browser, {**FILTERS, "survey": survey[0]})


async def _visit(browser: httpx.AsyncClient, filters: dict[str, str]) -> float:
    pairs = random.Random(1).sample(list(itertools.combinations(filters.items(), 2)), 20)
    visits = [*([item] for item in filters.items()), *(list(pair) for pair in pairs)]
    (await browser.get("/inbox")).raise_for_status()
    took = []
    for visit in visits:
        began = time.perf_counter()
        (await browser.get("/inbox", params=dict(visit))).raise_for_status()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def measure(home: Path) -> Iterator[Row]:
    """Median page time of the large inbox over that of the small one, in one process each after the other."""
    small = asyncio.run(_median(home, SMALL, []))
    large = asyncio.run(_median(home, LARGE, []))
    what = f"inbox page, 100 000 / 1 000 verbatims ({large * 1000:.0f} ms / {small * 1000:.0f} ms)"
    yield at_most(what, large / small, 2)
