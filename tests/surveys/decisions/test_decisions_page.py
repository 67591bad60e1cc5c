"""Decisions on their pages: written at a pain point by managers, listed with what is overdue, changed on record."""

from typing import Any

import httpx2 as httpx
import pytest
from lxml import html

from surveys.accounts.models import User
from surveys.decisions.models import Decision, DecisionChange
from surveys.pains.models import ChangeKind, PainPoint, PainPointChange
from tests.surveys.digests.week import AT, WEEK, organisation

NOW = WEEK.previous(-1)  # AT lies in it
FIELDS = {"sentence": "A second courier at night", "owner": "Ilze", "due_week": str(NOW.previous(-2))}


@pytest.fixture
async def pain(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> PainPoint:
    """A pain point with a title, on the Thursday after WEEK."""
    for module in ("surveys.decisions.decide", "surveys.pains.views"):
        monkeypatch.setattr(f"{module}.now", lambda: AT)
    await organisation()
    return await PainPoint.create(theme="delivery", title="Parcels come late", first_week=str(WEEK))


def plain(node: Any) -> str:
    return " ".join(node.text_content().split())


def listed(page: httpx.Response) -> list[tuple[str, ...]]:
    """What each decision is about, says, and how it stands."""
    return [
        tuple(plain(part) for part in row.xpath("./h2 | ./p"))
        for row in html.fromstring(page.text).xpath("//li[starts-with(@id, 'decision-')]")
    ]


def history(page: httpx.Response) -> list[str]:
    return [plain(row) for row in html.fromstring(page.text).xpath("//details/ul/li")]


async def test_before_anything_is_decided_the_page_teaches(client: httpx.AsyncClient, ana: User) -> None:
    page = await client.get("/decisions")
    assert html.fromstring(page.text).xpath("//h2/text()") == ["Nothing was decided yet"]
    assert html.fromstring(page.text).xpath("//main//a/@href") == ["/pains"]
    assert "/decisions" in html.fromstring((await client.get("/digests")).text).xpath("//main//a/@href")


async def test_a_number_that_no_pain_point_has_is_nothing_to_decide_about(
    client: httpx.AsyncClient, maris: User
) -> None:
    for number in ("0", "x", "9" * 5000):
        assert (await client.get(f"/decisions/new?about=pain:{number}")).status_code == 200
        answer = await client.post("/decisions/new", data={**FIELDS, "about": f"pain:{number}"})
        assert answer.status_code == 422


async def test_a_manager_writes_one_at_a_pain_point(
    pain: PainPoint, client: httpx.AsyncClient, maris: User
) -> None:
    form = html.fromstring((await client.get(f"/decisions/new?about=pain:{pain.id}")).text)
    (about,) = form.xpath("//select[@name='about']/option[@selected]")
    assert (about.get("value"), about.text) == (f"pain:{pain.id}", "Parcels come late")
    weeks = form.xpath("//select[@name='due_week']/option/@value")
    assert (weeks[0], len(weeks)) == (str(NOW), 27)
    answer = await client.post("/decisions/new", data={"about": f"pain:{pain.id}", **FIELDS})
    (decision,) = await Decision.all()
    assert (answer.status_code, answer.headers["location"]) == (303, f"/decisions#decision-{decision.id}")
    assert (decision.theme, decision.pain_id, decision.week) == ("delivery", pain.id, str(NOW))
    page = await client.get("/decisions")
    assert listed(page) == [
        (
            "Parcels come late Delivery",
            "A second courier at night",
            "Ilze due 2026-W43 decided Edit it (A second courier at night)",
        )
    ]
    (told,) = history(page)
    assert told.startswith("Maris wrote it on ")
    (change,) = await DecisionChange.all()
    assert (change.user_id, change.before, change.after) == (maris.id, {}, {**FIELDS, "state": "decided"})


async def test_what_was_decided_stands_at_its_pain_point(
    pain: PainPoint, client: httpx.AsyncClient, maris: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.surveys.digests.week import answer

    merged = await PainPoint.create(theme="delivery", first_week=str(WEEK), merged_into_id=pain.id)
    await PainPointChange.create(
        pain=pain, other=merged, kind=ChangeKind.MERGED, week=str(WEEK), is_by_hand=True
    )
    from surveys.pains.models import VerbatimPain
    from surveys.verbatims.models import Verbatim

    for _number in range(6):
        await answer("nps", 1, text="vēlu", themes=["delivery"])
    for verbatim in await Verbatim.all():
        await VerbatimPain.create(verbatim=verbatim, theme="delivery", pain=pain, likeness=0.9)
    await client.post("/decisions/new", data={"about": f"pain:{merged.id}", **FIELDS})
    assert (await Decision.get()).pain_id == pain.id
    page = html.fromstring((await client.get("/pains")).text)
    (row,) = page.xpath("//li[@class='pain']")
    assert [plain(each) for each in row.xpath(".//p[@class='decided']")] == ["A second courier at night"]
    assert f"/decisions/new?about=pain:{pain.id}" in row.xpath(".//a/@href")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("sentence", " \u202e ", "Say in one sentence what was decided."),
        ("sentence", "x" * 161, "A decision has at most 160 characters."),
        ("owner", "", "Name who sees to it."),
        ("owner", "x" * 61, "An owner's name has at most 60 characters."),
        ("owner", "Ilze <ilze@maize.lv>", "Name a person or a team; an address would stand in every digest."),
        ("due_week", "2026-W40", "Choose the week by whose end it is to be done."),
        ("due_week", "soon", "Choose the week by whose end it is to be done."),
        ("about", "theme:other", "Choose what it is about."),
        ("about", "pain:" + "9" * 30, "Choose what it is about."),
        ("about", "pain:²", "Choose what it is about."),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(
    pain: PainPoint, client: httpx.AsyncClient, maris: User, field: str, value: str, said: str
) -> None:
    sent = {"about": "theme:delivery", **FIELDS, field: value}
    page = await client.post("/decisions/new", data=sent)
    tree = html.fromstring(page.text)
    assert (page.status_code, tree.xpath(f"//p[@id='e-{field}']/text()")) == (422, [said])
    assert await Decision.all().count() == 0


async def test_a_sentence_is_masked_and_stays_text(
    pain: PainPoint, client: httpx.AsyncClient, maris: User
) -> None:
    sentence = "Call\tanna@example.lv <b>now</b>\u202e"
    await client.post("/decisions/new", data={"about": "theme:delivery", **FIELDS, "sentence": sentence})
    assert (await Decision.get()).sentence == "Call [EMAIL] <b>now</b>"
    page = await client.get("/decisions")
    assert listed(page)[0][:2] == ("Delivery", "Call [EMAIL] <b>now</b>")
    assert "anna@" not in page.text


async def test_it_is_changed_on_record_and_closed(
    pain: PainPoint, client: httpx.AsyncClient, maris: User
) -> None:
    await client.post("/decisions/new", data={"about": "theme:delivery", **FIELDS})
    decision = await Decision.get()
    where = f"/decisions/{decision.id}"
    form = html.fromstring((await client.get(where)).text)
    assert form.xpath("//main//form/@action") == [where]
    changed = {**FIELDS, "owner": "50% of Otto", "due_week": "2026-W45", "state": "decided"}
    for _again in range(2):
        assert (await client.post(where, data=changed)).status_code == 303
    assert await DecisionChange.all().count() == 2
    await client.post(where, data={**changed, "state": "done"})
    assert (await Decision.get()).closed_week == str(NOW)
    told = [event.partition(" on ")[0] for event in history(await client.get("/decisions"))]
    assert told == [
        "Maris changed it from “decided” to “done”",
        "Maris gave it from “Ilze” to “50% of Otto”",
        "Maris moved it from 2026-W43 to 2026-W45",
        "Maris wrote it",
    ]
    await client.post(where, data={**changed, "state": "decided"})
    assert (await Decision.get()).closed_week is None
    refused = await client.post(where, data={**changed, "state": "forgotten"})
    assert (refused.status_code, "Choose how it stands." in refused.text) == (422, True)
    for other in ("0", "99", "9" * 30):
        assert (await client.get(f"/decisions/{other}")).status_code == 404


async def test_what_is_overdue_comes_first_and_is_marked(
    pain: PainPoint, client: httpx.AsyncClient, ana: User
) -> None:
    for number, (due, state) in enumerate(
        [("2026-W42", "decided"), ("2026-W41", "decided"), ("2026-W40", "decided"), ("2026-W30", "done")]
    ):
        await Decision.create(
            theme="delivery", sentence=f"{number}", owner="Otto", week="2026-W30", due_week=due, state=state
        )
    page = await client.get("/decisions")
    assert [row[1:] for row in listed(page)] == [
        ("2", "Otto due 2026-W40 overdue"),
        ("1", "Otto due 2026-W41 decided"),
        ("0", "Otto due 2026-W42 decided"),
        ("3", "Otto due 2026-W30 done"),
    ]
    assert plain(html.fromstring(page.text).xpath("//h1")[0]) == "1 decision is overdue"


async def test_an_analyst_reads_and_changes_nothing(
    pain: PainPoint, client: httpx.AsyncClient, ana: User
) -> None:
    row = await Decision.create(
        theme="delivery", sentence="x", owner="Otto", week=str(NOW), due_week=str(NOW)
    )
    assert html.fromstring((await client.get("/decisions")).text).xpath("//main//form | //main//a") == []
    for where in ("/decisions/new", f"/decisions/{row.id}"):
        assert (await client.get(where)).status_code == 404
        assert (await client.post(where, data=FIELDS)).status_code == 404


async def test_a_decision_outlives_its_pain_point_and_its_writer(
    pain: PainPoint, client: httpx.AsyncClient, maris: User, alice: User
) -> None:
    await client.post("/decisions/new", data={"about": f"pain:{pain.id}", **FIELDS})
    await pain.delete()
    await DecisionChange.all().update(user_id=None)
    page = await client.get("/decisions")
    assert listed(page)[0][0] == "Delivery"
    assert history(page)[0].startswith("Somebody who has left wrote it on ")
