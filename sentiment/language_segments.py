"""The parts of a text that may be in different languages: sentences, and parts of them.

A sentence is cut where the script changes, and where two languages explain its words far better than
one. Whether the parts really are in different languages is for `sentiment.language` to say.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from sentiment.language_profiles import SCRIPTS, OwnProfiles
from sentiment.scripts import count_scripts, main_script

_SENTENCE_END = re.compile(r"[.!?…。！？।؟۔\n]+")
_MOST_SENTENCES = 80
_MOST_WORDS = 200
"""Longer runs without a full stop are not looked into."""

_LEAST_GAIN = 40.0
"""How much likelier, in nats, two languages must make a sentence than one."""

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
    """The words as one part, or cut in two and each half again, where that explains them better."""
    if not 1 < len(words) <= _MOST_WORDS:
        return [" ".join(words)]
    scores = profiles.score_each(words)
    before = scores.cumsum(axis=0)
    gains = before.max(axis=1) + (before[-1] - before).max(axis=1) - before[-1].max()
    cut = int(gains.argmax()) + 1
    if gains[cut - 1] < _LEAST_GAIN or cut == len(words):
        return [" ".join(words)]
    return _languages_apart(words[:cut], profiles) + _languages_apart(words[cut:], profiles)
