"""A person's word on a comment stays, also where it comes while the machine is about to save what it read."""

import asyncio

import pytest

from surveys.accounts.models import Role, User
from surveys.due import now
from surveys.verbatims import analyse
from surveys.verbatims.correct import correct, said
from surveys.verbatims.models import Verbatim
from tests.surveys.themes.town import Reader, comment, themes_of


async def test_an_analysis_lets_a_correction_stand_that_came_meanwhile(
    database: None, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    verbatim = await comment("The courier was late", "delivery")
    await Verbatim.filter(id=verbatim.id).update(due_at=now())
    ana = await User.create(email="ana@maize.lv", name="Ana", password_hash="-", role=Role.ANALYST)
    looked, corrections = asyncio.Event(), analyse._corrections

    async def slowly(ids: list[int]) -> dict[int, set[str]]:
        found = await corrections(ids)
        looked.set()
        await asyncio.sleep(0.3)
        return found

    monkeypatch.setattr(analyse, "_corrections", slowly)
    analysing = asyncio.create_task(analyse.analyse_due())
    await looked.wait()
    await correct(verbatim.id, said("en", "positive", ["billing"]), ana)
    assert await analysing == 1
    assert (await Verbatim.get(id=verbatim.id)).sentiment == "positive"
    assert await themes_of(verbatim) == [("billing", "human")]
