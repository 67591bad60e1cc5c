"""Work as rows: nobody gets a row twice, nothing is lost, what cannot be done is parked."""

import asyncio
from datetime import datetime, timedelta

import pytest

from surveys.due import MOST_ATTEMPTS, claim, done, failed, holding, now
from surveys.mentions.models import Feed

pytestmark = pytest.mark.usefixtures("database")


async def _feeds(count: int) -> None:
    for number in range(count):
        await Feed.create(url=f"http://feed.test/{number}", name="feed", due_at=now())


async def test_claim_hands_no_row_out_twice() -> None:
    await _feeds(20)
    batches = await asyncio.gather(*(claim(Feed, limit=7) for _ in range(5)))
    taken = [row.id for batch in batches for row in batch]
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 20


async def test_claim_takes_the_longest_waiting_first() -> None:
    await _feeds(3)
    await Feed.filter(url="http://feed.test/2").update(due_at=now() - timedelta(hours=1))
    (first,) = await claim(Feed, limit=1)
    assert first.url == "http://feed.test/2"


async def test_claim_returns_a_row_of_a_dead_worker_when_its_lease_is_over() -> None:
    await _feeds(1)
    lease = timedelta(minutes=2)
    assert [row.attempts for row in await claim(Feed, limit=1, lease=lease)] == [1]
    assert await claim(Feed, limit=1, at=now() + lease - timedelta(seconds=5)) == []
    again = await claim(Feed, limit=1, at=now() + lease + timedelta(seconds=5))
    assert [row.attempts for row in again] == [2]


async def test_done_leaves_nothing_to_do() -> None:
    await _feeds(1)
    await done(await claim(Feed, limit=1))
    row = await Feed.get()
    assert (row.due_at, row.attempts, row.last_error) == (None, 0, None)


async def test_failed_waits_longer_each_time_and_parks_in_the_end() -> None:
    await _feeds(1)
    waits: list[float] = []
    for _ in range(MOST_ATTEMPTS):
        instant = now() + timedelta(days=len(waits))
        (row,) = await claim(Feed, limit=1, at=instant)
        await failed(row, "ConnectError", at=instant)
        row = await Feed.get()
        if row.due_at:
            waits.append((row.due_at - instant).total_seconds())
    assert waits == [10, 20, 40, 80]
    assert (row.due_at, row.last_error) == (None, "ConnectError")
    assert row.parked_at is not None


async def test_a_long_reason_is_cut_to_what_its_column_holds() -> None:
    await _feeds(1)
    (row,) = await claim(Feed, limit=1)
    await failed(row, "x" * 401)
    assert (await Feed.get()).last_error == "x" * 400


async def test_holding_goes_on_when_the_database_fails_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    await _feeds(1)
    rows = await claim(Feed, limit=1, lease=timedelta(minutes=1))
    renewals = 0
    renewed = asyncio.Event()

    def refusing_once(**like: object) -> object:
        nonlocal renewals
        renewals += 1
        if renewals == 1:
            raise ConnectionResetError
        if renewals == 3:
            renewed.set()
        return Feed.all().filter(**like)

    async def leased_until() -> datetime:
        row = await Feed.get(id=rows[0].id)
        assert row.due_at is not None
        return row.due_at

    before = await leased_until()
    with monkeypatch.context() as trouble:
        trouble.setattr(Feed, "filter", refusing_once)
        async with holding(Feed, rows, lease=timedelta(hours=1), every=timedelta(seconds=0.01)):
            await asyncio.wait_for(renewed.wait(), 5)
    assert await leased_until() > before + timedelta(minutes=50)
