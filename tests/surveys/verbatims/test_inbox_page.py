"""The list and the opened verbatim, through the front door."""

from datetime import timedelta

import httpx2 as httpx
import pytest
from lxml import html

from surveys.accounts.models import User
from surveys.due import now
from surveys.responses.models import EarlierAnswer
from surveys.verbatims.models import Correction, Original, OriginalOpening, Verbatim, VerbatimTheme
from tests.bench.population import populate

HOSTILE = '<script>alert(1)</script> & "x" \u202e=1+1'


async def _newest(**wanted: object) -> Verbatim:
    row = await Verbatim.filter(**wanted).order_by("-written_at", "-id").first()
    assert row
    return row


@pytest.mark.parametrize(
    "path", ["/inbox", "/inbox.csv", "/inbox.xlsx", "/inbox/1", "/inbox/waiting", "/mentions"]
)
async def test_nobody_reads_without_signing_in(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["location"].startswith("/sign-in")) == (303, True)


async def test_words_of_strangers_are_only_words(client: httpx.AsyncClient, ana: User) -> None:
    await populate(3)
    row = await _newest(response_id__not_isnull=True)
    await VerbatimTheme.filter(verbatim_id=row.id).delete()
    await VerbatimTheme.create(
        verbatim_id=row.id, code="billing", confidence=1, start=8, end=500, method="keyword"
    )
    await Verbatim.filter(id=row.id).update(masked_text=HOSTILE, channel=HOSTILE[:80], changed_at=now())
    page = await client.get(f"/inbox/{row.id}", params={"q": HOSTILE})
    tree = html.fromstring(page.text)
    assert tree.xpath("//a[@class='words']/text()") == [HOSTILE]
    assert tree.xpath("//blockquote")[0].text_content() == HOSTILE
    assert [script.get("src") is not None for script in tree.xpath("//script")] == [True, True]
    assert tree.xpath("//*[@style or @onclick]") == []


async def test_an_opened_verbatim_marks_its_evidence(client: httpx.AsyncClient, ana: User) -> None:
    await populate(300)
    row = await _newest(language="lv", sentiment="positive")
    page = await client.get(f"/inbox/{row.id}?language=lv")
    tree = html.fromstring(page.text)
    (words,) = tree.xpath("//blockquote[@class='whole']")
    assert words.text_content() == row.masked_text
    assert (words.get("dir"), words.get("lang")) == ("auto", "lv")
    assert [(mark.text, mark.get("title")) for mark in words.xpath("./mark")] == [
        ("darbinieki", "Staff and support attitude")
    ]
    assert tree.xpath("//a[@aria-current='true' and @class='words']/@href") == [
        f"/inbox/{row.id}?language=lv"
    ]


async def test_the_page_of_an_opened_verbatim_is_the_one_it_stands_on(
    client: httpx.AsyncClient, ana: User
) -> None:
    await populate(130)
    rows = await Verbatim.all().order_by("-written_at", "-id")
    page = await client.get(f"/inbox/{rows[104].id}")
    links = html.fromstring(page.text).xpath("//a[@class='words']/@href")
    assert links == [f"/inbox/{row.id}?page=3" for row in rows[100:130]]


async def test_htmx_gets_only_the_part_it_asked_for(client: httpx.AsyncClient, ana: User) -> None:
    await populate(5)
    row = await _newest()
    headers = {"HX-Request": "true", "HX-Target": "section#opened"}
    panel = await client.get(f"/inbox/{row.id}", headers=headers)
    assert "<h1" not in panel.text
    assert html.fromstring(panel.text).xpath("//blockquote")
    part = await client.get("/inbox?q=&country=LV", headers={"HX-Request": "true", "HX-Target": "div#inbox"})
    assert "<html" not in part.text
    assert part.headers["HX-Push-Url"] == "/inbox?country=LV"


async def test_filters_work_as_links_and_fields(client: httpx.AsyncClient, ana: User) -> None:
    await populate(200)
    page = await client.get("/inbox?sentiment=negative&country=LV&q=kurj")
    tree = html.fromstring(page.text)
    assert sorted(tree.xpath("//form[@id='filters']//input[@checked]/@value")) == ["LV", "negative"]
    assert tree.xpath("//input[@name='q']/@value") == ["kurj"]
    assert tree.xpath("//a[contains(@class,'chip')]/@href") == [
        "/inbox?sentiment=negative&q=kurj",
        "/inbox?country=LV&q=kurj",
        "/inbox?country=LV&sentiment=negative",
    ]


