"""Readers and editions for tests: quick ones, without the seconds that a PDF takes."""

import base64
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from surveys.digests import make
from surveys.digests.make import make_due_editions
from surveys.digests.models import Channel, Subscription
from surveys.digests.send import send_due_digests
from surveys.digests.subscribe import Plan, subscribe

MONDAY = datetime(2026, 10, 4, 21, 0, tzinfo=UTC)  # midnight in Riga, summer time
LONG_AGO = MONDAY - timedelta(days=90)
PDF = b"%PDF-1.7 a digest"
# One pixel of PNG.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


def quick_editions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The weeks and locales of the editions that are made from now on."""
    made: list[str] = []

    async def render(
        figures: dict[str, object], _organisation: dict[str, object], locales: list[str]
    ) -> AsyncGenerator[tuple[str, bytes]]:
        for locale in locales:
            made.append(f"{figures['week']} {locale}")
            yield locale, PDF

    monkeypatch.setattr(make, "render_languages", render)
    return made


async def reader(
    address: str, plan: Plan | None = None, channel: Channel = Channel.MAIL, *, since: datetime = LONG_AGO
) -> Subscription:
    subscription = await subscribe(address, plan or Plan(), channel)
    await Subscription.filter(id=subscription.id).update(created_at=since)
    return await Subscription.get(id=subscription.id)


async def work() -> None:
    for _ in range(10):
        if await make_due_editions() + await send_due_digests() == 0:
            return


def outbox(home: Path) -> list[EmailMessage]:
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in (home / "mail").glob("*.eml")
    ]
    return sorted(
        (mail for mail in mails if isinstance(mail, EmailMessage)), key=lambda mail: str(mail["To"])
    )
