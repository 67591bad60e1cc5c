"""Filtered views beside each other: no few people can be had by subtracting one from another."""

import random
from itertools import product
from typing import Any

import pytest

from surveys.dashboard.kept import Columns, by_survey
from surveys.dashboard.making import Wanted, made
from surveys.dashboard.neighbours import hidden_beside, pasts_hidden, weeks_shown
from surveys.digests.disclose import hidden_groups
from surveys.digests.gather import answer_counts, complaint_counts
from surveys.digests.snapshot import Counts, Snapshot
from surveys.digests.tally import Scored
from surveys.digests.weekly import WeeklyAnswer, WeeklyComplaint
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


def figures_of(columns: Columns, filters: dict[str, str], history: int = 8) -> dict[str, Any]:
    """What a view tells; it is not hidden as a whole."""
    wanted = Wanted(WEEK, "UTC", K, over=True, history=history, filters=filters)
    _snapshot, figures = made(wanted, columns)
    assert figures is not None
    return figures


def test_a_view_compares_with_no_week_behind_one_in_which_it_held_few() -> None:
    rows = [
        WeeklyAnswer(ago, 1, 1, "nps", score, None, "LV", "lv", language, "web", None, n)
        for ago in range(9)
        for language, n in (("lv", 25), ("lt", 1 if ago == 6 else 25))
        for score in (9, 3)
    ]
    nobody = complaint_counts([])
    found = figures_of(Columns(answer_counts(rows), nobody, nobody), {"language": "lt"})
    assert (found["weeks_before"], found["tiles"]["nps"]["before"]["n"]) == (5, 250)


@pytest.mark.parametrize(
    ("told", "low", "high", "other"), [("nps", 3, 9, "csat"), ("csat", 1, 5, "ces"), ("ces", 1, 7, "exit")]
)
def test_a_groups_score_that_another_views_table_would_tell_is_hidden(
    told: str, low: int, high: int, other: str
) -> None:
    """Of the answers in Germany, which turned to praise, 35 are Lithuanian and three Latvian."""
    cells = [
        (told, low, "DE", "lv", 3), (other, 5, "DE", "lv", 40), (told, low, "LV", "lt", 40), (told, high, "LV", "lv", 40),
        (told, high, "IT", "lt", 40), (told, high, "IT", "lv", 40),
    ]  # fmt: skip
    rows = [
        WeeklyAnswer(ago, 1, 1, metric, score, None, country, "en", language, None, None, n)
        for ago in range(9)
        for metric, score, country, language, n in (
            *cells, (told, high, "DE", "lt", 5 if ago else 30), (told, low, "DE", "lt", 30 if ago else 5),
        )
    ]  # fmt: skip
    nobody = complaint_counts([])
    columns = Columns(answer_counts(rows), nobody, nobody)

    def western(filters: dict[str, str]) -> tuple[int, int | None, bool]:
        """Answers in Western Europe, those with the score, and whether it is found to have moved."""
        found = figures_of(columns, filters)
        (row,) = (row for row in found["regions"] if row["group"] == "155")
        is_found = any((each["group"], each["metric"]) == ("155", told) for each in found["findings"])
        return row["responses"], row[told].get("n"), is_found

    assert western({}) == (78, 38, True)
    assert western({"language": "lt"}) == (35, None, False)


def test_where_a_views_nps_is_hidden_no_pain_point_and_no_finding_tells_it() -> None:
    """Three Latvians gave NPS: everybody's less the Lithuanian view would tell theirs."""
    rows = [
        WeeklyAnswer(ago, 1, 1, metric, score, None, "LV", "en", language, None, None, n)
        for ago in range(9)
        for metric, score, language, n in (
            ("nps", 9, "lt", 40 if ago else 60), ("nps", 3, "lt", 40), ("nps", 3, "lv", 0 if ago else 3),
            ("csat", 5, "lv", 40), ("csat", 5, "lt", 40),
        )
    ]  # fmt: skip
    complaints = [WeeklyComplaint(0, "delivery", None, "detractor", 1, 1, "LV", "en", "lt", None, None, 20)]
    counted = complaint_counts(complaints)
    columns = Columns(answer_counts(rows), counted, counted)
    everybody, of_lt = figures_of(columns, {}), figures_of(columns, {"language": "lt"})
    ((told,), (hidden,)) = everybody["pain_points"], of_lt["pain_points"]
    totals = ("impact", "priority", "detractor_share")
    assert all(told[key] is not None for key in totals)
    assert not any(hidden[key] is not None for key in totals)
    named = [{each["metric"] for each in found["findings"]} for found in (everybody, of_lt)]
    assert named == [{None, "nps", "csat"}, {None, "csat"}]


