"""The list of countries as a reader finds them: named in their language, in its alphabet's order."""

import unicodedata
from functools import cache
from typing import Final

from surveys.places import countries, country_name

# Alphabets that are not simply a to z; a letter with a mark that is not listed stands with its bare letter.
_ALPHABETS: Final = {
    "cs": "a b c č d e f g h ch i j k l m n o p q r ř s š t u v w x y z ž",
    "da": "a b c d e f g h i j k l m n o p q r s t u v w x y z æ ø å",
    "es": "a b c d e f g h i j k l m n ñ o p q r s t u v w x y z",
    "et": "a b c d e f g h i j k l m n o p q r s š z ž t u v w õ ä ö ü x y",
    "fi": "a b c d e f g h i j k l m n o p q r s t u v w x y z å ä ö",
    "hu": "a b c cs d dz dzs e f g gy h i j k l ly m n ny o ö p q r s sz t ty u ü v w x y z zs",
    "lt": "a b c č d e f g h i y j k l m n o p q r s š t u v w x z ž",
    "lv": "a b c č d e f g ģ h i y j k ķ l ļ m n ņ o p q r s š t u v w x z ž",
    "nb": "a b c d e f g h i j k l m n o p q r s t u v w x y z æ ø å",
    "pl": "a ą b c ć d e ę f g h i j k l ł m n ń o ó p q r s ś t u v w x y z ź ż",
    "ro": "a ă â b c d e f g h i î j k l m n o p q r s ș t ț u v w x y z",
    "sv": "a b c d e f g h i j k l m n o p q r s t u v w x y z å ä ö",
    "tr": "a b c ç d e f g ğ h ı i j k l m n o ö p q r s ş t u ü v w x y z",
    "uk": "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
}


@cache
def countries_in_order(locale: str) -> tuple[tuple[str, str], ...]:
    """Code and name of every country, sorted as the language's dictionaries are."""
    named = ((code, country_name(code, locale)) for code in countries())
    return tuple(sorted(named, key=lambda pair: _key(pair[1], locale)))


def _key(name: str, locale: str) -> tuple[list[tuple[int, str]], str]:
    letters = _ranks(locale)
    text = _lower(name, locale)
    key: list[tuple[int, str]] = []
    position = 0
    while position < len(text):
        size = next((n for n in (3, 2, 1) if text[position : position + n] in letters), 1)
        letter = text[position : position + size]
        position += size
        bare = "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))
        if letter in letters or bare in letters:
            key.append((letters.get(letter, letters.get(bare, 0)), ""))
        elif letter.isalnum():
            key.append((len(letters) + 1, bare))
    return key, text


@cache
def _ranks(locale: str) -> dict[str, int]:
    alphabet = _ALPHABETS.get(locale, "a b c d e f g h i j k l m n o p q r s t u v w x y z")
    return {letter: number for number, letter in enumerate(alphabet.split(), start=1)}


def _lower(name: str, locale: str) -> str:
    dotted = name.replace("I", "ı").replace("İ", "i") if locale == "tr" else name
    return unicodedata.normalize("NFC", dotted.lower())
