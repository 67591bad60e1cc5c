"""What moved, and how surely: every comparison of an edition, judged together.

A comparison needs 30 answers now and 100 before (surveys/chance.py); a theme also needs a least effect. All tests of one
level (all, region, culture) enter one Benjamini-Hochberg family: an arrow needs q <= 0.05, "watch" q <= 0.10.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final, Literal

from surveys.chance import (
    BASE_AT_LEAST,
    NOW_AT_LEAST,
    Difference,
    benjamini_hochberg,
    expects_few,
    fisher,
    nps_difference,
    two_proportions,
    welch,
)
from surveys.digests.tally import Scored, Tally
from surveys.tallies import Share

Figures = dict[str, Any]
Level = Literal["all", "region", "culture"]

LEAST_WEEKS: Final = 4
TILE_WEEKS: Final = 8
CULTURE_WEEKS: Final = 26
SURE: Final = 0.05
WATCH: Final = 0.10
# A share that moved beyond chance is still no news below five points or half as much again.
LEAST_POINTS: Final = 0.05
LEAST_RATIO: Final = 1.5
LEAST_COUNT: Final = 5


@dataclass
class Family:
    """The tests of an edition by level; `judge` gives each its q and its arrow."""

    tests: list[tuple[Level, Figures]] = field(default_factory=list)

    def add(self, level: Level, change: Figures) -> Figures:
        """Take a change into its level's family; one without a p is left as it is."""
        if change["p"] is not None:
            self.tests.append((level, change))
        return change

    def judge(self) -> None:
        """Set q, arrow and flag of every change."""
        for level in {level for level, _ in self.tests}:
            changes = [change for where, change in self.tests if where == level]
            for change, q in zip(changes, benjamini_hochberg([each["p"] for each in changes]), strict=True):
                change["q"] = q
                change["flag"] = _flag(q, enough=change.pop("enough"))
                change["arrow"] = _arrow(change)


def _flag(q: float, *, enough: bool) -> str:
    if not enough or q > WATCH:
        return "none"
    return "alert" if q <= SURE else "watch"


def _arrow(change: Figures) -> str:
    if change["flag"] != "alert" or change["delta"] == 0:
        return "none"
    return "up" if change["delta"] > 0 else "down"


def weeks_before(history: int, wanted: int) -> int:
    """How many weeks there are to compare with: all that exist up to `wanted`, none below four."""
    weeks = min(history, wanted)
    return weeks if weeks >= LEAST_WEEKS else 0


def unjudged(against: str, weeks: int, n_now: int, n_base: int, reason: str) -> Figures:
    """A change about which nothing can be said, and why: `history`, `too_few` or `preliminary`."""
    return {
        "against": against,
        "weeks": weeks,
        "n_now": n_now,
        "n_base": n_base,
        "delta": None,
        "low": None,
        "high": None,
        "p": None,
        "q": None,
        "flag": "none",
        "arrow": "too_few",
        "reason": reason,
    }


def judged(against: str, weeks: int, n: tuple[int, int], difference: Difference, *, enough: bool) -> Figures:
    """A change that is tested; q, flag and arrow follow when its family is judged."""
    return {
        **unjudged(against, weeks, *n, reason="tested"),
        "delta": difference.value,
        "low": difference.low,
        "high": difference.high,
        "p": difference.p,
        "arrow": "none",
        "enough": enough,
    }


def score_change(metric: Scored, against: str, weeks: int, now: Tally, base: Tally) -> Figures:
    """How a score moved: NPS in points, CSAT in percentage points, CES in points of its scale."""
    n = (now.n(metric), base.n(metric))
    if weeks == 0:
        return unjudged(against, 0, *n, reason="history")
    if n[0] < NOW_AT_LEAST or n[1] < BASE_AT_LEAST:
        return unjudged(against, weeks, *n, reason="too_few")
    difference = _difference(metric, now, base)
    if difference is None:
        return unjudged(against, weeks, *n, reason="too_few")
    return judged(against, weeks, n, difference, enough=True)


def _difference(metric: Scored, now: Tally, base: Tally) -> Difference | None:
    if metric == "nps":
        return nps_difference(now.bands("nps"), base.bands("nps"))
    if metric == "csat":
        bands = now.bands("csat"), base.bands("csat")
        return share_difference(*(Share(each.promoters, each.n) for each in bands))
    tested = welch(now.ces, base.ces)
    if tested is None:
        return None
    se = tested.value / tested.t if tested.t else 0.0
    return Difference(tested.value, se, tested.t, tested.p, tested.low, tested.high)


def share_difference(now: Share, base: Share) -> Difference:
    """Two shares, in percentage points: Newcombe's interval, and Fisher's p where a cell expects few."""
    tested = two_proportions(now, base)
    p = fisher(now, base) if expects_few(now, base) else tested.p
    return Difference(100 * tested.value, 100 * tested.se, tested.z, p, 100 * tested.low, 100 * tested.high)


def share_change(against: str, weeks: int, now: tuple[int, int], base: tuple[int, int]) -> Figures:
    """How a theme's share of the answers moved, given (hits, n) now and before."""
    if weeks == 0:
        return unjudged(against, 0, now[1], base[1], reason="history")
    if now[1] < NOW_AT_LEAST or base[1] < BASE_AT_LEAST:
        return unjudged(against, weeks, now[1], base[1], reason="too_few")
    difference = share_difference(Share(*now), Share(*base))
    return judged(
        against,
        weeks,
        (now[1], base[1]),
        difference,
        enough=_enough(Share(*now), Share(*base)),
    )


def _enough(now: Share, base: Share) -> bool:
    rose = now.value > base.value
    more, less = (now, base) if rose else (base, now)
    if (now.hits if rose else base.hits) < LEAST_COUNT:
        return False
    return more.value - less.value >= LEAST_POINTS or more.value >= LEAST_RATIO * less.value


def volume_change(now: int, earlier: Sequence[int]) -> Figures:
    """Whether a week's count lies in the range that the weeks before suggest (t, weeks as they vary).

    `low` and `high` are the ends of that range, not of the difference; weeks that hardly vary are taken to vary as
    counts do by chance.
    """
    weeks = len(earlier)
    if weeks < LEAST_WEEKS:
        return unjudged("weeks_before", 0, now, sum(earlier), reason="history")
    mean = sum(earlier) / weeks
    spread = math.sqrt(sum((count - mean) ** 2 for count in earlier) / (weeks - 1))
    se = max(spread, math.sqrt(mean)) * math.sqrt(1 + 1 / weeks)
    if now < NOW_AT_LEAST or sum(earlier) < BASE_AT_LEAST:
        return unjudged("weeks_before", weeks, now, sum(earlier), reason="too_few") | {"mean": mean}
    special = import_module("scipy.special")  # costs a second; most requests need none of it
    half = float(special.stdtrit(weeks - 1, 0.975)) * se
    t = (now - mean) / se
    p = 2 * float(special.stdtr(weeks - 1, -abs(t)))
    difference = Difference(now - mean, se, t, p, max(0.0, mean - half), mean + half)
    return judged("weeks_before", weeks, (now, sum(earlier)), difference, enough=True) | {"mean": mean}


def count_interval(count: int) -> tuple[float, float]:
    """The exact 95 % interval of a Poisson count."""
    special = import_module("scipy.special")  # see volume_change()
    low = 0.0 if count == 0 else float(special.gammaincinv(count, 0.025))
    return low, float(special.gammaincinv(count + 1, 0.975))
