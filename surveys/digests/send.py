"""Chores: on Mondays open the deliveries of the week that is over; mail those whose edition is made.

A delivery is one row per subscriber and week, so nobody gets two; its Message-ID is always the same, so that even a mail
repeated after a kill between sending and noting it is known for what it is.
"""

from datetime import datetime, timedelta
from typing import Final

from tortoise.transactions import in_transaction

from surveys.digests import sentences
from surveys.digests.archive import request_edition
from surveys.digests.models import Delivery, Edition, Subscription
from surveys.digests.page_one import mail_page
from surveys.digests.ready import is_ready
from surveys.digests.unsubscribe import unsubscribe_address
from surveys.due import claim, done, failed, now
from surveys.errors import PolyvoxError
from surveys.i18n import speaking
from surveys.mail import Attachment, Picture, message, send
from surveys.organisation.models import Organisation, the_organisation
from surveys.settings import settings
from surveys.taxonomy import naming
from surveys.weeks import Week

LEASE: Final = timedelta(minutes=5)
BATCH: Final = 5
LOGO: Final = "logo"


async def open_deliveries(at: datetime | None = None) -> int:
    """Give every subscriber of the week that is over a delivery, and have its editions made."""
    instant = at or now()
    if not await Subscription.exists(ended_at=None):
        return 0
    organisation = await the_organisation()
    week = Week.last_full(instant, organisation.zone)
    readers = await _without_delivery(week, organisation)
    over = week.bounds(organisation.zone)[1]
    if not readers or not await is_ready(week, organisation, over, instant):
        return 0
    async with in_transaction():
        await Delivery.bulk_create(
            [Delivery(subscription_id=reader.id, week=str(week)) for reader in readers],
            ignore_conflicts=True,
        )
    for locale in sorted({reader.locale for reader in readers}):
        edition = await request_edition(week, locale, organisation)
        if edition.due_at is None and edition.pdf is not None:
            await release(edition)
    return len(readers)


async def release(edition: Edition) -> None:
    """The mails that wait for an edition are due."""
    waiting = await Delivery.filter(
        week=edition.week,
        sent_at=None,
        due_at=None,
        parked_at=None,
        subscription__locale=edition.locale,
        subscription__ended_at=None,
    ).values_list("id", flat=True)
    if waiting:
        await Delivery.filter(id__in=list(waiting)).update(due_at=now())


async def _without_delivery(week: Week, organisation: Organisation) -> list[Subscription]:
    """Whoever subscribed on the Monday itself still gets the week that ended; later ones wait for the next."""
    end_of_monday = week.bounds(organisation.zone)[1] + timedelta(days=1)
    served = {delivery.subscription_id for delivery in await Delivery.filter(week=str(week))}
    readers = await Subscription.filter(ended_at=None, created_at__lt=end_of_monday).order_by("id")
    return [reader for reader in readers if reader.id not in served]


async def send_due_digests() -> int:
    """Mail some of the deliveries that are due; returns how many were taken."""
    claimed = await claim(Delivery, limit=BATCH, lease=LEASE)
    if not claimed:
        return 0
    organisation = await the_organisation()
    for delivery in claimed:
        try:
            await _deliver(delivery, organisation)
        except PolyvoxError as error:
            await failed(delivery, str(error))
        except Exception as error:  # noqa: BLE001 - kept with the row; its text may hold an address
            await failed(delivery, type(error).__name__)
    return len(claimed)


async def _deliver(delivery: Delivery, organisation: Organisation) -> None:
    reader = await Subscription.get(id=delivery.subscription_id)
    if reader.ended_at is None and delivery.sent_at is None:
        edition = await Edition.get(week=delivery.week, locale=reader.locale)
        await _mail(reader, edition, organisation)
        delivery.sent_at = now()
        await delivery.save(update_fields=["sent_at"])
    await done([delivery])


async def _mail(reader: Subscription, edition: Edition, organisation: Organisation) -> None:
    away = unsubscribe_address(reader)
    with speaking(reader.locale, "digest"), naming(edition.figures.get("theme_names", {})):
        page = mail_page(edition.figures)
        first = sentences.headline(edition.figures)[0]
    mail = message(
        "digest",
        to=reader.email,
        locale=reader.locale,
        sender=organisation.contact,
        attachments=(Attachment(f"{edition.week}-{edition.locale}.pdf", edition.pdf or b"", "pdf"),),
        picture=_logo(organisation),
        logo=LOGO if _logo(organisation) else None,
        headers={"List-Unsubscribe": f"<{away}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        organisation=organisation,
        week=edition.week,
        page=page,
        first=first,
        archive=f"{settings().base_url}/digests/{edition.week}/{edition.locale}.pdf",
        unsubscribe=away,
    )
    del mail["Message-ID"]
    host = organisation.contact.rpartition("@")[2] or "localhost"
    mail["Message-ID"] = f"<digest-{edition.week}-{reader.id}@{host}>"
    await send(mail)


def _logo(organisation: Organisation) -> Picture | None:
    """The logo inside the mail: a reader's program fetches nothing."""
    if not organisation.logo or not organisation.logo_type:
        return None
    return Picture(LOGO, organisation.logo, organisation.logo_type)
