"""Shares where countries answer in other shares than before: the past is weighted, and no surer than its answers make it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.digests.build import figures
from surveys.digests.mix import standard_share
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation


async def _late(country: str, n: int, *, ago: int = 0) -> None:
    for number in range(n):
        await answer("nps", 9, ago=ago, country=country, text=f"Kavējas {ago}.{number}", themes=["delivery"])


async def _edition(estonians: int) -> dict[str, Any]:
    """Eight weeks of 121 Latvians, of whom now and then one complains, and some Estonians who do not; now mostly these."""
    for ago in range(1, 9):
        await many("nps", {9: 60, 3: 60}, ago=ago)
        await _late("LV", 1, ago=ago)
        await many("nps", {9: estonians}, ago=ago, country="EE")
    await many("nps", {9: 3, 3: 3})
    await many("nps", {9: 55}, country="EE")
    await _late("EE", 5)
    return await figures(WEEK, await organisation(), at=AT)


@pytest.mark.parametrize(("estonians", "arrow"), [(4, "none"), (60, "up")])
async def test_few_who_never_complained_are_no_sure_past(database: None, estonians: int, arrow: str) -> None:
    (pain,) = (await _edition(estonians))["pain_points"]
    assert pain["change"]["poststratified"] is True
    # Five of 60 after none of 32 may be chance; after none of 480 it is not.
    assert (pain["change"]["arrow"], pain["now"]["x"]) == (arrow, 5)


def test_a_weighted_past_has_no_more_answers_than_its_weights_leave() -> None:
    answers, hits = np.array([31, 969]), np.array([0, 10])
    assert standard_share(np.array([60, 0]), answers, hits) == (0.0, 31.0)
    found = standard_share(np.array([95, 5]), answers, hits)
    assert found is not None
    people, n = found
    assert n == pytest.approx(1 / (0.95**2 / 31 + 0.05**2 / 969))
    assert people / n == pytest.approx(0.05 * 10 / 969)


COUNTRIES = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=6
)


@given(COUNTRIES)
def test_weighting_never_adds_answers(countries: list[tuple[int, int, int]]) -> None:
    now, base, hits = (np.array(column) for column in zip(*countries, strict=True))
    found = standard_share(now, base, np.minimum(hits, base))
    if found is not None:
        assert 0 <= found[0] <= found[1] <= base.sum() + 1e-9