async def test_segments_and_touchpoints_are_named_as_in_the_digest(
    client: httpx.AsyncClient, ana: User
) -> None:
    await populate(3)
    row = await _newest(response_id__not_isnull=True)
    await Verbatim.filter(id=row.id).update(
        segment="at_risk", touchpoint="help_desk", channel="app_store", changed_at=now()
    )
    address = f"/inbox/{row.id}?touchpoint=help_desk&segment=at_risk"
    tree = html.fromstring((await client.get(address)).text)
    chips = [" ".join(chip.text_content().split()) for chip in tree.xpath("//a[contains(@class,'chip')]")]
    assert chips[:2] == ["Touchpoint: Help desk ✕", "Segment: At risk ✕"]
    facts = [" ".join(fact.text_content().split()) for fact in tree.xpath("//dl[@class='known']//dd")]
    assert {"App Store", "Help desk", "At risk"} <= set(facts)


async def test_unknown_and_gone_verbatims_are_not_found(client: httpx.AsyncClient, ana: User) -> None:
    for key in (1, 0, 2**40):
        assert (await client.get(f"/inbox/{key}")).status_code == 404


async def test_what_is_still_being_read_is_counted(client: httpx.AsyncClient, ana: User) -> None:
    await populate(10)
    await Verbatim.filter(id__lte=3).update(due_at=now() + timedelta(minutes=1))
    tree = html.fromstring((await client.get("/inbox")).text)
    assert tree.xpath("//div[@id='reading']//progress/@value") == ["7"]
    assert tree.xpath("//div[@id='reading']/@hx-trigger") == ["every 2s"]
    await Verbatim.all().update(due_at=None)
    answer = await client.get("/inbox/waiting", headers={"HX-Request": "true"})
    assert "All comments have been read." in answer.text
    assert "every 2s" not in answer.text


async def test_earlier_answers_are_shown_masked(client: httpx.AsyncClient, ana: User) -> None:
    await populate(5)
    row = await _newest(response_id__not_isnull=True)
    await EarlierAnswer.create(
        response_id=row.response_id, masked_text="Before [e-mail]", submitted_at=row.written_at
    )
    tree = html.fromstring((await client.get(f"/inbox/{row.id}")).text)
    assert tree.xpath("//ol[@class='earlier']/li/p[1]/text()") == ["Before [e-mail]"]


async def test_an_analyst_corrects_and_takes_it_back(client: httpx.AsyncClient, ana: User) -> None:
    await populate(30)
    row = await _newest(language="lv", sentiment="negative")
    before = await VerbatimTheme.filter(verbatim_id=row.id).order_by("code").values()
    said = {"language": "ru", "sentiment": "mixed", "theme": ["billing"]}
    answer = await client.post(f"/inbox/{row.id}/correct?language=lv", data=said)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/inbox/{row.id}?language=lv")
    await row.refresh_from_db()
    assert (row.language, row.sentiment, row.machine_language, row.machine_sentiment) == (
        "ru",
        "mixed",
        "lv",
        "negative",
    )
    kept = await Correction.filter(verbatim_id=row.id).select_related("user").order_by("id")
    assert [(one.field, one.before["value"], one.after["value"], one.user) for one in kept[:2]] == [
        ("language", "lv", "ru", ana),
        ("sentiment", "negative", "mixed", ana),
    ]
    assert [hit.code for hit in await VerbatimTheme.filter(verbatim_id=row.id)] == ["billing"]
    tree = html.fromstring((await client.get("/inbox?sentiment=mixed&theme=billing")).text)
    assert tree.xpath("//a[@class='words']/@href") == [f"/inbox/{row.id}?theme=billing&sentiment=mixed"]
    for one in kept:
        assert (await client.post(f"/inbox/{row.id}/corrections/{one.id}/undo")).status_code == 303
    await row.refresh_from_db()
    assert (row.language, row.sentiment, await Correction.all().count()) == ("lv", "negative", 0)
    after = await VerbatimTheme.filter(verbatim_id=row.id).order_by("code").values()
    assert [{**hit, "id": 0} for hit in after] == [{**hit, "id": 0} for hit in before]


