"""Nobody can solve for what one edition hides: every answer has one metric, every group lies in others."""

from typing import Any

import numpy as np
import pytest

from surveys.digests.gather import answer_counts, complaint_counts
from surveys.digests.judge import ROWS, judged_figures
from surveys.digests.snapshot import METRICS, Snapshot
from surveys.digests.weekly import WeeklyAnswer
from surveys.weeks import Week
from tests.surveys.digests.solving import solved

K = 5
PLACES = ("US", "CA", "GB", "LV", "SE", "AU", "NZ", "ZA", "NG", "DE", "BE", "FR", "JP", "IN", None)
SCORES = {"nps": 9, "csat": 4, "ces": 6}


def given(
    metric: str, n: int, country: str | None = "LV", touchpoint: str = "web", segment: str | None = None, language: str = "en"
) -> WeeklyAnswer:  # fmt: skip
    """So many answers of one score, or one reason."""
    score, reason = SCORES.get(metric), "price" if metric == "exit" else None
    where = (country, "fr-BE" if country == "BE" else "en", language, touchpoint, segment)
    return WeeklyAnswer(0, METRICS.index(metric) + 1, 1, metric, score, reason, *where, n)


def judged(answers: list[WeeklyAnswer]) -> dict[str, Any]:
    week, history = Week.parse("2026-W40"), max(each.weeks_ago for each in answers)
    return judged_figures(
        Snapshot(week, "Europe/Riga", K, True, history, answer_counts(answers), complaint_counts([]))
    )


def world(seed: int) -> list[WeeklyAnswer]:
    """A week in which some surveys go to some places only, and few leave."""
    lot = np.random.default_rng(seed)
    asked = lot.random((len(PLACES), len(METRICS))) < lot.uniform(0.3, 1)
    usual = lot.choice([1, 3, 9, 40], size=asked.shape) * asked
    usual[:, METRICS.index("exit")] = lot.choice([0, 0, 1, 2, 4], size=len(PLACES))
    n = lot.poisson(usual)
    # Of everybody, how many answered each metric is no secret (docs/digest.md).
    n[:, n.sum(0) < K] = 0
    return [
        given(
            metric, int(n[place, at]), country,
            str(lot.choice(["web", "shop", ""])), str(lot.choice(["a", "b"])), str(lot.choice(["en", "fr", "ja"])),
        )
        for place, country in enumerate(PLACES)
        for at, metric in enumerate(METRICS)
        if n[place, at]
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_no_hidden_count_can_be_solved_for(seed: int) -> None:
    assert solved(judged(world(seed)), K) == []


def told(figures: dict[str, Any], name: str, metric: str) -> dict[str, int | None]:
    """How many answered a metric in each row, None where that is hidden."""
    return {row["group"]: row[metric].get("n") for row in figures[name]}


def test_few_who_leave_take_what_is_not_printed_for_company() -> None:
    # 40 answers less 20 and 17 would be the three who leave Sweden.
    many = {"nps": 20, "csat": 17}
    answers = [given(metric, n, place) for place in ("LV", "SE", "JP") for metric, n in many.items()]
    figures = judged([*answers, given("exit", 3, "SE"), given("exit", 8, "LV"), given("exit", 9, "JP")])
    assert solved(figures, K) == []
    assert told(figures, "continents", "nps") == {"142": 20, "150": 40}
    assert told(figures, "cultures", "nps") == dict.fromkeys(
        ("confucian-asia", "eastern-europe", "nordic-europe"), 20
    )
    assert told(figures, "cultures", "csat")["nordic-europe"] is None
    assert told(figures, "cultures", "exit")["nordic-europe"] is None
    assert told(figures, "regions", "nps") == {"030": 20, "154": 40}
    assert told(figures, "touchpoints", "exit") == {"web": 20}


def test_that_nobody_answered_is_hidden_where_it_would_tell_who_did() -> None:
    # Satisfaction is asked in Australia alone: were that told, Australia's 33 less 30 would be the three of NPS.
    answers = [given("nps", n, place) for place, n in {"LV": 60, "JP": 80, "US": 70, "AU": 3}.items()]
    figures = judged([*answers, given("csat", 30, "AU")])
    assert solved(figures, K) == []
    hidden = {group for group, n in told(figures, "continents", "nps").items() if n is None}
    assert hidden == {"009", "150"}
    assert told(figures, "continents", "csat") == {"009": None, "019": 0, "142": 0, "150": None}


def test_what_follows_anyway_is_told() -> None:
    # Latin Europe is of two, and Germanic Europe hidden with it; Western Europe is both, and Europe less the North.
    places = {"DE": 38, "FR": 2, "SE": 20, "JP": 60}
    figures = judged([given("nps", n, place) for place, n in places.items()])
    assert told(figures, "cultures", "nps")["germanic-europe"] is None
    assert told(figures, "regions", "nps") == {"030": 60, "154": 20, "155": 40}
    assert told(figures, "continents", "nps") == {"142": 60, "150": 60}


def test_only_places_name_their_countries() -> None:
    figures = judged([given("nps", 30, "JP", segment="a"), given("nps", 3, "KR", segment="a")])
    named = {name: "countries" in row or "countries_more" in row for name in ROWS for row in figures[name]}
    assert named == {
        "continents": True, "regions": True, "cultures": True,
        "languages": False, "touchpoints": False, "segments": False,
    }  # fmt: skip


def spread(n: int, country: str, scores: tuple[int, ...] = (9, 7, 3)) -> list[WeeklyAnswer]:
    """NPS answers of several scores."""
    return [given("nps", n // len(scores), country)._replace(score=score) for score in scores]


@pytest.mark.parametrize(("n", "named"), [(3, set()), (30, {"LV"})])
def test_a_country_is_no_finding_where_the_rest_of_its_region_are_few(n: int, named: set[str]) -> None:
    # Of Northern Europe's NPS a finding about Latvia's 60 would leave Lithuania's.
    others = [each for place in ("JP", "DE", "US", "IN") for each in spread(90, place)]
    others.append(given("csat", 40, "LT"))
    now = [*others, *spread(60, "LV", (2,)), *spread(n, "LT")]
    before = [*others, *spread(60, "LV"), *spread(30, "LT")]
    figures = judged([*now, *(each._replace(weeks_ago=ago) for ago in range(1, 9) for each in before)])
    found = {(each["level"], each["group"]) for each in figures["findings"] if each["flag"] == "alert"}
    assert ("region", "154") in found
    assert {group for level, group in found if level == "country"} == named
