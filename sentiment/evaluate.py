"""Accuracy on labelled texts, as tables: `python -m sentiment.evaluate language|sentiment FILE...`.

A file holds JSON lines: `{"text", "lang", "source"}` for language, `{"text", "lang", "label"}` for
sentiment. Language is judged end to end, macro over the 39 languages, on the sources of comments.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO
from zlib import crc32

from sentiment.clean import for_model
from sentiment.language import LanguageDetector
from sentiment.language_codes import CORE
from sentiment.model import DEFAULT_FOLDER, LABELS, SentimentModel
from sentiment.verdict import Language

Row = dict[str, Any]

_COMMENTS = frozenset({"xed", "feedback"})
_STAND_IN = "tatoeba"
"""Judges the languages that the sources of comments lack."""

_IN_FORM = 0.9
"""The share of texts in the form's own language, in the 90 / 10 setting."""


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sentiment.evaluate", description=__doc__)
    parser.add_argument("what", choices=("language", "sentiment"))
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--model", type=Path, default=DEFAULT_FOLDER)
    options = parser.parse_args(arguments)
    rows = [row for path in options.files for row in _read(path)]
    if options.what == "language":
        lines = language_report(rows)
    else:
        lines = sentiment_report(rows, SentimentModel(options.model))
    for line in lines:
        print(line, file=out)
    return 0


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def language_report(rows: Sequence[Row]) -> list[str]:
    """Per language without a prior and with the form's; then the summary the product promises."""
    detector = LanguageDetector()
    rows = comment_rows(rows)
    settings: dict[str, Callable[[Row], str | None]] = {
        "no locale": lambda _row: None,
        "locale, text in it": lambda row: str(row["lang"]),
        "locale, text in another": _other_language,
    }
    results = {
        name: [_judge(row, detector.detect(row["text"], locale(row))) for row in rows]
        for name, locale in settings.items()
    }
    lines = ["lang      n   no locale  with locale"]
    for name in sorted({str(row["lang"]) for row in rows}):
        at = [place for place, row in enumerate(rows) if row["lang"] == name]
        shares = [
            100 * _mean(results[setting][place]["best"] for place in at)
            for setting in ("no locale", "locale, text in it")
        ]
        lines.append(f"{name:4} {len(at):6} {shares[0]:10.1f} {shares[1]:12.1f}")
    lines += ["", "setting                     always  answered  right of answered"]
    lines += [_summary(name, _macro(rows, judged)) for name, judged in results.items()]
    inside, outside = (_macro(rows, results[name]) for name in list(settings)[1:])
    mixed = {key: _IN_FORM * inside[key] + (1 - _IN_FORM) * outside[key] for key in inside}
    return [*lines, _summary("90 / 10", mixed)]


def comment_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows that are comments in the 39 languages, and stand-ins for languages without."""
    known = [row for row in rows if row["lang"] in CORE]
    comments = [row for row in known if row.get("source") in _COMMENTS]
    covered = {row["lang"] for row in comments}
    spare = [r for r in known if r.get("source") == _STAND_IN and r["lang"] not in covered]
    return [*comments, *spare] or known


def _judge(row: Row, found: Language) -> dict[str, float]:
    """`best`: right if an answer is forced; `answered`; `right`: answered and right."""
    answered = found.code != "und"
    return {
        "best": found.best == row["lang"],
        "answered": answered,
        "right": answered and found.code == row["lang"],
    }


def _other_language(row: Row) -> str:
    """A form in one of the other languages, drawn by the text itself: the same every time."""
    others = [name for name in CORE if name != row["lang"]]
    return others[crc32(row["text"].encode("utf-8", "replace")) % len(others)]


def _macro(rows: Sequence[Row], judged: Sequence[dict[str, float]]) -> dict[str, float]:
    groups: dict[str, list[dict[str, float]]] = defaultdict(list)
    for row, result in zip(rows, judged, strict=True):
        groups[row["lang"]].append(result)
    return {
        key: _mean(_mean(result[key] for result in group) for group in groups.values())
        for key in ("best", "answered", "right")
    }


def _summary(name: str, shares: dict[str, float]) -> str:
    right = shares["right"] / shares["answered"] if shares["answered"] else 0.0
    return f"{name:24} {_percent(shares['best'])} {_percent(shares['answered'])} {_percent(right)}"


def _percent(share: float) -> str:
    return f"{100 * share:9.2f}"


def sentiment_report(rows: Sequence[Row], model: SentimentModel) -> list[str]:
    """Macro-F1 and accuracy by language; texts without a label of ours are left out."""
    rows = [row for row in rows if row.get("label") in LABELS and for_model(row["text"])]
    readings = model.read([for_model(row["text"]) for row in rows])
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    unknown = 0
    for row, reading in zip(rows, readings, strict=True):
        chances = reading.sentiment
        guess = max(LABELS, key=lambda label: getattr(chances, label))
        pairs[row["lang"]].append((row["label"], guess))
        unknown += chances.label == "unknown"
    lines = ["lang      n   macro-F1  accuracy"]
    for name, found in sorted(pairs.items()):
        lines.append(f"{name:4} {len(found):6} {_percent(macro_f1(found))} {_accuracy(found)}")
    every = [pair for found in pairs.values() for pair in found]
    average = _mean(macro_f1(found) for found in pairs.values())
    lines.append(f"mean {len(every):6} {_percent(average)} {_accuracy(every)}")
    return [*lines, f"unknown: {_percent(unknown / max(1, len(rows))).strip()} %"]


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean F1 of the labels that occur in the gold standard."""
    scores = []
    for label in sorted({gold for gold, _ in pairs}):
        both = sum(gold == guess == label for gold, guess in pairs)
        either = sum(gold == label for gold, _ in pairs) + sum(guess == label for _, guess in pairs)
        scores.append(2 * both / either)
    return _mean(scores)


def _accuracy(pairs: Sequence[tuple[str, str]]) -> str:
    return _percent(_mean(gold == guess for gold, guess in pairs))


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else 0.0


if __name__ == "__main__":
    sys.exit(main())
