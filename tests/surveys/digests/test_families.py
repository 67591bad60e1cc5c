"""Tests judged together, the guard of the trend line, and what is hidden so that nobody is told apart."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from surveys.digests.compare import Wider, score_change
from surveys.digests.disclose import hidden_groups
from surveys.digests.families import across_levels
from surveys.digests.mix import standard
from surveys.digests.shares import predictive
from surveys.digests.snapshot import METRICS, Column, Counts, Snapshot, column
from surveys.weeks import Week


def test_levels_are_judged_among_themselves() -> None:
    q = across_levels({"all": [0.001, 0.9], "region": [0.5], "culture": [0.02], "language": [0.04]})
    # One level of four says something at .004; three say something from .04 * 4 / 3 on.
    assert q["all"] == pytest.approx([0.004, 0.9])
    assert q["culture"] == pytest.approx([0.04])
    assert q["language"] == pytest.approx([0.04 * 4 / 3])
    assert across_levels({"all": [0.03]}) == {"all": [0.03]}


def test_the_predictive_is_the_textbooks() -> None:
    # Vector 30.
    weeks = (4, 6, 5, 3, 7, 5, 4, 6)
    above, below = predictive((13, 100), (sum(weeks), 800), 8, 0.0)
    assert above == pytest.approx(float(stats.nbinom.sf(12, 40.5, 8 / 9)))
    assert above == pytest.approx(0.00415, abs=5e-6)
    assert above + below > 1
    # Weeks that scatter make so many less surprising, and more answers make more complaints usual.
    assert predictive((13, 100), (sum(weeks), 800), 8, 0.1)[0] > 2 * above
    assert predictive((13, 200), (sum(weeks), 800), 8, 0.0)[0] > 0.1


def test_a_changed_mix_of_countries_is_no_change_of_score() -> None:
    happy, unhappy = np.zeros(11, np.int64), np.zeros(11, np.int64)
    happy[9], unhappy[3] = 10, 10
    base = np.stack([80 * happy, 20 * unhappy])
    now = np.stack([2 * happy, 8 * unhappy])
    values = np.array([-100.0] * 7 + [0.0] * 2 + [100.0] * 2)
    like = standard(now, base, values)
    assert like is not None
    assert [like.value, like.usual] == pytest.approx([0.0, -60.0])
    change = score_change("nps", "own_past", 8, now, base, wider=Wider())
    assert (change["poststratified"], change["delta"], change["base"]) == (
        True,
        pytest.approx(0.0),
        pytest.approx(-60.0),
    )
    assert standard(np.stack([8 * happy, 2 * unhappy]), base, values) is None


def counted(places: dict[tuple[str, str], int]) -> Snapshot:
    """One NPS answer's worth of everything, by (country, culture)."""
    rows = [(country, culture) for country, culture in places]
    n = np.array(list(places.values()), np.int64)
    same: dict[str, Any] = {
        name: column(["x"] * len(rows))
        for name in ("instrument", "form", "language", "touchpoint", "segment")
    }
    columns = {
        "metric": Column(np.zeros(len(rows), np.int64), METRICS),
        "score": column(["9"] * len(rows)),
        "reason": column([""] * len(rows)),
        "country": column([country for country, _culture in rows]),
        "culture": column([culture for _country, culture in rows]),
        **same,
    }
    counts = Counts(np.zeros(len(rows), np.int64), n, columns)
    empty = Counts(
        np.zeros(0, np.int64), np.zeros(0, np.int64),
        {name: column([]) for name in ("theme", "pain", "band", *columns) if name not in {"metric", "score", "reason"}},
    )  # fmt: skip
    return Snapshot(
        week=Week.parse("2026-W40"),
        zone="Europe/Riga",
        k=5,
        over=True,
        history=0,
        answers=counts,
        complaints=empty,
    )


def test_a_region_less_its_countries_tells_nobody() -> None:
    # Estonia's two people would be culture e less Latvia, and Northern Europe less Latvia and Sweden.
    hidden = hidden_groups(counted({("LV", "e"): 40, ("SE", "n"): 9, ("EE", "e"): 2, ("DE", "g"): 30}))
    assert hidden["country"] == {"EE", "LV"}
    assert hidden["region"] == frozenset()


def test_a_culture_less_a_region_inside_it_tells_nobody() -> None:
    # All of Northern Europe lies in culture e, and only three of e are elsewhere.
    hidden = hidden_groups(counted({("LV", "e"): 40, ("PL", "e"): 3, ("DE", "g"): 30, ("PL", "g"): 20}))
    assert "154" in hidden["region"]
    assert len(hidden["region"]) >= 2


def test_a_few_people_far_away_do_not_hide_the_rest() -> None:
    hidden = hidden_groups(counted({("LV", "e"): 46, ("DE", "g"): 28, ("JP", "c"): 39, ("BR", "l"): 2}))
    assert {level: set(groups) for level, groups in hidden.items() if groups} == {
        "continent": {"019", "142"},
        "region": {"005", "030"},
        "culture": {"c", "l"},
        "country": {"BR", "JP"},
    }


def test_company_is_taken_where_it_is_needed_anyway() -> None:
    hidden = hidden_groups(counted({("DE", "g"): 130, ("AT", "g"): 4, ("FR", "r"): 100, ("IT", "r"): 90}))
    assert hidden["country"] == {"AT", "DE"}
    assert hidden["region"] == frozenset()


def test_a_country_that_is_its_region_is_hidden_with_it() -> None:
    hidden = hidden_groups(counted({("LV", "e"): 40, ("JP", "c"): 3, ("DE", "g"): 30}))
    assert hidden["region"] == {"030", "155"}
    assert hidden["country"] >= {"JP", "DE"}
