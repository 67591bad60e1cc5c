"""What a difference is worth: intervals, tests and weights as pure functions of counts.

Shares are 0..1, NPS points -100..100, intervals 95 %, p and q two-sided unless said. Impossible
input is a ValueError; what is undefined for possible input is None. Numbers in brackets are the
vectors of the domain reference (2.7) that the tests repeat.
"""

import importlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from types import ModuleType
from typing import Final, NamedTuple

from surveys.tallies import BandCounts, Share, moments

Z95: Final = NormalDist().inv_cdf(0.975)  # 1.959964
PSEUDO_ANSWERS: Final = 3.0  # added by the adjusted Wald interval: 3/4, 3/2 and 3/4 of an answer
NOW_AT_LEAST: Final = 30  # answers that a change against the own baseline needs now,
BASE_AT_LEAST: Final = 100  # and in the baseline
SMALL_EXPECTED: Final = 5  # an expected count under this asks for the exact test


class Interval(NamedTuple):
    """The two ends of a 95 % interval."""

    low: float
    high: float


class Difference(NamedTuple):
    """A difference in the unit of its inputs, with standard error, z (0 when se is 0), p and CI."""

    value: float
    se: float
    z: float
    p: float
    low: float
    high: float


class LogOdds(NamedTuple):
    """Log-odds ratio of a word in two corpora of one language; z above 1.96 marks it."""

    value: float
    z: float


class Welch(NamedTuple):
    """Difference of two means in scale points with t, degrees of freedom, p and t interval."""

    value: float
    t: float
    df: float
    p: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class NetEstimate:
    """Centre and standard error of an NPS, both in points."""

    centre: float
    se: float

    def interval(self) -> Interval:
        """Give the 95 % interval, clipped to -100..100."""
        half = Z95 * self.se
        return Interval(max(-100.0, self.centre - half), min(100.0, self.centre + half))


@dataclass(frozen=True, slots=True)
class Impact:
    """What a theme takes from (below 0) or adds to the NPS, in points; None if all have it."""

    n: int
    score: float
    without: float | None
    points: float | None


def wilson(share: Share) -> Interval:
    """Give the score interval of one share (Wilson 1927) [12, 13]."""
    p, n, square = share.value, share.n, Z95 * Z95
    scale = 1 + square / n
    centre = (p + square / (2 * n)) / scale
    half = Z95 / scale * math.sqrt(p * (1 - p) / n + square / (4 * n * n))
    low = 0.0 if share.hits == 0 else max(0.0, centre - half)
    high = 1.0 if share.hits == share.n else min(1.0, centre + half)
    return Interval(low, high)


def newcombe(a: Share, b: Share) -> Interval:
    """Give the interval of a - b from both Wilson intervals (Newcombe 1998, method 10) [14, 26]."""
    (low_a, high_a), (low_b, high_b) = wilson(a), wilson(b)
    value = a.value - b.value
    below = math.hypot(a.value - low_a, high_b - b.value)
    above = math.hypot(high_a - a.value, b.value - low_b)
    return Interval(max(-1.0, value - below), min(1.0, value + above))


def two_proportions(a: Share, b: Share) -> Difference:
    """Test a - b by the pooled z, with the interval of Newcombe [14, 26, 27].

    Where an expected count is small (`expects_few`), take p from `fisher` instead.
    """
    pooled = (a.hits + b.hits) / (a.n + b.n)
    se = math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n))
    value = a.value - b.value
    z, p = _normal_test(value, se)
    return Difference(value, se, z, p, *newcombe(a, b))


def expects_few(a: Share, b: Share) -> bool:
    """Say whether a cell of the two-by-two table expects fewer than 5, so that z is too rough."""
    hits, n = a.hits + b.hits, a.n + b.n
    return min(hits, n - hits) * min(a.n, b.n) < SMALL_EXPECTED * n


def fisher(a: Share, b: Share) -> float:
    """Give the exact p of a small two-by-two table: all tables no likelier than ours (1934) [27].

    Counted in whole numbers, so that ties are exact.
    """
    hits = a.hits + b.hits
    possible = range(max(0, hits - b.n), min(hits, a.n) + 1)
    ways = {x: math.comb(a.n, x) * math.comb(b.n, hits - x) for x in possible}
    return sum(way for way in ways.values() if way <= ways[a.hits]) / sum(ways.values())


