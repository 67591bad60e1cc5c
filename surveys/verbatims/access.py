"""The one way a verbatim is loaded for somebody who is signed in."""

from surveys.accounts.models import User
from surveys.errors import NotFound
from surveys.verbatims.models import Correction, Verbatim

# SQLite keeps 64 bits and PostgreSQL's integer 32; an id beyond is nobody's.
LARGEST_ID = 2**31 - 1


async def access_verbatim(user: User, verbatim_id: int) -> Verbatim:
    """A verbatim with what belongs to it: every role may read all of them, masked.

    Raises NotFound when there is none, or nobody to read it.
    """
    row = None
    if user.disabled_at is None and 0 < verbatim_id <= LARGEST_ID:
        row = await Verbatim.get_or_none(id=verbatim_id).prefetch_related("response__earlier", "mention")
    if row is None:
        raise NotFound("This comment is no longer kept.")
    return row


async def access_correction(user: User, verbatim: Verbatim, correction_id: int) -> Correction:
    """A correction of this verbatim; whoever may read it may also undo it."""
    row = None
    if user.disabled_at is None and 0 < correction_id <= LARGEST_ID:
        row = await Correction.get_or_none(id=correction_id, verbatim_id=verbatim.id)
    if row is None:
        raise NotFound("This correction is no longer kept.")
    return row
