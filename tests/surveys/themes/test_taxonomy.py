"""Renaming, hiding and merging: one name and one count in every place that tells of themes, and all of it taken back."""

import json

import httpx2 as httpx
import pytest
from lxml import html
from typer.testing import CliRunner

from surveys.accounts.models import Role, User
from surveys.db import query
from surveys.errors import NotFound, Refused
from surveys.i18n import speaking
from surveys.names import theme_codes, theme_name
from surveys.taxonomy import Taxonomy, ThemeEntry, counted_themes, know_themes, themes_sql
from surveys.themes import change
from surveys.themes.history import undo, undo_latest
from surveys.themes.models import SiteTheme, ThemeChange
from surveys.verbatims.models import Correction, Verbatim, VerbatimTheme
from tests.surveys.themes.town import comment, themes_of


def tree(answer: httpx.Response) -> html.HtmlElement:
    return html.fromstring(answer.text)


async def act(client: httpx.AsyncClient, code: str, **data: str) -> None:
    answer = await client.post(f"/settings/themes/{code}", data=data)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/settings/themes"), answer.text


async def facet(client: httpx.AsyncClient, address: str = "/inbox") -> list[tuple[str, str]]:
    """The choices of the theme filter: value, and name with count."""
    boxes = tree(await client.get(address)).xpath("//details[@id='facet-theme']//input")
    return [(box.get("value"), " ".join(box.getparent().text_content().split())) for box in boxes]


async def test_a_name_is_the_readers_everywhere_and_the_theme_stays_one(
    client: httpx.AsyncClient, alice: User
) -> None:
    row = await comment("The courier was late", "delivery")
    await act(client, "delivery", action="rename", name_en="Getting it there", name_lv="Vešana")
    await comment("The courier was late again", "delivery")
    assert await facet(client) == [("delivery", "Getting it there 2")]
    page = tree(await client.get(f"/inbox/{row.id}?theme=delivery"))
    assert page.xpath("//ul[@class='themes']//a/text()") == ["Getting it there"]
    assert "Theme: Getting it there" in page.xpath("string(//ul[@class='chips'])")
    assert "Getting it there" in page.xpath("string(//ul[@class='ticks'])")
    await User.filter(id=alice.id).update(locale="lv")
    assert await facet(client) == [("delivery", "Vešana 2")]
    await User.filter(id=alice.id).update(locale="ro")
    (ro,) = await facet(client)
    with speaking("ro", "app"):
        assert ro == ("delivery", f"{theme_name('delivery')} 2")
    exported = (await client.get("/inbox.csv")).text
    assert exported.count(",delivery,") == 2


async def test_an_empty_name_brings_the_built_in_one_back(client: httpx.AsyncClient, alice: User) -> None:
    await comment("The courier was late", "delivery")
    await act(client, "delivery", action="rename", name_en="X")
    await act(client, "delivery", action="rename", name_en="  ")
    assert await facet(client) == [("delivery", "Delivery 1")]
    await act(client, "delivery", action="rename", name_en="Delivery")
    assert await ThemeChange.all().count() == 2


async def test_a_merger_counts_under_its_target_and_rewrites_nothing(
    client: httpx.AsyncClient, alice: User
) -> None:
    both = await comment("Bill and fee wrong", "billing", "payment_checkout")
    card = await comment("Card refused", "payment_checkout")
    bill = await comment("Bill wrong", "billing")
    before = [await themes_of(row) for row in (both, card, bill)]
    assert await facet(client) == [
        ("billing", "Bills and fees 2"),
        ("payment_checkout", "Payment and checkout 2"),
    ]
    await act(client, "payment_checkout", action="merge", into="billing")
    assert await facet(client) == [("billing", "Bills and fees 3")]
    assert [await themes_of(row) for row in (both, card, bill)] == before
    page = tree(await client.get("/inbox?theme=payment_checkout"))
    assert len(page.xpath("//a[@class='words']")) == 3
    assert page.xpath("//input[@name='theme' and @checked]/@value") == ["billing"]
    opened = tree(await client.get(f"/inbox/{both.id}"))
    assert opened.xpath("//ul[@class='themes']//a/@href") == ["/inbox?theme=billing"]
    ticks = opened.xpath("//ul[@class='ticks']//input/@value")
    assert "payment_checkout" not in ticks
    lines = (await client.get("/inbox.csv")).text.splitlines()[1:]
    assert [",billing," in line and "payment_checkout" not in line for line in lines] == [True] * 3
    rows = tree(await client.get("/settings/themes")).xpath("//table[@class='theme-list']/tbody/tr")
    shown = {
        row.xpath(".//bdi")[0].text: " ".join(row.xpath("./td")[1].text_content().split()) for row in rows
    }
    assert shown["payment_checkout"] == "Counted as “Bills and fees”"
    await act(client, "payment_checkout", action="show")
    assert await facet(client) == [
        ("billing", "Bills and fees 2"),
        ("payment_checkout", "Payment and checkout 2"),
    ]


