"""Words that mark a theme's complaints within one language: weighted log-odds against the language's other comments.

Monroe, Colaresi & Quinn 2008, with a prior from all comments of the language that were read: words that everybody uses drown
in it, so no list of stop words is kept. People are counted, not uses: one person once per word, copies once.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sentiment.language_profiles import load_given_names
from surveys.chance import NOW_AT_LEAST, benjamini_hochberg, log_odds
from surveys.digests.compare import Figures
from surveys.digests.word_forms import forms_of, words_of
from surveys.tallies import Share

A_THEME: Final = 5
USED_AT_LEAST: Final = 5
MARKS_ABOVE: Final = 1.96
Q_AT_MOST: Final = 0.05
# The background counts as a tenth of itself: as in the textbook's example, 17 of 1000 words seen as 1.7 of 100.
PRIOR_PART: Final = 0.1
COMMON_FROM: Final = 0.1
# From so many letters on two people do not write the same by chance.
COPIED_FROM: Final = 40


@dataclass(frozen=True)
class Comment:
    """Masked words of a person: themes complained about in the edition's weeks, and themes spoken of at all.

    `is_drawn` are those that stand for all comments of the window.
    """

    person: int
    text: str
    complains: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    is_drawn: bool = False


@dataclass
class Spoken:
    """What people said in one language: their words by theme, those of all, and the comments they stand in."""

    language: str
    complained: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    drawn: dict[int, set[str]] = field(default_factory=dict)
    about: dict[str, set[int]] = field(default_factory=dict)
    comments: list[tuple[str, set[str]]] = field(default_factory=list)

    def add(self, comment: Comment, words: set[str]) -> None:
        """Count a comment in, with each person who wrote it once."""
        self.comments.append((comment.text, words))
        for theme in comment.complains:
            self.complained.setdefault(theme, {}).setdefault(comment.person, set()).update(words)
        for theme in comment.complains | comment.about:
            self.about.setdefault(theme, set()).add(comment.person)
        if comment.is_drawn:
            self.drawn.setdefault(comment.person, set()).update(words)


def spoken(comments: Iterable[Comment], language: str) -> Spoken:
    """The words of comments; what was copied counts for the first person alone."""
    found, seen = Spoken(language), set()
    for comment in comments:
        words = words_of(comment.text, language)
        same = " ".join(words)
        if len(same) >= COPIED_FROM:
            if same in seen:
                continue
            seen.add(same)
        found.add(comment, set(words))
    return found


@dataclass(frozen=True)
class Word:
    """One that enough people use in their complaints about a theme; `is_common` where many others say it, too."""

    theme: str
    language: str
    folded: str
    x: int
    z: float
    is_common: bool


def tested(said: Spoken, themes: Iterable[str], k: int) -> list[Word]:
    """The words of each theme that could mark it; none where too few people spoke of other things."""
    everybody, least = _counted(said.drawn.values()), max(k, USED_AT_LEAST)
    found: list[Word] = []
    for theme in themes:
        of_theme = said.about.get(theme, set()) & said.drawn.keys()
        people = len(said.drawn) - len(of_theme)
        if people < NOW_AT_LEAST:
            continue
        apart = _counted(said.drawn[person] for person in of_theme)
        mine = _counted(said.complained.get(theme, {}).values())
        n = mine.total(), everybody.total() - apart.total()
        for word in sorted(word for word, x in mine.items() if x >= least):
            elsewhere = everybody[word] - apart[word]
            z = _z(Share(mine[word], n[0]), Share(elsewhere, n[1]))
            is_common = elsewhere > COMMON_FROM * people
            found.append(Word(theme, said.language, word, mine[word], z, is_common))
    return found


def _counted(people: Iterable[set[str]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for words in people:
        counted.update(words)
    return counted


def _z(here: Share, there: Share) -> float:
    prior, total = PRIOR_PART * (here.hits + there.hits), PRIOR_PART * (here.n + there.n)
    return log_odds(here, there, prior=prior, prior_total=total).z if prior < total else 0.0


def marking(words: Sequence[Word]) -> list[Word]:
    """Those that surely mark their theme, judged together over all themes and languages of an edition."""
    q = benjamini_hochberg([math.erfc(word.z / math.sqrt(2)) / 2 for word in words])
    return [
        word
        for word, surely in zip(words, q, strict=True)
        if word.z > MARKS_ABOVE and surely <= Q_AT_MOST and not word.is_common
    ]


def written(said: Spoken, words: Sequence[Word]) -> list[tuple[str, Figures]]:
    """The words of a language, by theme, as most people write them; without names."""
    wanted = {word.folded for word in words if word.language == said.language}
    forms: dict[str, Counter[str]] = {folded: Counter() for folded in wanted}
    like_names: Counter[str] = Counter()
    for text, used in said.comments:
        if not used.isdisjoint(wanted):
            for form in set(forms_of(text, said.language, wanted)):
                forms[form.folded][form.written] += 1
                like_names[form.folded] += form.is_like_a_name
    return [
        (
            word.theme,
            {"language": word.language, "word": _most(forms[word.folded]), "x": word.x, "z": word.z},
        )
        for word in words
        if word.language == said.language and not _is_name(forms[word.folded], like_names[word.folded])
    ]


def _is_name(forms: Counter[str], like_names: int) -> bool:
    """A given name, or what is written like a name inside sentences at least as often as not."""
    is_given = any(form.lower() in load_given_names() for form in forms)
    return is_given or 2 * like_names >= forms.total()


def _most(forms: Counter[str]) -> str:
    return min(forms.items(), key=lambda pair: (-pair[1], pair[0]))[0]


def surest(words: Iterable[Figures]) -> list[Figures]:
    """As many as a theme shows, the surest first."""
    return sorted(words, key=lambda each: (-each["z"], each["language"], each["word"]))[:A_THEME]
