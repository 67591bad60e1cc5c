"""What an edition's decisions are measured by: the answers and complaints of the weeks around them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from surveys.decisions.told import told_in
from surveys.digests.decided import Decided, weeks_needed
from surveys.digests.gather import answer_counts, complaint_counts
from surveys.digests.source import Source
from surveys.digests.tally import NPS_ONLY_FROM, Window
from surveys.weeks import Week


async def read_decided(week: Week, zone: ZoneInfo, source: Source, *, is_over: bool) -> Decided | None:
    """The decisions that a week's edition tells, with what is counted for them; None without any."""
    told = await told_in(week, is_over=is_over)
    if not told:
        return None
    wanted = weeks_needed(told, week)
    return Decided(
        told=told,
        answers=answer_counts(await _rows(source.weekly_answers, week, zone, wanted)),
        complaints=complaint_counts(await _rows(source.weekly_complaints, week, zone, wanted)),
    )


async def _rows(
    read: Callable[[Window], Awaitable[Sequence[Any]]], week: Week, zone: ZoneInfo, wanted: set[int]
) -> list[Any]:
    """So many weeks at a time as hold every metric."""
    found: list[Any] = []
    for start in range(0, max(wanted) + 1, NPS_ONLY_FROM):
        here = [ago for ago in range(start, start + NPS_ONLY_FROM) if ago in wanted]
        if here:
            window = Window(week.previous(start), max(here) - start, zone)
            rows = await read(window)
            found += [row._replace(weeks_ago=row.weeks_ago + start) for row in rows]
    return [row for row in found if row.weeks_ago in wanted]
