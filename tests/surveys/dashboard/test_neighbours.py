"""Filtered views beside each other: no few people can be had by subtracting one from another."""

import random
from itertools import product

import pytest

from surveys.dashboard.kept import Columns, by_survey
from surveys.dashboard.making import Wanted, made
from surveys.dashboard.neighbours import hidden_beside, pasts_hidden, weeks_shown
from surveys.digests.disclose import hidden_groups
from surveys.digests.gather import answer_counts, complaint_counts
from surveys.digests.snapshot import Counts, Snapshot
from surveys.digests.weekly import WeeklyAnswer
from surveys.weeks import Week

WEEK = Week.parse("2026-W40")
K = 5


def counts(cells: dict[tuple[str, str], int], ago: int = 0) -> Counts:
    """NPS answers by language and touchpoint."""
    rows = [
        WeeklyAnswer(ago, 1, 1, "nps", 9, None, "LV", "lv", language, touchpoint, None, n)
        for (language, touchpoint), n in cells.items()
        if n
    ]
    return answer_counts(rows)


def everything(answers: Counts) -> Snapshot:
    return Snapshot(WEEK, "Europe/Riga", K, True, 0, answers, complaint_counts([]))


def hidden_cells(answers: Counts) -> dict[tuple[str, str], bool]:
    """By language and touchpoint, whether either view that has the cell hides it; both must agree."""
    unfiltered = hidden_groups(everything(answers))
    languages, touchpoints = (answers.column(name).values for name in ("language", "touchpoint"))
    found = {}
    for language, touchpoint in product(languages, touchpoints):
        one = hidden_beside(answers, {"language": language}, unfiltered, K)
        other = hidden_beside(answers, {"touchpoint": touchpoint}, unfiltered, K)
        both = hidden_beside(answers, {"language": language, "touchpoint": touchpoint}, unfiltered, K)
        in_one = one.everything or touchpoint in one.groups["touchpoint"]
        in_other = other.everything or language in other.groups["language"]
        # A view that is hidden as a whole hides more than its rows would.
        found[language, touchpoint] = in_one or in_other
        assert (
            not (in_one or in_other)
            or both.everything
            or one.everything
            or other.everything
            or (in_one == in_other)
        )
    return found


def test_a_row_hidden_for_company_is_hidden_in_the_other_views_table() -> None:
    answers = counts(
        {("lv", "store"): 3, ("lv", "web"): 10, ("lv", "phone"): 50, ("lt", "web"): 200, ("lt", "store"): 90, ("lt", "phone"): 80}
    )  # fmt: skip
    unfiltered = hidden_groups(everything(answers))
    assert unfiltered["language"] == unfiltered["touchpoint"] == frozenset()
    of_language = hidden_beside(answers, {"language": "lv"}, unfiltered, K)
    assert of_language.groups["touchpoint"] == {"store", "phone"}
    # lv in the phone's table, 50 of 130, would give the three of the store away.
    assert hidden_beside(answers, {"touchpoint": "phone"}, unfiltered, K).groups["language"] == {"lv", "lt"}
    assert hidden_beside(answers, {"touchpoint": "web"}, unfiltered, K).groups["language"] == frozenset()
    assert hidden_beside(answers, {"language": "lv", "touchpoint": "phone"}, unfiltered, K).everything
    assert not hidden_beside(answers, {"language": "lt", "touchpoint": "web"}, unfiltered, K).everything


def test_what_everybody_less_a_view_leaves_is_no_few() -> None:
    answers = counts({("lv", "store"): 100, ("lt", "store"): 3, ("de", "store"): 40})
    unfiltered = hidden_groups(everything(answers))
    views = {
        code: hidden_beside(answers, {"language": code}, unfiltered, K).everything
        for code in ("lv", "lt", "de")
    }
    assert views == {"lv": False, "lt": True, "de": True}


@pytest.mark.parametrize("seed", range(30))
def test_each_line_of_shown_views_hides_none_or_enough(seed: int) -> None:
    chance = random.Random(seed)
    cells = {
        (language, touchpoint): chance.choice((0, 1, 3, 7, 20, 60, 200))
        for language, touchpoint in product(("lv", "lt", "de", "fr"), ("store", "web", "phone"))
    }
    answers = counts(cells)
    unfiltered = hidden_groups(everything(answers))
    gone = hidden_cells(answers)
    for axis, name in enumerate(("language", "touchpoint")):
        for value in answers.column(name).values:
            if hidden_beside(answers, {name: value}, unfiltered, K).everything:
                continue
            line = [cells[cell] for cell in gone if cell[axis] == value and gone[cell] and cells[cell]]
            assert not line or (len(line) > 1 and sum(line) >= K), (seed, name, value, cells)


def test_a_view_looks_back_only_to_the_first_week_in_which_it_held_few() -> None:
    weeks = [
        {("lv", "web"): n, ("lt", "web"): m} for n, m in ((50, 50), (50, 50), (50, 50), (50, 2), (50, 50))
    ]
    rows = [
        WeeklyAnswer(ago, 1, 1, "nps", 9, None, "LV", "lv", language, "web", None, n)
        for ago, cells in enumerate(weeks)
        for (language, _), n in cells.items()
    ]
    answers = answer_counts(rows)
    assert weeks_shown(answers, {"language": "lt"}, 4, K) == 2
    assert weeks_shown(answers, {"language": "lv"}, 4, K) == 2
    assert weeks_shown(answers, {"touchpoint": "web"}, 4, K) == 4


def test_what_a_group_was_before_is_not_told_where_another_view_has_a_few_more() -> None:
    """Two surveys; of the second there were three answers in Latvia, three weeks ago."""
    rows = [
        WeeklyAnswer(ago, number, 1, "nps", score, None, country, "en", "en", None, None, n)
        for ago in range(9)
        for number, country, cells in ((1, "LV", {9: 20, 3: 20}), (1, "DE", {9: 25, 3: 15}), (2, "DE", {9: 25, 3: 15}))
        for score, n in cells.items()
    ]  # fmt: skip
    few = WeeklyAnswer(3, 2, 1, "nps", 0, None, "LV", "en", "en", None, None, 3)
    answers = by_survey(answer_counts([*rows, few]), {1: "a", 2: "b"})
    nobody = by_survey(complaint_counts([]), {1: "a", 2: "b"})

    def regions(filters: dict[str, str]) -> dict[str, tuple[int | None, str]]:
        wanted = Wanted(WEEK, "UTC", K, over=True, history=8, filters=filters)
        _snapshot, figures = made(wanted, Columns(answers, nobody, nobody))
        assert figures is not None
        assert not any(each["group"] == "154" and filters for each in figures["findings"])
        return {
            row["group"]: (row["before"] and row["before"]["n"], row["status"]) for row in figures["regions"]
        }

    assert regions({}) == {"154": (323, "ok"), "155": (640, "ok")}
    assert regions({"survey": "a"}) == {"154": (None, "insufficient"), "155": (320, "ok")}
    pasts = pasts_hidden(answers, {"survey": "a"}, 8, K)
    hidden = {level: set(pasts[level]) for level in ("region", "country", "continent")}
    assert hidden == {"region": {"154"}, "country": {"LV"}, "continent": set()}