async def test_a_hidden_theme_is_counted_and_offered_nowhere(client: httpx.AsyncClient, alice: User) -> None:
    row = await comment("Points lost", "loyalty_promo")
    await act(client, "loyalty_promo", action="hide")
    assert await facet(client) == [("none", "No theme 1")]
    page = tree(await client.get(f"/inbox/{row.id}?theme=loyalty_promo"))
    assert "theme=loyalty_promo" in page.xpath("string(//p[contains(@class, 'warning')])")
    assert page.xpath("//ul[@class='themes']") == []
    # A correction of what is shown says nothing about what is hidden.
    data = {"language": "en", "sentiment": "negative", "theme": "billing"}
    await client.post(f"/inbox/{row.id}/correct", data=data)
    assert await themes_of(row) == [("billing", "human"), ("loyalty_promo", "model")]
    await act(client, "loyalty_promo", action="show")
    assert [code for code, _name in await facet(client)] == ["billing", "loyalty_promo"]


async def test_a_correction_of_nothing_leaves_merged_themes_as_they_are(
    client: httpx.AsyncClient, alice: User
) -> None:
    row = await comment("Card refused", "payment_checkout")
    await act(client, "payment_checkout", action="merge", into="billing")
    opened = tree(await client.get(f"/inbox/{row.id}"))
    ticked = opened.xpath("//ul[@class='ticks']//input[@checked]/@value")
    assert ticked == ["billing"]
    data = {"language": "en", "sentiment": "negative", "theme": ticked}
    await client.post(f"/inbox/{row.id}/correct", data=data)
    assert await themes_of(row) == [("payment_checkout", "model")]
    assert await Correction.filter(field="themes").count() == 0
    await client.post(f"/inbox/{row.id}/correct", data={**data, "theme": ["billing", "delivery"]})
    assert await themes_of(row) == [("delivery", "human"), ("payment_checkout", "model")]


async def test_a_chain_of_mergers_ends_somewhere_and_a_circle_is_refused(
    client: httpx.AsyncClient, alice: User
) -> None:
    await comment("Card refused", "payment_checkout")
    await act(client, "payment_checkout", action="merge", into="billing")
    await act(client, "billing", action="merge", into="price_value")
    assert await facet(client) == [("price_value", "Price and value 1")]
    for into in ("payment_checkout", "price_value", "other", "nothing", ""):
        answer = await client.post("/settings/themes/price_value", data={"action": "merge", "into": into})
        assert answer.status_code == 422, into
        assert "This theme cannot be merged into the other one." in answer.text
    await act(client, "price_value", action="hide")
    assert await facet(client) == [("none", "No theme 1")]


async def test_pages_of_themes_that_are_not_there(client: httpx.AsyncClient, alice: User) -> None:
    for code in ("nothing", "other", "own_gone", "%00", "a" * 300):
        assert (await client.get(f"/settings/themes/{code}")).status_code == 404, code
    for address in ("drafts/1", "drafts/99999999999", "changes/1/undo", "changes/99999999999/undo"):
        method = "POST" if address.endswith("undo") else "GET"
        answer = await client.request(method, f"/settings/themes/{address}")
        assert answer.status_code in {404, 422}, address
    answer = await client.post("/settings/themes/delivery", data={"action": "edit"})
    assert answer.status_code == 422
    answer = await client.post("/settings/themes/delivery", data={"action": "remove"})
    assert (
        '<p class="notice warning" role="status">A built-in theme can be hidden, but not removed.'
        in answer.text
    )
    # The field for a merger is not at fault.
    assert 'aria-invalid="true"' not in answer.text
    assert await SiteTheme.all().count() == 0


