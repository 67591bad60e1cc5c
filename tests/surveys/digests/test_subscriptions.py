"""Subscriptions: day and hour in a zone, quiet weeks, one now, a look before, folders, scopes, progress."""

import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2 as httpx
import pytest

from surveys.accounts.models import User
from surveys.digests import make
from surveys.digests.archive import request_edition
from surveys.digests.build import figures
from surveys.digests.make import make_due_editions
from surveys.digests.models import Channel, Delivery, Edition, Subscription
from surveys.digests.resend import send_now
from surveys.digests.schedule import due_at, due_week
from surveys.digests.scope import Scope, scope_of
from surveys.digests.send import WAITS, open_deliveries
from surveys.digests.subscribe import Plan, change
from surveys.due import failed, now
from surveys.errors import Refused
from surveys.responses.models import Response
from surveys.weeks import Week
from tests.surveys.digests.readers import MONDAY, PDF, outbox, quick_editions, reader, work
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return quick_editions(monkeypatch)


async def test_each_reader_has_a_day_and_an_hour(database: None) -> None:
    maize = await organisation()
    times = {}
    for name, plan in {
        "riga": Plan(hour=8),
        "tokyo": Plan(time_zone="Asia/Tokyo"),
        "tokyo-late": Plan(time_zone="Asia/Tokyo", weekday=2, hour=9),
        "lima": Plan(time_zone="America/Lima", weekday=7, hour=23),
    }.items():
        times[name] = due_at(await reader(f"{name}@maize.lv", plan), WEEK, maize).isoformat()
    assert times == {
        "riga": "2026-10-05T05:00:00+00:00",
        "tokyo": "2026-10-04T21:00:00+00:00",  # not before the week is over in Riga
        "tokyo-late": "2026-10-06T00:00:00+00:00",
        "lima": "2026-10-12T04:00:00+00:00",
    }


async def test_the_hour_that_clocks_leave_out_and_the_one_that_comes_twice(database: None) -> None:
    maize = await organisation()
    left_out = await reader("a@maize.lv", Plan(weekday=7, hour=3))
    assert due_at(left_out, Week(2026, 12), maize) == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )  # 04:00 by the clock
    assert due_at(left_out, Week(2026, 42), maize) == datetime(2026, 10, 25, 0, tzinfo=UTC)


async def test_until_the_hour_the_week_before_is_the_one_that_is_due(database: None) -> None:
    maize = await organisation()
    monday = await reader("a@maize.lv", Plan(hour=8))
    eight = datetime(2026, 10, 5, 5, tzinfo=UTC)
    weeks = [str(due_week(monday, maize, at)) for at in (eight - timedelta(seconds=1), eight)]
    assert weeks == ["2026-W39", "2026-W40"]
    late = await reader("b@maize.lv", Plan(time_zone="America/Lima", weekday=7, hour=23))
    next_monday = MONDAY + timedelta(days=7, hours=7)  # in Riga the week after is over already
    for seconds, week in ((0, "2026-W40"), (1, "2026-W39")):
        assert str(due_week(late, maize, next_monday - timedelta(seconds=seconds))) == week


async def test_who_subscribed_after_the_day_waits(database: None) -> None:
    maize = await organisation()
    for since, week in ((timedelta(hours=30), "2026-W40"), (timedelta(hours=49), None)):
        tuesday = await reader("a@maize.lv", Plan(weekday=2, hour=6), since=MONDAY + since)
        found = due_week(tuesday, maize, MONDAY + timedelta(hours=50))
        assert (str(found) if found else None) == week


async def test_deliveries_open_hour_by_hour(database: None, home: Path, quick: list[str]) -> None:
    await organisation()
    await many("nps", {9: 30})
    await reader("early@maize.lv")
    await reader("late@maize.lv", Plan(weekday=3, hour=10))
    await Delivery.all().delete()
    for late in await Subscription.all():
        await Delivery.create(subscription=late, week="2026-W39", sent_at=now())
    assert await open_deliveries(MONDAY) == 1
    await work()
    wednesday = MONDAY + timedelta(days=2, hours=10)
    assert [await open_deliveries(wednesday - timedelta(seconds=1)), await open_deliveries(wednesday)] == [
        0,
        1,
    ]
    await work()
    assert [mail["To"] for mail in outbox(home)] == ["early@maize.lv", "late@maize.lv"]
    assert quick == ["2026-W40 en"]


