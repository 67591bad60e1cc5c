"""Quotes: the sentence that speaks of the theme, on one line, nothing hidden in it, cut where it is long."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from surveys.complaints import sentence_of

LONGEST: Final = 260
# Characters that turn a line around or hide in it; a quote needs none of them.
INVISIBLE: Final = dict.fromkeys(
    [*range(0x20), 0x7F, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
)


def spoken(
    text: str, sentences: Sequence[Mapping[str, Any]] | None, start: int | None, end: int | None
) -> str:
    """The sentence that speaks of a theme, by its evidence [start, end); the whole text when it was not read apart."""
    sentence = sentence_of(sentences or (), start, end)
    return text[sentence["start"] : sentence["end"]] if sentence else text


def shortened(text: str, longest: int = LONGEST) -> str:
    """One line of at most `longest` characters, cut at a space where there is one near."""
    line = " ".join(text.translate({**INVISIBLE, 9: " ", 10: " ", 13: " "}).split())
    if len(line) <= longest:
        return line
    cut = line[:longest]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > longest - 40 else cut).rstrip(" ,;:.") + "…"
