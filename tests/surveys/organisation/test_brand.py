"""The look of the digest: colours that can be read, a line at the foot, seen before they are kept, in PDF and mail."""

import re

import httpx2 as httpx
import pytest

from surveys.accounts.models import User
from surveys.digests.make import facts
from surveys.digests.render import colours, document
from surveys.organisation.change import change_organisation
from surveys.organisation.colours import colour_of, contrast_on_white, darkened
from surveys.organisation.models import the_organisation
from tests.surveys.digests.test_bad_input import told

ADDRESS = "/settings/brand"
LOOK = {"title_colour": "#7A1F3D", "line_colour": "#c2410c", "digest_footer": " SIA Maize,  Rīga "}


def test_contrast_is_that_of_wcag() -> None:
    found = {
        colour: round(contrast_on_white(colour), 2) for colour in ("#ffffff", "#000000", "#767676", "#0f6b66")
    }
    assert found == {"#ffffff": 1.0, "#000000": 21.0, "#767676": 4.54, "#0f6b66": 6.33}


@pytest.mark.parametrize("colour", ["#ffffff", "#ffff00", "#ff8800", "#00ff00", "#8b9097", "#000000"])
def test_a_darker_shade_is_dark_enough_and_no_darker_than_needed(colour: str) -> None:
    shade = darkened(colour, 4.5)
    assert contrast_on_white(shade) >= 4.5
    assert shade == colour or contrast_on_white(shade) < 4.8


@pytest.mark.parametrize("text", ["", "red", "#fff", "#12345g", "#1234567", "url(http://a)", "#000;}a{"])
def test_only_six_digits_are_a_colour(text: str) -> None:
    assert colour_of(text) is None


async def test_a_look_is_kept(client: httpx.AsyncClient, alice: User) -> None:
    answer = await client.post(ADDRESS, data={**LOOK, "action": "save"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ADDRESS}?saved=1")
    kept = await the_organisation()
    assert (kept.title_colour, kept.line_colour, kept.digest_footer) == (
        "#7a1f3d",
        "#c2410c",
        "SIA Maize, Rīga",
    )


async def test_a_look_is_seen_before_it_is_kept(client: httpx.AsyncClient, alice: User) -> None:
    page = await client.post(ADDRESS, data={**LOOK, "action": "look"})
    assert page.status_code == 200
    assert "SIA Maize,  Rīga</p>" in page.text
    address = re.findall(r'href="(/settings/brand\.css[^"]*)"', page.text)[0].replace("&amp;", "&")
    sheet = await client.get(address)
    assert sheet.headers["content-type"].startswith("text/css")
    assert sheet.text == ".brand-look{--brand-title:#7a1f3d;--brand-line:#c2410c;}"
    assert (await the_organisation()).title_colour is None


async def test_a_pale_colour_is_refused_with_one_that_is_dark_enough(
    client: httpx.AsyncClient, alice: User
) -> None:
    page = await client.post(
        ADDRESS, data={"title_colour": "#ff8800", "line_colour": "#ff8800", "digest_footer": "x" * 121}
    )
    assert page.status_code == 422
    said = re.findall(r'<p class="error" id="e-(\w+)">([^<]+)</p>', page.text)
    pale = "This colour is too pale on white paper: its contrast is 2.3, at least"
    assert said == [
        ("title_colour", f"{pale} 4.5 is needed. {darkened('#ff8800', 4.5)} is dark enough."),
        ("line_colour", f"{pale} 3.0 is needed. {darkened('#ff8800', 3.0)} is dark enough."),
        ("digest_footer", "The line has at most 120 characters."),
    ]


@pytest.mark.parametrize(("locale", "contrast"), [("lv", "2,3"), ("lt", "2,3"), ("ro", "2,3"), ("ar", "2.3")])
async def test_a_contrast_is_written_as_the_language_does(
    client: httpx.AsyncClient, alice: User, locale: str, contrast: str
) -> None:
    page = await client.post(ADDRESS, data={"title_colour": "#ff8800"}, headers={"Accept-Language": locale})
    assert re.findall(r"\d[.,]\d", re.findall(r'<p class="error"[^>]*>([^<]+)</p>', page.text)[0]) == [
        contrast, contrast.replace("2", "4").replace("3", "5"),
    ]  # fmt: skip


async def test_nothing_but_a_colour_gets_into_a_stylesheet(client: httpx.AsyncClient, alice: User) -> None:
    sheet = await client.get("/settings/brand.css", params={"title": "red;}body{display:none", "line": "#0"})
    assert sheet.text == ".brand-look{}"


async def test_the_look_is_that_of_the_pages(database: None) -> None:
    organisation = await change_organisation(LOOK)
    told_of = facts(organisation)
    assert colours(told_of) == ":root {--title: #7a1f3d !important;--accent: #c2410c !important;}"
    html = document({"figures": await told(), "organisation": told_of, "locale": "en"})
    assert '<p class="running-foot">\u2068SIA Maize, Rīga\u2069</p>' in html
    assert colours({}) == ":root {}"
