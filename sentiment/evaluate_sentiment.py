"""How well feelings are told: macro-F1 of the three, calibration, and what stays answered.

Macro-F1 and calibration judge the forced answer of the three chances on texts labelled negative,
neutral or positive. "Answered" and "right of answered" judge the label as the product gives it, on
these and on mixed texts.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.evaluate_figures import class_f1, macro_f1, mean, percent, sureness
from sentiment.evaluate_rows import Labelled
from sentiment.verdict import Verdict

THREE = ("negative", "neutral", "positive")


def sentiment_entry(
    gold: Sequence[str], chances: NDArray[np.floating[Any]], told: Sequence[str]
) -> dict[str, Any]:
    """The card's entry for some texts: people's labels, chances [texts, 3], the labels given."""
    three = [at for at, label in enumerate(gold) if label in THREE]
    surest = np.asarray(chances, np.float64).reshape(len(gold), len(THREE))
    pairs = [(gold[at], THREE[int(surest[at].argmax())]) for at in three]
    f1 = macro_f1(pairs)
    sure = sureness([float(surest[at].max()) for at in three], [label == guess for label, guess in pairs])
    answered = [at for at, label in enumerate(told) if label != "unknown"]
    return {
        "n": len(three),
        "f1": f1.value,
        "low": f1.low,
        "high": f1.high,
        "accuracy": percent(mean([label == guess for label, guess in pairs])),
        "calibration_error": sure.error,
        "calibration_by_chance": sure.by_chance,
        "answered": percent(len(answered) / max(1, len(gold))),
        "right_of_answered": percent(mean([told[at] == gold[at] for at in answered])),
    }


def measure_sentiment(rows: Sequence[Labelled], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The card's entries: over all texts, and for each language; languages without label are left out."""
    found = [(row, verdict) for row, verdict in zip(rows, verdicts, strict=True) if row.sentiment]
    groups: dict[str, list[tuple[Labelled, Verdict]]] = defaultdict(list)
    for row, verdict in found:
        groups[row.language or "und"].append((row, verdict))
    every = _entry(found)
    mixed = class_f1([(str(row.sentiment), verdict.sentiment.label) for row, verdict in found], "mixed")
    labelled = sum(row.sentiment == "mixed" for row, _ in found)
    if labelled:
        every["mixed"] = {"n": labelled, "f1": mixed.value, "low": mixed.low, "high": mixed.high}
    return {"all": every, "languages": {name: _entry(group) for name, group in sorted(groups.items())}}


def _entry(found: Sequence[tuple[Labelled, Verdict]]) -> dict[str, Any]:
    return sentiment_entry(
        [str(row.sentiment) for row, _ in found],
        np.array([chances_of(verdict) for _, verdict in found]),
        [verdict.sentiment.label for _, verdict in found],
    )


def chances_of(verdict: Verdict) -> tuple[float, float, float]:
    """The chances behind a verdict, in the order of `THREE`."""
    told = verdict.sentiment
    return told.negative, told.neutral, told.positive
