"""The page of pain points: counts, places, quotes, titles by language, names, mergers; and its link to the inbox."""

from typing import Any
from urllib.parse import urlencode

import httpx2 as httpx
import pytest
from lxml import html

from sentiment.verdict import SentenceJudgement
from surveys.accounts.models import User
from surveys.customers.models import Customer
from surveys.i18n import speaking
from surveys.mentions.collect import Found, keep
from surveys.pains import regroup
from surveys.pains.models import PainPoint, PainPointChange, VerbatimPain
from surveys.pains.title import names_of
from surveys.responses.models import Response
from surveys.verbatims.models import Verbatim
from tests.surveys.pains.conftest import SAYINGS, WEEK, Understanding, say, understand

pytestmark = pytest.mark.usefixtures("tuesday")
HTMX = {"HX-Request": "true"}


async def known() -> None:
    await understand()
    await regroup.want(WEEK)
    while await regroup.one():
        pass


async def title_of(pain: int, locale: str) -> str:
    with speaking(locale, "app"):
        return str((await names_of([pain]))[pain])


def plain(node: Any) -> str:
    return " ".join(node.text_content().split())


def shown(page: httpx.Response) -> list[dict[str, Any]]:
    """Each pain point as a reader sees it."""
    return [
        {
            "theme": plain(theme.xpath("./h2")[0]),
            "title": plain(pain.xpath("./h3")[0]),
            "count": plain(pain.xpath("./p[@class='pain-count']")[0]),
            "facts": [plain(row) for row in pain.xpath("./dl/div")],
            "quotes": [
                (plain(row.xpath("./blockquote")[0]), plain(row.xpath("./figcaption")[0]))
                for row in pain.xpath("./figure")
            ],
        }
        for theme in html.fromstring(page.text).xpath("//section[h2]")
        for pain in theme.xpath(".//li[@class='pain']")
    ]


async def test_before_anything_is_known_the_page_teaches(client: httpx.AsyncClient, ana: User) -> None:
    page = await client.get("/pains")
    assert page.status_code == 200
    assert html.fromstring(page.text).xpath("//h2/text()") == ["What hurts your customers will appear here"]
    (link,) = html.fromstring(page.text).xpath("//nav//a[@href='/pains']")
    assert (link.text, link.get("aria-current")) == ("Pain points", "page")


async def test_one_thing_said_in_three_languages_is_one_row(
    understanding: Understanding, client: httpx.AsyncClient, ana: User
) -> None:
    await say("late", 15, ago=2)
    await say("late", 15, country="EE")
    await say("refund", 7)
    await known()
    late, refund = shown(await client.get("/pains"))
    assert late["theme"] == "Delivery"
    assert late["title"] == "Parcels come late"
    assert late["count"] == "30 comments since 14 Sept 2026"
    assert late["facts"] == ["Languages English 10 Japanese 10 Latvian 10", "Countries Estonia 15 Latvia 15"]
    assert sorted(language for _quote, language in late["quotes"]) == ["English", "Japanese", "Latvian"]
    assert late["quotes"][0][1] == "English"
    assert refund["title"].startswith("My money is not back (0.")
    assert refund["title"].endswith("new")
    assert refund["facts"] == ["Languages too few to show", "Countries Latvia 7"]


@pytest.mark.parametrize(("locale", "title"), [("lv", "Sūtījumi kavējas"), ("ar", "Parcels come late")])
async def test_titles_are_in_the_readers_language(
    understanding: Understanding, client: httpx.AsyncClient, ana: User, locale: str, title: str
) -> None:
    ana.locale = locale
    await ana.save()
    await say("late", 6)
    await say("refund", 9)
    await known()
    page = await client.get("/pains")
    tree = html.fromstring(page.text)
    by_theme = {found["theme"]: found["title"] for found in shown(page)}
    assert title in list(by_theme.values())[1]
    (quoted,) = tree.xpath("//h3/q")
    assert quoted.get("lang") == locale
    assert quoted.text.startswith(SAYINGS["refund"][1][locale])


async def test_what_only_others_say_is_quoted_with_its_language(
    understanding: Understanding, client: httpx.AsyncClient, ana: User
) -> None:
    await say("label", 6, language="lt")
    await known()
    (pain,) = shown(await client.get("/pains"))
    assert pain["title"].startswith("Returns and refunds: Negavau grąžinimo lipduko")
    assert pain["title"].endswith("Lithuanian new")


async def test_a_quote_as_a_title_stays_and_names_its_theme(understanding: Understanding) -> None:
    await say("refund", 6, ago=1)
    await known()
    (pain,) = await PainPoint.all()
    first = await title_of(pain.id, "en")
    assert first.startswith("Returns and refunds: “My money is not back (1.")
    assert (await title_of(pain.id, "lv")).startswith(
        "Preču atgriešana un naudas atmaksa: „Nauda nav atpakaļ (1."
    )
    await say("refund", 12)
    await known()
    assert await title_of(pain.id, "en") == first


