"""Whatever comes in, an edition comes out, and says what it left out."""

import asyncio
import base64
import io
import json
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from surveys.digests.build import figures
from surveys.digests.make import facts
from surveys.digests.render import document, render
from surveys.errors import Unavailable
from surveys.mentions.models import Mention
from surveys.organisation.logo import printable
from surveys.responses.models import Response
from surveys.settings import CHECKOUT
from surveys.themes.models import SiteTheme
from surveys.verbatims.models import Verbatim
from tests.surveys.digests.test_pdf import words
from tests.surveys.digests.week import AT, WEEK, answer, many, mention, organisation

LEFT_OUT = "The logo could not be read as a picture, and is left out."


# The library asserts something of its palette that does not hold.
ODD_PALETTE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAA3TwAAAAoAQMAAABcvq4AAAAAA1BEVEUAAABLKb+3AAAAGmVYSWZNTQAqAAAACAABARIAAwAAAAEABgAAAAAAANZn"
    "S2kAAAANSURBVHicY2AYBfQAAAFoAAGVsudrAAAAAElFTkSuQmCC"
)


async def told() -> dict[str, Any]:
    return await figures(WEEK, await organisation(), at=AT)


async def page(found: dict[str, Any], locale: str = "en", **changed: Any) -> str:
    organised = {**facts(await organisation()), **changed}
    return document({"figures": found, "organisation": organised, "locale": locale})


def png(width: int, height: int) -> bytes:
    kept = io.BytesIO()
    Image.new("L", (width, height)).save(kept, "PNG")
    return kept.getvalue()


async def test_one_answer_is_not_shown_and_that_is_said(database: None) -> None:
    await answer("nps", 0, text="Es esmu vienīgais.", themes=["delivery"], customer="1")
    found = await told()
    html = await page(found)
    assert (found["tiles"]["nps"]["suppressed"], found["quotes"], found["pain_points"]) == (True, [], [])
    assert "hidden, as it would reveal a group of too few" in html
    assert "vienīgais" not in html


async def test_ten_thousand_identical_posts_count_once(database: None) -> None:
    first = await mention("a", "negative", theme="delivery")
    for author in "bcdef":
        await mention(author, "negative", theme="delivery")
    copies = [
        Mention(
            source="forum",
            external_id=f"copy {number}",
            content_hash=first.content_hash,
            author_hash="a",
            published_at=first.published_at,
            copy_of=first,
        )
        for number in range(10_000)
    ]
    await Mention.bulk_create(copies, batch_size=500)
    found = await told()
    counted = found["mentions"]
    assert (counted["n"], counted["copies"], counted["authors"]) == (6, 10_000, 6)
    assert "copies counted once: 10,000" in await page(found)


async def test_copies_of_one_post_are_named_though_it_alone_is_hidden(database: None) -> None:
    first = await mention("a", "negative", theme="delivery")
    for number in range(12):
        await mention(str(number), "negative", copy_of=first)
    found = await told()
    counted = found["mentions"]
    assert (counted["suppressed"], counted["n"], counted["copies"], counted["moods"]) == (True, None, 12, {})
    html = " ".join((await page(found)).split())
    said = "Suppressed: too few people wrote about us to show. Copies of mentions, counted once: 12."
    assert said in html
    await Mention.filter(copy_of_id=first.id, author_hash__gt="11").delete()
    assert (await told())["mentions"]["copies"] is None


async def test_no_share_is_drawn_of_a_few_mentions(database: None) -> None:
    for author in "abcdef":
        await mention(author, "negative")
    await Verbatim.filter(mention_id__in=[m.id for m in (await Mention.all())[2:]]).update(sentiment=None)
    found = await told()
    counted = found["mentions"]
    assert (counted["n"], counted["analysed"], counted["moods"], counted["shares"]) == (6, 2, {}, {})
    assert (counted["negative"], counted["low"], counted["net"]) == (None, None, None)
    assert "Net sentiment" not in await page(found)


async def test_a_week_in_one_language_from_unknown_countries(database: None) -> None:
    for ago in range(5):
        await many("nps", {9: 20, 3: 20}, ago=ago, country=None, locale="lv")
    found = await told()
    assert [row["group"] for row in found["regions"]] == ["unknown"]
    assert [row["group"] for row in found["cultures"]] == ["unknown"]
    html = await page(found)
    assert "Unknown region" in html
    assert "<h2>By region</h2>" in html


async def test_a_theme_renamed_in_mid_week_has_its_new_name_everywhere(database: None) -> None:
    for number in range(6):
        await answer("nps", 1, text=f"Kurjers kavējās {number}", themes=["delivery"], customer=str(number))
        if number == 3:
            await SiteTheme.create(code="delivery", names={"en": "Transport", "lv": "Transports"})
    found = await told()
    html = await page(found)
    assert [pain["now"]["x"] for pain in found["pain_points"]] == [6]
    assert "<h3>Transport</h3>" in html
    assert "Delivery" not in html


