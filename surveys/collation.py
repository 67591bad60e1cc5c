"""Where a name stands in a list, by the alphabet of the reader's language, near enough to CLDR's collation for names of places and themes.

Letters that a language counts as its own follow the letter they are made from; other marks only decide between names that are
else alike. Kana stand by their sound, kanji and hanzi as the national character sets order them, which CLDR follows: JIS X 0208
(common kanji by reading), GB 2312 (common hanzi by pinyin), Big5 (by strokes).
"""

import unicodedata
from functools import lru_cache
from typing import Final

# The first is a letter, the others stand after everything that begins with it.
OWN_LETTERS: Final = {
    "lv": "cč gģ kķ lļ nņ sš zž",
    "lt": "cč sš zž",
    "pl": "aą cć eę lł nń oó sś zźż",
    "ro": "aăâ iî sș tț",
    "es": "nñ",
    "uk": "гґ еє иіїй",
}
HAN: Final = {"ja": "euc_jp", "zh-Hans": "gb2312", "zh-Hant": "big5"}
# Letters that Unicode does not take apart.
STROKED: Final = str.maketrans("łđø", "ldo")
LAST: Final = 0xF8F0
VOWELS: Final = dict(zip("AIUEO", "あいうえお", strict=True))


@lru_cache(maxsize=4096)
def alphabetical(name: str, code: str) -> tuple[str, str]:
    """The key of a name in a language."""
    own, codec = _own_letters(code), HAN.get(code)
    letters = ""
    for letter in unicodedata.normalize("NFC", name).casefold():
        if letter in own:
            letters += own[letter]
        elif codec and "\u4e00" <= letter <= "\u9fff":
            letters += _han(letter, codec)
        else:
            letters += _plain(letter, letters[-1:])
    return letters, name


def _own_letters(code: str) -> dict[str, str]:
    groups = OWN_LETTERS.get(code, "").split()
    return {letter: group[0] + chr(LAST + at) for group in groups for at, letter in enumerate(group) if at}


def _plain(letter: str, before: str) -> str:
    bare = "".join(each for each in unicodedata.normalize("NFD", letter) if not unicodedata.combining(each))
    if "\u3041" <= bare <= "\u30ff":
        return _kana(bare, before)
    return bare.translate(STROKED)


def _kana(letter: str, before: str) -> str:
    """As hiragana of full size; a mark that lengthens as the vowel that it lengthens."""
    if letter == "ー":
        return VOWELS.get(unicodedata.name(before, letter)[-1], letter) if before else letter
    called = unicodedata.name(letter).replace("KATAKANA", "HIRAGANA").replace("SMALL ", "")
    try:
        return unicodedata.lookup(called)
    except KeyError:
        return letter


def _han(letter: str, codec: str) -> str:
    """A letter in the place that a character set gives it, those that it lacks after all others."""
    place = letter.encode(codec, "ignore")
    return chr(0x20000 + int.from_bytes(place)) if len(place) == 2 else chr(0x30000 + ord(letter))