async def test_few_people_are_not_counted_quoted_or_named_after_their_words(
    understanding: Understanding, client: httpx.AsyncClient, ana: User
) -> None:
    one = await Customer.create(customer_id="c1")
    rows = await say("refund", 8)
    await known()
    await Response.filter(id__in=[row.response_id or 0 for row in rows[3:]]).update(customer_id=one.id)
    (pain,) = await PainPoint.all()
    page = await client.get("/pains")
    assert shown(page) == [
        {
            "theme": "Returns and refunds",
            "title": f"Returns and refunds: pain point {pain.id}, found in 2026-W40 new",
            "count": "No count for these weeks: it would reveal a group of too few since 28 Sept 2026",
            "facts": [],
            "quotes": [],
        }
    ]
    assert "money" not in page.text


async def test_one_small_one_hides_a_larger_so_that_the_sum_gives_nothing_away(
    understanding: Understanding, client: httpx.AsyncClient, ana: User
) -> None:
    await say("refund", 6, ago=1)
    await say("label", 7)
    await say("refund", 2)
    await say("box", 9)
    await known()
    page = await client.get("/pains", params={"from": "2026-W40", "to": "2026-W40"})
    assert [pain["count"].partition(" since")[0] for pain in shown(page)] == [
        "9 comments",
        "No count for these weeks: it would reveal a group of too few",
        "No count for these weeks: it would reveal a group of too few",
    ]


async def test_the_count_leads_to_exactly_its_verbatims(
    understanding: Understanding, client: httpx.AsyncClient, ana: User
) -> None:
    for ago in (0, 1, 6):
        await say("late", 6, ago=ago)
    (first, *_rest) = await say("refund", 7)
    await keep([Found("forum", "1", first.written_at, "The parcel came late, again", author="a")])
    await known()
    page = await client.get("/pains", params={"from": "2026-W39", "to": "2026-W41"})
    (link,) = html.fromstring(page.text).xpath("//h2[.='Delivery']/..//p[@class='pain-count']/a")
    assert link.text == "13 comments"
    inbox = html.fromstring((await client.get(link.get("href"))).text)
    pain = await PainPoint.get(known="late-01")
    rows = {int(row.rpartition("/")[2].partition("?")[0]) for row in inbox.xpath("//a[@class='words']/@href")}
    linked = await VerbatimPain.filter(pain_id=pain.id).values_list("verbatim_id", flat=True)
    weeks = {
        row.id
        for row in await Verbatim.filter(id__in=list(linked))
        if row.written_at.month >= 9 and row.written_at.day >= 20
    }
    assert (len(rows), rows) == (13, weeks)
    assert "Pain point: Parcels come late" in [
        plain(chip).rstrip(" ✕") for chip in inbox.xpath("//a[@class='chip']")
    ]
    assert inbox.xpath("//form[@id='filters']/input[@name='pain']/@value") == [str(pain.id)]
    exported = await client.get(link.get("href").replace("/inbox?", "/inbox.csv?"))
    assert exported.text.count("\n") == 14


@pytest.mark.parametrize("value", ["0", "99999", "x", "-1", "9" * 40, "²", "%00"])
async def test_a_pain_point_that_is_not_there_is_named_and_left_out(
    understanding: Understanding, client: httpx.AsyncClient, ana: User, value: str
) -> None:
    await say("late", 2)
    await known()
    page = await client.get("/inbox", params={"pain": value})
    tree = html.fromstring(page.text)
    assert (page.status_code, len(tree.xpath("//a[@class='words']"))) == (200, 2)
    if value != "%00":
        assert f"pain={value[:80]}" in tree.xpath("string(//p[contains(@class, 'warning')])")


