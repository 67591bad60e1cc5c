"""The accuracy page: which figure stands in it, from where, and what is not measured."""

from pathlib import Path

import httpx2 as httpx
import pytest
from lxml import html

from sentiment.calibrate import Fit, Quality, Trial, write_fit
from surveys.accounts.models import User
from tests.surveys.accuracy.card import VERSION, put_card


def words(tree: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(cell.text_content().split()) for cell in tree.xpath(path)]


async def seen(client: httpx.AsyncClient) -> html.HtmlElement:
    answer = await client.get("/accuracy")
    assert answer.status_code == 200
    return html.fromstring(answer.text)


async def test_set_aside_rows_come_before_the_development_set(
    client: httpx.AsyncClient, ana: User, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_card(home / "model", monkeypatch)
    tree = await seen(client)
    assert words(tree, "//h1") == ["Sentiment is measured in 2 languages"]
    section = "//section[@aria-labelledby='accuracy-sentiment']"
    assert words(tree, f"{section}//tbody/tr[1]/*[not(self::td[@class='chart'])]") == [
        "German", "56", "43 to 68", "60", "5.3", "4.0", "81%", "76%", "development",
    ]  # fmt: skip
    assert words(tree, f"{section}//tbody/tr[2]/*[not(self::td[@class='chart'])]") == [
        "Latvian", "64", "60 to 68", "500", "5.3", "4.0", "81%", "76%", "set aside",
    ]  # fmt: skip
    assert words(tree, f"{section}//tbody/tr") == words(tree, f"{section}//tbody/tr[position() <= 2]")


async def test_the_chart_has_all_languages_on_one_axis(
    client: httpx.AsyncClient, ana: User, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_card(home / "model", monkeypatch)
    tree = await seen(client)
    section = "//section[@aria-labelledby='accuracy-sentiment']"
    # The lowest whisker ends at 43, so the axis begins at 40: 64.2 lies at 24.2 of 60 parts of 56 mm.
    assert words(tree, f"{section}//th[contains(@class, 'axis')]/span") == ["40", "100"]
    assert tree.xpath(f"{section}//tbody/tr[2]//circle/@cx") == ["22.59"]
    assert tree.xpath(f"{section}//tbody/tr[2]//svg/title/text()") == ["Latvian: 64, 95% interval 60 to 68"]


async def test_languages_without_a_measure_are_named(
    client: httpx.AsyncClient, ana: User, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_card(home / "model", monkeypatch)
    tree = await seen(client)
    missing = words(tree, "//section[@aria-labelledby='accuracy-sentiment']//ul/li")
    assert (len(missing), missing[0], "Estonian" in missing, "Latvian" in missing) == (
        31,
        "Arabic",
        True,
        False,
    )
    assert len(words(tree, "//section[@aria-labelledby='accuracy-language']//ul/li")) == 33


async def test_languages_stand_in_the_order_of_the_readers_alphabet(
    client: httpx.AsyncClient, ana: User, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_card(home / "model", monkeypatch)
    ana.locale = "lv"
    await ana.save()
    missing = words(await seen(client), "//section[@aria-labelledby='accuracy-sentiment']//ul/li")
    assert missing.index("bulgāru") < missing.index("čehu") < missing.index("dāņu")


async def test_a_wide_table_is_scrolled_with_the_keyboard(
    client: httpx.AsyncClient, ana: User, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_card(home / "model", monkeypatch)
    (first, *_others) = (await seen(client)).xpath("//div[@class='scroll']")
    assert (first.get("tabindex"), first.get("role")) == ("0", "region")
    # The section around it is called "Sentiment" already.
    assert first.get("aria-label") == "Accuracy by language: Sentiment"


async def test_what_unknown_means_has_its_share(
    client: httpx.AsyncClient, ana: User, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_card(home / "model", monkeypatch)
    section = words(await seen(client), "//section[@aria-labelledby='accuracy-sentiment']/p")
    assert section[1] == (
        "Where the model is not sure enough, the sentiment is “unknown” and counts for neither side. It answered 81% of "
        "the comments measured, and 76% of these answers were right."
    )


async def test_a_model_without_its_card_is_not_measured(
    client: httpx.AsyncClient, ana: User, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_card(home / "model", monkeypatch, version="another")
    tree = await seen(client)
    assert words(tree, "//h1") == ["The accuracy of this model has not been measured"]
    assert tree.xpath("//table") == []


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        (VERSION, "Probabilities follow 320 labelled comments of your own: the calibration error fell from 12.0 to 4.5."),
        ("old", "The calibration to your own labels belongs to model old and is not used with small-1."),
    ],
)  # fmt: skip
async def test_a_calibration_of_ones_own_is_told(
    client: httpx.AsyncClient,
    ana: User,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    sentence: str,
) -> None:
    put_card(home / "model", monkeypatch)
    trial = Trial(320, 9, Quality(1.0, 12.0, 5.0, 60.0), Quality(0.8, 4.5, 5.0, 61.0))
    write_fit(Fit(version, 1.1, (0.0, 0.0, 0.0), 320, trial), home / "calibration.json")
    (told,) = words(await seen(client), "//p[@role='status']")
    assert told.startswith(sentence)


async def test_it_is_in_the_navigation_and_for_who_is_signed_in(client: httpx.AsyncClient, ana: User) -> None:
    tree = html.fromstring((await client.get("/accuracy")).text)
    assert tree.xpath("//nav//a[@aria-current='page']/@href") == ["/accuracy"]
    client.cookies.clear()
    assert (await client.get("/accuracy")).headers["location"] == "/sign-in?next=%2Faccuracy"
