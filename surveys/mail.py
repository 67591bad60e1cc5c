"""One mail, from its templates to the server.

A mail is a folder in templates/email/ of three files, subject.txt, body.txt and body.html, in the reader's language.
Without SMTP_URL mails are written as files into the data folder, so that a trial run shows what would be sent.
"""

import secrets
from dataclasses import dataclass
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from surveys.addresses import mailable
from surveys.due import now
from surveys.errors import Unavailable
from surveys.i18n import Domain
from surveys.i18n import gettext as _
from surveys.settings import Settings, settings
from surveys.templating import render

TIMEOUT_SECONDS: Final = 30
# A server that looks for viruses answers late, and has the mail by then (RFC 5321, 4.5.3.2.6).
TAKING_SECONDS: Final = 600
# RFC 5322, 2.1.1, without the end of the line.
LONGEST_LINE: Final = 998
# RFC 2047, 2: of a word in letters of any script.
LONGEST_WORD: Final = 75


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


class Lines(policy.EmailPolicy):
    """Headers as every reader understands them.

    Python's own folding encodes words longer than a line, also addresses that only bare ones are followed as
    (RFC 2369), and loses spaces between encoded words.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """A header as it is sent, on one line where it may be."""
        text = str(value)
        line = f"{name}: {text}"
        if line.isascii() and len(line) <= LONGEST_LINE:
            return f"{line}{self.linesep}".encode("ascii")
        if name.lower() == "subject":
            folded = Header(text, "utf-8", LONGEST_WORD, name).encode(linesep=self.linesep)
            return f"{name}: {folded}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


# Seven bits are what every server takes.
SEVEN_BITS: Final = policy.default.clone(cte_type="7bit")
LINES: Final = Lines(cte_type="7bit")


class Patient(aiosmtplib.SMTP):
    """A client that gives up soon, but not while the server takes a mail: one that was taken would be sent again."""

    async def data(self, message: str | bytes, /, **_timeout: Any) -> aiosmtplib.SMTPResponse:
        """Hand over the mail itself."""
        return await super().data(message, timeout=TAKING_SECONDS)


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

    mail = EmailMessage(SEVEN_BITS)
    mail["Subject"] = " ".join(part("subject.txt").split())
    mail["From"], mail["To"] = mailable(sender), mailable(to)
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = make_msgid(
        idstring=secrets.token_hex(8), domain=mailable(sender).rpartition("@")[2] or "localhost"
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


def written(mail: EmailMessage) -> bytes:
    """A mail as it is sent, with addresses in letters of any script where they need them."""
    return mail.as_bytes(policy=LINES.clone(utf8=not _is_ascii(mail)))


def _is_ascii(mail: EmailMessage) -> bool:
    """Whether its addresses can be told to every server."""
    return all(address.isascii() for address in (_address(mail, "From"), _address(mail, "To")))


def _address(mail: EmailMessage, header: str) -> str:
    return str(mail[header].addresses[0].addr_spec)


async def send(mail: EmailMessage, chosen: Settings | None = None) -> None:
    """Hand a mail to the server of SMTP_URL, or write it as a file when there is none.

    Raises Unavailable when the server does not take it.
    """
    config = chosen or settings()
    if not config.smtp_url:
        outbox = config.home / "mail"
        outbox.mkdir(exist_ok=True)
        name = f"{now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}.eml"
        (outbox / name).write_bytes(written(mail))
        return
    server = urlsplit(config.smtp_url)
    client = Patient(
        hostname=server.hostname or "localhost",
        port=server.port or (465 if server.scheme == "smtps" else 25),
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        use_tls=server.scheme == "smtps",
        timeout=TIMEOUT_SECONDS,
    )
    options = [] if _is_ascii(mail) else ["SMTPUTF8"]
    try:
        async with client:
            sender, reader = _address(mail, "From"), _address(mail, "To")
            await client.sendmail(sender, reader, written(mail), mail_options=options)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        sentence = _("The mail server did not take the mail (%(error)s).") % {"error": type(error).__name__}
        raise Unavailable(sentence) from error
