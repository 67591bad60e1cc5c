"""The quick parser and HTML's own make the same tree of an edition, and whatever is quoted, one of them reads it."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from surveys.digests.build import figures
from surveys.digests.make import facts
from surveys.digests.parsed import BARE_AMPERSAND, parsed
from surveys.digests.render import document, render
from tests.surveys.digests.test_pdf import words
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

SAID = "Tom & Ann <b>wait</b> &nbsp; \"still\" &amp; 'now', 3 < 4"


async def job(locale: str, said: str) -> dict[str, Any]:
    await many("nps", {9: 30})
    for customer in range(8):
        await answer(
            "nps", 1, text=f"{said} {customer}", themes=["delivery"], sentiment="negative", customer=f"p{customer}"
        )  # fmt: skip
    found = await figures(WEEK, await organisation(), at=AT)
    return {"figures": found, "organisation": facts(await organisation()), "locale": locale}


def attributes(element: ET.Element) -> list[tuple[str, str]]:
    """All but the name of the namespace, which HTML keeps beside the names that are in it."""
    return sorted((name, value) for name, value in element.attrib.items() if not name.endswith("xmlns"))


def outline(element: ET.Element) -> list[Any]:
    """Names, attributes and words; blanks between blocks, which HTML drops in places, do not count."""
    return [
        (each.tag, attributes(each), (each.text or "").split(), (each.tail or "").split())
        for each in element.iter()
        if isinstance(each.tag, str)
    ]


@pytest.mark.parametrize("locale", ["en", "ar"])
async def test_both_parsers_read_an_edition_alike(database: None, locale: str) -> None:
    text = document(await job(locale, SAID))
    ET.fromstring(BARE_AMPERSAND.sub("&amp;", text))
    from weasyprint import HTML

    quick = parsed(text, "file:///", None)
    slow = HTML(string=text, base_url="file:///")
    assert outline(quick.etree_element) == outline(slow.etree_element)
    assert any(SAID in "".join(each.itertext()) for each in quick.etree_element.iter("blockquote"))


async def test_what_xml_cannot_write_is_read_as_html(database: None) -> None:
    found = await figures(WEEK, await organisation(digest_footer="Maize \x1b Riga"), at=AT)
    text = document({"figures": found, "organisation": facts(await organisation()), "locale": "en"})
    with pytest.raises(ET.ParseError):
        ET.fromstring(BARE_AMPERSAND.sub("&amp;", text))
    assert "Maize" in words(await render(found, facts(await organisation()), "en"))
