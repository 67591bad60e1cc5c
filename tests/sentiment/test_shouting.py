"""Text in capitals: told like the same words in lower case, in the places they have in the text as given."""

import sys

import pytest

from sentiment.analyse import Analyser
from sentiment.clean import for_model, placed_for_model
from sentiment.shouting import is_shouted, lowered, unshout
from sentiment.verdict import Comment


def test_every_character_keeps_its_place() -> None:
    every = "".join(chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point < 0xE000)
    assert len(lowered(every)) == len(every)
    assert all(len(lowered(character)) == 1 for character in every)


def test_capitals_are_lowered_as_their_languages_write() -> None:
    assert unshout("PIEGĀDE KAVĒJAS!") == "piegāde kavējas!"
    assert unshout("DIE GRÖẞE STIMMT NICHT") == "die größe stimmt nicht"
    assert unshout("Η ΠΑΡΑΔΟΣΗ ΑΡΓΟΣ") == "η παραδοση αργος"
    assert unshout("SİPARİŞ KAYIP") == "sipariş kayıp"
    assert unshout("SIMPLE AND KIND") == "simple and kind"


@pytest.mark.parametrize(
    "text", ["Labi", "iPhone ir labs", "DHL ist gut und schnell", "APP很好用，我很满意", "10/10", "", "很好"]
)
def test_what_is_not_shouted_stays(text: str) -> None:
    assert not is_shouted(text)
    assert unshout(text) == text


def test_a_link_in_lower_case_does_not_hide_the_shouting() -> None:
    assert for_model("SLIKTI @janis https://example.com/a/long/link") == "slikti @user http"


def test_places_lead_back_to_the_capitals() -> None:
    text = "  SİPARİŞ\n\nKAYIP"
    placed = placed_for_model(text)
    at = placed.text.index("kayıp")
    start, end = placed.span(at, at + len("kayıp"))
    assert text[start:end] == "KAYIP"


def test_a_shouted_comment_is_told_like_a_spoken_one(analyser: Analyser) -> None:
    spoken, shouted = analyser.analyse([Comment("it was good"), Comment("IT WAS GOOD")])
    assert shouted.sentiment.positive == pytest.approx(spoken.sentiment.positive)
    assert shouted.sentiment.label == "positive"
    assert shouted.masked_text == "IT WAS GOOD"
