"""The three scores and their bands, computed from counts; no database and no rounding here.

Scores are kept raw (rounding is the reader's locale's business) and pooled from counts: a mean of
means is never taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from surveys.chance import mean_interval, net_estimate, wilson
from surveys.tallies import BandCounts, Share, moments

# One of nps, csat and ces; a KeyError otherwise, for exit surveys have no score.
Metric = str


class Band(StrEnum):
    """The three bands of an answer, named after NPS and used for every metric.

    promoter, passive, detractor are NPS 9-10, 7-8, 0-6; CSAT 4-5, 3, 1-2; CES 5-7, 4, 1-3
    (domain reference 2.1 to 2.3).
    """

    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"


_SCALES: Final[Mapping[Metric, range]] = {
    "nps": range(11),
    "csat": range(1, 6),
    "ces": range(1, 8),
}
# The least score of the promoter band and of the passive band.
_THRESHOLDS: Final[Mapping[Metric, tuple[int, int]]] = {
    "nps": (9, 7),
    "csat": (4, 3),
    "ces": (5, 4),
}

# Shown in random order, except that the last two stay last; one main reason, others optional.
EXIT_REASONS: Final = (
    "price_too_high",
    "poor_value",
    "competitor_better",
    "missing_feature_or_item",
    "product_quality",
    "technical_problems",
    "customer_service",
    "delivery_problems",
    "hard_to_use",
    "language_or_local_support",
    "no_longer_needed",
    "temporary_pause",
    "moved_or_not_served",
    "contract_or_terms",
    "payment_failed",
    "privacy_or_trust",
    "ethics",
    "other",
    "prefer_not",
)
# Reported as a series of their own: these customers did not choose to leave.
INVOLUNTARY_REASONS: Final = frozenset({"payment_failed"})


@dataclass(frozen=True, slots=True)
class Nps:
    """Net Promoter Score: `score`, `low` and `high` run from -100 to 100, None without answers.

    The interval is the 95 % adjusted Wald one, clipped. It lies around its own centre, so the score
    does not stand in its middle, and over a single answer of +-100 stands outside.
    """

    n: int
    score: float | None
    low: float | None
    high: float | None
    promoters: int
    passives: int
    detractors: int

    @property
    def bands(self) -> BandCounts:
        """The three counts as `surveys.chance` takes them."""
        return BandCounts(self.promoters, self.passives, self.detractors)


@dataclass(frozen=True, slots=True)
class Csat:
    """Share of answers 4 or 5 in percent with its 95 % Wilson interval, and the mean (1 to 5)."""

    n: int
    percent: float | None
    low: float | None
    high: float | None
    mean: float | None


@dataclass(frozen=True, slots=True)
class Ces:
    """Mean ease (1 to 7, high is good) with its 95 % t interval, and shares in percent.

    `low` and `high` are None below two answers. `net_percent` is 5-7 less 1-3.
    """

    n: int
    mean: float | None
    low: float | None
    high: float | None
    top3_percent: float | None
    top2_percent: float | None
    net_percent: float | None


def scale(metric: Metric) -> range:
    """Give the scores a metric allows: NPS 0-10, CSAT 1-5, CES 1-7."""
    return _SCALES[metric]


def band(metric: Metric, score: int) -> Band:
    """Name the band of one answer; ValueError when the scale has no such score."""
    if score not in _SCALES[metric]:
        raise ValueError(f"{metric} has no score {score}")
    promoter, passive = _THRESHOLDS[metric]
    if score >= promoter:
        return Band.PROMOTER
    return Band.PASSIVE if score >= passive else Band.DETRACTOR


def nps(promoters: int, passives: int, detractors: int) -> Nps:
    """Compute NPS from the counts of the three bands; ValueError for a negative count."""
    counts = BandCounts(promoters, passives, detractors)
    if counts.n == 0:
        return Nps(0, None, None, None, 0, 0, 0)
    low, high = net_estimate(counts).interval()
    return Nps(counts.n, counts.score, low, high, promoters, passives, detractors)


def csat(counts: Mapping[int, int]) -> Csat:
    """Compute CSAT from {score: answers}; ValueError off the scale or below zero."""
    tally = band_counts("csat", counts)
    if tally.n == 0:
        return Csat(0, None, None, None, None)
    satisfied = Share(tally.promoters, tally.n)
    low, high = wilson(satisfied)
    mean = moments(counts).mean
    return Csat(tally.n, _percent(satisfied.hits, tally.n), 100 * low, 100 * high, mean)


def ces(counts: Mapping[int, int]) -> Ces:
    """Compute CES (version 2.0) from {score: answers}; ValueError off the scale or below zero.

    The t interval is clipped to the scale, since no mean lies beyond 1 or 7.
    """
    tally = band_counts("ces", counts)
    n = tally.n
    if n == 0:
        return Ces(0, None, None, None, None, None, None)
    interval = mean_interval(counts)
    return Ces(
        n=n,
        mean=moments(counts).mean,
        low=max(1.0, interval.low) if interval else None,
        high=min(7.0, interval.high) if interval else None,
        top3_percent=_percent(tally.promoters, n),
        top2_percent=_percent(counts.get(6, 0) + counts.get(7, 0), n),
        net_percent=_percent(tally.promoters - tally.detractors, n),
    )


def band_counts(metric: Metric, counts: Mapping[int, int]) -> BandCounts:
    """Sort {score: answers} into the three bands; ValueError off the scale or below zero."""
    sums = dict.fromkeys(Band, 0)
    for score, answers in counts.items():
        if answers < 0:
            raise ValueError(f"{answers} answers of {score}")
        sums[band(metric, score)] += answers
    return BandCounts(sums[Band.PROMOTER], sums[Band.PASSIVE], sums[Band.DETRACTOR])


def _percent(part: int, whole: int) -> float:
    # Integers are divided once, so equal shares give equal floats and more hits never give less.
    return 100 * part / whole
