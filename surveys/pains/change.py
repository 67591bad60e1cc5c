"""What people do to pain points: name them, merge two, take a merger back. Each is kept on record."""

from typing import Final

from tortoise.transactions import in_transaction

from surveys.accounts.models import User
from surveys.due import now
from surveys.errors import NotFound, Refused
from surveys.i18n import gettext as _
from surveys.organisation.models import the_organisation
from surveys.pains.merged import shown_as
from surveys.pains.models import ChangeKind, PainPoint, PainPointChange
from surveys.weeks import Week

LONGEST_TITLE: Final = 120
# SQLite keeps 64 bits and PostgreSQL's integer 32; an id beyond is nobody's.
LARGEST_ID: Final = 2**31 - 1


async def access_pain(user: User, pain_id: int) -> PainPoint:
    """A pain point; every role may read all of them. Raises NotFound."""
    row = None
    if user.disabled_at is None and 0 < pain_id <= LARGEST_ID:
        row = await PainPoint.get_or_none(id=pain_id)
    if row is None:
        msg = "There is no such pain point."
        raise NotFound(msg)
    return row


async def access_merger(user: User, change_id: int) -> PainPointChange:
    """A merger that a person made and nobody took back. Raises NotFound."""
    row = None
    if user.disabled_at is None and 0 < change_id <= LARGEST_ID:
        row = await PainPointChange.get_or_none(
            id=change_id, kind=ChangeKind.MERGED, is_by_hand=True, undone_at=None
        )
    if row is None:
        msg = "There is no such merger."
        raise NotFound(msg)
    return row


async def rename(pain: PainPoint, title: str) -> None:
    """Give a pain point a title of its own; an empty one takes it away. Raises Refused when it is too long."""
    plain = " ".join(title.split())
    if len(plain) > LONGEST_TITLE:
        raise Refused(_("A title has at most %(limit)s characters.") % {"limit": LONGEST_TITLE})
    await PainPoint.filter(id=pain.id).update(title=plain or None)


async def merge(pain: PainPoint, into: PainPoint, user: User) -> PainPoint:
    """Show a pain point as part of another of its theme; returns the one it is shown as.

    Raises Refused where that makes no sense.
    """
    async with in_transaction():
        roots = await shown_as()
        heir = await PainPoint.get(id=roots[into.id])
        if roots[pain.id] == heir.id:
            raise Refused(_("These two are one pain point already."))
        if pain.merged_into_id is not None:
            raise Refused(_("This pain point is part of another one already."))
        if pain.theme != heir.theme:
            raise Refused(_("Only pain points of the same theme can be merged."))
        await PainPoint.filter(id=pain.id).update(merged_into_id=heir.id)
        week = Week.containing(now(), (await the_organisation()).zone)
        await PainPointChange.create(
            pain_id=heir.id,
            other_id=pain.id,
            kind=ChangeKind.MERGED,
            week=str(week),
            is_by_hand=True,
            user=user,
        )
    return heir


async def undo_merger(change: PainPointChange) -> None:
    """Show the two as two again."""
    async with in_transaction():
        await PainPointChange.filter(id=change.id).update(undone_at=now())
        await PainPoint.filter(id=change.other_id, merged_into_id=change.pain_id).update(merged_into_id=None)
