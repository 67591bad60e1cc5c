"""Figures: macro-F1, calibration, and the threshold below which the answer is `unknown`."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sentiment.training.rows import Row

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]


def f1(guesses: Ints, labels: Ints, classes: Iterable[int]) -> float:
    """Unweighted mean of the classes' F1, 0 to 1."""
    scores = []
    for label in classes:
        hits = int(((guesses == label) & (labels == label)).sum())
        wrong = int((guesses == label).sum() + (labels == label).sum()) - 2 * hits
        scores.append(2 * hits / (2 * hits + wrong) if hits else 0.0)
    return float(np.mean(scores))


def macro_f1(guesses: Ints, rows: list[Row]) -> dict[str, float]:
    """language -> F1 over the classes that its rows have; `mean` is the mean of the languages."""
    places: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        places[row.language].append(i)
    labels = np.array([row.label for row in rows])
    scores = {
        language: f1(guesses[found], labels[found], set(labels[found].tolist()))
        for language, found in sorted(places.items())
    }
    return scores | {"mean": float(np.mean(list(scores.values())))}
