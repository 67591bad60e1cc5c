"""Going back and sending another answer: the last one counts, the history is kept, a repeat changes nothing."""

import asyncio
from datetime import timedelta

import httpx2 as httpx
import pytest
from asyncpg.exceptions import DiskFullError  # type: ignore[import-untyped]

from surveys.due import now
from surveys.questionnaires.models import Survey
from surveys.responses import insert
from surveys.responses.models import EarlierAnswer, Response
from surveys.responses.session import COOKIE
from surveys.verbatims.models import Epoch, Original, Verbatim
from tests.surveys.responses.page import read


async def answer(client: httpx.AsyncClient, score: str = "9", comment: str = "Call +371 26123456") -> None:
    await client.post("/en/s/spring", data={"score": score})
    await client.post("/en/s/spring/reason", data={"comment": comment, "country": "LV"})


async def earlier() -> list[tuple[object, ...]]:
    return await EarlierAnswer.all().order_by("id").values_list("score", "masked_text", "locale")


async def analysed() -> Verbatim:
    """The worker has read it."""
    await Verbatim.all().update(due_at=None, analysed_at=now())
    return await Verbatim.get()


async def test_another_score_replaces_and_keeps_the_words(client: httpx.AsyncClient, nps: Survey):
    await answer(client)
    before = await analysed()
    first = await Response.get()
    await client.post("/lv/s/spring", data={"score": "2"})
    row = await Response.get()
    assert (row.score, row.state, row.locale, row.submitted_at) == (2, "complete", "lv", first.submitted_at)
    assert row.replaced_at is not None
    assert row.replaced_at > first.submitted_at
    assert await earlier() == [(9, before.masked_text, "en")]
    after = await Verbatim.get()
    assert (after.id, after.masked_text, after.score, after.band) == (
        before.id,
        before.masked_text,
        2,
        "detractor",
    )
    assert after.due_at is not None
    assert (await Original.get()).text == "Call +371 26123456"


async def test_an_identical_repeat_changes_nothing(client: httpx.AsyncClient, nps: Survey):
    await answer(client)
    before, response = await analysed(), await Response.get().values()
    await client.post("/en/s/spring", data={"score": "9"})
    for comment in ("Call +371 26123456", before.masked_text):
        # As typed again, and as the page showed it again.
        await client.post("/en/s/spring/reason", data={"comment": comment, "country": "LV"})
    assert await earlier() == []
    assert await Response.get().values() == response
    after = await Verbatim.get()
    assert (after.due_at, after.analysed_at, after.masked_text) == (
        None,
        before.analysed_at,
        before.masked_text,
    )


async def test_other_words_are_analysed_again(client: httpx.AsyncClient, nps: Survey):
    await answer(client, comment="Slow")
    await analysed()
    await client.post("/en/s/spring/reason", data={"comment": "Fast in the end", "country": "LV"})
    assert await earlier() == [(9, "Slow", "en")]
    after = await Verbatim.get()
    assert (after.masked_text, after.due_at is not None) == ("Fast in the end", True)
    assert [original.text for original in await Original.all()] == ["Fast in the end"]


async def test_words_taken_back_are_gone(client: httpx.AsyncClient, nps: Survey):
    await answer(client, comment="Slow")
    await client.post("/en/s/spring/reason", data={"comment": "", "country": "LV"})
    assert (await Verbatim.all().count(), await Original.all().count()) == (0, 0)
    assert await earlier() == [(9, "Slow", "en")]
    assert await Epoch.all().count() == 1


async def test_another_country_moves_the_words(client: httpx.AsyncClient, nps: Survey):
    await answer(client, comment="Slow")
    await analysed()
    await client.post("/en/s/spring/reason", data={"comment": "Slow", "country": "SE"})
    after = await Verbatim.get()
    assert (after.country, after.region, after.due_at is not None) == ("SE", "154", True)
    assert await earlier() == []


async def test_phone_numbers_of_another_country_are_masked_in_words_that_stay(
    client: httpx.AsyncClient, nps: Survey
):
    said = "Write to a@b.lv or try 0171 1234567"
    await answer(client, comment=said)
    await analysed()
    await client.post("/en/s/spring/reason", data={"comment": said, "country": "DE"})
    after = await Verbatim.get()
    assert (after.masked_text, after.mask_counts) == (
        "Write to [EMAIL] or try [PHONE]",
        {"EMAIL": 1, "PHONE": 1},
    )
    assert (after.due_at is not None, (await Original.get()).text) == (True, said)


async def test_a_contact_stays_until_another_is_given(client: httpx.AsyncClient, nps: Survey):
    await client.post("/en/s/spring", data={"score": "9"})
    for comment, contact in (("One", "a@b.lv"), ("Two", ""), ("Two", "c@d.lv")):
        await client.post("/en/s/spring/reason", data={"comment": comment, "contact": contact})
    original = await Original.get()
    assert (original.text, original.contact) == ("Two", "c@d.lv")


async def test_after_a_day_an_open_link_begins_anew(client: httpx.AsyncClient, nps: Survey):
    await answer(client)
    old = client.cookies[COOKIE]
    await Response.all().update(submitted_at=now() - timedelta(hours=24, minutes=1))
    await client.post("/en/s/spring", data={"score": "1"})
    assert client.cookies[COOKIE] != old
    assert await Response.all().order_by("id").values_list("score") == [(9,), (1,)]
    assert await earlier() == []


