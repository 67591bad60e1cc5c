"""Answers that came after their week's edition was made: the next edition says so, and by how much."""

from typing import Final

from surveys.digests import metrics as by_group
from surveys.digests.compare import TILE_WEEKS, Figures
from surveys.digests.models import Edition
from surveys.digests.snapshot import Snapshot
from surveys.digests.tally import SCORED, Tally
from surveys.suppression import suppressed_metric

KEYS: Final = {"nps": "score", "csat": "percent", "ces": "mean"}


async def corrections(
    snapshot: Snapshot, scope: str = "", counted: Figures | None = None, whole: Snapshot | None = None
) -> list[Figures]:
    """What was said of each week that this one is compared with, and what it comes to now; nothing where that is the same.

    Fewer answers than k that came or went are told of without figures: two editions, subtracted, would tell what they
    said. So are those of a scope, where of everybody's (`whole`) they leave fewer. `counted` is what is counted of the
    scope.
    """
    told = await _last_told(snapshot, scope, counted)
    everybody = await _last_told(whole, "", None) if whole else {}
    notes = []
    for ago in range(min(snapshot.history, TILE_WEEKS), 0, -1):
        week = str(snapshot.week.previous(ago))
        if week not in told:
            continue
        now, elsewhere = _tally(snapshot, ago), 0
        if whole and week in everybody:
            elsewhere = _came(everybody[week], _tally(whole, ago)) - _came(told[week], now)
        note = corrected(told[week], week, now, snapshot.k, elsewhere)
        # A few are told of once: in the edition after theirs.
        notes += [note] if note and (ago == 1 or not note["few"]) else []
    return notes


async def _last_told(snapshot: Snapshot, scope: str, counted: Figures | None) -> dict[str, Figures]:
    """Week -> what editions last said of it: its own, then the notes of later ones."""
    weeks = [str(snapshot.week.previous(ago)) for ago in range(1, TILE_WEEKS + 1)]
    final = Edition.filter(week__in=weeks, scope=scope, is_preliminary=False, built_at__isnull=False)
    told: dict[str, Figures] = {}
    seen: set[str] = set()
    for edition in await final.order_by("week", "id").only("id", "week", "figures"):
        made = edition.figures
        if edition.week in seen or made is None or made.get("scope") != counted:
            continue
        seen.add(edition.week)
        told[edition.week] = {
            "responses": made["tiles"]["responses"]["n"],
            **{metric: made["tiles"][metric].get(KEYS[metric]) for metric in SCORED},
        }
        for note in made["corrections"]:
            if not note["few"] and note["week"] in told:
                told[note["week"]] |= {
                    name: note[name]["now"] for name in ("responses", *SCORED) if note[name]
                }
    return told


def _tally(snapshot: Snapshot, ago: int) -> Tally:
    return snapshot.tallies(first=ago, last=ago).get("all", Tally())


def _came(told: Figures, now: Tally) -> int:
    """How many answers came after the edition; fewer than none when some were erased."""
    return now.responses - (told["responses"] or 0)


def corrected(told: Figures, week: str, now: Tally, k: int, elsewhere: int = 0) -> Figures | None:
    """The note on one week, if there is anything to note; `elsewhere` came in outside the scope.

    An answer that took another's place changes scores and no count: one went and one came, which are few. What fewer than
    k say now is not told, whatever was told before.
    """
    if told["responses"] is None:
        return None
    counted = by_group.figures(now)
    scores = {metric: counted[metric][KEYS[metric]] for metric in SCORED if now.n(metric) >= max(1, k)}
    same = all(told[metric] in (None, scores.get(metric)) for metric in SCORED)
    came = _came(told, now)
    if not came and same:
        return None
    few = abs(came) < k or suppressed_metric(abs(elsewhere), k)
    return {
        "week": week,
        "few": few,
        "responses": None if few else {"then": told["responses"], "now": now.responses},
        **{
            metric: {"then": told[metric], "now": scores[metric]}
            if not few and metric in scores and told[metric] is not None
            else None
            for metric in SCORED
        },
    }
