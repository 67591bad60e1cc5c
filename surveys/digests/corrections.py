"""Answers that came after their week's edition was made: the next edition says so, and by how much."""

from typing import Final

from surveys.digests import metrics as by_group
from surveys.digests.compare import TILE_WEEKS, Figures
from surveys.digests.models import Edition
from surveys.digests.snapshot import Snapshot
from surveys.digests.tally import SCORED, Scored, Tally
from surveys.suppression import suppressed_metric

KEYS: Final = {"nps": "score", "csat": "percent", "ces": "mean"}


async def corrections(
    snapshot: Snapshot, scope: str = "", counted: Figures | None = None, whole: Snapshot | None = None
) -> list[Figures]:
    """What was said of each week that this one is compared with, and what it comes to now; nothing where that is the same.

    Fewer answers than k that came or went, of all or of a metric, are told of without figures: two editions, subtracted,
    would tell what they said. So are those of a scope, where of everybody's (`whole`) they leave fewer. `counted` is what
    is counted of the scope.
    """
    told = await _last_told(snapshot, scope, counted)
    everybody = await _last_told(whole, "", None) if whole else {}
    notes = []
    for ago in range(min(snapshot.history, TILE_WEEKS), 0, -1):
        week = str(snapshot.week.previous(ago))
        if week not in told:
            continue
        beside = (everybody[week], _tally(whole, ago)) if whole and week in everybody else None
        note = corrected(told[week], week, _tally(snapshot, ago), snapshot.k, beside)
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
        if made.get("zone") != snapshot.zone:
            # Its week began and ended at other hours: nobody's answer came late.
            continue
        seen.add(edition.week)
        told[edition.week] = {
            "responses": made["tiles"]["responses"]["n"],
            **{metric: made["tiles"][metric].get(KEYS[metric]) for metric in SCORED},
            "n": {metric: made["tiles"][metric].get("n") for metric in SCORED},
        }
        for note in made["corrections"]:
            if not note["few"] and note["week"] in told:
                _renew(told[note["week"]], note)
    return told


def _renew(told: Figures, note: Figures) -> None:
    """What a note of a later edition says of a week stands in place of what was said before."""
    told |= {name: note[name]["now"] for name in ("responses", *SCORED) if note[name]}
    # Notes made before they told of how many answers do not.
    told["n"] |= {metric: note[metric].get("n") for metric in SCORED if note[metric]}


def _tally(snapshot: Snapshot, ago: int) -> Tally:
    return snapshot.tallies(first=ago, last=ago).get("all", Tally())


def _came(told: Figures, now: Tally) -> int:
    """How many answers came after the edition; fewer than none when some were erased."""
    return now.responses - (told["responses"] or 0)


def _answers_came(told: Figures, now: Tally, metric: Scored) -> int | None:
    """The same of a metric; None where nobody knows how many there were."""
    n = told["n"][metric]
    return None if n is None else now.n(metric) - n


def corrected(
    told: Figures, week: str, now: Tally, k: int, beside: tuple[Figures, Tally] | None = None
) -> Figures | None:
    """The note on one week, if there is anything to note; `beside` of a scope what everybody's said, and answers now.

    An answer that took another's place changes scores and no count: one went and one came, which are few. What fewer than
    k say now is not told, whatever was told before; nor is a score that fewer than k answers moved.
    """
    if told["responses"] is None:
        return None
    counted = by_group.figures(now)
    scores = {metric: counted[metric][KEYS[metric]] for metric in SCORED if now.n(metric) >= max(1, k)}
    same = all(told[metric] in (None, scores.get(metric)) for metric in SCORED)
    came = _came(told, now)
    if not came and same:
        return None
    elsewhere = _came(*beside) - came if beside else 0
    few = abs(came) < k or suppressed_metric(abs(elsewhere), k)
    clear = {
        metric
        for metric in scores
        if told[metric] is not None
        and not _is_of_few(metric, told, now, k, same=told[metric] == scores[metric])
        and not (beside and _is_few_elsewhere(metric, (told, now), beside, k))
    }
    return {
        "week": week,
        "few": few,
        "responses": None if few else {"then": told["responses"], "now": now.responses},
        **{
            metric: {"then": told[metric], "now": scores[metric], "n": now.n(metric)}
            if not few and metric in clear
            else None
            for metric in SCORED
        },
    }


def _is_of_few(metric: Scored, told: Figures, now: Tally, k: int, *, same: bool) -> bool:
    """Whether a score moved, or may have, by a few answers that came or went, or took another's place."""
    came = _answers_came(told, now, metric)
    return came is None or suppressed_metric(abs(came), k) or not (came or same)


def _is_few_elsewhere(
    metric: Scored, mine: tuple[Figures, Tally], everybody: tuple[Figures, Tally], k: int
) -> bool:
    """Whether a few answers to a metric came or went outside the scope."""
    inside, came = (_answers_came(*side, metric) for side in (mine, everybody))
    return inside is None or came is None or suppressed_metric(abs(came - inside), k)
