"""What the text alone says about its language: three voices and its script, before any prior.

The voices are langdetect's profiles (`sentiment.profiles`), our own (`sentiment.language_profiles`)
and py3langid. Each gives a score a language, 0 for its favourite; the weights were chosen on halves
of the development set of short comments. To a short plain text its telling words are added.
"""

import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import py3langid
from numpy.typing import NDArray
from py3langid.langid import LanguageIdentifier

from sentiment.language_codes import RENAMED, VARIANTS
from sentiment.language_profiles import SCRIPTS, load_own_profiles
from sentiment.language_words import MOST_LETTERS, load_telling_words, romanised_hindi, telling_words
from sentiment.profiles import load_profiles
from sentiment.scripts import LANGUAGES, count_scripts, main_script
from sentiment.shouting import unshout

Vector = NDArray[np.float64]


class _Weights(NamedTuple):
    """How much each voice counts in a script, and by what its overlapping n-grams are divided."""

    profiles: float
    profiles_overlap: float
    ranks: float
    own: float


_WEIGHTS = {
    "Latn": _Weights(0.4, 12.0, 0.8, 0.8),
    "Cyrl": _Weights(0.4, 12.0, 0.8, 0.8),
    # py3langid mistakes Persian for Pashto and Arabic.
    "Arab": _Weights(0.8, 8.0, 0.24, 0.8),
}
_WEIGHTS_ELSEWHERE = _Weights(0.8, 12.0, 1.2, 0.0)
_OWN_OVERLAP = 8.0

_PROFILE_FLOOR = -8.0
_RANK_FLOOR = -7.0
_VARIANT_WEIGHT = 0.5
_WITHOUT_PROFILE = -1.0
_WITHOUT_OWN_PROFILE = -0.5
_ROMANISED = -4.0
"""The score of Hindi in Latin letters by the two voices that do not know it."""

OTHER_SCRIPT = -50.0
"""The loss of a language that is not written in the script of the text."""

_LEAST_LETTERS = 2.0
_FOREIGN_LETTERS = 0.66
_LATIN_LETTERS = re.compile("[A-Za-z]")
_LATIN_TOO = frozenset({"sr", "az", "uz", "tk", "ku", "hi"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cleaned text, how many letters it has, and one score a language."""

    text: str
    letters: float
    scores: Vector


class Witnesses:
    """Loads the voices once; `weigh` is then pure and repeatable."""

    def __init__(self) -> None:
        self._profiles = load_profiles()
        self._own = load_own_profiles()
        self._identifier = _load_identifier()
        load_telling_words()
        ranked = {RENAMED.get(label, label) for label in self._identifier.labels}
        known = (ranked - set(VARIANTS) - {"zxx"}).union(self._profiles.languages, self._own.languages)
        self.languages: tuple[str, ...] = tuple(sorted(known))
        self._at = {language: at for at, language in enumerate(self.languages)}
        self._rank_places = {label: self._rank_place(label) for label in self._identifier.labels}
        self._profile_columns = [self._at[name] for name in self._profiles.languages]
        self._own_columns = [self._at[name] for name in self._own.languages]
        self._allowed = self._languages_by_script()

    def weigh(self, text: str) -> Evidence | None:
        """The scores of a cleaned text; None where there is no language to speak of."""
        counts = count_scripts(text)
        letters = sum(counts.values())
        if letters < _LEAST_LETTERS:
            return None
        script, share = main_script(counts)
        plain = unshout(text)
        if script != "Latn" and share > _FOREIGN_LETTERS:
            plain = _LATIN_LETTERS.sub("", plain)
        weights = _WEIGHTS.get(script, _WEIGHTS_ELSEWHERE)
        scores = self._profile_score(plain, weights) + self._rank_score(plain, weights)
        if script == "Latn":
            scores[self._at["hi"]] = _ROMANISED + romanised_hindi(plain)
        if script in SCRIPTS:
            scores += weights.own * self._own_score(plain, script)
        if script == "Latn" and letters <= MOST_LETTERS and plain.isascii():
            for name, nats in telling_words(plain).items():
                scores[self._at[name]] += nats
        return Evidence(text, letters, scores + self._allowed[script])

    def _profile_score(self, text: str, weights: _Weights) -> Vector:
        sums = self._profiles.score(text)
        scores = np.full(len(self.languages), _WITHOUT_PROFILE)
        if sums is not None:
            scores[self._profile_columns] = (sums - sums.max()) / weights.profiles_overlap
        floored: Vector = weights.profiles * np.maximum(scores, _PROFILE_FLOOR)
        return floored

    def _own_score(self, text: str, script: str) -> Vector:
        sums = self._own.score(text)
        scores = np.full(len(self.languages), _WITHOUT_OWN_PROFILE)
        if sums is not None:
            possible = self._allowed[script][self._own_columns] == 0.0
            scores[self._own_columns] = (sums - sums[possible].max()) / _OWN_OVERLAP
        floored: Vector = np.maximum(scores, _PROFILE_FLOOR)
        return floored

    def _rank_score(self, text: str, weights: _Weights) -> Vector:
        chances = np.zeros(len(self.languages))
        for label, chance in self._identifier.rank(text):
            at, weight = self._rank_places[label]
            chances[at] += weight * chance
        lowest = math.exp(_RANK_FLOOR)
        scores: Vector = weights.ranks * np.log(np.maximum(chances, lowest))
        return scores

    def _rank_place(self, label: str) -> tuple[int, float]:
        """Where a label of py3langid counts, and how much; `zxx`, no language, counts nowhere."""
        name = VARIANTS.get(label) or RENAMED.get(label, label)
        weight = _VARIANT_WEIGHT if label in VARIANTS else 1.0
        return (self._at[name], weight) if name in self._at else (0, 0.0)

    def _languages_by_script(self) -> dict[str, Vector]:
        """The script filter: 0 for the languages of a script, a heavy loss for all others."""
        elsewhere = {name for names in LANGUAGES.values() for name in names} - _LATIN_TOO
        latin = tuple(name for name in self.languages if name not in elsewhere)
        filters = {}
        for script, names in {**LANGUAGES, "Latn": latin}.items():
            allowed = np.full(len(self.languages), OTHER_SCRIPT)
            allowed[[self._at[name] for name in names if name in self._at]] = 0.0
            filters[script] = allowed
        return filters


@cache
def _load_identifier() -> LanguageIdentifier:
    model = Path(py3langid.__file__).parent / "data" / "model.npz.xz"
    return LanguageIdentifier.from_model_file(model, norm_probs=True)
