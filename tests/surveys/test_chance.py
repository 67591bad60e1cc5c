"""Intervals and tests against the textbook's vectors (2.7, 4.4); their laws stand next door."""

import math

import numpy as np
import pytest

from surveys.chance import (
    benjamini_hochberg,
    expects_few,
    fisher,
    impact,
    log_odds,
    mean_interval,
    net_estimate,
    newcombe,
    nps_difference,
    shrink,
    two_proportions,
    welch,
    wilson,
)
from surveys.digests.compare import VALUES, Figures, Wider, score_change
from surveys.digests.mix import standard, standard_share
from surveys.digests.snapshot import Ints
from surveys.tallies import BandCounts, Share


def close(*values: float, digits: int = 4) -> object:
    return pytest.approx(values, abs=0.5001 * 10**-digits)


# Plain Wald is pseudo=0; the table prints it to three decimals.
@pytest.mark.parametrize(
    ("bands", "pseudo", "centre", "low", "high"),
    [
        pytest.param((50, 30, 20), 0, 30, 14.692, 45.308, id="3"),
        pytest.param((50, 30, 20), 3, 29.1262, 14.0511, 44.2013, id="4"),
        pytest.param((5, 3, 2), 0, 30, -18.4075, 78.4075, id="5 plain"),
        pytest.param((5, 3, 2), 3, 23.0769, -19.0506, 65.2045, id="5"),
        pytest.param((10, 0, 0), 0, 100, 100, 100, id="6 plain has no width"),
        pytest.param((10, 0, 0), 3, 76.9231, 47.5036, 100, id="6"),
        pytest.param((0, 0, 4), 3, -57.1429, -100, -6.9442, id="7"),
    ],
)
def test_net_estimate(
    bands: tuple[int, int, int], pseudo: float, centre: float, low: float, high: float
) -> None:
    estimate = net_estimate(BandCounts(*bands), pseudo=pseudo)
    assert estimate.centre == pytest.approx(centre, abs=5e-5)
    assert estimate.interval() == pytest.approx((low, high), abs=5e-4)


def test_standard_errors_of_vectors_3_4_and_8() -> None:
    counts = BandCounts(50, 30, 20)
    assert net_estimate(counts, pseudo=0).se == pytest.approx(7.8102, abs=5e-5)
    assert net_estimate(counts).se == pytest.approx(7.6915, abs=5e-5)
    assert net_estimate(BandCounts(1, 0, 1), pseudo=0).se == pytest.approx(70.7107, abs=5e-5)


def test_plain_wald_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no answers"):
        net_estimate(BandCounts(0, 0, 0), pseudo=0)


def test_vector_9_plain_difference() -> None:
    result = nps_difference(BandCounts(120, 50, 30), BandCounts(90, 60, 50), pseudo=0)
    assert (result.value, result.se, result.z) == close(25, 7.7701, 3.2174)
    assert result.p == pytest.approx(0.00129, abs=5e-6)
    assert (result.low, result.high) == close(9.7708, 40.2292)


def test_vector_10_adjusted_difference() -> None:
    result = nps_difference(BandCounts(120, 50, 30), BandCounts(90, 60, 50))
    assert (result.value, result.se, result.z) == close(24.6305, 7.7140, 3.1930)
    assert result.p == pytest.approx(0.00141, abs=5e-6)


def test_vector_11_small_groups() -> None:
    result = nps_difference(BandCounts(8, 4, 3), BandCounts(5, 4, 6))
    assert (result.value, result.se, result.z, result.p) == close(33.3333, 26.9634, 1.2362, 0.2164)


