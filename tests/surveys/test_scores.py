"""The scores against the textbook's vectors (2.7) and the laws any score obeys."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.scores import (
    EXIT_REASONS,
    INVOLUNTARY_REASONS,
    Band,
    Metric,
    band,
    band_counts,
    ces,
    csat,
    nps,
    scale,
)
from surveys.tallies import BandCounts

COUNT = st.integers(0, 5000)
CSAT_COUNTS = st.dictionaries(st.integers(1, 5), COUNT)
CES_COUNTS = st.dictionaries(st.integers(1, 7), COUNT)


def counted(scores: list[int]) -> dict[int, int]:
    return dict(Counter(scores))


def test_vector_1_ten_answers() -> None:
    counts = band_counts("nps", counted([10, 9, 9, 8, 7, 7, 6, 5, 10, 0]))
    assert counts == BandCounts(4, 3, 3)
    assert nps(4, 3, 3).score == 10


def test_vector_2_each_answer_once() -> None:
    assert band_counts("nps", dict.fromkeys(range(11), 1)) == BandCounts(2, 2, 7)
    assert nps(2, 2, 7).score == pytest.approx(-45.4545, abs=5e-5)


@pytest.mark.parametrize(
    ("bands", "score", "low", "high"),
    [
        pytest.param((50, 30, 20), 30, 14.0511, 44.2013, id="4"),
        pytest.param((5, 3, 2), 30, -19.0506, 65.2045, id="5"),
        pytest.param((10, 0, 0), 100, 47.5036, 100, id="6"),
        pytest.param((0, 0, 4), -100, -100, -6.9442, id="7"),
    ],
)
def test_nps_interval_is_adjusted_and_clipped(
    bands: tuple[int, int, int], score: float, low: float, high: float
) -> None:
    result = nps(*bands)
    assert (result.n, result.score) == (sum(bands), score)
    assert (result.low, result.high) == pytest.approx((low, high), abs=5e-5)
    assert result.bands == BandCounts(*bands)


def test_vector_8_one_each_is_zero() -> None:
    assert nps(1, 0, 1).score == 0


def test_vector_12_csat() -> None:
    result = csat({5: 40, 4: 35, 3: 15, 2: 6, 1: 4})
    assert (result.n, result.percent, result.mean) == (100, 75, 4.01)
    # The table prints 65.6957, but centre 74.0752 less half 8.3796 is 65.6955.
    assert (result.low, result.high) == pytest.approx((65.6955, 82.4548), abs=5e-5)


def test_vector_15_ces() -> None:
    result = ces({7: 30, 6: 25, 5: 20, 4: 10, 3: 8, 2: 4, 1: 3})
    assert (result.n, result.mean) == (100, 5.35)
    assert (result.top3_percent, result.top2_percent, result.net_percent) == (75, 55, 60)


def test_no_answers_have_no_score() -> None:
    assert nps(0, 0, 0).score is nps(0, 0, 0).low is nps(0, 0, 0).high is None
    assert csat({}) == csat({3: 0})
    assert csat({}).percent is csat({}).mean is csat({}).low is None
    assert ces({}) == ces({7: 0})
    assert ces({}).mean is ces({}).top3_percent is ces({}).low is None


def test_one_answer_has_a_mean_and_no_t_interval() -> None:
    result = ces({6: 1})
    assert (result.n, result.mean, result.low, result.high) == (1, 6, None, None)


def test_ces_interval_stays_on_the_scale() -> None:
    result = ces({6: 1, 7: 1})
    assert (result.low, result.high) == (1, 7)


@pytest.mark.parametrize(
    ("metric", "bands"),
    [("nps", "DDDDDDDPPRR"), ("csat", "DDPRR"), ("ces", "DDDPRRR")],
)
def test_every_score_has_its_band(metric: Metric, bands: str) -> None:
    letters = {"D": Band.DETRACTOR, "P": Band.PASSIVE, "R": Band.PROMOTER}
    assert [band(metric, score) for score in scale(metric)] == [letters[one] for one in bands]


@pytest.mark.parametrize(
    ("metric", "score"), [("nps", -1), ("nps", 11), ("csat", 0), ("csat", 6), ("ces", 8)]
)
def test_a_score_off_the_scale_is_refused(metric: Metric, score: int) -> None:
    with pytest.raises(ValueError, match=f"{metric} has no score {score}"):
        band(metric, score)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        nps(3, -1, 0)
    with pytest.raises(ValueError, match="-1 answers of 4"):
        csat({4: -1})


def test_exit_reasons_are_the_nineteen_with_the_open_ones_last() -> None:
    assert len(EXIT_REASONS) == len(set(EXIT_REASONS)) == 19
    assert EXIT_REASONS[-2:] == ("other", "prefer_not")
    assert set(EXIT_REASONS) >= INVOLUNTARY_REASONS


@given(COUNT, COUNT, COUNT)
def test_nps_lies_in_its_interval_and_on_its_scale(p: int, a: int, d: int) -> None:
    result = nps(p, a, d)
    if result.score is None or result.low is None or result.high is None:
        assert p + a + d == 0
        return
    assert -100 <= result.low < result.high <= 100
    # Three added answers outweigh a single one.
    assert result.n == 1 or result.low <= result.score <= result.high


@given(COUNT, COUNT, COUNT)
def test_one_more_promoter_never_lowers_nps(p: int, a: int, d: int) -> None:
    before, after = nps(p, a, d).score, nps(p + 1, a, d).score
    assert after is not None
    assert before is None or after >= before


@given(COUNT, COUNT, COUNT)
def test_one_more_detractor_never_raises_nps(p: int, a: int, d: int) -> None:
    before, after = nps(p, a, d).score, nps(p, a, d + 1).score
    assert after is not None
    assert before is None or after <= before


@given(COUNT, COUNT, COUNT)
def test_swapping_the_ends_mirrors_nps(p: int, a: int, d: int) -> None:
    one, other = nps(p, a, d), nps(d, a, p)
    if one.score is None or one.low is None or one.high is None:
        return
    assert other.score == -one.score
    assert (other.low, other.high) == pytest.approx((-one.high, -one.low))


@given(st.lists(st.integers(1, 5)), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(scores: list[int], random: Random) -> None:
    shuffled = random.sample(scores, len(scores))
    assert csat(counted(shuffled)) == csat(counted(scores))
    assert ces(counted(shuffled)) == ces(counted(scores))


@given(CSAT_COUNTS)
def test_csat_stays_in_bounds(counts: dict[int, int]) -> None:
    result = csat(counts)
    if result.percent is None or result.low is None or result.high is None or result.mean is None:
        assert sum(counts.values()) == 0
        return
    assert 0 <= result.low <= result.percent + 1e-9
    assert result.percent - 1e-9 <= result.high <= 100
    assert 1 <= result.mean <= 5


@given(CES_COUNTS)
def test_ces_stays_in_bounds(counts: dict[int, int]) -> None:
    result = ces(counts)
    if result.low is None or result.high is None or result.mean is None:
        assert sum(counts.values()) < 2
        return
    assert 1 <= result.low <= result.mean <= result.high <= 7


@given(CSAT_COUNTS, st.integers(1, 5))
def test_one_more_satisfied_answer_never_lowers_csat(counts: dict[int, int], score: int) -> None:
    before = csat(counts).percent
    after = csat(counts | {score: counts.get(score, 0) + 1}).percent
    assert after is not None
    if before is not None:
        assert after >= before if score >= 4 else after <= before
