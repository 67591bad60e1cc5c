"""Words that mark a theme's complaints within one language: weighted log-odds against the language's other comments.

Monroe, Colaresi & Quinn 2008, with a prior from all comments of the language that were read: words that everybody uses drown
in it, so no list of stop words is kept. People are counted, not uses: one person once per word, copies once.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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


def marking(said: Spoken, themes: Iterable[str], k: int) -> dict[str, list[Figures]]:
    """The words that mark each theme, the surest first; none where too few people spoke of other things."""
    everybody = _counted(said.drawn.values())
    found: dict[str, list[Figures]] = {}
    for theme in themes:
        of_theme = said.about.get(theme, set()) & said.drawn.keys()
        people = len(said.drawn) - len(of_theme)
        if people >= NOW_AT_LEAST:
            mine = _counted(said.complained.get(theme, {}).values())
            apart = _counted(said.drawn[person] for person in of_theme)
            marks = Sides(mine, everybody, apart, people).marks(max(k, USED_AT_LEAST))
            found[theme] = _shown(marks, mine, said)
    return found


def _counted(people: Iterable[set[str]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for words in people:
        counted.update(words)
    return counted


@dataclass(frozen=True)
class Sides:
    """People by word: those who complain of a theme; all, and those of them who speak of it and are no others."""

    mine: Counter[str]
    everybody: Counter[str]
    apart: Counter[str]
    others: int

    def marks(self, least: int) -> dict[str, float]:
        """The words that are surely more frequent on the one side, with their z."""
        words = sorted(word for word, people in self.mine.items() if people >= least)
        n = self.mine.total(), self.everybody.total() - self.apart.total()
        z = [_z(Share(self.mine[word], n[0]), Share(self._elsewhere(word), n[1])) for word in words]
        q = benjamini_hochberg([math.erfc(each / math.sqrt(2)) / 2 for each in z])
        return {
            word: each
            for word, each, surely in zip(words, z, q, strict=True)
            if each > MARKS_ABOVE and surely <= Q_AT_MOST and self._is_rare(word)
        }

    def _is_rare(self, word: str) -> bool:
        """What every tenth of the others says, too, belongs to the language or to a mood."""
        return self._elsewhere(word) <= COMMON_FROM * self.others

    def _elsewhere(self, word: str) -> int:
        return self.everybody[word] - self.apart[word]


def _z(here: Share, there: Share) -> float:
    prior, total = PRIOR_PART * (here.hits + there.hits), PRIOR_PART * (here.n + there.n)
    return log_odds(here, there, prior=prior, prior_total=total).z if prior < total else 0.0


def _shown(marks: Mapping[str, float], mine: Counter[str], said: Spoken) -> list[Figures]:
    """The words as most people write them, without names."""
    written: dict[str, Counter[str]] = {word: Counter() for word in marks}
    like_names: Counter[str] = Counter()
    for text, words in said.comments:
        if not words.isdisjoint(marks):
            for form in set(forms_of(text, said.language, marks)):
                written[form.folded][form.written] += 1
                like_names[form.folded] += form.is_like_a_name
    return surest(
        {"language": said.language, "word": _most(written[word]), "x": mine[word], "z": z}
        for word, z in marks.items()
        if not _is_name(written[word], like_names[word])
    )


def _is_name(written: Counter[str], like_names: int) -> bool:
    """A given name, or what is written like a name inside sentences at least as often as not."""
    is_given = any(form.lower() in load_given_names() for form in written)
    return is_given or 2 * like_names >= written.total()


def _most(written: Counter[str]) -> str:
    return min(written.items(), key=lambda pair: (-pair[1], pair[0]))[0]


def surest(words: Iterable[Figures]) -> list[Figures]:
    """As many as a theme shows, the surest first."""
    return sorted(words, key=lambda each: (-each["z"], each["language"], each["word"]))[:A_THEME]


def by_theme(found: Sequence[Mapping[str, Sequence[Figures]]], theme: str) -> list[Figures]:
    """A theme's words out of all languages."""
    return surest(word for language in found for word in language.get(theme, ()))