async def test_the_same_again_is_a_confirmation_and_only_once(client: httpx.AsyncClient, ana: User) -> None:
    await populate(300)
    row = await _newest(language="lv", sentiment="positive")
    said = {"language": "lv", "sentiment": "positive", "theme": ["support_attitude"]}
    for _ in range(2):
        await client.post(f"/inbox/{row.id}/correct", data=said)
    (kept,) = await Correction.all()
    agreed = {"language": "lv", "sentiment": "positive", "themes": ["support_attitude"]}
    assert (kept.field, kept.before["value"], kept.after["value"]) == ("confirmed", None, agreed)
    tree = html.fromstring((await client.get(f"/inbox/{row.id}")).text)
    (told,) = tree.xpath("//ul[@class='corrections']/li/text()[1]")
    assert told.strip().startswith("Ana confirmed what stands here on ")
    await client.post(f"/inbox/{row.id}/corrections/{kept.id}/undo")
    assert await Correction.all().count() == 0
    await row.refresh_from_db()
    assert (row.language, row.sentiment) == ("lv", "positive")


async def test_values_no_form_offers_change_nothing(client: httpx.AsyncClient, ana: User) -> None:
    await populate(2)
    row = await _newest()
    for said in ({"language": "xx-nope", "sentiment": "mixed"}, {"language": "lv", "sentiment": "angry"}, {}):
        assert (await client.post(f"/inbox/{row.id}/correct", data=said)).status_code == 400
    assert await Correction.all().count() == 0


async def test_only_the_latest_correction_of_a_field_can_be_undone(
    client: httpx.AsyncClient, ana: User
) -> None:
    await populate(2)
    row = await _newest()
    for sentiment in ("mixed", "neutral" if row.sentiment != "neutral" else "positive"):
        await client.post(f"/inbox/{row.id}/correct", data={"language": row.language, "sentiment": sentiment})
    first, second = await Correction.filter(field="sentiment").order_by("id")
    assert (await client.post(f"/inbox/{row.id}/corrections/{first.id}/undo")).status_code == 400
    await client.post(f"/inbox/{row.id}/corrections/{second.id}/undo")
    await row.refresh_from_db()
    assert row.sentiment == "mixed"


async def test_an_administrator_opens_an_original_and_that_is_recorded(
    client: httpx.AsyncClient, alice: User
) -> None:
    await populate(2)
    row = await _newest()
    await Original.create(verbatim_id=row.id, text="call 67 123 456 <b>", drop_at=now() + timedelta(days=1))
    closed = await client.get(f"/inbox/{row.id}")
    assert "67 123 456" not in closed.text
    opened = await client.post(f"/inbox/{row.id}/original")
    assert (opened.status_code, opened.headers["cache-control"]) == (200, "no-store")
    assert "call 67 123 456 &lt;b&gt;" in opened.text
    assert await OriginalOpening.all().values_list("verbatim_id", "user_id") == [(row.id, alice.id)]


async def test_nobody_else_opens_an_original(client: httpx.AsyncClient, maris: User) -> None:
    await populate(2)
    row = await _newest()
    await Original.create(verbatim_id=row.id, text="secret", drop_at=now() + timedelta(days=1))
    assert "/original" not in (await client.get(f"/inbox/{row.id}")).text
    answer = await client.post(f"/inbox/{row.id}/original")
    assert (answer.status_code, "secret" in answer.text) == (404, False)
    assert await OriginalOpening.all().count() == 0


@pytest.mark.parametrize(
    ("sentiment", "stated"),
    [("neutral", "1 comment"), ("unknown", "1 comment"), ("negative", "1 negative comment")],
)
async def test_a_single_comment_is_not_counted_in_parts(
    client: httpx.AsyncClient, ana: User, sentiment: str, stated: str
) -> None:
    await populate(1)
    await Verbatim.all().update(sentiment=sentiment, changed_at=now())
    tree = html.fromstring((await client.get("/inbox")).text)
    assert tree.xpath("//h1")[0].text_content().strip() == stated