async def test_after_a_day_pressing_twice_is_one_answer_too(client: httpx.AsyncClient, nps: Survey):
    await answer(client)
    old = client.cookies[COOKIE]
    await Response.all().update(submitted_at=now() - timedelta(hours=30))
    once = read(await client.get("/en/s/spring")).once()
    for _ in range(2):
        # The second press is on its way before the first one's cookie is here.
        client.cookies.clear()
        client.cookies.set(COOKIE, old)
        sent = await client.post("/en/s/spring", data={"score": "1", "once": once})
        assert (sent.status_code, sent.cookies[COOKIE]) == (303, once)
    assert await Response.all().order_by("id").values_list("score") == [(9,), (1,)]
    # A page left open for a day is answered anew all the same.
    await Response.all().update(submitted_at=now() - timedelta(hours=30))
    sent = await client.post("/en/s/spring", data={"score": "2", "once": once})
    assert (sent.status_code, await Response.all().count()) == (303, 3)


async def test_after_a_day_words_are_not_changed(client: httpx.AsyncClient, nps: Survey):
    await answer(client, comment="Slow")
    await Response.all().update(submitted_at=now() - timedelta(hours=25))
    sent = await client.post("/en/s/spring/reason", data={"comment": "Other"})
    assert sent.headers["location"] == "/en/s/spring"
    assert (await Verbatim.get()).masked_text == "Slow"
    # And the thank-you page no longer offers it.
    thanks = read(await client.get("/en/s/spring/thanks"))
    assert thanks.tree.xpath("//main//a/@href") == ["mailto:privacy@parcel.example"]


async def test_many_at_once_are_one_answer(client: httpx.AsyncClient, nps: Survey):
    once = read(await client.get("/en/s/spring")).once()
    client.cookies.set(COOKIE, once)
    scores = [9, 9, 3, 3, 9, 3, 7, 7]
    sent = await asyncio.gather(
        *(client.post("/en/s/spring", data={"score": str(score), "once": once}) for score in scores)
    )
    assert {one.status_code for one in sent} == {303}
    row = await Response.get()
    told = [score for score, _, _ in await earlier()]
    assert row.score in scores
    assert all(one != other for one, other in zip([*told, row.score], [*told, row.score][1:], strict=False))
    await asyncio.gather(
        *(client.post("/en/s/spring/reason", data={"comment": "Same words"}) for _ in range(6))
    )
    assert (await Verbatim.all().count(), await Original.all().count()) == (1, 1)


async def test_many_people_at_once_are_many_answers(client: httpx.AsyncClient, nps: Survey):
    async def somebody(number: int) -> int:
        client.cookies.clear()
        sent = await client.post("/en/s/spring", data={"score": str(number % 11), "once": f"{number:024d}"})
        return sent.status_code

    assert set(await asyncio.gather(*(somebody(number) for number in range(100)))) == {303}
    assert sorted(await Response.all().values_list("score")) == sorted((n % 11,) for n in range(100))


async def test_answers_are_taken_again_after_the_database_was_in_trouble(
    client: httpx.AsyncClient, nps: Survey, monkeypatch: pytest.MonkeyPatch
):
    async def full(_sql: str, *_values: object) -> list[dict[str, object]]:
        raise DiskFullError("could not extend file")

    async def answered(number: int) -> int:
        client.cookies.clear()
        sent = client.post("/en/s/spring", data={"score": "9", "once": f"{number:024d}"})
        return (await asyncio.wait_for(sent, 5)).status_code

    with monkeypatch.context() as trouble:
        trouble.setattr(insert, "query", full)
        assert await asyncio.gather(*(answered(number) for number in range(3))) == [500, 500, 500]
    assert await asyncio.gather(*(answered(number) for number in range(3))) == [303, 303, 303]
    assert await Response.all().count() == 3


async def test_a_row_written_together_is_as_tortoise_writes_it(client: httpx.AsyncClient, nps: Survey):
    await client.post("/en/s/spring", data={"score": "9", "country": "LV", "channel": "web"})
    ours = await Response.get()
    values = {
        name: getattr(ours, name) for name in Response._meta.db_fields if name not in {"id", "session_hash"}
    }
    theirs = await Response.create(**values)
    rows = await Response.all().order_by("id").values()
    for row in rows:
        row.pop("id"), row.pop("session_hash")
    assert rows[0] == rows[1]
    assert await Response.filter(submitted_at=ours.submitted_at).count() == 2
    assert theirs.id == ours.id + 1


@pytest.mark.parametrize("locale", ["lv", "ar"])
async def test_the_way_back_keeps_what_was_chosen(client: httpx.AsyncClient, nps: Survey, locale: str):
    await client.post(f"/{locale}/s/spring", data={"score": "6"})
    second = read(await client.get(f"/{locale}/s/spring/reason"))
    (change,) = second.tree.xpath("//p[@class='answered']/a/@href")
    assert change == f"/{locale}/s/spring?score=6"
    assert read(await client.get(change)).fields() == {"from": locale, "score": "6"}
