"""The shipped model reads a comment to its end, and the two halves of one that praises and complains."""

from itertools import pairwise

import pytest

from sentiment.analyse import Analyser
from sentiment.language import LanguageDetector
from sentiment.verdict import Comment
from sentiment.windows import MOST_WINDOWS, Windows

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
LONGEST = 10_000
NEEDLE = "My refund has not arrived for six weeks and nobody sends the money back. "
FILLER = "We went there on a Sunday with the whole family and the weather stayed as it was. "


@pytest.fixture(scope="module")
def shipped(detector: LanguageDetector) -> Analyser:
    return Analyser(detector=detector)


@pytest.mark.parametrize("unit", ["Ļoti ilgi gaidīju. ", "送货很慢，", "x1y2z3q4", "खराब सेवा। ", "บริการช้า"])
def test_every_token_of_a_long_comment_is_read(shipped: Analyser, unit: str) -> None:
    windows: Windows = shipped._model._windows
    text = (unit * LONGEST)[:LONGEST]
    found = list(windows.of([text]))
    marks = len(windows.head) + len(windows.tail)
    assert len(found) <= MOST_WINDOWS
    assert sum(len(window.tokens) - marks for window in found) == sum(len(window.places) for window in found)
    assert (found[0].places[0].start, found[-1].places[-1].end) == (0, len(text.rstrip()))
    gaps = [later.places[0].start - window.places[-1].end for window, later in pairwise(found)]
    assert max(gaps, default=0) <= 1


@pytest.mark.parametrize("tenth", range(10))
def test_a_complaint_is_found_wherever_it_stands(shipped: Analyser, tenth: int) -> None:
    at = tenth * (LONGEST - len(NEEDLE)) // 9
    before = (FILLER * LONGEST)[:at]
    text = before + NEEDLE + (FILLER * LONGEST)[: LONGEST - len(before) - len(NEEDLE)]
    (verdict,) = shipped.analyse([Comment(text, "en")])
    assert "returns_refunds" in {hit.code for hit in verdict.themes}


@pytest.mark.parametrize(
    ("text", "locale", "praise", "complaint"),
    [
        ("Ēdiens garšīgs, bet apkalpotājs bija rupjš", "lv", "Ēdiens garšīgs,", "bet apkalpotājs bija rupjš"),
        ("Great food but the waiter was rude", "en", "Great food", "but the waiter was rude"),
        ("Das Essen war super, aber der Kellner war unfreundlich", "de", "Das Essen war super,", "aber der Kellner war unfreundlich"),
    ],
)  # fmt: skip
def test_the_halves_of_one_sentence_are_judged(
    shipped: Analyser, text: str, locale: str, praise: str, complaint: str
) -> None:
    (verdict,) = shipped.analyse([Comment(text, locale)])
    assert verdict.sentiment.label == "mixed"
    assert [(text[part.start : part.end], part.label) for part in verdict.sentences] == [
        (praise, "positive"),
        (complaint, "negative"),
    ]