async def test_a_manager_names_one_and_takes_the_name_back(
    understanding: Understanding, client: httpx.AsyncClient, maris: User
) -> None:
    await say("late", 6)
    await known()
    (pain,) = await PainPoint.all()
    answer = await client.post(
        f"/pains/{pain.id}/rename?from=2026-W40", data={"title": " <b>Slow</b>  vans "}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/pains?from=2026-W40#pain-{pain.id}")
    (found,) = shown(await client.get("/pains"))
    assert found["title"] == "<b>Slow</b> vans new"
    too_long = await client.post(f"/pains/{pain.id}/rename", data={"title": "x" * 121})
    assert too_long.status_code == 422
    assert "A title has at most 120 characters." in too_long.text
    await client.post(f"/pains/{pain.id}/rename", data={"title": " "})
    (found,) = shown(await client.get("/pains"))
    assert found["title"] == "Parcels come late new"


async def test_two_are_merged_on_record_and_parted_again(
    understanding: Understanding, client: httpx.AsyncClient, maris: User
) -> None:
    await say("label", 6)
    await say("box", 8)
    await known()
    label, box = sorted(await PainPoint.all(), key=lambda row: row.id, reverse=True)
    sizes = {row.id: await VerbatimPain.filter(pain_id=row.id).count() for row in (label, box)}
    small, large = sorted(sizes, key=lambda key: sizes[key])
    answer = await client.post(f"/pains/{small}/merge", data={"into": str(large)})
    assert answer.headers["location"] == f"/pains#pain-{large}"
    page = await client.get("/pains")
    (found,) = shown(page)
    assert found["count"].startswith("14 comments")
    (change,) = await PainPointChange.filter(is_by_hand=True)
    events = [plain(row) for row in html.fromstring(page.text).xpath("//details/ul/li")]
    assert events[0].startswith("Maris merged “")
    assert events[0].endswith("Take back")
    inbox = html.fromstring((await client.get(f"/inbox?pain={small}")).text)
    assert len(inbox.xpath("//a[@class='words']")) == 14
    for into in (large, small, 0, "x", 10**20, "9" * 5000):
        refused = await client.post(f"/pains/{small}/merge", data={"into": str(into)})
        assert refused.status_code == 422, into
    back = await client.post(f"/pains/changes/{change.id}/undo", headers=HTMX, follow_redirects=True)
    assert [pain["count"].partition(" since")[0] for pain in shown(back)] == ["8 comments", "6 comments"]
    assert back.text.lstrip().startswith("<header")
    assert (await client.post(f"/pains/changes/{change.id}/undo")).status_code == 404
    kept = await PainPointChange.get(id=change.id)
    assert kept.undone_at is not None


async def test_different_themes_are_not_merged(
    understanding: Understanding, client: httpx.AsyncClient, maris: User
) -> None:
    await say("late", 6)
    await say("box", 8)
    await known()
    late, box = await PainPoint.get(known="late-01"), await PainPoint.get(known=None)
    answer = await client.post(f"/pains/{box.id}/merge", data={"into": str(late.id)})
    assert (answer.status_code, "Only pain points of the same theme can be merged." in answer.text) == (
        422,
        True,
    )


async def test_an_analyst_reads_and_changes_nothing(
    understanding: Understanding, client: httpx.AsyncClient, ana: User
) -> None:
    await say("late", 6)
    await known()
    page = await client.get("/pains")
    assert html.fromstring(page.text).xpath("//main//form/@action") == ["/pains"]
    (pain,) = await PainPoint.all()
    assert (await client.post(f"/pains/{pain.id}/rename", data={"title": "x"})).status_code == 404


async def test_weeks_are_chosen_and_odd_ones_left_out(
    understanding: Understanding, client: httpx.AsyncClient, ana: User
) -> None:
    await say("late", 6, ago=5)
    await known()
    assert shown(await client.get("/pains?from=2026-W41&to=2026-W41")) == []
    assert len(shown(await client.get("/pains?from=2026-W35&to=2026-W41"))) == 1
    for query in ("from=x", "from=2026-W60", "to=1999-W01", "from=%00&to=²", "from=2026-W41&to=2026-W35"):
        assert (await client.get(f"/pains?{query}")).status_code == 200
    block = await client.get(f"/pains?{urlencode({'from': '2026-W35'})}", headers=HTMX)
    assert "<html" not in block.text
    assert 'id="pain-' in block.text


async def test_the_quote_is_the_sentence_that_speaks_of_it(
    understanding: Understanding, client: httpx.AsyncClient, ana: User
) -> None:
    rows = await say("late", 6, language="en", score=9)
    words = " Your people are wonderful."
    for row in rows:
        text = row.masked_text + words
        await Verbatim.filter(id=row.id).update(masked_text=text)
        understanding.moods[text] = "mixed"
        understanding.sentences[text] = (
            SentenceJudgement(0, len(row.masked_text), "negative", 0.9, 0.1, 0.0),
            SentenceJudgement(len(row.masked_text) + 1, len(text), "positive", 0.0, 0.1, 0.9),
        )
    await known()
    (pain,) = shown(await client.get("/pains"))
    assert {quote for quote, _language in pain["quotes"]} <= {row.masked_text for row in rows}
    assert len(pain["quotes"]) == 3


async def test_what_somebody_wrote_stays_text(
    understanding: Understanding, client: httpx.AsyncClient, ana: User
) -> None:
    rows = await say("refund", 6, language="en")
    for row in rows:
        text = f"My money is not back <script>alert({row.id})</script>\u202e"
        await Verbatim.filter(id=row.id).update(masked_text=text)
    await known()
    page = await client.get("/pains")
    assert "<script>alert" not in page.text
    assert "\u202e" not in page.text
    assert "&lt;script&gt;alert" in page.text
