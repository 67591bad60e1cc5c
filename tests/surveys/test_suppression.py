"""Small groups stay hidden, also from those who subtract."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.suppression import suppressed, suppressed_metric

CELLS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 15))
K = st.integers(1, 12)


@pytest.mark.parametrize(
    ("cells", "hidden"),
    [
        pytest.param({}, "", id="nothing"),
        pytest.param({"LV": 12, "LT": 5, "EE": 0}, "", id="all large or empty"),
        pytest.param({"LV": 12, "LT": 9, "EE": 4}, "LT EE", id="one hidden takes the next"),
        pytest.param({"LV": 12, "LT": 3, "EE": 4}, "LT EE", id="two that reach k suffice"),
        pytest.param({"LV": 12, "LT": 30, "EE": 2, "RO": 2}, "LV EE RO", id="two below k"),
        pytest.param({"LV": 9, "LT": 9, "EE": 4}, "LT EE", id="ties by name"),
        pytest.param({"LV": 12, "LT": 0, "EE": 4}, "LV EE", id="empty ones cover nobody"),
        pytest.param({"LV": 2, "LT": 0, "EE": 2}, "LV LT EE", id="all together too few"),
        pytest.param({"LV": 0, "LT": 0}, "", id="nobody to betray"),
        pytest.param({"LV": 5}, "", id="alone and large enough"),
        pytest.param({"LV": 4}, "LV", id="alone and small"),
    ],
)
def test_what_is_hidden_for_five(cells: dict[str, int], hidden: str) -> None:
    assert suppressed(cells, 5) == set(hidden.split())


@pytest.mark.parametrize(("n", "hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_figure_needs_five(n: int, *, hidden: bool) -> None:
    assert suppressed_metric(n, 5) is hidden


@pytest.mark.parametrize(("cells", "k"), [({"LV": 7}, 0), ({"LV": -1}, 5)])
def test_impossible_groups_are_refused(cells: dict[str, int], k: int) -> None:
    with pytest.raises(ValueError, match=r"least group|answers"):
        suppressed(cells, k)


@given(CELLS, K)
def test_no_small_cell_is_shown(cells: dict[str, int], k: int) -> None:
    shown = cells.keys() - suppressed(cells, k)
    assert not any(0 < cells[name] < k for name in shown)


@given(CELLS, K)
def test_subtraction_finds_no_small_group(cells: dict[str, int], k: int) -> None:
    hidden = suppressed(cells, k)
    if hidden and sum(cells.values()) >= k:
        assert len(hidden) >= 2
        assert sum(cells[name] for name in hidden) >= k
        assert all(cells[name] for name in hidden)


@given(CELLS, K)
def test_too_few_in_all_are_hidden_in_all(cells: dict[str, int], k: int) -> None:
    if 0 < sum(cells.values()) < k:
        assert suppressed(cells, k) == cells.keys()


@given(CELLS, K)
def test_no_more_is_hidden_than_needed(cells: dict[str, int], k: int) -> None:
    hidden = suppressed(cells, k)
    added = [name for name in hidden if cells[name] >= k]
    if added:
        last = max(added, key=lambda name: (cells[name], name))
        fewer = hidden - {last}
        assert len(fewer) < 2 or sum(cells[name] for name in fewer) < k
        shown = [(cells[name], name) for name in cells.keys() - hidden if cells[name]]
        assert all((cells[last], last) < other for other in shown)


@given(CELLS, K, st.randoms(use_true_random=False))
def test_the_order_of_cells_does_not_matter(cells: dict[str, int], k: int, random: Random) -> None:
    shuffled = dict(random.sample(sorted(cells.items()), len(cells)))
    assert suppressed(shuffled, k) == suppressed(cells, k)


@given(CELLS)
def test_a_least_group_of_one_hides_nothing(cells: dict[str, int]) -> None:
    assert suppressed(cells, 1) == frozenset()
