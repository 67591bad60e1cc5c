"""The labelled rows: read, and drawn into the stages. Which are set aside: `set_aside.py`.

Beside the open sets there are sentences of our own, in `sentences/<language>.tsv`: pain point,
themes, feeling, text. Sentences on one point of `points.tsv` say the same in every language.
"""

import hashlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from sentiment.fold import fold
from sentiment.themes import THEMES

LABELS = ("neg", "neu", "pos")
SEED = 20261122
# GPL texts: not for weights that are shipped under another licence.
NOT_TRAINED_ON = ("open_astd-ar", "open_valence-et")
HASH_DIGITS = 12
# Of these the labels say nothing of the texts (`doubtful.py`): places among the file's rows of the language.
DOUBTFUL = {("open_umsab", "hi"): (range(1000), range(1800, 2140))}
# Below this share of neutral rows a source has no neutral class worth learning from.
LEAST_NEUTRAL = 0.02
# Rows drawn per file for each stage; subtitles are many and noisy, so they are capped.
OWN = "own"
JOINED = "joined"
TWEETS = {"open_umsab": 10**6}
ALL = {
    "open_umsab": 8000,
    "open_afrisenti": 3600,
    "open_hebert-covid-he": 1200,
    "open_husst-hu": 2000,
    "open_ltec-lv": 4500,
    "open_nsmc-ko": 1800,
    "open_nusax": 1800,
    "open_peisenieks-lv": 1000,
    "open_publicism-ru": 1600,
    "open_smsa-id": 1800,
    "open_wisesight-th": 2000,
    "open_xed": 6000,
}
BROAD = {
    "open_umsab": 10**6,
    "open_afrisenti": 6000,
    "open_hebert-covid-he": 2400,
    "open_husst-hu": 4000,
    "open_ltec-lv": 10**6,
    "open_nsmc-ko": 4000,
    "open_nusax": 3000,
    "open_peisenieks-lv": 10**6,
    "open_publicism-ru": 3000,
    "open_smsa-id": 4000,
    "open_wisesight-th": 5000,
    "open_xed": 12000,
    OWN: 10**6,
}
OWN_LAST = {
    OWN: 10**6,
    "open_umsab": 10**6,
    "open_afrisenti": 3000,
    "open_hebert-covid-he": 1500,
    "open_husst-hu": 2500,
    "open_ltec-lv": 10**6,
    "open_nsmc-ko": 3000,
    "open_nusax": 1500,
    "open_peisenieks-lv": 10**6,
    "open_publicism-ru": 2000,
    "open_smsa-id": 2500,
    "open_wisesight-th": 6000,
    "open_xed": 6000,
}
THEMES_LAST = {
    OWN: 10**6,
    "open_umsab": 10**6,
    "open_afrisenti": 4000,
    "open_hebert-covid-he": 1000,
    "open_husst-hu": 2000,
    "open_ltec-lv": 10**6,
    "open_nsmc-ko": 1500,
    "open_nusax": 1000,
    "open_peisenieks-lv": 10**6,
    "open_publicism-ru": 1000,
    "open_smsa-id": 1500,
    "open_wisesight-th": 3000,
    "open_xed": 4000,
}
LAST = THEMES_LAST | {JOINED: 10**6}
# Mostly our own; a few rows of each other source, so that feelings are not forgotten.
AGAIN = {
    OWN: 10**6,
    JOINED: 4000,
    "open_umsab": 8000,
    "open_afrisenti": 1200,
    "open_hebert-covid-he": 400,
    "open_husst-hu": 500,
    "open_ltec-lv": 2500,
    "open_nsmc-ko": 400,
    "open_nusax": 300,
    "open_peisenieks-lv": 1000,
    "open_publicism-ru": 400,
    "open_smsa-id": 400,
    "open_wisesight-th": 700,
    "open_xed": 1200,
}
# Sources that are few beside their worth: each of their rows is drawn so many times.
TIMES = {
    "broad": {OWN: 1},
    "own": {OWN: 2, "open_umsab": 2, "open_ltec-lv": 2, "open_peisenieks-lv": 2},
    "themes": {OWN: 3},
    "last": {OWN: 4, "open_umsab": 2},
}
CLEAR = (0, 2)
FEELINGS = {"negative": 0, "neutral": 1, "positive": 2, "mixed": None}
SENTENCES = Path(__file__).parent / "sentences"
POINTS = Path(__file__).parent / "points.tsv"


