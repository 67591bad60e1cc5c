"""What a theme goes along with in NPS: everybody's less that of those who did not name it, with a bootstrap interval."""

from typing import Final

import numpy as np

from surveys.chance import impact, shrink
from surveys.digests.compare import Figures
from surveys.tallies import BandCounts

IMPACT_AT_LEAST: Final = 10
SHRINK_TOWARDS: Final = 30
DRAWS: Final = 1000


def impact_of(code: str, everyone: BandCounts, theme: BandCounts | None, seed: int) -> Figures | None:
    """Points of NPS (leave-one-out), from ten answers on; `shrunk` as if 30 more answers had been like everybody's.

    The interval draws the week's answers again, a thousand times, always the same for the same week and counts.
    """
    if theme is None or theme.n < IMPACT_AT_LEAST:
        return None
    found = impact(everyone, theme)
    if found.points is None:
        return {
            "n": found.n,
            "score": found.score,
            "without": None,
            "points": None,
            "low": None,
            "high": None,
            "shrunk": None,
        }
    low, high = _interval(everyone, theme, (seed, *code.encode()))
    return {
        "n": found.n,
        "score": found.score,
        "without": found.without,
        "points": found.points,
        "low": low,
        "high": high,
        "shrunk": shrink(found.points, found.n, towards=0.0, k=SHRINK_TOWARDS),
    }


def _interval(everyone: BandCounts, theme: BandCounts, seed: tuple[int, ...]) -> tuple[float, float]:
    rest = everyone - theme
    parts = np.array(
        [theme.promoters, theme.passives, theme.detractors, rest.promoters, rest.passives, rest.detractors],
        float,
    )
    drawn = np.random.default_rng(list(seed)).multinomial(everyone.n, parts / parts.sum(), size=DRAWS)
    net = drawn[:, [0, 3]] - drawn[:, [2, 5]]
    without = drawn[:, 3:].sum(1)
    kept = without > 0
    points = 100 * (net[kept].sum(1) / everyone.n - net[kept, 1] / without[kept])
    low, high = np.quantile(points, (0.025, 0.975)) if kept.any() else (0.0, 0.0)
    return float(low), float(high)