def test_vector_12_mean_interval() -> None:
    assert mean_interval({5: 40, 4: 35, 3: 15, 2: 6, 1: 4}) == close(3.7962, 4.2238)
    assert mean_interval({4: 1}) is None


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(3, 4, 0.3006, 0.9544), (0, 5, 0, 0.4345), (5, 5, 0.5655, 1), (8, 10, 0.4902, 0.9433)],
)
def test_vector_13_wilson(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(Share(hits, n)) == close(low, high)


def test_vector_14_csat_of_two_groups() -> None:
    result = two_proportions(Share(75, 100), Share(150, 240))
    assert (result.value, result.z, result.p) == close(0.125, 2.2198, 0.0264)
    assert (result.low, result.high) == close(0.0149, 0.2225)


def test_vector_16_welch() -> None:
    result = welch({7: 10, 6: 8, 5: 5, 3: 2}, {7: 5, 6: 8, 4: 7, 2: 5})
    assert result is not None
    assert (result.value, result.t) == close(5.96 - 4.84, 2.5886)
    assert result.df == pytest.approx(41.003, abs=5e-4)
    assert result.p == pytest.approx(0.01327, abs=5e-6)
    assert result.low > 0


@pytest.mark.parametrize(("a", "b"), [({5: 1}, {4: 9, 3: 2}), ({5: 4}, {4: 9})])
def test_welch_without_spread_is_undefined(a: dict[int, int], b: dict[int, int]) -> None:
    assert welch(a, b) is None


def test_vector_26_complaint_shares() -> None:
    a, b = Share(30, 200), Share(18, 220)
    result = two_proportions(a, b)
    assert (result.value, result.p) == close(0.06818, 0.02828, digits=5)
    assert (result.z, *newcombe(a, b)) == close(2.1934, 0.0069, 0.1315)
    assert not expects_few(a, b)


def test_vector_27_small_shares_take_fisher() -> None:
    a, b = Share(6, 20), Share(2, 25)
    assert (two_proportions(a, b).z, two_proportions(a, b).p) == close(1.9181, 0.0551)
    assert expects_few(a, b)
    assert fisher(a, b) == pytest.approx(0.1131, abs=5e-5)


def test_vector_28_benjamini_hochberg() -> None:
    p_values = [0.001, 0.008, 0.039, 0.041, 0.042, 0.060, 0.074, 0.205, 0.212, 0.216]
    q_values = benjamini_hochberg(p_values)
    assert q_values == close(0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.1057, 0.216, 0.216, 0.216)
    assert sum(q <= 0.05 for q in q_values) == 2
    assert benjamini_hochberg([]) == []


@pytest.mark.parametrize("wrong", [-0.1, 1.1, math.nan])
def test_a_p_value_is_a_probability(wrong: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([0.5, wrong])


def test_vector_29_impact() -> None:
    result = impact(BandCounts(50, 30, 20), BandCounts(2, 4, 14))
    assert (result.n, result.score, result.without, result.points) == (20, -60, 52.5, -22.5)


def test_a_theme_that_everybody_names_has_no_impact() -> None:
    everyone = BandCounts(3, 2, 1)
    assert impact(everyone, everyone).points is None


def test_a_theme_is_part_of_all() -> None:
    with pytest.raises(ValueError, match="below zero"):
        impact(BandCounts(1, 1, 1), BandCounts(2, 0, 0))


def by_band(counts: BandCounts) -> Ints:
    """Answers of NPS by score."""
    scores = np.zeros(11, np.int64)
    scores[[10, 8, 0]] = counts.promoters, counts.passives, counts.detractors
    return scores


@pytest.mark.parametrize("weights", [(50, 30, 20), (500, 300, 200)])
def test_vector_31_a_past_weighted_to_the_countries_of_now(weights: tuple[int, ...]) -> None:
    """Countries of 20, 40 and -10 points."""
    past = [BandCounts(40, 40, 20), BandCounts(50, 40, 10), BandCounts(30, 30, 40)]
    now = np.stack([by_band(BandCounts(n // 2, 0, n // 2)) for n in weights])
    like = standard(now, np.stack([by_band(counts) for counts in past]), VALUES["nps"])
    assert like is not None
    assert like.usual == pytest.approx(20)


def test_vector_32_how_many_answers_weights_leave() -> None:
    """Ten times the vector's: 500 answers of weight 1 and 100 of weight 3 are worth 457."""
    found = standard_share(np.array([500, 300]), np.array([500, 100]), np.array([0, 0]))
    assert found is not None
    assert found == pytest.approx((0.0, 457.14), abs=5e-3)


def test_vector_33_shrinking() -> None:
    assert shrink(75, 8, towards=30) == pytest.approx(39.4737, abs=5e-5)


def test_shrinking_needs_something_to_weigh() -> None:
    with pytest.raises(ValueError, match="cannot weigh"):
        shrink(75, 0, towards=30, k=0)


def test_vector_34_log_odds() -> None:
    value, z = log_odds(Share(12, 400), Share(5, 600), prior=1.7, prior_total=100)
    assert (value, z) == close(1.06993, 2.26953, digits=5)
    with pytest.raises(ValueError, match="no prior"):
        log_odds(Share(12, 400), Share(5, 600), prior=0, prior_total=100)


CULTURES = {
    "LV": (BandCounts(30, 40, 30), BandCounts(300, 420, 280)),
    "JP": (BandCounts(15, 45, 40), BandCounts(100, 420, 480)),
    "BR": (BandCounts(70, 20, 10), BandCounts(1400, 400, 200)),
}


@pytest.mark.parametrize(
    ("name", "raw", "expected", "p", "ends"),
    [
        ("LV", (0, 2), (-1.994, 7.984, -0.250), 0.8028, (-17.64, 13.65)),
        ("JP", (-25, -38), (13.614, 7.203, 1.890), 0.0587, (-0.50, 27.73)),
        ("BR", (60, 60), (-1.658, 6.788, -0.244), 0.8071, (-14.96, 11.65)),
    ],
)
def test_a_group_beside_its_own_past(
    name: str,
    raw: tuple[float, float],
    expected: tuple[float, float, float],
    p: float,
    ends: tuple[float, float],
) -> None:
    now, base = CULTURES[name]
    assert (now.score, base.score) == raw
    tested = nps_difference(now, base)
    assert (tested.value, tested.se, tested.z) == close(*expected, digits=3)
    change = beside_the_past(now, base)
    assert (change["reason"], change["n_now"], change["n_base"]) == ("tested", now.n, base.n)
    assert change["delta"] == pytest.approx(expected[0], abs=5e-4)
    assert change["p"] == pytest.approx(p, abs=5e-5)
    assert (change["low"], change["high"]) == close(*ends, digits=2)


def beside_the_past(now: BandCounts, base: BandCounts) -> Figures:
    """What an edition says of a group's NPS, of one country."""
    return score_change("nps", "own_past", 8, by_band(now)[None], by_band(base)[None], wider=Wider())


def test_japan_moves_and_not_yet_beyond_chance() -> None:
    q_values = benjamini_hochberg([beside_the_past(*pair)["p"] for pair in CULTURES.values()])
    assert q_values[1] == pytest.approx(0.176, abs=5e-4)


@pytest.mark.parametrize(
    ("now", "base", "reason"), [(29, 1000, "too_few"), (30, 99, "too_few"), (30, 100, "tested")]
)
def test_few_answers_are_not_judged(now: int, base: int, reason: str) -> None:
    assert beside_the_past(BandCounts(now, 0, 0), BandCounts(0, base, 0))["reason"] == reason
