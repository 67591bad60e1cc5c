"""The digest by the number of answers, over a growing history, and the weekly tables that it reads.

Outside WeasyPrint: figures and laid-out HTML. Each size runs in a process of its own, so that its peak of memory is its own.
"""

import asyncio
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from surveys import db
from surveys.counts.check import differences
from surveys.counts.tables import WEEKLY_TABLES
from surveys.counts.triggers import create_triggers, drop_triggers
from surveys.counts.upkeep import catch_up, recount
from surveys.digests.build import figures, read_snapshot
from surveys.digests.make import facts
from surveys.digests.render import document
from surveys.digests.render_languages import render_languages
from surveys.digests.source import COUNTED, RAW
from surveys.due import now
from surveys.i18n import DIGEST_LOCALES
from surveys.organisation.models import the_organisation
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.models import Response, State
from surveys.settings import settings
from surveys.verbatims.models import Method, Verbatim, VerbatimTheme
from surveys.verbatims.write import Words, masked, write_response_verbatim
from surveys.weeks import Week
from tests.bench import duck
from tests.bench.population import populate
from tests.bench.row import Row, at_most

SIZES: Final = (1_000, 10_000, 100_000)
MILLION: Final = "BENCH_MILLION"
# An empty PostgreSQL database, which bin/bench makes where there is a server to start.
POSTGRESQL: Final = "TEST_DATABASE_URL"
ROUNDS: Final = 5
WEEK: Final = Week.parse("2026-W46")
# As many answers a week over 27 weeks, all that an edition looks at, and over twice as many.
A_WEEK: Final = 1_000
HISTORIES: Final = (27, 54)
NEW: Final = 300


@asynccontextmanager
async def world(home: Path, n: int, weeks: int = 30) -> AsyncIterator[None]:
    """A database of so many answers, counted."""
    path = home / f"digest-{n}-{weeks}.sqlite3"
    os.environ["DATABASE_URL"] = f"sqlite:///{path}"
    settings.cache_clear()
    is_new = not path.exists()
    async with db.database():
        if is_new:
            await db.migrate()
            await populate(n, weeks=weeks)
            await catch_up()
        yield


async def timed(work: Callable[[], Awaitable[Any]], rounds: int = ROUNDS) -> float:
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        await work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


async def _edition() -> None:
    organisation = await the_organisation()
    found = await figures(WEEK, organisation, at=now())
    document({"figures": found, "locale": "lv", "organisation": {"name": organisation.name}})


