"""The pages in all languages: switching on the way, htmx's share of a page, notice and logo."""

import httpx2 as httpx

from surveys.i18n import RESPONDENT_LOCALES, babel_locale
from surveys.organisation.models import Organisation
from surveys.questionnaires.models import Survey
from surveys.responses.models import Response
from surveys.verbatims.models import Verbatim
from tests.surveys.responses.page import read


async def test_another_language_on_the_way(client: httpx.AsyncClient, nps: Survey):
    first = read(await client.get("/lv/s/spring?channel=email"))
    moved = await client.get(
        "/s/spring",
        params={**first.fields(), "score": "4", "once": first.once(), "lang": "ar", "website": ""},
    )
    assert (moved.status_code, moved.headers["location"]) == (
        302,
        "/ar/s/spring?from=lv&channel=email&score=4",
    )
    assert moved.cookies["polyvox_locale"] == "ar"
    page = read(await client.get(moved.headers["location"]))
    assert page.fields() == {"from": "lv", "channel": "email", "score": "4"}
    await client.post("/ar/s/spring", data=page.fields())
    # On the second page what was typed goes by POST, never through an address, and nothing is stored yet.
    turned = await client.post(
        "/s/spring/reason",
        data={"lang": "he", "comment": "متأخر", "from": "lv", "contact": "x", "country": "JO"},
    )
    other = read(turned)
    assert (turned.status_code, other.language) == (200, ("he", "rtl"))
    assert (other.fields()["comment"], other.fields()["contact"], other.fields()["country"]) == (
        "متأخر",
        "x",
        "JO",
    )
    assert other.tree.get_element_by_id("answer").get("action") == "/he/s/spring/reason"
    assert await Verbatim.all().count() == 0
    await client.post("/he/s/spring/reason", data={"comment": "متأخر"})
    row = await Response.get()
    assert (row.first_locale, row.locale, (await Verbatim.get()).locale) == ("lv", "he", "he")


async def test_htmx_gets_the_page_without_its_frame(client: httpx.AsyncClient, nps: Survey):
    asked = {"HX-Request": "true"}
    wrong = await client.post("/lv/s/spring", data={}, headers=asked)
    assert wrong.status_code == 422
    assert "HX-Push-Url" not in wrong.headers
    assert "HX-Request" in wrong.headers["vary"]
    assert wrong.text.startswith("<title>")
    assert "<html" not in wrong.text
    moved = await client.post("/lv/s/spring", data={"score": "1"}, headers=asked, follow_redirects=True)
    assert moved.headers["hx-push-url"] == "/lv/s/spring/reason"
    assert read(moved).tree.xpath("//h1/@autofocus")
    whole = await client.get("/lv/s/spring/reason", headers={**asked, "HX-History-Restore-Request": "true"})
    assert read(whole).language == ("lv", "ltr")


async def test_every_page_in_every_language(
    client: httpx.AsyncClient, nps: Survey, consented: Survey, leaving: Survey
):
    style = [await client.get(f"/static/{name}") for name in ("respond.css", "tokens.css")]
    asked = (("spring", {"score": "8"}), ("agreed", {"score": "1"}), ("leaving", {"exit_reason": "other"}))
    wrong = {"comment": "x" * 10_001, "contact": "@", "country": "??"}
    for locale in RESPONDENT_LOCALES:
        direction = babel_locale(locale).text_direction
        for slug, given in asked:
            client.cookies.clear()
            first = f"/{locale}/s/{slug}"
            answers = [
                await client.get(first),
                await client.post(first, data={}),
                await client.post(first, data=given, follow_redirects=True),
                await client.post(f"{first}/reason", data=wrong),
                await client.post(f"{first}/reason", data={}, follow_redirects=True),
                await client.get(f"{first}/privacy"),
            ]
            assert [answer.status_code for answer in answers] == [200, 422, 200, 422, 200, 200], locale
            for answer in answers:
                assert read(answer).language == (locale, direction)
                assert answer.headers["content-language"] == locale
                assert "%(" not in answer.text, locale
            assert set(read(answers[3]).errors) >= {"comment", "contact", "country"}, locale
            assert sum(len(one.content) for one in (answers[0], *style)) < 30_000, locale


async def test_the_privacy_notice_says_the_basis(
    client: httpx.AsyncClient, nps: Survey, consented: Survey, organisation: Organisation
):
    interest = read(await client.get("/en/s/spring/privacy")).text("//main")
    consent = read(await client.get("/en/s/agreed/privacy")).text("//main")
    assert "legitimate interest" in interest
    assert "legitimate interest" not in consent
    assert "is your consent" in consent
    assert "is your consent" not in interest
    assert "deleted after 30 days. The masked answer is kept for 24 months." in interest
    organisation.retention_months = 1
    await organisation.save()
    assert "is kept for 1 month." in read(await client.get("/en/s/spring/privacy")).text("//main")


async def test_the_logo(client: httpx.AsyncClient, nps: Survey, organisation: Organisation):
    assert (await client.get("/logo")).status_code == 404
    organisation.logo, organisation.logo_type = b"<svg/>", "image/svg+xml"
    await organisation.save()
    answer = await client.get("/logo")
    assert (answer.content, answer.headers["content-type"]) == (b"<svg/>", "image/svg+xml")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert read(await client.get("/en/s/spring")).tree.xpath("//header//img/@alt") == ["Baltic Parcel"]
