"""Comments parted into words by Unicode's default rules (UAX 29), folded for counting; what is no word is left out.

Left out are masks, links, addresses, handles, file names and everything with a digit. Chinese, Japanese, Thai, Lao, Khmer,
Burmese and Tibetan set no blanks between words and would need a dictionary to be parted: they have no words here.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Final, NamedTuple
from unicodedata import category, normalize

from sentiment.fold import fold

NOT_PARTED: Final = frozenset({"zh", "yue", "ja", "th", "lo", "km", "my", "dz", "bo"})
# Their short words melt into the next one: "l'application" is an application.
ELIDING: Final = frozenset({"fr", "it", "ca", "oc"})
# Nouns have capitals there, so that a capital tells no name.
CAPITAL_NOUNS: Final = frozenset({"de", "lb"})
DOTLESS: Final = frozenset({"tr", "az"})
# What Vietnamese words differ by are marks alone.
KEEPS_MARKS: Final = frozenset({"vi"})
MOST_CHARACTERS: Final = 2_000
SHORTEST: Final = 2

_NOT_PARTED_SCRIPTS: Final = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
)
# Looked for first, being much quicker: most comments hold none of these.
_SUSPECT: Final = ("@", "＠", "[", "://")
_DOT: Final = re.compile(r"\.\w")
_NO_WORD: Final = re.compile(
    r"\[[^\[\]\s]{1,24}\]|(?:https?://|ftp://|mailto:|www\.)\S+|[\w.+-]{1,64}@\S+|[@＠]\w+|(?<![\w-])[\w-]++(?:\.[\w-]+)+\S*",
    re.IGNORECASE,
)
_APOSTROPHE: Final = re.compile("['\u2019\u02bc]")
_SENTENCE_END: Final = re.compile(r"[.!?…:;\n¿¡؟؛]")


class Form(NamedTuple):
    """A word: as it is counted, as it was written, and whether a capital inside a sentence makes it look like a name."""

    folded: str
    written: str
    is_like_a_name: bool


def is_parted(language: str) -> bool:
    """Whether comments in a language have words here."""
    return language.partition("-")[0] not in NOT_PARTED


def words_of(text: str, language: str) -> list[str]:
    """The folded words of a masked comment, in its order."""
    folded = _folded(_bare(text, language), language)
    words = [word for word in _pattern().findall(folded) if _is_word(word)]
    return [word for word in words if not _NOT_PARTED_SCRIPTS.search(word)] if _unparted(folded) else words


def forms_of(text: str, language: str, wanted: Collection[str]) -> Iterator[Form]:
    """How a comment writes some of its words."""
    bare = _bare(text, language)
    end = 0
    for match in _pattern().finditer(bare):
        is_first = end == 0 or bool(_SENTENCE_END.search(bare, end, match.start()))
        end = match.end()
        folded = _folded(match[0], language)
        if folded in wanted:
            yield _form(match[0], folded, language, is_first=is_first)


def _form(word: str, folded: str, language: str, *, is_first: bool) -> Form:
    if language in CAPITAL_NOUNS:
        return Form(folded, word, is_like_a_name=False)
    lower = word.replace("İ", "i").replace("I", "ı") if language in DOTLESS else word
    return Form(folded, lower.lower(), word[0].isupper() and not word.isupper() and not is_first)


def _bare(text: str, language: str) -> str:
    """The comment without what is no word; a mark ends the sentence, so that the next capital tells no name."""
    text = normalize("NFC", text[:MOST_CHARACTERS])
    if any(mark in text for mark in _SUSPECT) or _DOT.search(text):
        text = _NO_WORD.sub(" . ", text)
    return _APOSTROPHE.sub(" ", text) if language in ELIDING else text


class _Folding(dict[int, str]):
    """What each character folds to, looked up once in a process: there are many comments and few characters."""

    def __init__(self, *, keep_marks: bool) -> None:
        super().__init__()
        self.keep_marks = keep_marks

    def __missing__(self, point: int) -> str:
        self[point] = fold(chr(point), keep_marks=self.keep_marks).text
        return self[point]


_PLAIN: Final = _Folding(keep_marks=False)
_MARKED: Final = _Folding(keep_marks=True)


def _folded(text: str, language: str) -> str:
    return text.translate(_MARKED if language in KEEPS_MARKS else _PLAIN)


def _unparted(text: str) -> bool:
    return not text.isascii() and _NOT_PARTED_SCRIPTS.search(text) is not None


def _is_word(word: str) -> bool:
    if word.isalpha():
        return len(word) >= SHORTEST
    return len(word) >= SHORTEST and not any(letter.isnumeric() or letter == "_" for letter in word)


@cache
def _pattern() -> re.Pattern[str]:
    """Letters with their marks; full stops and colons join words in UAX 29, but people forget the blank after them."""
    marks = "".join(chr(point) for point in range(0x300, 0x1_0000) if category(chr(point)) in ("Mn", "Mc"))
    letters = rf"[\w{marks}\u00ad\u200c\u200d]"
    return re.compile(rf"\w{letters}*(?:['\u2019\u02bc\u00b7\u05f3\u05f4]{letters}+)*")
