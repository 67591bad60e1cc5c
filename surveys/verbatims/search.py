"""Free text search over all masked texts, in memory: substrings, whatever the case, the accents or the script.

Texts are folded alike on both sides, so `piegade` finds “Piegāde” and `şi` finds “și”; substrings need no word borders,
so Japanese, Chinese and Thai are found too. Both databases thus find the same.
"""

import unicodedata
from array import array
from bisect import bisect_right
from functools import cache

import numpy as np
from numpy.typing import NDArray

LONGEST_QUERY = 200
# Stands between texts and never within one: NUL is dropped before anything is stored.
BETWEEN = b"\x00"

# Letters that Unicode does not decompose although people without the key type the plain one; and the Arabic tatweel.
_PLAIN = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ـ": "", "\x00": ""}


@cache
def _plainer() -> dict[int, str]:
    """What folding replaces: accents and vowel points by nothing.

    Vowel signs of Indic and Thai script stay, they are letters: their combining class is 0.
    """
    classes = ((sign, unicodedata.combining(chr(sign))) for sign in range(0x300, 0x1F000))
    marks = {sign: "" for sign, kind in classes if kind >= 200 or 10 <= kind <= 36}
    letters = {ord(letter): plain for letter, plain in _PLAIN.items()}
    capitals = {
        ord(letter.upper()): plain for letter, plain in _PLAIN.items() if len(letter.upper()) == 1 and plain
    }
    return marks | capitals | letters


def fold(text: str) -> str:
    """A text as it is compared: one case, no accents, single spaces."""
    if text.isascii():
        return " ".join(text.replace("\x00", "").lower().split())
    # Case last: some signs (ℌ) become capitals only when they are decomposed.
    plain = unicodedata.normalize("NFKD", text).translate(_plainer()).casefold()
    return " ".join(unicodedata.normalize("NFC", plain).split())


def folded_bytes(text: str) -> bytes:
    """The same in UTF-8, in which a substring is a substring of bytes."""
    return fold(text).encode("utf-8", "replace")


class Texts:
    """All folded texts in one stretch of bytes, numbered in the order they came; a row knows its text's number."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("q")

    def add(self, text: bytes) -> int:
        """Keep a text. One that it replaces stays where it was, but no row knows its number any more."""
        self._bytes += text
        self._ends.append(len(self._bytes))
        self._bytes += BETWEEN
        return len(self._ends) - 1

    def __len__(self) -> int:
        return len(self._ends)

    def holding(self, query: str) -> NDArray[np.bool_]:
        """For each text whether it holds the query; none does when there is nothing to look for."""
        needle = folded_bytes(query[:LONGEST_QUERY])
        holds = np.zeros(len(self._ends), np.bool_)
        ends, kept = self._ends, self._bytes
        at = kept.find(needle) if needle else -1
        text = 0
        while at != -1:
            text = bisect_right(ends, at, text)
            holds[text] = True
            # One hit in a text is enough: go on after it.
            at = kept.find(needle, ends[text])
        return holds
