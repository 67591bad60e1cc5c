"""What a theme was before is told only where no week of it was hidden, nor some group's for the sake of others."""

from typing import Any

import pytest

from surveys.digests.build import figures
from surveys.digests.gather import answer_counts, complaint_counts
from surveys.digests.headline import moved_themes
from surveys.digests.judge import judged_figures
from surveys.digests.render import document
from surveys.digests.snapshot import Snapshot, Windows
from surveys.digests.weekly import WeeklyAnswer, WeeklyComplaint
from surveys.i18n import speaking
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

UNTOLD = ("delta", "low", "high", "p", "wide", "base")


def told(people: dict[str, list[int]], **more: Any) -> dict[str, Any]:
    """The edition of a week: by country, how many complained this week and in each of those before, of 400."""
    answers = [
        WeeklyAnswer(ago, 1, 1, "nps", 9, None, country, "en", "en", None, None, 400)
        for country, weeks in people.items()
        for ago in range(len(weeks))
    ]
    complaints = [
        WeeklyComplaint(ago, "delivery", None, "detractor", 1, 1, country, "en", "en", None, None, n)
        for country, weeks in people.items()
        for ago, n in enumerate(weeks)
        if n
    ]
    return judged_figures(
        Snapshot(WEEK, "UTC", 5, True, 8, answer_counts(answers), complaint_counts(complaints), **more)
    )


def about(found: dict[str, Any], group: str) -> dict[str, Any]:
    one: dict[str, Any]
    (one,) = [each for each in found["findings"] if (each["group"], each["theme"]) == (group, "delivery")]
    return one


def test_a_past_without_small_weeks_is_told() -> None:
    found = told({"LV": [90, *[20] * 7, 0], "JP": [20] * 9})
    (pain,) = found["pain_points"]
    assert pain["before"] == {
        "x": 300, "n": 6400, "weeks": 8, "share": 4.6875, "suppressed": False,
    }  # fmt: skip
    assert about(found, "154")["before"]["x"] == 140


@pytest.mark.parametrize("few", [1, 4])
def test_a_past_with_a_small_week_is_not(few: int) -> None:
    found = told({"LV": [90, *[20] * 7, few], "JP": [0] * 9})
    (pain,) = found["pain_points"]
    assert pain["before"] == {"x": None, "n": 6400, "weeks": 8, "share": None, "suppressed": True}
    assert (pain["change"]["arrow"], pain["change"]["flag"], pain["since"]) == ("up", "alert", None)
    for each in (pain["change"], about(found, "154"), about(found, "all")):
        assert {each[key] for key in UNTOLD if key in each} == {None}
        assert each["q"] < 0.05
    with speaking("en", "digest"):
        assert moved_themes(found) == ["Delivery: complaints rose beyond chance, to 11.3% of answers."]
    assert about(found, "154")["before"] == {"x": None, "n": 3200, "weeks": 8, "share": None}


def test_a_week_hidden_for_the_sake_of_others_counts() -> None:
    # Six weeks ago three complained in Japan; that edition hid Northern Europe with it, or the total would have told them.
    found = told({"LV": [90, *[20] * 8], "JP": [20, *[20] * 5, 3, 20, 20]})
    (pain,) = found["pain_points"]
    assert pain["before"]["x"] == 303
    assert about(found, "154")["before"]["x"] is None


def test_a_report_of_the_theme_hides_the_same() -> None:
    found = told({"LV": [90, *[20] * 7, 4], "DE": [20] * 9}, theme="delivery")
    rows = {row["group"]: row["change"] for row in found["theme"]["regions"]}
    assert {rows["154"][key] for key in UNTOLD} == {None}
    assert (rows["154"]["arrow"], rows["155"]["arrow"]) == ("up", "none")


def test_two_periods_are_told_as_wholes() -> None:
    people = {"LV": [90, 2, 3, 2, 2], "JP": [20, 20, 20, 20, 20]}
    windows = Windows(tiles=4, long=4, least=1, is_pair=True)
    (pain,) = told(people, windows=windows)["pain_points"]
    assert pain["before"]["x"] == 89
    (pain,) = told({"LV": [90, 2, 0, 0, 2]}, windows=windows)["pain_points"]
    assert (pain["before"]["x"], pain["before"]["suppressed"]) == (None, True)


async def test_the_page_says_so(database: None) -> None:
    for ago, x in enumerate((12, 9, 3, 8, 9)):
        for number in range(x):
            await answer("nps", 1, ago=ago, text=f"Kavējas {number}", themes=["delivery"])
        await many("nps", {9: 60 - x}, ago=ago)
    found = await figures(WEEK, await organisation(), at=AT)
    page = {"organisation": {"name": "Maize"}, "locale": "en"}
    said = (
        "Where only a few people complained about a theme in some earlier week, its share before is left out."
    )
    assert said in document({"figures": found, **page})
    found["pain_points"][0]["before"] = {"x": 29, "n": 240, "weeks": 4, "share": 12.1}
    assert said not in document({"figures": found, **page})
