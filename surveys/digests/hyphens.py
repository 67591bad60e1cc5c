"""Hyphenation patterns that are taken apart when a word has them.

Pyphen takes a whole dictionary apart before the first word: of German's 66 000 patterns, for a quarter of an edition's time,
a page asks for some hundreds.
"""

import re
from pathlib import Path
from typing import Any, Final

import pyphen

DIGITS: Final = re.compile(r"[0-9]")
SAYS_SOMETHING: Final = re.compile(r"[1-9]")
# Comments and settings; and spellings that change where they break, or letters by number, which Pyphen itself is to read.
NO_PATTERNS: Final = pyphen.ignored
BEYOND_US: Final = re.compile(r"\^\^|/.*=")

Pattern = tuple[int, tuple[int, ...]]


class Patterns(dict[str, str]):
    """Patterns by their letters, as the file writes them: "1ba4l" by "bal"."""

    def get(self, letters: str, default: Any = None) -> Pattern | None:  # type: ignore[override]
        """Where in the letters its values begin, and these, from the first that is not zero to the last; None for no pattern."""
        written = super().get(letters)
        if written is None:
            return default  # type: ignore[no-any-return]
        values = [int(digit or 0) for digit, _letter in pyphen.parse(written)]
        start, end = 0, len(values)
        while not values[start]:
            start += 1
        while not values[end - 1]:
            end -= 1
        return start, tuple(values[start:end])


class Dictionary(pyphen.HyphDict):  # type: ignore[misc]
    """A dictionary of Pyphen's whose patterns are not taken apart before they are asked for."""

    def __init__(self, path: Path) -> None:
        encoding, _, text = path.read_bytes().partition(b"\n")
        lines = text.decode(encoding.decode().strip().lower().replace("microsoft-cp1251", "cp1251"))
        if BEYOND_US.search(lines):
            super().__init__(path)
            return
        written = [
            line
            for line in map(str.strip, lines.split("\n"))
            if SAYS_SOMETHING.search(line) and not line.startswith(NO_PATTERNS)
        ]
        self.patterns = Patterns(zip(DIGITS.sub("", "\n".join(written)).split("\n"), written, strict=True))
        self.cache: dict[str, list[int]] = {}
        self.maxlen = max(map(len, self.patterns))


def at_hand(language: str) -> None:
    """Put a language's dictionary where Pyphen looks for those that it has read; nothing where it has none."""
    name = pyphen.language_fallback(language)
    if name:
        path = pyphen.LANGUAGES[name]
        pyphen.hdcache.setdefault(path, Dictionary(path))
