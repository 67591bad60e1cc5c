"""Counts refuse what cannot have been counted."""

import pytest

from surveys.tallies import BandCounts, Moments, Share, moments


def test_vector_12_moments() -> None:
    n, mean, sd = moments({5: 40, 4: 35, 3: 15, 2: 6, 1: 4})
    assert (n, mean) == (100, 4.01)
    assert sd == pytest.approx(1.0777, abs=5e-5)


def test_one_answer_has_no_spread() -> None:
    assert moments({3: 1}) == Moments(1, 3, None)
    assert moments({3: 7}) == Moments(7, 3, 0)


@pytest.mark.parametrize("counts", [{}, {3: 0}, {3: 2, 4: -1}])
def test_nothing_has_no_mean(counts: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="no mean"):
        moments(counts)


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (-1, 4), (5, 4)])
def test_a_share_is_part_of_something(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match=f"{hits} of {n}"):
        Share(hits, n)


def test_bands_are_counted_and_taken_away() -> None:
    rest = BandCounts(50, 30, 20) - BandCounts(2, 4, 14)
    assert rest == BandCounts(48, 26, 6)
    assert (rest.n, rest.score) == (80, 52.5)


def test_more_than_all_cannot_be_taken_away() -> None:
    with pytest.raises(ValueError, match="below zero"):
        BandCounts(1, 1, 1) - BandCounts(2, 0, 0)


def test_no_answers_have_no_score() -> None:
    with pytest.raises(ValueError, match="no answers"):
        _ = BandCounts(0, 0, 0).score
