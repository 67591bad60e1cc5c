"""Which language a short text is written in: profiles + py3langid + script + the form's locale.

The steps and weights are those measured for this product on short comments in 39 languages;
`python -m sentiment.evaluate language FILE` measures them again. `sentiment.unreadable` holds the
texts that are answered `und` whatever the numbers say.
"""

import math
from collections.abc import Sequence

import numpy as np

from sentiment.clean import clean, paragraphs
from sentiment.language_codes import CORE, country_of, language_of, languages_of
from sentiment.language_evidence import OTHER_SCRIPT, Evidence, Vector, Witnesses
from sentiment.language_profiles import load_given_names, load_own_profiles
from sentiment.language_segments import segments, whole_sentences
from sentiment.scripts import count_scripts
from sentiment.unreadable import is_loanword_or_noise, may_be_a_name
from sentiment.verdict import Language

UNDETERMINED = "und"
MIXED = "mixed"

_FORM_SHARE = 0.5
_ENGLISH_SHARE = 0.1
_OUTSIDE = -2.5
"""A language that nobody expects gets e to this power of the prior of one that is expected."""

_SURE_WITH_FORM = 0.60
_SURE_ALONE = 0.70
_NAME_MARGIN = 0.15
"""Given names end below this, words like "Paldies" and "Schlecht" above (held against a few dozen)."""
_PLAUSIBLE = 0.05

_SEGMENT_LETTERS = 12.0
_SEGMENT_SURE = 0.9
_SENTENCE_SURE_ENGLISH = 0.8
"""A sentence in English is what people most often add to their own; kin are mistaken for each other here."""

_SEGMENT_SHARE = 0.15


class LanguageDetector:
    """Loads the three voices once (about two seconds, 220 MB); `detect` is then pure and repeatable."""

    def __init__(self, expected: Sequence[str] = CORE) -> None:
        self._witnesses = Witnesses()
        self.languages = self._witnesses.languages
        self._at = {language: at for at, language in enumerate(self.languages)}
        self._expected = tuple(name for name in map(language_of, expected) if name in self._at)
        self._priors: dict[tuple[str, ...], Vector] = {}
        load_given_names()

    def detect(self, text: str, locale: str | None = None, country: str | None = None) -> Language:
        """The language of `text` as written on a form in `locale`, by somebody in `country`."""
        form = self._form_languages(locale, country)
        evidence = self._witnesses.weigh(clean(text))
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

    def _sure(self, evidence: Evidence, confidence: float, form: tuple[str, ...]) -> bool:
        """Step 8: whether to answer. A lone capitalised word may be a name, so it takes more."""
        if is_loanword_or_noise(evidence.text):
            return False
        least = _SURE_WITH_FORM if form else _SURE_ALONE
        return confidence >= least + (_NAME_MARGIN if may_be_a_name(evidence.text) else 0.0)

    def _form_or_guess(self, evidence: Evidence, chances: Vector, form: tuple[str, ...], guess: int) -> str:
        """What to work with when the text does not tell: the form's language where it can be it."""
        tells_nothing = is_loanword_or_noise(evidence.text) or may_be_a_name(evidence.text)
        for name in form:
            possible = tells_nothing or chances[self._at[name]] >= _PLAUSIBLE
            if possible and evidence.scores[self._at[name]] > OTHER_SCRIPT / 2:
                return name
        return self.languages[guess]

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
        plain = paragraphs(text)
        parts = segments(plain, load_own_profiles())
        if len(parts) < 2:
            return None
        letters_of = [sum(count_scripts(part).values()) for part in parts]
        long_enough = [
            found
            for part, count in zip(parts, letters_of, strict=True)
            if count >= _SEGMENT_LETTERS
            and not is_loanword_or_noise(part)
            and (found := self._witnesses.weigh(part))
        ]
        if len(long_enough) < 2:
            return None
        sentences = whole_sentences(plain)
        letters: dict[str, float] = {}
        surest: dict[str, float] = {}
        for found in long_enough:
            chances = _softmax(found.scores + self._prior(form))
            name, chance = self.languages[int(chances.argmax())], float(chances.max())
            is_english = name == "en" and found.text in sentences
            if chance >= (_SENTENCE_SURE_ENGLISH if is_english else _SEGMENT_SURE):
                letters[name] = letters.get(name, 0.0) + found.letters
                surest[name] = max(chance, surest.get(name, 0.0))
        least = _SEGMENT_SHARE * sum(letters_of)
        names = sorted((n for n in letters if letters[n] >= least), key=lambda n: (-letters[n], n))
        if len(names) < 2:
            return None
        return Language(MIXED, names[0], min(surest[name] for name in names), tuple(names))


def _softmax(scores: Vector) -> Vector:
    powers = np.exp(scores - scores.max())
    chances: Vector = powers / powers.sum()
    return chances
