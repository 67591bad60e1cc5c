"""Which editions somebody signed in may see: everybody's; those of a scope by role, or by a subscription of their own.

Why: docs/decisions/0022-editions-of-a-scope-by-role.md.
"""

from collections.abc import Collection

from surveys.accounts.models import Role, User
from surveys.accounts.session import may
from surveys.digests.models import Channel, Subscription

EVERYBODYS = ""


async def scopes_of(user: User) -> Collection[str] | None:
    """The scopes whose editions a user may see; None for all."""
    if may(user, Role.MANAGER):
        return None
    mine = Subscription.filter(channel=Channel.MAIL, address=user.email.lower(), ended_at=None)
    return frozenset({EVERYBODYS, *[each.scope for each in await mine.only("id", "scope")]})


async def may_see(user: User, scope: str) -> bool:
    """Whether a user may see editions of a scope."""
    scopes = await scopes_of(user)
    return scopes is None or scope in scopes