async def test_after_four_quiet_weeks_the_mail_says_so_and_stops_until_somebody_answers(
    database: None, home: Path, quick: list[str]
) -> None:
    await organisation()
    subscription = await reader("a@maize.lv")
    for number in range(6):
        await open_deliveries(MONDAY + timedelta(weeks=number, hours=2))
        await work()
    sentence = "Nobody has answered for four weeks. The next digest comes when somebody answers again."
    bodies = {}
    for mail in outbox(home):
        plain = mail.get_body(("plain",))
        assert plain is not None
        bodies[str(mail["Subject"])[12:20]] = sentence in plain.get_content()
    assert bodies == {"2026-W40": False, "2026-W41": False, "2026-W42": False, "2026-W43": True}
    assert (await Subscription.get()).paused_at is not None
    # Somebody answers in the week that is over next.
    response = await answer("nps", 9)
    await Response.filter(id=response.id).update(submitted_at=MONDAY + timedelta(weeks=5, days=2))
    assert await open_deliveries(MONDAY + timedelta(weeks=6, hours=2)) == 1
    assert (await Subscription.get()).paused_at is None
    assert await Delivery.filter(subscription_id=subscription.id).count() == 5


async def test_a_run_killed_before_it_asked_for_the_edition_is_finished_by_the_next(
    database: None, home: Path, quick: list[str]
) -> None:
    await organisation()
    subscription = await reader("a@maize.lv")
    await Delivery.create(subscription=subscription, week="2026-W40")
    assert await open_deliveries(MONDAY) == 0
    await work()
    assert [mail["To"] for mail in outbox(home)] == ["a@maize.lv"]


async def test_a_change_of_language_reaches_what_still_waits(
    database: None, home: Path, quick: list[str]
) -> None:
    await organisation()
    subscription = await reader("a@maize.lv")
    await open_deliveries(MONDAY)
    await change(subscription, Plan("lv"))
    await work()
    await open_deliveries(MONDAY)
    await work()
    files = [part.get_filename() for mail in outbox(home) for part in mail.iter_attachments()]
    assert files == ["2026-W40-lv.pdf"]
    assert await Delivery.all().count() == 1


async def test_one_now_takes_the_place_of_the_next_and_can_come_again(
    database: None, home: Path, quick: list[str]
) -> None:
    maize = await organisation()
    subscription = await reader("a@maize.lv", since=now())
    for expected in (1, 2):
        await send_now(subscription, maize)
        await send_now(subscription, maize)  # it is on its way
        await work()
        assert len(outbox(home)) == expected
    numbers = [str(mail["Message-ID"]).partition("@")[0] for mail in outbox(home)]
    week = Week.last_full(now(), maize.zone)
    assert sorted(numbers) == [f"<digest-{week}-{subscription.id}", f"<digest-{week}-{subscription.id}-1"]
    assert await open_deliveries() == 0


async def test_a_folder_gets_whole_files(database: None, home: Path, quick: list[str]) -> None:
    maize = await organisation()
    await many("nps", {9: 30})
    subscription = await reader("board", Plan("lv"), Channel.FOLDER)
    await open_deliveries(MONDAY)
    await work()
    files = {path.name: path.read_bytes() for path in (home / "editions" / "board").iterdir()}
    names = [f"2026-W40-lv.{ending}" for ending in ("html", "json", "pdf", "txt")]
    assert sorted(files) == names
    assert files["2026-W40-lv.pdf"] == PDF
    assert json.loads(files["2026-W40-lv.json"])["tiles"]["responses"]["n"] == 30
    assert b"unsubscribe" not in files["2026-W40-lv.html"] + files["2026-W40-lv.txt"]
    assert not (home / "mail").exists()
    for name in ("../x", "a/b", "/etc", "", "a b", ".x", "x" * 61):
        with pytest.raises(Refused):
            await reader(name, channel=Channel.FOLDER)
    assert (await Delivery.get(subscription=subscription)).sent_at is not None
    assert maize.id


async def test_a_disk_that_is_full_is_tried_for_a_day(database: None, quick: list[str]) -> None:
    await organisation()
    subscription = await reader("board", channel=Channel.FOLDER)
    delivery = await Delivery.create(subscription=subscription, week="2026-W40", due_at=now())
    for attempt, wait in enumerate(WAITS, 1):
        delivery.attempts = attempt
        await failed(delivery, "The folder cannot be written.", at=AT, waits=WAITS)
        assert delivery.due_at == AT + wait
    delivery.attempts = len(WAITS) + 1
    await failed(delivery, "The folder cannot be written.", at=AT, waits=WAITS)
    assert (delivery.due_at, delivery.parked_at) == (None, AT)


