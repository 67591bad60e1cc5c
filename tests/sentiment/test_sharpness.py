"""How sure the model sounds in each language: what ships beside a model is obeyed, and fitted as it should be."""

import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from sentiment.analyse import Analyser
from sentiment.language import LanguageDetector
from sentiment.model import SentimentModel
from sentiment.sharpness import EVEN, Sharpness, read_sharpness, write_sharpness
from sentiment.training.sharpness import Told, fit_posts, fit_sharpness, sharpen_by_halves
from sentiment.verdict import Comment

WIDTH = 384
SURE = 50.0


def sharpened(folder: Path, place: Path, post: float, **languages: float) -> Path:
    """A copy of a model whose texts are posts (SURE) or comments (-SURE)."""
    shutil.copytree(folder, place)
    weights = np.zeros(WIDTH + 1)
    weights[-1] = post
    write_sharpness(Sharpness(languages, weights), place)
    return place


def test_a_language_of_posts_sounds_as_sure_as_its_file_says(model_folder: Path, tmp_path: Path) -> None:
    folder = sharpened(model_folder, tmp_path / "posts", SURE, lv=math.log(0.5), fi=math.log(0.1))
    texts = ["good", "good", "good", "good bad"]
    found = SentimentModel(folder, threads=1).read(texts, ["lv", "et", "fi", "lv"])
    powers = [[math.exp(sharp * x) for x in (0, 2, 4)] for sharp in (0.5, 1.0, 0.1)]
    expected = [row[2] / sum(row) for row in powers]
    assert [reading.sentiment.positive for reading in found[:3]] == pytest.approx(expected, rel=1e-5)
    assert [reading.sentiment.label for reading in found] == ["positive", "positive", "unknown", "unknown"]
    # Who does not say the language gets the chances as they are.
    plain = SentimentModel(folder, threads=1).read(["good"])[0].sentiment
    assert plain == SentimentModel(model_folder, threads=1).read(["good"])[0].sentiment


def test_comments_are_left_as_they_are(model_folder: Path, tmp_path: Path) -> None:
    folder = sharpened(model_folder, tmp_path / "comments", -SURE, lv=-1.5)
    models = [SentimentModel(each, threads=1) for each in (folder, model_folder)]
    moved, plain = (model.read(["good"], ["lv"])[0].sentiment.positive for model in models)
    assert moved == pytest.approx(plain)


def test_the_language_is_that_of_the_text(
    model_folder: Path, tmp_path: Path, detector: LanguageDetector
) -> None:
    folder = sharpened(model_folder, tmp_path / "lv", SURE, lv=-1.5)
    text = "Kurjers bija ļoti slikts un sūtījumu gaidīju trīs nedēļas"
    comments = [Comment(text, "en"), Comment("The courier was bad and I waited three weeks for it", "lv")]
    labels = [
        [
            verdict.sentiment.label
            for verdict in Analyser(each, threads=1, detector=detector).analyse(comments)
        ]
        for each in (model_folder, folder)
    ]
    assert labels == [["negative", "negative"], ["unknown", "negative"]]


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    weights = np.linspace(-2, 2, WIDTH + 1).astype(np.float32).astype(np.float64)
    write_sharpness(Sharpness({"lv": -0.5, "fi": 0.25}, weights), tmp_path)
    found = read_sharpness(tmp_path)
    assert found.languages == {"fi": 0.25, "lv": -0.5}
    assert np.array_equal(found.weights, weights)
    assert read_sharpness(tmp_path / "elsewhere") is EVEN


def told(n: int, sharp: dict[str, float], seed: int = 7) -> Told:
    """Texts whose labels are drawn from what logits, made so much sharper, say."""
    draw = np.random.default_rng(seed)
    languages = np.repeat(list(sharp), n)
    logits = draw.normal(size=(len(languages), 3)) * 2
    powers = np.exp(logits * np.array([sharp[name] for name in languages])[:, None])
    shares = powers / powers.sum(1, keepdims=True)
    labels = np.array([draw.choice(3, p=row) for row in shares])
    embeddings = np.zeros((len(languages), 4))
    embeddings[:, 0] = 1
    return Told(labels, languages, logits, embeddings)


POSTS = np.array([SURE, 0, 0, 0, 0.0])


def test_a_language_that_sounds_too_sure_is_found() -> None:
    texts = told(2000, {"fi": 0.5, "hu": 1.0, "th": 2.0})
    found = fit_sharpness(texts, weights=POSTS, temperature=1.0).languages
    assert {name: round(math.exp(step), 1) for name, step in found.items()} == pytest.approx(
        {"fi": 0.5, "hu": 1.0, "th": 2.0}, abs=0.2
    )


def test_few_rows_move_little_and_very_few_nothing() -> None:
    few = fit_sharpness(told(60, {"fi": 0.3}), weights=POSTS, temperature=1.0).languages["fi"]
    many = fit_sharpness(told(3000, {"fi": 0.3}), weights=POSTS, temperature=1.0).languages["fi"]
    assert many < few < 0
    assert fit_sharpness(told(49, {"fi": 0.3}), weights=POSTS, temperature=1.0).languages == {}


def test_no_half_is_sharpened_by_its_own_labels() -> None:
    texts = told(400, {"fi": 0.4})
    even, known = np.arange(400) % 2 == 0, np.ones(400, bool)
    turned = Told(np.where(even, 0, texts.labels), texts.languages, texts.logits, texts.embeddings)
    one, other = (
        sharpen_by_halves(each, known, even, weights=POSTS, temperature=1.0) for each in (texts, turned)
    )
    assert np.array_equal(one[even], other[even])
    assert not np.allclose(one[~even], other[~even])


def test_posts_are_told_from_comments() -> None:
    draw = np.random.default_rng(3)
    middles = np.eye(8)[:2] * 0.7
    posts, comments = (middle + draw.normal(size=(400, 8)) * 0.2 for middle in middles)
    weights = fit_posts(posts, comments)
    sides = [np.mean(side @ weights[:-1] + weights[-1] > 0) for side in (posts, comments)]
    assert sides[0] > 0.97
    assert sides[1] < 0.03
