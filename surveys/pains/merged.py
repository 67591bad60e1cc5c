"""Pain points that people merged: shown as the one they became part of, counted with it."""

from collections.abc import Iterable, Mapping
from typing import Final

from surveys.db import query

# Each pain point with the one it is shown as; stands before a SELECT that joins `shown`.
SHOWN: Final = (
    "WITH RECURSIVE shown(id, root) AS (SELECT id, id FROM pain_point WHERE merged_into_id IS NULL "
    "UNION ALL SELECT p.id, s.root FROM pain_point p JOIN shown s ON p.merged_into_id = s.id) "
)


async def shown_as() -> Mapping[int, int]:
    """For each pain point the one it is shown as: itself, or what it was merged into."""
    rows = await query(SHOWN + "SELECT id, root FROM shown")  # noqa: S608 - our own texts
    return {row["id"]: row["root"] for row in rows}


async def verbatims_of(pains: Iterable[int]) -> list[int]:
    """The ids of all verbatims that name one of these pain points, or one shown as it."""
    wanted = list(pains)
    places = ", ".join(["{}"] * len(wanted))
    rows = await query(
        f"{SHOWN}SELECT DISTINCT l.verbatim_id FROM verbatim_pain l JOIN shown s ON s.id = l.pain_id "  # noqa: S608 - our own texts
        f"WHERE s.root IN (SELECT root FROM shown WHERE id IN ({places}))",
        *wanted,
    )
    return [row["verbatim_id"] for row in rows]
