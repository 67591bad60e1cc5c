"""The PDF: every language, tags and title, the same bytes twice, nothing fetched, whatever a comment says."""

import asyncio
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from pypdf import PdfReader

from surveys.digests.build import figures
from surveys.digests.make import facts
from surveys.digests.render import document, own_file, render
from surveys.errors import Unavailable
from surveys.i18n import DIGEST_LOCALES
from surveys.quoting import shortened
from surveys.settings import CHECKOUT
from tests.surveys.digests.week import AT, WEEK, answer, many, mention, organisation

HOSTILE = (
    '<img src="file:///etc/passwd"> <link rel=attachment href=file:///etc/passwd> slikta piegāde',
    "<style>@import url(http://127.0.0.1:9/x.css); body{display:none}</style> slikta piegāde, ļoti",
    "</blockquote></section><h1>Viss ir labi</h1><script>alert(1)</script> piegāde",
    "\u202eegrūv\u2066 ļoti slikta piegāde \u0000 ar kontrolzīmēm",
    "{{ 7 * 7 }} {% include 'x' %} ${jndi} slikta piegāde",
    "توصيل سيئ جدا ولم يرد أحد على الهاتف",
    "配達がとても遅くて、電話にも出てもらえませんでした。",
)


async def figured() -> dict[str, Any]:
    for ago in range(5):
        await many("nps", {9: 20, 7: 8, 3: 10}, ago=ago)
        await many("csat", {5: 20, 2: 8}, ago=ago, country="DE", locale="de")
        await many("ces", {6: 30, 2: 9}, ago=ago, country="JP", locale="ja")
    for position, text in enumerate(HOSTILE * 2):
        await answer(
            "nps",
            1,
            # The door drops NUL (sentiment/mask.py); PostgreSQL could not keep it.
            text=text.replace("\x00", ""),
            themes=["delivery" if position % 2 else "technical"],
            customer=str(position),
        )
    await many("nps", {9: 2}, country="BR")
    for author in "abcdefg":
        await mention(author, "negative", theme="delivery")
    return await figures(WEEK, await organisation(), at=AT)


def words(pdf: bytes) -> str:
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout
    return text.decode()


def fonts(reader: PdfReader) -> list[Any]:
    """Every font of the pages."""
    return [
        font.get_object()
        for page in reader.pages
        for font in cast("Any", page["/Resources"]).get_object().get("/Font", {}).get_object().values()
    ]


def chapters(outline: Any) -> list[str]:
    """The bookmarks under the title."""
    return [entry["/Title"] for entry in outline[1] if not isinstance(entry, list)]


async def hostile() -> dict[str, Any]:
    """An edition that quotes every hostile comment."""
    found = await figured()
    quote = found["quotes"][0]
    found["quotes"] = [{**quote, "text": shortened(text)} for text in HOSTILE]
    found["pain_points"][0]["quote"] = found["quotes"][0]
    return found


@pytest.mark.journey
@pytest.mark.parametrize("locale", DIGEST_LOCALES)
async def test_an_edition_in_every_language(database: None, locale: str) -> None:
    pdf = await render(await hostile(), facts(await organisation()), locale)
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == locale
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert "2026-W40" in str(reader.metadata.title)
    assert str(reader.metadata["/CreationDate"]).startswith("D:20261004235959")
    assert reader.xmp_metadata is not None
    assert (
        b"<pdfuaid:part>1</pdfuaid:part>" in pdf
        or "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()
    )
    assert len(chapters(reader.outline)) == 13
    assert 3 <= len(reader.pages) <= 12
    shown = words(pdf)
    # No page holds a few lines alone.
    lines = [[line for line in page.splitlines() if line.strip()] for page in shown.split("\f")[:-1]]
    assert min(map(len, lines)) >= 12
    region = {
        "en": "Northern Europe",
        "lv": "Ziemeļeiropa",
        "lt": "Šiaurės Europa",
        "ro": "Europa Septentrională",
        "de": "Nordeuropa",
        "fr": "Europe du Nord",
        "es": "Europa septentrional",
        "pl": "Europa Północna",
        "uk": "Північна Європа",
        "ja": "北ヨーロッパ",
        "zh-Hans": "北欧",
    }
    if locale in region:
        assert region[locale] in shown
    families = {str(font["/BaseFont"]).partition("+")[2] for font in fonts(reader)}
    assert {family for family in families if not family.startswith("Noto-Sans")} == set()
    assert ("Noto-Sans-CJK-SC" in families) == (locale == "zh-Hans")
    # The page that is read ends with what is asked, however much is to be said.
    asked = {"en": "What is asked of you", "de": "Was von Ihnen erwartet wird", "ja": "対応のお願い"}
    if locale in asked:
        assert asked[locale] in words(pdf).partition("\f")[0]
    assert "Maize" in shown
    assert "配達がとても遅くて" in shown
    assert "root:" not in shown
    assert "{{ 7 * 7 }}" in shown
    assert '<img src="file:///etc/passwd">' in shown
    assert b"/EmbeddedFile" not in pdf


async def test_comments_are_text_and_nothing_else(database: None) -> None:
    html = document({"figures": await hostile(), "organisation": facts(await organisation()), "locale": "en"})
    assert "&lt;img src=&#34;file:///etc/passwd&#34;&gt;" in html
    assert "<script" not in html
    assert html.count("<h1") == 1
    assert "{{ 7 * 7 }}" in html
    assert "\u202e" not in html
    assert '<div class="said" dir="rtl">' in html
    assert html.count("<svg") > 20
    assert "<text" not in html


