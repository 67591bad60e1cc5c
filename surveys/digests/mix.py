"""Which countries a figure is made of, and what it would be if they had not changed.

A group's score moves when its countries answer in other shares than they used to, although nobody in them thinks
otherwise. Where the shares moved beyond chance, the past is weighted to the countries of now (post-stratified): the
question is then what today's countries used to say.
"""

import math
from dataclasses import dataclass
from importlib import import_module
from typing import Final

import numpy as np

from surveys.digests.snapshot import Floats, Ints

# A country with fewer answers in the past is put with the other small ones.
STRATUM_AT_LEAST: Final = 30
MOVED: Final = 0.01
# Shares that moved by less than this in all do not move a score.
LEAST_MOVE: Final = 0.05


@dataclass(frozen=True)
class Standard:
    """The difference of means to a past weighted to the countries of now, in the unit of the values."""

    value: float
    se: float
    usual: float  # the weighted past

    @property
    def z(self) -> float:
        """How many standard errors."""
        return self.value / self.se if self.se else 0.0


def strata(now: Ints, base: Ints) -> tuple[Ints, Ints]:
    """Countries by row, the small ones in one last row; any further axes are kept."""
    past = base.sum(tuple(range(1, base.ndim)))
    large = past >= STRATUM_AT_LEAST
    rest_now, rest_base = now[~large].sum(0, keepdims=True), base[~large].sum(0, keepdims=True)
    if int(rest_base.sum()) < STRATUM_AT_LEAST and large.any():
        # Too few to weigh: they stand with the largest country.
        most = int(np.argmax(np.where(large, past, -1)))
        now, base = now.copy(), base.copy()
        now[most] += rest_now[0]
        base[most] += rest_base[0]
        return now[large], base[large]
    return np.concatenate([now[large], rest_now]), np.concatenate([base[large], rest_base])


def moved(now: Ints, base: Ints) -> bool:
    """Whether the shares of the strata differ beyond chance (chi-square) and by more than a little."""
    n, m = int(now.sum()), int(base.sum())
    if len(now) < 2 or n == 0 or m == 0:
        return False
    if abs(now / n - base / m).sum() / 2 < LEAST_MOVE:
        return False
    both = (now + base) / (n + m)
    held = both > 0
    square = sum(
        float(((part[held] - both[held] * total) ** 2 / (both[held] * total)).sum())
        for part, total in ((now, n), (base, m))
    )
    special = import_module("scipy.special")  # costs a second; most requests need none of it
    return float(special.chdtrc(int(held.sum()) - 1, square)) < MOVED


def standard(now: Ints, base: Ints, values: Floats) -> Standard | None:
    """Compare with the weighted past, given answers by country and value; None where the countries did not move."""
    here, past = strata(now, base)
    if not moved(here.sum(1), past.sum(1)):
        return None
    n, answers = here.sum(1), past.sum(1)
    weight = n / n.sum()
    mean, variance = _moments(past, values)
    own_mean, own_variance = _moments(here.sum(0, keepdims=True), values)
    _within, spread = _moments(here, values)
    if not own_variance.any():
        return None
    se = math.sqrt(
        float((weight**2 * variance / answers).sum()) + float((weight * spread).sum()) / float(n.sum())
    )
    return Standard(float(own_mean[0] - weight @ mean), se or 1.0, float(weight @ mean))


def standard_share(now: Ints, base: Ints, hits: Ints) -> tuple[float, float] | None:
    """Hits and answers of the past as if its countries were those of now; None where they did not move.

    No more answers than the weights leave of them (Kish's effective number): where few of the past answers are of what is
    now the largest country, and none of these a hit, its variance says nothing and the past is hardly known.
    """
    here, past = strata(np.stack([now, now], 1), np.stack([base, hits], 1))
    answers, hit = past[:, 0], past[:, 1]
    if not moved(here[:, 0], answers):
        return None
    weight = here[:, 0] / here[:, 0].sum()
    share = hit / np.maximum(answers, 1)
    rate = float(weight @ share)
    variance = float((weight**2 * share * (1 - share) / np.maximum(answers, 1)).sum())
    n = rate * (1 - rate) / variance if variance else float(answers.sum())
    n = min(n, 1 / float((weight**2 / np.maximum(answers, 1)).sum()))
    return rate * n, n


def _moments(counts: Ints, values: Floats) -> tuple[Floats, Floats]:
    n = counts.sum(1).clip(1)
    mean = counts @ values / n
    return mean, (counts @ values**2 / n - mean**2).clip(0)
