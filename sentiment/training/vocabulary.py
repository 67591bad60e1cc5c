"""The tokenizer, and its trimming from 250,002 pieces to the ones that our languages use.

Trimming comes before training, so that the encoder adapts to the slightly longer splits. Texts are read in lower case: a word
at the head of a sentence is the word within it, and no piece is spent on its capital.
"""

import gzip
import struct
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

PIECES = 100_000
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
# A Turkish capital I with its dot is, in lower case, an i and a second dot.
DOTTED = ("i\u0307", "i")
# The score of the special pieces: a customer who writes "</s>" gets its four characters.
NEVER = -100.0
# Word frequencies in 42 languages (data CC BY-SA 4.0): they only help choose pieces.
WORDS_WHEEL = "wordfreq==3.1.1"
# How much a language's word list counts beside its texts, which are tweets and subtitles.
WORDS_WEIGHT = 2.0
# Languages without a word list that count as much as those with one.
ALSO_WANTED = {"am", "bs", "et", "hr", "hy", "ka", "no", "sr", "sw", "th"}
OTHER_WEIGHT = 0.1
# Each script's pieces also count by their unigram score, as this share of a language; more for
# the scripts of one wanted language with few texts.
SCRIPT_WEIGHT = {"ARMENIAN": 0.5, "ETHIOPIC": 0.2, "GEORGIAN": 0.5}
OTHER_SCRIPT_WEIGHT = 0.02

Pieces = list[tuple[str, float]]
Shares = dict[int, float]


def build_tokenizer(pieces: Pieces, *, lower: bool = True) -> Tokenizer:
    """XLM-R's pipeline over these pieces, in lower case unless as it comes; the ids are places in the list."""
    marks, words = pieces[: len(SPECIAL)], pieces[len(SPECIAL) :]
    scored = [(text, NEVER) for text, _ in marks] + words
    tokenizer = Tokenizer(models.Unigram(scored, unk_id=SPECIAL.index("<unk>")))
    small = [normalizers.Lowercase(), normalizers.Replace(*DOTTED)] if lower else []
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), *small])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


def read_word_weights(wheel: Path) -> dict[str, dict[str, float]]:
    """Language -> word -> frequency, from the `small` lists of the wordfreq wheel."""
    weights = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if "/small_" in name and name.endswith(".msgpack.gz"):
                language = name.rsplit("small_")[1].split(".")[0]
                weights[language] = read_buckets(gzip.decompress(archive.read(name)))
    return weights


def read_buckets(packed: bytes) -> dict[str, float]:
    """A cBpack file: bucket i (after the header) lists the words of frequency 10 ** (-i / 100).

    The file uses only msgpack's maps, arrays, strings and small integers.
    """
    at = 0

    def value() -> object:
        nonlocal at
        mark = packed[at]
        at += 1
        if mark <= 0x7F:
            return mark
        if mark <= 0x8F:
            return {value(): value() for _ in range(mark & 15)}
        if mark <= 0x9F:
            return [value() for _ in range(mark & 15)]
        size = mark & 31
        if mark in {0xD9, 0xDA, 0xDC, 0xDD}:
            layout = {0xD9: ">B", 0xDA: ">H", 0xDC: ">H", 0xDD: ">I"}[mark]
            (size,) = struct.unpack_from(layout, packed, at)
            at += struct.calcsize(layout)
            if mark >= 0xDC:
                return [value() for _ in range(size)]
        text = packed[at : at + size].decode()
        at += size
        return text

    contents = value()
    if not isinstance(contents, list):
        raise TypeError("no cBpack file")
    _, *buckets = contents
    return {word: 10 ** (-i / 100) for i, words in enumerate(buckets) for word in words}


def count_pieces(
    tokenizer: Tokenizer, texts: Iterable[tuple[str, str]], words: dict[str, dict[str, float]]
) -> dict[str, Shares]:
    """Language -> piece id -> weight; `texts` are (language, text) pairs."""
    by_language: dict[str, list[str]] = defaultdict(list)
    for language, text in texts:
        by_language[language].append(text)
    shares: dict[str, Shares] = defaultdict(lambda: defaultdict(float))
    for language, found in by_language.items():
        add_shares(shares[language], tokenizer, dict.fromkeys(found, 1.0), 1.0)
    for language, weights in words.items():
        add_shares(shares[language], tokenizer, weights, WORDS_WEIGHT)
    return shares


def add_shares(shares: Shares, tokenizer: Tokenizer, texts: dict[str, float], weight: float) -> None:
    """Add the pieces of weighted texts, scaled so that all of them together add `weight`."""
    counts: dict[int, float] = defaultdict(float)
    splits = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    for split, text_weight in zip(splits, texts.values(), strict=True):
        for piece in split.ids:
            counts[piece] += text_weight
    total = sum(counts.values())
    for piece, count in counts.items():
        shares[piece] += weight * count / total


def script_of(piece: str) -> str:
    """The first word of its first letter's Unicode name: LATIN, GEORGIAN, HIRAGANA."""
    letter = next((c for c in piece if c.isalpha()), None)
    return unicodedata.name(letter, "?").split()[0] if letter else "-"


def piece_weights(pieces: Pieces, shares: dict[str, Shares], listed: Iterable[str]) -> NDArray[np.float64]:
    """How much each piece is worth keeping, [pieces]; each wanted language counts the same.

    What no text in lower case is cut into is worth nothing.
    """
    weights = np.zeros(len(pieces))
    wanted = ALSO_WANTED.union(listed)
    for language, counts in shares.items():
        total = sum(counts.values()) / (1 if language in wanted else OTHER_WEIGHT)
        for piece, share in counts.items():
            weights[piece] += share / total
    prior = np.exp([score for _, score in pieces])
    scripts = np.array([script_of(text) for text, _ in pieces])
    for script in set(scripts):
        inside = scripts == script
        worth = SCRIPT_WEIGHT.get(script, OTHER_SCRIPT_WEIGHT)
        weights[inside] += worth * prior[inside] / prior[inside].sum()
    weights[[text != text.lower() for text, _ in pieces]] = 0
    return weights


def choose_pieces(pieces: Pieces, weights: NDArray[np.float64], count: int = PIECES) -> list[int]:
    """Ids kept, ascending: the special ones, every single character but capitals, then the weightiest."""
    mask = len(pieces) - 1
    always = {
        i
        for i, (text, _) in enumerate(pieces)
        if i < len(SPECIAL) or (len(text.strip("▁")) <= 1 and text == text.lower())
    }
    ranked = [int(i) for i in np.argsort(-weights, kind="stable")]
    others = [i for i in ranked if i not in always and i != mask]
    return sorted(always | set(others[: count - len(always)]))
