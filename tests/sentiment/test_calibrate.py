"""Fitting chances to labels: it mends what is wrong, leaves alone what is right, and knows which is which."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sentiment.calibrate import (
    CLASSES,
    Scaling,
    fit,
    fit_scaling,
    quality,
    read_fit,
    try_out,
    write_fit,
)

Floats = NDArray[np.float64]
SEEDS = st.integers(0, 10_000)


def softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    shares: Floats = powers / powers.sum(1, keepdims=True)
    return shares


def drawn(seed: int, rows: int, spread: float = 1.6) -> tuple[Floats, NDArray[np.int64]]:
    """Chances that are exactly right: each label is drawn by its chances."""
    generator = np.random.default_rng(seed)
    chances = softmax(generator.normal(0, spread, (rows, 3)))
    labels = (generator.random((rows, 1)) > chances.cumsum(1)).sum(1)
    return chances, np.minimum(labels, 2).astype(np.int64)


def names(rows: int) -> list[str]:
    return [f"text {number}" for number in range(rows)]


@settings(deadline=None, max_examples=12)
@given(SEEDS)
def test_what_is_calibrated_already_hardly_changes(seed: int) -> None:
    chances, labels = drawn(seed, 900)
    scaling = fit_scaling(chances, labels)
    assert scaling.slope == pytest.approx(1, abs=0.35)
    assert scaling.bias == pytest.approx((0, 0, 0), abs=0.3)
    assert np.abs(scaling(chances) - chances).mean() < 0.05


@settings(deadline=None, max_examples=12)
@given(SEEDS, st.floats(0.4, 2.5), st.floats(-1.5, 1.5))
def test_a_wrong_temperature_and_bias_are_undone(seed: int, slope: float, shift: float) -> None:
    chances, labels = drawn(seed, 3000)
    spoilt = softmax(slope * np.log(chances) + np.array([shift, 0, 0]))
    mended = fit_scaling(spoilt, labels)(spoilt)
    assert np.abs(mended - chances).mean() < 0.04
    assert quality(mended, labels).log_loss <= quality(spoilt, labels).log_loss


@settings(deadline=None, max_examples=12)
@given(SEEDS)
def test_a_fit_never_worsens_what_it_was_fitted_to(seed: int) -> None:
    chances, labels = drawn(seed, 60, spread=3)
    labels = np.random.default_rng(seed).permutation(labels)
    after = quality(fit_scaling(chances, labels)(chances), labels)
    assert after.log_loss <= quality(chances, labels).log_loss + 1e-3


@settings(deadline=None, max_examples=40)
@given(st.floats(0.05, 3), st.tuples(*[st.floats(-2, 2)] * 3))
def test_scaling_is_monotone(slope: float, bias: tuple[float, float, float]) -> None:
    """The more chance the model gives an answer against another, the more the scaled chances do."""
    weights = np.linspace(0.02, 0.96, 40)
    chances = np.stack([weights, (1 - weights) * 0.5, (1 - weights) * 0.5], axis=1)
    scaled = Scaling(slope, bias)(chances)
    assert (np.diff(scaled[:, 0]) > 0).all()
    assert scaled.sum(1) == pytest.approx(np.ones(40))


def test_no_labels_of_a_class_and_certain_chances_do_no_harm() -> None:
    chances = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]] * 20)
    scaling = fit_scaling(chances, [0, 2] * 20)
    assert np.isfinite([scaling.slope, *scaling.bias]).all()
    assert scaling(chances).argmax(1).tolist() == [0, 2] * 20
    wrong = fit_scaling(chances, [2, 0] * 20)
    assert wrong(chances).max() < 0.75


def test_a_trial_says_whether_it_helps() -> None:
    chances, labels = drawn(5, 600)
    assert not try_out(chances, labels, names(600)).helps
    spoilt = softmax(2.5 * np.log(chances) + np.array([1.5, 0, -1]))
    trial = try_out(spoilt, labels, names(600))
    assert trial.helps
    assert (trial.n, trial.turned > 0) == (600, True)
    assert trial.after.calibration_error < trial.before.calibration_error / 2


def test_a_fit_is_the_same_again_and_in_any_order() -> None:
    chances, labels = drawn(7, 300)
    order = np.random.default_rng(1).permutation(300)
    one, other = try_out(chances, labels, names(300)), fit_scaling(chances, labels)
    assert one == try_out(chances[order], labels[order], [names(300)[at] for at in order])
    again = fit_scaling(chances[order], labels[order])
    assert again.slope == pytest.approx(other.slope, abs=1e-9)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    chances, labels = drawn(3, 300)
    path = tmp_path / "calibration.json"
    assert read_fit(path) is None
    found = fit(chances, labels, names(300), model_version="small-1", temperature=0.9)
    write_fit(found, path)
    assert read_fit(path) == found
    assert [file.name for file in tmp_path.iterdir()] == ["calibration.json"]
    # Chances are softmax(logits / .9); from these logits the kept numbers give what the scaling gives.
    logits = 0.9 * np.log(chances)
    scaled = fit_scaling(chances, labels)(chances)
    assert softmax(logits / found.temperature + np.array(found.bias)) == pytest.approx(scaled, abs=1e-9)
    for spoilt in ("{", "[]", json.dumps({"model_version": "x"}), path.read_text().replace('"n"', '"m"')):
        path.write_text(spoilt)
        assert read_fit(path) is None
    assert CLASSES == ("negative", "neutral", "positive")
