"""What moved, and how surely: each comparison of an edition by the textbook's test, and by a wider one that is judged.

A comparison needs 30 answers now and 100 before (surveys/chance.py) and a least effect. `p`, `low` and `high` are the
textbook's. The p that enters a family (surveys/digests/families.py) is `wide`: the smaller of two z, or a negative-binomial
tail, widened by how much the weeks before vary (surveys/digests/dispersion.py).
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np

from surveys.chance import (
    BASE_AT_LEAST,
    NOW_AT_LEAST,
    Z95,
    Difference,
    expects_few,
    fisher,
    nps_difference,
    two_proportions,
    welch,
)
from surveys.digests.mix import Standard, standard
from surveys.digests.snapshot import Floats, Ints
from surveys.digests.tally import Scored
from surveys.scores import band_counts
from surveys.tallies import Share

Figures = dict[str, Any]

LEAST_WEEKS: Final = 4
TILE_WEEKS: Final = 8
CULTURE_WEEKS: Final = 26
# A change beyond chance is still no news below five points or half as much again.
LEAST_POINTS: Final = 0.05
LEAST_RATIO: Final = 1.5
LEAST_COUNT: Final = 5
# Of a score: points of NPS, percentage points, and as much of the six steps from 1 to 7.
LEAST_SHIFT: Final[dict[Scored, float]] = {"nps": 5.0, "csat": 5.0, "ces": 0.3}
# Of a week's answers: a fifth more or less than usual.
LEAST_VOLUME: Final = 0.2
# What an answer counts towards its score.
VALUES: Final[dict[Scored, Floats]] = {
    "nps": np.array([-100.0] * 7 + [0.0] * 2 + [100.0] * 2),
    "csat": np.array([0.0] * 4 + [100.0] * 2 + [0.0] * 5),
    "ces": np.arange(11.0),
}


def weeks_before(history: int, wanted: int) -> int:
    """How many weeks there are to compare with: all that exist up to `wanted`, none below four."""
    weeks = min(history, wanted)
    return weeks if weeks >= LEAST_WEEKS else 0


def unjudged(against: str, weeks: int, n_now: int, n_base: int, reason: str) -> Figures:
    """A change about which nothing can be said, and why: `history`, `too_few`, `wording`, `languages`, ..."""
    return {
        "against": against,
        "weeks": weeks,
        "n_now": n_now,
        "n_base": n_base,
        "delta": None,
        "low": None,
        "high": None,
        "p": None,
        "wide": None,
        "q": None,
        "q_level": None,
        "q_joint": None,
        "flag": "none",
        "arrow": "too_few",
        "poststratified": False,
        "base": None,
        "score": None,
        "reason": reason,
    }


def judged(
    against: str,
    weeks: int,
    n: tuple[int, int],
    difference: Difference,
    *,
    enough: bool,
    wide: float | None = None,
) -> Figures:
    """A change that is tested; q, flag and arrow follow when its family is judged."""
    return {
        **unjudged(against, weeks, *n, reason="tested"),
        "delta": difference.value,
        "low": difference.low,
        "high": difference.high,
        "p": difference.p,
        "wide": difference.p if wide is None else max(wide, difference.p),
        "arrow": "none",
        "enough": enough,
    }


@dataclass(frozen=True)
class Wider:
    """How much wider than chance a group's weeks scatter (dispersion.py), and how surely that is known."""

    alpha: float = 0.0
    freedom: float = math.inf
    # Over how many weeks the answers of now were given.
    span: int = 1

    def inflation(self, now: tuple[int, int], base: tuple[int, int]) -> float:
        """By how much the variance of a difference grows, given (answers, weeks) of both sides."""
        (n, weeks), (m, before) = now, base
        return 1 + self.alpha * (1 / weeks + 1 / before) / (1 / n + 1 / m)

    def tail(self, z: float) -> float:
        """The two-sided p of a z whose spread was estimated."""
        if math.isinf(self.freedom):
            return math.erfc(abs(z) / math.sqrt(2))
        special = import_module("scipy.special")  # costs a second; most requests need none of it
        return min(1.0, 2 * float(special.stdtr(max(1.0, self.freedom), -abs(z))))


def tail(z: float) -> float:
    """The two-sided p of a z."""
    return math.erfc(abs(z) / math.sqrt(2))


def score_change(metric: Scored, against: str, weeks: int, now: Ints, base: Ints, *, wider: Wider) -> Figures:
    """How a score moved, given answers by country and score: NPS and CSAT in points, CES in points of its scale.

    Where the countries' shares moved, the base is weighted to the countries of now, and that is said.
    """
    n = int(now.sum()), int(base.sum())
    if weeks == 0:
        return unjudged(against, 0, *n, reason="history")
    if n[0] < NOW_AT_LEAST or n[1] < BASE_AT_LEAST:
        return unjudged(against, weeks, *n, reason="too_few")
    like = standard(now, base, VALUES[metric])
    difference = _difference(metric, now.sum(0), base.sum(0)) if like is None else _standardised(like, metric)
    if difference is None:
        return unjudged(against, weeks, *n, reason="too_few")
    raw = like.z if like is not None else _pooled_z(VALUES[metric], now.sum(0), base.sum(0))
    agreed = min(abs(raw), abs(difference.z)) if raw * difference.z > 0 else 0.0
    change = judged(
        against,
        weeks,
        n,
        difference,
        enough=abs(difference.value) >= LEAST_SHIFT[metric],
        wide=wider.tail(agreed / math.sqrt(wider.inflation((n[0], wider.span), (n[1], weeks)))),
    )
    usual = float(base.sum(0) @ VALUES[metric]) / n[1] if like is None else like.usual
    reached = float(now.sum(0) @ VALUES[metric]) / n[0]
    return change | {"poststratified": like is not None, "base": usual, "score": reached}


