"""Dictionaries that are taken apart when asked say what Pyphen's own say."""

import pyphen
import pytest

from surveys.digests.hyphens import Dictionary, Patterns, at_hand


# Hungarian has spellings that change where they break: those Pyphen reads itself.
@pytest.mark.parametrize("language", ["en", "lv", "lt", "ro", "de", "fr", "es", "pl", "uk", "hu"])
def test_every_pattern_is_read_as_pyphen_reads_it(language: str) -> None:
    path = pyphen.LANGUAGES[language]
    theirs, ours = pyphen.HyphDict(path), Dictionary(path)
    assert isinstance(ours.patterns, Patterns) == (language != "hu")
    assert ours.maxlen == theirs.maxlen
    assert {letters: ours.patterns.get(letters) for letters in ours.patterns} == theirs.patterns
    assert ours.patterns.get("no such letters") is None


def test_a_language_is_read_once_and_one_without_patterns_is_left() -> None:
    at_hand("de")
    read = pyphen.hdcache[pyphen.LANGUAGES["de"]]
    at_hand("de")
    at_hand("ja")
    assert pyphen.hdcache[pyphen.LANGUAGES["de"]] is read
    assert pyphen.Pyphen(lang="de").inserted("Datenschutzerklärung") == "Da-ten-schut-z-er-klä-rung"
