"""Whether page one has room for what it says, or has to be set closer, or smaller: it ends with what is asked of the reader.

Lines are estimated from letters, in points as templates/digests/report.css sets them; the renderer is not asked twice.
"""

from math import ceil
from typing import Any, Final
from unicodedata import category, east_asian_width

# How many letters a line holds, and how high one is.
HEADLINE, HEADLINE_LINE = 60, 21
PAIN, PAIN_LINE = 56, 11
ASKED, ASKED_LINE = 105, 13
CHANGE: Final = 26
SCOPE, SCOPE_LINE = 58, 11
# What is left for these beside titles, tiles and margins, with room for error; set closer, and the same type.
ROOM: Final = 340
ROOM_SET_CLOSER: Final = 410


def is_crowded(page: dict[str, Any]) -> bool:
    """Of a page as it is laid out: `headline`, `tiles`, `top` and `asked`."""
    return _height(page) > ROOM


def is_full(page: dict[str, Any]) -> bool:
    """Whether to set it closer is not enough."""
    return _height(page) > ROOM_SET_CLOSER


def _height(page: dict[str, Any]) -> int:
    height = sum(_lines(sentence, HEADLINE) for sentence in page["headline"]) * HEADLINE_LINE
    height += max((len(tile["changes"]) for tile in page["tiles"]), default=0) * CHANGE
    height += sum(_pain_lines(pain) for pain in page["top"]) * PAIN_LINE
    height += sum(_lines(line, ASKED) for line in page["asked"]) * ASKED_LINE
    return height + _lines(page.get("scope_said") or "", SCOPE) * SCOPE_LINE


def _pain_lines(pain: dict[str, Any]) -> int:
    most = pain["most"]["said"] if pain["most"] else ""
    moved = pain["change"]["said"] if pain["change"] else ""
    told = (pain["shares"], pain["among"] or "", most, moved, pain["where"], pain["since"] or "")
    return sum(_lines(words, PAIN) for words in told)


def _lines(words: str, letters: int) -> int:
    wide = sum(east_asian_width(letter) in "WF" for letter in words)
    narrow = sum(category(letter) not in {"Mn", "Me", "Cf"} for letter in words) - wide
    return ceil((narrow + 2 * wide) / letters)
