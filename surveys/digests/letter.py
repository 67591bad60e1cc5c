"""What a reader is sent: page one as text and HTML, in their language, with the PDF."""

import base64
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Final

from surveys.addresses import mailable
from surveys.digests import headline
from surveys.digests.models import Channel, Delivery, Edition, Subscription
from surveys.digests.page_one import mail_page
from surveys.digests.unsubscribe import unsubscribe_address
from surveys.i18n import speaking
from surveys.mail import Attachment, Picture, message
from surveys.organisation.logo import is_picture
from surveys.organisation.models import Organisation
from surveys.settings import settings
from surveys.taxonomy import naming

LOGO: Final = "logo"


@dataclass(frozen=True)
class PageOne:
    """Page one without its charts."""

    subject: str
    text: str
    html: str


def archive_address(edition: Edition) -> str:
    """Where the PDF stands in the archive."""
    query = f"?{edition.scope}" if edition.scope else ""
    return f"{settings().base_url}/digests/{edition.week}/{edition.locale}.pdf{query}"


def file_name(edition: Edition, ending: str) -> str:
    """What a file of an edition is called."""
    return f"{edition.week}-{edition.locale}.{ending}"


def letter(
    reader: Subscription, edition: Edition, organisation: Organisation, *, delivery: Delivery | None = None
) -> EmailMessage:
    """The mail with an edition; its Message-ID is the same at every attempt."""
    is_mail = reader.channel == Channel.MAIL
    away = unsubscribe_address(reader) if is_mail else None
    with speaking(edition.locale, "digest"), naming(edition.figures.get("theme_names", {})):
        page = mail_page(edition.figures)
        first = headline.headline(edition.figures)[0]
    one_click = {"List-Unsubscribe": f"<{away}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail = message(
        "digest",
        to=reader.address if is_mail else organisation.contact,
        locale=edition.locale,
        sender=organisation.contact,
        attachments=(Attachment(file_name(edition, "pdf"), edition.pdf or b"", "pdf"),),
        picture=_logo(organisation),
        logo=LOGO if _logo(organisation) else None,
        headers=one_click if away else {},
        organisation=organisation,
        week=edition.week,
        page=page,
        address=settings().base_url,
        first=first,
        archive=archive_address(edition),
        unsubscribe=away,
        is_pausing=delivery is not None and delivery.is_pausing,
    )
    del mail["Message-ID"]
    host = mailable(organisation.contact).rpartition("@")[2] or "localhost"
    again = f"-{delivery.resends}" if delivery is not None and delivery.resends else ""
    mail["Message-ID"] = f"<digest-{edition.week}-{reader.id}{again}@{host}>"
    return mail


def _logo(organisation: Organisation) -> Picture | None:
    """The logo inside the mail: a reader's program fetches nothing, and is shown only what is a picture."""
    if not organisation.logo or not organisation.logo_type or not is_picture(bytes(organisation.logo)):
        return None
    return Picture(LOGO, organisation.logo, organisation.logo_type)


def page_one(mail: EmailMessage) -> PageOne:
    """Page one as it stands in a mail, with its logo in the HTML itself."""
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return PageOne(
        str(mail["Subject"]),
        plain.get_content() if plain else "",
        _alone(html.get_content(), mail) if html else "",
    )


def _alone(html: str, mail: EmailMessage) -> str:
    """The HTML of a mail as it stands without the mail's other parts."""
    for part in mail.walk():
        if part["Content-ID"] == f"<{LOGO}>":
            written = base64.b64encode(part.get_content()).decode("ascii")
            return html.replace(f'src="cid:{LOGO}"', f'src="data:{part.get_content_type()};base64,{written}"')
    return html


def webhook_content(edition: Edition, page: PageOne, *, delivery: Delivery | None = None) -> dict[str, Any]:
    """What a webhook is told: page one, where the PDF stands, and every figure."""
    return {
        "week": edition.week,
        "locale": edition.locale,
        "scope": edition.scope,
        "subject": page.subject,
        "text": page.text,
        "html": page.html,
        "archive": archive_address(edition),
        "pausing": delivery is not None and delivery.is_pausing,
        "digest": {**edition.figures, "locale": edition.locale},
    }
