"""The shadow of a text: what it looks like to a reader, for detection only.

Full-width, Arabic-Indic, Persian, Devanagari and every other decimal digit becomes ASCII, every
blank a space, every dash a hyphen; zero-width characters and marks on digits vanish, and HTML's
character references are what they stand for. Each character of the shadow remembers where it came
from, so that the text itself can be masked.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from sentiment.markup import with_characters

BARRIER = "\x00"
"""Stands in the shadow for each character of a typed token; no pattern crosses it."""

UNSTORABLE = re.compile("[\x00\ud800-\udfff]+")
"""NUL and lone surrogates: PostgreSQL and UTF-8 cannot hold them."""
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d\u30fc")
_EMPTY_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")


class _Kind(Enum):
    """What the walk over a text must know of a character."""

    LETTER = auto()
    MARK = auto()
    """Belongs to the letter before it; after anything else it is decoration and vanishes."""
    ORNAMENT = auto()
    """A superscript or circled digit."""
    GONE = auto()
    OTHER = auto()


_SIMPLE = (_Kind.LETTER, _Kind.OTHER)


@dataclass(frozen=True, slots=True)
class Shadow:
    """`text` to search in; `origins[i]` is the place of its i-th character in the text as given."""

    text: str
    origins: range | list[int]
    length: int
    """The length of the text as given."""


def cast(text: str) -> Shadow:
    """The shadow of `text`, whose `&nbsp;` and `&#64;` are a blank and an @."""
    if "&" not in text:
        return _cast(text)
    read = with_characters(text)
    shadow = _cast(read.text)
    return Shadow(shadow.text, [read.starts[at] for at in shadow.origins], len(text))


def _cast(text: str) -> Shadow:
    """Most texts have a shadow of their own length, built in one sweep."""
    shown = {character: _shown(character) for character in set(text)}
    if all(kind in _SIMPLE for _, kind in shown.values()):
        table = str.maketrans({character: look for character, (look, _) in shown.items()})
        return Shadow(text.translate(table), range(len(text)), len(text))
    out: list[str] = []
    origins: list[int] = []
    after_letter = False
    for at, character in enumerate(text):
        look, kind = shown[character]
        if kind is _Kind.ORNAMENT and _has_ornament_beside(text, at):
            look = str(unicodedata.digit(character))
        elif kind is _Kind.GONE or (kind is _Kind.MARK and not after_letter):
            continue
        after_letter = kind in (_Kind.LETTER, _Kind.MARK)
        out.append(look)
        origins.append(at)
    return Shadow("".join(out), origins, len(text))


def _has_ornament_beside(text: str, at: int) -> bool:
    """Whether a superscript or circled digit spells a number with its neighbour; alone it lists."""
    beside = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    return any(_shown(character)[1] is _Kind.ORNAMENT for character in beside)


@lru_cache(maxsize=1 << 16)
def _shown(character: str) -> tuple[str, _Kind]:
    """One character as the shadow shows it."""
    category = unicodedata.category(character)
    if category in ("Cf", "Cs") or character == "\x00" or character in _EMPTY_FILLERS:
        return "", _Kind.GONE
    if category in ("Mn", "Me"):
        return character, _Kind.MARK
    decimal = unicodedata.decimal(character, None)
    if decimal is not None:
        return str(decimal), _Kind.OTHER
    if unicodedata.digit(character, None) is not None:
        return character, _Kind.ORNAMENT
    if category == "Zs" or character == "\t" or character in _DASHES:
        return "-" if character in _DASHES else " ", _Kind.OTHER
    folded = unicodedata.normalize("NFKC", character)
    shown = folded if len(folded) == 1 else character
    return shown, _Kind.LETTER if shown.isalpha() or category == "Mc" else _Kind.OTHER
