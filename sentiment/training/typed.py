"""Our own sentences as people type them: without the marks of their letters, without stops, with a sign at their end.

They were written with care. Who answers on a telephone leaves out what takes another key, and ends a complaint with 🙏 as well
as praise; the open sets, in which most texts with such a sign are praise, would teach that it is one.
"""

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from sentiment.training.rows import Row

BARE_SHARE = 0.2
"""Of the sentences that have marks to lose."""

UNSTOPPED_SHARE = 0.1

SIGNED_SHARE = 0.08
SIGNS = ("🙏", "🙏🙏", "🙂", "😂", "😅", "😊", "👍", ":)", ":-)", ";)")
"""What people put after anything."""

_APOSTROPHES = "'’"
_APART = str.maketrans("đĐłŁøØı", "dDlLoOi")
"""Letters whose mark is no mark of its own in Unicode."""


def bare(text: str) -> str:
    """The text without the marks on Latin and Greek letters: "piegāde" becomes "piegade", "й" stays."""
    letters: list[str] = []
    for letter in unicodedata.normalize("NFD", text.translate(_APART)):
        is_mark = unicodedata.category(letter) == "Mn"
        if not (is_mark and letters and _loses_marks(letters[-1])):
            letters.append(letter)
    return unicodedata.normalize("NFC", "".join(letters))


def _loses_marks(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("LATIN", "GREEK"))


def unstopped(text: str) -> str:
    """The text without punctuation: "Don't know, maybe." becomes "Dont know maybe"."""
    words = "".join(
        letter if not unicodedata.category(letter).startswith("P") else "" if letter in _APOSTROPHES else " "
        for letter in text
    )
    return " ".join(words.split()) or text


def as_typed(rows: Sequence[Row], seed: int) -> list[Row]:
    """The rows in their order, some of our own sentences (those with themes) written otherwise."""
    chance = random.Random(seed)  # noqa: S311 (a sample, not a secret)
    return [row if row.themes is None else _typed(row, chance) for row in rows]


def _typed(row: Row, chance: random.Random) -> Row:
    text = row.text
    if chance.random() < BARE_SHARE:
        text = bare(text)
    if chance.random() < UNSTOPPED_SHARE:
        text = unstopped(text)
    if chance.random() < SIGNED_SHARE:
        text = f"{text} {chance.choice(SIGNS)}"
    return replace(row, text=text)
