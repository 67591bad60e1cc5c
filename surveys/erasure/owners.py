"""Erasing the name of somebody who had decisions to see to: in decisions, in their history, in the digests that told it.

What was decided stays, with a token where the name stood, as masked comments have one.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from tortoise.transactions import in_transaction

from surveys.decisions.models import Decision, DecisionChange
from surveys.digests.models import Edition
from surveys.erasure.erase import forget_editions
from surveys.erasure.overwrite import write_file_anew
from surveys.errors import NotFound
from surveys.i18n import gettext as _
from surveys.nudge import nudge

TOKEN: Final = "[NAME]"  # noqa: S105 - what stands for a name
NAMED_IN: Final = ("sentence", "owner")


@dataclass(frozen=True)
class ErasedOwner:
    """In how many decisions the name stood, and how many digests are built again without it."""

    decisions: int
    editions: int


async def erase_owner(name: str) -> ErasedOwner:
    """Put a token in the place of a name, in one transaction; raises NotFound when it stands nowhere."""
    async with in_transaction():
        touched = await _rewritten(" ".join(name.split()))
        if not touched:
            raise NotFound(_("Nothing of this person is kept here."))
        first = min([row.week for row in await Decision.filter(id__in=touched)])
        weeks = {row.week for row in await Edition.filter(week__gte=first).only("id", "week")}
        editions = await Edition.filter(week__in=weeks).count()
        await forget_editions(weeks)
    await write_file_anew()
    await nudge()
    return ErasedOwner(len(touched), editions)


async def _rewritten(name: str) -> set[int]:
    """The decisions that named somebody, now or before; there are few, so all are read."""
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)

    def without(stood: dict[str, Any]) -> dict[str, Any]:
        return {key: whole.sub(TOKEN, value) if key in NAMED_IN else value for key, value in stood.items()}

    touched: set[int] = set()
    for row in await Decision.all():
        stood = {key: getattr(row, key) for key in NAMED_IN}
        if name and without(stood) != stood:
            await Decision.filter(id=row.id).update(**without(stood))
            touched.add(row.id)
    for change in await DecisionChange.all():
        before, after = without(change.before), without(change.after)
        if name and (before, after) != (change.before, change.after):
            await DecisionChange.filter(id=change.id).update(before=before, after=after)
            touched.add(change.decision_id)
    return touched
