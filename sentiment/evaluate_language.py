"""How well languages are told: without a form, and with one that is right nine times of ten."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

from sentiment.evaluate_figures import class_f1, macro_f1, mean, percent, sureness
from sentiment.evaluate_rows import Labelled
from sentiment.language import LanguageDetector
from sentiment.language_codes import CORE
from sentiment.verdict import Language

IN_FORM = 0.9
"""The share of texts in the form's own language, in the 90 / 10 setting."""

_COMMENTS = frozenset({"xed", "feedback"})
_STAND_IN = "tatoeba"
"""Judges the languages that the sources of comments lack."""

Shares = dict[str, float]


def measure_language(rows: Sequence[Labelled], detector: LanguageDetector) -> dict[str, Any]:
    """The card's entries: over all languages, and for each."""
    rows = [row for row in rows if row.language in detector.languages]
    alone = [detector.detect(row.text) for row in rows]
    inside = [detector.detect(row.text, row.language) for row in rows]
    outside = [detector.detect(row.text, other_language(row)) for row in rows]
    pairs = [(str(row.language), found.best) for row, found in zip(rows, alone, strict=True)]
    places: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        places[str(row.language)].append(at)

    def entry(at: Sequence[int]) -> dict[str, Any]:
        some = [rows[place] for place in at]
        told = _shares(some, [alone[place] for place in at])
        sure = sureness(
            [alone[place].confidence for place in at], [pairs[place][0] == pairs[place][1] for place in at]
        )
        forms = [_shares(some, [found[place] for place in at]) for found in (inside, outside)]
        return {
            "calibration_error": sure.error,
            "calibration_by_chance": sure.by_chance,
            **_answered(told),
            "with_form": percent(_mixed(*forms)["best"]),
        }

    def scored(name: str) -> dict[str, Any]:
        f1 = class_f1(pairs, name)
        return {"n": len(places[name]), "f1": f1.value, "low": f1.low, "high": f1.high}

    whole = macro_f1(pairs)
    every = {"n": len(rows), "f1": whole.value, "low": whole.low, "high": whole.high}
    return {
        "all": every | (entry(range(len(rows))) if rows else {}),
        "languages": {name: scored(name) | entry(at) for name, at in sorted(places.items())},
    }


def language_report(rows: Sequence[Labelled], detector: LanguageDetector) -> list[str]:
    """Per language without a prior and with the form's; then the summary the product promises."""
    rows = comment_rows(rows)
    settings: dict[str, Callable[[Labelled], str | None]] = {
        "no locale": lambda _row: None,
        "locale, text in it": lambda row: row.language,
        "locale, text in another": other_language,
    }
    found = {
        name: [detector.detect(row.text, locale(row)) for row in rows] for name, locale in settings.items()
    }
    lines = ["lang      n   no locale  with locale"]
    for name in sorted({str(row.language) for row in rows}):
        at = [place for place, row in enumerate(rows) if row.language == name]
        shares = [
            100 * mean([found[setting][place].best == name for place in at])
            for setting in ("no locale", "locale, text in it")
        ]
        lines.append(f"{name:4} {len(at):6} {shares[0]:10.1f} {shares[1]:12.1f}")
    lines += ["", "setting                     always  answered  right of answered"]
    macro = {name: _macro(rows, told) for name, told in found.items()}
    lines += [_summary(name, shares_of) for name, shares_of in macro.items()]
    inside, outside = (macro[name] for name in list(settings)[1:])
    return [*lines, _summary("90 / 10", _mixed(inside, outside))]


def comment_rows(rows: Sequence[Labelled]) -> list[Labelled]:
    """The rows that are comments in the 39 languages, and stand-ins for languages without."""
    known = [row for row in rows if row.language in CORE]
    comments = [row for row in known if row.origin in _COMMENTS]
    covered = {row.language for row in comments}
    spare = [row for row in known if row.origin == _STAND_IN and row.language not in covered]
    return [*comments, *spare] or known


def other_language(row: Labelled) -> str:
    """A form in one of the other languages, drawn by the text itself: the same every time."""
    others = [name for name in CORE if name != row.language]
    return others[crc32(row.text.encode("utf-8", "replace")) % len(others)]


def _shares(rows: Sequence[Labelled], told: Sequence[Language]) -> Shares:
    """`best`: right if an answer is forced; `answered`; `right`: answered and right."""
    pairs = list(zip(rows, told, strict=True))
    return {
        "best": mean([found.best == row.language for row, found in pairs]),
        "answered": mean([found.code != "und" for _, found in pairs]),
        "right": mean([found.code == row.language for row, found in pairs]),
    }


def _macro(rows: Sequence[Labelled], told: Sequence[Language]) -> Shares:
    groups: dict[str, list[tuple[Labelled, Language]]] = defaultdict(list)
    for row, found in zip(rows, told, strict=True):
        groups[str(row.language)].append((row, found))
    each = [_shares([row for row, _ in group], [found for _, found in group]) for group in groups.values()]
    return {key: mean([shares[key] for shares in each]) for key in ("best", "answered", "right")}


def _mixed(inside: Shares, outside: Shares) -> Shares:
    return {key: IN_FORM * inside[key] + (1 - IN_FORM) * outside[key] for key in inside}


def _answered(shares: Shares) -> Shares:
    right = shares["right"] / shares["answered"] if shares["answered"] else 0.0
    return {"answered": percent(shares["answered"]), "right_of_answered": percent(right)}


def _summary(name: str, shares: Shares) -> str:
    right = shares["right"] / shares["answered"] if shares["answered"] else 0.0
    return f"{name:24} {_padded(shares['best'])} {_padded(shares['answered'])} {_padded(right)}"


def _padded(value: float) -> str:
    return f"{100 * value:9.2f}"
