"""The whole library on one comment: masked first, evidence in the text as given."""

import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from sentiment.analyse import Analyser
from sentiment.verdict import Comment


def test_a_comment_from_end_to_end(analyser: Analyser) -> None:
    text = "Zvaniet 29123456, kurjers\x00 bija slikts un labi nav"
    (verdict,) = analyser.analyse([Comment(text, "lv", "LV")])
    assert verdict.masked_text == "Zvaniet [PHONE], kurjers bija slikts un labi nav"
    assert verdict.language.code == "lv"
    assert verdict.sentiment.label == "unknown"
    assert [(hit.code, text[hit.start : hit.end]) for hit in verdict.themes] == [("delivery", "kurjers")]
    assert verdict.model_version == analyser.model_version == "polyvox-sentiment-tiny"


def test_numbers_are_those_of_the_comments_country(analyser: Analyser) -> None:
    (verdict,) = analyser.analyse([Comment("Rakstiet uz 5123 4567 vakarā", "et", "EE")])
    assert verdict.masked_text == "Rakstiet uz [PHONE] vakarā"


def test_blank_comments_are_unknown(analyser: Analyser) -> None:
    for verdict in analyser.analyse([Comment(""), Comment(" \n\t"), Comment("\x00\ud800")]):
        assert verdict.language.code == "und"
        assert verdict.sentiment.label == "unknown"
        assert verdict.sentiment.negative == verdict.sentiment.neutral == verdict.sentiment.positive
        assert verdict.themes == ()
    assert analyser.analyse([]) == []


def test_an_undetermined_text_is_read_in_the_forms_language(analyser: Analyser) -> None:
    (verdict,) = analyser.analyse([Comment("App", "en")])
    assert (verdict.language.code, verdict.language.best) == ("und", "en")
    assert [hit.code for hit in verdict.themes] == ["usability"]


def test_a_mixed_text_has_the_themes_of_both_languages(analyser: Analyser) -> None:
    text = "Ļoti dārgi man tas viss iznāca. The courier never came to my house."
    (verdict,) = analyser.analyse([Comment(text)])
    assert verdict.language.code == "mixed"
    assert [(hit.code, text[hit.start : hit.end]) for hit in verdict.themes] == [
        ("price_value", "dārgi"),
        ("delivery", "courier"),
    ]


@given(st.text(max_size=80), st.sampled_from([None, "lv", "th", "x"]))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_a_verdict(analyser: Analyser, text: str, locale: str | None) -> None:
    (verdict,) = analyser.analyse([Comment(text, locale)])
    chances = verdict.sentiment
    assert abs(chances.negative + chances.neutral + chances.positive - 1) < 1e-6
    for hit in verdict.themes:
        assert hit.start is not None
        assert hit.end is not None
        assert 0 <= hit.start < hit.end <= len(text)


def test_importing_the_library_is_cheap() -> None:
    program = (
        "import sys, sentiment, sentiment.verdict, sentiment.model; "
        "print([m for m in ('onnxruntime', 'transformers', 'torch', 'langdetect') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
