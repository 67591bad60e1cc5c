"""The dashboard on a small telephone: its tables stack and nothing but the calendar runs sideways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from surveys.accounts.users import add_user
from surveys.counts.upkeep import catch_up
from tests.browser.conftest import AXE, Server
from tests.surveys.digests.week import answer, many, organisation

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

Window = Callable[..., BrowserContext]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
PASSWORD = "a long enough password"
SIDEWAYS = """() => [...document.querySelectorAll('.scroll')]
  .filter(box => box.scrollWidth > box.clientWidth).map(box => box.querySelector('table').className)"""


@pytest.fixture(scope="module")
def weeks(server: Server) -> None:
    async def seed() -> None:
        await organisation()
        for locale in ("en", "ar"):
            ana = await add_user(f"{locale}@small.example", role="analyst", name="Ana", password=PASSWORD)
            ana.locale = locale
            await ana.save()
        await add_user("alice@small.example", role="administrator", name="Alice", password=PASSWORD)
        for ago in range(6):
            for country, locale, n in (("LV", "lv", 40), ("DE", "de", 36), ("LT", "lt", 24)):
                await many("nps", {9: n // 2, 3: n - n // 2}, ago=ago, country=country, locale=locale)
        for number in range(14):
            await answer("nps", 2, text=f"Kurjers kavējās {number}. reizi", themes=["delivery"])
        for number in range(6):
            await answer("exit", "price_too_high", text=f"Zu teuer, {number}", country="DE", locale="de")
        await catch_up()

    server.seed(seed)


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_the_tables_of_the_dashboard_stack(
    window: Window, weeks: None, locale: str, *, java_script_enabled: bool
) -> None:
    page = window(width=320, height=640, java_script_enabled=java_script_enabled).new_page()
    signed_in(page, f"{locale}@small.example")
    page.goto("/dashboard?week=2026-W40")
    page.wait_for_selector("table.groups", timeout=90_000)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.locator(".scroll table.stacks").count() >= 4
    assert [name for name in page.evaluate(SIDEWAYS) if name != "calendar"] == []
    # As wide as a tablet they are tables again.
    page.set_viewport_size({"width": 1024, "height": 768})
    assert page.locator("table.groups thead").first.bounding_box()["height"] > 10  # type: ignore[index]


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_bar_of_what_is_understood_fits(window: Window, weeks: None, locale: str) -> None:
    page = window(width=320, height=640, locale=locale).new_page()
    signed_in(page, "alice@small.example")
    page.goto("/settings/analysis")
    assert page.locator("#state progress").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed")
def test_axe_finds_nothing_in_stacked_tables(window: Window, weeks: None) -> None:
    context = window(width=320, height=640, bypass_csp=True)
    context.add_init_script(AXE.read_text("utf-8"))
    page = context.new_page()
    signed_in(page, "en@small.example")
    page.goto("/dashboard?week=2026-W40")
    page.wait_for_selector("table.groups", timeout=90_000)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def signed_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/dashboard")
