"""Who may use which address: every route, every role, and that a refused visit changes nothing."""

from typing import Final

import httpx2 as httpx
import pytest

from surveys.accounts.models import Role, User
from surveys.accounts.session import COOKIE, begin_session
from tests.surveys.web.every_route import address, every_route, fill, rows

ANYBODY, ANALYST, MANAGER, ADMINISTRATOR = range(4)
VISITORS: Final = {"nobody": ANYBODY, "analyst": ANALYST, "manager": MANAGER, "administrator": ADMINISTRATOR}

# The least role for each address. A new route belongs here, or test_every_route_is_in_the_table fails.
WHO: Final = {
    "/{locale}/s/{slug}": ANYBODY,
    "/s/{slug}": ANYBODY,
    "/s/{slug}/reason": ANYBODY,
    "/s/{slug}/{page}": ANYBODY,
    "/{locale}/s/{slug}/reason": ANYBODY,
    "/{locale}/s/{slug}/thanks": ANYBODY,
    "/{locale}/s/{slug}/privacy": ANYBODY,
    "/logo": ANYBODY,
    "/digests/unsubscribe/{token}": ANYBODY,
    "/healthz": ANYBODY,
    "/sign-in": ANYBODY,
    "/sign-out": ANYBODY,
    "/account": ANALYST,
    "/digests": ANALYST,
    "/digests/reports": ANALYST,
    "/digests/reports/{key}/{locale}.pdf": ANALYST,
    "/digests/{week}/{locale}.pdf": ANALYST,
    "/digests/{week}/{locale}": ANALYST,
    "/inbox": ANALYST,
    "/dashboard": ANALYST,
    "/inbox.csv": ANALYST,
    "/inbox.xlsx": ANALYST,
    "/inbox/waiting": ANALYST,
    "/inbox/{id:int}": ANALYST,
    "/inbox/{id:int}/correct": ANALYST,
    "/inbox/{id:int}/corrections/{correction:int}/undo": ANALYST,
    "/mentions": ANALYST,
    "/accuracy": ANALYST,
    "/pains": ANALYST,
    "/decisions": ANALYST,
    "/surveys": MANAGER,
    "/surveys/new": MANAGER,
    "/surveys/import": MANAGER,
    "/surveys/import/rejected": MANAGER,
    "/surveys/{slug}/close": MANAGER,
    "/surveys/{slug}/reopen": MANAGER,
    "/decisions/new": MANAGER,
    "/decisions/{decision:int}": MANAGER,
    "/pains/{id:int}/rename": MANAGER,
    "/pains/{id:int}/merge": MANAGER,
    "/pains/changes/{change:int}/undo": MANAGER,
    "/mentions/import": MANAGER,
    "/mentions/import/rejected": MANAGER,
    "/customers": MANAGER,
    "/customers/import": MANAGER,
    "/customers/import/rejected": MANAGER,
    "/inbox/{id:int}/original": ADMINISTRATOR,
    "/settings": ADMINISTRATOR,
    "/settings/organisation": ADMINISTRATOR,
    "/settings/brand": ADMINISTRATOR,
    "/settings/brand.css": ADMINISTRATOR,
    "/settings/users": ADMINISTRATOR,
    "/settings/users/{user_id:int}": ADMINISTRATOR,
    "/settings/feeds": ADMINISTRATOR,
    "/settings/feeds/{feed_id:int}": ADMINISTRATOR,
    "/settings/subscriptions": ADMINISTRATOR,
    "/settings/subscriptions/{subscription_id:int}": ADMINISTRATOR,
    "/settings/subscriptions/{subscription_id:int}/preview": ADMINISTRATOR,
    "/settings/subscriptions/{subscription_id:int}/preview.html": ADMINISTRATOR,
    "/settings/subscriptions/{subscription_id:int}/send": ADMINISTRATOR,
    "/settings/subscriptions/{subscription_id:int}/resume": ADMINISTRATOR,
    "/settings/subscriptions/{subscription_id:int}/end": ADMINISTRATOR,
    "/settings/themes": ADMINISTRATOR,
    "/settings/themes/new": ADMINISTRATOR,
    "/settings/themes/drafts/{draft:int}": ADMINISTRATOR,
    "/settings/themes/changes/{change:int}/undo": ADMINISTRATOR,
    "/settings/themes/{code}": ADMINISTRATOR,
    "/settings/analysis": ADMINISTRATOR,
    "/settings/erase": ADMINISTRATOR,
}


def test_every_route_is_in_the_table() -> None:
    assert {path for _, path in every_route()} == set(WHO)


def outcome(answer: httpx.Response) -> str:
    """What a visitor is told."""
    if answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next="):
        return "sign in"
    if answer.status_code >= 500:
        return "broken"
    return "does not exist" if answer.status_code == 404 else "in"


def expected(least: int, visitor: int) -> str:
    """Strangers are asked to sign in; who is signed in with too little learns nothing, not even that it is there."""
    if visitor >= least:
        return "in"
    return "does not exist" if visitor else "sign in"


async def visit(client: httpx.AsyncClient, user: User | None, method: str, where: str) -> httpx.Response:
    """One request by somebody freshly signed in, or by nobody."""
    client.cookies.clear()
    if user:
        client.cookies.set(COOKIE, await begin_session(user))
    return await client.request(method, where)


@pytest.mark.parametrize("visitor", VISITORS)
async def test_who_may_use_which_address(client: httpx.AsyncClient, visitor: str) -> None:
    rank = VISITORS[visitor]
    parameters = await fill()
    user = None
    if rank:
        user = await User.create(
            email="visitor@polyvox.test", name="V", password_hash="-", role=list(Role)[rank - 1]
        )
    refused = [(method, path) for method, path in every_route() if rank < WHO[path]]
    before = await rows()
    told = {
        each: outcome(await visit(client, user, each[0], address(each[1], parameters))) for each in refused
    }
    assert told == {each: expected(WHO[each[1]], rank) for each in refused}
    assert await rows() == before

    welcome = [each for each in every_route() if each not in refused]
    told = {
        each: outcome(await visit(client, user, each[0], address(each[1], parameters))) for each in welcome
    }
    assert told == dict.fromkeys(welcome, "in")


def test_roles_stand_from_the_least_to_the_most() -> None:
    assert list(Role) == [Role.ANALYST, Role.MANAGER, Role.ADMINISTRATOR]
