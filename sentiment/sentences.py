"""The sentences of a text, and the part of it that a piece of evidence stands in."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_ENDS = ".!?…。！？।۔؟\\n"
_PAUSES = ",;:،、，；：–—"
# A dot before a letter or digit parts nothing ("3.50", "e.g."), nor does a comma between digits.
_SENTENCE = re.compile(rf"(?:[^{_ENDS}]|\.(?=\w))+[{_ENDS}]*")
_CLAUSE = re.compile(rf"(?:[^{_ENDS}{_PAUSES}]|\.(?=\w)|(?<=\d)[,:](?=\d))+[{_ENDS}{_PAUSES}]*")
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


def _stretches(pattern: re.Pattern[str], text: str) -> list[Stretch]:
    found: list[Stretch] = []
    for match in pattern.finditer(text):
        part = match[0]
        start = match.start() + len(part) - len(part.lstrip())
        end = match.end() - len(part) + len(part.rstrip())
        if start >= end:
            continue
        if found and (_is_short(part) or _is_short(text[found[-1].start : found[-1].end])):
            found[-1] = Stretch(found[-1].start, end)
        else:
            found.append(Stretch(start, end))
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