async def edition(home: Path, n: int, weeks: int) -> dict[str, float]:
    """Seconds of an edition, and of what it reads from the tables and from the rows."""
    async with world(home, n, weeks):
        organisation = await the_organisation()
        took = {"edition": await timed(_edition)}
        for name, source in (("tables", COUNTED), ("rows", RAW)):
            read = partial(read_snapshot, WEEK, organisation, at=now(), source=source)
            took[name] = await timed(read, 3)
    # Kilobytes on Linux.
    return took | {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def apart(home: Path, n: int, weeks: int = 30, work: str = "edition") -> dict[str, float]:
    """The same in a process of its own, the second time, when the database is there."""
    for _ in range(2 if work == "edition" else 1):
        ran = subprocess.run(
            [sys.executable, "-m", "tests.bench.digest", str(home), str(n), str(weeks), work],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    found: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return found


async def rebuilt(home: Path, n: int) -> tuple[float, float | None, str, dict[str, list[Week]]]:
    """Seconds of a whole recount here and in DuckDB, whether both came to the same, and the check against the rows."""
    async with world(home, n):
        ours = await timed(recount, 3)
        if importlib.util.find_spec("duckdb") is None:
            return ours, None, "", await differences()
        theirs, rows = await duck.seconds_and_rows(home, (await the_organisation()).zone)
        again, _rows = await duck.seconds_and_rows(home, (await the_organisation()).zone)
        same = [
            await _kept(table.name, [*table.keys, *table.sums]) == rows[table.name] for table in WEEKLY_TABLES
        ]
        return ours, min(theirs, again), "equal" if all(same) else "different", await differences()


async def rebuilt_on_postgresql(home: Path, n: int, weeks: int) -> dict[str, float]:
    """Seconds of a whole recount on PostgreSQL and in DuckDB out of the same rows; same: 1 where both came to the same."""
    os.environ["DATABASE_URL"] = os.environ[POSTGRESQL]
    settings.cache_clear()
    async with db.database():
        await db.migrate()
        await populate(n, weeks=weeks)
        await catch_up()
        ours = await timed(recount, 3)
        theirs, rows = await duck.seconds_and_rows(home, (await the_organisation()).zone)
        again, _rows = await duck.seconds_and_rows(home, (await the_organisation()).zone)
        same = [
            await _kept(table.name, [*table.keys, *table.sums]) == rows[table.name] for table in WEEKLY_TABLES
        ]
    return {"ours": ours, "theirs": min(theirs, again), "same": float(all(same))}


async def _kept(table: str, columns: list[str]) -> set[tuple[Any, ...]]:
    rows = await db.query(f"SELECT {', '.join(columns)} FROM {table}")
    return {tuple(row[name] for name in columns) for row in rows}


async def upkeep(home: Path, n: int) -> tuple[float, float]:
    """Upkeep per new verbatim over its insert: counted in batches as a busy worker does, and each on its own."""
    async with world(home, n):
        connection = get_connection("default")
        survey = await Survey.get(metric=Metric.NPS)
        await drop_triggers(connection)
        without = await _inserts(survey)
        await create_triggers(connection)
        with_notes = await _inserts(survey)
        began = time.perf_counter()
        await catch_up()
        together = time.perf_counter() - began
        alone = 0.0
        for _ in range(NEW // 6):
            await insert_answer(survey)
            began = time.perf_counter()
            await catch_up()
            alone += time.perf_counter() - began
        notes = max(0.0, with_notes - without)
        # The ones that nobody noted.
        await recount()
    return (notes + together) / without, (notes / NEW + alone / (NEW // 6)) / (without / NEW)


async def _inserts(survey: Survey) -> float:
    began = time.perf_counter()
    for _ in range(NEW):
        await insert_answer(survey)
    return time.perf_counter() - began


async def insert_answer(survey: Survey) -> None:
    """An answer, its words and what was understood of them, in three transactions as it comes in; without the model."""
    words = masked(Words("Piegāde kavējās trīs dienas, neviens neatbildēja"), "LV")
    response = await Response.create(
        survey_id=survey.id, state=State.PARTIAL, score=3, submitted_at=datetime.combine(WEEK.monday, datetime.min.time(), UTC) + timedelta(days=2),
        locale="lv", country="LV", channel="web", touchpoint="store",
    )  # fmt: skip
    async with in_transaction():
        response.state = State.COMPLETE
        await response.save()
        verbatim = await write_response_verbatim(response, survey, words)
    async with in_transaction():
        await Verbatim.filter(id=verbatim.id).update(
            language="lv", sentiment="negative", analysed_at=now(), due_at=None, changed_at=now()
        )
        await VerbatimTheme.filter(verbatim_id=verbatim.id).delete()
        await VerbatimTheme.create(
            verbatim_id=verbatim.id, code="delivery", confidence=0.9, method=Method.MODEL
        )


async def whole(home: Path, n: int, weeks: int) -> dict[str, float]:
    """Seconds of one edition whole and of twelve, as the worker makes them: figures, then the PDFs of a child.

    Medians, of rounds in turn. Beside them the share of processor time that a virtual machine did not get.
    """
    async with world(home, n, weeks):
        organisation = await the_organisation()
        took: dict[str, list[float]] = {"one": [], "twelve": [], "drawing": [], "withheld": []}

        async def editions(name: str, locales: Sequence[str]) -> None:
            began = time.perf_counter()
            found = await figures(WEEK, organisation, at=now())
            drawn = render_languages(found, facts(organisation), locales)
            assert [
                made for _locale, made in [each async for each in drawn] if isinstance(made, Exception)
            ] == []
            took[name].append(time.perf_counter() - began)

        for _ in range(5):
            await editions("one", ("en",))
            before = _processor_time()
            await editions("twelve", DIGEST_LOCALES)
            lost, there = (after - then for after, then in zip(_processor_time(), before, strict=True))
            took["withheld"].append(lost / there)
        found = await figures(WEEK, organisation, at=now())
        job = {"figures": found, "organisation": facts(organisation), "locale": "en"}
        for _ in range(3):
            took["drawing"].append(_inside_weasyprint(job))
        return {name: statistics.median(seconds) for name, seconds in took.items()}


def _processor_time() -> tuple[int, int]:
    """What the host of a virtual machine gave to others, and all; in ticks, of all cores (proc_stat(5))."""
    ticks = [int(each) for each in Path("/proc/stat").read_text("ascii").splitlines()[0].split()[1:9]]
    return ticks[7], sum(ticks)


INSIDE: Final = """
import json, sys, time
job, began = json.loads(sys.stdin.read()), time.perf_counter()
import weasyprint
loaded = time.perf_counter() - began
from surveys.digests import conformance, render
render.document(job)
began = time.perf_counter()
render.document(job)
ours = time.perf_counter() - began
began = time.perf_counter()
render.pdf(job)
print(loaded + time.perf_counter() - began - ours)
"""


def _inside_weasyprint(job: dict[str, Any]) -> float:
    """Seconds that one edition's child spends loading WeasyPrint and in it."""
    ran = subprocess.run(
        [sys.executable, "-c", INSIDE], input=json.dumps(job), check=True, capture_output=True, text=True
    )  # fmt: skip
    return float(ran.stdout)


def measure_editions(home: Path, n: int = 100_000) -> Iterator[Row]:
    """One edition whole and twelve languages of it."""
    took = apart(home, n, work="whole")
    what = f"one edition whole, figures and PDF, {n:,} answers".replace(",", " ")
    share = took["drawing"] / took["one"]
    yield Row(what, "", f"{took['one']:.2f} s, {share:.0%} of it WeasyPrint", None)
    what = f"… twelve languages ({took['twelve']:.2f} s, {took['withheld']:.0%} of the cores' time withheld by the host) / one"
    yield at_most(what, took["twelve"] / took["one"], 4)


def measure(home: Path) -> Iterator[Row]:
    """Growth, flatness, the tables against the rows, DuckDB, and what keeping them up costs."""
    sizes = (*SIZES, 1_000_000) if os.environ.get(MILLION) else SIZES
    found = {n: apart(home, n) for n in sizes}
    for n in sizes:
        took = found[n]
        told = f"{took['edition'] * 1000:.0f} ms, {took['megabytes']:.0f} MB; read from tables {took['tables'] * 1000:.0f} ms, from rows {took['rows'] * 1000:.0f} ms"
        yield Row(f"digest outside WeasyPrint, {n:,} answers".replace(",", " "), "", told, None)
    yield at_most("… 100 000 / 1 000 answers", found[100_000]["edition"] / found[1_000]["edition"], 3)
    for small, large in pairwise(sizes[1:]):
        what = f"… {large:,} / {small:,} answers, no worse than linear".replace(",", " ")
        yield at_most(what, found[large]["edition"] / found[small]["edition"], large / small)
    short, long = (apart(home, A_WEEK * weeks, weeks)["edition"] for weeks in HISTORIES)
    yield at_most(f"… one week, history of {HISTORIES[1]} / {HISTORIES[0]} weeks", long / short, 1.25)
    yield from _tables(home, sizes[-1])
    yield from _on_postgresql(home, 100_000)


def _tables(home: Path, n: int) -> Iterator[Row]:
    ours, theirs, same, unequal = asyncio.run(rebuilt(home, n))
    what = f"weekly tables anew / DuckDB, {n:,} answers ({ours:.2f} s)".replace(",", " ")
    yield (
        Row(what, "≤ 15 ×", "needs the bench extra", None)
        if theirs is None
        else at_most(what, ours / theirs, 15)
    )
    if same:
        yield Row("… what both came to", "equal", same, same == "equal")
    told = "equal" if not unequal else f"{sum(map(len, unequal.values()))} weeks differ"
    yield Row("weekly tables and the rows grouped anew", "equal", told, not unequal)
    together, alone = asyncio.run(upkeep(home, n))
    yield at_most(
        "upkeep of the weekly tables per new verbatim / its insert, counted together", together, 1.0
    )
    yield at_most("… each counted alone", alone, 1.0)


def _on_postgresql(home: Path, n: int) -> Iterator[Row]:
    what = "weekly tables anew on PostgreSQL / DuckDB"
    if POSTGRESQL not in os.environ or importlib.util.find_spec("duckdb") is None:
        yield Row(what, "", "needs PostgreSQL and the bench extra", None)
        return
    # In a process of its own: Tortoise keeps the statements it made for the other database.
    took = apart(home, n, work="postgresql")
    what = f"{what}, {n:,} answers ({took['ours']:.2f} s)".replace(",", " ")
    yield Row(what, "", f"{took['ours'] / took['theirs']:.2f} ×", None)
    is_same = bool(took["same"])
    yield Row("… what both came to", "equal", "equal" if is_same else "different", is_same)


if __name__ == "__main__":
    work = {"edition": edition, "whole": whole, "postgresql": rebuilt_on_postgresql}[sys.argv[4]]
    measured = asyncio.run(work(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
    sys.stdout.write(json.dumps(measured) + "\n")
