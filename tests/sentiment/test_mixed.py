"""Mixed feelings, themes by the heads and what `understand` says of both."""

import io
import json
from pathlib import Path

import pytest

from sentiment.analyse import Analyser
from sentiment.language import LanguageDetector
from sentiment.training.tiny import make_tiny_model
from sentiment.understand import understand
from sentiment.verdict import Comment, Verdict


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory, detector: LanguageDetector) -> Analyser:
    folder = make_tiny_model(tmp_path_factory.mktemp("model") / "heads", heads=True)
    return Analyser(folder, threads=1, detector=detector)


def _one(listener: Analyser, text: str) -> Verdict:
    (verdict,) = listener.analyse([Comment(text, "en")])
    return verdict


def test_praise_beside_complaint_is_mixed_with_its_sentences(listener: Analyser) -> None:
    text = "Call 29123456. The staff was excellent! The parcel came in a terrible state."
    verdict = _one(listener, text)
    assert verdict.sentiment.label == "mixed"
    assert [(text[part.start : part.end], part.label) for part in verdict.sentences] == [
        ("Call 29123456.", "neutral"),
        ("The staff was excellent!", "positive"),
        ("The parcel came in a terrible state.", "negative"),
    ]


def test_the_models_own_word_is_enough_and_clauses_are_judged(listener: Analyser) -> None:
    text = "table but chair"
    verdict = _one(listener, text)
    assert verdict.sentiment.label == "mixed"
    assert [(text[part.start : part.end], part.label) for part in verdict.sentences] == [
        ("table", "neutral"),
        ("but chair", "neutral"),
    ]


def test_one_feeling_throughout_is_not_mixed(listener: Analyser) -> None:
    verdict = _one(listener, "Terrible courier. Awful price.")
    assert verdict.sentiment.label == "negative"
    assert verdict.sentences == ()


@pytest.mark.parametrize("text", ["Terrible courier, table. Table.", "Excellent staff, table. Table."])
def test_only_praise_or_only_complaint_beside_something_else_is_not_mixed(
    listener: Analyser, text: str
) -> None:
    verdict = _one(listener, text)
    assert len(verdict.sentences) == 2
    assert verdict.sentiment.label != "mixed"


def test_themes_come_from_the_heads_and_are_explained(listener: Analyser) -> None:
    text = "Hello there, the courier of [2] came. Invoice attached."
    hits = [(hit.code, text[hit.start : hit.end], hit.method) for hit in _one(listener, text).themes]
    assert hits == [("delivery", "courier", "model")]
    latvian = "Piegāde bija laba, bet tarne kavējās"
    (verdict,) = listener.analyse([Comment(latvian, "en")])
    assert {hit.code for hit in verdict.themes} == {"delivery"}
    assert all(latvian[hit.start : hit.end].strip() for hit in verdict.themes)


def test_the_embedding_tells_what_a_text_is_about(listener: Analyser) -> None:
    first, second, other = (
        found.embedding
        for found in listener.analyse([Comment("delivery"), Comment("kurjers"), Comment("price")])
    )
    assert first is not None
    assert second is not None
    assert other is not None
    assert float(first @ second) > float(first @ other)
    assert listener.analyse([Comment("")])[0].embedding is None


def test_understand_adds_sentences_and_on_request_the_embedding(listener: Analyser) -> None:
    lines = [json.dumps({"text": "Excellent staff! Terrible price."}), json.dumps({"text": ""}), "x"]
    out = io.StringIO()
    assert understand(lines, out, listener, embedding=True) == 1
    mixed, blank, wrong = (json.loads(line) for line in out.getvalue().splitlines())
    assert [(part["start"], part["end"], part["sentiment"]) for part in mixed["sentences"]] == [
        (0, 16, "positive"),
        (17, 32, "negative"),
    ]
    assert set(mixed["sentences"][0]["probabilities"]) == {"negative", "neutral", "positive"}
    assert len(mixed["embedding"]) == 384
    assert sum(part * part for part in mixed["embedding"]) == pytest.approx(1, abs=1e-4)
    assert (blank["embedding"], "sentences" in blank) == (None, False)
    assert set(wrong) == {"error"}


def test_a_model_without_heads_falls_back_on_keywords(analyser: Analyser, model_folder: Path) -> None:
    assert json.loads((model_folder / "config.json").read_text())["themes"] == {}
    (verdict,) = analyser.analyse([Comment("The courier was late", "en")])
    assert [(hit.code, hit.method) for hit in verdict.themes] == [("delivery", "keyword")]
