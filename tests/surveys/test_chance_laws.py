"""Laws of the intervals, tests and weights, for any counts; scipy is the second opinion."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from surveys.chance import (
    benjamini_hochberg,
    fisher,
    impact,
    mean_interval,
    nps_difference,
    shrink,
    two_proportions,
    welch,
    wilson,
)
from surveys.tallies import BandCounts, Share

SHARE = st.integers(1, 3000).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))
SMALL_SHARE = st.integers(1, 40).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))
BANDS = st.builds(BandCounts, st.integers(0, 900), st.integers(0, 900), st.integers(0, 900))
P_VALUES = st.lists(st.floats(0, 1), max_size=30)
ANSWERS = st.lists(st.integers(1, 7), min_size=2, max_size=40)


@given(SHARE)
def test_wilson_holds_the_share(share: Share) -> None:
    low, high = wilson(share)
    assert 0 <= low <= share.value <= high <= 1


@given(SHARE, SHARE)
def test_a_difference_of_shares_turns_around(a: Share, b: Share) -> None:
    one, other = two_proportions(a, b), two_proportions(b, a)
    assert (other.value, other.z, other.p) == pytest.approx((-one.value, -one.z, one.p))
    assert (other.low, other.high) == pytest.approx((-one.high, -one.low))
    assert -1 <= one.low <= one.value + 1e-12 <= one.high + 2e-12 <= 1 + 2e-12


@given(SMALL_SHARE, SMALL_SHARE)
def test_fisher_agrees_with_scipy(a: Share, b: Share) -> None:
    table = [[a.hits, a.n - a.hits], [b.hits, b.n - b.hits]]
    assert fisher(a, b) == pytest.approx(float(stats.fisher_exact(table).pvalue))
    assert fisher(b, a) == pytest.approx(fisher(a, b))


@given(BANDS, BANDS)
def test_a_difference_of_scores_turns_around(a: BandCounts, b: BandCounts) -> None:
    one, other = nps_difference(a, b), nps_difference(b, a)
    assert (other.value, other.se, other.z, other.p) == (-one.value, one.se, -one.z, one.p)
    assert -200 <= one.low <= one.value <= one.high <= 200
    assert 0 <= one.p <= 1


@given(P_VALUES, st.randoms(use_true_random=False))
def test_benjamini_hochberg_keeps_order_and_bounds(p_values: list[float], random: Random) -> None:
    q_values = benjamini_hochberg(p_values)
    assert all(p <= q <= 1 for p, q in zip(p_values, q_values, strict=True))
    pairs = sorted(zip(p_values, q_values, strict=True))
    assert [q for _, q in pairs] == sorted(q_values)
    random.shuffle(pairs)
    assert benjamini_hochberg([p for p, _ in pairs]) == [q for _, q in pairs]


@given(BANDS, BANDS)
def test_impact_is_the_same_by_three_formulas(rest: BandCounts, theme: BandCounts) -> None:
    if not theme.n or not rest.n:
        return
    everyone = BandCounts(
        rest.promoters + theme.promoters,
        rest.passives + theme.passives,
        rest.detractors + theme.detractors,
    )
    result = impact(everyone, theme)
    assert result.without == rest.score
    share = theme.n / everyone.n
    assert result.points == pytest.approx(share * (theme.score - rest.score), abs=1e-9)
    by_rest = theme.n * (theme.score - everyone.score) / rest.n
    assert result.points == pytest.approx(by_rest, abs=1e-9)


@given(st.floats(-100, 100), st.integers(0, 10_000), st.floats(-100, 100))
def test_shrinking_stays_between(score: float, n: int, towards: float) -> None:
    low, high = sorted((score, towards))
    assert low - 1e-9 <= shrink(score, n, towards=towards) <= high + 1e-9


@given(ANSWERS, ANSWERS)
def test_welch_agrees_with_scipy(a: list[int], b: list[int]) -> None:
    ours = welch(Counter(a), Counter(b))
    if ours is not None and len(set(a)) > 1 and len(set(b)) > 1:
        theirs = stats.ttest_ind(a, b, equal_var=False)
        assert (ours.t, ours.df) == pytest.approx((float(theirs.statistic), float(theirs.df)))
        assert ours.p == pytest.approx(float(theirs.pvalue))
        assert ours.low <= ours.value <= ours.high


@given(ANSWERS)
def test_mean_interval_agrees_with_scipy(answers: list[int]) -> None:
    ours = mean_interval(Counter(answers))
    assert ours is not None
    if len(set(answers)) > 1:
        mean = sum(answers) / len(answers)
        theirs = stats.t.interval(0.95, len(answers) - 1, mean, stats.sem(answers))
        assert ours == pytest.approx(tuple(map(float, theirs)))
