"""Figures: macro-F1, calibration, the threshold under which the answer is `unknown`."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sentiment.training.rows import Row

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

ECE_BINS = 15
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


def source_weights(rows: list[Row]) -> Floats:
    """A weight for each row: every file counts the same, and within it every language."""
    places = places_of(rows)
    languages = Counter(file for file, _ in places)
    weights = np.zeros(len(rows))
    for (file, _), found in places.items():
        weights[found] = 1 / (len(languages) * languages[file] * len(found))
    return weights


def probabilities(logits: Floats, temperature: float) -> Floats:
    """Softmax of logits / temperature, [rows, classes]."""
    scaled = logits / temperature
    raised = np.exp(scaled - scaled.max(1, keepdims=True))
    shares: Floats = raised / raised.sum(1, keepdims=True)
    return shares


def fit_temperature(logits: Floats, labels: Ints, weights: Floats) -> float:
    """The temperature of the least weighted log loss, to a hundredth."""

    def loss(temperature: float) -> float:
        right = probabilities(logits, temperature)[np.arange(len(labels)), labels]
        return float(-(weights * np.log(right + 1e-12)).sum())

    return min((float(t) for t in np.arange(0.5, 3.0, 0.01)), key=loss)


def calibration_error(shares: Floats, labels: Ints, weights: Floats) -> float:
    """Expected calibration error of the largest probability, in equal bins."""
    surest = shares.max(1)
    right = shares.argmax(1) == labels
    bins = np.minimum((surest * ECE_BINS).astype(int), ECE_BINS - 1)
    gaps = [(weights * (surest - right))[bins == i].sum() for i in range(ECE_BINS)]
    return float(np.abs(gaps).sum() / weights.sum())


def answered(shares: Floats, labels: Ints, weights: Floats, threshold: float) -> tuple[float, float]:
    """The share of texts answered, and how many of those answers are right."""
    kept = shares.max(1) >= threshold
    right = kept & (shares.argmax(1) == labels)
    total = weights[kept].sum()
    return float(total / weights.sum()), float(weights[right].sum() / total) if total else 1.0


def choose_threshold(shares: Floats, labels: Ints, weights: Floats) -> float:
    """The lowest threshold, in steps of .01, whose answers are right often enough."""
    steps = [round(float(t), 2) for t in np.arange(0.34, 0.95, 0.01)]
    good = (t for t in steps if answered(shares, labels, weights, t)[1] >= RIGHT_SHARE)
    return next(good, steps[-1])


def parallel_share(vectors: Floats, keys: list[str], languages: list[str]) -> float:
    """How often the nearest text in another language says the same (has the same key)."""
    centred = vectors - vectors.mean(0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    likeness = unit @ unit.T
    tongues = np.array(languages)
    likeness[tongues[:, None] == tongues[None, :]] = -2
    names = np.array(keys)
    return float((names[likeness.argmax(1)] == names).mean())
