"""One digest now, because somebody asks for it: a look before it goes out, and the digest itself."""

from tortoise.transactions import in_transaction

from surveys.digests.archive import request_edition
from surveys.digests.models import Delivery, Edition, Subscription
from surveys.digests.send import LEASE, release
from surveys.due import now
from surveys.nudge import nudge
from surveys.organisation.models import Organisation
from surveys.weeks import Week


async def latest_edition(reader: Subscription, organisation: Organisation) -> tuple[Week, Edition | None]:
    """The last full week, and its edition as this reader would get it, if it was asked for."""
    week = Week.last_full(now(), organisation.zone)
    edition = await Edition.get_or_none(week=str(week), locale=reader.locale, scope=reader.scope)
    return week, edition


async def ask_for_preview(reader: Subscription, organisation: Organisation) -> None:
    """Have the edition made that a reader would get now; nothing is sent."""
    week = Week.last_full(now(), organisation.zone)
    await request_edition(week, reader.locale, organisation, reader.scope)


async def send_now(reader: Subscription, organisation: Organisation) -> None:
    """Send the digest of the last full week, once more if it was sent already; not twice if it is on its way.

    It takes the place of the one that would come by the reader's day and hour. One that waits hours for its next try,
    because a server was away, is tried at once.
    """
    week = Week.last_full(now(), organisation.zone)
    async with in_transaction():
        delivery, made = await Delivery.get_or_create(subscription_id=reader.id, week=str(week))
        if not made and (delivery.sent_at or delivery.parked_at):
            delivery.resends += 1 if delivery.sent_at else 0
            delivery.sent_at = delivery.due_at = delivery.parked_at = delivery.last_error = None
            delivery.attempts, delivery.is_pausing = 0, False
            await delivery.save()
        # What is being handed over now is held for no longer than a lease.
        waiting = Delivery.filter(id=delivery.id, sent_at=None, due_at__gt=now() + LEASE)
        await waiting.update(due_at=now())
    edition = await request_edition(week, reader.locale, organisation, reader.scope)
    if edition.due_at is None and edition.pdf is not None:
        await release(edition)
    await nudge()
