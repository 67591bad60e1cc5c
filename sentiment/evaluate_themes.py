"""How well themes are told: micro-F1 over all labels, for each theme, and without the help of a keyword.

A label is "without a listed keyword" when the vocabulary of the text's language has no stem of that
theme in the text: what a list of words could not have found.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sentiment.evaluate_figures import class_f1, mean, micro_f1, percent, share, sureness
from sentiment.evaluate_rows import Labelled
from sentiment.themes import THEMES, find_themes
from sentiment.verdict import Verdict

Pair = tuple[Labelled, Verdict]


def measure_themes(rows: Sequence[Labelled], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The card's entries: over all texts, for each language, for each theme."""
    found = [(row, verdict) for row, verdict in zip(rows, verdicts, strict=True) if row.themes is not None]
    groups: dict[str, list[Pair]] = defaultdict(list)
    for row, verdict in found:
        groups[row.language or "und"].append((row, verdict))
    return {
        "all": theme_entry(found),
        "languages": {name: theme_entry(group) for name, group in sorted(groups.items())},
        "themes": {code: _one_theme(found, code) for code in THEMES},
    }


def theme_entry(found: Sequence[Pair]) -> dict[str, Any]:
    """Texts, labels, micro-F1; recall without a keyword; how sure; texts with a theme; right of those told."""
    f1 = micro_f1([_counted(row, verdict) for row, verdict in found])
    hits = [
        (hit.confidence, hit.code in (row.themes or ()))
        for row, verdict in found
        for hit in verdict.themes
        if hit.code in THEMES
    ]
    hidden = [code in _told(verdict) for row, verdict in found for code in _without_keyword(row)]
    sure = sureness([confidence for confidence, _ in hits], [right for _, right in hits])
    recall = share(hidden)
    return {
        "n": len(found),
        "labels": sum(len(row.themes or ()) for row, _ in found),
        "f1": f1.value,
        "low": f1.low,
        "high": f1.high,
        "without_keyword": {
            "n": len(hidden),
            "recall": recall.value,
            "low": recall.low,
            "high": recall.high,
        },
        "calibration_error": sure.error,
        "calibration_by_chance": sure.by_chance,
        "answered": percent(mean([bool(_told(verdict)) for _, verdict in found])),
        "right_of_answered": percent(mean([right for _, right in hits])),
    }


def _one_theme(found: Sequence[Pair], code: str) -> dict[str, Any]:
    pairs = [(str(code in (row.themes or ())), str(code in _told(verdict))) for row, verdict in found]
    f1 = class_f1(pairs, "True")
    hits = sum(pair == ("True", "True") for pair in pairs)
    labels, told = (sum(pair[side] == "True" for pair in pairs) for side in (0, 1))
    return {
        "n": labels,
        "f1": f1.value,
        "low": f1.low,
        "high": f1.high,
        "precision": percent(hits / told) if told else 0.0,
        "recall": percent(hits / labels) if labels else 0.0,
    }


def _told(verdict: Verdict) -> frozenset[str]:
    return frozenset(hit.code for hit in verdict.themes) & frozenset(THEMES)


def _counted(row: Labelled, verdict: Verdict) -> tuple[int, int, int]:
    gold, told = row.themes or frozenset(), _told(verdict)
    return len(gold & told), len(told - gold), len(gold - told)


def _without_keyword(row: Labelled) -> list[str]:
    """The labels that no listed keyword of the text's language speaks for."""
    listed = {hit.code for hit in find_themes(row.text, row.language or "")}
    return sorted((row.themes or frozenset()) - listed)
