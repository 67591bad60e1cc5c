"""Answers that came after their week's edition was made: the next edition says so, and by how much."""

from typing import Final

from surveys.digests import metrics as by_group
from surveys.digests.compare import Figures
from surveys.digests.models import Edition
from surveys.digests.snapshot import Snapshot
from surveys.digests.tally import SCORED, Tally
from surveys.suppression import suppressed_metric

KEYS: Final = {"nps": "score", "csat": "percent", "ces": "mean"}


async def corrections(
    snapshot: Snapshot, scope: str = "", counted: Figures | None = None, whole: Snapshot | None = None
) -> list[Figures]:
    """What last week's edition said and what its week comes to now; nothing where it says the same.

    Fewer late answers than k are told of without figures: two editions, subtracted, would tell what they said. So are
    those of a scope, where of everybody's (`whole`) they leave fewer. `counted` is what is counted of the scope.
    """
    week = str(snapshot.week.previous())
    made = await _made(week, scope)
    if made is None or not snapshot.history or made.get("scope") != counted:
        return []
    elsewhere = 0
    everybody = await _made(week, "") if whole else None
    if whole and everybody:
        elsewhere = _later(everybody, whole) - _later(made, snapshot)
    return corrected(made, week, _last_week(snapshot), snapshot.k, elsewhere)


async def _made(week: str, scope: str) -> Figures | None:
    final = Edition.filter(week=week, scope=scope, is_preliminary=False, built_at__isnull=False)
    made = await final.order_by("id").first()
    return made.figures if made else None


def _last_week(snapshot: Snapshot) -> Tally:
    return snapshot.tallies(first=1, last=1).get("all", Tally())


def _later(then: Figures, snapshot: Snapshot) -> int:
    """How many answers came after last week's edition."""
    return _last_week(snapshot).responses - (then["tiles"]["responses"]["n"] or 0)


def corrected(then: Figures, week: str, now: Tally, k: int, elsewhere: int = 0) -> list[Figures]:
    """The note on one week, if there is anything to note; `elsewhere` came in outside the scope."""
    said = then["tiles"]["responses"]["n"]
    if said is None or said == now.responses:
        return []
    few = abs(now.responses - said) < k or suppressed_metric(abs(elsewhere), k)
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
