"""Which language a short text is written in: profiles + py3langid + script + the form's locale.

The steps and weights are those measured for this product on short comments in 39 languages;
`python -m sentiment.evaluate language FILE` measures them again. `sentiment.unreadable` holds the
texts that are answered `und` whatever the numbers say.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import py3langid
from numpy.typing import NDArray
from py3langid.langid import LanguageIdentifier

from sentiment.clean import clean, paragraphs
from sentiment.language_codes import (
    CORE,
    RENAMED,
    VARIANTS,
    country_of,
    language_of,
    languages_of,
)
from sentiment.profiles import load_profiles
from sentiment.scripts import LANGUAGES, count_scripts, main_script
from sentiment.telltales import telltale_score
from sentiment.unreadable import is_loanword_or_noise, may_be_a_name
from sentiment.verdict import Language

UNDETERMINED = "und"
MIXED = "mixed"

Vector = NDArray[np.float64]

_NGRAM_OVERLAP = {"Arab": 8.0, "": 12.0}
"""N-grams of length 1 to 3 overlap: their summed log-likelihood is divided by this, by script."""
_RANK_WEIGHT = {"Arab": 0.3, "": 1.5}
"""The weight of py3langid beside the profiles; it mistakes Persian for Pashto and Arabic."""
_VARIANT_WEIGHT = 0.5
_PROFILE_FLOOR = -8.0
_WITHOUT_PROFILE = -1.0
_RANK_FLOOR = -7.0
_TEMPER = 0.8
_OTHER_SCRIPT = -50.0

_FORM_SHARE = 0.5
_ENGLISH_SHARE = 0.1
_OUTSIDE = -2.5
"""A language that nobody expects gets e to this power of the prior of one that is expected."""

_LEAST_LETTERS = 2.0
_SURE_WITH_FORM = 0.60
_SURE_ALONE = 0.70
_NAME_MARGIN = 0.15
"""Given names end below this, words like "Paldies" and "Schlecht" above (held against a few dozen)."""
_SHOUTED = 0.60
_FOREIGN_LETTERS = 0.66
_PLAUSIBLE = 0.05

_SEGMENT_LETTERS = 12.0
_SEGMENT_SURE = 0.9
_SEGMENT_SHARE = 0.15
_MOST_SEGMENTS = 80

_SENTENCE_END = re.compile(r"[.!?…。！？।\n]+")
_LATIN_LETTERS = re.compile("[A-Za-z]")
_LATIN_TOO = frozenset({"sr", "az", "uz", "tk", "ku"})


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the text alone says: one score a language, before any prior."""

    text: str
    letters: float
    scores: Vector


