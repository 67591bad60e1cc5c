"""Words that tell the language of a short comment typed plain: "per brangu", "za drogo", "kuch nahi hua".

The stems of the theme vocabularies, folded, are what customers write about; where one occurs in the
vocabulary of a single language, it speaks for it. Four languages that are often typed plain have a
list of everyday words beside, and so has Hindi in Latin letters, of whatever length.
"""

import re
from collections import Counter, defaultdict
from functools import cache

from sentiment.fold import fold
from sentiment.themes import languages, word_stems

NATS = 2.5
"""What one word adds to the score of its language; held against the development set of comments."""

MOST_LETTERS = 40.0
"""Longer texts tell their language by themselves."""

_MOST_WORDS = 2
_LENT = {"en"}
"""English words ("delivery") are at home everywhere and speak for nobody."""

_SHORTEST = 4
_WORD = re.compile(r"[^\W\d_]+")
_EVERYDAY = {
    "lv": "loti parak ludzu nestrada nedarbojas neatbild neviens atri leni slikti paldies piegade apkalposana",
    "lt": "labai nuolat aciu prasom neveikia neatsako niekas niekada blogai gerai greitai letai neturiu",
    "pl": "bardzo dziekuje prosze dziala nigdy wiecej szybko wolno polecam odpowiada zbyt",
    "ro": "foarte multumesc recomand niciodata nimeni raspunde functioneaza repede prea slab buna",
}
_HINDI = (
    "nahi nahin nhi hai hain kya kyun kyu bhi mein meri mujhe mujhse mujhko aur bahut bohot bhot bohut "
    "yaar bhai accha achha acche achhe achhi kuch kuchh karo karna karne karni karte karta raha rahe "
    "rahi gaye gayi wala wali hota hoti hote aapka aapki aapke apna apni apne humko humne unka iska uska "
    "isko usko isse usse abhi kaise kaisa kahan kahin lekin magar paisa paise wapas kaam bilkul chahiye "
    "kiya hua hue bola bole bolte unhone unhe toh theek thik zyada jyada phir sirf dono pehle baad wahi "
    "yahi yahan wahan kitna kitne kitni jaldi lagta laga milta mila milti aaya aayi aata dekha diya liya "
    "liye bina matlab samajh rakha rakhte khud kharab ghar logon saath saal mahine hafte subah shaam"
)
_ROMANISED_HINDI = frozenset(_HINDI.split())
_ROMANISED_NATS = 1.5
"""As `NATS`; chosen on our own training sentences, no other language of the development set pays for it."""

_MOST_ROMANISED = 3


@cache
def load_telling_words() -> dict[str, tuple[tuple[str, bool], ...]]:
    """Beginning of a word -> (language, whether it must be the whole word)."""
    found: defaultdict[str, set[tuple[str, bool]]] = defaultdict(set)
    for language in languages():
        for stem, is_whole in word_stems(language):
            found[stem].add((language, is_whole))
    for language, words in _EVERYDAY.items():
        for word in words.split():
            found[word].add((language, True))
    return {
        stem: tuple(sorted(names))
        for stem, names in found.items()
        if len(stem) >= _SHORTEST and stem.isascii() and stem.isalpha()
    }


def telling_words(text: str) -> dict[str, float]:
    """Language -> what the words of a text that belong to it alone add to its score."""
    counts: Counter[str] = Counter()
    for word in _WORD.findall(fold(text).text):
        names = _languages_of(word)
        if len(names) == 1 and names != _LENT:
            counts[names.pop()] += 1
    return {name: NATS * min(count, _MOST_WORDS) for name, count in counts.items()}


def romanised_hindi(text: str) -> float:
    """What the everyday words of Hindi in Latin letters add to its score."""
    count = sum(word in _ROMANISED_HINDI for word in _WORD.findall(text.lower()))
    return _ROMANISED_NATS * min(count, _MOST_ROMANISED)


def _languages_of(word: str) -> set[str]:
    telling = load_telling_words()
    return {
        name
        for length in range(_SHORTEST, len(word) + 1)
        for name, is_whole in telling.get(word[:length], ())
        if not is_whole or length == len(word)
    }
