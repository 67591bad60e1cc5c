"""When words go, their part in the middles of pain points goes too; a found pain point that nobody names any more goes.

Embeddings and links stand in rows of the verbatim and go with it; only middles are made of several people's words.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from sentiment.pains_vectors import unit
from surveys.db import query
from surveys.pains.models import PainPoint, VerbatimPain

PAGE: Final = 2000


async def named_in(responses: Sequence[int]) -> set[int]:
    """The pain points that the words of some responses name; to be asked before they go."""
    links = await VerbatimPain.filter(verbatim__response_id__in=list(responses)).only("id", "pain_id")
    return {link.pain_id for link in links}


async def forget_in(pains: Iterable[int]) -> None:
    """Make the middles of pain points anew from the words that are left; inside the transaction that deleted some."""
    for pain in sorted(set(pains)):
        row = await PainPoint.get_or_none(id=pain)
        if row is None:
            continue
        middle = await middle_of(row)
        if middle is None and not (row.known or row.title) and not await VerbatimPain.exists(pain_id=pain):
            await row.delete()
            continue
        await PainPoint.filter(id=pain).update(centroid=middle, earlier_centroid=None, drift=None)


async def forget_unnamed() -> None:
    """The same for everything that lost all its words at once, as when the demo is taken away."""
    rows = await query(
        "SELECT p.id FROM pain_point p WHERE p.centroid IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM verbatim_pain l WHERE l.pain_id = p.id)"
    )
    await forget_in([row["id"] for row in rows])


async def middle_of(pain: PainPoint) -> bytes | None:
    """The middle of the words that name a pain point, in its own space; None without any."""
    total: Any = 0
    last = 0
    while rows := await query(
        "SELECT v.id, v.embedding FROM verbatim_pain l JOIN verbatim v ON v.id = l.verbatim_id "  # noqa: S608 - our own texts
        "WHERE l.pain_id = {} AND v.model_version = {} AND v.embedding IS NOT NULL AND v.id > {} "
        f"ORDER BY v.id LIMIT {PAGE}",
        pain.id,
        pain.space or "",
        last,
    ):
        total = total + sum(np.frombuffer(row["embedding"], np.float16).astype(np.float64) for row in rows)
        last = rows[-1]["id"]
    return None if last == 0 else unit(total).tobytes()
