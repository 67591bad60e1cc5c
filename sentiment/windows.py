"""A text in stretches of tokens that fit the model, and where each token stands in it."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sentiment.sentences import Stretch

MOST_WINDOWS = 96
"""A comment is read in at most this many windows, evenly spread over one that is longer still: no text
of 10 000 characters has more, whatever its script.
"""

MOST_CHARACTERS = 200_000
"""Characters given to the tokenizer; of a longer text the first and the last half of these."""

_AS_TEXT = {"split_special_tokens": True, "verbose": False}
"""A customer who writes "</s>" must not end the text for the model; long texts are no warning."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one text's tokens with its prefix and end marks, and where each stands in it.

    `text` is the text's place among those given; `places` leaves the marks out.
    """

    text: int
    tokens: list[int]
    places: list[Stretch]


class Windows:
    """Cuts texts for a model of `most` tokens whose training put `prefix` before each text."""

    def __init__(self, folder: Path, prefix: str, most: int) -> None:
        self._tokenizer = _load_tokenizer(folder)
        marks: list[int] = self._tokenizer(prefix, **_AS_TEXT)["input_ids"]
        bare: list[int] = self._tokenizer(prefix, add_special_tokens=False, **_AS_TEXT)["input_ids"]
        at = _find(marks, bare)
        self.head, self.tail = marks[: at + len(bare)], marks[at + len(bare) :]
        self._room = most - len(self.head) - len(self.tail)

    def of(self, texts: Sequence[str]) -> Iterator[Window]:
        """Each text's tokens in equal stretches; one for a short text."""
        if not texts:
            return
        bounded = [_bounded(text) for text in texts]
        inside = {"add_special_tokens": False, "return_offsets_mapping": True}
        encoded = self._tokenizer([text for text, _ in bounded], **inside, **_AS_TEXT)
        found = zip(texts, bounded, encoded["input_ids"], encoded["offset_mapping"], strict=True)
        for at, (text, (part, cut), tokens, offsets) in enumerate(found):
            missing = len(text) - len(part)
            if missing:
                places = [_uncut(start, end, cut, missing) for start, end in offsets]
            else:
                places = [Stretch(*offset) for offset in offsets]
            yield from self._stretches(at, tokens, places)

    def _stretches(self, at: int, tokens: list[int], places: list[Stretch]) -> Iterator[Window]:
        count = max(1, -(-len(tokens) // self._room))
        chosen = range(count)
        if count > MOST_WINDOWS:
            chosen = np.linspace(0, count - 1, MOST_WINDOWS).round().astype(int).tolist()
        for place in chosen:
            inside = slice(place * self._room, (place + 1) * self._room)
            yield Window(at, [*self.head, *tokens[inside], *self.tail], places[inside])


def _load_tokenizer(folder: Path) -> Any:
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    # Imported here: transformers takes a second, and who only imports this library does not need it.
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))  # type: ignore[no-untyped-call]


def _bounded(text: str) -> tuple[str, int]:
    """The text, or the first and last parts of a very long one; and where it was cut."""
    if len(text) <= MOST_CHARACTERS:
        return text, len(text)
    half = MOST_CHARACTERS // 2
    return f"{text[:half]} {text[-half:]}", half


def _uncut(start: int, end: int, cut: int, missing: int) -> Stretch:
    """A place in the bounded text, as a place in the whole one."""
    shift = missing if start > cut else 0
    return Stretch(start + shift, end + shift)


def _find(tokens: Sequence[int], part: Sequence[int]) -> int:
    """Where `part` lies in `tokens`: the prefix between the tokenizer's start and end marks."""
    for at in range(len(tokens) - len(part) + 1):
        if list(tokens[at : at + len(part)]) == list(part):
            return at
    return 0
