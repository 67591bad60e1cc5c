"""What is kept in memory follows the database without a restart."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx2 as httpx
from lxml import html

from surveys.accounts.models import User
from surveys.due import now
from surveys.mentions.models import Mention
from surveys.verbatims import columns as column_index
from surveys.verbatims.models import Method, Verbatim, VerbatimTheme
from surveys.verbatims.write import Words, masked, mention_draft, raise_epoch, write_many
from tests.bench.population import populate

UTC_ZONE = ZoneInfo("UTC")


async def _title(client: httpx.AsyncClient, query: str = "") -> str:
    page = await client.get(f"/inbox{query}")
    (title,) = html.fromstring(page.text).xpath("//h1/text()")
    return str(title)


async def test_a_changed_row_is_seen_at_once(client: httpx.AsyncClient, ana: User) -> None:
    await populate(20)
    assert await _title(client, "?language=ka") == "No comment matches"
    key = (await Verbatim.all().order_by("id"))[3].id
    await client.get("/inbox")
    await Verbatim.filter(id=key).update(language="ka", changed_at=now())
    await VerbatimTheme.filter(verbatim_id=key).delete()
    await VerbatimTheme.create(verbatim_id=key, code="billing", confidence=1, method=Method.HUMAN)
    page = await client.get("/inbox?language=ka&theme=billing")
    assert html.fromstring(page.text).xpath("//a[@class='words']/@href") == [
        f"/inbox/{key}?language=ka&theme=billing"
    ]


async def test_a_row_that_committed_late_is_seen(database: None) -> None:
    await populate(20)
    early, late = (await Verbatim.all().order_by("id"))[:2]
    await Verbatim.filter(id=early.id).update(country="SM", changed_at=now())
    await column_index.current(UTC_ZONE)
    await Verbatim.filter(id=late.id).update(country="FJ", changed_at=now() - timedelta(seconds=20))
    columns = await column_index.current(UTC_ZONE)
    assert columns.words["country"].known("FJ") is not None


async def test_new_rows_of_an_import_are_seen(client: httpx.AsyncClient, ana: User) -> None:
    await populate(3)
    assert await _title(client, "?channel=nowhere")
    mention = await Mention.create(
        source="blog",
        external_id="1",
        content_hash="x",
        published_at=datetime(2026, 11, 20, tzinfo=UTC),
        country="LV",
    )
    words = masked(Words("Write to me: someone@example.org"), "LV")
    await write_many([(mention_draft(mention, words), words)])
    page = await client.get("/inbox?channel=blog")
    (text,) = html.fromstring(page.text).xpath("//a[@class='words']/text()")
    assert "someone@example.org" not in text
    assert text.startswith("Write to me: ")


async def test_what_was_erased_goes(client: httpx.AsyncClient, ana: User) -> None:
    await populate(10)
    await client.get("/inbox")
    gone = (await Verbatim.all().order_by("id"))[:4]
    await Verbatim.filter(id__in=[row.id for row in gone]).delete()
    await raise_epoch()
    columns = await column_index.current(UTC_ZONE)
    assert sorted(columns.ids.tolist()) == sorted(await Verbatim.all().values_list("id", flat=True))


async def test_a_row_that_vanished_without_a_word_is_noticed_when_shown(
    client: httpx.AsyncClient, ana: User
) -> None:
    await populate(10)
    await client.get("/inbox")
    await Verbatim.filter(id=(await Verbatim.all().order_by("-written_at"))[0].id).delete()
    page = await client.get("/inbox")
    assert len(html.fromstring(page.text).xpath("//a[@class='words']")) == 9
    assert (await _title(client)).startswith("9 comments")


async def test_an_empty_inbox_says_what_will_be_there(client: httpx.AsyncClient, ana: User) -> None:
    assert await _title(client) == "No comments yet"


async def test_no_match_offers_the_way_back(client: httpx.AsyncClient, ana: User) -> None:
    await populate(5)
    page = await client.get("/inbox?country=FJ")
    assert html.fromstring(page.text).xpath("//section[@class='empty']//a/@href") == ["/inbox"]