def test_whose_nps_the_unfiltered_table_hides_for_company_tells_it_in_no_view() -> None:
    """Three Italians gave NPS. Japanese or Vietnamese could be their company; one table hides the one, so do all."""
    rows = [
        WeeklyAnswer(ago, 1, 1, metric, score, None, "LV", "en", language, None, None, n)
        for ago in range(9)
        for metric, score, language, n in (
            ("nps", 9, "it", 3), ("csat", 5, "it", 40), ("nps", 9, "ja", 13), ("csat", 5, "ja", 40),
            ("nps", 3, "vi", 13), ("csat", 5, "vi", 40), ("nps", 9, "de", 30), ("csat", 5, "de", 40),
        )
    ]  # fmt: skip
    nobody = complaint_counts([])
    columns = Columns(answer_counts(rows), nobody, nobody)
    in_table = {row["group"]: row["nps"].get("n") for row in figures_of(columns, {})["languages"]}
    in_views = {
        language: figures_of(columns, {"language": language})["tiles"]["nps"]["n"] for language in in_table
    }
    assert in_table == in_views == {"de": 30, "it": None, "ja": 13, "vi": None}


LANGUAGES_ASKED = ("it", "ja", "vi", "de")
SCORES_GIVEN = {"nps": 9, "csat": 5, "ces": 6}


def asked_in(cells: dict[tuple[str, str], int]) -> Columns:
    """A week's answers by language and metric."""
    rows = [
        WeeklyAnswer(0, 1, 1, metric, SCORES_GIVEN[metric], None, "LV", "en", language, None, None, n)
        for (language, metric), n in cells.items()
        if n
    ]
    nobody = complaint_counts([])
    return Columns(answer_counts(rows), nobody, nobody)


def tile_of(columns: Columns, filters: dict[str, str], metric: str) -> int | None:
    """How many answers a view's tile stands on; None where it is hidden."""
    _snapshot, figures = made(Wanted(WEEK, "UTC", K, over=True, history=0, filters=filters), columns)
    return (
        None if figures is None or figures["tiles"][metric]["suppressed"] else figures["tiles"][metric]["n"]
    )


@pytest.mark.parametrize("seed", range(25))
def test_no_score_of_a_few_is_left_by_views_that_tell_other_scores(seed: int) -> None:
    chance = random.Random(seed)
    cells = {
        (language, metric): chance.choice((0, 2, 3, 7, 13, 30, 40))
        for language, metric in product(LANGUAGES_ASKED, SCORES_GIVEN)
    }
    columns = asked_in(cells)
    for metric in SCORES_GIVEN:
        everybody = tile_of(columns, {}, metric)
        told = [tile_of(columns, {"language": language}, metric) for language in LANGUAGES_ASKED]
        left = 0 if everybody is None else everybody - sum(n for n in told if n is not None)
        assert not 0 < left < K, (metric, cells)


def test_which_of_two_hidden_scores_is_of_few_is_not_to_be_seen() -> None:
    """One Italian and five Vietnamese gave NPS: both are hidden, and both are told by what else was asked."""
    columns = asked_in(
        {
            **{(language, "nps"): n for language, n in (("it", 1), ("vi", 5), ("ja", 13), ("de", 30))},
            **{(language, "csat"): 40 for language in LANGUAGES_ASKED},
        }
    )
    views = {language: figures_of(columns, {"language": language}, 0) for language in LANGUAGES_ASKED}
    assert {language: view["scored"] for language, view in views.items()} == {
        "it": "csat", "vi": "csat", "ja": "nps", "de": "nps",
    }  # fmt: skip
    assert [row["nps"] for row in views["vi"]["regions"]] == [{"suppressed": True}]


