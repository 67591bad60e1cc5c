"""The logo in what is sent: only one that is a picture, also where a mail program is not what shows it."""

import base64
import json
from pathlib import Path

import httpx2 as httpx
import pytest

from surveys.accounts.models import User
from surveys.digests import webhook
from surveys.digests.models import Channel
from surveys.digests.resend import send_now
from surveys.digests.send import open_deliveries
from surveys.organisation.models import the_organisation
from tests.surveys.digests.readers import MONDAY, PICTURE, outbox, quick_editions, reader, work
from tests.surveys.digests.week import organisation

WRITTEN = f'<img src="data:image/png;base64,{base64.b64encode(PICTURE).decode()}" alt="Maize" height="48">'


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_editions(monkeypatch)


async def test_a_logo_that_is_no_picture_is_not_mailed(database: None, home: Path) -> None:
    await organisation(logo=b"\x89PNG\r\n\x1a\n nothing IEND", logo_type="image/png")
    await reader("ieva@maize.lv")
    await open_deliveries(MONDAY)
    await work()
    (mail,) = outbox(home)
    assert not [part for part in mail.walk() if part.get_content_maintype() == "image"]
    html = mail.get_body(("html",))
    assert html is not None
    assert "<img" not in html.get_content()


async def test_page_one_beside_a_mail_holds_its_logo(
    client: httpx.AsyncClient, alice: User, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bytes] = []

    async def status(_address: str, _headers: dict[str, str], body: bytes) -> int:
        told.append(body)
        return 200

    monkeypatch.setattr(webhook, "_status", status)
    await organisation(logo=PICTURE, logo_type="image/png")
    readers = [
        await reader("maize", channel=Channel.FOLDER),
        await reader("https://maize.lv/digest", channel=Channel.WEBHOOK),
    ]
    for each in readers:
        await send_now(each, await the_organisation())
    await work()
    (file,) = (home / "editions" / "maize").glob("*.html")
    preview = await client.get(f"/settings/subscriptions/{readers[0].id}/preview.html")
    for html in (file.read_text(), json.loads(told[0])["data"]["html"], preview.text):
        assert WRITTEN in html
        assert "cid:" not in html
    assert "img-src 'self' data:" in preview.headers["content-security-policy"]
