"""The way through a survey: score, reason, thanks; what is stored at each step."""

import httpx2 as httpx
import pytest

from surveys.due import now
from surveys.erasure.erase import Person, erase
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.models import EarlierAnswer, Response
from surveys.responses.session import COOKIE, token_hash
from surveys.verbatims.models import Original, Verbatim
from tests.surveys.responses.page import read


async def rows() -> list[dict[str, object]]:
    return await Response.all().values("score", "exit_reason", "state", "locale", "first_locale", "country")


async def test_a_promoter_answers_in_latvian(client: httpx.AsyncClient, nps: Survey):
    first = await client.get("/lv/s/spring")
    assert (first.status_code, first.headers["content-language"]) == (200, "lv")
    page = read(first)
    assert page.language == ("lv", "ltr")
    assert "Baltic Parcel" in page.heading
    assert page.tree.xpath("//input[@type='radio']/@value") == [str(score) for score in range(11)]
    assert page.fields() == {"from": "lv"}
    assert await Response.all().count() == 0

    sent = await client.post("/lv/s/spring", data={"score": "9", "from": "lv", "once": page.once()})
    assert sent.status_code == 303
    cookie = sent.cookies[COOKIE]
    assert cookie == page.once()
    assert await rows() == [
        {
            "score": 9,
            "exit_reason": None,
            "state": "partial",
            "locale": "lv",
            "first_locale": "lv",
            "country": None,
        }
    ]
    row = await Response.get()
    assert (row.survey_id, row.session_hash, row.wording_version) == (nps.id, token_hash(cookie), 1)
    assert (row.notice_version, row.notice_locale, row.consented, row.is_demo) == (
        "2026-11",
        "lv",
        None,
        False,
    )
    assert row.noticed_at == row.submitted_at

    # The cookie came back, so the token leaves the address.
    clean = await client.get(sent.headers["location"])
    assert (clean.status_code, clean.headers["location"]) == (303, "/lv/s/spring/reason")
    second = read(await client.get("/lv/s/spring/reason"))
    assert second.heading == "Ko Jūs uzņēmumā Baltic Parcel vērtējat visaugstāk?"
    done = await client.post(
        "/lv/s/spring/reason",
        data={
            "comment": "Ātri! Zvaniet +371 26123456\r\nPaldies",
            "contact": "ilze@example.com",
            "country": "LV",
        },
    )
    assert (done.status_code, done.headers["location"]) == (303, "/lv/s/spring/thanks")
    assert await rows() == [
        {
            "score": 9,
            "exit_reason": None,
            "state": "complete",
            "locale": "lv",
            "first_locale": "lv",
            "country": "LV",
        }
    ]
    verbatim = await Verbatim.get()
    assert verbatim.masked_text.startswith("Ātri! Zvaniet ")
    assert "26123456" not in verbatim.masked_text
    assert (verbatim.score, verbatim.band, verbatim.country, verbatim.survey_id) == (
        9,
        "promoter",
        "LV",
        nps.id,
    )
    assert verbatim.due_at is not None
    assert verbatim.due_at <= now()
    original = await Original.get()
    assert (original.text, original.contact) == ("Ātri! Zvaniet +371 26123456\nPaldies", "ilze@example.com")

    thanks = await client.get(done.headers["location"])
    assert read(thanks).tree.xpath("//main//a/@href") == [
        "/lv/s/spring?score=9",
        "mailto:privacy@parcel.example",
    ]
    # Coming back shows the words as masked, and never the contact.
    again = read(await client.get("/lv/s/spring/reason"))
    assert again.fields()["comment"] == verbatim.masked_text
    assert again.fields()["contact"] == ""


@pytest.mark.parametrize(
    ("score", "asked"),
    [
        ("10", "What do you value most about Baltic Parcel?"),
        ("7", "What would make it a 10?"),
        ("6", "What went wrong?"),
    ],
)
async def test_the_reason_is_worded_by_band(client: httpx.AsyncClient, nps: Survey, score: str, asked: str):
    answer = await client.post("/en/s/spring", data={"score": score}, follow_redirects=True)
    page = read(answer)
    assert (page.heading, page.title) == (asked, asked)
    assert page.text("//p[@class='answered']") == f"Your answer: {score} Change"


@pytest.mark.parametrize(
    ("score", "asked"),
    [("4", "What do you value most about Baltic Parcel?"), ("3", "What could we do better?")],
)
async def test_the_middle_of_satisfaction(
    client: httpx.AsyncClient, consented: Survey, score: str, asked: str
):
    assert (
        read(await client.post("/en/s/agreed", data={"score": score}, follow_redirects=True)).heading == asked
    )


