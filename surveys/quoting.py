"""Quotes: the sentence that speaks of the theme, on one line, nothing hidden in it, cut where it is long."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from unicodedata import category, east_asian_width

from surveys.complaints import sentence_of

LONGEST: Final = 260
# A sentence of fewer letters says little without what follows; wide letters count twice.
SHORT: Final = 20
# What stands before a cut is no end.
ENDS: Final = " ,;:.。、،؛"
# Quotation marks that open, each with those that close it in one language or another.
CLOSES: Final = {
    '"': '"', "“": "”“", "„": '“”"', "”": "”", "«": "»", "»": "«»", "‹": "›", "「": "」", "『": "』",
}  # fmt: skip
CLOSING: Final = frozenset("".join(CLOSES.values()))
# Whom a post is addressed to and what it links to say nothing of a pain point.
ADDRESSED: Final = re.compile(r"^(?:RT\b[\s:]*|[@#.]?@\w+[\s:,]*)+|(?:\s+(?:https?\b\S*|via|@\w+))+$")
PARTS: Final = re.compile(r"[,;:.!?–—]\s+|[、，。；：！？،؛؟]\s*|\s-\s")
SENTENCE_ENDS: Final = re.compile(r"[.!?؟](?=\s|$)|[。！？]")
# Characters that turn a line around or hide in it; a quote or a name needs none of them. Joiners (U+200C, U+200D) stay:
# Persian, the scripts of India and emoji are written with them.
INVISIBLE: Final = dict.fromkeys(
    [
        *range(0x20),
        0x7F,
        0x061C,
        0x200B,
        *range(0x200E, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0x2066, 0x206A),
        0xFEFF,
    ]
)
# Letters and signs by their category, but blank: fillers of Korean syllables and Braille without a dot.
BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def spoken(
    text: str, sentences: Sequence[Mapping[str, Any]] | None, start: int | None, end: int | None
) -> str:
    """The sentence that speaks of a theme, by its evidence [start, end); the whole text when it was not read apart."""
    sentence = sentence_of(sentences or (), start, end)
    return text[sentence["start"] : sentence["end"]] if sentence else text


def excerpt(
    text: str, sentences: Sequence[Mapping[str, Any]] | None, start: int | None, end: int | None
) -> str:
    """The sentence that speaks of a theme, marked where it was cut out, without the half of a pair of quotation marks."""
    sentence = sentence_of(sentences or (), start, end)
    if not sentence:
        return text
    end = _end(text, sentences or (), sentence)
    before, after = text[: sentence["start"]], text[end:]
    said = text[sentence["start"] : end].strip()
    if not _has_words(before) and not _has_words(after):
        return text
    said = without_halves(said)
    head = "…" if _has_words(before) else ""
    return head + (said.rstrip(ENDS) + "…" if _has_words(after) else said)


def _end(text: str, sentences: Sequence[Mapping[str, Any]], sentence: Mapping[str, Any]) -> int:
    """Where a sentence ends, or the ones after it where it is short."""
    start, end = int(sentence["start"]), int(sentence["end"])
    ends = sorted(int(row["end"]) for row in sentences if row["end"] > end)
    while ends and _letters(text[start:end]) < SHORT:
        end = ends.pop(0)
    return end


def _letters(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text.strip())


def _has_words(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def without_halves(text: str) -> str:
    """Without quotation marks whose other half is missing; inches and apostrophes stay."""
    opened: list[int] = []
    halves: list[int] = []
    for at, mark in enumerate(text):
        if opened and mark in CLOSES[text[opened[-1]]]:
            opened.pop()
        elif mark in CLOSES and (at == 0 or not text[at - 1].isalnum()) and _has_words(text[at + 1 :]):
            opened.append(at)
        elif mark in CLOSING and not _has_words(text[at:]) and not text[at - 1].isdigit():
            halves.append(at)
    return "".join(mark for at, mark in enumerate(text) if at not in {*opened, *halves})


def shortened(text: str, longest: int = LONGEST) -> str:
    """One line of at most `longest` characters, cut at a space where there is one near."""
    line = one_line(text)
    if len(line) <= longest:
        return line
    head, space, _ = line[: longest + 1].rpartition(" ")
    kept = head if space and len(head) > longest - 40 else line[:longest]
    return without_halves(kept).rstrip(ENDS) + "…"


def titled(text: str, longest: int, part: str | None = None) -> str:
    """A quote as a title: from the beginning of a sentence, or of the part of it that speaks of something, at most so long.

    It ends where the sentence does, or at a word with an ellipsis. Letters that are wide count twice.
    """
    line = ADDRESSED.sub("", one_line(text).strip("… ")).strip("-–— ").lstrip(ENDS)
    longest = longest // 2 if is_wide(line) else longest
    words = one_line(part or "")
    start = line.find(words) if words else 0
    if len(line) > longest < start + len(words):
        begins = [each.end() for each in PARTS.finditer(line, 0, max(0, start))]
        line = line[next((at for at in begins if start + len(words) - at <= longest), 0) :]
    said = _whole_sentences(line, longest) or line
    return shortened(without_halves(said), longest)


def _whole_sentences(line: str, longest: int) -> str | None:
    """As many as there is room for; None where that says little."""
    ends = [each.end() for each in SENTENCE_ENDS.finditer(line) if longest // 3 <= each.end() <= longest]
    return line[: ends[-1]] if ends and len(line) > longest else None


def is_wide(text: str) -> bool:
    """Whether most of its letters take the room of two."""
    return sum(east_asian_width(letter) in "WF" for letter in text) * 2 > len(text)


def one_line(text: str) -> str:
    """Without line breaks and what hides in a line."""
    return " ".join(text.translate({**INVISIBLE, 9: " ", 10: " ", 13: " "}).split())


def name_of(text: str | None) -> str | None:
    """A name as it is kept, on one line without what hides in it; None where nothing of it could be seen."""
    line = one_line(text or "")
    return line if any(category(letter)[0] in "LNPS" and letter not in BLANK for letter in line) else None


def shortened_round(text: str, part: str, longest: int = LONGEST) -> str:
    """One line of at most `longest` characters that holds `part` of the text, cut at spaces where there are some near."""
    line, words = one_line(text), one_line(part)
    start = line.find(words) if words else -1
    last = start + len(words)
    if start < 0 or last <= longest:
        return shortened(line, longest)
    # What leads to it says more than what follows.
    end = _cut_behind(line, last, min(len(line), last + max(0, longest - len(words)) // 4))
    begin = _cut_before(line, start, min(start, end - longest))
    kept = line[begin:end]
    head = "…" if begin else ""
    if len(kept) > longest or end == len(line):
        return head + shortened(kept, longest)
    return head + without_halves(kept).rstrip(ENDS) + "…"


def _cut_behind(line: str, last: int, end: int) -> int:
    if end == len(line) or line[end] == " ":
        return end
    return max(last, line.rfind(" ", last, end)) if " " in line else end


def _cut_before(line: str, start: int, begin: int) -> int:
    if line[begin - 1 : begin] == " ":
        return begin
    space = line.find(" ", begin, start)
    return space + 1 if 0 <= space < begin + 40 else begin
