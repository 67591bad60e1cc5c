"""The weekly tables are what the rows come to, whatever happened, and whoever died while counting."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction
from typer.testing import CliRunner

from surveys import db
from surveys.cli import app
from surveys.counts import check, upkeep
from surveys.counts.check import differences
from surveys.counts.folding import fold
from surveys.counts.models import (
    CountedUnit,
    Uncounted,
    UncountedWeek,
    WeeklyCounts,
    WeeklyThemes,
)
from surveys.counts.triggers import create_triggers, drop_triggers, triggers
from surveys.counts.upkeep import catch_up, count_changes, recount
from surveys.customers.models import Customer
from surveys.digests.build import figures
from surveys.digests.source import COUNTED, RAW, source_of
from surveys.digests.tally import By, Window, pooled
from surveys.erasure.erase import Person, erase
from surveys.organisation.models import the_organisation
from surveys.responses.models import Response
from surveys.verbatims.models import Verbatim, VerbatimTheme
from surveys.weeks import Week
from tests.surveys.counts.world import LAST, WEEKS, World
from tests.surveys.digests.week import WEEK, answer, many, organisation

CHECKOUT = Path(__file__).parents[3]


async def same(window: Window) -> None:
    """What an edition reads in the tables is what it would read in the rows."""
    levels: tuple[tuple[By, bool], ...] = (
        ("all", False),
        ("country", False),
        ("culture", False),
        ("region", False),
        ("language", True),
    )
    for by, by_language in levels:
        cells = [await source.cells(window, by_language=by_language) for source in (COUNTED, RAW)]
        for first, last in ((0, 0), (1, 1), (1, 8), (1, 26)):
            mine, truth = [pooled(counted, by, first=first, last=last) for counted in cells]
            for tally in (*mine.values(), *truth.values()) if first else ():
                tally.exit.clear()  # reasons for leaving are read of the latest week alone
            assert mine == truth, (by, first, last)
    assert await COUNTED.nps_by_theme(window) == await RAW.nps_by_theme(window)
    assert await COUNTED.quality(window) == await RAW.quality(window)
    assert await COUNTED.languages(window) == await RAW.languages(window)
    assert _n(await COUNTED.weekly_answers(window)) == _n(await RAW.weekly_answers(window))
    assert _n(await COUNTED.weekly_complaints(window)) == _n(await RAW.weekly_complaints(window))


def _n(rows: list[Any]) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        found[row[:-1]] += row[-1]
    return found


@pytest.mark.parametrize("seed", range(4))
async def test_after_anything_the_tables_are_what_the_rows_come_to(
    database: None, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "NOTES_AT_ONCE", 7)
    world = World(seed)
    await world.begin()
    for step in range(6):
        await world.happen(40)
        if step == 3:
            await world.settle()
        for _ in range(world.chance.randrange(4)):
            await count_changes()
        if step % 2:
            assert await differences() == {}
            zone = (await the_organisation()).zone
            for ago in (0, world.chance.randrange(WEEKS)):
                await same(Window(LAST.previous(ago), world.chance.randrange(WEEKS), zone))
    assert await Uncounted.all().count() == 0
    kept = {
        model: Counter(
            await model.all().values_list(*[name for name in model._meta.db_fields if name != "id"])
        )
        for model in (WeeklyCounts, WeeklyThemes)
    }
    assert kept[WeeklyCounts]
    assert kept[WeeklyThemes]
    assert await recount() > 5
    for model, rows in kept.items():
        names = [name for name in model._meta.db_fields if name != "id"]
        assert Counter(await model.all().values_list(*names)) == rows, model


@pytest.mark.parametrize("seed", range(2))
async def test_an_edition_from_the_tables_is_the_one_from_the_rows(database: None, seed: int) -> None:
    world = World(100 + seed)
    await world.begin()
    world.weeks = 5
    await world.happen(400)
    organisation = await the_organisation()
    organisation.smallest_group = 3
    await organisation.save()
    at = LAST.previous(-2).bounds(organisation.zone)[0]
    for ago in (0, 1):
        week = LAST.previous(ago)
        truth = await figures(week, organisation, at=at, source=RAW)
        assert truth["tiles"]["responses"]["n"] > 10
        assert json.dumps(await figures(week, organisation, at=at), sort_keys=True) == json.dumps(
            truth, sort_keys=True
        )


async def test_the_check_sees_a_wrong_count(database: None) -> None:
    await organisation()
    await many("nps", {9: 3})
    assert await differences() == {}
    await WeeklyCounts.all().update(score_9=4)
    assert await differences() == {"weekly_counts": [WEEK]}
    await recount()
    assert await differences() == {}
    # Somebody changed an answer behind the triggers' back.
    await drop_triggers(get_connection("default"))
    await Response.all().update(country="DE")
    # On PostgreSQL the next test has the same tables.
    await create_triggers(get_connection("default"))
    assert await differences() == {"weekly_counts": [WEEK]}


async def test_the_check_lets_answers_come_meanwhile(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    await organisation()
    await many("nps", {9: 3})
    compared = check._compared

    async def late(week: Week, zone: ZoneInfo) -> list[str]:
        await many("nps", {2: 1})
        return await compared(week, zone)

    monkeypatch.setattr(check, "_compared", late)
    assert await differences() == {}


async def test_every_trigger_is_there(database: None) -> None:
    """A migration that makes a table anew on SQLite loses its triggers, without a word."""
    if db.is_sqlite():
        rows = await db.query("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    else:
        rows = await db.query("SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal")
    assert {row["name"] for row in rows} == {name for name, *_ in triggers()}


async def test_what_the_counts_do_not_hang_on_notes_nothing(database: None) -> None:
    row = await answer("nps", 3, text="slikti", themes=["delivery"])
    await catch_up()
    verbatim = await Verbatim.get(response_id=row.id)
    await Verbatim.filter(id=verbatim.id).update(
        due_at=verbatim.written_at, attempts=1, changed_at=verbatim.written_at
    )
    await VerbatimTheme.filter(verbatim_id=verbatim.id).update(confidence=0.5)
    assert await Uncounted.all().count() == 0
    await Verbatim.filter(id=verbatim.id).update(sentiment="positive")
    assert [note.unit for note in await Uncounted.all()] == [row.id]


async def test_one_loud_person_counts_once_wherever_the_first_complaint_stands(database: None) -> None:
    await organisation()
    first = await answer("nps", 1, text="slikti", themes=["delivery"], customer="loud", country="LV")
    for country in ("JP", "DE", "JP"):
        await answer("nps", 2, text="slikti", themes=["delivery"], customer="loud", country=country)
        await catch_up()

    async def where() -> list[tuple[str, int]]:
        await catch_up()
        rows = WeeklyThemes.filter(code="delivery", people__gt=0)
        return sorted(await rows.values_list("country", "people"))

    assert await where() == [("LV", 1)]
    await VerbatimTheme.filter(verbatim__response_id=first.id).delete()
    assert await where() == [("JP", 1)]
    await first.delete()
    await Response.filter(country="JP").delete()
    assert await where() == [("DE", 1)]
    assert await differences() == {}


async def test_the_last_one_counts_when_those_before_go_one_after_the_other(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that follows the first has gone by the time it is read, and its own note is worked off later."""
    await organisation()
    first, second, _last = [
        await answer("nps", 1, text="slikti", themes=["delivery"], customer="loud", country=country)
        for country in ("LV", "DE", "JP")
    ]
    await catch_up()
    async with in_transaction():
        await first.delete()
        await second.delete()
    monkeypatch.setattr(upkeep, "NOTES_AT_ONCE", 1)
    while await count_changes():
        pass
    assert await WeeklyThemes.all().values_list("country", "people") == [("JP", 1)]
    assert await differences() == {}


