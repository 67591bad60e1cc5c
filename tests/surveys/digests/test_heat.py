"""The calendar of complaints: this week and the eight before it by theme; no week tells more than its own edition did."""

import re
from random import Random
from typing import Any

import httpx2 as httpx
import numpy as np
import pytest
from lxml import html as read

from surveys.accounts.models import User
from surveys.counts.upkeep import catch_up
from surveys.digests.build import figures
from surveys.digests.gather import answer_counts, complaint_counts
from surveys.digests.heat import with_weeks
from surveys.digests.judge import judged_figures
from surveys.digests.render import document
from surveys.digests.scope import Scope
from surveys.digests.snapshot import Snapshot
from surveys.digests.source import RAW
from surveys.digests.weekly import WeeklyAnswer, WeeklyComplaint
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

K = 5


async def weeks_of(people: dict[int, int], *, n: int = 40) -> None:
    """So many people complain about delivery so many weeks ago, of n who answer."""
    for ago, x in people.items():
        for number in range(x):
            await answer("nps", 1, ago=ago, text=f"Paka kavējas {number}", themes=["delivery"])
        await many("nps", {9: n - x}, ago=ago)


async def edition(**options: Any) -> dict[str, Any]:
    return await figures(WEEK, await organisation(), at=AT, **options)


SOME = {0: 12, 1: 9, 2: 8, 3: 6, 4: 5, 5: 3, 6: 2, 7: 6, 8: 7}


async def test_each_week_has_its_people_or_is_hidden(database: None) -> None:
    await weeks_of(SOME)
    found = await edition()
    (pain,) = found["pain_points"]
    weeks = pain["weeks"]
    assert [week["x"] for week in weeks] == [7, 6, None, None, 5, 6, 8, 9, 12]
    assert weeks[0] == {
        "week": "2026-W32", "from": "2026-08-03", "x": 7, "n": 40, "share": 17.5, "suppressed": False,
        "compared": True,
    }  # fmt: skip
    assert weeks[2] == {
        "week": "2026-W34", "from": "2026-08-17", "x": None, "n": 40, "share": None, "suppressed": True,
        "compared": True,
    }  # fmt: skip
    assert (weeks[-1]["week"], weeks[-1]["share"]) == ("2026-W40", 30.0)
    assert found["axes"]["heat"] == 30.0
    assert (await edition(source=RAW))["pain_points"] == found["pain_points"]


async def test_one_hidden_week_takes_the_smallest_other_with_it(database: None) -> None:
    # A decision of this week tells all eight weeks together: seven shown ones would tell the eighth.
    await weeks_of({**SOME, 6: 5})
    (pain,) = (await edition())["pain_points"]
    # A week of three: nor are all eight told together.
    assert pain["before"] == {
        "x": None,
        "n": 320,
        "weeks": 8,
        "share": None,
        "low": None,
        "high": None,
        "suppressed": True,
    }
    assert [week["x"] for week in pain["weeks"]] == [7, 6, 5, None, None, 6, 8, 9, 12]


async def test_too_little_history_has_none(database: None) -> None:
    await weeks_of({ago: SOME[ago] for ago in range(4)})
    (pain,) = (await edition())["pain_points"]
    assert pain["weeks"] == []
    await weeks_of({4: 5})
    (pain,) = (await edition())["pain_points"]
    assert [week["x"] for week in pain["weeks"]] == [5, 6, 8, 9, 12]


async def test_a_scope_has_none(database: None) -> None:
    await weeks_of(SOME)
    found = await edition(scope=Scope(regions=("154",)))
    assert [pain["weeks"] for pain in found["pain_points"]] == [[]]


async def test_the_page_shows_it_with_words_outside_of_shapes(database: None) -> None:
    await weeks_of({**SOME, 4: 0}, n=41)
    page = document({"figures": await edition(), "organisation": {"name": "Maize"}, "locale": "en"})
    tree = read.fromstring(page.encode())
    (table,) = tree.xpath("//table[@class='calendar']")
    heads = [" ".join(cell.text_content().split()) for cell in table.xpath("thead//th[@scope='col']")]
    assert heads == [
        "Theme", "32 3 Aug", "33 10 Aug", "34 17 Aug", "35 24 Aug", "36 31 Aug", "37 7 Sept", "38 14 Sept",
        "39 21 Sept", "40 28 Sept",
    ]  # fmt: skip
    row, answers = table.xpath("tbody/tr")
    # Of how many answers the shares are; of weeks without a share nothing.
    assert [cell.text_content() for cell in answers] == [
        "Answers",
        "41",
        "41",
        *"–––",
        "41",
        "41",
        "41",
        "41",
    ]
    assert row.xpath("string(th[@scope='row'])") == "Delivery"
    said = row.xpath("td/@title")
    assert said[0] == "2026-W32: 17.1% of answers (7 of 41)"
    shown = [(cell.text_content().strip(), cell.get("class")) for cell in row.xpath("td[not(svg)]")]
    assert (shown[0], shown[-1]) == (("17.1%", "shade-4"), ("29.3%", "shade-7 dark now"))
    assert said[2:5] == [
        f"2026-W{week}: fewer than 5 people, or a week that would reveal them" for week in (34, 35, 36)
    ]
    assert table.xpath("count(.//svg//text)") == 0
    words = re.sub(r"\s+", " ", tree.xpath("string(//div[@class='heat']/p)")).strip()
    assert "0% to 30% of that week’s answers; darker is more" in words
    assert "fewer than 5 people, or a week that would reveal them" in words
    assert "something else was asked" not in words


