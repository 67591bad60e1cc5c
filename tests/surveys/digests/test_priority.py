"""What orders the pain points tells of no few people how they scored: whole numbers could be solved for."""

from typing import Any

from surveys.digests.build import figures
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
    await name("delivery", {2: 7, 8: 2})
    await name("communication", {1: 8, 8: 2})
    found = await themes()
    # The order is of both: 8 detractors with an NPS of -80 come before 7 with one of -78.
    assert list(found) == ["communication", "delivery"]
    assert [found["delivery"][key] for key in ("impact", *TOLD)] == [None, 7, 100 * 7 / 15, None]
    assert found["communication"]["impact"]["n"] == 10
    assert found["communication"]["priority"] > 0


async def test_detractors_of_few_people_are_no_count_and_no_priority(database: None) -> None:
    await many("nps", {9: 60, 3: 10})
    await name("delivery", {2: 3, 8: 9})
    pain = (await themes())["delivery"]
    assert (pain["now"]["x"], pain["impact"]["n"]) == (12, 12)
    assert [pain[key] for key in TOLD] == [None] * 3


async def test_nobody_betrays_nobody(database: None) -> None:
    await many("nps", {9: 60, 3: 10})
    await name("delivery", {8: 12})
    assert [(await themes())["delivery"][key] for key in TOLD[:2]] == [0, 0.0]


async def test_without_nps_the_lowest_band_is_the_priority(database: None) -> None:
    await many("csat", {5: 40})
    for number in range(6):
        await answer("csat", 1, text=f"Paka nav atnākusi {number}", themes=["delivery"])
    assert [(await themes())["delivery"][key] for key in TOLD] == [6, 100.0, 6.0]