@pytest.mark.parametrize("text", ["slikti " * 1500, "ā" * 10_000], ids=["words", "one word"])
async def test_a_quote_of_ten_thousand_characters_is_cut(database: None, text: str) -> None:
    for number in range(6):
        await answer("nps", 1, text=text, themes=["delivery"], customer=str(number))
    html = await page(await told())
    quoted = html.partition("In their own words")[2].partition("<blockquote")[2].partition("</blockquote>")[0]
    assert quoted.strip().endswith("…</p>")
    assert len(quoted) < 400


async def test_letters_that_turn_a_line_around_do_not_come_through(database: None) -> None:
    for number in range(6):
        text = f"\u202eslikta\u2067 <b>piegāde</b> & {number}\u200f"
        await answer("nps", 1, text=text, themes=["delivery"], customer=str(number))
    html = await page(await told(), digest_footer="\u202e<i>foot</i>")
    quotes = html.partition("In their own words")[2]
    assert not set("\u202e\u2067\u200f") & set(quotes)
    assert "slikta &lt;b&gt;piegāde&lt;/b&gt; &amp;" in quotes
    assert "&lt;i&gt;foot&lt;/i&gt;" in html


async def test_letters_that_turn_a_line_around_do_not_come_through_in_names(database: None) -> None:
    for number in range(6):
        row = await answer("nps", 1, text="slikta piegāde", themes=["delivery"], customer=str(number))
        await Response.filter(id=row.id).update(
            touchpoint="\u202ethe shop\n now", segment="at\u2067_risk\u200b"
        )
    html = await page(await told())
    assert not set("\u202e\u2067\u200b") & set(html)
    assert "The shop now" in html
    assert "At risk" in html


@pytest.mark.parametrize(
    "logo",
    [
        b"\x89PNG nothing",
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:9/x.png'/></svg>",
        png(8, 8)[:45],
        # It says that it is 60 000 pixels wide and high.
        png(8, 8)[:16] + struct.pack(">II", 60_000, 60_000) + png(8, 8)[24:],
        b"",
        ODD_PALETTE,
    ],
    ids=["noise", "svg", "cut off", "bomb", "empty", "odd palette"],
)
async def test_a_logo_that_is_no_picture_is_left_out_and_that_is_said(database: None, logo: bytes) -> None:
    assert printable(logo) is None
    html = await page(await told(), logo=base64.b64encode(logo).decode() or "no base64")
    assert LEFT_OUT in html
    assert '<bdi class="organisation">Maize</bdi>' in html
    assert "<img" not in html


async def test_a_logo_that_is_one_is_shown_small_enough_for_paper(database: None) -> None:
    encoded = base64.b64encode(png(4000, 1000)).decode()
    made = printable(png(4000, 1000))
    assert made is not None
    with Image.open(io.BytesIO(made)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1400, 350))
    html = await page(await told(), logo=encoded)
    assert '<img class="logo"' in html
    assert LEFT_OUT not in html


async def test_a_render_that_takes_too_long_is_given_up(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveys.digests.render.RENDER_SECONDS", 0.05)
    with pytest.raises(Unavailable, match=r"^The PDF took too long to make\.$"):
        await render(await told(), facts(await organisation()), "en")


async def test_a_render_that_takes_too_much_memory_ends_with_its_child(
    database: None,
) -> None:
    job = json.dumps({"figures": await told(), "organisation": facts(await organisation()), "locale": "en"})
    code = "from surveys.digests import render\nrender.ADDRESS_SPACE = 1 << 26\nrender.main()"
    child = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", code],
        input=job.encode(),
        capture_output=True,
        cwd=CHECKOUT,
        check=False,
    )
    assert (child.returncode != 0, child.stdout.startswith(b"%PDF")) == (True, False)


def broken_fonts(folder: Path) -> Path:
    """Settings for fontconfig that put a font of noise, and one that breaks off, before the whole ones."""
    fonts = folder / "fonts"
    fonts.mkdir()
    (fonts / "Noise.ttf").write_bytes(b"\x00\x01\x00\x00" + b"no font at all" * 100)
    whole = Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf")
    if whole.exists():
        (fonts / "NotoSans-Regular.ttf").write_bytes(whole.read_bytes()[:100_000])
    chosen = folder / "fonts.conf"
    chosen.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{folder / 'cache'}</cachedir></fontconfig>"
    )
    return chosen


@pytest.mark.journey
async def test_a_broken_font_does_not_stop_an_edition(
    database: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", str(broken_fonts(tmp_path)))
    pdf = await render(await told(), facts(await organisation()), "en")
    assert len(PdfReader(io.BytesIO(pdf)).pages) >= 2
    assert "Nobody answered this week." in words(pdf)
