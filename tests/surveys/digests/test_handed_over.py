"""What was handed over is not handed over again, whatever happens next; one slow server does not keep all else waiting."""

import asyncio
import re
import sqlite3
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx2 as httpx
import pytest
from tortoise.connection import get_connection

from surveys.accounts.models import User
from surveys.db import is_sqlite
from surveys.digests import send
from surveys.digests.make import make_due_editions
from surveys.digests.models import Channel, Delivery
from surveys.digests.resend import send_now
from surveys.digests.send import open_deliveries, send_due_digests
from surveys.settings import settings
from tests.surveys.digests.readers import MONDAY, quick_editions, reader
from tests.surveys.digests.week import organisation

pytestmark = pytest.mark.usefixtures("database")


async def waiting(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Readers of this name, whose editions are made and due."""
    quick_editions(monkeypatch)
    await organisation()
    for name in names:
        await reader(f"{name}@maize.lv")
    await open_deliveries(MONDAY)
    await make_due_editions()


async def test_a_mail_that_is_gone_is_noted_however_long_the_database_is_busy(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_sqlite():
        pytest.skip("only SQLite has one writer")
    await waiting(monkeypatch, "a")
    await get_connection("default").execute_script("PRAGMA busy_timeout = 20")
    monkeypatch.setattr(send, "NOTED_AGAIN_SECONDS", 0.02)
    writer = sqlite3.connect(home / "polyvox.sqlite3", isolation_level=None)
    sent: list[str] = []

    async def locked_behind(mail: EmailMessage) -> None:
        sent.append(str(mail["To"]))
        writer.execute("BEGIN IMMEDIATE")
        asyncio.get_running_loop().call_later(0.4, writer.execute, "ROLLBACK")

    monkeypatch.setattr(send, "send", locked_behind)
    assert await send_due_digests() == 1
    row = await Delivery.get()
    assert (row.sent_at is not None, row.due_at, row.attempts, row.last_error) == (True, None, 0, None)
    assert await send_due_digests() == 0
    assert sent == ["a@maize.lv"]
    writer.close()


async def test_a_server_that_is_slow_lets_other_chores_have_their_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await waiting(monkeypatch, "a", "b", "c")
    monkeypatch.setattr(send, "BATCH_SECONDS", 0.1)
    sent: list[str] = []

    async def slowly(mail: EmailMessage) -> None:
        await asyncio.sleep(0.2)
        sent.append(str(mail["To"]))

    monkeypatch.setattr(send, "send", slowly)
    assert [await send_due_digests() for _ in range(4)] == [1, 1, 1, 0]
    assert sorted(sent) == ["a@maize.lv", "b@maize.lv", "c@maize.lv"]


async def test_another_worker_does_not_take_what_a_slow_server_is_taking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await waiting(monkeypatch, "a")
    monkeypatch.setattr(send, "LEASE", timedelta(seconds=0.3))
    monkeypatch.setattr(send, "RENEWED_EVERY", timedelta(seconds=0.05))
    sent: list[str] = []

    async def slowly(mail: EmailMessage) -> None:
        await asyncio.sleep(0.8)
        sent.append(str(mail["To"]))

    async def another_worker() -> int:
        await asyncio.sleep(0.5)
        return await send_due_digests()

    monkeypatch.setattr(send, "send", slowly)
    assert tuple(await asyncio.gather(send_due_digests(), another_worker())) == (1, 0)
    assert sent == ["a@maize.lv"]


@pytest.mark.journey
async def test_why_it_was_not_taken_is_told_in_the_readers_language(
    client: httpx.AsyncClient, alice: User, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:9")
    settings.cache_clear()
    quick_editions(monkeypatch)
    maize = await organisation()
    (home / "editions").write_text("no folder")
    readers = [await reader("ieva@maize.lv"), await reader("maize", channel=Channel.FOLDER)]
    for each in readers:
        await send_now(each, maize)
    await make_due_editions()
    await send_due_digests()
    pages = [
        await client.get(f"/settings/subscriptions/{each.id}", headers={"Accept-Language": "lv"})
        for each in readers
    ]
    assert [re.findall(r"<bdi>([^<]*\(.*?\)\.)</bdi>", page.text) for page in pages] == [
        ["Pasta serveris vēstuli nepieņēma (SMTPConnectError)."],
        ["Mapē nevar rakstīt (ENOTDIR)."],
    ]
