"""Texts that name no language: loan words, names, products, keyboard mash, code, romanised Russian.

Each rule was held against the development set of short comments: together they silence less than
half a percent of texts that would have been answered rightly.
"""

import re
import unicodedata

from sentiment.language_profiles import load_given_names, load_own_profiles

_LOANWORD_LETTERS = 3
"""A Latin text of at most this many letters ("ok", "top") is at home in too many languages."""

_SYMBOL_SHARE = 0.2
_ROW_RUN = 4
_ROW_SHARE = 0.7
_CONSONANTS = 7
"""So many letters without a vowel are no Latin text; Czech comes closest ("čtvrtek" has one)."""

_SHORT = 24

_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_VOWEL = re.compile("[aeiouyıəøæœ]")
_SYMBOL = re.compile(r"[{}<>=;\\|_$#*/\[\]\"]")
_TITLE = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Hr|Fr|Sig|Sr|Sra|Mme)\.? )?"
_PARTICLE = r"(?:van der |van den |van de |van |von |zu |de la |de los |del |della |da |dos |bin |ibn |al-)?"
_NAME = r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?"
_FULL_NAME_WORDS = 2
_MOST_NAMES = 4
_FULL_NAME = re.compile(rf"{_TITLE}{_NAME}(?: {_PARTICLE}{_NAME})?(?: {_PARTICLE}{_NAME})?")
_SURNAME = re.compile(
    r"\w{2,}(?:auskas|[ia]vi(?:č|c)(?:ius|ienė|iūtė)|auskienė|auskaitė|iņš|(?:[oe]w|al)ski|[oei]wicz|[oe]vi(?:ć|č)|chuk|"
    r"[aei]nko|escu|opoul(?:os|ou)|[dkrtnl]sson|sd(?:ó|o)ttir|shvili|енко|швили|швілі)"
)
"""Endings of surnames that hardly any other word has."""

_PRODUCT_WORD = re.compile(r"[a-z]{1,2}[A-Z][a-z]+|[A-Z][a-z]+[A-Z][A-Za-z]*")
_CAPITALISED = re.compile(r"[A-Z][A-Za-z]*")
_MOST_PRODUCT_WORDS = 5
_ABBREVIATION = 4
"""Letters of an abbreviation ("JSON", "HTML"); a word in capitals that is common somewhere is shouted."""

_STATEMENT = re.compile(
    r"(?:SELECT\s.*\sFROM|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s.*\sSET|(?:CREATE|DROP|ALTER)\s+TABLE)\s(?=.*[=*;()])"
    r"|SELECT\s.*[*(].*\sFROM\s|(?-i:DELETE FROM|INSERT INTO|UPDATE)\s\w+\s(?-i:WHERE|VALUES|SET)\b"
    r"|(?:async\s+)?(?:def|function|func|fn)\s+\w*\s?\(|class\s+\w+(?:\(\w*\))?:$"
    r"|(?:let|var|const|int|float|double|char|bool|string|auto)\s+\w+\s*="
    r"|(?:public|private|protected|static)\s+(?:static\s+)?(?:void|int|string|class|final)\s"
    r"|(?:if|for|while|else if)\s?\(.*(?:[=!]=|[<>]=?|\+\+|&&|\|\|).*\)|for \w+ in \w+(?:\(\w*\))?:"
    r"|(?:el)?if \w[\w.]* ?[=!]= ?|return \w+ ?[-+*/=]+ ?\w+"
    r"|from\s[\w.]+\simport\s|import\s\w+\.[\w.]+|#include\s*[<\"]"
    r"|\w+\.\w[\w.]*\(.*\);?$|\w+\([\"'].*[\"']\);?$",
    re.IGNORECASE,
)
"""What code begins with: a keyword and the sign that follows it in no sentence."""

_ROMANISED_WORDS = (
    "spasibo ochen otlichno otlichnyy otlichnyj otlichniy otlichnaya otlichnoe khorosho horosho "
    "plokho uzhas uzhasno uzhasnyy uzhasnyj uzhasniy uzhasnaya uzhasnoe prilozhenie prilozheniye "
    "rabotaet rabotayet vernuli bolshe bolshoe bolshoye kogda pochemu nichego nikogda vsegda "
    "ponravilos ponravilas ponravilsya ponravilis vovremya prishel prishol prishla prishlo prishli "
    "zhdal zhdala zhdali zhdat nedelyu opozdala opozdal dazhe vsyo nagrubil nagrubila zakazyvat "
    "kuplyu ponyatno neponyatno otvechaet otvechayut obsluzhivanie obsluzhivaniye blagodaryu "
    "pozhaluysta pozhalujsta rekomenduyu nravitsya kachestvo dyakuyu diakuiu dyakuju duzhe shvydko "
    "shvydku hroshi povernuly chudovo rekomenduiu tyzhden zatrymalas zapiznylasia bilshe zhakhlyvyi "
    "zhakhlyvo zamovliatymu zamovlennia spodobalosia spodobalos pratsiuie obsluhovuvannia "
    "dozvonytysia dodzvonytysia"
)
"""Words of Russian and Ukrainian in Latin letters that no language written in these letters has."""

