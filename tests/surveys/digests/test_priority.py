"""What orders the pain points tells of no few people how they scored: whole numbers could be solved for."""

from typing import Any

import pytest

from surveys.digests.build import figures
from surveys.digests.notes import untold_detractors
from surveys.i18n import speaking
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

TOLD = ("detractors", "detractor_share", "priority")


async def name(theme: str, scores: dict[int, int]) -> None:
    for score, people in scores.items():
        for number in range(people):
            await answer("nps", score, text=f"{theme} {score} {number}", themes=[theme])


async def themes() -> dict[str, dict[str, Any]]:
    found = await figures(WEEK, await organisation(), at=AT)
    return {pain["theme"]: pain for pain in found["pain_points"]}


async def test_no_priority_tells_how_under_ten_people_scored(database: None) -> None:
    await many("nps", {9: 60, 7: 20})
    await name("delivery", {2: 7})
    await name("communication", {1: 12, 8: 5})
    found = await themes()
    # The order is of both: 12 detractors with an NPS of -71 come before 7 with one of -100.
    assert list(found) == ["communication", "delivery"]
    assert [found["delivery"][key] for key in ("impact", *TOLD)] == [None, 7, 100 * 7 / 19, None]
    assert found["communication"]["impact"]["n"] == 17
    assert found["communication"]["priority"] > 0


async def test_detractors_of_few_people_are_no_count_and_no_priority(database: None) -> None:
    await many("nps", {9: 60, 3: 10})
    await name("delivery", {2: 3, 8: 9})
    pain = (await themes())["delivery"]
    assert (pain["now"]["x"], pain["impact"]["n"]) == (12, 12)
    assert [pain[key] for key in TOLD] == [None] * 3


@pytest.mark.parametrize(("low", "others"), [(8, 1), (8, 4), (5, 3), (4, 5)])
async def test_people_less_detractors_tell_no_few_people(database: None, low: int, others: int) -> None:
    await many("nps", {9: 60, 3: 10})
    await name("delivery", {2: low, 8: others})
    pain = (await themes())["delivery"]
    assert pain["now"]["x"] == low + others
    assert [pain[key] for key in (*TOLD, "detractors_of", "detractor_low")] == [None] * 5


async def test_it_is_said_that_a_share_of_low_scores_is_hidden(database: None) -> None:
    await many("nps", {9: 60, 3: 10})
    await name("delivery", {2: 8, 8: 5})
    with speaking("en", "digest"):
        assert untold_detractors(await figures(WEEK, await organisation(), at=AT)) is None
        await name("communication", {2: 8, 8: 4})
        assert untold_detractors(await figures(WEEK, await organisation(), at=AT)) == (
            "No share of those who gave a low score stands where only a few (fewer than 5) of the people who complained about "
            "the theme gave one, or only a few (fewer than 5) gave none."
        )


@pytest.mark.parametrize(("scores", "told"), [({8: 12}, [0, 0.0]), ({2: 12}, [12, 100 * 12 / 22])])
async def test_nobody_betrays_nobody(database: None, scores: dict[int, int], told: list[float]) -> None:
    await many("nps", {9: 60, 3: 10})
    await name("delivery", scores)
    assert [(await themes())["delivery"][key] for key in TOLD[:2]] == told


async def test_without_nps_the_lowest_band_is_the_priority(database: None) -> None:
    await many("csat", {5: 40})
    for number in range(6):
        await answer("csat", 1, text=f"Paka nav atnākusi {number}", themes=["delivery"])
    assert [(await themes())["delivery"][key] for key in TOLD] == [6, 100.0, 6.0]
