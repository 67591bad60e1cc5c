"""The digest of 100 000 answers against that of 1 000, outside WeasyPrint: figures and laid-out HTML."""

import asyncio
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from surveys import db
from surveys.digests.build import figures
from surveys.digests.render import document
from surveys.due import now
from surveys.organisation.models import the_organisation
from surveys.settings import settings
from surveys.weeks import Week
from tests.bench.population import populate
from tests.bench.row import Row, at_most

SMALL, LARGE = 1_000, 100_000
ROUNDS = 5
WEEK = Week.parse("2026-W46")


async def _seconds(home: Path, n: int) -> float:
    os.environ["DATABASE_URL"] = f"sqlite:///{home}/digest-{n}.sqlite3"
    settings.cache_clear()
    took = []
    async with db.database():
        await db.migrate()
        await populate(n)
        organisation = await the_organisation()
        for _ in range(ROUNDS):
            began = time.perf_counter()
            found = await figures(WEEK, organisation, at=now())
            document({"figures": found, "locale": "lv", "organisation": {"name": organisation.name}})
            took.append(time.perf_counter() - began)
    return statistics.median(took)


def measure(home: Path) -> Iterator[Row]:
    """Median of the large over median of the small."""
    small = asyncio.run(_seconds(home, SMALL))
    large = asyncio.run(_seconds(home, LARGE))
    what = (
        f"digest outside WeasyPrint, 100 000 / 1 000 answers ({large * 1000:.0f} ms / {small * 1000:.0f} ms)"
    )
    yield at_most(what, large / small, 3)