def test_a_view_finds_in_its_groups_only_the_score_that_its_tables_tell() -> None:
    """Satisfaction rose in Germany, of 35 Lithuanians and three Latvians; the tables tell NPS."""
    cells = [
        ("csat", 1, "DE", "lv", 3), ("nps", 9, "DE", "lv", 40), ("nps", 9, "DE", "lt", 40), ("csat", 1, "LV", "lt", 40),
        ("csat", 5, "LV", "lv", 40), ("csat", 5, "IT", "lt", 40), ("csat", 5, "IT", "lv", 40),
    ]  # fmt: skip
    rows = [
        WeeklyAnswer(ago, 1, 1, metric, score, None, country, "en", language, None, None, n)
        for ago in range(9)
        for metric, score, country, language, n in (
            *cells, ("csat", 5, "DE", "lt", 5 if ago else 30), ("csat", 1, "DE", "lt", 30 if ago else 5),
        )
    ]  # fmt: skip
    nobody = complaint_counts([])
    columns = Columns(answer_counts(rows), nobody, nobody)
    found = [
        {
            (each["group"], each["now"]["n"])
            for each in figures_of(columns, filters)["findings"]
            if each["metric"] == "csat"
        }
        for filters in ({}, {"language": "lt"})
    ]
    assert ("155", 38) in found[0]
    assert {group for group, _n in found[1]} <= {"all"}


def test_what_a_score_was_before_is_not_told_where_other_views_have_a_few_more() -> None:
    """One Lithuanian was asked how easy it was, three weeks ago; Latvians and Germans are asked each week."""
    rows = [
        WeeklyAnswer(ago, 1, 1, metric, 5, None, "LV", "en", language, None, None, n)
        for ago in range(9)
        for metric, language, n in (
            ("ces", "lv", 40), ("ces", "de", 20), ("ces", "lt", int(ago == 3)), ("csat", "lv", 40),
            ("csat", "de", 40), ("csat", "lt", 40),
        )
        if n
    ]  # fmt: skip
    nobody = complaint_counts([])
    columns = Columns(answer_counts(rows), nobody, nobody)

    def before(filters: dict[str, str]) -> list[int | None]:
        tiles = figures_of(columns, filters)["tiles"]
        return [tiles[metric]["before"] and tiles[metric]["before"]["n"] for metric in ("ces", "csat")]

    assert before({}) == [481, 960]
    # Everybody's less both views would tell of the one.
    assert [before({"language": language}) for language in ("lv", "de")] == [[320, 320], [None, 320]]


@pytest.mark.parametrize(("metric", "low", "high"), [("nps", 3, 9), ("csat", 1, 5), ("ces", 1, 7)])
def test_what_a_group_was_before_is_not_told_where_another_view_has_a_few_more(
    metric: Scored, low: int, high: int
) -> None:
    """Two surveys; of the second there were three answers in Latvia, three weeks ago; now all there are content."""
    rows = [
        WeeklyAnswer(ago, number, 1, metric, score, None, country, "en", "en", None, None, n)
        for ago in range(9)
        for number, country, cells in (
            (1, "LV", {high: 20, low: 20} if ago else {high: 40}),
            (1, "DE", {high: 25, low: 15}), (2, "DE", {high: 25, low: 15}),
        )
        for score, n in cells.items()
    ]  # fmt: skip
    few = WeeklyAnswer(3, 2, 1, metric, low, None, "LV", "en", "en", None, None, 3)
    answers = by_survey(answer_counts([*rows, few]), {1: "a", 2: "b"})
    nobody = by_survey(complaint_counts([]), {1: "a", 2: "b"})

    def regions(filters: dict[str, str]) -> dict[str, tuple[int | None, str]]:
        figures = figures_of(Columns(answers, nobody, nobody), filters)
        assert any(each["group"] == "154" for each in figures["findings"]) == (not filters)
        return {
            row["group"]: (row["before"] and row["before"]["n"], row["status"]) for row in figures["regions"]
        }

    assert regions({}) == {"154": (323, "ok"), "155": (640, "ok")}
    assert regions({"survey": "a"}) == {"154": (None, "insufficient"), "155": (320, "ok")}
    pasts = pasts_hidden(answers, {"survey": "a"}, metric, 8, K)
    hidden = {level: set(pasts[level]) for level in ("region", "country", "continent")}
    assert hidden == {"region": {"154"}, "country": {"LV"}, "continent": set()}


