"""The numbers of an edition that are no figures of the week: ends of axes, and what the method goes by.

They stand in the JSON too, so that every number of the PDF can be found there.
"""

from collections.abc import Sequence
from typing import Any, Final

from surveys.chance import BASE_AT_LEAST, NOW_AT_LEAST
from surveys.digests.compare import (
    CULTURE_WEEKS,
    LEAST_COUNT,
    LEAST_RATIO,
    LEAST_SHIFT,
    LEAST_WEEKS,
    TILE_WEEKS,
)
from surveys.digests.families import SURE, WATCH
from surveys.digests.heat import ROWS
from surveys.digests.impact import IMPACT_AT_LEAST

Figures = dict[str, Any]

METHOD: Final[Figures] = {
    "interval_percent": 95,
    "false_discoveries_percent": 100 * SURE,
    "watch_percent": 100 * WATCH,
    "answers_now_at_least": NOW_AT_LEAST,
    "answers_before_at_least": BASE_AT_LEAST,
    "weeks_at_least": LEAST_WEEKS,
    "weeks_of_tiles": TILE_WEEKS,
    "weeks_of_cultures": CULTURE_WEEKS,
    "least_shift": dict(LEAST_SHIFT),
    "least_points": 5,
    "least_ratio": LEAST_RATIO,
    "least_count": LEAST_COUNT,
    "impact_at_least": IMPACT_AT_LEAST,
    "scales": {"nps": [0, 6, 7, 8, 9, 10], "csat": [1, 4, 5], "ces": [1, 7]},
    "replaced_within_hours": 24,
    "cultures_of_year": 2004,  # GLOBE
    "f1": {"perfect": 100, "guessing": 33},
}


TABLES: Final = ("regions", "cultures", "languages", "touchpoints", "segments")


def changes_reach(figures: Figures, tables: Sequence[str]) -> float:
    """The end of the axis of changes: a round number beyond the longest whisker, of steps of CES a whole one."""
    moved = [row["change"] for name in tables for row in figures[name] if row["status"] == "ok"]
    furthest = max((abs(change[end]) for change in moved for end in ("low", "high")), default=0.0)
    step = 1.0 if figures.get("scored") == "ces" else 10.0
    return max(step, step * (furthest // step + 1))


def axes(figures: Figures) -> Figures:
    """Where the axes of the charts end."""
    pains = figures["pain_points"]
    shares = [pain["now"]["high"] for pain in pains]
    parts = [part["high"] for pain in pains[:3] for part in pain["by_region"] if not part["suppressed"]]
    weekly = [week["share"] or 0 for pain in pains[:ROWS] for week in pain["weeks"]]
    return {
        "zero": 0,
        "shares": max(5.0, 5.0 * (max(shares, default=10.0) // 5 + 1)),
        "regions": max(10.0, 10.0 * (max(parts, default=0.0) // 10 + 1)),
        "changes": changes_reach(figures, TABLES),
        "heat": max(5.0, 5.0 * -(-max(weekly, default=0.0) // 5)),
    }
