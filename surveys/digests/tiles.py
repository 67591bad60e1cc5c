"""What an edition tells of everybody: the four tiles with how they moved, and the reasons for leaving."""

from surveys.digests import metrics as by_group
from surveys.digests.compare import Figures, count_interval, unjudged, volume_change
from surveys.digests.groups import apart, uncompared
from surveys.digests.guard import Comparable
from surveys.digests.judged import Judged, held_against
from surveys.digests.reasons import NONE, told_reasons
from surveys.digests.shifts import score_changes
from surveys.digests.snapshot import Snapshot, tallies
from surveys.digests.tally import SCORED, Scored, Tally
from surveys.suppression import suppressed_metric


def tiles_of(edition: Judged, held: Comparable) -> Figures:
    """Answers, NPS, CSAT and CES, each against the weeks before and against last week."""
    snapshot = edition.snapshot
    now = snapshot.tallies().get("all", Tally())
    last = _last_week(snapshot)
    (shown,) = by_group.table(
        {"all": now}, "all", snapshot.k, hidden=_all_hidden(snapshot, now), apart=apart(snapshot, "all")
    )
    hidden = shown["suppressed"]
    tiles: Figures = {"responses": _responses_tile(edition, now, last, hidden=hidden)}
    yesterday = held_against(snapshot, snapshot.just_before)
    edition.shifts["all"] = {}
    for metric in SCORED:
        tile = {**shown[metric], "suppressed": shown[metric].get("suppressed", False) or hidden}
        if tile["suppressed"]:
            tile = {**dict.fromkeys(by_group.figures(Tally())[metric]), "suppressed": True}
        past = _past(held, metric)
        tile["before"] = by_group.figures(past)[metric] if past.n(metric) >= snapshot.k else None
        looked = snapshot.apart.metric_weeks.get(metric, snapshot.just_before) >= snapshot.just_before
        is_told = looked and last.n(metric) >= snapshot.k
        tile["last_week"] = by_group.figures(last)[metric] if is_told else None
        tile["change"] = _tile_change(edition, held, metric, "weeks_before", tile)
        tile["change_last_week"] = _tile_change(edition, yesterday, metric, snapshot.just_before_named, tile)
        tiles[metric] = tile
    return tiles


def _tile_change(edition: Judged, held: Comparable, metric: Scored, against: str, tile: Figures) -> Figures:
    if tile["suppressed"]:
        return unjudged(against, 0, 0, 0, reason="suppressed")
    if against == "nothing":
        return unjudged(against, 0, 0, 0, reason="compared")
    change = score_changes(held, "all", against, [metric])[metric].get("all")
    if change is None:
        weeks, reason = uncompared(held, metric, tile["n"])
        change = unjudged(against, weeks, tile["n"], 0, reason=reason)
    if suppressed_metric(change["n_base"], edition.snapshot.k):
        change = unjudged(against, change["weeks"], change["n_now"], 0, reason="suppressed")
    if against == "weeks_before":
        edition.shifts["all"][metric] = {"all": change}
        return change
    return edition.family.add("all", change)


def _past(held: Comparable, metric: Scored) -> Tally:
    """What a tile is compared with."""
    weeks = held.weeks.get(metric, held.wanted)
    if not weeks:
        return Tally()
    return tallies(held.answers, "all", 1, weeks).get("all", Tally())


def _last_week(snapshot: Snapshot) -> Tally:
    weeks = snapshot.just_before
    return snapshot.tallies(first=1, last=weeks).get("all", Tally()) if weeks else Tally()


def _all_hidden(snapshot: Snapshot, now: Tally) -> frozenset[str]:
    gone = by_group.hidden_groups({"all": now}, snapshot.k)
    return gone | snapshot.apart.groups.get("all", frozenset())


def _responses_tile(edition: Judged, now: Tally, last: Tally, *, hidden: bool) -> Figures:
    snapshot, weeks = edition.snapshot, edition.weeks
    if hidden:
        nothing = dict.fromkeys(("n", "low", "high", "last_week", "mean_before"))
        return {
            **nothing,
            "suppressed": True,
            "change": unjudged("weeks_before", 0, 0, 0, reason="suppressed"),
        }
    by_week, span = snapshot.answers.table("all")[0], snapshot.windows.span
    earlier = [int(n) for n in by_week[1 : weeks + 1]]
    others = [int(n) for n in by_week[weeks + 1 : (snapshot.windows.scatter or 0) + 1]]
    change = volume_change(now.responses, earlier, span, others if weeks else ())
    if not snapshot.over:
        change = unjudged("weeks_before", weeks, now.responses, sum(earlier), reason="preliminary")
    low, high = count_interval(now.responses)
    return {
        "n": now.responses,
        "low": low,
        "high": high,
        "suppressed": False,
        "weeks": span,
        "last_week": last.responses if _is_last_week_told(snapshot, last) else None,
        "mean_before": sum(earlier) / weeks if weeks else None,
        "change": edition.family.add("all", change),
    }


def _is_last_week_told(snapshot: Snapshot, last: Tally) -> bool:
    """Whether there was a week before; its own edition hides the answers of a few people."""
    is_weekly = snapshot.windows.span == 1 and not snapshot.windows.is_pair
    return bool(snapshot.history) and is_weekly and not suppressed_metric(last.responses, snapshot.k)


def exit_of(snapshot: Snapshot) -> Figures:
    """Reasons for leaving, and those of them that nobody chose."""
    now = snapshot.tallies().get("all", Tally())
    (row,) = by_group.table(
        {"all": now}, "all", snapshot.k, hidden=_all_hidden(snapshot, now), apart=apart(snapshot, "all")
    )
    found: Figures = row["exit"]
    if found.get("suppressed") or row["suppressed"]:
        return dict(NONE)
    return told_reasons(snapshot, found)
