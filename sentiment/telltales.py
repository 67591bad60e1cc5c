"""Small words that only one of two close languages has.

Close kin share most n-grams; a single "gdje" or "hvad" tells more than all of them. The words are
common function words from the grammars of these languages; none was taken from the measured texts.
"""

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

_WORDS: dict[str, str] = {
    "hr": (
        "što gdje ovdje ondje negdje nigdje uvijek čovjek svijet svijetu dijete djeca mlijeko "
        "vrijeme vremena lijepo lijepa bijelo rijeka pjesma mjesto mjesta dio dijela poslije prije "
        "htio htjela želio željela vidio vidjela volio voljela živio živjela tko nitko netko svatko "
        "tjedan tisuća točno općina vlak zrak kava riječ riječi cijeli cijelo uvjet osjećam smiješno "
        "vjerujem razumijem sljedeći dvije obitelj sretan ured kazalište sviđa nije također"
    ),
    "sr": (
        "šta gde ovde onde negde nigde uvek čovek svet svetu dete deca mleko vreme lepo lepa belo "
        "reka pesma mesto mesta deo dela posle pre hteo htela želeo želela video videla voleo "
        "volela živeo živela ko niko neko svako nedelja hiljada tačno opština voz vazduh kafa reč "
        "reči ceo celo uslov osećam smešno verujem razumem sledeći dve porodica srećan pozorište"
    ),
    "sl": (
        "kaj zakaj kje tukaj sem bom bova bomo nisem tudi sedaj zdaj kdo ker lahko prav moraš vem "
        "zelo ampak vedno nikoli nekaj nihče všeč ga še že kot in nič jaz mi bila bil"
    ),
    "da": (
        "af blev hvad mig dig sig nej noget nogen kun efter jer bliver måske meget hvorfor hvordan "
        "også lige jeg havde været være hej tilbage gøre tror venligst bedste uge"
    ),
    "nb": (
        "av ble hva meg deg seg nei noe noen bare etter mer dere blir kanskje veldig hvorfor "
        "hvordan også akkurat jeg hadde vært være hei tilbake gjøre tror vennligst beste uke"
    ),
    "sv": "och inte jag är för att mig dig nej något någon efter mycket varför hur från till",
    "cs": (
        "jsem jsi jsme jste není co kde proč protože ale jak když nebo také být bych bylo byla "
        "který která které mě můj něco někdo děkuji ještě už dobře velmi si že"
    ),
    "sk": (
        "som si sme ste nie čo kde prečo pretože ale ako keď alebo tiež byť bol bolo bola ktorý "
        "ktorá ktoré ma môj niečo niekto ďakujem ešte už dobre veľmi že"
    ),
    "bg": (
        "ще си това какво защо съм няма има тук къде аз ти този тази като със добре как все така "
        "беше няма искам мога благодаря още е сме сте са го ги ми"
    ),
    "ru": (
        "это что я ты мы он она нет меня тебя вы здесь почему где все был была было очень хорошо "
        "только ещё еще так как есть его их мне если или уже спасибо надо быть"
    ),
    "uk": (
        "це що я ти ми він вона немає мене тебе ви тут чому де все був була було дуже добре тільки "
        "ще так як є його їх мені якщо або вже дякую треба бути й та"
    ),
    "fa": (
        "است این که از را به برای می نمی های تو شما او چه چرا کجا خیلی خوب بود شد کنم کن کرد باید "
        "هر یک اگر ولی اما دارم دارد نیست بی این که می نیستم هستم است"
    ),
    "ar": (
        "في على هذا هذه لا لم لن إلى الى أن ان كان مع عن هو هي أنت انت أنا انا نحن ليس لماذا كيف "
        "جدا جيد قد بين عند ماذا لقد لك لي ذلك"
    ),
}

_FAMILIES = (
    ("hr", "sr", "sl"),
    ("da", "nb", "sv"),
    ("cs", "sk"),
    ("bg", "ru", "uk"),
    ("fa", "ar"),
)
_SCRIPT = {"bg": "Cyrl", "ru": "Cyrl", "uk": "Cyrl", "fa": "Arab", "ar": "Arab"}

_WEIGHT = 1.0
_MOST = 3.0
_WORD = re.compile(r"\w+")


def _own_words() -> dict[str, tuple[str, ...]]:
    """By word, the languages of a family that have it, where not all of the family have."""
    owners: dict[str, list[str]] = {}
    for family in _FAMILIES:
        lists = {name: set(_WORDS[name].split()) for name in family}
        for name, words in lists.items():
            for word in words:
                if not all(word in other for other in lists.values()):
                    owners.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in owners.items()}


_OWNERS = _own_words()


def telltale_score(text: str, script: str, at: Mapping[str, int]) -> NDArray[np.float64]:
    """A bonus by language for each different telltale word, up to a limit."""
    scores = np.zeros(len(at))
    for word in set(_WORD.findall(text.lower())):
        for name in _OWNERS.get(word, ()):
            if name in at and _SCRIPT.get(name, "Latn") == script:
                scores[at[name]] += _WEIGHT
    return np.minimum(scores, _MOST)