async def test_the_page_of_a_theme_offers_what_can_be_done(client: httpx.AsyncClient, alice: User) -> None:
    page = tree(await client.get("/settings/themes/delivery"))
    assert page.xpath("//h1/text()") == ["Delivery"]
    assert page.xpath("//input[@name='action']/@value") == ["rename", "merge", "hide"]
    targets = page.xpath("//select[@name='into']/option/@value")
    assert (len(targets), {"delivery", "other"} & {*targets}) == (17, set())
    assert page.xpath("//input[starts-with(@name, 'name_')]/@name")[:3] == ["name_en", "name_lv", "name_lt"]
    await act(client, "delivery", action="merge", into="availability")
    page = tree(await client.get("/settings/themes/delivery"))
    assert page.xpath("//input[@name='action']/@value") == ["show", "rename", "merge"]
    assert page.xpath("//select[@name='into']/option[@selected]/@value") == ["availability"]


async def test_names_that_cannot_be_are_refused_at_their_field(
    client: httpx.AsyncClient, alice: User
) -> None:
    answer = await client.post(
        "/settings/themes/delivery",
        data={
            "action": "rename",
            "name_en": "bills AND fees",
            "name_lv": "x" * 61,
            "name_lt": "a\u202eb\n c",
        },
    )
    page = tree(answer)
    assert (answer.status_code, page.xpath("//input[@aria-invalid='true']/@name")) == (
        422,
        ["name_en", "name_lv"],
    )
    assert page.xpath("//p[@class='error']/text()") == [
        "Another theme is called “bills AND fees”.",
        "A theme's name has at most 60 characters.",
    ]
    await act(client, "delivery", action="rename", name_lt="a\u202eb\n c")
    assert (await SiteTheme.get(code="delivery")).names == {"lt": "ab c"}


async def test_changes_are_told_and_taken_back_from_the_latest_on(
    client: httpx.AsyncClient, alice: User
) -> None:
    await act(client, "delivery", action="rename", name_en="Transport")
    await act(client, "delivery", action="hide")
    await act(client, "technical", action="merge", into="usability")
    items = tree(await client.get("/settings/themes")).xpath("//ol[@class='history']/li")
    told = [" ".join(item.xpath("./text()")[0].split()).partition(" on ")[0] for item in items]
    assert told == [
        "Alice merged “Technical faults” into “Ease of use”",
        "Alice hid “Transport”",
        "Alice renamed “Delivery” to “Transport”",
    ]
    assert [len(item.xpath(".//form")) for item in items] == [1, 1, 0]
    (first,) = items[1].xpath(".//form/@action")
    await client.post(first)
    items = tree(await client.get("/settings/themes")).xpath("//ol[@class='history']/li")
    assert [len(item.xpath(".//form")) for item in items] == [1, 0, 1]
    assert "Taken back by Alice on" in items[1].text_content()
    await know_themes()
    assert "delivery" in theme_codes()
    (second,) = items[2].xpath(".//form/@action")
    await client.post(second)
    await know_themes()
    assert theme_name("delivery") == "Delivery"
    assert await ThemeChange.filter(undone_at=None).count() == 1


async def test_an_undo_that_would_make_a_mess_is_refused(database: None) -> None:
    await change.merge("billing", "price_value", None)
    await change.show("billing", None)
    await change.merge("price_value", "billing", None)
    back = await ThemeChange.filter(theme__code="billing").order_by("-id").first()
    assert back
    with pytest.raises(Refused, match="cannot be merged"):
        await undo(back.id, None)
    assert [row.undone_at for row in await ThemeChange.all()] == [None] * 3
    await change.rename("delivery", {"en": "Post"}, None)
    await change.rename("delivery", {}, None)
    await change.rename("usability", {"en": "Post"}, None)
    named = await ThemeChange.filter(theme__code="delivery").order_by("-id").first()
    assert named
    with pytest.raises(Refused, match="Another theme is called “Post”"):
        await undo(named.id, None)


async def test_the_latest_change_of_all_is_undone_first(database: None) -> None:
    with pytest.raises(NotFound):
        await undo_latest(None)
    await change.hide("delivery", None)
    await change.hide("billing", None)
    assert [(await undo_latest(None)).theme_id, (await undo_latest(None)).theme_id] == [2, 1]
    assert "delivery" in theme_codes()


