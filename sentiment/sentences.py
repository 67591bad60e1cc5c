"""The sentences of a text, and the part of it that a piece of evidence stands in."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_ENDS = ".!?…。！？।۔؟\\n"
_PAUSES = ",;:،、，；：–—"
# A dot before a letter or digit parts nothing ("3.50", "e.g."), nor does a comma between digits.
_SENTENCE = re.compile(rf"(?:[^{_ENDS}]|\.(?=\w))+[{_ENDS}]*")
_CLAUSE = re.compile(rf"(?:[^{_ENDS}{_PAUSES}]|\.(?=\w)|(?<=\d)[,:](?=\d))+[{_ENDS}{_PAUSES}]*")
# "but" in the languages of the locales: words that open a clause, and endings that close one.
_TURN = re.compile(
    r"(?<!\w)(?:but|however|bet|tomēr|taču|tačiau|dar|însă|aber|doch|jedoch|maar|echter|mais|pero|mas|porém|ma|però|"
    r"ale|lecz|jednak|však|но|однако|зато|але|проте|обаче|aga|kuid|mutta|men|dock|ama|fakat|ancak|αλλά|όμως|viszont|"
    r"azonban|tapi|tetapi|namun|nhưng|لكن|ولكن|אבל|אך|लेकिन|मगर|কিন্তু)(?!\w)|แต่|但是|但|不过|不過|可是|然而|しかし|하지만"
    r"|(?<=けど)(?!も)|(?<=けれど)(?!も)|(?<=けれども)|(?<=ですが)|(?<=ますが)|(?<=지만)",
    re.IGNORECASE,
)
LEAST_LETTERS = 4
"""A stretch with fewer letters is no sentence of its own ("z. B.", "3.50", "OK.")."""

SUREST_PIECES = 3


class Stretch(NamedTuple):
    """[start, end) in code points."""

    start: int
    end: int


def sentences(text: str) -> list[Stretch]:
    """The sentences, without the blanks around them; nothing for a text without letters."""
    return _stretches(_SENTENCE, text)


def clauses(text: str) -> list[Stretch]:
    """What commas, colons and dashes part, beside the ends of sentences."""
    return _stretches(_CLAUSE, text)


def turns(text: str) -> list[Stretch]:
    """The clauses, parted also where a word like "but" turns from praise to complaint or back."""
    cuts = {0, len(text)}
    for clause in clauses(text):
        cuts |= {clause.start, *(turn.start() for turn in _TURN.finditer(text, *clause))}
    edges = sorted(cuts)
    parts = [_trimmed(text, start, end) for start, end in pairwise(edges)]
    return _joined(text, [part for part in parts if part.start < part.end])


def gathered(found: Sequence[Stretch], most: int) -> list[Stretch]:
    """At most so many stretches: of more, neighbours are taken together, as many here as there."""
    if len(found) <= most:
        return list(found)
    edges = [round(at * len(found) / most) for at in range(most + 1)]
    return [Stretch(found[start].start, found[end - 1].end) for start, end in pairwise(edges)]


def _stretches(pattern: re.Pattern[str], text: str) -> list[Stretch]:
    parts = [_trimmed(text, *match.span()) for match in pattern.finditer(text)]
    return _joined(text, [part for part in parts if part.start < part.end])


def _trimmed(text: str, start: int, end: int) -> Stretch:
    part = text[start:end]
    return Stretch(end - len(part.lstrip()), start + len(part.rstrip()))


def _joined(text: str, parts: Sequence[Stretch]) -> list[Stretch]:
    """The parts, one with too few letters to stand alone taken together with its neighbour."""
    found: list[Stretch] = []
    for part in parts:
        if found and (_is_short(text[slice(*part)]) or _is_short(text[slice(*found[-1])])):
            found[-1] = Stretch(found[-1].start, part.end)
        else:
            found.append(part)
    return found


def _is_short(part: str) -> bool:
    return len(part) < LEAST_LETTERS or sum(map(str.isalpha, part)) < LEAST_LETTERS


def strongest(
    clauses: Sequence[Stretch], pieces: Sequence[Stretch], weights: NDArray[np.floating]
) -> Stretch | None:
    """The clause whose pieces speak most for something: the mean of its three strongest.

    Pieces are places in the clauses' text, in order; `weights` [pieces] is what each adds.
    """
    best: tuple[float, Stretch] | None = None
    starts, ends = [piece.start for piece in pieces], [piece.end for piece in pieces]
    each = weights.tolist()
    for clause in clauses:
        inside = each[bisect_right(ends, clause.start) : bisect_left(starts, clause.end)]
        if not inside:
            continue
        strength = sum(sorted(inside)[-SUREST_PIECES:]) / SUREST_PIECES
        if best is None or strength > best[0]:
            best = strength, clause
    return best[1] if best else None
