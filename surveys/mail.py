"""One mail, from its templates to the server.

A mail is a folder in templates/email/ of three files, subject.txt, body.txt and body.html, in the reader's language.
Without SMTP_URL mails are written as files into the data folder, so that a trial run shows what would be sent.
"""

import secrets
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from surveys.due import now
from surveys.errors import Unavailable
from surveys.i18n import Domain
from surveys.settings import Settings, settings
from surveys.templating import render

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Picture:
    """A picture that stands in the HTML, by the name that `cid:` addresses it with."""

    cid: str
    content: bytes
    kind: str


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    content: bytes
    subtype: str


def message(
    folder: str,
    *,
    to: str,
    locale: str,
    sender: str,
    domain: Domain = "digest",
    attachments: tuple[Attachment, ...] = (),
    picture: Picture | None = None,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> EmailMessage:
    """A mail with plain text, HTML that says the same, and attachments."""

    def part(name: str) -> str:
        return render(f"email/{folder}/{name}", locale=locale, domain=domain, **context)

    mail = EmailMessage()
    mail["Subject"] = " ".join(part("subject.txt").split())
    mail["From"], mail["To"] = sender, to
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = make_msgid(
        idstring=secrets.token_hex(8), domain=sender.rpartition("@")[2] or "localhost"
    )
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = locale
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(part("body.txt"))
    mail.add_alternative(part("body.html"), subtype="html")
    if picture:
        html = mail.get_body(("html",))
        maintype, _, subtype = picture.kind.partition("/")
        html.add_related(picture.content, maintype, subtype, cid=f"<{picture.cid}>")  # type: ignore[union-attr]
    for attachment in attachments:
        mail.add_attachment(
            attachment.content,
            maintype="application",
            subtype=attachment.subtype,
            filename=attachment.name,
        )
    return mail


async def send(mail: EmailMessage, chosen: Settings | None = None) -> None:
    """Hand a mail to the server of SMTP_URL, or write it as a file when there is none.

    Raises Unavailable when the server does not take it.
    """
    config = chosen or settings()
    if not config.smtp_url:
        outbox = config.home / "mail"
        outbox.mkdir(exist_ok=True)
        name = f"{now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}.eml"
        (outbox / name).write_bytes(mail.as_bytes())
        return
    server = urlsplit(config.smtp_url)
    try:
        await aiosmtplib.send(
            mail,
            hostname=server.hostname or "localhost",
            port=server.port or (465 if server.scheme == "smtps" else 25),
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            use_tls=server.scheme == "smtps",
            timeout=TIMEOUT_SECONDS,
        )
    except (aiosmtplib.SMTPException, OSError) as error:
        msg = f"The mail server did not take the mail ({type(error).__name__})."
        raise Unavailable(msg) from error