async def test_a_rollback_counts_nothing(database: None) -> None:
    await organisation()

    async def fails() -> None:
        async with in_transaction():
            await many("nps", {9: 3})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    await catch_up()
    assert await WeeklyCounts.all().count() == 0


async def test_counting_that_fails_half_way_is_done_again(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await organisation()
    await catch_up()
    await many("nps", {9: 3, 2: 1})

    async def dies(*given: Any) -> None:
        await fold(*given)
        raise ZeroDivisionError

    monkeypatch.setattr(upkeep, "fold", dies)
    with pytest.raises(ZeroDivisionError):
        await count_changes()
    assert (await Uncounted.all().count(), await WeeklyCounts.all().count()) == (4, 0)
    monkeypatch.setattr(upkeep, "fold", fold)
    assert await differences() == {}
    assert await WeeklyCounts.all().values_list("responses", "score_9", "score_2") == [(4, 3, 1)]


async def test_a_recount_that_stops_is_finished_by_whoever_reads(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await organisation()
    for ago in range(3):
        await many("nps", {9: 3}, ago=ago)
    await catch_up()

    def stop(done: int, _total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await recount(stop)
    assert sorted(row.week for row in await UncountedWeek.all()) == [
        str(WEEK.previous(2)),
        str(WEEK.previous()),
    ]
    zone = (await the_organisation()).zone
    rows = await (await source_of(zone)).weekly_answers(Window(WEEK, 2, zone))
    assert sorted((row.weeks_ago, row.n) for row in rows) == [(0, 3), (1, 3), (2, 3)]


async def test_another_zone_counts_anew_and_a_foreign_one_from_the_rows(database: None) -> None:
    maize = await organisation(time_zone="UTC")
    row = await answer("nps", 9)
    # Sunday 22:30 in UTC is Monday in Riga.
    await Response.filter(id=row.id).update(submitted_at=WEEK.bounds(maize.zone)[1] - timedelta(minutes=90))
    await catch_up()
    assert await WeeklyCounts.all().values_list("week", "responses") == [(str(WEEK), 1)]
    riga = (await organisation(time_zone="Europe/Riga")).zone
    assert await source_of(maize.zone) is RAW
    assert await source_of(riga) is COUNTED
    assert await WeeklyCounts.all().values_list("week", "responses") == [(str(WEEK.previous(-1)), 1)]


async def test_an_erased_person_leaves_no_trace_even_before_the_next_count(database: None) -> None:
    await organisation()
    await answer("nps", 1, text="slikti", themes=["delivery"], customer="gone")
    await answer("nps", 9, customer="stays")
    await catch_up()
    await erase(Person("gone"))
    stays = await Customer.get(customer_id="stays")
    assert [unit.person for unit in await CountedUnit.all()] == [f"c{stays.id}"]
    assert await WeeklyThemes.all().count() == 0
    assert await WeeklyCounts.all().values_list("responses", "score_9", "comments") == [(1, 1, 0)]
    assert await differences() == {}


async def test_counting_the_same_again_changes_nothing(database: None) -> None:
    maize = await organisation()
    row = await answer("nps", 1, text="slikti", themes=["delivery"])
    await catch_up()
    async with in_transaction():
        for _ in range(3):
            await fold([row.id, 4711, -12], maize.zone)
    assert await differences() == {}


WRITER = """
import asyncio, contextlib, sys
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction
from surveys import db
from surveys.counts import check, upkeep
from surveys.counts.upkeep import count_changes
from tests.surveys.counts.world import World

async def main():
    upkeep.NOTES_AT_ONCE = 5
    seed = int(sys.argv[1])
    async with db.database():
        world = World(seed)
        world.number = 1000 * seed
        from surveys.customers.models import Customer
        from surveys.questionnaires.models import Survey
        from surveys.pains.models import PainPoint
        world.surveys = await Survey.all()
        world.customers = (await Customer.all().order_by("id"))[:3]
        world.pains = await PainPoint.all()
        while True:
            for event in (world.answer, world.answer, world.mention, world.understand, world.another_customer):
                # Two may understand the same words at once.
                with contextlib.suppress(IntegrityError):
                    async with in_transaction():
                        await event()
            await count_changes()

asyncio.run(main())
"""


@pytest.mark.journey
async def test_processes_that_write_and_count_side_by_side_and_are_killed(database: None, home: Path) -> None:
    world = World(1)
    await world.begin()
    await catch_up()
    script = home / "writer.py"
    script.write_text(WRITER)
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    writers = [
        await asyncio.create_subprocess_exec(sys.executable, str(script), str(seed), env=environment)
        for seed in (7, 8, 9)
    ]
    for _ in range(400):
        await asyncio.sleep(0.2)
        if await Response.all().count() > 150 or any(writer.returncode is not None for writer in writers):
            break
    assert [writer.returncode for writer in writers] == [None] * 3
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
        await writer.wait()
    assert await differences() == {}
    zone = (await the_organisation()).zone
    await same(Window(LAST, WEEKS, zone))


@pytest.mark.parametrize(("weeks", "said"), [(1, "1 week was counted."), (12, "12 weeks were counted.")])
def test_the_command_says_how_many_weeks(monkeypatch: pytest.MonkeyPatch, weeks: int, said: str) -> None:
    async def recount(_progress: object) -> int:
        return weeks

    monkeypatch.setattr("surveys.counts.upkeep.recount", recount)
    monkeypatch.setattr("surveys.counts.commands.run", asyncio.run)
    assert CliRunner().invoke(app, ["recount"]).stderr.splitlines()[-1] == said


@pytest.mark.journey
def test_the_command_counts_and_checks(home: Path) -> None:
    def polyvox(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "surveys", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    assert polyvox("demo", "load").returncode == 0
    checked = polyvox("recount", "--check")
    assert (checked.returncode, checked.stderr) == (0, "The weekly counts are what the answers come to.\n")
    counted = polyvox("recount")
    assert (counted.returncode, counted.stderr.endswith("weeks were counted.\n")) == (0, True)
