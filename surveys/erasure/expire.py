"""Chore: what the notice promises. Answers given on our forms go when their months are over, and so do old digests.

Imported answers came under somebody else's notice and stay until they are erased; the digests that quote an answer do
not outlive it. Decisions that were done or dropped go after the same months, whether an answer goes or not.
"""

from calendar import monthrange
from datetime import datetime

from tortoise.transactions import in_transaction

from surveys.counts.upkeep import take_away
from surveys.dashboard.shelf import forget as forget_views
from surveys.decisions.models import Decision
from surveys.digests.models import Edition, Report
from surveys.due import now
from surveys.organisation.models import the_organisation
from surveys.pains.forget import forget_in, named_in
from surveys.responses.models import Response
from surveys.verbatims.write import raise_epoch
from surveys.weeks import Week

BATCH = 200


def months_before(instant: datetime, months: int) -> datetime:
    """The same day and time that many months earlier; the last day of a month that is shorter."""
    year, month = divmod(instant.year * 12 + instant.month - 1 - months, 12)
    day = min(instant.day, monthrange(year, month + 1)[1])
    return instant.replace(year=year, month=month + 1, day=day)


async def expire_old_answers(at: datetime | None = None) -> int:
    """Delete a batch of answers and the decisions whose time is over; returns how many of both."""
    organisation = await the_organisation()
    limit = months_before(at or now(), organisation.retention_months)
    last = str(Week.containing(limit, organisation.zone))
    closed = await _expire_decisions(last)
    old = Response.filter(external_id=None, submitted_at__lt=limit).order_by("submitted_at").limit(BATCH)
    found = await old.only("id", "submitted_at")
    ids = [row.id for row in found]
    if not ids:
        return closed
    async with in_transaction():
        # In the order of an erasure (erase.py): otherwise each may wait for what the other has locked.
        await Edition.filter(week__lte=last).delete()
        await Report.filter(first_week__lte=last).delete()
        await forget_views({str(Week.containing(row.submitted_at, organisation.zone)) for row in found})
        named = await named_in(ids)
        await Response.filter(id__in=ids).delete()
        await forget_in(named)
        await take_away(ids)
        await raise_epoch()
    return len(ids) + closed


async def _expire_decisions(last: str) -> int:
    """Delete what was done or dropped by the end of a week; what is still to be done stays until it is."""
    async with in_transaction():
        closed = await Decision.filter(closed_week__lte=last).count()
        if closed:
            await Edition.filter(week__lte=last).delete()
            await Report.filter(first_week__lte=last).delete()
            await Decision.filter(closed_week__lte=last).delete()
    return closed
