"""The digest's method note: the languages of the edition with their figures, or that there is none."""

from pathlib import Path

import pytest
from lxml import html

from surveys.digests.accuracy import accuracy_lines
from surveys.digests.build import figures
from surveys.digests.make import facts
from surveys.digests.render import document
from surveys.i18n import speaking
from tests.surveys.accuracy.card import put_card
from tests.surveys.digests.week import AT, WEEK, answer, organisation


@pytest.mark.usefixtures("database")
async def test_languages_that_occur_are_named_with_their_figures(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_card(home / "model", monkeypatch)
    for language, count in (("lv", 6), ("sw", 5), ("de", 4), ("und", 9)):
        for _ in range(count):
            await answer("nps", 3, text="Slikti", language=language)
    site = await organisation()
    found = await figures(WEEK, site, at=AT)
    assert found["accuracy"] == [
        {"language": "lv", "n": 500, "f1": 64.2, "low": 60.0, "high": 68.4},
        {"language": "sw", "n": None},
    ]
    with speaking("en", "digest"):
        assert accuracy_lines(found) == ["Latvian: 64 [60, 68] on 500 comments", "Swahili: not measured"]
    page = html.fromstring(document({"figures": found, "organisation": facts(site), "locale": "en"}))
    assert page.xpath("//ul[@class='accuracy']/li/text()") == accuracy_lines(found)


def test_numbers_and_names_are_the_readers() -> None:
    found = {"accuracy": [{"language": "lv", "n": 12_500, "f1": 64.2, "low": 60.0, "high": 68.4}]}
    with speaking("lv", "digest"):
        (line,) = accuracy_lines(found)
        assert line.startswith("latviešu: 64 [60")
        assert "12\u00a0500" in line
    with speaking("ar", "digest"):
        (line,) = accuracy_lines(found)
        assert line.startswith("اللاتفية")


def test_an_edition_made_before_says_nothing() -> None:
    assert accuracy_lines({}) == []
