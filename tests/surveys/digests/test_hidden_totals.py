"""A total that is hidden is told by nothing else: no impact, no share of the lowest band, no priority."""

from tests.surveys.digests.test_reports import told
from tests.surveys.digests.week import answer, many


async def _delivery(ago: int) -> None:
    for number in range(6):
        await answer("nps", 2, ago=ago, text=f"Piegāde kavējas {ago}.{number}", themes=["delivery"])


async def test_everybodys_nps_is_in_no_pain_point_where_its_tile_is_hidden(database: None) -> None:
    for ago in range(1, 5):
        await many("csat", {5: 40, 2: 10}, ago=ago)
        if ago > 1:
            await many("nps", {9: 40, 3: 10}, ago=ago)
            await _delivery(ago)
    shown = await told("2026-W36..2026-W38")
    await many("nps", {10: 2}, ago=1)
    month = await told("2026-09")
    (before,), (pain,) = shown["pain_points"], month["pain_points"]
    assert (before["impact"]["n"], before["detractors"]) == (18, 18)
    assert before["detractor_share"] == 100 * 18 / (18 + 30 + 30)
    assert before["priority"] > 0
    # Two promoters answered in the last week: without them everybody's score is that of the weeks shown.
    assert month["tiles"]["nps"]["suppressed"] is True
    assert (pain["impact"], pain["priority"], pain["detractor_share"]) == (None, None, None)
    assert (pain["now"]["x"], pain["detractors"]) == (18, 18)
