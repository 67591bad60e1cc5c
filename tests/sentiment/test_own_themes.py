"""A theme from a few examples: what it finds, what it leaves alone, and that it is always the same."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sentiment.own_themes import FEWEST, MOST, KnownTexts, Matcher, fit, known_texts
from sentiment.own_themes_figures import Labelled, draws, report

WIDTH = 32
Floats = NDArray[np.float32]


def unit(vectors: NDArray[np.float64]) -> Floats:
    found: Floats = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return found


def cone(rng: np.random.Generator, n: int, spread: float = 1.0) -> Floats:
    """Embeddings of anything at all: all of them lie in one narrow cone, as a real model's do."""
    return unit(np.eye(WIDTH)[0] * 6 + spread * rng.normal(size=(n, WIDTH)))


def about(rng: np.random.Generator, n: int, axis: int, strength: float) -> Floats:
    """Embeddings of texts on one subject, in the same cone."""
    return unit(np.eye(WIDTH)[0] * 6 + np.eye(WIDTH)[axis] * strength + rng.normal(size=(n, WIDTH)))


seeds = st.integers(0, 2**31 - 1)


@settings(max_examples=60, deadline=None)
@example(62055105, 3)
@given(seeds, st.integers(FEWEST, MOST))
def test_a_clear_theme_finds_its_examples_and_hardly_any_background(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    examples, background = about(rng, n, 5, 12.0), cone(rng, 150)
    made = fit(examples, background)
    assert (made.examples, made.found, made.is_clear) == (n, n, True)
    assert made.matcher.matches(examples).all()
    # Among thousands of draws one of the background comes out nearer than the farthest of three examples.
    assert made.matcher.matches(background).sum() <= 2
    assert made.matcher.matches(about(rng, 40, 5, 12.0)).mean() > 0.9
    assert made.matcher.matches(cone(rng, 400)).mean() < 0.05


@settings(max_examples=60, deadline=None)
@given(seeds, st.integers(FEWEST, 20), st.integers(0, 80), st.floats(0, 14))
def test_chances_are_chances_and_rise_with_the_likeness(seed: int, n: int, m: int, strength: float) -> None:
    rng = np.random.default_rng(seed)
    matcher = fit(about(rng, n, 3, strength), cone(rng, m)).matcher
    texts = np.concatenate([about(rng, 20, 3, strength), cone(rng, 20), np.zeros((1, WIDTH), np.float32)])
    chances, likeness = matcher.chances(texts), matcher.likeness(texts)
    assert ((chances >= 0) & (chances <= 1)).all()
    assert np.isfinite(matcher.threshold)
    assert (matcher.matches(texts) == (likeness >= matcher.threshold)).all()
    order = np.argsort(likeness, kind="stable")
    assert (np.diff(chances[order]) >= 0).all()


@settings(max_examples=40, deadline=None)
@given(seeds, st.integers(FEWEST, 12), st.integers(0, 60))
def test_the_order_of_examples_and_background_does_not_matter(seed: int, n: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    examples, background = about(rng, n, 7, 5.0), cone(rng, m)
    here = fit(examples, background)
    there = fit(examples[rng.permutation(n)], background[rng.permutation(m)])
    assert here.matcher.direction.tobytes() == there.matcher.direction.tobytes()
    assert here.matcher.centre.tobytes() == there.matcher.centre.tobytes()
    assert (here.matcher.threshold, here.found) == (there.matcher.threshold, there.found)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_background_on_the_same_subject_does_not_push_the_theme_away(seed: int) -> None:
    rng = np.random.default_rng(seed)
    examples, more = about(rng, 10, 5, 12.0), about(rng, 60, 5, 12.0)
    with_them = fit(examples, np.concatenate([cone(rng, 150), about(rng, 6, 5, 12.0)]))
    assert with_them.matcher.matches(more).mean() > 0.5


def test_examples_of_nothing_in_common_are_called_unclear() -> None:
    rng = np.random.default_rng(4)
    assert not fit(cone(rng, 8), cone(rng, 200)).is_clear


@pytest.mark.parametrize("n", [0, FEWEST - 1, MOST + 1])
def test_too_few_and_too_many_examples_are_refused(n: int) -> None:
    with pytest.raises(ValueError, match=f"from 3 to 50 examples, not {n}"):
        fit(cone(np.random.default_rng(1), n), cone(np.random.default_rng(2), 9))


def test_three_times_the_same_example_is_a_theme() -> None:
    one = about(np.random.default_rng(1), 1, 4, 8.0)
    made = fit(np.repeat(one, 3, axis=0), cone(np.random.default_rng(2), 50))
    assert made.matcher.matches(one).all()


def test_the_evidence_is_the_sentence_most_like_the_theme() -> None:
    rng = np.random.default_rng(2)
    matcher = fit(about(rng, 6, 5, 12.0), cone(rng, 60)).matcher
    sentences = np.concatenate([cone(rng, 2), about(rng, 1, 5, 12.0), cone(rng, 1)])
    assert matcher.evidence(sentences) == 2
    assert matcher.evidence(np.empty((0, WIDTH), np.float32)) is None


def test_a_matcher_is_as_good_after_it_was_stored() -> None:
    rng = np.random.default_rng(3)
    matcher = fit(about(rng, 6, 5, 6.0), cone(rng, 60)).matcher
    kept = Matcher(
        np.frombuffer(matcher.centre.tobytes(), np.float32),
        np.frombuffer(matcher.direction.tobytes(), np.float32),
        matcher.threshold,
    )
    texts = cone(rng, 30)
    assert (kept.chances(texts) == matcher.chances(texts)).all()


def test_known_texts_come_with_their_themes(tmp_path: Path) -> None:
    file = tmp_path / "points.npz"
    vectors = np.eye(3, dtype=np.float16)
    np.savez(
        file,
        codes=["delivery-01", "a", "none-01"],
        themes=["delivery", "billing,delivery", ""],
        feelings=["negative"] * 3,
        vectors=vectors,
    )
    known = known_texts(file)
    assert known.themes == (frozenset({"delivery"}), frozenset({"billing", "delivery"}), frozenset({""}))
    assert known.without("delivery").tolist() == [[0, 0, 1]]
    assert known.without("technical").shape == (3, 3)
    assert known_texts(tmp_path / "none.npz").vectors.shape == (0, 0)


def test_figures_are_drawn_alike_and_say_what_was_found() -> None:
    rng = np.random.default_rng(9)
    languages = tuple(f"l{number % 6}" for number in range(120))
    themes = tuple(frozenset({"delivery"} if number % 24 < 12 else {"billing"}) for number in range(120))
    vectors = np.concatenate([about(rng, 1, 5 if "delivery" in theme else 9, 12.0) for theme in themes])
    texts = Labelled(languages, themes, vectors)
    known = KnownTexts((frozenset({""}),) * 80, cone(rng, 80))
    lines = report(texts, known)
    assert lines == report(texts, known)
    assert [line.split()[0] for line in lines] == ["theme", "delivery", "billing", "mean"]
    assert lines[-1].split()[1:] == ["1.00", "1.00", "1.00"]
    for examples in draws("delivery", texts):
        assert len(set(examples)) == 6
        assert len({languages[at] for at in examples}) == 3
        assert all(themes[at] == {"delivery"} for at in examples)
