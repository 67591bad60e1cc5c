"""Which way a line of somebody's words runs."""

import unicodedata


def text_direction(text: str) -> str:
    """`rtl` when the first letter with a direction says so, else `ltr`."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"
