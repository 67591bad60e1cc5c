"""Replaces personal data in a text by typed tokens, before anything else sees it.

Order and validation follow the masking rules of the product: credentials in links, e-mail, IBAN,
payment card, personal codes of Latvia, Lithuania, Estonia and Romania, telephone numbers.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from sentiment.mask_email import find_credentials, find_emails
from sentiment.mask_numbers import find_cards, find_ibans, find_personal_ids
from sentiment.mask_phone import find_phones
from sentiment.shadow import BARRIER, UNSTORABLE, Shadow, cast

KINDS = ("CREDENTIALS", "EMAIL", "IBAN", "CARD", "PERSONAL_ID", "PHONE")
_TOKEN = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")
_MOST_ROUNDS = 12
"""Masking one number can uncover the next; texts written by people need one round and a check."""

Finder = Callable[[str], Iterable[tuple[int, int]]]


class Span(NamedTuple):
    """[start, end) of the text as given became [new_start, new_end) of the masked text."""

    start: int
    end: int
    kind: str
    new_start: int
    new_end: int


class _Piece(NamedTuple):
    """A stretch of the masked text: kept as it was, or a token for [start, end) of the original."""

    new_start: int
    start: int
    end: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked text, how many of each kind it lost, and where."""

    text: str
    counts: dict[str, int]
    spans: list[Span]
    pieces: list[_Piece] = field(repr=False, compare=False)

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """[start, end) of the masked text, in code points of the text as given."""
        first, last = self._piece_at(start), self._piece_at(max(start, end - 1))
        original_start = first.start + (start - first.new_start if first.kept else 0)
        if end <= start:
            return original_start, original_start
        return original_start, last.start + end - last.new_start if last.kept else last.end

    def _piece_at(self, at: int) -> _Piece:
        found = bisect_right(self.pieces, at, key=lambda piece: piece.new_start) - 1
        return self.pieces[found] if found >= 0 else _Piece(0, 0, 0, kept=True)


def mask(text: str, countries: Sequence[str] = ()) -> Masked:
    """`text` with personal data replaced; `countries` say whose national phone numbers to expect.

    Masking a masked text again, for the same countries, changes nothing.
    """
    shadow = cast(text)
    hidden = _hide(shadow.text, [token.span() for token in _TOKEN.finditer(shadow.text)])
    found: list[tuple[int, int, str]] = []
    for _ in range(_MOST_ROUNDS):
        before = len(found)
        for kind, find in _finders(countries):
            spans = list(find(hidden))
            found += [(start, end, kind) for start, end in spans]
            hidden = _hide(hidden, spans)
        if len(found) == before:
            break
    return _replace(text, [_in_original(shadow, *place) for place in sorted(found)])


def _finders(countries: Sequence[str]) -> Iterator[tuple[str, Finder]]:
    yield "CREDENTIALS", find_credentials
    yield "EMAIL", find_emails
    yield "IBAN", find_ibans
    yield "CARD", find_cards
    yield "PERSONAL_ID", find_personal_ids
    yield "PHONE", partial(find_phones, countries=countries)


def _hide(text: str, spans: list[tuple[int, int]]) -> str:
    """The shadow with barriers over `spans`, which are in order and apart."""
    if not spans:
        return text
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], BARRIER * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def _in_original(shadow: Shadow, start: int, end: int, kind: str) -> tuple[int, int, str]:
    """The place in the text itself, with the invisible characters that follow its last one."""
    after = shadow.origins[end] if end < len(shadow.origins) else shadow.length
    return shadow.origins[start], after, kind


def _replace(text: str, found: list[tuple[int, int, str]]) -> Masked:
    """Builds the masked text from kept stretches and tokens; unstorable characters fall out."""
    gone = [(match.start(), match.end(), "") for match in UNSTORABLE.finditer(text)]
    parts: list[str] = []
    spans: list[Span] = []
    pieces: list[_Piece] = []
    counts: dict[str, int] = {}
    at = new_at = 0
    for start, end, kind in [*sorted([*found, *gone]), (len(text), len(text), "")]:
        if start < at:
            continue
        if start > at:
            pieces.append(_Piece(new_at, at, start, kept=True))
            parts.append(text[at:start])
            new_at += start - at
        at = end
        if kind:
            token = f"[{kind}]"
            spans.append(Span(start, end, kind, new_at, new_at + len(token)))
            pieces.append(_Piece(new_at, start, end, kept=False))
            parts.append(token)
            new_at += len(token)
            counts[kind] = counts.get(kind, 0) + 1
    return Masked("".join(parts), counts, spans, pieces)
