"""What stands in a comment beside words: ratings that tell no feeling, emoji and smileys that do."""

import io
import json

import pytest

from sentiment.analyse import UNKNOWN, Analyser
from sentiment.clean import for_model, placed_for_model
from sentiment.understand import understand
from sentiment.verdict import Comment

RATINGS = [
    "1/10", "★☆☆☆☆", "⭐", "⭐⭐⭐⭐⭐", "0", "4", "10", "4.5 / 5", "١٠", "1️⃣", "100 %", "???", "!", "-", "+371 29123456",
    "https://x.lv/a @janis", "12:30", "1)", "\u0301",
]  # fmt: skip


@pytest.mark.parametrize("text", RATINGS)
def test_a_rating_without_words_tells_no_feeling(analyser: Analyser, text: str) -> None:
    (verdict,) = analyser.analyse([Comment(text, "lv", "LV")])
    assert (verdict.sentiment, verdict.themes, verdict.embedding) == (UNKNOWN, (), None)


@pytest.mark.parametrize(
    "text",
    [
        "👍",
        "😡",
        "❤",
        "☹",
        "🇱🇻",
        ":)",
        ":-(",
        ";)",
        "(:",
        "=(",
        ":/",
        ")))",
        "<3",
        "^_^",
        "5 labi",
        "好",
        "ok",
    ],
)
def test_signs_of_a_feeling_are_read(text: str) -> None:
    assert for_model(text) == text


def test_words_and_ratings_together_keep_their_order(analyser: Analyser) -> None:
    verdicts = analyser.analyse([Comment("1/10"), Comment("good"), Comment("★☆☆☆☆"), Comment("bad")])
    assert [verdict.sentiment.label for verdict in verdicts] == ["unknown", "positive", "unknown", "negative"]
    vectors = analyser.vectors(["1/10", "good"])
    assert not vectors[0].any(), "a text without words is at nought"
    assert vectors[1].any()


def test_understand_answers_a_rating_without_embedding(analyser: Analyser) -> None:
    out = io.StringIO()
    assert understand(['{"text": "1/10"}\n', '{"text": "good"}\n'], out, analyser, embedding=True) == 0
    rating, good = map(json.loads, out.getvalue().splitlines())
    assert (rating["sentiment"], rating["themes"], rating["embedding"]) == ("unknown", [], None)
    assert good["embedding"]


def test_a_complaint_with_a_smile_is_a_complaint() -> None:
    """The model that ships has learnt that people put such a sign after anything."""
    model = Analyser(threads=1)
    complaints = [
        "Three weeks and nobody has answered my message",
        "Piegāde kavējās, un neviens neko nepaskaidroja",
        "Die App stürzt jedes Mal ab, wenn ich bezahlen will",
        "Mi-au luat banii de două ori",
    ]
    for sign in ("", " 🙏", " :)", " 😊", " 🙂"):
        verdicts = model.analyse([Comment(f"{text}{sign}") for text in complaints])
        assert [verdict.sentiment.label for verdict in verdicts] == ["negative"] * len(complaints)


@pytest.mark.parametrize("thing", ["📦", "🚚", "🇱🇻", "☎️", "💶", "🏴", "🕐", "📱📱", "📦 🚚🇱🇻"])
def test_a_thing_beside_words_says_nothing(analyser: Analyser, thing: str) -> None:
    text = f"{thing}it was{thing} bad {thing}"
    assert for_model(text) == "it was bad"
    placed = placed_for_model(text)
    start, end = placed.span(placed.text.index("bad"), len(placed.text))
    assert text[start:end] == "bad"
    assert for_model(thing) == thing, "alone it is all there is to read"
    bare, marked = analyser.analyse([Comment("it was bad"), Comment(text)])
    assert marked.sentiment.negative == pytest.approx(bare.sentiment.negative)
    assert marked.masked_text == text


@pytest.mark.parametrize(
    "sign",
    ["😡", "❤️", "👎🏽", "🙏", "🎉", "🔥", "💩", "💯", "🚀", "🚫", "🌧", "👩‍💻", "🏳️‍🌈", "⭐⭐", "★☆", ":)"],
)
def test_signs_of_a_feeling_stay_beside_words(sign: str) -> None:
    assert for_model(f"it was bad {sign}") == f"it was bad {sign}"