async def test_a_right_to_left_edition_is_mirrored_as_a_whole(database: None) -> None:
    named = facts(await organisation()) | {"name": "Maize (Riga) Inc."}
    html = document({"figures": await figured(), "organisation": named, "locale": "ar"})
    assert '<html lang="ar" dir="rtl">' in html
    # Its full stop stays at its end.
    assert '<bdi class="organisation">Maize (Riga) Inc.</bdi>' in html
    assert '<p class="running-head">\u2068Maize (Riga) Inc.\u2069' in html.replace("\u200f", "")
    # All charts are turned about their middle, but neither the map nor the signs of direction.
    charts = [part.partition("</svg>")[0] for part in html.split("<svg")[1:]]
    turned = [chart for chart in charts if "scale(-1 1)" in chart]
    straight = [chart for chart in charts if "scale(-1 1)" not in chart]
    assert turned
    assert {chart.partition('width="')[2].partition('"')[0] for chart in straight} <= {
        "3mm",
        "3.2mm",
        "174.0mm",
    }
    assert "\u200e−" in html


@pytest.mark.journey
def test_two_processes_make_the_same_bytes(home: Path, tmp_path: Path) -> None:
    async def job() -> str:
        from surveys import db

        async with db.database():
            await db.migrate()
            found = await figured()
            return json.dumps({"figures": found, "organisation": facts(await organisation()), "locale": "en"})

    sent = asyncio.run(job()).encode()
    made = [
        subprocess.run(
            [sys.executable, "-m", "surveys.digests.render"],
            input=sent,
            capture_output=True,
            check=True,
            cwd=CHECKOUT,
        ).stdout
        for _ in range(2)
    ]
    assert made[0].startswith(b"%PDF-1.7")
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.css",
        "https://example.org/logo.png",
        "data:text/css,*{}",
        f"file://{CHECKOUT}/templates/digests/../../surveys/settings.py",
        f"file://{CHECKOUT}/templates/digests/%2e%2e/%2e%2e/pyproject.toml",
        f"file://host{CHECKOUT}/static/tokens.css",
        "ftp://example.org/x",
    ],
)
def test_no_address_is_fetched_but_our_own_files(address: str) -> None:
    with pytest.raises(ValueError, match="only our own files"):
        own_file(address)


def test_our_own_files_are_fetched() -> None:
    assert own_file(f"file://{CHECKOUT}/static/tokens.css") == CHECKOUT / "static" / "tokens.css"


async def test_a_logo_that_is_no_image_does_not_stop_an_edition(database: None) -> None:
    found = await figures(WEEK, await organisation(logo=b"\x89PNG nothing", logo_type="image/png"), at=AT)
    pdf = await render(found, facts(await organisation()), "en")
    assert "Nobody answered this week." in words(pdf)


async def test_the_map_gives_way_to_its_table(
    database: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from surveys.digests import worldmap

    monkeypatch.setattr(worldmap, "OUTLINES", tmp_path / "none.json")
    html = document({"figures": await figured(), "organisation": facts(await organisation()), "locale": "en"})
    assert "Map of the world" not in html
    assert "<h2>By region</h2>" in html


async def test_a_child_that_fails_is_told_without_what_it_read(database: None) -> None:
    with pytest.raises(Unavailable, match=r"^The PDF could not be made \(KeyError\)\.$"):
        await render({"week": "secret"}, {}, "en")


def outside(pdf: bytes) -> list[str]:
    """The words that begin before the margins of 18 mm or end behind them."""
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout
    found = re.findall(r'xMin="(\S+)" yMin="\S+" xMax="(\S+)" yMax="\S+">(.*)</word>', boxes.decode())
    margin, width = 18 / 25.4 * 72, 210 / 25.4 * 72
    # A hundredth of an inch is what letters may overhang.
    return [word for low, high, word in found if min(float(low), width - float(high)) < margin - 0.72]


async def wide(*, is_young: bool) -> dict[str, Any]:
    """An edition whose tables are as full as they get: compared regions with complaints, NPS points with long intervals."""
    found = await figured()
    row = next(each for each in found["regions"] if each["group"] == "154")
    change = {**row["change"], "reason": "tested", "arrow": "none", "delta": 10.0, "low": -13.1, "high": 36.2}
    row |= {
        "nps": {"suppressed": False, "n": 141, "score": -16.2, "low": -37.1, "high": 18.3},
        "before": {"n": 334, "score": -26.2},
        "change": {**change, "reason": "history"} if is_young else change,
        "status": "insufficient" if is_young else "ok",
        "themes": [{"theme": "delivery", "x": 9, "n": 141, "share": 16.4, "badge": None}],
    }
    found["regions"] = [{**row, "group": group} for group in ("154", "155", "034", "035")]
    impact = {"points": -11.4, "low": -12.8, "high": -10.7}
    for pain in found["pain_points"]:
        pain["impact"] = impact
        if is_young:
            pain["change"]["reason"], pain["before"]["share"] = "history", None
    return found


@pytest.mark.journey
@pytest.mark.parametrize("is_young", [False, True])
@pytest.mark.parametrize("locale", ["ar", "lv"])
async def test_no_word_runs_over_the_margins(database: None, locale: str, is_young: bool) -> None:
    pdf = await render(await wide(is_young=is_young), facts(await organisation()), locale)
    assert re.search("16[.,]4", words(pdf))
    assert outside(pdf) == []