@dataclass(frozen=True)
class Row:
    """One labelled text; `label` indexes LABELS, `has_neutral` speaks of its source and language. Where it is
    `doubtful`, labels are no better than drawn by lot.

    Sentences of our own also have themes, perhaps a pain point, and no label where they are mixed.
    """

    text: str
    language: str
    label: int | None
    file: str
    has_neutral: bool = True
    doubtful: bool = False
    themes: frozenset[str] | None = None
    point: str | None = None

    @property
    def key(self) -> str:
        """A short hash of language and text: the same text never stands on both sides."""
        return _hash(f"{self.language}\t{_folded(self.text)}")

    @property
    def words_key(self) -> str:
        """A short hash of the text alone, the same in whichever language it is filed."""
        return _hash(_folded(self.text))

    @property
    def theme_vector(self) -> list[float]:
        """1 for each theme that the row is labelled with, in the order of `THEMES`."""
        return [float(code in (self.themes or ())) for code in THEMES]


def same_letters(held: Sequence[str], trained: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs that differ in nothing but capitals, diacritics, signs and emoji."""
    known = {letters: text for text in trained if (letters := _letters_of(text))}
    return [(text, known[letters]) for text in held if (letters := _letters_of(text)) in known]


def _letters_of(text: str) -> str:
    """The bare letters: texts that differ in capitals, diacritics, signs and emoji alone have the same."""
    return "".join(filter(str.isalpha, fold(text).text))


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_DIGITS]


def read_rows(folder: Path, pattern: str) -> list[Row]:
    """All rows of the files that match, in order of name."""
    rows = []
    for path in sorted(folder.glob(pattern)):
        before: Counter[str] = Counter()
        for line in path.read_text(encoding="utf-8").splitlines():
            found = json.loads(line)
            language, label = found["lang"], LABELS.index(found["label"])
            doubtful = any(before[language] in places for places in DOUBTFUL.get((path.stem, language), ()))
            rows.append(Row(found["text"], language, label, path.stem, doubtful=doubtful))
            before[language] += 1
    return mark_neutral(rows)


def read_sentences() -> list[Row]:
    """Our own sentences, in order of language; a feeling or theme that is not known is an error."""
    rows = []
    for path in sorted(SENTENCES.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            point, codes, feeling, text = line.split("\t")
            themes = frozenset(filter(None, codes.split(",")))
            if unknown := themes.difference(THEMES):
                message = f"{path.name}: no such theme: {', '.join(unknown)}"
                raise ValueError(message)
            shared = point if point[-1].isdigit() and themes else None
            rows.append(Row(text, path.stem, FEELINGS[feeling], OWN, themes=themes, point=shared))
    return rows


def join_sentences(rows: list[Row]) -> list[Row]:
    """Pairs of our own sentences as one comment, one pair for every second sentence of a language.

    Its themes are those of both. Praise beside complaint is mixed; where a feeling is neutral or
    already mixed, the pair is left out, because what it adds up to is not known.
    """
    chance = random.Random(SEED)  # noqa: S311 (an order, not a secret)
    by_language: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.themes and row.label in CLEAR:
            by_language[row.language].append(row)
    joined = []
    for language in sorted(by_language):
        shuffled = chance.sample(by_language[language], len(by_language[language]))
        for one, other in zip(shuffled[::2], shuffled[1::2], strict=False):
            text = f"{one.text} {other.text}"
            label = one.label if one.label == other.label else None
            themes = (one.themes or frozenset()) | (other.themes or frozenset())
            joined.append(replace(one, text=text, label=label, file=JOINED, themes=themes, point=None))
    return joined


def mark_neutral(rows: list[Row]) -> list[Row]:
    """Tell which (file, language) pairs have neutrals: the others train positive against negative."""
    labels: dict[tuple[str, str], Counter[int | None]] = defaultdict(Counter)
    for row in rows:
        labels[row.file, row.language][row.label] += 1
    neutral = {pair: n[1] >= LEAST_NEUTRAL * n.total() for pair, n in labels.items()}
    return [replace(row, has_neutral=neutral[row.file, row.language]) for row in rows]


def draw(
    rows: list[Row], quota: dict[str, int], seed: int, times: Mapping[str, int] = MappingProxyType({})
) -> list[Row]:
    """At most `quota[file]` rows a file, its languages as equal as their sizes allow; each `times[file]` times."""
    chance = random.Random(seed)  # noqa: S311 (a sample, not a secret)
    chosen = []
    for file, wanted in quota.items():
        pools: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row.file == file:
                pools[row.language].append(row)
        left = wanted
        # The smallest languages first, so that what they cannot fill goes to the larger ones.
        for i, language in enumerate(sorted(pools, key=lambda name: (len(pools[name]), name))):
            take = min(len(pools[language]), left // (len(pools) - i))
            chosen += times.get(file, 1) * chance.sample(pools[language], take)
            left -= take
    chance.shuffle(chosen)
    return chosen
