"""Whether a week can be reported on: its words and those before are understood, or have been waited for long enough.

Of weeks that are not understood yet nobody seems to have complained: compared with them every theme would rise.
"""

from datetime import datetime, timedelta
from typing import Final

from surveys.digests.compare import TILE_WEEKS
from surveys.due import now
from surveys.organisation.models import Organisation
from surveys.verbatims.models import Verbatim
from surveys.weeks import Week

# What came in late is to be understood before the digest is made, but not for ever.
PATIENCE: Final = timedelta(hours=6)


async def is_ready(
    week: Week,
    organisation: Organisation,
    since: datetime,
    at: datetime | None = None,
    *,
    before: int = TILE_WEEKS,
) -> bool:
    """Whether every verbatim of the week and those before was understood or put aside, or six hours went by since `since`."""
    if (at or now()) >= since + PATIENCE:
        return True
    start, end = week.previous(before).bounds(organisation.zone)[0], week.bounds(organisation.zone)[1]
    return not await Verbatim.exists(
        written_at__gte=start, written_at__lt=end, analysed_at=None, parked_at=None
    )
