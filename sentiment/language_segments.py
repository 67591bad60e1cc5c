"""The parts of a text that may be in different languages: sentences, and parts of them.

A sentence is cut where the script changes, and where two languages explain its words far better than
one. Whether the parts really are in different languages is for `sentiment.language` to say.
"""

import re
from collections.abc import Iterator
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sentiment.language_profiles import SCRIPTS, OwnProfiles
from sentiment.scripts import count_scripts, main_script

_SENTENCE_END = re.compile(r"[.!?…。！？।؟۔\n]+")
_MOST_SENTENCES = 80
_MOST_WORDS = 200
"""Longer runs without a full stop are not looked into."""

_LEAST_GAIN = 40.0
"""How much likelier, in nats, two languages must make a sentence than one."""

_LEAST_GAIN_INSIDE = 60.0
_PLAIN_WORDS_INSIDE = 2
"""A stretch in the middle needs more, and words without a capital: brands stand in the middle too."""

_JAPANESE = {"Hani": "Kana"}


def segments(text: str, profiles: OwnProfiles) -> list[str]:
    """The parts of a cleaned text whose line ends were kept, in order."""
    sentences = _SENTENCE_END.split(text)[:_MOST_SENTENCES]
    return [
        part
        for sentence in sentences
        for script, words in _runs_of_one_script(_without_hashtags(sentence))
        for part in (_languages_apart(words, profiles) if script in SCRIPTS else [" ".join(words)])
    ]


def whole_sentences(text: str) -> frozenset[str]:
    """The sentences of which `segments` may have cut parts."""
    return frozenset(" ".join(found.split()) for found in _SENTENCE_END.split(text)[:_MOST_SENTENCES])


def _without_hashtags(sentence: str) -> list[str]:
    """The words of a sentence; hashtags are often English whatever the comment is."""
    return [word for word in sentence.split() if not word.startswith("#")]


def _runs_of_one_script(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Neighbouring words in one script; a word without letters goes with the word before it."""
    script = ""
    scripts = []
    for word in words:
        own = main_script(count_scripts(word))[0]
        script = _JAPANESE.get(own, own) or script
        scripts.append(script)
    for found, pairs in groupby(zip(scripts, words, strict=True), key=lambda pair: pair[0]):
        yield found, [word for _, word in pairs]


def _languages_apart(words: list[str], profiles: OwnProfiles) -> list[str]:
    """The words as one part, or cut and each piece again, where that explains them better.

    One cut where the languages follow each other; two where one of them interrupts the other.
    """
    if not 1 < len(words) <= _MOST_WORDS:
        return [" ".join(words)]
    scores = profiles.score_each(words)
    before = scores.cumsum(axis=0)
    gains = before.max(axis=1) + (before[-1] - before).max(axis=1) - before[-1].max()
    cut = int(gains.argmax()) + 1
    if gains[cut - 1] >= _LEAST_GAIN and cut < len(words):
        return _languages_apart(words[:cut], profiles) + _languages_apart(words[cut:], profiles)
    start, end, gain = _stretch_inside(scores)
    plain = sum(word[0].islower() for word in words[start:end])
    if gain < _LEAST_GAIN_INSIDE or plain < _PLAIN_WORDS_INSIDE:
        return [" ".join(words)]
    pieces = words[:start], words[start:end], words[end:]
    return [part for piece in pieces for part in _languages_apart(piece, profiles)]


def _stretch_inside(scores: NDArray[np.float64]) -> tuple[int, int, float]:
    """The stretch that one other language explains best, neither first nor last word in it, and by how much."""
    others = (scores - scores[:, [int(scores.sum(axis=0).argmax())]])[1:-1]
    if not len(others):
        return 0, 0, 0.0
    before = np.vstack([np.zeros(others.shape[1]), others.cumsum(axis=0)])
    lowest = np.minimum.accumulate(before, axis=0)
    end, column = np.unravel_index(int((before - lowest).argmax()), before.shape)
    start = int(before[: end + 1, column].argmin())
    return start + 1, int(end) + 1, float(before[end, column] - before[start, column])
