"""How much was written where: mentions per source and week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from surveys.db import is_sqlite, query
from surveys.weeks import Week

WEEKS = 8


@dataclass(frozen=True)
class Volume:
    """One source: all its mentions, and those of the latest weeks, oldest first."""

    source: str
    total: int
    by_week: tuple[int, ...]


async def volumes(zone: ZoneInfo, at: datetime) -> tuple[Sequence[Week], list[Volume]]:
    """The latest weeks and every source's counts, the largest source first; copies count, they were written."""
    this = Week.containing(at, zone)
    weeks = [this.previous(back) for back in range(WEEKS - 1, -1, -1)]
    totals = await query("SELECT source, COUNT(*) AS n FROM mention GROUP BY source ORDER BY n DESC, source")
    counts: dict[tuple[str, Week], int] = {}
    for week in weeks:
        start, end = (bound.isoformat(" ") if is_sqlite() else bound for bound in week.bounds(zone))
        sql = "SELECT source, COUNT(*) AS n FROM mention WHERE published_at >= {} AND published_at < {} GROUP BY source"
        for row in await query(sql, start, end):
            counts[row["source"], week] = int(row["n"])
    return weeks, [
        Volume(row["source"], int(row["n"]), tuple(counts.get((row["source"], week), 0) for week in weeks))
        for row in totals
    ]
