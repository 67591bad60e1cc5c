"""From which chance on the model tells a theme, and `mixed`: chosen on the development sets."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sentiment.evaluate_rows import development_rows
from sentiment.themes import THEMES, find_themes
from sentiment.training.export import Outputs
from sentiment.training.folder import Least

Floats = NDArray[np.floating]
Marks = NDArray[np.bool_]

STEPS = tuple(round(float(t), 2) for t in np.arange(0.05, 0.96, 0.01))
"""The thresholds that are tried."""

OWN_SHARE = 0.7
OWN_BOUNDS = (0.4, 0.6)


def choose_thresholds(run: Callable[[list[str]], Outputs], feeling: float) -> Least:
    """For themes and `mixed` those of the best F1 on the development sets, in steps of .01."""
    rows = development_rows()
    found = run([row.text for row in rows])
    gold = np.array([[code in (row.themes or ()) for code in THEMES] for row in rows])
    listed = [{hit.code for hit in find_themes(row.text, row.language or "")} for row in rows]
    named = np.array([[code in codes for code in THEMES] for codes in listed])
    alone = best_threshold(found.themes[~named], gold[~named])
    together = best_threshold(found.themes[named], gold[named])
    mixed = np.array([row.sentiment == "mixed" for row in rows])
    own = own_thresholds(1 / (1 + np.exp(-found.themes)), gold, named, alone)
    return Least(feeling, best_threshold(found.mixed, mixed), alone, together, own)


def own_thresholds(chances: Floats, gold: Marks, named: Marks, common: float) -> dict[str, float]:
    """Each theme's own threshold: OWN_SHARE of the way from the common one to the one that serves the
    micro-F1 best, within OWN_BOUNDS. All [texts, themes]; `named` marks what a keyword speaks for.

    A theme has 60 to 100 texts: all of the way fits their chance too. Chosen on four fifths and measured
    on the fifth, this way gains half a point over the common threshold, all of the way a fifth.
    """
    told = (chances >= common) & ~named
    right = float(2 * (told & gold).sum() / (told.sum() + (gold & ~named).sum()))
    found = {}
    for code, chance, is_theme, listed in zip(THEMES, chances.T, gold.T, named.T, strict=True):
        free, wanted = chance[~listed], is_theme[~listed]
        # What a theme's labels add to the micro-F1: each right one two, each one told what is lost by it.
        best = max(STEPS, key=lambda t, f=free, w=wanted: 2 * (w & (f >= t)).sum() - right * (f >= t).sum())
        moved = common + OWN_SHARE * (best - common)
        found[code] = round(float(np.clip(moved, *OWN_BOUNDS)), 2)
    return found


def best_threshold(scores: Floats, gold: Marks) -> float:
    """The chance that parts log-odds best, by the F1 of all labels together."""
    chances = 1 / (1 + np.exp(-scores))

    def f1(least: float) -> float:
        told = chances >= least
        return float(2 * (told & gold).sum() / (told.sum() + gold.sum()))

    return max(STEPS, key=f1)