async def test_an_edition_of_a_scope_counts_nothing_else(database: None) -> None:
    maize = await organisation()
    await many("nps", {9: 30}, country="LV")
    await many("nps", {3: 20}, country="FR")
    await many("csat", {5: 12}, country="LV")
    for country, n in (("LV", 6), ("FR", 7)):
        for number in range(n):
            text = f"Piegāde kavējās {country} {number}"
            await answer(
                "nps", 1, country=country, text=text, themes=["delivery"], customer=f"{country}{number}"
            )
    scope = await scope_of(["154"], ["nps"], [])
    assert (str(scope), Scope.parse(str(scope))) == ("region=154&survey=nps", scope)
    told = await figures(WEEK, maize, at=AT, scope=scope)
    tiles = {name: tile["n"] for name, tile in told["tiles"].items()}
    assert tiles == {"responses": 36, "nps": 36, "csat": 0, "ces": 0}
    assert told["scope"] == {"regions": ["154"], "surveys": ["nps"], "segments": []}
    assert [row["group"] for row in told["regions"]] == ["154"]
    assert [pain["now"]["x"] for pain in told["pain_points"]] == [6]
    assert {quote["text"][16:18] for quote in told["quotes"]} == {"LV"}
    assert (told["quality"]["words"], told["mentions"]["n"], "mentions" in told["left_out"]) == (6, 0, True)
    assert told["tiles"]["responses"]["link"] == "/inbox?region=154&survey=nps&week=2026-W40&source=response"
    assert told["continents"][0]["link"] == told["tiles"]["responses"]["link"]
    everything = await figures(WEEK, maize, at=AT)
    assert (everything["tiles"]["responses"]["n"], everything["scope"]) == (75, None)


async def test_a_small_scope_is_hidden(database: None) -> None:
    maize = await organisation()
    await many("nps", {9: 30}, country="FR")
    await many("nps", {9: 4}, country="LV")
    told = await figures(WEEK, maize, at=AT, scope=Scope(regions=("154",)))
    assert (told["tiles"]["nps"]["suppressed"], told["tiles"]["nps"]["score"]) == (True, None)


async def test_readers_of_a_scope_get_its_edition(database: None, home: Path, quick: list[str]) -> None:
    await organisation()
    await many("nps", {9: 30}, country="LV")
    await many("nps", {3: 20}, country="FR")
    await reader("all@maize.lv")
    await reader("north@maize.lv", Plan(scope=Scope(regions=("154",))))
    await open_deliveries(MONDAY)
    await work()
    bodies = []
    for mail in outbox(home):
        plain = mail.get_body(("plain",))
        assert plain is not None
        bodies.append(plain.get_content())
    assert ["Only answers of: Northern Europe." in body for body in bodies] == [False, True]
    assert ["/digests/2026-W40/en.pdf?region=154" in body for body in bodies] == [False, True]
    editions = await Edition.all().order_by("scope")
    assert [(each.scope, each.figures["tiles"]["responses"]["n"]) for each in editions] == [
        ("", 50), ("region=154", 30),
    ]  # fmt: skip


@pytest.mark.parametrize("chosen", [(["001"], [], []), (["999"], [], []), ([], ["none"], [])])
async def test_a_scope_that_cannot_be_is_refused(database: None, chosen: tuple[list[str], ...]) -> None:
    with pytest.raises(Refused):
        await scope_of(*chosen)


