"""Take out of an edition's figures what others, less them, would tell of a few people."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from surveys.digests.compare import Figures, unjudged
from surveys.digests.decided import hidden_side
from surveys.digests.pains import AMONG_DETRACTORS
from surveys.digests.points import elsewhere
from surveys.digests.snapshot import Level
from surveys.digests.tally import SCORED
from surveys.suppression import suppressed_metric
from surveys.tallies import BandCounts

Themes = Collection[tuple[Level, str, str]]
COUNTED: Final = ("x", "n")


def beside_everybody(
    nps: Mapping[str, BandCounts], everybody: Mapping[str, BandCounts], k: int
) -> dict[str, BandCounts]:
    """NPS of those who name a theme, without the themes that but few others name."""
    return {
        code: bands
        for code, bands in nps.items()
        if code not in everybody or not suppressed_metric(max(everybody[code].n - bands.n, 0), k)
    }


def without_totals(pains: list[Figures], metrics: Collection[str]) -> None:
    """Take out what would tell the totals of metrics that are hidden: everybody's NPS, everybody's lowest band."""
    gone = ["impact", "priority"] if "nps" in metrics else []
    gone += [*AMONG_DETRACTORS] if not {*metrics}.isdisjoint(SCORED) else []
    for pain in pains:
        pain.update(dict.fromkeys(gone))


def without_themes(judged: Figures, untold: Themes, beside: Themes) -> None:
    """Take themes of groups that are not told out of single pain points, and what stands beside other editions out of findings."""
    for pain in judged["pain_points"]:
        for point in pain["points"]:
            point["places"] = [
                each
                for each in point["places"]
                if (each["level"], each["group"], pain["theme"]) not in untold
            ]
            point["elsewhere"] = elsewhere(point["now"]["x"], point["places"])
    judged["findings"] = [
        each for each in judged["findings"] if (each["level"], each["group"], each["theme"]) not in beside
    ]


def decisions_beside(mine: list[Figures], everybody: list[Figures], k: int) -> list[Figures]:
    """Decisions whose sides, taken from everybody's, would leave a few people are hidden."""
    return [_beside(one, other, k) for one, other in zip(mine, everybody, strict=True)]


def _beside(one: Figures, other: Figures, k: int) -> Figures:
    gone = [side for side in ("before", "since") if _few_left(one[side], other[side], k)]
    if not gone:
        return one
    change = one["change"]
    hidden = {side: hidden_side(one[side]) for side in gone}
    nothing = unjudged(change["against"], change["weeks"], 0, 0, reason="suppressed")
    return {**one, **hidden, "suppressed": True, "change": nothing}


def _few_left(one: Mapping[str, Any], other: Mapping[str, Any], k: int) -> bool:
    return any(
        one[key] is not None and (other[key] is None or suppressed_metric(max(other[key] - one[key], 0), k))
        for key in COUNTED
    )
