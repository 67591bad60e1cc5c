"""Comments that say nothing is wrong, or nothing at all: told so, in every language, and of no theme."""

import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

import sentiment.set_phrases
from sentiment.analyse import Analyser
from sentiment.set_phrases import NEUTRAL, POSITIVE, SURE, set_phrase
from sentiment.themes import find_themes, languages
from sentiment.verdict import Comment

LISTED = tomllib.loads(Path(sentiment.set_phrases.__file__).with_name("set_phrases.toml").read_text("utf-8"))
THEMELESS = Path(__file__).with_name("themeless.tsv").read_text("utf-8").splitlines()
"""In each language: "I am disappointed", twice, "Thank you very much", "I have no time"."""

LEAST = 12


def phrases() -> Iterator[tuple[str, str, str]]:
    for language, by_feeling in LISTED.items():
        for feeling, listed in by_feeling.items():
            yield from ((language, feeling, phrase) for phrase in listed)


def test_every_language_has_both_kinds() -> None:
    assert set(LISTED) == languages()
    for language, by_feeling in LISTED.items():
        assert list(by_feeling) == ["positive", "neutral"], language
        for listed in by_feeling.values():
            assert len(listed) == len(set(listed)) >= LEAST, language


def test_no_phrase_says_two_things() -> None:
    for language, feeling, phrase in phrases():
        told = set_phrase(phrase)
        assert told, (language, phrase)
        assert told.label == feeling, (language, phrase)


@pytest.mark.parametrize(
    "text",
    [
        "Not bad!",
        "Неплохо.",
        "Непогано",
        "Niezłe!",
        "Deloc rău",
        "Nav slikti",
        "Pole paha",
        "나쁘지 않아요",
        "悪くない",
    ],
)
def test_not_bad_is_praise(text: str) -> None:
    assert set_phrase(text) == POSITIVE
    assert set_phrase(f"{text.rstrip('.!')}?") is None


@pytest.mark.parametrize("language", sorted(LISTED))
def test_a_whole_comment_is_told_whatever_its_spelling(analyser: Analyser, language: str) -> None:
    rows = [(feeling, phrase) for name, feeling, phrase in phrases() if name == language]
    for spell in (str.capitalize, shouted, undiacritised):
        verdicts = analyser.analyse([Comment(spell(phrase), language) for _, phrase in rows])
        for (feeling, phrase), verdict in zip(rows, verdicts, strict=True):
            assert verdict.sentiment.label == feeling, phrase
            assert verdict.themes == ()
            assert verdict.sentences == ()
            assert verdict.embedding is not None


def shouted(phrase: str) -> str:
    return f" {phrase.upper()}!! "


def undiacritised(phrase: str) -> str:
    if not phrase.isascii() and "LATIN" in unicodedata.name(phrase[0]):
        return "".join(c for c in unicodedata.normalize("NFD", phrase) if not unicodedata.combining(c)) + "."
    return f"„{phrase}…“"


@pytest.mark.parametrize("language", sorted(LISTED))
def test_no_keyword_stands_in_what_says_nothing(language: str) -> None:
    said = [phrase for name, _, phrase in phrases() if name == language]
    said += [text for line in THEMELESS if line.startswith(f"{language}\t") for text in line.split("\t")[1:]]
    assert len(said) >= 2 * LEAST + 4
    assert {text: hits for text in said if (hits := find_themes(text, language))} == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Neturiu komentarų, viskas gerai", POSITIVE),
        ("No comment. No remarks.", NEUTRAL),
        ("“No complaints”", POSITIVE),
        ("No problem?", None),
        ("No complaints about the courier", None),
        ("No complaints, but slow", None),
        ("no complaints, " * 20, None),
        ("", None),
        ("...", None),
    ],
)
def test_only_whole_comments_are_set_phrases(text: str, told: object) -> None:
    assert set_phrase(text) == told


def test_they_are_as_sure_as_a_rule_may_be() -> None:
    for told in (POSITIVE, NEUTRAL):
        assert max(told.negative, told.neutral, told.positive) == SURE
        assert told.negative + told.neutral + told.positive == pytest.approx(1)