async def test_a_link_preselects_and_writes_nothing(client: httpx.AsyncClient, nps: Survey):
    address = "/ar/s/spring?score=9&country=lv&channel=email&touchpoint=checkout&utm=x&i2=<b>"
    for method in ("GET", "HEAD"):
        answer = await client.request(method, address)
        assert answer.status_code == 200
        assert COOKIE not in answer.cookies
    page = read(await client.get(address))
    assert page.language == ("ar", "rtl")
    assert page.fields() == {
        "from": "ar",
        "country": "LV",
        "channel": "email",
        "touchpoint": "checkout",
        "score": "9",
    }
    assert await Response.all().count() == 0
    await client.post("/ar/s/spring", data=page.fields())
    row = await Response.get()
    assert (row.country, row.country_source, row.channel, row.touchpoint) == (
        "LV",
        "declared",
        "email",
        "checkout",
    )
    second = read(await client.get("/ar/s/spring/reason"))
    assert second.fields()["country"] == "LV"


@pytest.mark.parametrize(
    "query",
    [
        "score=11",
        "score=-1",
        "score=9.0",
        "score=٩",
        "score=",
        "score=1&score=2",
        "country=ZZ&channel=%00&from=xx&a=x&order=x",
    ],
)
async def test_a_senseless_link_shows_the_plain_page(client: httpx.AsyncClient, nps: Survey, query: str):
    answer = await client.get(f"/en/s/spring?{query}")
    assert answer.status_code == 200
    assert {name: value for name, value in read(answer).fields().items() if name != "a"} == {"from": "en"}


async def test_without_cookies_the_address_says_who_answers(client: httpx.AsyncClient, nps: Survey):
    sent = await client.post("/en/s/spring", data={"score": "3"})
    client.cookies.clear()
    assert "a=" in sent.headers["location"]
    page = read(await client.get(sent.headers["location"]))
    assert page.heading == "What went wrong?"
    fields = page.fields()
    done = await client.post("/en/s/spring/reason", data={**fields, "comment": "Late"})
    client.cookies.clear()
    assert done.headers["location"].startswith("/en/s/spring/thanks?a=")
    change = read(await client.get(done.headers["location"])).tree.xpath("//main//a/@href")[0]
    assert change.startswith("/en/s/spring?score=3&a=")
    again = read(await client.get(change)).fields()
    await client.post("/en/s/spring", data={**again, "score": "4"})
    assert [(row.score, row.state) for row in await Response.all()] == [(4, "complete")]
    # A token that was tampered with, or made for another survey, says nothing.
    other = await Survey.create(slug="other", name="Other", metric=Metric.NPS)
    client.cookies.clear()
    for address in (f"/en/s/{other.slug}/reason?a={again['a']}", f"/en/s/spring/reason?a={again['a']}x"):
        assert (await client.get(address)).headers["location"].startswith("/en/s/")


async def test_pressing_twice_is_one_answer(client: httpx.AsyncClient, nps: Survey):
    once = read(await client.get("/en/s/spring")).once()
    for _ in range(3):
        client.cookies.clear()
        await client.post("/en/s/spring", data={"score": "8", "once": once})
    assert [(row.score, row.replaced_at) for row in await Response.all()] == [(8, None)]
    assert await EarlierAnswer.all().count() == 0


async def test_every_page_has_its_own_token(client: httpx.AsyncClient, nps: Survey):
    first, second = [await client.get("/en/s/spring") for _ in range(2)]
    assert read(first).once() != read(second).once()
    assert len(first.content) == len(second.content)


async def test_a_leaver_chooses_a_reason(client: httpx.AsyncClient, leaving: Survey):
    page = read(await client.get("/en/s/leaving"))
    assert page.text("//p[@id='free']") == "Your cancellation does not depend on this answer."
    codes = page.tree.xpath("//input[@type='radio']/@value")
    assert (len(codes), codes[-2:]) == (19, ["other", "prefer_not"])
    orders = {
        tuple(read(await client.get("/en/s/leaving")).tree.xpath("//input[@type='radio']/@value"))
        for _ in range(8)
    }
    assert len(orders) > 1
    # An error and another language keep the order.
    fields = page.fields()
    wrong = read(await client.post("/en/s/leaving", data=fields))
    assert wrong.tree.xpath("//input[@type='radio']/@value") == codes
    german = await client.get(
        "/s/leaving", params={**fields, "lang": "de", "exit_reason": "ethics"}, follow_redirects=True
    )
    assert read(german).tree.xpath("//input[@type='radio']/@value") == codes
    assert read(german).fields()["exit_reason"] == "ethics"

    second = read(
        await client.post("/en/s/leaving", data={**fields, "exit_reason": "ethics"}, follow_redirects=True)
    )
    assert second.heading == "Would you like to tell us more?"
    assert second.text("//p[@class='answered']") == "Your answer: Ethical reasons Change"
    await client.post("/en/s/leaving/reason", data={"comment": ""})
    assert await rows() == [
        {
            "score": None,
            "exit_reason": "ethics",
            "state": "complete",
            "locale": "en",
            "first_locale": "en",
            "country": None,
        }
    ]
    assert await Verbatim.all().count() == 0


