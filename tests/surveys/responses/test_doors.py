"""Who may not come in, and what they are told: every gate holds for pages and for posts alike."""

from datetime import timedelta

import httpx2 as httpx
import pytest
from limits import RateLimitItemPerMinute
from lxml import html

from surveys.customers.models import Customer
from surveys.due import now
from surveys.invitations.models import Invitation
from surveys.invitations.token import link_token
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.models import EarlierAnswer, Response
from surveys.verbatims.models import Verbatim
from tests.surveys.responses.page import read

DOORS = [("GET", ""), ("POST", ""), ("GET", "/reason"), ("POST", "/reason")]


@pytest.fixture
async def invited(nps: Survey) -> Invitation:
    customer = await Customer.create(
        customer_id="C1", locale="lt", country="LT", segment="gold", email="c@x.lt"
    )
    return await Invitation.create(
        reference="r" * 32, survey=nps, customer=customer, locale="ar", expires_at=now() + timedelta(days=14)
    )


async def told(answer: httpx.Response) -> tuple[int, str, str]:
    page = read(answer)
    main = " ".join(page.tree.xpath("//main//p")[0].text_content().split())
    return answer.status_code, page.heading, main


@pytest.mark.parametrize(("method", "page"), DOORS)
async def test_a_closed_survey(client: httpx.AsyncClient, nps: Survey, method: str, page: str):
    await client.post("/en/s/spring", data={"score": "1"})
    await Survey.filter(id=nps.id).update(is_open=False)
    answer = await client.request(
        method, f"/en/s/spring{page}", data={"score": "9", "comment": "x"} if method == "POST" else None
    )
    assert await told(answer) == (
        410,
        "This survey is closed.",
        "Thank you for your interest. If you would like to tell us something, write to privacy@parcel.example.",
    )
    assert await Response.all().values_list("score", "state") == [(1, "partial")]
    assert (await client.get("/lv/s/spring/privacy")).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/en/s/nothing", "/xx/s/spring", "/EN/s/spring", "/s/nothing", "/s/spring/other", "/en/s/spring/other"],
)
async def test_what_does_not_exist(client: httpx.AsyncClient, nps: Survey, address: str):
    answer = await client.get(address, headers={"accept-language": "de-AT"})
    language = "de" if address.startswith(("/xx", "/s/")) else "en"
    assert (answer.status_code, read(answer).language[0]) == (404, language)
    assert (await client.post("/xx/s/spring", data={"score": "9"})).status_code == 404
    assert await Response.all().count() == 0


async def test_an_invitation_is_answered_once(client: httpx.AsyncClient, nps: Survey, invited: Invitation):
    token = link_token(invited)
    short = await client.get(
        "/s/spring", params={"i": token, "score": "7"}, headers={"accept-language": "de"}
    )
    assert short.headers["location"] == f"/ar/s/spring?i={token}&score=7"
    page = read(await client.get(short.headers["location"]))
    assert page.fields() == {"from": "ar", "i": token, "score": "7"}
    sent = await client.post("/ar/s/spring", data={**page.fields(), "country": "SE"})
    assert sent.headers["location"] == f"/ar/s/spring/reason?i={token}"
    assert "set-cookie" not in sent.headers
    row = await Response.get()
    assert (row.country, row.country_source, row.segment, row.session_hash) == ("LT", "account", "gold", None)
    assert (row.invitation_id, row.customer_id) == (invited.id, invited.customer_id)
    assert (await Invitation.get()).answered_at == row.submitted_at
    # Where the country is known it is not asked, and what a form says about it does not count.
    second = read(await client.get(sent.headers["location"]))
    assert second.fields() == {"from": "ar", "i": token, "comment": "", "contact": ""}
    await client.post("/ar/s/spring/reason", data={**second.fields(), "comment": "جيد", "country": "SE"})
    assert ((await Response.get()).country, (await Verbatim.get()).segment) == ("LT", "gold")
    # Within a day it may be changed, and it stays one response.
    await client.post("/ar/s/spring", data={"i": token, "score": "2"})
    assert await Response.all().values_list("score") == [(2,)]
    assert await EarlierAnswer.all().values_list("score") == [(7,)]


@pytest.mark.parametrize(("method", "page"), DOORS)
async def test_a_spent_invitation(client: httpx.AsyncClient, invited: Invitation, method: str, page: str):
    token = link_token(invited)
    await client.post("/en/s/spring", data={"i": token, "score": "7"})
    late = now() - timedelta(hours=24, seconds=1)
    await Invitation.all().update(answered_at=late)
    await Response.all().update(submitted_at=late)
    answer = await client.request(
        method, f"/en/s/spring{page}?i={token}", data={"score": "1"} if method == "POST" else None
    )
    assert await told(answer) == (
        410,
        "This invitation has already been answered.",
        (
            "The answer can no longer be changed here. If you would like to correct it or have it erased, "
            "write to privacy@parcel.example."
        ),
    )
    assert await Response.all().values_list("score") == [(7,)]


