"""Which of the 18 themes a text speaks of, by the stems of `vocabulary/<language>.toml`.

How a stem is written in those files:

- `piegād` is the beginning of a word; what follows belongs to the evidence.
- `card|` is a whole word: short stems are traps ("cont" also begins "contract").
- `out of stock` is a phrase; its last word is a beginning, unless it ends in `|`.
- `*lieferung` stands anywhere in a word: Germanic and Finnic compounds.
- `glued` lists what may stand before a stem without a blank: lv and lt `ne`, the Arabic article.
- `anywhere = true` is for scripts written without blanks: every stem matches anywhere.
- `keeps_marks = true` is for languages whose words differ by diacritics alone (vi).
- `place` lists words for where trouble is met (the app, the site). They mean `usability`, unless
  the same sentence speaks of `technical` or `language_localisation` and has no other such word.
- `slow` lists words for slowness. They say of the nearest in their sentence that it is slow: of a word
  of `delivery` nothing more; of one of `service` (which lists mere names of service) or of people
  who answer `support_speed`; of a place, or where none of these stands, `technical`.
- `except` lists words and phrases that only look like a stem: "we will return" is no return of goods,
  Hindi "absolutely" begins like "bill". They are taken out before anything is looked for.

Stems and text are folded alike (`sentiment.fold`). The stems are written from knowledge of the
languages; labelled comments, not these lists, decide how good they are.
"""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sentiment.fold import fold
from sentiment.verdict import ThemeHit

THEMES = (
    "delivery", "product_quality", "availability", "price_value", "billing", "payment_checkout",
    "returns_refunds", "support_speed", "support_attitude", "usability", "technical",
    "account_security", "communication", "language_localisation", "onboarding_effort",
    "contract_cancel", "privacy_marketing", "loyalty_promo",
)  # fmt: skip

CONFIDENCE = {"phrase": 0.9, "word": 0.85, "stem": 0.8, "inside": 0.7, "place": 0.6}
"""How sure a keyword is by the way it matched: constants of the method, not measured chances."""

MOST_CHARACTERS = 20_000
"""Themes are read from the first this many characters of a text."""

_VOCABULARY = Path(__file__).parent / "vocabulary"
_LETTER = r"[\w\u0300-\u036f\u0900-\u0dff]"
_TAILS = (rf"{_LETTER}*", rf"(?!{_LETTER})")
"""How the expression of a stem ends, and of a whole word."""
_TOKEN = re.compile(r"\[(?:EMAIL|PHONE|IBAN|CARD|PERSONAL_ID|CREDENTIALS)\]")
_NO_WORD = "\0"
_SENTENCE_END = re.compile(r"[.!?…。！？।\n]+")
_OVERRULES_PLACE = frozenset({"technical", "language_localisation"})
_SLOW, _SERVICE = "slow", "service"
_BESIDE = 4
"""So many matches before and after a word are looked at; matches of several themes share a place."""