async def test_the_page_of_a_reader(
    client: httpx.AsyncClient, alice: User, home: Path, quick: list[str]
) -> None:
    maize = await organisation()
    await many("nps", {9: 30})
    form = {"channel": "mail", "address": "a@maize.lv", "locale": "lv", "weekday": "3", "hour": "7"}
    bad = {**form, "time_zone": "Mars", "weekday": "8", "hour": "24", "region": "999"}
    assert (await client.post("/settings/subscriptions", data=bad)).status_code == 422
    added = await client.post("/settings/subscriptions", data={**form, "region": ["154", "155"]})
    assert (added.status_code, added.headers["location"]) == (303, "/settings/subscriptions")
    found = await Subscription.get()
    plan = (found.weekday, found.hour, found.time_zone, found.scope)
    assert plan == (3, 7, None, "region=154&region=155")
    listed = (await client.get("/settings/subscriptions")).text
    assert ("Northern Europe, Western Europe" in listed, "Wednesday" in listed) == (True, True)
    page = f"/settings/subscriptions/{found.id}"
    await client.post(page, data={"locale": "en", "time_zone": "Asia/Tokyo", "weekday": "1", "hour": "0"})
    found = await Subscription.get()
    plan = (found.weekday, found.hour, found.time_zone, found.scope)
    assert (found.locale, plan) == ("en", (1, 0, "Asia/Tokyo", ""))
    shown = (await client.get(f"{page}/preview")).text
    assert "Make it" in shown
    assert await Edition.all().count() == 0
    assert (await client.post(f"{page}/preview")).headers["location"] == f"{page}/preview"
    part = (await client.get(f"{page}/preview", headers={"HX-Request": "true"})).text
    assert " ".join(part.split()).startswith(f'<div id="state" hx-get="{page}/preview" hx-trigger="every 2s"')
    await make_due_editions()
    week = Week.last_full(now(), maize.zone)
    shown = (await client.get(f"{page}/preview")).text
    assert (f"Maize, week {week}" in shown, "hx-trigger" in shown) == (True, False)
    assert '<html lang="en" dir="ltr">' in (await client.get(f"{page}/preview.html")).text
    assert not (home / "mail").exists()
    assert (await client.post(f"{page}/send")).status_code == 303
    await work()
    assert [mail["To"] for mail in outbox(home)] == ["a@maize.lv"]
    assert "Sent on " in (await client.get(page)).text
    await client.post(f"{page}/end")
    assert (await client.get(page)).status_code == 404


async def test_how_far_an_edition_is_can_be_seen(
    client: httpx.AsyncClient, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    maize = await organisation()
    await request_edition(WEEK, "lv", maize)
    seen: list[tuple[int, bool, bool]] = []

    async def look() -> None:
        page = await client.get("/digests/2026-W40/lv", headers={"HX-Request": "true"})
        assert " ".join(page.text.split()).startswith('<div id="state" ')
        seen.append((page.status_code, "0 / 3" in page.text, "2 / 3" in page.text))

    async def render(*_job: object) -> AsyncGenerator[tuple[str, bytes]]:
        await look()
        yield "lv", PDF

    await look()
    monkeypatch.setattr(make, "render_languages", render)
    await make_due_editions()
    await look()
    assert seen == [(202, True, False), (202, False, True), (200, False, False)]
    page = (await client.get("/digests/2026-W40/lv")).text
    assert ('href="/digests/2026-W40/lv.pdf"' in page, "hx-trigger" in page) == (True, False)
    assert (await Edition.get()).stage is None


async def test_the_archive_shows_editions_of_a_scope(
    client: httpx.AsyncClient, maris: User, quick: list[str]
) -> None:
    maize = await organisation()
    await many("nps", {9: 30})
    await request_edition(WEEK, "en", maize, "region=154")
    await make_due_editions()
    page = (await client.get("/digests")).text
    assert ('href="/digests/2026-W40/en.pdf?region=154"' in page, "Northern Europe" in page) == (True, True)
    assert (await client.get("/digests/2026-W40/en.pdf?region=154")).content == PDF
    assert (await client.get("/digests/2026-W40/en.pdf")).status_code == 404


@pytest.mark.parametrize("waited", [False, True], ids=["nothing waited", "one waited"])
async def test_who_begins_again_after_the_day_waits_for_the_next(
    client: httpx.AsyncClient,
    alice: User,
    home: Path,
    quick: list[str],
    monkeypatch: pytest.MonkeyPatch,
    waited: bool,
) -> None:
    await organisation()
    subscription = await reader("ieva@maize.lv")
    if waited:
        await open_deliveries(MONDAY)
    await client.post(f"/settings/subscriptions/{subscription.id}/end")
    monkeypatch.setattr("surveys.digests.subscribe.now", lambda: MONDAY + timedelta(days=3))
    form = {"channel": "mail", "address": "ieva@maize.lv", "locale": "en", "weekday": "1", "hour": "0"}
    assert (await client.post("/settings/subscriptions", data=form)).status_code == 303
    assert await open_deliveries(MONDAY + timedelta(days=3)) == 0
    await work()
    assert outbox(home) == []
    assert await open_deliveries(MONDAY + timedelta(days=7)) == 1
