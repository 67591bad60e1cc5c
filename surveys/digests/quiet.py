"""Quiet weeks: nobody answered and nobody wrote. After four of them a reader hears nothing more until somebody does."""

from collections.abc import Iterable
from typing import Final

from surveys.db import query
from surveys.digests.models import Delivery, Subscription
from surveys.digests.scope import Scope
from surveys.digests.tally import Window
from surveys.mentions.models import Mention
from surveys.organisation.models import Organisation
from surveys.weeks import Week

QUIET_WEEKS: Final = 4


async def is_quiet(week: Week, scope: Scope, organisation: Organisation) -> bool:
    """Whether a week has nothing that belongs to a scope."""
    start, end = Window(week, 0, organisation.zone).bounds(0)
    within = await scope.within()
    rows = await query(
        "SELECT EXISTS (SELECT 1 FROM response r WHERE r.submitted_at >= {} AND r.submitted_at < {}"  # noqa: S608 - our own texts only
        f"{within.condition()}) AS answered",
        start,
        end,
        *within.values,
    )
    if rows[0]["answered"]:
        return False
    # Posts belong to no survey and no segment.
    first, last = week.bounds(organisation.zone)
    return bool(scope) or not await Mention.exists(published_at__gte=first, published_at__lt=last)


async def pausing(readers: Iterable[Subscription], week: Week, organisation: Organisation) -> frozenset[int]:
    """Whose fourth quiet week in a row this is, counting only weeks that they had a digest of."""
    earlier = [week.previous(ago) for ago in range(1, QUIET_WEEKS)]
    quiet: dict[str, bool] = {}
    found = set()
    for reader in readers:
        if reader.scope not in quiet:
            scope = Scope.parse(reader.scope)
            weeks = [await is_quiet(each, scope, organisation) for each in (week, *earlier)]
            quiet[reader.scope] = all(weeks)
        told = Delivery.filter(subscription_id=reader.id, week__in=[str(each) for each in earlier])
        if quiet[reader.scope] and await told.count() == len(earlier):
            found.add(reader.id)
    return frozenset(found)
