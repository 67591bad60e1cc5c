"""A mail reaches a real SMTP server with text, HTML and its attachment whole; without a server it is a file."""

import asyncio
import email
import re
import socket
from collections.abc import Iterator
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from surveys import mail
from surveys.digests.send import open_deliveries
from surveys.digests.subscribe import Plan
from surveys.digests.unsubscribe import unsubscribe_address
from surveys.errors import Unavailable
from surveys.settings import settings
from tests.surveys.digests.readers import MONDAY, quick_editions, reader, work
from tests.surveys.digests.week import organisation

pytestmark = pytest.mark.journey


class Sink:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.told: list[tuple[str | None, list[str]]] = []
        self.slowness = 0.0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        parsed = email.message_from_bytes(content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.raw.append(content)
        self.told.append((envelope.mail_from, envelope.rcpt_tos))
        await asyncio.sleep(self.slowness)
        return "250 OK"


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    kept = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port, enable_SMTPUTF8=False)
    server.start()
    monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{port}")
    settings.cache_clear()
    yield kept
    server.stop()


def _mail(subject: str = "Nedēļas pārskats") -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = (
        subject,
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


def _headers(raw: bytes) -> dict[str, str]:
    """Headers as they came, each on as many lines as it has."""
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    return dict(line.split(": ", 1) for line in re.split(r"\r\n(?! )", head))


async def test_the_address_that_ends_a_subscription_arrives_bare(
    sink: Sink, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://feedback.of-a-long-name.example")
    settings.cache_clear()
    quick_editions(monkeypatch)
    await organisation()
    subscription = await reader("ieva@maize.lv", Plan("lv"))
    await open_deliveries(MONDAY)
    await work()
    (raw,) = sink.raw
    address = unsubscribe_address(subscription)
    assert len(address) > 78
    assert _headers(raw)["List-Unsubscribe"] == f"<{address}>"
    assert _headers(raw)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_subject_of_many_lines_arrives_with_all_its_spaces(sink: Sink) -> None:
    subject = (
        "Maize, nedēļas pārskats 2026-W47. Piegāde: sūdzību īpatsvars atbildēs pieauga ārpus nejaušības "
        "robežām, no 46,7\u00a0% līdz 65,5\u00a0%."
    )
    # Whatever stands where a line ends.
    subjects = ["x" * before + subject for before in range(20)]
    for each in subjects:
        await mail.send(_mail(each))
    for each, raw in zip(subjects, sink.raw, strict=True):
        lines = _headers(raw)["Subject"].split("\r\n ")
        assert all(len(word) <= 75 for line in lines for word in line.split())
        assert str(make_header(decode_header("\r\n ".join(lines)))) == each
    assert [arrived["Subject"] for arrived in sink.mails] == subjects


async def test_words_arrive_at_a_server_of_seven_bits(sink: Sink) -> None:
    letter = _mail()
    letter.get_body(("plain",)).set_content("Sveiki, Ana ā")  # type: ignore[union-attr]
    await mail.send(letter)
    assert sink.raw[0].isascii()
    body = sink.mails[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == ["Sveiki, Ana ā"]


async def test_a_server_that_takes_its_time_with_a_mail_is_waited_for(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink.slowness = 0.6
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.3)
    await mail.send(_mail())
    assert len(sink.mails) == 1
    monkeypatch.setattr(mail, "TAKING_SECONDS", 0.3)
    with pytest.raises(
        Unavailable, match=r"^The mail server did not take the mail \(SMTPReadTimeoutError\)\.$"
    ):
        await mail.send(_mail())


async def test_a_domain_with_letters_of_any_script_is_told_to_every_server(
    sink: Sink, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_editions(monkeypatch)
    await organisation(contact="dati@ābols.example")
    subscription = await reader("ieva@maķe.example")
    await open_deliveries(MONDAY)
    await work()
    assert sink.told == [("dati@xn--bols-psa.example", ["ieva@xn--mae-8ua.example"])]
    assert sink.mails[0]["Message-ID"] == f"<digest-2026-W40-{subscription.id}@xn--bols-psa.example>"
    assert sink.raw[0].isascii()
