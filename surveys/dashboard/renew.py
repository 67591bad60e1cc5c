"""Chore: keep the figures on the shelf as new as the counts they were made from, and make those that are looked at most.

Kept ready are the last full week, unfiltered and with each value of each filter alone, and the week that is going on,
unfiltered; anything else that somebody looked at stays ready for some days. What was counted anew makes its views due; they
are made one a round, after everything else in it, so that no comment waits for a dashboard longer than that.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final
from weakref import WeakKeyDictionary

from tortoise.connection import get_connection

from surveys.counts.upkeep import standing
from surveys.dashboard import shelf
from surveys.dashboard.choice import FILTERS, Choice
from surveys.dashboard.figuring import make_view
from surveys.dashboard.ground import Ground, Site, all_surveys, ground_of, site_of
from surveys.dashboard.models import KeptView
from surveys.db import query
from surveys.digests.tally import first_response_at
from surveys.due import claim, done, failed, now
from surveys.organisation.models import the_organisation
from surveys.verbatims.models import Verbatim
from surveys.weeks import Week

# Of values of filters that are kept ready; a site with more segments than that has them made when they are looked at.
MOST_READY: Final = 120
# What nobody looked at for so long is not made anew until somebody does, and then is taken off the shelf.
RENEWED_FOR: Final = timedelta(days=2)
KEPT_FOR: Final = timedelta(days=14)
AFTER_FAILURE: Final = timedelta(hours=1)
# While comments wait to be read, making takes a fifth of a worker's time at most.
REST: Final = 4.0


class _Pace:
    """What this process saw when it last looked for views that are due, and until when it rests."""

    def __init__(self) -> None:
        self.seen: Any = None
        self.rests_until = 0.0


_paces: WeakKeyDictionary[Any, _Pace] = WeakKeyDictionary()


async def renew_views(at: datetime | None = None) -> int:
    """Make one view that is due; returns how many were made."""
    pace = _paces.setdefault(get_connection("default"), _Pace())
    site = await _site(at or now())
    if site is None:
        return 0
    seen = await _state(site)
    if seen != pace.seen:
        await note_due(site)
        pace.seen = seen
    if monotonic() < pace.rests_until and await _is_busy():
        return 0
    claimed = await claim(KeptView, limit=1)
    if not claimed:
        return 0
    began = monotonic()
    await _make(claimed[0], site)
    pace.rests_until = monotonic() + REST * (monotonic() - began)
    return 1


async def _site(at: datetime) -> Site | None:
    """The site, once its weeks are counted."""
    organisation, counts = await the_organisation(), await standing()
    first = await first_response_at(organisation.zone)
    if first is None or counts.zone != organisation.zone.key or counts.weeks:
        return None
    return await site_of(organisation, await all_surveys(), first, at)


async def _state(site: Site) -> Any:
    """Something that is another as soon as a view may be due."""
    (row,) = await query(
        "SELECT (SELECT COUNT(*) FROM epoch WHERE id > 1) AS weeks, (SELECT SUM(number) FROM epoch WHERE id > 1) AS counted, "
        "(SELECT COUNT(*) FROM edition WHERE due_at IS NULL) AS editions, COUNT(*) AS views, MAX(made_at) AS made, "
        "MAX(seen_at) AS seen FROM kept_view"
    )
    organisation, week = site.organisation, Week.containing(site.at, site.organisation.zone)
    rules = (organisation.smallest_group, organisation.time_zone, site.surveys, site.merged, site.first)
    return (*row.values(), rules, week, site.at.hour)


async def _is_busy() -> bool:
    return await Verbatim.filter(due_at__lte=now()).exists()


async def _make(row: KeptView, site: Site) -> None:
    choice = shelf.choice_of(row)
    try:
        ground = await ground_of(choice.week, site)
        # Whoever waited may have had it made meanwhile.
        if (row.rules, row.stamp) != (ground.rules, ground.stamp):
            await make_view(row, choice, site)
    except Exception as error:  # noqa: BLE001 - kept with the row; its text may quote an answer
        await failed(row, type(error).__name__)
    else:
        await done([row])


async def note_due(site: Site) -> None:
    """Make due what is older than its counts, name what is to be ready, and take off the shelf what nobody looks at."""
    at = now()
    await KeptView.filter(seen_at__lt=at - KEPT_FOR).delete()
    await KeptView.filter(parked_at__lt=at - AFTER_FAILURE).update(parked_at=None, attempts=0)
    ready = await _ready(site)
    due = []
    for row in await _rows(ready):
        is_ready = (row.week, row.filters) in ready
        if not is_ready and row.seen_at is None:
            # It was to be ready once, and nobody ever looked.
            await row.delete()
        elif is_ready or (row.seen_at is not None and row.seen_at > at - RENEWED_FOR):
            due.append(row)
    # Unfiltered first, then what was looked at.
    older = await _older(due, site)
    older.sort(key=lambda row: (row.filters != "{}", row.seen_at is None, row.id))
    for place, row in enumerate(older):
        instant = at - timedelta(milliseconds=len(older) - place)
        await KeptView.filter(id=row.id, due_at=None).update(due_at=instant, attempts=0)


async def _rows(ready: Collection[tuple[str, str]]) -> list[KeptView]:
    """Every row, with one for each view that is to be ready."""
    rows = await KeptView.all().only(
        "id", "week", "filters", "rules", "stamp", "due_at", "parked_at", "seen_at"
    )
    known = {(row.week, row.filters) for row in rows}
    missing = [key for key in ready if key not in known]
    return rows + [(await KeptView.get_or_create(week=week, filters=filters))[0] for week, filters in missing]


async def _older(rows: Iterable[KeptView], site: Site) -> list[KeptView]:
    """Those that stand on other ground than there is now, and are not about to be made."""
    grounds: dict[str, Ground] = {}
    found = []
    for row in rows:
        if row.due_at is not None or row.parked_at is not None:
            continue
        if row.week not in grounds:
            grounds[row.week] = await ground_of(Week.parse(row.week), site)
        ground = grounds[row.week]
        if (row.rules, row.stamp) != (ground.rules, ground.stamp):
            found.append(row)
    return found


async def _ready(site: Site) -> Collection[tuple[str, str]]:
    """Week and filters of what is to be ready, whether anybody looked or not."""
    this = Week.containing(site.at, site.organisation.zone)
    last = this.previous()
    found = {(str(week), "{}"): None for week in (last, this) if week >= site.first}
    row = await shelf.find(Choice(last)) if last >= site.first else None
    view = await shelf.read(row) if row else None
    if view and view.figures:
        alone = [{name: value} for name in FILTERS for value in view.options.get(name, ())]
        found |= {(str(last), shelf.written(filters)): None for filters in alone[:MOST_READY]}
    return found.keys()
