"""Months, quarters, two periods, one survey, one theme: asked for, counted, hidden, made."""

from typing import Any

import pytest

from surveys.digests.asked import asked_of, comparison
from surveys.digests.build import figures
from surveys.digests.periods import period_of
from surveys.digests.reports import report_figures
from surveys.digests.source import COUNTED, RAW
from tests.surveys.digests.week import AT, WEEK, answer, many, mention, organisation


async def filled() -> None:
    """Ten weeks of answers, complaints about delivery from Latvia, and some about price."""
    for ago in range(12):
        await many("nps", {10: 12, 8: 6, 3: 4}, ago=ago)
        await many("nps", {9: 9, 2: 3}, ago=ago, country="US", locale="en")
        await many("csat", {5: 6, 2: 3}, ago=ago)
        for number in range(3 if ago else 7):
            await answer("nps", 2, ago=ago, text=f"Piegāde kavējas {ago}.{number}", themes=["delivery"])
        await answer("nps", 2, ago=ago, text=f"Dārgi {ago}", themes=["price"], country="US", locale="en")


async def told(key: str, **kwargs: Any) -> dict[str, Any]:
    return await report_figures(asked_of(key), await organisation(), at=AT, **kwargs)


@pytest.mark.parametrize("key", ["2026-09", "2026-W36~2026-W40", "2026-09~survey~nps", "2026-09~theme~delivery", "2026-Q3"])
async def test_tables_and_rows_give_the_same_report(database: None, key: str) -> None:
    await filled()
    await organisation()
    from surveys.counts.upkeep import catch_up
    await catch_up()
    assert await told(key, source=RAW) == await told(key, source=COUNTED)
