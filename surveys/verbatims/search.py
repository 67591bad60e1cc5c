"""Free text search over all masked texts, in memory: substrings, whatever the case, the accents or the script.

Texts are folded alike on both sides, so `piegade` finds “Piegāde” and `şi` finds “și”; substrings need no word borders,
so Japanese, Chinese and Thai are found too. Both databases thus find the same.
"""

import re
import sys
import unicodedata
from bisect import bisect_right
from functools import cache

import numpy as np
from numpy.typing import NDArray

LONGEST_QUERY = 200
# Stands between texts and never within one: NUL is dropped before anything is stored.
BETWEEN = b"\x00"

# Letters that Unicode does not decompose although people without the key type the plain one; and the Arabic tatweel.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ـ": None, "\x00": None})


@cache
def _marks() -> re.Pattern[str]:
    """Accents and vowel points. Vowel signs of Indic and Thai script are letters: their combining class is 0."""
    classes = ((sign, unicodedata.combining(chr(sign))) for sign in range(sys.maxunicode + 1))
    return re.compile("[" + "".join(chr(sign) for sign, kind in classes if kind >= 200 or 10 <= kind <= 36) + "]")


def fold(text: str) -> str:
    """A text as it is compared: one case, no accents, single spaces."""
    if text.isascii():
        return " ".join(text.replace("\x00", "").lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = _marks().sub("", decomposed).translate(_PLAIN)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def folded_bytes(text: str) -> bytes:
    """The same in UTF-8, in which a substring is a substring of bytes."""
    return fold(text).encode("utf-8", "replace")


class Texts:
    """All folded texts in one stretch of bytes; rows know where theirs begins and ends."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends: list[int] = []

    def add(self, text: bytes) -> tuple[int, int]:
        """Keep a text; a text that is replaced stays where it was, but no row points at it any more."""
        start = len(self._bytes)
        self._bytes += text + BETWEEN
        self._ends.append(start + len(text))
        return start, start + len(text)

    @property
    def size(self) -> int:
        """Bytes kept, replaced texts included."""
        return len(self._bytes)

    def starts_with(self, query: str) -> NDArray[np.int64]:
        """Where the texts begin that hold the query, ascending; empty for an empty query."""
        needle = folded_bytes(query[:LONGEST_QUERY])
        found: list[int] = []
        ends, kept = self._ends, self._bytes
        at = kept.find(needle) if needle else -1
        text = 0
        while at != -1:
            text = bisect_right(ends, at, text)
            found.append(ends[text - 1] + 1 if text else 0)
            # One hit in a text is enough: go on after it.
            at = kept.find(needle, ends[text])
        return np.array(found, dtype=np.int64)
