"""What moved beyond chance, or nearly so, gathered from all parts of an edition."""

from typing import Any, Final

from surveys.digests.compare import Figures, Level
from surveys.digests.tally import SCORED

LEVELS: Final[tuple[Level, ...]] = ("all", "region", "culture")


def findings(
    tiles: Figures, pains: list[Figures], regions: list[Figures], cultures: list[Figures]
) -> list[Figures]:
    """What moved beyond chance or nearly so; the widest level first, then the surest."""
    found = [
        _finding("score", "all", "all", tiles[metric][key], metric=metric)
        for metric in SCORED
        for key in ("change", "change_last_week")
        if key in tiles[metric]
    ]
    for pain in pains:
        change = pain["change"]
        kind = "rising" if (change["delta"] or 0) > 0 else "fading"
        found.append(
            _finding(kind, "all", "all", change, theme=pain["theme"], now=pain["now"], before=pain["before"])
        )
        found.extend(
            _finding("standing", "region", place["group"], place["change"], theme=pain["theme"], now=place)
            for place in pain["places"]
        )
    for level, rows in (("region", regions), ("culture", cultures)):
        found.extend(
            _finding("score", level, row["group"], row["change"], metric="nps")
            for row in rows
            if "change" in row
        )
    flagged = [finding for finding in found if finding["flag"] != "none"]
    return sorted(
        flagged, key=lambda finding: (LEVELS.index(finding["level"]), finding["q"], finding["group"])
    )


def _finding(kind: str, level: str, group: str, change: Figures, **about: Any) -> Figures:
    now, before = about.pop("now", None), about.pop("before", None)
    pain = about.get("theme")
    return {
        "kind": kind,
        "level": level,
        "group": group,
        "theme": pain,
        "pain_point": pain,
        "metric": about.get("metric"),
        "against": change["against"],
        "now": {"x": now["x"], "n": now["n"]} if now else {"x": None, "n": change["n_now"]},
        "before": {
            "x": before["x"] if before else None,
            "n": change["n_base"],
            "weeks": change["weeks"],
        },
        "delta": change["delta"],
        "q": change["q"],
        "flag": change["flag"],
    }
