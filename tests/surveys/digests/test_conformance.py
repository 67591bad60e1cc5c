"""Every edition conforms to PDF/UA-1 and PDF/A-2a, by a validator; quotes say their language; fonts are small and inside."""

import base64
import io
from typing import Any, cast

import page
import pydyf
import pytest
from PIL import Image
from pypdf import PdfReader

from surveys.digests.asked import asked_of
from surveys.digests.build import figures
from surveys.digests.conformance import written
from surveys.digests.make import facts
from surveys.digests.render import render
from surveys.digests.reports import report_figures
from tests.surveys.digests.test_pdf import fonts, hostile
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation


def failures(pdf: bytes) -> list[str]:
    """Every rule that is broken, of both standards."""
    profiles = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A)
    reports = [page.validate_pdf_bytes(pdf, profile=profile) for profile in profiles]
    assert all(report.rules.passed > 80 for report in reports)
    return [failure.rule_id for report in reports for failure in report.failures]


def elements(node: Any) -> list[Any]:
    """The structure tree in the order of reading."""
    if not hasattr(node, "get"):
        return []
    kids = node.get("/K", [])
    kids = kids if isinstance(kids, list) else [kids]
    return [node, *(each for kid in kids for each in elements(kid.get_object()))]


async def edition(locale: str, **changed: Any) -> bytes:
    return await render(await hostile(), {**facts(await organisation()), **changed}, locale)


@pytest.mark.journey
@pytest.mark.parametrize("locale", ["en", "ar", "ja"])
async def test_an_edition_conforms_and_says_in_which_language_it_is_quoted(
    database: None, locale: str
) -> None:
    picture = io.BytesIO()
    Image.new("CMYK", (600, 160), (0, 60, 90, 5)).save(picture, "JPEG")
    logo = base64.b64encode(picture.getvalue()).decode()
    pdf = await edition(
        locale, logo=logo, title_colour="#7a1f3d", line_colour="#c2410c", digest_footer="Rīga"
    )
    assert failures(pdf) == []
    assert len(pdf) < 1_500_000
    reader = PdfReader(io.BytesIO(pdf))
    tree = elements(cast("Any", reader.trailer["/Root"])["/StructTreeRoot"].get_object())
    quotes = [element for element in tree if element.get("/S") == "/BlockQuote"]
    assert len(quotes) > 5
    assert {quote["/Lang"] for quote in quotes} == {"lv"}
    headers = [element for element in tree if element.get("/S") == "/TH"]
    assert {header["/A"]["/Scope"] for header in headers} == {"/Column", "/Row"}
    figures_told = [element for element in tree if element.get("/S") == "/Figure"]
    assert figures_told
    assert all(element["/Alt"] for element in figures_told)
    assert all("+" in str(font["/BaseFont"]) for font in fonts(reader))


@pytest.mark.journey
async def test_an_empty_week_conforms_and_is_short(database: None) -> None:
    pdf = await render(await figures(WEEK, await organisation(), at=AT), facts(await organisation()), "en")
    assert failures(pdf) == []
    assert len(PdfReader(io.BytesIO(pdf)).pages) <= 3


@pytest.mark.journey
@pytest.mark.parametrize(
    "key", ["2026-09", "2026-W39~2026-W40", "2026-W40~theme~delivery", "2026-W40~survey~nps"]
)
async def test_reports_conform_in_the_colours_of_the_organisation(database: None, key: str) -> None:
    # Devanagari has glyphs that stand for no letter of their own.
    late = "ग्राहक सेवा से जवाब के लिए एक हफ़्ते से इंतज़ार कर रहा हूँ।"
    for ago in range(5):
        await many("nps", {10: 12, 3: 14}, ago=ago)
        for number in range(6):
            await answer("nps", 2, ago=ago, text=f"{late} {number}", themes=["delivery"])
    found = await report_figures(asked_of(key), await organisation(), at=AT)
    organised = {
        **facts(await organisation()),
        "title_colour": "#7a1f3d",
        "digest_footer": "Rīga, Brīvības 1",
    }
    pdf = await render(found, organised, "en")
    assert failures(pdf) == []
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert all("Rīga, Brīvības 1" in each.extract_text() for each in pages)


def test_no_packed_stream_ends_as_a_line_does() -> None:
    """A checker could not tell where such a one ends; of a pack the last byte is the sum of what is packed."""
    raw = [f"{number} 0 obj".encode() for number in range(2000)]
    streams = [written(pydyf.Stream([each], compress=True)).removesuffix(b"\nendstream") for each in raw]
    assert not any(each.endswith((b"\r", b"\n")) for each in streams)
    unpacked = [each for each, found in zip(raw, streams, strict=True) if found.endswith(each)]
    assert 0 < len(unpacked) < 100
