"""F1, intervals and calibration error, against what can be counted by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentiment.evaluate_figures import Figure, class_f1, macro_f1, micro_f1, share, sureness

LABEL = st.sampled_from("abc")
PAIRS = st.lists(st.tuples(LABEL, LABEL), min_size=1, max_size=40)


def test_macro_f1_is_the_mean_of_the_labels_that_occur() -> None:
    assert macro_f1([("a", "a"), ("a", "b"), ("b", "b")]).value == pytest.approx(66.67)
    assert macro_f1([("a", "b")]).value == 0
    assert macro_f1([]) == Figure(0.0, 0.0, 0.0)


def test_micro_f1_and_class_f1() -> None:
    assert micro_f1([(1, 1, 0), (1, 0, 2)]).value == pytest.approx(57.14)
    assert class_f1([("x", "x"), ("x", "y"), ("y", "x")], "x").value == 50
    assert share([True, True, False, True]).value == 75
    assert share([]) == Figure(0.0, 0.0, 0.0)


@settings(deadline=None, max_examples=40)
@given(PAIRS)
def test_an_interval_holds_its_figure_and_is_the_same_again(pairs: list[tuple[str, str]]) -> None:
    found = macro_f1(pairs)
    assert 0 <= found.low <= found.high <= 100
    assert found == macro_f1(list(reversed(pairs)))


def test_an_interval_narrows_with_more_texts() -> None:
    some = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")]
    few, many = macro_f1(some * 5), macro_f1(some * 100)
    assert few.value == many.value
    assert many.high - many.low < (few.high - few.low) / 3


def test_an_interval_holds_the_truth_about_95_times_of_100() -> None:
    generator = np.random.default_rng(4)
    held = 0
    for _ in range(200):
        found = share(generator.random(150) < 0.7)
        held += found.low <= 70 <= found.high
    assert 180 <= held <= 198


def test_calibration_error_over_bins_of_equal_mass() -> None:
    # 15 bins of 2 texts, each stating .8 and half right: .3 off everywhere.
    assert sureness([0.8] * 30, [True, False] * 15).error == 30
    assert sureness([1.0] * 30, [True] * 30) == sureness([0.0] * 30, [False] * 30)
    assert sureness([], []).error == 0


def test_what_chance_alone_shows() -> None:
    generator = np.random.default_rng(9)
    stated = generator.uniform(0.4, 1.0, 3000)
    exact = sureness(stated, generator.random(3000) < stated)
    assert exact.error == pytest.approx(exact.by_chance, abs=1)
    few = sureness(stated[:60], generator.random(60) < stated[:60])
    assert few.by_chance > 3 * exact.by_chance
