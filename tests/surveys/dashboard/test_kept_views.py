"""Kept figures: those that would be made now, made anew when anything changes, gone with whoever is erased."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx2 as httpx
import pytest
from lxml import html

from surveys.accounts.models import User
from surveys.counts.upkeep import catch_up, take_away
from surveys.dashboard import kept, look, shelf
from surveys.dashboard.choice import Choice
from surveys.dashboard.figuring import Told, make_view, view_of
from surveys.dashboard.ground import Site, all_surveys, ground_of, site_of
from surveys.dashboard.models import KeptView, WeekColumns
from surveys.dashboard.renew import renew_views
from surveys.digests.tally import first_response_at
from surveys.due import now
from surveys.erasure.erase import Person, erase
from surveys.questionnaires.models import Survey
from surveys.responses.models import Response
from surveys.verbatims.models import Verbatim, VerbatimTheme
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation


@pytest.fixture(autouse=True)
def thursday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The week after, when W40 is the last full one; who looks waits, however slow the machine is."""
    monkeypatch.setattr("surveys.dashboard.views.now", lambda: AT)
    monkeypatch.setattr("surveys.dashboard.look.PATIENCE", 60.0)


@pytest.fixture
async def answers(database: None) -> None:
    """Five weeks of two countries, with complaints in the latest."""
    await organisation()
    for ago in range(5):
        for country, locale, n in (("LV", "lv", 24), ("DE", "de", 18)):
            await many("nps", {9: n // 2, 3: n - n // 2}, ago=ago, country=country, locale=locale)
    for number in range(7):
        await answer(
            "nps", 2, text=f"Kurjers kavējās {number}. reizi", themes=["delivery"], customer=f"C-{number}"
        )
    await catch_up()


async def renewed() -> int:
    """Everything that is due, as the worker makes it: how many views."""
    await catch_up()
    made = 0
    while await renew_views(AT):
        made += 1
    return made


async def shown() -> dict[tuple[str, str], Any]:
    """Each kept view, as it is read."""
    rows = await KeptView.all()
    views = {(row.week, row.filters): await shelf.read(row) for row in rows if row.made_at}
    return {key: view and (view.figures, view.options) for key, view in views.items()}


async def made_now() -> dict[tuple[str, str], Any]:
    """The same made anew, in a process that has nothing in memory."""
    kept.forget()
    asked, first = await organisation(), await first_response_at((await organisation()).zone)
    assert first is not None
    site = await site_of(asked, await all_surveys(), first, AT)
    found = {}
    for row in await KeptView.filter(made_at__isnull=False):
        choice = shelf.choice_of(row)
        view = await view_of(choice, site, await ground_of(choice.week, site))
        found[row.week, row.filters] = json.loads(json.dumps([view.figures, dict(view.options)]))
    return {key: (figures, options) for key, (figures, options) in found.items()}


async def visit(client: httpx.AsyncClient, address: str, **headers: str) -> html.HtmlElement:
    found = await client.get(address, headers=headers)
    assert found.status_code == 200
    return html.fromstring(found.text)


def ready(*filters: dict[str, str]) -> set[tuple[str, str]]:
    return {(str(WEEK), shelf.written(each)) for each in filters}


async def test_the_last_week_is_ready_with_each_filter_alone(answers: None) -> None:
    assert await renewed() == 7
    assert set(await shown()) == {
        ("2026-W41", "{}"),
        *ready(
            {},
            {"region": "154"},
            {"region": "155"},
            {"survey": "nps"},
            {"language": "lv"},
            {"language": "de"},
        ),
    }
    assert await renewed() == 0


async def test_kept_figures_are_those_that_would_be_made_now_whatever_changes(answers: None) -> None:
    both = Choice(WEEK, {"region": "154", "language": "lv"})
    asked, surveys = await organisation(), await all_surveys()
    await look.look(both, asked, surveys, at=AT)
    await renewed()
    before = await shown()
    assert before == await made_now()

    await many("nps", {10: 9}, country="LV", locale="lv")
    words = await Verbatim.all().order_by("id").first()
    assert words is not None
    await VerbatimTheme.filter(verbatim_id=words.id).update(code="price")
    await renewed()
    after = await shown()
    assert after == await made_now()
    # Weeks as columns say what their rows do.
    assert await WeekColumns.all().count() == 6
    await WeekColumns.all().delete()
    assert after == await made_now()
    assert await WeekColumns.all().count() == 6
    assert {key for key in before if before[key] == after[key]} == ready(
        {"region": "155"}, {"language": "de"}
    )
    assert after[next(iter(ready(dict(both.filters))))] != before[next(iter(ready(dict(both.filters))))]

    await Response.filter(score=10).delete()
    await organisation(smallest_group=8)
    await renewed()
    assert await shown() == await made_now() != after


async def test_figures_made_by_other_rules_are_not_shown(answers: None) -> None:
    await renewed()
    asked = await organisation(smallest_group=50)
    seen = await look.look(Choice(WEEK, {"region": "155"}), asked, await all_surveys(), at=AT)
    assert (seen.figures, seen.making, seen.older) == (None, None, None)


async def test_another_version_reads_no_weeks_that_this_one_packed(
    answers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await renewed()
    before = set(await WeekColumns.filter(week__lte=str(WEEK)).values_list("week", "stamp"))
    monkeypatch.setattr("surveys.dashboard.ground.__version__", "9.9.9")
    kept.forget()
    seen = await look.look(Choice(WEEK), await organisation(), await all_surveys(), at=AT)
    assert seen.figures is not None
    after = set(await WeekColumns.filter(week__lte=str(WEEK)).values_list("week", "stamp"))
    assert len(before) == len(after) == 5
    assert not before & after


async def test_who_is_erased_is_in_no_kept_figure_from_then_on(answers: None) -> None:
    await renewed()
    await erase(Person("C-3"))
    assert await shown() == {}
    seen = await look.look(Choice(WEEK), await organisation(), await all_surveys(), at=AT)
    assert seen.figures is not None
    assert seen.figures["tiles"]["nps"]["n"] == 48
    assert await shown() == {(str(WEEK), "{}"): (await made_now())[str(WEEK), "{}"]}


async def test_what_was_being_made_while_somebody_was_erased_is_not_kept(answers: None) -> None:
    asked, first = await organisation(), await first_response_at((await organisation()).zone)
    assert first is not None
    site, choice = await site_of(asked, await all_surveys(), first, AT), Choice(WEEK)
    row = await shelf.place_for(choice)
    ground = await ground_of(WEEK, site)
    view = await view_of(choice, site, ground)
    await erase(Person("C-3"))
    assert await shelf.put(row, ground, view) is False
    assert await KeptView.all().count() == 0


async def test_what_is_begun_while_somebody_is_erased_waits_until_they_are(
    answers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL the counts of before can be read as long as the erasure goes on."""
    erasing = asyncio.Event()

    async def slowly(units: Sequence[int]) -> None:
        erasing.set()
        await asyncio.sleep(1)
        await take_away(units)

    monkeypatch.setattr("surveys.erasure.erase.take_away", slowly)
    erased = asyncio.create_task(erase(Person("C-3")))
    await erasing.wait()
    seen = await look.look(Choice(WEEK), await organisation(), await all_surveys(), at=AT)
    await erased
    assert seen.figures is not None
    assert seen.figures["tiles"]["nps"]["n"] == 48
    assert await shown() == await made_now()


async def test_who_waits_sees_how_far_the_figures_are_with_script_and_without(
    client: httpx.AsyncClient, ana: User, answers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = asyncio.Event()

    async def slowly(row: KeptView, choice: Choice, site: Site, told: Told) -> bool:
        told(3, 7)
        await go_on.wait()
        return await make_view(row, choice, site, told)

    monkeypatch.setattr("surveys.dashboard.look.make_view", slowly)
    monkeypatch.setattr("surveys.dashboard.look.PATIENCE", 0.2)
    address = "/dashboard?week=2026-W40&region=154"
    tree = await visit(client, address)
    assert tree.xpath("//head//meta[@http-equiv='refresh']/@content") == ["2"]
    assert tree.xpath("//div[@role='status']//progress/@max") in (["7"], ["1"])
    assert tree.xpath("//div[@role='status']/@hx-get") == [f"{address}&again=1"]
    assert tree.xpath("//div[@role='status']/a/@href") == [address]
    assert tree.xpath("//select[@name='week']")
    assert not tree.xpath("//div[@class='tile']")
    go_on.set()
    monkeypatch.setattr("surveys.dashboard.look.PATIENCE", 60.0)
    tree = await visit(client, address)
    assert tree.xpath("//div[@class='tile']")
    assert not tree.xpath("//progress | //meta[@http-equiv='refresh']")
    again = await client.get(f"{address}&again=1", headers={"HX-Request": "true"})
    assert "HX-Push-Url" not in again.headers


async def test_what_cannot_be_made_is_tried_again_later_and_keeps_nothing_else_waiting(
    answers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(row: KeptView, choice: Choice, *_more: Any) -> bool:
        if choice.filters == {"region": "154"}:
            raise ValueError("not told")
        return await make_view(row, choice, *_more)

    monkeypatch.setattr("surveys.dashboard.renew.make_view", broken)
    await renewed()
    row = await KeptView.get(week=str(WEEK), filters='{"region":"154"}')
    assert (row.made_at, row.last_error, row.attempts) == (None, "ValueError", 1)
    assert row.due_at is not None
    assert len(await shown()) == 6
    # Given up after many tries, it has its turn again when an hour has passed and something was counted.
    monkeypatch.setattr("surveys.dashboard.renew.make_view", make_view)
    parked = {"due_at": None, "attempts": 5, "parked_at": now() - timedelta(minutes=61)}
    await KeptView.filter(id=row.id).update(**parked)
    await answer("nps", 1, country="DE", locale="de")
    await renewed()
    assert (await KeptView.get(id=row.id)).made_at is not None


async def test_what_nobody_looks_at_is_not_made_anew_and_goes_in_the_end(answers: None) -> None:
    asked, surveys = await organisation(), await all_surveys()
    old = Choice(WEEK.previous(), {"region": "155"})
    await look.look(old, asked, surveys, at=AT)
    await renewed()
    await KeptView.filter(week="2026-W39").update(seen_at=AT.replace(year=2025))
    await answer("nps", 1, ago=1, country="DE", locale="de")
    await renewed()
    assert await KeptView.filter(week="2026-W39").count() == 0


async def test_answers_to_a_survey_that_is_gone_are_left_aside_until_they_are_counted_out(
    answers: None,
) -> None:
    for number in range(9):
        await answer("csat", 1, text=f"Rēķins {number}", themes=["billing"])
    await catch_up()
    gone = await Survey.get(slug="csat")
    await Response.filter(survey_id=gone.id).delete()
    await gone.delete()
    seen = await look.look(Choice(WEEK), await organisation(), await all_surveys(), at=AT)
    assert seen.figures is not None
    assert seen.figures["tiles"]["csat"]["n"] == 0
    assert seen.figures["tiles"]["nps"]["n"] == 49
    assert [pain["theme"] for pain in seen.figures["pain_points"]] == ["delivery"]
