"""How well a text fits the letter n-grams of each language: langdetect's profiles, in closed form.

langdetect 1.0.9 (Apache-2.0; Shuyo's n-gram profiles) draws n-grams at random until one language
wins. Here the log-likelihood of all n-grams is summed once: the same answer every time, and faster.
"""

from functools import cache
from pathlib import Path

import langdetect
import numpy as np
from langdetect.detector_factory import DetectorFactory
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

_ALPHA = 0.2
_BASE_FREQUENCY = 10_000
_LONGEST_NGRAM = 3
MOST_CHARACTERS = 2_000
"""N-grams are read from the first this many characters."""

_MERGED = {"no": "nb", "zh-cn": "zh", "zh-tw": "zh"}


@cache
def _normal(character: str) -> str:
    folded: str = NGram.normalize(character)
    return folded


@cache
def load_profiles() -> "Profiles":
    """The profiles, read once in a process (0.3 s, about 100 MB while reading)."""
    return Profiles()


class Profiles:
    """The table of n-grams: one row an n-gram, one column a language, log probabilities."""

    def __init__(self) -> None:
        factory = DetectorFactory()
        factory.load_profile(str(Path(langdetect.__file__).parent / "profiles"))
        names = [_MERGED.get(name, name) for name in factory.langlist]
        self.languages = tuple(sorted(set(names)))
        # Two columns of a merged language (zh-cn, zh-tw), twice the same column of any other.
        columns = [[at for at, name in enumerate(names) if name == language] for language in self.languages]
        self._first = [found[0] for found in columns]
        self._last = [found[-1] for found in columns]
        grams = sorted(factory.word_lang_prob_map)
        self._row = {gram: at for at, gram in enumerate(grams)}
        table = np.array([factory.word_lang_prob_map[gram] for gram in grams])
        self._table: NDArray[np.float32] = np.log(table + _ALPHA / _BASE_FREQUENCY).astype(np.float32)

    def score(self, text: str) -> NDArray[np.float64] | None:
        """Log-likelihood by `languages`; None for a text without a known n-gram."""
        rows = [row for gram in ngrams(text) if (row := self._row.get(gram)) is not None]
        if not rows:
            return None
        sums = self._table[rows].sum(axis=0, dtype=np.float64)
        larger: NDArray[np.float64] = np.maximum(sums[self._first], sums[self._last])
        return larger


def ngrams(text: str) -> list[str]:
    """The n-grams langdetect would draw from (`Detector._extract_ngrams`): words in capitals skipped."""
    found: list[str] = []
    grams, capitals = " ", False
    for character in map(_normal, NGram.normalize_vi(text[:MOST_CHARACTERS])):
        last = grams[-1]
        if last == " ":
            grams, capitals = " ", False
            if character == " ":
                continue
        grams = (grams + character)[-_LONGEST_NGRAM:]
        if not character.isupper():
            capitals = False
        elif last.isupper():
            capitals = True
        if capitals:
            continue
        for length in range(1, len(grams) + 1):
            gram = grams[-length:]
            if gram != " ":
                found.append(gram)
    return found