@pytest.mark.parametrize(("method", "page"), DOORS)
async def test_an_expired_invitation(client: httpx.AsyncClient, invited: Invitation, method: str, page: str):
    await Invitation.all().update(expires_at=now() - timedelta(seconds=1))
    answer = await client.request(
        method,
        f"/en/s/spring{page}?i={link_token(invited)}",
        data={"score": "1"} if method == "POST" else None,
    )
    assert (await told(answer))[:2] == (410, "This invitation has expired.")
    assert await Response.all().count() == 0


@pytest.mark.parametrize("how", ["made up", "cut", "another survey's", "empty", "very long", "twice"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_forged_invitation(client: httpx.AsyncClient, invited: Invitation, how: str, method: str):
    token = link_token(invited)
    slug = "spring"
    if how == "another survey's":
        slug = (await Survey.create(slug="other", name="Other", metric=Metric.NPS)).slug
    query = {
        "made up": "i=x.y",
        "cut": f"i={token[:-1]}",
        "empty": "i=",
        "very long": f"i={'x' * 5000}",
        "twice": f"i={token}&i={token}",
    }.get(how, f"i={token}")
    answer = await client.request(
        method, f"/en/s/{slug}?{query}", data={"score": "1"} if method == "POST" else None
    )
    assert await told(answer) == (
        404,
        "This invitation link is not valid.",
        "Please open the link exactly as you received it.",
    )
    assert await Response.all().count() == 0


async def test_a_robot_is_thanked_and_forgotten(client: httpx.AsyncClient, nps: Survey):
    answer = await client.post("/en/s/spring", data={"score": "9", "website": "http://x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/s/spring/thanks")
    assert read(await client.get("/en/s/spring/thanks")).heading == "Thank you!"
    answer = await client.post("/en/s/spring/reason", data={"comment": "Buy", "website": "http://x"})
    assert answer.headers["location"] == "/en/s/spring/thanks"
    assert await Response.all().count() == 0


async def test_a_flood_is_asked_to_wait(
    client: httpx.AsyncClient, nps: Survey, monkeypatch: pytest.MonkeyPatch
):
    few = RateLimitItemPerMinute(2, 10, namespace="answers")
    monkeypatch.setattr("surveys.responses.door.ANSWERS", few)
    sent = [await client.post("/lv/s/spring", data={"score": "9"}) for _ in range(3)]
    assert [one.status_code for one in sent] == [303, 303, 429]
    assert sent[2].headers["retry-after"] == "600"
    assert read(sent[2]).language == ("lv", "ltr")
    assert "10" in read(sent[2]).text("//main/p")
    # Looking is free, and another survey is another count.
    await Survey.create(slug="other", name="Other", metric=Metric.NPS)
    assert (await client.get("/lv/s/spring")).status_code == 200
    assert (await client.post("/lv/s/other", data={"score": "9"})).status_code == 303


async def test_another_sites_form_is_refused(client: httpx.AsyncClient, nps: Survey):
    answer = await client.post("/ar/s/spring", data={"score": "9"}, headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, read(answer).language) == (403, ("ar", "rtl"))
    assert await Response.all().count() == 0


async def test_a_far_too_large_answer(client: httpx.AsyncClient, nps: Survey):
    await client.post("/en/s/spring", data={"score": "9"})
    answer = await client.post("/en/s/spring/reason", data={"comment": "x" * 300_000})
    assert await told(answer) == (
        413,
        "This answer is too large.",
        "Please shorten your comment and send it again.",
    )
    assert (await Response.get()).state == "partial"


async def test_elsewhere_failures_speak_of_pages(client: httpx.AsyncClient):
    answer = await client.get("/nowhere")
    assert (answer.status_code, html.document_fromstring(answer.content).findtext(".//h1")) == (
        404,
        "This page does not exist.",
    )


async def test_pages_carry_the_security_headers(client: httpx.AsyncClient, nps: Survey):
    headers = (await client.get("/en/s/spring")).headers
    assert headers["content-security-policy"].startswith(
        "default-src 'none'; script-src 'self'; style-src 'self'"
    )
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "private, no-cache")
    assert " style=" not in (await client.get("/en/s/spring")).text
