"""Answers that came after their week's edition was made: the next edition says so, and by how much."""

from typing import Final

from surveys.digests import metrics as by_group
from surveys.digests.compare import Figures
from surveys.digests.models import Edition
from surveys.digests.snapshot import Snapshot
from surveys.digests.tally import SCORED, Tally

KEYS: Final = {"nps": "score", "csat": "percent", "ces": "mean"}


async def corrections(snapshot: Snapshot, scope: str = "") -> list[Figures]:
    """What last week's edition said and what its week comes to now; nothing where it says the same.

    Fewer late answers than k are told of without figures: two editions, subtracted, would tell what they said.
    """
    week = snapshot.week.previous()
    made = (
        await Edition.filter(week=str(week), scope=scope, is_preliminary=False, built_at__isnull=False)
        .order_by("id")
        .first()
    )
    if made is None or not snapshot.history or not made.figures:
        return []
    return corrected(
        made.figures, str(week), snapshot.tallies(first=1, last=1).get("all", Tally()), snapshot.k
    )


def corrected(then: Figures, week: str, now: Tally, k: int) -> list[Figures]:
    """The note on one week, if there is anything to note."""
    said = then["tiles"]["responses"]["n"]
    if said is None or said == now.responses:
        return []
    few = abs(now.responses - said) < k
    scores = by_group.figures(now)
    return [
        {
            "week": week,
            "few": few,
            "responses": None if few else {"then": said, "now": now.responses},
            **{
                metric: None
                if few or then["tiles"][metric].get(KEYS[metric]) is None
                else {"then": then["tiles"][metric][KEYS[metric]], "now": scores[metric][KEYS[metric]]}
                for metric in SCORED
            },
        }
    ]
