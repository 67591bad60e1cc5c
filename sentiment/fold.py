"""Folds a text for matching: lower case, full width and diacritics away, places remembered.

People type Latvian, Lithuanian or Romanian without diacritics; the stems of the vocabulary are
folded by the same rule, so both meet.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_PLAIN = str.maketrans({
    "đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th",
    "\u2019": "'", "\u02bc": "'", "\u2018": "'", "ς": "σ", "ى": "ي", "ة": "ه",
})  # fmt: skip
_VANISHING = (
    (0x0300, 0x036F),
    (0x0591, 0x05BD),
    (0x05BF, 0x05C7),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x093C, 0x093C),
    (0x09BC, 0x09BC),
)
"""Diacritics, Hebrew points, Arabic vowel signs, nuktas. Vowel signs of Indic scripts are letters."""

_HANGUL = (0xAC00, 0xD7A3)


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` to match in; `span` leads back to the text as given."""

    text: str
    origins: range | list[int]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """[start, end) of the folded text in the text as given, with marks that follow."""
        following = self.origins[end] if end < len(self.origins) else self.length
        return self.origins[start], max(self.origins[end - 1] + 1, following)


def fold(text: str, *, keep_marks: bool = False) -> Folded:
    """The folded text; every one of its characters knows the place it came from.

    With `keep_marks` diacritics stay: Vietnamese words differ by nothing else.
    """
    folded: dict[str, str] = {character: _fold(character, keep_marks=keep_marks) for character in set(text)}
    if all(len(look) == 1 for look in folded.values()):
        table = {ord(character): look for character, look in folded.items()}
        return Folded(text.translate(table), range(len(text)), len(text))
    parts: list[str] = []
    origins: list[int] = []
    for at, character in enumerate(text):
        look = folded[character]
        parts.append(look)
        origins.extend([at] * len(look))
    return Folded("".join(parts), origins, len(text))


@lru_cache(maxsize=1 << 16)
def _fold(character: str, *, keep_marks: bool) -> str:
    if unicodedata.category(character) == "Cf":
        return ""
    plain = unicodedata.normalize("NFKC", character).lower()
    if not _HANGUL[0] <= ord(character) <= _HANGUL[1]:
        plain = unicodedata.normalize("NFD", plain)
    if keep_marks:
        return plain
    return "".join(letter for letter in plain if not _vanishes(letter)).translate(_PLAIN)


def _vanishes(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _VANISHING)
