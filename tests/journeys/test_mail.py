"""A mail reaches a real SMTP server with text, HTML and its attachment whole; without a server it is a file."""

import email
import socket
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from surveys import mail
from surveys.errors import Unavailable
from surveys.settings import settings

pytestmark = pytest.mark.journey


class Sink:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        parsed = email.message_from_bytes(content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        return "250 OK"


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    kept = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{port}")
    settings.cache_clear()
    yield kept
    server.stop()


def _mail() -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = (
        "Nedēļas pārskats",
        "polyvox@example.org",
        "ana@example.org",
    )
    letter.set_content("Sveiki, Ana")
    letter.add_attachment(b"%PDF-1.7 test", maintype="application", subtype="pdf", filename="pārskats.pdf")
    return letter


async def test_a_mail_arrives_whole(sink: Sink) -> None:
    await mail.send(_mail())
    (arrived,) = sink.mails
    assert arrived["Subject"] == "Nedēļas pārskats"
    (attachment,) = arrived.iter_attachments()
    assert attachment.get_filename() == "pārskats.pdf"
    assert attachment.get_content() == b"%PDF-1.7 test"


async def test_a_server_that_is_away_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:9")
    settings.cache_clear()
    with pytest.raises(Unavailable):
        await mail.send(_mail())


async def test_without_a_server_a_mail_is_a_file(home: Path) -> None:
    await mail.send(_mail())
    (file,) = (home / "mail").iterdir()
    assert email.message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"] == "Nedēļas pārskats"
