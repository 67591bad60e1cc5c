"""The page of sources and feeds."""

from datetime import timedelta

import httpx2 as httpx
import pytest
from lxml import html

from surveys.accounts.models import User
from surveys.due import now
from surveys.mentions.models import Feed, Mention


async def test_an_empty_page_names_both_ways_in(client: httpx.AsyncClient, ana: User) -> None:
    page = await client.get("/mentions")
    (text,) = html.fromstring(page.text).xpath("//section[@class='empty']/p[1]/text()")
    assert "polyvox import mentions FILE" in text
    assert "polyvox feed add URL" in text


async def test_sources_are_counted_by_week_and_lead_to_the_inbox(
    client: httpx.AsyncClient, ana: User
) -> None:
    for number, days in enumerate((0, 7, 7, 400)):
        await Mention.create(
            source="forum & co",
            external_id=str(number),
            content_hash="",
            published_at=now() - timedelta(days=days),
        )
    await Feed.create(url="https://f.example/rss", name="F", last_error="The feed did not answer.")
    tree = html.fromstring((await client.get("/mentions")).text)
    assert tree.xpath("//h1/text()") == ["4 mentions"]
    (row,) = tree.xpath("(//table)[1]/tbody/tr")
    assert row.xpath(".//a/@href") == ["/inbox?channel=forum+%26+co"]
    assert row.xpath("./td/text()") == ["0"] * 6 + ["2", "1", "4"]
    assert tree.xpath("(//table)[2]/tbody/tr/td[last()]/span/text()") == ["The feed did not answer."]


async def test_the_list_of_feeds_names_countries(client: httpx.AsyncClient, alice: User) -> None:
    await Feed.create(url="https://f.example/rss", name="F", country="LV")
    await Feed.create(url="https://g.example/rss", name="G")
    tree = html.fromstring((await client.get("/settings/feeds")).text)
    assert [cell.text for cell in tree.xpath("//table/tbody/tr/td[2]")] == ["Latvia", None]


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("The feed took too long to answer.", "Plūsma neatbildēja laikus."),
        ("The feed answered with status 503.", "Plūsma atbildēja ar statusu 503."),
        ("ConnectError", "ConnectError"),
    ],
)
async def test_why_a_feed_failed_is_told_in_the_readers_language(
    client: httpx.AsyncClient, alice: User, kept: str, told: str
) -> None:
    alice.locale = "lv"
    await alice.save()
    await Feed.create(url="https://f.example/rss", name="F", last_error=kept)
    for address in ("/mentions", "/settings/feeds"):
        (row,) = html.fromstring((await client.get(address)).text).xpath("//table/tbody/tr")
        assert told in [text.strip() for text in row.itertext()], address