class LanguageDetector:
    """Loads the two models once (about a second, 190 MB); `detect` is then pure and repeatable."""

    def __init__(self, expected: Sequence[str] = CORE) -> None:
        self._profiles = load_profiles()
        self._identifier = _load_identifier()
        ranked = {RENAMED.get(label, label) for label in self._identifier.labels}
        known = (ranked - set(VARIANTS) - {"zxx"}) | set(self._profiles.languages)
        self.languages: tuple[str, ...] = tuple(sorted(known))
        self._at = {language: at for at, language in enumerate(self.languages)}
        self._expected = tuple(name for name in map(language_of, expected) if name in self._at)
        self._rank_places = {label: self._rank_place(label) for label in self._identifier.labels}
        self._profile_columns = [self._at[name] for name in self._profiles.languages]
        self._allowed = self._languages_by_script()
        self._priors: dict[tuple[str, ...], Vector] = {}

    def detect(self, text: str, locale: str | None = None, country: str | None = None) -> Language:
        """The language of `text` as written on a form in `locale`, by somebody in `country`."""
        form = self._form_languages(locale, country)
        evidence = self._weigh(clean(text))
        if evidence is None:
            return Language(UNDETERMINED, form[0] if form else UNDETERMINED, 0.0)
        chances = _softmax(evidence.scores + self._prior(form))
        guess = int(chances.argmax())
        confidence = float(chances[guess])
        if mixed := self._mixed(text, form):
            return mixed
        if not self._sure(evidence, confidence, form):
            best = self._form_or_guess(evidence, chances, form, guess)
            return Language(UNDETERMINED, best, confidence)
        return Language(self.languages[guess], self.languages[guess], confidence)

    def _form_languages(self, locale: str | None, country: str | None) -> tuple[str, ...]:
        """The languages the form leads to expect: its locale's, else its country's."""
        language = language_of(locale)
        if language and language in self._at:
            return (language,)
        of_country = languages_of(country) or languages_of(country_of(locale))
        return tuple(name for name in of_country if name in self._at)

    def _sure(self, evidence: _Evidence, confidence: float, form: tuple[str, ...]) -> bool:
        """Step 8: whether to answer. A lone capitalised word may be a name, so it takes more."""
        if is_loanword_or_noise(evidence.text):
            return False
        least = _SURE_WITH_FORM if form else _SURE_ALONE
        return confidence >= least + (_NAME_MARGIN if may_be_a_name(evidence.text) else 0.0)

    def _form_or_guess(self, evidence: _Evidence, chances: Vector, form: tuple[str, ...], guess: int) -> str:
        """What to work with when the text does not tell: the form's language where it can be it."""
        for name in form:
            possible = chances[self._at[name]] >= _PLAUSIBLE or is_loanword_or_noise(evidence.text)
            if possible and evidence.scores[self._at[name]] > _OTHER_SCRIPT / 2:
                return name
        return self.languages[guess]

    def _weigh(self, text: str) -> _Evidence | None:
        """Steps 1 to 6; None where there is no language to speak of."""
        counts = count_scripts(text)
        letters = sum(counts.values())
        if letters < _LEAST_LETTERS:
            return None
        script, share = main_script(counts)
        plain = _unshout(text)
        if script != "Latn" and share > _FOREIGN_LETTERS:
            plain = _LATIN_LETTERS.sub("", plain)
        scores = _TEMPER * (self._profile_score(plain, script) + self._rank_score(plain, script))
        scores += telltale_score(plain, script, self._at)
        return _Evidence(text, letters, scores + self._allowed[script])

    def _profile_score(self, text: str, script: str) -> Vector:
        sums = self._profiles.score(text)
        scores = np.full(len(self.languages), _WITHOUT_PROFILE)
        if sums is not None:
            overlap = _NGRAM_OVERLAP.get(script, _NGRAM_OVERLAP[""])
            scores[self._profile_columns] = (sums - sums.max()) / overlap
        floored: Vector = np.maximum(scores, _PROFILE_FLOOR)
        return floored

    def _rank_score(self, text: str, script: str) -> Vector:
        chances = np.zeros(len(self.languages))
        for label, chance in self._identifier.rank(text):
            at, weight = self._rank_places[label]
            chances[at] += weight * chance
        lowest = math.exp(_RANK_FLOOR)
        weight = _RANK_WEIGHT.get(script, _RANK_WEIGHT[""])
        scores: Vector = weight * np.log(np.maximum(chances, lowest))
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
            allowed = np.full(len(self.languages), _OTHER_SCRIPT)
            allowed[[self._at[name] for name in names if name in self._at]] = 0.0
            filters[script] = allowed
        return filters

    def _prior(self, form: tuple[str, ...]) -> Vector:
        if form not in self._priors:
            self._priors[form] = self._make_prior(form)
        return self._priors[form]

    def _make_prior(self, form: tuple[str, ...]) -> Vector:
        """Step 7: half for the form's languages, a tenth for English, the rest for the others."""
        shares = dict.fromkeys(form, _FORM_SHARE / len(form)) if form else {}
        if form and "en" not in form and "en" in self._expected:
            shares["en"] = _ENGLISH_SHARE
        others = max(1, len(set(self._expected) - set(shares)))
        each = (1.0 - sum(shares.values())) / others
        prior = np.full(len(self.languages), math.log(each) + _OUTSIDE)
        for name in self._expected:
            prior[self._at[name]] = math.log(each)
        for name, share in shares.items():
            prior[self._at[name]] = math.log(share)
        return prior

    def _mixed(self, text: str, form: tuple[str, ...]) -> Language | None:
        """Step 9: two or more languages, each surely in at least a sixth of the letters."""
        segments = _SENTENCE_END.split(paragraphs(text))[:_MOST_SEGMENTS]
        if len(segments) < 2:
            return None
        letters_of = [sum(count_scripts(segment).values()) for segment in segments]
        long_enough = [
            found
            for segment, count in zip(segments, letters_of, strict=True)
            if count >= _SEGMENT_LETTERS and (found := self._weigh(segment.strip()))
        ]
        if len(long_enough) < 2:
            return None
        letters: dict[str, float] = {}
        surest: dict[str, float] = {}
        for found in long_enough:
            chances = _softmax(found.scores + self._prior(form))
            name, chance = self.languages[int(chances.argmax())], float(chances.max())
            if chance >= _SEGMENT_SURE:
                letters[name] = letters.get(name, 0.0) + found.letters
                surest[name] = max(chance, surest.get(name, 0.0))
        least = _SEGMENT_SHARE * sum(letters_of)
        names = sorted((n for n in letters if letters[n] >= least), key=lambda n: (-letters[n], n))
        if len(names) < 2:
            return None
        return Language(MIXED, names[0], min(surest[name] for name in names), tuple(names))


@cache
def _load_identifier() -> LanguageIdentifier:
    model = Path(py3langid.__file__).parent / "data" / "model.npz.xz"
    return LanguageIdentifier.from_model_file(model, norm_probs=True)


def _unshout(text: str) -> str:
    """Lower case for a text mostly in capitals: langdetect skips words in capitals."""
    cased = sum(character.isupper() or character.islower() for character in text)
    capitals = sum(character.isupper() for character in text)
    return text.lower() if cased and capitals > _SHOUTED * cased else text


def _softmax(scores: Vector) -> Vector:
    powers = np.exp(scores - scores.max())
    chances: Vector = powers / powers.sum()
    return chances
