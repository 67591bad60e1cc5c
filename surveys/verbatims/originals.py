"""Originals: opened by an administrator only, each opening logged, dropped when their time is over."""

from surveys.accounts.models import User
from surveys.due import now
from surveys.errors import NotFound
from surveys.verbatims.models import Original, OriginalOpening


async def open_original(verbatim_id: int, user: User) -> Original:
    """The words as written; the opening is logged before they are shown."""
    original = await Original.get_or_none(verbatim_id=verbatim_id)
    if original is None:
        msg = "The original is no longer kept."
        raise NotFound(msg)
    await OriginalOpening.create(verbatim_id=verbatim_id, user=user)
    return original


async def drop_old_originals() -> int:
    """Chore: forget the originals whose days are over; returns how many."""
    return await Original.filter(drop_at__lte=now()).delete()
