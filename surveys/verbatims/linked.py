"""Filters that come with a link from a figure: what exactly was counted there, which no group of choices could say.

`complaint` holds the words that complain about a theme (surveys/complaints.py), `source` answers or mentions, `touchpoint`,
`segment` and `reason` what a response had. `person` with a complaint and weeks leaves of each person's words of a week those
that a figure counts: the first that complain about the theme.
"""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from surveys.complaints import COMPLAINT_ON_THEME, PERSON
from surveys.db import query, sql_instant
from surveys.taxonomy import counted_themes
from surveys.verbatims.filters import Filter
from surveys.weeks import Week

COLUMNS: Final = {"touchpoint": "v.touchpoint", "segment": "v.segment", "reason": "r.exit_reason"}
SOURCES: Final = {"response": "v.response_id IS NOT NULL", "mention": "v.mention_id IS NOT NULL"}


async def linked_ids(wanted: Filter, zone: ZoneInfo) -> list[int] | None:
    """The verbatims that all such filters let through; None where an address has none of them."""
    conditions: list[str] = []
    values: list[Any] = []
    for name, column in COLUMNS.items():
        if chosen := wanted.of(name):
            conditions.append(f"{column} IN ({_marks(chosen)})")
            values += chosen
    if chosen := wanted.of("source"):
        conditions.append(f"({' OR '.join(SOURCES[each] for each in chosen)})")
    if chosen := wanted.of("complaint"):
        conditions.append(
            f"EXISTS (SELECT 1 FROM {await counted_themes()} t WHERE t.verbatim_id = v.id "  # noqa: S608 - our own texts
            f"AND t.code IN ({_marks(chosen)}) AND {COMPLAINT_ON_THEME})"
        )
        values += chosen
        if wanted.of("person") and wanted.of("week"):
            first, counted = await _first(wanted, chosen, zone)
            conditions.append(first)
            values += counted
    if not conditions:
        return None
    weeks, bounds = _weeks(wanted, zone)
    rows = await query(
        "SELECT v.id FROM verbatim v LEFT JOIN response r ON r.id = v.response_id "  # noqa: S608 - our own texts
        f"WHERE {' AND '.join([*conditions, *weeks])}",
        *values,
        *bounds,
    )
    return [row["id"] for row in rows]


async def _first(wanted: Filter, themes: tuple[str, ...], zone: ZoneInfo) -> tuple[str, list[Any]]:
    """The words that each person is counted by in each week, wherever they are."""
    counted, values = [], list[Any]()
    for week in wanted.of("week"):
        counted.append(
            f"v.id IN (SELECT MIN(v.id) FROM verbatim v JOIN {await counted_themes()} t ON t.verbatim_id = v.id "  # noqa: S608 - see above
            "JOIN response r ON r.id = v.response_id WHERE v.written_at >= {} AND v.written_at < {} "
            f"AND t.code IN ({_marks(themes)}) AND {COMPLAINT_ON_THEME} GROUP BY t.code, {PERSON})"
        )
        values += [*map(sql_instant, Week.parse(week).bounds(zone)), *themes]
    return f"({' OR '.join(counted)})", values


def _weeks(wanted: Filter, zone: ZoneInfo) -> tuple[list[str], list[datetime | str]]:
    """A week that is asked for anyway spares reading the others."""
    bounds = [Week.parse(week).bounds(zone) for week in wanted.of("week")]
    if not bounds:
        return [], []
    within = " OR ".join(["(v.written_at >= {} AND v.written_at < {})"] * len(bounds))
    return [f"({within})"], [sql_instant(instant) for pair in bounds for instant in pair]


def _marks(values: tuple[str, ...]) -> str:
    return ", ".join(["{}"] * len(values))
