"""From which chance on the model tells a theme, and `mixed`: chosen on the development sets."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sentiment.evaluate_rows import development_rows
from sentiment.themes import THEMES, find_themes
from sentiment.training.folder import Least, Outputs

Floats = NDArray[np.floating]
Marks = NDArray[np.bool_]

STEPS = tuple(round(float(t), 2) for t in np.arange(0.05, 0.96, 0.01))
"""The thresholds that are tried."""

MIXED_ROOM = 0.01
"""Of F1 on comments, given up for fewer posts that are told `mixed`: less than 124 mixed texts can tell."""

OWN_SHARE = 0.7
OWN_BOUNDS = (0.4, 0.6)


def choose_thresholds(run: Callable[[list[str]], Outputs], feeling: float) -> Least:
    """For themes those of the best F1 on the development sets, in steps of .01; for `mixed` the highest
    near the best, as no post of a source trained on is labelled so.
    """
    rows = development_rows()
    found = run([row.text for row in rows])
    gold = np.array([[code in (row.themes or ()) for code in THEMES] for row in rows])
    listed = [{hit.code for hit in find_themes(row.text, row.language or "")} for row in rows]
    named = np.array([[code in codes for code in THEMES] for codes in listed])
    alone = best_threshold(found.themes[~named], gold[~named])
    together = best_threshold(found.themes[named], gold[named])
    mixed = np.array([row.sentiment == "mixed" for row in rows])
    own = own_thresholds(1 / (1 + np.exp(-found.themes)), gold, named, alone)
    return Least(feeling, highest_near_best(found.mixed, mixed, MIXED_ROOM), alone, together, own)


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
        added = [float(2 * (wanted & (free >= t)).sum() - right * (free >= t).sum()) for t in STEPS]
        best = STEPS[int(np.argmax(added))]
        moved = common + OWN_SHARE * (best - common)
        found[code] = round(float(np.clip(moved, *OWN_BOUNDS)), 2)
    return found


def best_threshold(scores: Floats, gold: Marks) -> float:
    """The chance that parts log-odds best, by the F1 of all labels together; the lowest of several."""
    found = f1_by_threshold(scores, gold)
    return max(found, key=found.__getitem__)


def highest_near_best(scores: Floats, gold: Marks, room: float) -> float:
    """The highest chance whose F1 lies at most `room` under the best one's."""
    found = f1_by_threshold(scores, gold)
    least = max(found.values()) - room
    return max(threshold for threshold, f1 in found.items() if f1 >= least)


def f1_by_threshold(scores: Floats, gold: Marks) -> dict[float, float]:
    """The F1 of all labels together, were log-odds told from each of STEPS on."""
    chances = 1 / (1 + np.exp(-scores))

    def f1(least: float) -> float:
        told = chances >= least
        return float(2 * (told & gold).sum() / (told.sum() + gold.sum()))

    return {least: f1(least) for least in STEPS}