def _standardised(like: Standard, metric: Scored) -> Difference:
    half = Z95 * like.se
    reach = 200.0 if metric == "nps" else 100.0
    return Difference(
        like.value,
        like.se,
        like.z,
        tail(like.z),
        max(-reach, like.value - half),
        min(reach, like.value + half),
    )


def _pooled_z(values: Floats, now: Ints, base: Ints) -> float:
    """Z of a difference of means under one variance: the textbook's NPS leans to 0 where answers are few."""
    n, m, both = int(now.sum()), int(base.sum()), now + base
    mean = float(both @ values) / (n + m)
    variance = float(both @ values**2) / (n + m) - mean**2
    se = math.sqrt(max(0.0, variance) * (1 / n + 1 / m))
    return (float(now @ values) / n - float(base @ values) / m) / se if se else 0.0


def counted(scores: Ints) -> Counter[int]:
    """{score: answers} out of a row of counts."""
    return Counter({int(score): int(scores[score]) for score in np.flatnonzero(scores)})


def _difference(metric: Scored, now: Ints, base: Ints) -> Difference | None:
    if metric == "ces":
        tested = welch(counted(now), counted(base))
        if tested is None:
            return None
        se = tested.value / tested.t if tested.t else 0.0
        return Difference(tested.value, se, tested.t, tested.p, tested.low, tested.high)
    bands = band_counts(metric, counted(now)), band_counts(metric, counted(base))
    if metric == "nps":
        return nps_difference(*bands)
    return share_difference(*(Share(each.promoters, each.n) for each in bands))


def share_difference(now: Share, base: Share) -> Difference:
    """Two shares, in percentage points: Newcombe's interval, and Fisher's p where a cell expects few."""
    tested = two_proportions(now, base)
    p = fisher(now, base) if expects_few(now, base) else tested.p
    return Difference(100 * tested.value, 100 * tested.se, tested.z, p, 100 * tested.low, 100 * tested.high)


def share_moved_enough(now: Share, base: Share) -> bool:
    """Whether a share moved by five points or by half, with five people or more on the side that has more."""
    rose = now.value > base.value
    more, less = (now, base) if rose else (base, now)
    # What was usual is counted as it would be in one week.
    people = now.hits if rose else base.value * now.n
    if people < LEAST_COUNT:
        return False
    return more.value - less.value >= LEAST_POINTS or more.value >= LEAST_RATIO * less.value


def volume_change(now: int, earlier: Sequence[int], span: int = 1, others: Sequence[int] = ()) -> Figures:
    """Whether the count of a week, or of `span` weeks, lies in the range that the weeks before suggest (t, weeks as they vary).

    `low` and `high` are the ends of that range, not of the difference; weeks that hardly vary are taken to vary as
    counts do by chance. How much they vary is learnt from `others` too.
    """
    weeks, varying = len(earlier), [*earlier, *others]
    if not weeks or len(varying) < LEAST_WEEKS:
        return unjudged("weeks_before", 0, now, sum(earlier), reason="history")
    weekly, usual = sum(earlier) / weeks, sum(varying) / len(varying)
    spread = math.sqrt(sum((count - usual) ** 2 for count in varying) / (len(varying) - 1))
    se = max(spread, math.sqrt(weekly)) * math.sqrt(span + span**2 / weeks)
    mean = span * weekly
    if now < NOW_AT_LEAST or sum(earlier) < BASE_AT_LEAST:
        return unjudged("weeks_before", weeks, now, sum(earlier), reason="too_few") | {"mean": mean}
    special = import_module("scipy.special")  # costs a second; most requests need none of it
    half = float(special.stdtrit(len(varying) - 1, 0.975)) * se
    t = (now - mean) / se
    p = 2 * float(special.stdtr(len(varying) - 1, -abs(t)))
    difference = Difference(now - mean, se, t, p, max(0.0, mean - half), mean + half)
    enough = abs(now - mean) >= LEAST_VOLUME * mean
    return judged("weeks_before", weeks, (now, sum(earlier)), difference, enough=enough) | {"mean": mean}


def count_interval(count: int) -> tuple[float, float]:
    """The exact 95 % interval of a Poisson count."""
    special = import_module("scipy.special")  # see volume_change()
    low = 0.0 if count == 0 else float(special.gammaincinv(count, 0.025))
    return low, float(special.gammaincinv(count + 1, 0.975))