LANGUAGES, TOUCHPOINTS = ("lv", "lt", "de"), ("store", "web", "phone")


def complaining(
    cells: dict[tuple[str, str], int], ago: int = 0, pain: int | None = None
) -> list[WeeklyComplaint]:
    """People who complain about delivery, by language and touchpoint."""
    return [
        WeeklyComplaint(ago, "delivery", pain, "detractor", 1, 1, "LV", "lv", language, touchpoint, None, n)
        for (language, touchpoint), n in cells.items()
        if n
    ]


def view(complaints: list[WeeklyComplaint], filters: dict[str, str]) -> dict[str, Any] | None:
    """The figures of a filtered view, of many who answer alike in each of nine weeks."""
    answers = [
        WeeklyAnswer(ago, 1, 1, "nps", score, None, "LV", "lv", language, touchpoint, None, 60)
        for ago in range(9)
        for language, touchpoint in product(LANGUAGES, TOUCHPOINTS)
        for score in (3, 9)
    ]
    columns = Columns(answer_counts(answers), complaint_counts(complaints), complaint_counts([]))
    _snapshot, figures = made(Wanted(WEEK, "UTC", K, over=True, history=8, filters=filters), columns)
    return figures


@pytest.mark.parametrize("seed", range(12))
def test_complaints_of_views_less_each_other_are_of_no_few(seed: int) -> None:
    """Whatever page tells it: along each line, the total less the parts that are told is nobody or enough."""
    chance = random.Random(seed)
    cells = {cell: chance.choice((0, 1, 3, 7, 20, 60)) for cell in product(LANGUAGES, TOUCHPOINTS)}
    complaints, told = complaining(cells), dict[tuple[str, str], int]()
    for language, touchpoint in product(("", *LANGUAGES), ("", *TOUCHPOINTS)):
        chosen = {"language": language, "touchpoint": touchpoint}
        figures = view(complaints, {name: value for name, value in chosen.items() if value})
        if figures is None:
            continue
        for pain in figures["pain_points"]:
            told[language, touchpoint] = pain["now"]["x"]
        for name, axis in (("languages", 0), ("touchpoints", 1)):
            for row in figures[name]:
                place = (row["group"], touchpoint) if axis == 0 else (language, row["group"])
                for theme in row.get("themes") or ():
                    told[place] = theme["x"]
    assert told
    lines = [
        [((one, ""), [(one, other) for other in TOUCHPOINTS]) for one in ("", *LANGUAGES)],
        [(("", one), [(other, one) for other in LANGUAGES]) for one in ("", *TOUCHPOINTS)],
    ]
    for total, parts in (each for axis in lines for each in axis):
        if total in told:
            left = told[total] - sum(told.get(part, 0) for part in parts)
            assert left == 0 or left >= K, (total, told, cells)


def test_a_theme_of_few_people_in_another_view_is_left_out_whole() -> None:
    complaints = complaining({("lv", "store"): 9, ("lt", "store"): 3})
    everybody, lv, lt = (
        view(complaints, filters) for filters in ({}, {"language": "lv"}, {"language": "lt"})
    )
    assert everybody is not None
    assert lv is not None
    assert lt is not None
    assert [pain["now"]["x"] for pain in everybody["pain_points"]] == [12]
    assert lv["pain_points"] == lt["pain_points"] == []
    assert (everybody["are_themes_hidden"], lv["are_themes_hidden"], lt["are_themes_hidden"]) == (
        False,
        True,
        False,
    )
    assert not any(row["themes"] for row in lv["touchpoints"])
    assert not any(each["theme"] for each in lv["findings"])


