"""The method note's line on accuracy: how well sentiment is told in each language that occurs in an edition."""

from collections.abc import Mapping
from typing import Final

from surveys.accuracy_card import Measure, accuracy_card
from surveys.digests.sentences import Figures, share_of
from surveys.i18n import gettext as _
from surveys.i18n import ngettext, number
from surveys.names import spoken_language_name

NOT_A_LANGUAGE: Final = frozenset({"und", "mixed"})


def accuracy(languages: Mapping[str, int], k: int) -> list[Figures]:
    """The latest week's languages (how many texts), the most frequent first, each with what was measured; none below k."""
    card = accuracy_card()
    known = card.measures["sentiment"] if card else {}
    counted = sorted((-n, code) for code, n in languages.items() if n >= k and code not in NOT_A_LANGUAGE)
    return [{"language": code, **_figures(known.get(code))} for _n, code in counted]


def accuracy_of_themes() -> Figures | None:
    """How well themes are told, over all languages; None where nothing was measured. `right` is the share of those named."""
    card = accuracy_card()
    measure = card.whole.get("themes") if card else None
    return {**_figures(measure), "right": measure.right_of_answered} if measure else None


def _figures(measure: Measure | None) -> Figures:
    if measure is None:
        return {"n": None}
    return {"n": measure.n, "f1": measure.f1, "low": measure.low, "high": measure.high}


def accuracy_lines(figures: Figures) -> list[str]:
    """A phrase for each language; none for an edition made before accuracy was told."""
    return [_line(entry) for entry in figures.get("accuracy", [])]


def themes_line(figures: Figures) -> str | None:
    """One sentence; none for an edition made before it was told."""
    told = figures.get("accuracy_of_themes")
    if not told:
        return None
    return _(
        "Of the themes named %(right)s are right, of rare ones fewer: micro-F1 %(f1)s [%(low)s, %(high)s] on %(n)s comments."
    ) % {
        "right": share_of(told["right"]),
        **{name: number(told[name]) for name in ("f1", "low", "high", "n")},
    }


def _line(entry: Figures) -> str:
    language = spoken_language_name(entry["language"])
    if entry["n"] is None:
        return _("%(language)s: not measured") % {"language": language}
    return ngettext(
        "%(language)s: %(f1)s [%(low)s, %(high)s] on %(n)s comment",
        "%(language)s: %(f1)s [%(low)s, %(high)s] on %(n)s comments",
        entry["n"],
    ) % {
        "language": language,
        "f1": number(entry["f1"]),
        "low": number(entry["low"]),
        "high": number(entry["high"]),
        "n": number(entry["n"]),
    }