_ROMANISED = frozenset(_ROMANISED_WORDS.split())
_ROMANISED_SHARE = 0.25
"""The share of such words that makes a text romanised; an English text may hold a "spasibo"."""

_PARTICLES = frozenset(re.findall(r"\w+", _PARTICLE))
_ONE_WORD = re.compile(r"[^\W\d_]+")
_REPEATED = re.compile(r"(\w{1,3}?)\1{2,}\w{0,2}|([hjxх])[aeiouаеио](?:\2[aeiouаеио])+\2?")
_ROWS = tuple(
    row + " " + row[::-1]
    for row in (
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "йцукенгшщзхъ",
        "фывапролджэ",
        "ячсмитьбю",
        "abcdefghijklmnop",
    )
)


def is_loanword_or_noise(text: str) -> bool:
    """Whether a cleaned text is too short, a full name, mash, code or romanised: no prior may decide it."""
    if len(_LETTER.findall(text)) <= _LOANWORD_LETTERS and _is_latin(text):
        return True
    if _is_full_name(text) or _are_given_names(text) or _is_surname(text) or _is_product(text):
        return True
    return _is_mash(text) or _is_code(text) or _is_romanised(text)


def _is_romanised(text: str) -> bool:
    """Russian or Ukrainian in Latin letters, which the profiles take for Slovene or Czech."""
    words = _ONE_WORD.findall(text.lower())
    return sum(word in _ROMANISED for word in words) >= _ROMANISED_SHARE * len(words) > 0


def may_be_a_name(text: str) -> bool:
    """Whether a text is one capitalised word and nothing else, not even a full stop."""
    return bool(_ONE_WORD.fullmatch(text)) and text[0].isupper() and text[1:].islower()


def _is_latin(text: str) -> bool:
    """Whether there are letters and all are Latin: "PC" within Japanese is no code."""
    letters = _LETTER.findall(text)
    return bool(letters) and all(map(_LATIN.match, letters))


def _is_full_name(text: str) -> bool:
    """Two or three words like "Anna Kalniņa", "Dr. J. Smith" or "Ludwig van Beethoven"."""
    words = [word for word in _ONE_WORD.findall(text) if word not in _PARTICLES]
    if len(words) < _FULL_NAME_WORDS or not _FULL_NAME.fullmatch(text):
        return False
    return all(word[0].isupper() and (len(word) == 1 or word[1:].islower()) for word in words)


def _are_given_names(text: str) -> bool:
    """One given name with a capital ("Anna"), or several in whatever letters ("anna, jānis")."""
    words = _ONE_WORD.findall(text)
    if not 0 < len(words) <= _MOST_NAMES or (len(words) == 1 and text[0].islower()):
        return False
    return all(word.lower() in load_given_names() for word in words)


def _is_surname(text: str) -> bool:
    """One capitalised word and nothing else, with the ending of a surname ("Kazlauskas")."""
    return may_be_a_name(text) and bool(_SURNAME.fullmatch(text.lower()))


def _is_product(text: str) -> bool:
    """Words with a capital each, one of them with another inside: "iPhone Pro Max", "PlayStation"."""
    words = text.split()
    if not 0 < len(words) <= _MOST_PRODUCT_WORDS or not any(map(_PRODUCT_WORD.fullmatch, words)):
        return False
    return all(_PRODUCT_WORD.fullmatch(word) or _CAPITALISED.fullmatch(word) for word in words)


def _is_abbreviation(text: str) -> bool:
    """A short Latin word in capitals ("JSON") that is no common word of any language ("SUPER")."""
    word = text.strip("!?. ")
    if (
        len(word) > _ABBREVIATION
        or not _ONE_WORD.fullmatch(word)
        or not word.isupper()
        or not _is_latin(word)
    ):
        return False
    return not load_own_profiles().knows(word)


def _is_mash(text: str) -> bool:
    """Runs along a keyboard row ("asdfghjkl"), or one chunk over and over ("hahaha", "xxxxxx")."""
    if len(text) > _SHORT:
        return False
    words = _ONE_WORD.findall(text.lower())
    letters = sum(map(len, words))
    if not letters or not text.isprintable():
        return False
    if all(_REPEATED.fullmatch(word) for word in words):
        return True
    if letters >= _CONSONANTS and _is_latin(text) and not _VOWEL.search(_bare(text)):
        return True
    return sum(map(_row_letters, words)) >= _ROW_SHARE * letters


def _bare(text: str) -> str:
    return unicodedata.normalize("NFD", text.lower())


def _row_letters(word: str) -> int:
    """The letters of a word that lie in runs of at least four neighbouring keys."""
    covered: set[int] = set()
    for at in range(len(word) - _ROW_RUN + 1):
        if any(word[at : at + _ROW_RUN] in row for row in _ROWS):
            covered.update(range(at, at + _ROW_RUN))
    return len(covered)


def _is_code(text: str) -> bool:
    """A statement, signs of a programming language, an abbreviation, capitals without a vowel ("XKCD")."""
    if _STATEMENT.match(text) or _is_abbreviation(text):
        return True
    if text.isupper() and _is_latin(text) and not _VOWEL.search(_bare(text)):
        return True
    characters = len(text) - text.count(" ")
    return len(_SYMBOL.findall(text)) >= _SYMBOL_SHARE * characters > 0