async def test_the_session_keeps_the_order_of_reasons(client: httpx.AsyncClient, leaving: Survey):
    await client.post("/en/s/leaving", data={"exit_reason": "ethics"})
    orders = {
        tuple(read(await client.get("/en/s/leaving")).tree.xpath("//input[@type='radio']/@value"))
        for _ in range(5)
    }
    assert len(orders) == 1


async def test_consent_is_asked_for_words_only(client: httpx.AsyncClient, consented: Survey):
    page = read(await client.post("/en/s/agreed", data={"score": "2"}, follow_redirects=True))
    assert page.tree.xpath("//input[@name='consent']/@checked") == []
    answer = await client.post("/en/s/agreed/reason", data={"comment": "It broke", "contact": "a@b.lv"})
    assert answer.status_code == 422
    wrong = read(answer)
    assert wrong.errors == {
        "consent": "Please tick the box to send a comment or contact details, or leave both empty."
    }
    assert (wrong.fields()["comment"], wrong.fields()["contact"]) == ("It broke", "a@b.lv")
    assert (await Response.get()).state == "partial"
    await client.post("/en/s/agreed/reason", data={"comment": "It broke", "consent": "yes"})
    row = await Response.get()
    assert (row.state, row.consented, row.notice_version, row.notice_locale) == (
        "complete",
        True,
        "2026-11",
        "en",
    )
    assert row.noticed_at is not None
    assert row.noticed_at > row.submitted_at
    assert (await Verbatim.get()).masked_text == "It broke"


@pytest.mark.parametrize("said", [["no"], ["0"], [""], ["yes", "no"], ["yes", "yes"]])
async def test_only_the_box_itself_is_consent(client: httpx.AsyncClient, consented: Survey, said: list[str]):
    await client.post("/en/s/agreed", data={"score": "2"})
    answer = await client.post("/en/s/agreed/reason", data={"comment": "It broke", "consent": said})
    assert (answer.status_code, set(read(answer).errors)) == (422, {"consent"})
    assert await Verbatim.all().count() == 0


async def test_a_score_needs_no_consent(client: httpx.AsyncClient, consented: Survey):
    await client.post("/en/s/agreed", data={"score": "2"})
    assert (await client.post("/en/s/agreed/reason", data={"comment": " \n"})).status_code == 303
    row = await Response.get()
    assert (row.state, row.consented, await Verbatim.all().count()) == ("complete", False, 0)


async def test_phone_numbers_are_those_of_the_forms_language(client: httpx.AsyncClient, nps: Survey):
    await client.post("/de/s/spring", data={"score": "2"})
    said = "Rufen Sie mich bitte unter 0171 1234567 an"
    await client.post("/de/s/spring/reason", data={"comment": said})
    verbatim = await Verbatim.get()
    assert (verbatim.country, verbatim.masked_text, verbatim.mask_counts) == (
        None,
        "Rufen Sie mich bitte unter [PHONE] an",
        {"PHONE": 1},
    )


@pytest.mark.parametrize("typed", ["\u202aanna@x.lv", "anna\u200b@x.lv\u200f", "\ufeff Anna@x.lv"])
async def test_what_hides_in_a_copied_contact_does_not_keep_it_from_being_erased(
    client: httpx.AsyncClient, nps: Survey, typed: str
) -> None:
    await client.post("/en/s/spring", data={"score": "2"})
    await client.post("/en/s/spring/reason", data={"contact": typed})
    assert (await erase(Person(email="anna@x.lv"))).responses == 1


@pytest.mark.parametrize(
    "typed", ["anna(work)@x.lv", "anna@[192.0.2.1].lv", "an\u00adna@x.lv", "anna@intranet"]
)
async def test_a_contact_that_no_erasure_could_name_is_told_at_the_field(
    client: httpx.AsyncClient, nps: Survey, typed: str
) -> None:
    await client.post("/en/s/spring", data={"score": "2"})
    answer = await client.post("/en/s/spring/reason", data={"contact": typed})
    assert (answer.status_code, set(read(answer).errors)) == (422, {"contact"})


async def test_a_contact_alone_is_not_lost(client: httpx.AsyncClient, nps: Survey):
    await client.post("/en/s/spring", data={"score": "2"})
    await client.post("/en/s/spring/reason", data={"contact": "a@b.lv"})
    assert ((await Verbatim.get()).masked_text, (await Original.get()).contact) == ("", "a@b.lv")
