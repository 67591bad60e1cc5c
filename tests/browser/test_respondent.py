"""A respondent in a real browser: keyboard, narrow, enlarged, right to left, with and without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from surveys.organisation.models import the_organisation
from surveys.questionnaires.models import Basis, Metric, Survey
from surveys.responses.models import Response
from surveys.verbatims.models import Verbatim
from tests.browser.conftest import AXE, Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Window = Callable[..., BrowserContext]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def surveys(server: Server) -> None:
    async def seed() -> None:
        organisation = await the_organisation()
        organisation.name, organisation.contact = "Baltic Parcel", "privacy@parcel.example"
        await organisation.save()
        for metric in Metric:
            await Survey.create(slug=metric.value, name=metric.value, metric=metric)
        await Survey.create(slug="agreed", name="Agreed", metric=Metric.NPS, basis=Basis.CONSENT)

    server.seed(seed)


def last(server: Server) -> dict[str, Any]:
    """The newest response with its words."""

    async def look() -> dict[str, Any]:
        row = await Response.all().order_by("-id").first()
        assert row is not None
        verbatim = await Verbatim.get_or_none(response_id=row.id)
        return {
            "score": row.score,
            "state": row.state.value,
            "locale": row.locale,
            "first": row.first_locale,
            "words": verbatim.masked_text if verbatim else None,
        }

    found: dict[str, Any] = server.seed(look)
    return found


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def assert_fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_by_keyboard_alone(window: Window, server: Server, surveys: None):
    page = window().new_page()
    page.goto("/en/s/nps")
    # The language list, its button, then the scale: arrows choose, Enter sends the answer, not the language.
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "score"
    page.keyboard.press("Space")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/s/nps/reason")
    assert heading(page) == "What do you value most about Baltic Parcel?"
    # htmx swapped the page in: the question has the focus, and the address is one that can be loaded again.
    expect(page.locator("h1")).to_be_focused()
    assert page.title() == "What do you value most about Baltic Parcel?"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "comment"
    page.keyboard.type("The courier waited.")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/s/nps/thanks")
    expect(page.locator("h1")).to_be_focused()
    assert heading(page) == "Thank you!"
    assert last(server) == {
        "score": 9, "state": "complete", "locale": "en", "first": "en", "words": "The courier waited."
    }  # fmt: skip


def test_without_javascript(window: Window, server: Server, surveys: None):
    page = window(java_script_enabled=False, accept_downloads=False).new_page()
    page.goto("/lv/s/nps")
    page.click("button.main")
    assert page.locator(".summary").count() == 1
    assert page.locator("*:focus").get_attribute("class") == "summary"
    page.check("input[value='4']", force=True)
    page.select_option("#f-lang", "ar")
    page.click("button.quiet")
    assert (page.locator("html").get_attribute("dir"), page.locator("input:checked").input_value()) == (
        "rtl",
        "4",
    )
    page.click("button.main")
    assert page.url.endswith("/ar/s/nps/reason")
    page.fill("textarea", "وصل متأخراً")
    page.fill("#f-contact", "wrong")
    page.select_option("#f-lang", "en")
    page.click("button.quiet")
    assert page.input_value("textarea") == "وصل متأخراً"
    page.click("button.main")
    assert page.locator(".summary a").inner_text().startswith("Please write an e-mail address")
    page.fill("#f-contact", "")
    page.click("button.main")
    assert heading(page) == "Thank you!"
    assert last(server) == {
        "score": 4, "state": "complete", "locale": "en", "first": "lv", "words": "وصل متأخراً"
    }  # fmt: skip


@pytest.mark.parametrize("locale", ["de", "ar", "hu", "th", "zh-Hant"])
@pytest.mark.parametrize("slug", ["nps", "ces", "csat", "exit"])
def test_a_narrow_phone(window: Window, surveys: None, locale: str, slug: str):
    page = window(width=320, height=640).new_page()
    page.goto(f"/{locale}/s/{slug}")
    assert_fits(page)
    targets = page.locator(".cell, .reason, button.main")
    for number in range(targets.count()):
        box = targets.nth(number).bounding_box()
        assert box is not None
        # Seven cells leave 38 px each at 320 px; all else is 44 px or more.
        assert box["height"] >= 44
        assert box["width"] >= 44
    if slug == "nps":
        tops = {page.locator(".cell").nth(number).bounding_box()["y"] for number in range(11)}  # type: ignore[index]
        assert len(tops) == 2
    page.locator("input[type=radio]").first.check(force=True)
    page.click("button.main")
    page.wait_for_url("**/reason")
    assert_fits(page)


@pytest.mark.parametrize("locale", ["de", "ar"])
def test_twice_as_large(window: Window, surveys: None, locale: str):
    page = window(width=640).new_page()
    page.goto(f"/{locale}/s/nps?score=3")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert_fits(page)
    page.click("button.main")
    page.wait_for_url("**/reason")
    assert_fits(page)


def test_right_to_left(window: Window, surveys: None):
    page = window().new_page()
    page.goto("/he/s/nps")
    first, last_cell = page.locator(".cell").first.bounding_box(), page.locator(".cell").last.bounding_box()
    assert first is not None
    assert last_cell is not None
    assert first["x"] > last_cell["x"]
    assert page.locator("#low").bounding_box()["x"] > page.locator("#high").bounding_box()["x"]  # type: ignore[index]


def test_one_row_from_480_pixels(window: Window, surveys: None):
    page = window(width=480).new_page()
    page.goto("/fi/s/nps")
    assert len({page.locator(".cell").nth(number).bounding_box()["y"] for number in range(11)}) == 1  # type: ignore[index]


def test_the_way_back(window: Window, server: Server, surveys: None):
    page = window().new_page()
    page.goto("/en/s/nps?score=8")
    page.click("button.main")
    page.wait_for_url("**/reason")
    page.go_back()
    page.wait_for_selector(".scale")
    page.check("input[value='2']", force=True)
    page.click("button.main")
    page.wait_for_url("**/reason")
    expect(page.locator("h1")).to_have_text("What went wrong?")
    assert (last(server)["score"], last(server)["state"]) == (2, "partial")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(window: Window, surveys: None, scheme: str):
    context = window(color_scheme=scheme, bypass_csp=True)
    context.add_init_script(AXE.read_text("utf-8"))
    page = context.new_page()

    def problems() -> list[tuple[str, list[str]]]:
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]

    for address in ("/en/s/nps?score=9", "/ar/s/exit", "/ja/s/ces", "/lv/s/nps/privacy", "/en/s/none"):
        page.goto(address)
        assert problems() == [], address
    page.goto("/ar/s/agreed")
    page.click("button.main")
    page.wait_for_selector(".summary")
    assert problems() == []
    page.check("input[value='4']", force=True)
    page.click("button.main")
    page.wait_for_url("**/reason")
    page.fill("textarea", "x")
    page.click("button.main")
    page.wait_for_selector(".summary")
    assert problems() == []
    page.check("#f-consent")
    page.click("button.main")
    page.wait_for_url("**/thanks")
    assert problems() == []