def net_estimate(counts: BandCounts, *, pseudo: float = PSEUDO_ANSWERS) -> NetEstimate:
    """Estimate NPS by the adjusted Wald method (Rocks 2016) [3 to 8].

    `pseudo` answers are added, half of them passive. 0 gives plain Wald, which is wrong for small n
    and a ValueError for none.
    """
    n = counts.n + pseudo
    if n <= 0:
        raise ValueError("no answers, no estimate")
    p = (counts.promoters + pseudo / 4) / n
    d = (counts.detractors + pseudo / 4) / n
    # Rounding may leave a variance of -1e-17 where all answers agree.
    variance = max(0.0, p + d - (p - d) ** 2)
    return NetEstimate(100 * (p - d), 100 * math.sqrt(variance / n))


def nps_difference(a: BandCounts, b: BandCounts, *, pseudo: float = PSEUDO_ANSWERS) -> Difference:
    """Test a - b in points, -200..200, for two independent groups, adjusted [9 to 11]."""
    one, other = net_estimate(a, pseudo=pseudo), net_estimate(b, pseudo=pseudo)
    value, se = one.centre - other.centre, math.hypot(one.se, other.se)
    z, p = _normal_test(value, se)
    half = Z95 * se
    return Difference(value, se, z, p, max(-200.0, value - half), min(200.0, value + half))


def mean_interval(counts: Mapping[int, int]) -> Interval | None:
    """Give the t interval of the mean of {score: answers}; None below two answers [12, 15]."""
    n, mean, sd = moments(counts)
    if sd is None:
        return None
    half = _t_quantile(n - 1) * sd / math.sqrt(n)
    return Interval(mean - half, mean + half)


def welch(a: Mapping[int, int], b: Mapping[int, int]) -> Welch | None:
    """Test mean a - mean b of {score: answers} without equal variances (Welch 1947) [16].

    None when undefined: fewer than two answers on a side, or no spread on either.
    """
    (n_a, mean_a, sd_a), (n_b, mean_b, sd_b) = moments(a), moments(b)
    if sd_a is None or sd_b is None or sd_a == sd_b == 0:
        return None
    part_a, part_b = sd_a**2 / n_a, sd_b**2 / n_b
    se, value = math.sqrt(part_a + part_b), mean_a - mean_b
    df = (part_a + part_b) ** 2 / (part_a**2 / (n_a - 1) + part_b**2 / (n_b - 1))
    t, half = value / se, _t_quantile(df) * se
    p = 2 * float(_special().stdtr(df, -abs(t)))
    return Welch(value, t, df, p, value - half, value + half)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Turn p values into q values in the same order (Benjamini & Hochberg 1995) [28].

    The family is everything tested in one report; an empty family gives an empty list.
    """
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError("p values lie between 0 and 1")
    m = len(p_values)
    q_values, least = [1.0] * m, 1.0
    order = sorted(range(m), key=lambda index: p_values[index])
    for rank in range(m, 0, -1):
        index = order[rank - 1]
        least = min(least, p_values[index] * (m / rank))
        q_values[index] = least
    return q_values


def shrink(score: float, n: int, *, towards: float, k: float = 30) -> float:
    """Pull a score of `n` answers to `towards`, as if `k` answers stood there already [33]."""
    if n < 0 or k < 0 or n + k == 0:
        raise ValueError(f"cannot weigh {n} answers against {k}")
    return (n * score + k * towards) / (n + k)


def log_odds(a: Share, b: Share, *, prior: float, prior_total: float) -> LogOdds:
    """Weigh a word in a against b by an informative prior (Monroe, Colaresi & Quinn 2008) [34].

    `prior` is the word's count in the background text, `prior_total` that of all words: more.
    """
    if not 0 < prior < prior_total:
        raise ValueError(f"{prior} of {prior_total} is no prior")
    up_a, up_b = a.hits + prior, b.hits + prior
    odds_a, odds_b = up_a / (a.n + prior_total - up_a), up_b / (b.n + prior_total - up_b)
    value = math.log(odds_a) - math.log(odds_b)
    return LogOdds(value, value / math.sqrt(1 / up_a + 1 / up_b))


def impact(everyone: BandCounts, theme: BandCounts) -> Impact:
    """Leave a theme's answers out: NPS of all less NPS without them (7.2) [29].

    ValueError when the theme is empty or not part of all. Themes overlap, so impacts do not add up.
    """
    rest = everyone - theme
    without = rest.score if rest.n else None
    points = None if without is None else everyone.score - without
    return Impact(theme.n, theme.score, without, points)


def _normal_test(value: float, se: float) -> tuple[float, float]:
    # erfc keeps the far tails that 1 - cdf would round to 0.
    if se == 0:
        return 0.0, 1.0
    z = value / se
    return z, math.erfc(abs(z) / math.sqrt(2))


def _t_quantile(df: float) -> float:
    return float(_special().stdtrit(df, 0.975))


def _special() -> ModuleType:
    # Imported on first use: it costs a second, and most requests ask for neither t nor tails.
    return importlib.import_module("scipy.special")
