"""Chore: once a week the pain points of each theme are found anew, around those there are; ids go on.

A theme is read page by page, clustered in a thread and written in one transaction. Killed before that, nothing has changed
and the theme is still due; done again for the same week and words, nothing changes. Words that changed while we counted
keep what was just said of them.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import anyio.to_thread
from tortoise.expressions import Q

from surveys.db import query, sql_instant
from surveys.due import claim, failed, now
from surveys.organisation.models import the_organisation
from surveys.pains.assign import NO_PAIN_THEME
from surveys.pains.group import grouped
from surveys.pains.keep import keep
from surveys.pains.models import ThemeGrouping
from surveys.pains.read import read_theme
from surveys.weeks import Week

LEASE: Final = timedelta(minutes=30)
Progress = Callable[[int, int], None]


async def regroup_due() -> int:
    """Regroup one theme for the last full week, once that week's words are understood; returns how many were."""
    organisation = await the_organisation()
    week = Week.last_full(now(), organisation.zone)
    await want(week)
    if not await ThemeGrouping.filter(due_at__lte=now()).exists() or await _is_being_read(week):
        return 0
    return await one()


async def want(week: Week, *, again: bool = False) -> int:
    """Make every theme due that was not regrouped for this week, or all of them; returns how many there are."""
    late = (
        ThemeGrouping.all()
        if again
        else ThemeGrouping.filter(Q(wanted_week=None) | Q(wanted_week__lt=str(week)))
    )
    await late.update(wanted_week=str(week), due_at=now(), attempts=0, last_error=None, parked_at=None)
    return await ThemeGrouping.filter(due_at__not_isnull=True).count()


async def know_themes() -> None:
    """A row for every theme that words were ever found to speak of."""
    for row in await query("SELECT DISTINCT code FROM verbatim_theme ORDER BY code"):
        if row["code"] != NO_PAIN_THEME:
            await ThemeGrouping.get_or_create(theme=row["code"])


async def _is_being_read(week: Week) -> bool:
    end = week.bounds((await the_organisation()).zone)[1]
    waiting = await query(
        "SELECT 1 AS one FROM verbatim WHERE due_at IS NOT NULL AND written_at < {} LIMIT 1", sql_instant(end)
    )
    return bool(waiting)


async def one() -> int:
    """Regroup one theme that is due; returns how many were taken."""
    claimed = await claim(ThemeGrouping, limit=1, lease=LEASE)
    for row in claimed:
        try:
            await regroup(row.theme, Week.parse(row.wanted_week or ""))
        except Exception as error:  # noqa: BLE001 - kept with the row; its text may quote what was written
            await failed(row, type(error).__name__)
        else:
            # Unless a later week was wanted meanwhile.
            still = ThemeGrouping.filter(id=row.id, wanted_week=row.wanted_week)
            await still.update(week=row.wanted_week, due_at=None, attempts=0, last_error=None, parked_at=None)
    return len(claimed)


async def put_off() -> list[str]:
    """The themes that failed: to be tried again later, or put aside."""
    rows = await ThemeGrouping.filter(last_error__not_isnull=True).order_by("theme")
    return [row.theme for row in rows]


async def regroup(theme: str, week: Week, progress: Progress = lambda _done, _total: None) -> None:
    """Find a theme's pain points among all words up to the end of a week."""
    before = await read_theme(theme, week, progress)
    if before is None or await ThemeGrouping.exists(
        theme=theme, week=str(week), fingerprint=before.fingerprint
    ):
        return
    after = await anyio.to_thread.run_sync(grouped, before)
    await keep(before, after, week)
