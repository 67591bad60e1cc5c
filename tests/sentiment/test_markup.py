"""Comments that come with their HTML: read as words alone, placed in the text as it came."""

import pytest

from sentiment.analyse import Analyser
from sentiment.clean import clean, for_model, paragraphs, placed_for_model
from sentiment.language import LanguageDetector
from sentiment.markup import without_markup
from sentiment.verdict import Comment

WORDS = "Nauda joprojām nav atgriezta, un kurjers bija slikts."


@pytest.mark.parametrize(
    "text",
    [
        f"<p>{WORDS}</p>",
        f'<p class="MsoNormal"><span style="font-size:11.0pt">{WORDS}</span><o:p></o:p></p>',
        f"<!DOCTYPE html><html><head><style><!-- p {{margin:0}} --></style></head><body>\n{WORDS}<br/></body></html>",
        f"<!-- a comment --><!--[if gte mso 9]><xml></xml><![endif]-->{WORDS}",
        WORDS.encode("ascii", "xmlcharrefreplace").decode(),
        WORDS.replace("ā", "&amacr;").replace(" nav", "&nbsp;nav"),
        WORDS.replace("ā", "&amp;#257;"),
        WORDS.replace("joprojām", "jopro<b>jām</b>"),
    ],
)
def test_only_the_words_are_read(analyser: Analyser, detector: LanguageDetector, text: str) -> None:
    assert for_model(text) == clean(text) == WORDS
    assert detector.detect(text) == detector.detect(WORDS)
    bare, marked = analyser.analyse([Comment(WORDS, "lv"), Comment(text, "lv")])
    assert marked.masked_text == text
    assert marked.sentiment.negative == pytest.approx(bare.sentiment.negative)
    assert {hit.code: text[hit.start : hit.end] for hit in marked.themes} == {
        "returns_refunds": "atgriezta",
        "delivery": "kurjers",
    }


@pytest.mark.parametrize(
    "text",
    [
        "2 < 3 and 5 > 4",
        "love <3 and </3",
        "a<b and c>d",
        "<name> wrote",
        "AT&T, R&D; x &unknown; y",
        "a <- b -> c",
        "<<good>>",
    ],
)
def test_signs_that_are_no_tags_stay(text: str) -> None:
    assert without_markup(text).text == text
    assert for_model(text) == text


def test_every_character_knows_where_it_stood() -> None:
    text = "<p>Lab&#257;k</p> &amp;amp; <b>v</b>iss"
    placed = placed_for_model(text)
    assert placed.text == "Labāk & viss"
    assert [text[slice(*placed.span(at, at + 1))] for at in range(len(placed.text))] == [
        *("L", "a", "b", "&#257;", "k", "</p> ", "&amp;amp;", " ", "v", "i", "s", "s"),
    ]


@pytest.mark.parametrize(
    "sign", ["\u00ad", "&shy;", "\u200b", "\u200e", "\u202e", "\u2060", "\u2068", "\ufeff"]
)
def test_nothing_is_read_where_nothing_is_seen(sign: str) -> None:
    text = f"{sign}Labi, neuz{sign}ticami{sign}!"
    placed = placed_for_model(text)
    assert placed.text == clean(text) == "Labi, neuzticami!"
    assert text[slice(*placed.span(0, 4))] == "Labi"
    assert text[slice(*placed.span(6, 16))] == f"neuz{sign}ticami"
    assert for_model("دیر می\u200cرسد 👩\u200d💻") == "دیر می\u200cرسد 👩\u200d💻"


def test_a_tag_between_words_is_a_line_end() -> None:
    assert paragraphs("Ļoti labi<br>Very good<p\nclass='x'>ok</p>") == "Ļoti labi\nVery good\nok"
    assert clean('<a href="https://x.lv/a">https://x.lv</a>nauda') == "nauda"
    assert for_model('<a href="https://x.lv/a">https://x.lv</a>nauda') == "http nauda"