async def test_rows_in_sql_are_those_that_count(database: None) -> None:
    await comment("a", "billing", "delivery")
    await comment("b", "payment_checkout", "technical")
    assert await counted_themes() == "verbatim_theme"
    await change.merge("payment_checkout", "billing", None)
    await change.hide("technical", None)
    rows = await query(
        f'SELECT t.verbatim_id, t.code, t.confidence, t."start", t."end", t.method, t.polarity '
        f"FROM verbatim v JOIN {await counted_themes()} t ON t.verbatim_id = v.id ORDER BY t.verbatim_id, t.code"
    )
    assert [(row["verbatim_id"], row["code"], row["method"]) for row in rows] == [
        (1, "billing", "model"), (1, "delivery", "model"), (2, "billing", "model"),
    ]  # fmt: skip
    assert [await VerbatimTheme.all().count(), await Verbatim.all().count()] == [4, 2]


def test_a_code_that_is_none_never_reaches_sql() -> None:
    with pytest.raises(ValueError, match="no code"):
        themes_sql({"a' OR 1=1 --": None})


def test_a_circle_in_the_rows_counts_as_nothing_and_ends() -> None:
    merged = {"a": ThemeEntry("a", {}, "merged", "b"), "b": ThemeEntry("b", {}, "merged", "a")}
    assert Taxonomy(merged).counted("a") is None


def test_an_own_theme_is_called_by_some_name_in_every_language() -> None:
    own = Taxonomy({"own_x": ThemeEntry("own_x", {"lv": "Troksnis"}, is_own=True)})
    assert [own.name("own_x", locale) for locale in ("lv", "en", "ja")] == ["Troksnis"] * 3


async def test_only_administrators_see_the_pages_and_the_link(client: httpx.AsyncClient, alice: User) -> None:
    row = await comment("Too little parking")
    await User.filter(id=alice.id).update(role=Role.MANAGER)
    for address in ("", "/new", "/delivery"):
        assert (await client.get(f"/settings/themes{address}")).status_code == 404
    assert "settings/themes/new" not in (await client.get(f"/inbox/{row.id}")).text


def test_commands_say_what_they_did(home: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    from surveys.cli import app

    def polyvox(*words: str) -> tuple[int, str]:
        answer = CliRunner().invoke(app, ["theme", *words])
        return answer.exit_code, answer.stdout

    assert polyvox("rename", "delivery", "Transport") == (0, "")
    assert polyvox("merge", "technical", "usability") == (0, "")
    examples = tmp_path_factory.mktemp("examples") / "parking.txt"
    examples.write_text("No parking\nStāvvietas nav\nDer Parkplatz war voll\n", "utf-8")
    assert polyvox("add", "Parking", str(examples)) == (0, "own_parking\n")
    found = {row["code"]: row for row in json.loads(polyvox("list", "--json")[1])}
    assert (found["delivery"]["name"], found["technical"]["into"]) == ("Transport", "Ease of use")
    assert found["own_parking"] == {
        "code": "own_parking", "name": "Parking", "state": "active", "into": None,
        "is_own": True, "count": 0, "examples": 3,
    }  # fmt: skip
    assert polyvox("undo")[0] == 0
    assert "own_parking" not in polyvox("list")[1]
    examples.write_text("only one", "utf-8")
    refused = CliRunner().invoke(app, ["theme", "add", "Delivery", str(examples)])
    assert isinstance(refused.exception, Refused)
    assert "here are 1" in str(refused.exception)
    for words in (("rename", "nothing", "X"), ("merge", "delivery", "delivery"), ("list", "--locale", "xx")):
        assert isinstance(CliRunner().invoke(app, ["theme", *words]).exception, Refused), words


async def test_a_name_that_nobody_sees_is_none(client: httpx.AsyncClient, alice: User) -> None:
    await comment("The courier was late again", "delivery")
    for name in ("\u200b\u200b", "\u2060", "\u200c\u200d"):
        await act(client, "delivery", action="rename", name_en=name)
        assert await facet(client) == [("delivery", "Delivery 1")]
    await act(client, "delivery", action="rename", name_en="Get\u200bting\u2060 it there")
    assert await facet(client) == [("delivery", "Getting it there 1")]
