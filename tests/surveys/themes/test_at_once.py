"""A person's word on a comment stays, also where it comes while the machine is about to save what it read."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from sentiment.verdict import Comment, Verdict
from surveys.accounts.models import Role, User
from surveys.due import MOST_ATTEMPTS, now
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


async def test_words_that_came_while_others_could_not_be_read_are_read(
    database: None, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the earlier ones were tried."""
    verbatim = await comment("The courier was late")
    await Verbatim.filter(id=verbatim.id).update(due_at=now(), attempts=MOST_ATTEMPTS - 1)
    loop, replaced = asyncio.get_running_loop(), threading.Event()

    async def other_words() -> None:
        later = {"masked_text": "The music is loud", "due_at": now(), "attempts": 0, "analysed_at": None}
        await Verbatim.filter(id=verbatim.id).update(**later)
        replaced.set()

    def fails(_items: Sequence[Comment]) -> list[Verdict]:
        if not replaced.is_set():
            asyncio.run_coroutine_threadsafe(other_words(), loop).result()
        raise ValueError

    monkeypatch.setattr(reader, "analyse", fails)
    await analyse.analyse_due()
    row = await Verbatim.get(id=verbatim.id)
    assert (row.parked_at, row.attempts, row.last_error) == (None, 0, None)
    assert row.due_at is not None
    assert row.due_at <= now()