_SLOW_MEANS = {
    "delivery": None,
    _SERVICE: "support_speed",
    "support_speed": "support_speed",
    "support_attitude": "support_speed",
    "usability": "technical",
}
"""What is slow -> the theme that slowness then speaks of; late delivery is told by the delivery itself."""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    themes: dict[str, re.Pattern[str]]
    beside: dict[str, re.Pattern[str]]
    """The words of `slow` and `service`."""
    place: re.Pattern[str]
    excepted: re.Pattern[str] | None
    keeps_marks: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A match in the folded text."""

    code: str
    kind: str
    start: int
    end: int


def languages() -> frozenset[str]:
    """The languages with a vocabulary."""
    return frozenset(path.stem for path in _VOCABULARY.glob("*.toml"))


def word_stems(language: str) -> Iterator[tuple[str, bool]]:
    """The folded stems that begin a word, and whether each is the whole word; no phrases, no parts of words."""
    written = tomllib.loads((_VOCABULARY / f"{language}.toml").read_text(encoding="utf-8"))
    for stem in (stem for stems in [*written["themes"].values(), written[_SLOW]] for stem in stems):
        if " " not in stem and not stem.startswith("*"):
            yield fold(stem.rstrip("|")).text, stem.endswith("|")


def find_themes(text: str, language: str) -> list[ThemeHit]:
    """One hit for each theme found, in order of place: its surest, then its earliest evidence.

    A language without a vocabulary has no themes; `other` is the business of whoever counts.
    """
    vocabulary = _vocabulary(language)
    if vocabulary is None:
        return []
    blanked = _TOKEN.sub(lambda token: " " * len(token[0]), text[:MOST_CHARACTERS])
    folded = fold(blanked, keep_marks=vocabulary.keeps_marks)
    ends = [match.end() for match in _SENTENCE_END.finditer(folded.text)]
    told = _with_slowness_told(ends, list(_search(_without_excepted(folded.text, vocabulary), vocabulary)))
    best: dict[str, _Found] = {}
    for found in _without_overruled_places(ends, told):
        held = best.get(found.code)
        if held is None or _rank(found) < _rank(held):
            best[found.code] = found
    hits = [
        ThemeHit(found.code, CONFIDENCE[found.kind], *folded.span(found.start, found.end))
        for found in best.values()
    ]
    return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.code))


def _rank(found: _Found) -> tuple[float, int]:
    return -CONFIDENCE[found.kind], found.start


def _without_excepted(text: str, vocabulary: _Vocabulary) -> str:
    """The text with a sign that is in no word in the place of each letter of what only looks like a stem."""
    if vocabulary.excepted is None:
        return text
    return vocabulary.excepted.sub(lambda match: _NO_WORD * len(match[0]), text)


def _search(text: str, vocabulary: _Vocabulary) -> Iterator[_Found]:
    for code, pattern in [*vocabulary.themes.items(), *vocabulary.beside.items()]:
        for match in pattern.finditer(text):
            yield _Found(code, match.lastgroup or "stem", match.start(), match.end())
    for match in vocabulary.place.finditer(text):
        yield _Found("usability", "place", match.start(), match.end())


def _with_slowness_told(ends: Sequence[int], found: Sequence[_Found]) -> list[_Found]:
    """The themes found, with words for slowness as a theme of what is slow; mere service is then no manners."""
    themes = [hit for hit in found if hit.code not in (_SLOW, _SERVICE)]
    able = [
        hit for hit in found if hit.code in _SLOW_MEANS and (hit.code != "usability" or hit.kind == "place")
    ]
    able.sort(key=lambda hit: hit.start)
    served = set()
    for slow in (hit for hit in found if hit.code == _SLOW):
        sentence = _sentence(ends, slow)
        near = min(
            (hit for hit in _around(slow, able) if _sentence(ends, hit) == sentence),
            key=lambda hit: _gap(hit, slow),
            default=None,
        )
        code = _SLOW_MEANS[near.code] if near else "technical"
        if code:
            themes.append(replace(slow, code=code))
        if code == "support_speed":
            served.add(sentence)
    if not served:
        return themes
    services = [hit for hit in able if hit.code == _SERVICE]
    return [
        hit
        for hit in themes
        if hit.code != "support_attitude"
        or _sentence(ends, hit) not in served
        or all(_gap(hit, service) >= 0 for service in _around(hit, services))
    ]


def _around(hit: _Found, others: Sequence[_Found]) -> Sequence[_Found]:
    """Those of `others`, which are in order of their beginnings, that begin next to a match on either side."""
    at = bisect_left(others, hit.start, key=lambda other: other.start)
    return others[max(0, at - _BESIDE) : at + _BESIDE]


def _gap(one: _Found, other: _Found) -> int:
    """The characters between two matches; less than none where they overlap."""
    return max(one.start, other.start) - min(one.end, other.end)


def _without_overruled_places(ends: Sequence[int], found: Sequence[_Found]) -> list[_Found]:
    """Drops place words from sentences that say what the trouble is."""
    told = {_sentence(ends, hit) for hit in found if hit.code in _OVERRULES_PLACE}
    return [hit for hit in found if hit.kind != "place" or _sentence(ends, hit) not in told]


def _sentence(ends: Sequence[int], hit: _Found) -> int:
    return bisect_right(ends, hit.start)


@cache
def _vocabulary(language: str) -> _Vocabulary | None:
    if language not in languages():
        return None
    with (_VOCABULARY / f"{language}.toml").open("rb") as file:
        table = tomllib.load(file)
    spelling = _Spelling(
        anywhere=bool(table.get("anywhere", False)),
        keeps_marks=bool(table.get("keeps_marks", False)),
        glued=tuple(table.get("glued", ())),
    )
    return _Vocabulary(
        {code: _pattern(table["themes"][code], spelling) for code in THEMES},
        {name: _pattern(table[name], spelling) for name in (_SLOW, _SERVICE)},
        _pattern(table["place"], spelling),
        _pattern(table["except"], spelling) if table.get("except") else None,
        spelling.keeps_marks,
    )


@dataclass(frozen=True, slots=True)
class _Spelling:
    """What a language's file says about how its words are written."""

    anywhere: bool
    keeps_marks: bool
    glued: tuple[str, ...]

    def fold(self, stem: str) -> str:
        return re.escape(fold(stem, keep_marks=self.keeps_marks).text).replace(r"\ ", r"\s+")


def _pattern(stems: Sequence[str], spelling: _Spelling) -> re.Pattern[str]:
    """One expression for all stems of a theme; the group that matched names the kind."""
    kinds: dict[str, list[str]] = {"phrase": [], "word": [], "stem": [], "inside": []}
    for stem in sorted(stems, key=len, reverse=True):
        kind = "inside" if spelling.anywhere or stem.startswith("*") else _kind(stem)
        kinds[kind].append(_expression(stem, spelling))
    groups = "|".join(f"(?P<{kind}>{_any_of(found)})" for kind, found in kinds.items() if found)
    if spelling.anywhere:
        return re.compile(groups)
    before = "|".join(map(spelling.fold, spelling.glued))
    return re.compile(rf"(?<!{_LETTER})(?:{before}|)(?:{groups})")


def _any_of(expressions: Sequence[str]) -> str:
    """One expression for all; an end that they share is written once, which compiles three times faster."""
    for tail in _TAILS:
        if all(expression.endswith(tail) for expression in expressions):
            return f"(?:{'|'.join(expression.removesuffix(tail) for expression in expressions)}){tail}"
    return "|".join(expressions)


def _kind(stem: str) -> str:
    if " " in stem:
        return "phrase"
    return "word" if stem.endswith("|") else "stem"


def _expression(stem: str, spelling: _Spelling) -> str:
    plain = spelling.fold(stem.strip("*|"))
    if spelling.anywhere:
        return plain
    tail = _TAILS[stem.endswith("|")]
    head = rf"{_LETTER}*" if stem.startswith("*") else ""
    return f"{head}{plain}{tail}"
