"""Answers counted and checked once: shares, the three bands, moments of a scale; no inference."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Moments(NamedTuple):
    """Number of answers, mean, and standard deviation with n - 1 (None below two answers)."""

    n: int
    mean: float
    sd: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` out of `n`, with n at least 1."""

    hits: int
    n: int

    def __post_init__(self) -> None:
        if not (0 <= self.hits <= self.n and self.n > 0):
            raise ValueError(f"{self.hits} of {self.n} is not a share")

    @property
    def value(self) -> float:
        """The share, 0..1."""
        return self.hits / self.n


@dataclass(frozen=True, slots=True)
class BandCounts:
    """How many answers fell into each NPS band."""

    promoters: int
    passives: int
    detractors: int

    def __post_init__(self) -> None:
        if min(self.promoters, self.passives, self.detractors) < 0:
            raise ValueError(f"a count is below zero: {self}")

    @property
    def n(self) -> int:
        """All answers."""
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float:
        """Raw NPS; ValueError without answers."""
        if self.n == 0:
            raise ValueError("no answers, no score")
        return 100 * (self.promoters - self.detractors) / self.n

    def __sub__(self, part: "BandCounts") -> "BandCounts":
        return BandCounts(
            self.promoters - part.promoters,
            self.passives - part.passives,
            self.detractors - part.detractors,
        )


def moments(counts: Mapping[int, int]) -> Moments:
    """Take n, mean and sd of {score: answers}; ValueError without answers or below zero."""
    n = sum(counts.values())
    if n == 0 or min(counts.values()) < 0:
        raise ValueError(f"no mean of {dict(counts)}")
    total = sum(score * answers for score, answers in counts.items())
    if n == 1:
        return Moments(n, float(total), None)
    # n * sum(x^2) - sum(x)^2 stays in whole numbers: identical answers give exactly 0.
    squares = sum(score * score * answers for score, answers in counts.items())
    return Moments(n, total / n, math.sqrt((n * squares - total * total) / (n * (n - 1))))
