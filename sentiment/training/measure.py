"""Figures: macro-F1, calibration, the threshold under which the answer is `unknown`."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sentiment.training.rows import Row

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

# The answers kept are to be right this often; the threshold is the lowest that reaches it.
RIGHT_SHARE = 0.75


def f1(guesses: Ints, labels: Ints, classes: Iterable[int]) -> float:
    """Unweighted mean of the classes' F1, 0 to 1."""
    scores = []
    for label in classes:
        hits = int(((guesses == label) & (labels == label)).sum())
        both = int((guesses == label).sum() + (labels == label).sum())
        scores.append(2 * hits / both if both else 0.0)
    return float(np.mean(scores))


def places_of(rows: list[Row]) -> dict[tuple[str, str], list[int]]:
    """(file, language) -> where its rows stand."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        places[row.file, row.language].append(i)
    return dict(sorted(places.items()))


def three_way(logits: Floats, rows: list[Row]) -> float:
    """Macro-F1 of the three-way answer, over the classes that the rows have."""
    labels = np.array([row.label for row in rows])
    return f1(logits.argmax(1), labels, sorted(set(labels.tolist())))


def two_way(logits: Floats, rows: list[Row]) -> float:
    """Macro-F1 of negative against positive on the rows that are either."""
    labels = np.array([row.label for row in rows])
    ends = labels != 1
    guesses = np.where(logits[:, 0] > logits[:, 2], 0, 2)
    return f1(guesses[ends], labels[ends], [0, 2])


def tweet_scores(logits: Floats, rows: list[Row]) -> dict[str, float]:
    """Language -> macro-F1 on the UMSAB rows, and their `mean`."""
    scores = {
        language: three_way(logits[found], [rows[i] for i in found])
        for (file, language), found in places_of(rows).items()
        if file == "open_umsab"
    }
    return scores | {"mean": float(np.mean(list(scores.values())))}


def probabilities(logits: Floats, temperature: float, has_neutral: Ints | None = None) -> Floats:
    """Softmax of logits / temperature, [rows, classes]; rows without neutrals share out the two ends."""
    scaled = logits / temperature
    raised = np.exp(scaled - scaled.max(1, keepdims=True))
    if has_neutral is not None:
        raised[:, 1] *= has_neutral
    shares: Floats = raised / raised.sum(1, keepdims=True)
    return shares


def fit_temperature(logits: Floats, labels: Ints, has_neutral: Ints | None = None) -> float:
    """The temperature of the least log loss, to a hundredth."""

    def loss(temperature: float) -> float:
        shares = probabilities(logits, temperature, has_neutral)
        return float(-np.log(shares[np.arange(len(labels)), labels] + 1e-12).sum())

    return min((float(t) for t in np.arange(0.5, 3.0, 0.01)), key=loss)


def choose_threshold(shares: Floats, labels: Ints) -> float:
    """The lowest threshold, in steps of .01, whose answers are right often enough."""
    right, surest = shares.argmax(1) == labels, shares.max(1)
    steps = [round(float(t), 2) for t in np.arange(0.34, 0.95, 0.01)]
    good = (t for t in steps if right[surest >= t].mean() >= RIGHT_SHARE)
    return next(good, steps[-1])
