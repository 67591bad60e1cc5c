"""Figures as they are read: signs, certainty, and why something is not shown, in the reader's way of writing numbers."""

import pytest

from surveys.digests import sentences
from surveys.digests.charts import Axis
from surveys.digests.compare import unjudged
from surveys.digests.gather import answer_counts, complaint_counts
from surveys.digests.group_lines import Measure, group_table
from surveys.digests.judge import judged_figures
from surveys.digests.point_lines import leading
from surveys.digests.sentences import Figures
from surveys.digests.snapshot import Snapshot
from surveys.digests.weekly import WeeklyAnswer
from surveys.i18n import speaking
from surveys.weeks import Week


def pain(points: float | None, low: float | None, high: float | None) -> Figures:
    return {"impact": {"points": points, "low": low, "high": high}}


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", ("+4.2", "+0.5 to +8.0", "−3.3", "−6.0 to −0.1")),
        ("lv", ("+4,2", "no +0,5 līdz +8,0", "−3,3", "no −6,0 līdz −0,1")),
        ("ar", ("\u200e+4.2", None, "\u200e−3.3", None)),
    ],
)
def test_points_have_a_sign_and_an_interval(locale: str, said: tuple[str | None, ...]) -> None:
    up, down = pain(4.23, 0.5, 8.04), pain(-3.26, -6.0, -0.12)
    with speaking(locale, "digest"):
        found = [each for of in (up, down) for each in (sentences.points(of), sentences.points_between(of))]
    assert [None if one is None else each for each, one in zip(found, said, strict=True)] == list(said)


def test_points_that_are_not_nothing_are_not_rounded_to_it() -> None:
    found = pain(-0.31, -0.62, -0.021)
    with speaking("en", "digest"):
        assert (sentences.points(found), sentences.points_between(found)) == ("−0.3", "−0.6 to −0.02")
        assert sentences.impact_between(found) == (
            "Goes with −0.3 points of NPS (95% interval −0.6 to −0.02)."
        )


@pytest.mark.parametrize(
    "found", [pain(4.2, -0.5, 8.0), pain(4.2, 0.0, 8.0), pain(None, None, None), {"impact": None}]
)
def test_points_that_may_be_nothing_are_not_told(found: Figures) -> None:
    with speaking("en", "digest"):
        assert (sentences.points(found), sentences.points_between(found), sentences.impact(found)) == (
            None,
            None,
            None,
        )


def test_what_is_hidden_for_others_does_not_say_that_it_is_few() -> None:
    with speaking("en", "digest"):
        said = sentences.verdict(unjudged("own_past", 8, 400, 0, reason="suppressed"))
    assert said == "hidden, as it would reveal a group of too few"


def cultures(countries: dict[str, int]) -> Figures:
    """The row of a cluster in a week of so many answers by country."""
    answers = [
        WeeklyAnswer(0, 1, 1, "nps", 9, None, country, "de", "de", None, None, n)
        for country, n in countries.items()
    ]
    week = Week.parse("2026-W40")
    snapshot = Snapshot(week, "UTC", 5, True, 0, answer_counts(answers), complaint_counts([]))
    row: Figures
    (row,) = judged_figures(snapshot)["cultures"]
    return row


@pytest.mark.parametrize(
    ("countries", "named", "said"),
    [
        ({"DE": 60, "AT": 50}, ["DE", "AT"], None),
        ({"DE": 60, "AT": 50, "NL": 40, "CH": 30, "LI": 20}, ["DE", "AT", "NL", "CH"], "1 more country"),
        # Two of a few people each: named is neither, but that they are.
        ({"DE": 60, "AT": 50, "CH": 4, "LI": 4}, ["DE", "AT"], "2 more countries"),
    ],
)
def test_a_cluster_says_how_many_countries_are_not_named(
    countries: dict[str, int], named: list[str], said: str | None
) -> None:
    row = cultures(countries)
    assert [each["country"] for each in row["countries"]] == named
    with speaking("en", "digest"):
        assert sentences.more_countries(row) == said


@pytest.mark.parametrize(
    ("value", "shown"), [(0.3, "0"), (-0.3, "0"), (0.5, "+1"), (-0.5, "−1"), (12.4, "+12")]
)
def test_what_is_rounded_to_nothing_has_no_sign(value: float, shown: str) -> None:
    with speaking("en", "digest"):
        assert sentences.gained(value) == shown


@pytest.mark.parametrize(
    ("metric", "now", "before", "moved", "told"),
    [
        ("nps", {"score": -7.6}, -23.4, (4.0, 28.0), ("−8", "−23", "+15 (+4 to +28)")),
        ("csat", {"percent": 81.4}, 92.6, (-16.5, -2.0), ("81%", "93%", "−12 (−17 to −2)")),
        ("ces", {"mean": 5.34}, 4.97, (0.11, 0.63), ("5.3", "5.0", "+0.3 (+0.1 to +0.6)")),
    ],
)
def test_a_group_moved_by_what_its_row_shows(
    metric: str, now: Figures, before: float, moved: tuple[float, float], told: tuple[str, ...]
) -> None:
    change = unjudged("own_past", 8, 40, 200, reason="tested") | {"low": moved[0], "high": moved[1]}
    row = {
        "group": "030", "responses": 40, metric: {"n": 40, "low": None, "high": None, **now},
        "before": {"n": 200, "score": before}, "change": change, "status": "ok", "suppressed": False, "themes": [],
    }  # fmt: skip
    with speaking("en", "digest"):
        (shown,) = group_table([row], str, Measure(metric, Axis(-30, 30, 26), change))["rows"]
    assert (shown["score"], shown["before"], shown["moved"]) == told


def test_most_of_all_is_what_most_people_name() -> None:
    def point(number: int, people: int) -> Figures:
        title = f"Title {number}"
        return {
            "pain_point": number,
            "title": title,
            "known": None,
            "quote": None,
            "now": {"x": people, "share": people},
        }

    pain = {"now": {"x": 33}, "points": [point(1, 12), point(2, 20), point(3, 9)]}
    with speaking("en", "digest"):
        found = leading(pain)
        assert found is not None
        assert found["said"] == "Most of all: Title 2, 20.0% of answers"
        assert leading({"now": {"x": 61}, "points": pain["points"]}) is None