async def test_an_edition_made_before_has_none(database: None) -> None:
    await weeks_of(SOME)
    found = await edition()
    del found["pain_points"][0]["weeks"], found["axes"]["heat"]
    page = document({"figures": found, "organisation": {"name": "Maize"}, "locale": "en"})
    assert "calendar" not in page.partition("<body")[2]


@pytest.mark.usefixtures("database")
async def test_the_dashboard_has_the_same_without_filters(
    client: httpx.AsyncClient, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveys.dashboard.views.now", lambda: AT)
    await weeks_of(SOME)
    await catch_up()
    path = "//table[@class='calendar']//td/@title"
    page = await client.get("/dashboard")
    assert read.fromstring(page.text).xpath(path)[1:4] == [
        "2026-W33: 15.0% of answers (6 of 40)",
        "2026-W34: fewer than 5 people, or a week that would reveal them",
        "2026-W35: fewer than 5 people, or a week that would reveal them",
    ]
    assert read.fromstring((await client.get("/dashboard?region=154")).text).xpath(path) == []


THEMES = ("delivery", "price", "support")


def drawn(random: Random, weeks: int) -> dict[tuple[str, int], int]:
    """People of each theme in each week: one is often named by a few, one seldom, one always by many."""
    sizes = {
        "delivery": (0, 1, 2, 4, 5, 6, 8, 12),
        "price": (*(5, 6, 7, 8, 9, 12, 20) * 3, 2),
        "support": (9, 30),
    }
    return {(theme, week): random.choice(sizes[theme]) for theme in THEMES for week in range(weeks)}


def told_of(
    people: dict[tuple[str, int], int], week: int, version: dict[int, int] | None = None
) -> dict[str, Any]:
    """The edition of a week; `version` is the wording of each week, where it is not the first."""
    wording = dict.fromkeys(range(-30, 60), 1) | (version or {})
    answers = [
        WeeklyAnswer(ago, 1, wording[week - ago], "nps", 9, None, "LV", "lv", "lv", None, None, 400 + ago)
        for ago in range(min(week, 26) + 1)
    ]
    complaints = [
        WeeklyComplaint(week - at, theme, None, "detractor", 1, wording[at], "LV", "lv", "lv", None, None, n)
        for (theme, at), n in people.items()
        if n and 0 <= week - at < 9
    ]
    snapshot = Snapshot(
        WEEK.previous(-week), "UTC", K, True, week, answer_counts(answers), complaint_counts(complaints)
    )
    told = judged_figures(snapshot)
    with_weeks(told, snapshot)
    return told


@pytest.mark.parametrize("seed", range(12))
def test_no_week_tells_more_than_its_own_edition(seed: int) -> None:
    """Every number as an equation: neither one edition nor all of them tell of few people through the calendar."""
    weeks, alone, calendar = 24, list[Any](), list[Any]()
    people = drawn(Random(seed), weeks)
    cells = {cell: at for at, cell in enumerate(people)}

    def vector(*some: tuple[str, int]) -> Any:
        found = np.zeros(len(cells))
        found[[cells[each] for each in some]] = 1
        return found

    def rank(equations: list[Any]) -> int:
        return int(np.linalg.matrix_rank(np.array(equations)))

    few = [vector(cell) for cell, n in people.items() if 0 < n < K]
    for week in range(weeks):
        own, cells_shown = list[Any](), list[Any]()
        for pain in told_of(people, week)["pain_points"]:
            theme, back = pain["theme"], pain["before"]["weeks"]
            own.append(vector((theme, week)))
            if back and not pain["before"]["suppressed"]:
                assert pain["before"]["x"] == sum(people[theme, week - ago] for ago in range(1, back + 1))
                own.append(vector(*((theme, week - ago) for ago in range(1, back + 1))))
            for ago, each in enumerate(reversed(pain["weeks"])):
                if each["x"] is not None:
                    assert each["x"] == people[theme, week - ago] >= K
                    cells_shown.append(vector((theme, week - ago)))
        together = [*own, *cells_shown]
        solved = rank(together)
        assert all(rank([*together, secret]) > solved for secret in few)
        alone += own
        calendar += cells_shown
    assert len(calendar) > 100
    assert len(few) > 5
    solved = rank(alone)
    assert rank([*alone, *calendar]) == solved
    # Nor do all editions together, neighbours subtracted.
    assert all(rank([*alone, secret]) > solved for secret in few)


def test_weeks_whose_own_edition_compared_a_part_are_not_coloured() -> None:
    people = {("delivery", week): 10 for week in range(30)}
    told = told_of(people, 20, dict.fromkeys(range(12, 30), 2))
    (pain,) = told["pain_points"]
    # The wording of week 12 was new in the editions of weeks 12 to 15.
    assert [(week["x"], week["compared"]) for week in pain["weeks"]] == [(None, False)] * 4 + [(10, True)] * 5
    assert {week["n"] for week in pain["weeks"][:4]} == {None}
    assert [
        pain["weeks"] for pain in told_of(people, 19, dict.fromkeys(range(12, 30), 2))["pain_points"]
    ] == [[]]
