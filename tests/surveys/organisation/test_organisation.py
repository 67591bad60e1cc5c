"""The organisation's facts and logo, as its administrator sets them."""

import io
import re
import struct
import zlib

import httpx2 as httpx
import pytest
from PIL import Image

from surveys.accounts.models import User
from surveys.organisation.models import the_organisation
from tests.surveys.digests.test_bad_input import ODD_PALETTE


def picture(kind: str, width: int = 8, height: int = 8, colour: str = "red") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(kept, kind)
    return kept.getvalue()


PNG = picture("PNG")


def said_to_be(width: int, height: int) -> bytes:
    """A picture of eight pixels whose head says another size."""
    head = PNG[12:16] + struct.pack(">II", width, height) + PNG[24:29]
    return PNG[:12] + head + struct.pack(">I", zlib.crc32(head)) + PNG[33:]


FACTS = {
    "name": " SIA Maize ",
    "contact": "Dati@Maize.lv",
    "time_zone": "Europe/Riga",
    "default_locale": "de",
    "smallest_group": "7",
    "retention_months": "12",
}
ADDRESS = "/settings/organisation"


async def test_facts_are_saved(client: httpx.AsyncClient, alice: User) -> None:
    answer = await client.post(ADDRESS, data=FACTS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/organisation?saved=1")
    saved = await the_organisation()
    assert (saved.name, saved.contact, saved.time_zone, saved.default_locale) == (
        "SIA Maize",
        "dati@maize.lv",
        "Europe/Riga",
        "de",
    )
    assert (saved.smallest_group, saved.retention_months, saved.logo) == (7, 12, None)


async def test_what_cannot_be_is_told_at_the_field_with_what_was_typed(
    client: httpx.AsyncClient, alice: User
) -> None:
    wrong = {
        "name": "",
        "contact": "nobody",
        "time_zone": "Mars/Olympus",
        "default_locale": "tlh",
        "smallest_group": "2",
        "retention_months": "12.5",
    }
    page = await client.post(ADDRESS, data=wrong)
    assert page.status_code == 422
    assert re.findall(r'<p class="error" id="e-(\w+)">', page.text) == list(wrong)
    assert 'value="Mars/Olympus"' in page.text
    assert (await the_organisation()).time_zone == "UTC"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (picture("WEBP"), "image/webp"),
    ],
    ids=["png", "jpeg", "webp"],
)
async def test_a_logo_is_known_by_its_content(
    client: httpx.AsyncClient, alice: User, content: bytes, kind: str
) -> None:
    await client.post(ADDRESS, data=FACTS, files={"logo": ("logo.txt", content)})
    saved = await the_organisation()
    assert (saved.logo, saved.logo_type) == (content, kind)
    shown = await client.get("/logo")
    assert (shown.status_code, shown.headers["content-type"], shown.content) == (200, kind, content)
    await client.post(ADDRESS, data={**FACTS, "remove_logo": "yes"})
    assert (await the_organisation()).logo is None


async def test_a_logo_removed_and_another_chosen_is_replaced(client: httpx.AsyncClient, alice: User) -> None:
    await client.post(ADDRESS, data=FACTS, files={"logo": ("old.png", PNG)})
    new = picture("PNG", colour="blue")
    await client.post(ADDRESS, data={**FACTS, "remove_logo": "yes"}, files={"logo": ("new.png", new)})
    assert (await the_organisation()).logo == new


async def test_pictures_that_we_do_not_show_are_refused(client: httpx.AsyncClient, alice: User) -> None:
    sentences = {
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>": "The picture must be a PNG, JPEG or WebP file.",
        b"RIFF\x00\x00\x00\x00WAVE": "The picture must be a PNG, JPEG or WebP file.",
        # Its end is there, its head is noise.
        PNG[:8] + b"\x01" * 64 + PNG[-12:]: "The picture must be a PNG, JPEG or WebP file.",
        b"\xff\xd8\xff" + bytes(100) + b"\xff\xd9": "The picture must be a PNG, JPEG or WebP file.",
        ODD_PALETTE: "The picture must be a PNG, JPEG or WebP file.",
        # A few kilobytes that unfold to a hundred megabytes, and a few bytes that say so.
        picture("PNG", 6000, 5000): "The picture has more than 24 million pixels.",
        said_to_be(2**31 - 1, 2**31 - 1): "The picture has more than 24 million pixels.",
        PNG[:40]: "The picture must be a PNG, JPEG or WebP file.",
        b"GIF89a": "The picture must be a PNG, JPEG or WebP file.",
        PNG + b"\x00" * 512 * 1024: "The picture is larger than 512 kB.",
    }
    for content, sentence in sentences.items():
        page = await client.post(ADDRESS, data=FACTS, files={"logo": ("logo.png", content)})
        assert (page.status_code, sentence in page.text) == (422, True)
    assert (await the_organisation()).name != "SIA Maize"


async def test_nothing_hides_in_the_name(client: httpx.AsyncClient, alice: User) -> None:
    await client.post(ADDRESS, data={**FACTS, "name": "\u202eSIA\r\n\u200bMaize\u2066"})
    assert (await the_organisation()).name == "SIA Maize"
    for name in ("\u200b\u200b", "\u202e", "\u200c\u200d", "\u3164", "\ufe0f"):
        page = await client.post(ADDRESS, data={**FACTS, "name": name})
        assert (page.status_code, "The name has from 1 to 120 characters." in page.text) == (422, True)


@pytest.mark.parametrize("name", ["شرکت نان\u200cپز", "👩\u200d🍳 Ieva", "क्\u200dष"])
async def test_joiners_stay_where_a_script_is_written_with_them(
    client: httpx.AsyncClient, alice: User, name: str
) -> None:
    await client.post(ADDRESS, data={**FACTS, "name": name})
    assert (await the_organisation()).name == name
