"""A total that is hidden is told by nothing else: no impact, no share of the lowest band, no priority, no pain point."""

import re

from surveys.digests.make import facts
from surveys.digests.render import document
from tests.surveys.digests.test_reports import told
from tests.surveys.digests.week import answer, many, organisation


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


async def test_no_pain_point_stands_beside_a_total_that_is_hidden(database: None) -> None:
    await many("nps", {9: 3}, ago=4)
    for ago in range(4):
        await many("nps", {9: 50, 3: 30}, ago=ago)
        for number in range(20):
            await answer("nps", 2, ago=ago, text=f"Piegāde kavējas {ago}.{number}", themes=["delivery"])
    run = await told("2026-W36..2026-W40")
    # Its first week hid its three answers: less the others, the run would tell them.
    assert run["tiles"]["responses"]["n"] is None
    assert (run["pain_points"], run["findings"], run["quotes"]) == ([], [], [])
    of_theme = await told("2026-W36..2026-W40~theme~delivery")
    assert (of_theme["pain_points"], of_theme["theme"]["pain_points"]) == ([], [])
    # Nor where that week is the one to compare with.
    pair = await told("2026-W36~2026-W40")
    assert (pair["pain_points"], pair["findings"]) == ([], [])
    organised = facts(await organisation())
    for found in (run, of_theme, pair):
        printed = document({"figures": found, "organisation": organised, "locale": "en"})
        assert "Too few people answered in this period to say anything" in printed
        assert re.search(r"\b(403|n\W=\W3)\b", printed) is None


async def _leavers(ago: int, n: int) -> None:
    for _ in range(n):
        await answer("exit", "price_too_high", ago=ago)


async def test_no_reason_stands_beside_leavers_that_are_hidden(database: None) -> None:
    for ago in range(12):
        await many("nps", {9: 40}, ago=ago)
    for ago in range(4, 12):
        for _ in range(10):
            await answer("exit", "ethics", ago=ago)
            await answer("exit", "payment_failed", ago=ago)
    for ago, n in enumerate((20, 20, 20, 3)):
        await _leavers(ago, n)
    shown, month = await told("2026-W38..2026-W40"), await told("2026-W37..2026-W40")
    reasons = {each["reason"] for each in shown["findings"] if each["kind"] == "exit"}
    assert "price_too_high" in reasons
    assert month["exit"]["suppressed"] is True
    assert [each for each in month["findings"] if each["kind"] == "exit"] == []
