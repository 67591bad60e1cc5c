"""Feeds, readers of the digest and understanding, as their administrator sets them."""

import re

import httpx2 as httpx
from lxml import html

from surveys.accounts.models import User
from surveys.digests.models import Subscription
from surveys.due import now
from surveys.mentions.collect import Found, keep
from surveys.mentions.models import Feed
from surveys.verbatims.models import Verbatim


async def test_a_feed_is_followed_paused_polled_and_removed(client: httpx.AsyncClient, alice: User) -> None:
    form = {"url": "https://x.example/feed", "name": "Forum <b>", "country": "lv", "locale": "lv"}
    assert (await client.post("/settings/feeds", data=form)).headers["location"] == "/settings/feeds"
    feed = await Feed.get()
    assert (feed.name, feed.country, feed.due_at is not None) == ("Forum <b>", "LV", True)
    assert "Forum &lt;b&gt;" in (await client.get("/settings/feeds")).text
    address = f"/settings/feeds/{feed.id}"
    await client.post(address, data={"action": "pause"})
    feed = await Feed.get()
    assert (feed.is_paused, feed.due_at) == (True, None)
    await client.post(address, data={"action": "poll"})
    feed = await Feed.get()
    assert (feed.is_paused, feed.due_at is not None) == (False, True)
    await client.post(address, data={"action": "remove"})
    assert await Feed.all().count() == 0
    assert (await client.post(address, data={"action": "pause"})).status_code == 404


async def test_a_feed_that_cannot_be_followed(client: httpx.AsyncClient, alice: User) -> None:
    page = await client.post(
        "/settings/feeds", data={"url": "javascript:x", "country": "XX", "locale": "tlh"}
    )
    assert page.status_code == 422
    assert re.findall(r'<p class="error" id="e-(\w+)">', page.text) == ["url", "country", "locale"]
    assert 'value="javascript:x"' in page.text


async def test_readers_come_and_go(client: httpx.AsyncClient, alice: User) -> None:
    address = "/settings/subscriptions"
    form = {"channel": "mail", "address": "vadītājs@x.lv", "weekday": "1", "hour": "7"}
    await client.post(address, data={**form, "address": "Vadītājs@X.lv", "locale": "lv"})
    reader = await Subscription.get()
    assert (reader.address, reader.locale) == ("vadītājs@x.lv", "lv")
    twice = await client.post(address, data={**form, "locale": "en"})
    assert (twice.status_code, "This address gets the digest already." in twice.text) == (422, True)
    none = await client.post(address, data={**form, "address": "no", "locale": "ko"})
    assert re.findall(r'<p class="error" id="e-(\w+)">', none.text) == ["address", "locale"]
    await client.post(f"{address}/{reader.id}/end")
    assert (await Subscription.get()).ended_at is not None
    assert (await client.post(f"{address}/{reader.id}/end")).status_code == 404
    await client.post(address, data={**form, "locale": "ar"})
    again = await Subscription.get()
    assert (again.locale, again.ended_at) == ("ar", None)


async def test_understanding_shows_what_waits_and_what_was_put_aside(
    client: httpx.AsyncClient, alice: User
) -> None:
    texts = ("The bread was stale", "Nobody answered", "A very friendly driver")
    await keep([Found("blog", str(number), now(), text) for number, text in enumerate(texts)])
    first, second, _third = await Verbatim.all().order_by("id")
    await Verbatim.filter(id=first.id).update(due_at=None, analysed_at=now(), model_version="m1")
    await Verbatim.filter(id=second.id).update(due_at=None, parked_at=now(), last_error="ValueError")
    page = (await client.get("/settings/analysis")).text
    assert '<progress max="3" value="1">' in page
    assert ("1 comment waits" in page, "1 comment could not be understood" in page, "ValueError" in page) == (
        True,
    ) * 3
    assert "Nobody answered" not in page
    part = await client.get("/settings/analysis", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<section id="state"')
    assert (await client.post("/settings/analysis", data={"action": "parked"})).status_code == 303
    assert await Verbatim.filter(due_at__not_isnull=True).count() == 2
    await client.post("/settings/analysis", data={"action": "again"})
    assert await Verbatim.filter(due_at__not_isnull=True).count() == 3


async def test_pages_speak_the_users_language_and_mirror(client: httpx.AsyncClient, alice: User) -> None:
    page = (await client.get("/settings", headers={"Accept-Language": "fr, en;q=0.5"})).text
    assert '<html lang="en" dir="ltr">' in page


async def test_a_choice_is_read_out_with_its_help_and_its_error(
    client: httpx.AsyncClient, alice: User
) -> None:
    def described(page: str) -> list[str]:
        (field,) = html.fromstring(page).xpath("//select[@id='f-locale']/@aria-describedby")
        return [html.fromstring(page).get_element_by_id(each).text for each in field.split()]

    help_text = "For respondents whose own language is not served."
    assert described((await client.get("/surveys/new")).text) == [help_text]
    wrong = await client.post("/surveys/new", data={"locale": "tlh"})
    assert described(wrong.text) == ["Surveys are not available in “tlh”.", help_text]
