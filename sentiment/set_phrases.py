"""Whole comments that say nothing is wrong, or nothing at all: "No complaints", "Nothing to add".

A small model reads the "no" and the "complaint" and tells a complaint. `set_phrases.toml` is a closed
list for each language of what such a comment says. A text is one where each of its parts between
full stops and commas is in the list, of whatever language; case, diacritics, and signs at the end do
not matter, a question mark does. It speaks of no theme.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from sentiment.fold import fold
from sentiment.verdict import Sentiment

SURE = 0.8
"""The chance told for all of them, a constant of the method; the other two feelings share the rest."""

POSITIVE = Sentiment("positive", (1 - SURE) / 2, (1 - SURE) / 2, SURE)
NEUTRAL = Sentiment("neutral", (1 - SURE) / 2, SURE, (1 - SURE) / 2)

MOST_CHARACTERS = 120

_LIST = Path(__file__).with_name("set_phrases.toml")
_BETWEEN = re.compile(r"[.,;!…。、，！।۔،\n]+")
_QUOTES = " \"'«»„“”"


def set_phrase(text: str) -> Sentiment | None:
    """What a text that is nothing but set phrases tells: "all good" beside "no comment" is positive."""
    if len(text) > MOST_CHARACTERS:
        return None
    listed = load_set_phrases()
    told = {listed.get(part) for part in _parts(text)}
    if not told or None in told:
        return None
    return POSITIVE if POSITIVE in told else NEUTRAL


@cache
def load_set_phrases() -> dict[str, Sentiment]:
    """Folded phrase -> what it tells."""
    table = tomllib.loads(_LIST.read_text(encoding="utf-8"))
    return {
        part: sentiment
        for phrases in table.values()
        for name, sentiment in (("neutral", NEUTRAL), ("positive", POSITIVE))
        for phrase in phrases[name]
        for part in _parts(phrase)
    }


def _parts(text: str) -> list[str]:
    """The folded parts of a text, each with single blanks."""
    parts = (" ".join(part.strip(_QUOTES).split()) for part in _BETWEEN.split(fold(text).text))
    return [part for part in parts if part]
