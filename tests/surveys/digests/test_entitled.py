"""The archive by role: everybody's editions for all, those of a scope for managers and for who subscribed to them."""

import httpx2 as httpx
import pytest

from surveys.accounts.models import Role, User
from surveys.digests.archive import request_edition
from surveys.digests.make import make_due_editions
from surveys.digests.models import Edition, Subscription
from surveys.digests.scope import Scope
from surveys.digests.subscribe import Plan, subscribe
from tests.surveys.digests.readers import PDF, quick_editions
from tests.surveys.digests.week import AT, WEEK, many, organisation


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return quick_editions(monkeypatch)


async def test_an_analyst_sees_editions_of_a_scope_only_by_a_subscription(
    client: httpx.AsyncClient, ana: User, quick: list[str]
) -> None:
    maize = await organisation()
    await many("nps", {9: 30})
    for scope in ("", "region=154", "region=155"):
        await request_edition(WEEK, "en", maize, scope)
        await make_due_editions()
    pages = ["/digests/2026-W40/en.pdf", "/digests/2026-W40/en"]

    async def seen(query: str) -> list[int]:
        return [(await client.get(page + query)).status_code for page in pages]

    async def listed() -> list[bool]:
        archive = (await client.get("/digests")).text
        return [
            f'href="/digests/2026-W40/en.pdf{query}"' in archive
            for query in ("", "?region=154", "?region=155")
        ]

    assert [await seen(""), await seen("?region=154"), await listed()] == [
        [200] * 2,
        [404] * 2,
        [True, False, False],
    ]
    # What was made for others looks like what nobody made, and nothing is made by asking.
    texts = {(await client.get(pages[0] + query)).text for query in ("?region=154", "?region=002")}
    assert len(texts) == 1
    assert (await client.post("/digests/2026-W40/lv?region=154")).status_code == 404
    assert await Edition.all().count() == 3
    mine = await subscribe(ana.email, Plan(scope=Scope(("154",))))
    await subscribe("somebody@else.test", Plan(scope=Scope(("155",))))
    assert [await seen("?region=154"), await seen("?region=155"), await listed()] == [
        [200] * 2,
        [404] * 2,
        [True, True, False],
    ]
    await Subscription.filter(id=mine.id).update(ended_at=AT)
    assert [await seen("?region=154"), await listed()] == [[404] * 2, [True, False, False]]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
async def test_managers_see_editions_of_every_scope(
    client: httpx.AsyncClient, ana: User, quick: list[str], role: Role
) -> None:
    await User.filter(id=ana.id).update(role=role)
    await many("nps", {9: 30})
    await request_edition(WEEK, "en", await organisation(), "region=154")
    await make_due_editions()
    assert 'href="/digests/2026-W40/en.pdf?region=154"' in (await client.get("/digests")).text
    assert (await client.get("/digests/2026-W40/en.pdf?region=154")).content == PDF


@pytest.mark.parametrize(
    ("query", "seen", "asked"),
    [("region=zz", 404, 400), ("survey=nope", 404, 400), (f"segment={'x' * 400}", 404, 404)],
)
async def test_no_edition_is_made_of_a_scope_that_there_cannot_be(
    client: httpx.AsyncClient, ana: User, query: str, seen: int, asked: int
) -> None:
    await User.filter(id=ana.id).update(role=Role.MANAGER)
    await many("nps", {9: 30})
    page = f"/digests/2026-W40/en?{query}"
    statuses = [(await client.get(page)).status_code, (await client.post(page)).status_code]
    assert (statuses, await Edition.exists()) == ([seen, asked], False)
