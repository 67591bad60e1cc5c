"""When a reader's digest is due: on their day and at their hour, after the organisation's week is over."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from surveys.digests.models import Subscription
from surveys.organisation.models import Organisation
from surveys.weeks import Week


def zone_of(reader: Subscription, organisation: Organisation) -> ZoneInfo:
    """The reader's own zone, or the organisation's."""
    return ZoneInfo(reader.time_zone) if reader.time_zone else organisation.zone


def due_at(reader: Subscription, week: Week, organisation: Organisation) -> datetime:
    """When the digest of a week is due; never before the week is over where it is counted.

    An hour that the clocks leave out is the one after it; of one that comes twice it is the first.
    """
    over = week.bounds(organisation.zone)[1]
    return max(over, _local(reader, week, organisation, time(reader.hour)))


def due_week(reader: Subscription, organisation: Organisation, at: datetime) -> Week | None:
    """The latest week whose digest is due to a reader; None for who subscribed after the day it was due on.

    Who subscribed on that day itself still gets it; later ones wait for the next.
    """
    week = Week.last_full(at, organisation.zone)
    # Late on a Sunday far in the west, the week before the last is not due yet either.
    while due_at(reader, week, organisation) > at:
        week = week.previous()
    end_of_day = max(
        _local(reader, week, organisation, time.min, days=1),
        due_at(reader, week, organisation) + timedelta(hours=1),
    )
    return week if reader.created_at < end_of_day else None


def _local(
    reader: Subscription, week: Week, organisation: Organisation, hour: time, days: int = 0
) -> datetime:
    """An hour of the reader's day in the week after."""
    day = week.monday + timedelta(days=6 + reader.weekday + days)
    return datetime.combine(day, hour, zone_of(reader, organisation)).astimezone(ZoneInfo("UTC"))
