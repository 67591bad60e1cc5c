"""Profiles of our own: the parts of words of 39 languages that share a script with close kin.

langdetect's profiles come from encyclopedias and know no Serbian; these come from subtitles, tweets,
comments and word lists, as people type. `README.md` names the sources and their licences, and
`python -m sentiment.language_profiles` makes `profiles.npz` again.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TABLE = Path(__file__).parent / "profiles.npz"
GIVEN_NAMES = Path(__file__).parent / "given_names.txt"

SCRIPTS = frozenset({"Latn", "Cyrl", "Arab"})
"""The scripts of close kin; any other script tells its languages by itself."""

COSTS_PER_NAT = 10.0
"""The table holds negative natural logarithms in tenths, so that one byte does."""

MOST_CHARACTERS = 2_000
"""Parts are taken from the first this many characters."""

_LONGEST_PART = 4
_WORD = re.compile(r"[^\W\d_]+")


@cache
def load_own_profiles() -> "OwnProfiles":
    """The profiles, read once in a process (0.2 s, about 40 MB)."""
    return OwnProfiles(TABLE)


@cache
def load_given_names() -> frozenset[str]:
    """Given names in lower case that are no common word, read once in a process."""
    return frozenset(GIVEN_NAMES.read_text(encoding="utf-8").split())


class OwnProfiles:
    """The table of parts: one row a part, one column a language in one script."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as table:
            parts = table["parts"].tobytes().decode().split("\n")
            columns = table["columns"].tobytes().decode().split("\n")
            self._costs: NDArray[np.uint8] = table["costs"]
        self._row = {part: at for at, part in enumerate(parts)}
        # "sr-Cyrl" and "sr-Latn" stand side by side: a language counts as its likelier script.
        names = [column.partition("-")[0] for column in columns]
        self.languages = tuple(dict.fromkeys(names))
        self._starts = [names.index(name) for name in self.languages]

    def score(self, text: str) -> NDArray[np.float64] | None:
        """Log-likelihood by `languages`; None for a text without a known part."""
        rows = self._rows(text)
        if not rows:
            return None
        sums = self._costs[rows].sum(axis=0, dtype=np.float64)
        scores: NDArray[np.float64] = np.minimum.reduceat(sums, self._starts) / -COSTS_PER_NAT
        return scores

    def score_each(self, words: Sequence[str]) -> NDArray[np.float64]:
        """Log-likelihood of each word, [words, columns]: a language's scripts are not joined."""
        sums = [self._costs[self._rows(word)].sum(axis=0, dtype=np.float64) for word in words]
        return np.array(sums) / -COSTS_PER_NAT

    def knows(self, word: str) -> bool:
        """Whether a word of three letters or more is among the common ones of a language."""
        return f"#{word.lower()}" in self._row

    def _rows(self, text: str) -> list[int]:
        return [row for part in parts_of(text) if (row := self._row.get(part)) is not None]


def parts_of(text: str) -> list[str]:
    """What a text is made of: the runs of 1 to 4 letters in its words, and its longer words whole."""
    found: list[str] = []
    for word in _WORD.findall(text[:MOST_CHARACTERS].lower()):
        spaced = f" {word} "
        for length in range(1, _LONGEST_PART + 1):
            found += [spaced[at : at + length] for at in range(len(spaced) - length + 1)]
        if len(spaced) > _LONGEST_PART:
            found.append(f"#{word}")
    return [part for part in found if part != " "]