def test_a_past_is_not_told_where_another_view_was_of_few_in_some_week() -> None:
    usual = {("lv", "store"): 30, ("lt", "store"): 30}
    complaints = [
        each
        for ago in range(9)
        for each in complaining(usual | ({("lt", "store"): 33} if ago == 3 else {}), ago)
    ]
    complaints += complaining({("lt", "web"): 3}, 3)
    of_store = view(complaints, {"touchpoint": "store"})
    of_lv = view(complaints, {"language": "lv"})
    assert of_store is not None
    assert of_lv is not None
    (store,), (lv,) = of_store["pain_points"], of_lv["pain_points"]
    assert store["now"]["x"] == 60
    assert store["before"]["x"] is None
    assert lv["before"]["x"] == 240


@pytest.mark.parametrize(("elsewhere", "told"), [(3, False), (30, True)])
def test_a_pain_point_of_few_people_in_another_view_is_no_finding(elsewhere: int, told: bool) -> None:
    usual = [
        each
        for ago in range(1, 9)
        for each in complaining({("lv", "store"): 6, ("lt", "store"): 6}, ago, pain=1)
    ]
    rising = complaining({("lv", "store"): 60, ("lt", "store"): elsewhere}, pain=1)
    others = complaining({("lt", "store"): 20})
    figures = view([*usual, *rising, *others], {"language": "lv"})
    assert figures is not None
    assert [pain["now"]["x"] for pain in figures["pain_points"]] == [60]
    named = [
        each["now"]["x"] for each in figures["findings"] if each["pain_point"] and each["level"] == "all"
    ]
    assert named == ([60] if told else [])


@pytest.mark.parametrize(("elsewhere", "told"), [(3, {"EE"}), (30, {"EE", "LV"})])
def test_a_theme_of_a_country_of_few_people_in_another_view_is_no_finding(
    elsewhere: int, told: set[str]
) -> None:
    """Delivery got worse in Northern Europe: in Estonia, and in Latvia, where few of those who complain write Lithuanian."""
    answers = [
        WeeklyAnswer(ago, 1, 1, "nps", score, None, country, "en", language, None, None, 150)
        for ago in range(9)
        for country, language, score in product(("LV", "EE", "DE"), ("lv", "lt"), (3, 9))
    ]
    complaints = [
        WeeklyComplaint(ago, "delivery", None, "detractor", 1, 1, country, "en", language, None, None, n)
        for ago in range(9)
        for country, language, n in (
            ("LV", "lv", 12 if ago else 90), ("EE", "lv", 12 if ago else 90), ("DE", "lv", 12),
            ("LV", "lt", 12 if ago else elsewhere), ("EE", "lt", 30), ("DE", "lt", 12),
        )
    ]  # fmt: skip
    columns = Columns(answer_counts(answers), complaint_counts(complaints), complaint_counts([]))
    of_lv = figures_of(columns, {"language": "lv"})
    assert {each["group"] for each in of_lv["findings"] if each["level"] == "country"} == told
    assert any(each["group"] == "154" for each in of_lv["findings"])


def leaving(cells: dict[tuple[str, str], int]) -> dict[str, Any]:
    """By language, the reasons that its view and the unfiltered one tell; those who leave, by language and reason."""
    rows = [
        WeeklyAnswer(0, 1, 1, "exit", None, reason, "LV", "lv", language, None, None, n)
        for (language, reason), n in cells.items()
    ]
    columns = Columns(answer_counts(rows), complaint_counts([]), complaint_counts([]))
    found = {}
    for filters in ({}, {"language": "lv"}, {"language": "de"}, {"language": "lt"}):
        figures = figures_of(columns, filters, history=0)
        found[filters.get("language", "")] = figures["exit"]["reasons"]
    return found


def test_reasons_for_leaving_of_few_people_follow_from_no_two_views() -> None:
    told = leaving(
        {("lv", "too_expensive"): 9, ("de", "too_expensive"): 3, ("lt", "too_expensive"): 20,
         ("lv", "not_used"): 8, ("de", "not_used"): 10, ("lt", "not_used"): 30}
    )  # fmt: skip
    assert told[""] == {"too_expensive": 32, "not_used": 48}
    assert told["de"] == {}
    assert told["lv"] == {}
    assert told["lt"] == {"too_expensive": 20, "not_used": 30}
