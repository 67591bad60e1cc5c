"""The tests of an edition's complaints and groups: each against its own past, countries only inside regions that are alerts."""

from collections.abc import Mapping
from typing import Any, Final

from surveys.digests.compare import Figures, unjudged
from surveys.digests.disclose import countries_told, hidden_weeks
from surveys.digests.families import judge_inside
from surveys.digests.groups import PLACED
from surveys.digests.guard import Comparable
from surveys.digests.judged import LOOKED_AT, Judged, held_against
from surveys.digests.metrics import metric_hidden
from surveys.digests.shares import NOT_A_PLACE, exit_cells, share_cells
from surveys.digests.shifts import score_changes, standings
from surveys.digests.snapshot import Level, Snapshot, tallies
from surveys.digests.tally import SCORED, Scored
from surveys.places import region

STANDING_AT: Final[tuple[Level, ...]] = ("region", "culture")


def compare_everybody(edition: Judged, held: Comparable, tiles: Figures, leaving: Figures) -> None:
    """The complaints and reasons of everybody, each beside a total: where that is hidden, nothing of them is told."""
    is_told = not tiles["responses"]["suppressed"]
    edition.cells["all"] = share_cells(held, "all") if is_told else []
    edition.pains = share_cells(held, "all", by="pain") if is_told else []
    edition.exits = [] if leaving["suppressed"] else exit_cells(held)


def compare_groups(edition: Judged, held: Comparable) -> None:
    """Every test of the groups, and with them those of everybody's complaints and reasons, into the family."""
    snapshot = edition.snapshot
    windows = snapshot.windows
    cultures = held_against(snapshot, windows.before(snapshot.history, windows.long))
    is_weekly = windows.span == 1 and not windows.is_pair
    edition.hidden_weeks |= hidden_weeks(snapshot, LOOKED_AT)
    for level in LOOKED_AT:
        gone = edition.hidden_weeks[level]
        seen = _without(held, level, gone, snapshot)
        long = _without(cultures, level, gone, snapshot) if level in STANDING_AT else seen
        # Further back than tiles look, only NPS is counted.
        edition.held[level] = long if level == "culture" and snapshot.scored == "nps" else seen
        shown = frozenset(snapshot.answers.column(level).values) - edition.hidden[level]
        edition.cells[level] = share_cells(seen, level, groups=shown)
        moved = score_changes(seen, level, "own_past")
        if level == "culture":
            moved |= score_changes(long, level, "own_past", ["nps"])
        if held.left_out or cultures.left_out:
            moved = {metric: _beside_all(edition, level, metric, each) for metric, each in moved.items()}
        gone_metrics = snapshot.apart.metrics
        asked = shown - (NOT_A_PLACE if level in PLACED else frozenset())
        told = {metric: asked - gone_metrics.get((level, metric), frozenset()) for metric in SCORED}
        edition.shifts[level] = {metric: _only(each, told[metric]) for metric, each in moved.items()}
        if level in STANDING_AT and is_weekly:
            edition.standings[level] = _only(standings(long, level), told["nps"])
    for level in ("all", *LOOKED_AT):
        cells = [*edition.cells[level], *(edition.pains + edition.exits if level == "all" else [])]
        changes = [cell.change for cell in cells]
        changes += [change for each in edition.shifts.get(level, {}).values() for change in each.values()]
        for change in (*changes, *edition.standings.get(level, {}).values()):
            edition.family.add(level, change)


def _without(held: Comparable, level: Level, gone: Any, snapshot: Snapshot) -> Comparable:
    """Leave out the weeks in which groups were hidden; the guard may have left out whole groups already."""
    return held.without(level, snapshot.answers.column(level).values, gone)


def _only(changes: Mapping[str, Figures], shown: frozenset[str]) -> dict[str, Figures]:
    return {group: change for group, change in changes.items() if group in shown}


def _beside_all(
    edition: Judged, level: Level, metric: Scored, changes: Mapping[str, Figures]
) -> dict[str, Figures]:
    """Changes of a part of the answers, without those of groups where all answers less the part would tell a few."""
    snapshot = edition.snapshot
    left = {
        group: tally.n(metric) - (changes[group]["n_now"] if group in changes else 0)
        for group, tally in tallies(snapshot.answers, level, 0, 0).items()
    }
    few = metric_hidden(left, edition.hidden[level], snapshot.k)
    return {
        group: unjudged(change["against"], change["weeks"], 0, 0, reason="suppressed")
        if group in few
        else change
        for group, change in changes.items()
    }


def drill_down(edition: Judged, held: Comparable) -> None:
    """Look at the countries of a region only for what was an alert in the region."""
    flagged = {(cell.group, cell.code) for cell in edition.cells["region"] if cell.change["flag"] == "alert"}
    moved = {
        (group, metric)
        for metric, changes in edition.shifts["region"].items()
        for group, change in changes.items()
        if change["flag"] == "alert"
    }
    edition.cells["country"], edition.shifts["country"] = [], {}
    if not flagged and not moved:
        return
    gone = hidden_weeks(edition.snapshot, ("country",))["country"]
    seen = _without(held, "country", gone, edition.snapshot)
    countries = seen.answers.column("country").values
    of_region: dict[str, set[str]] = {}
    for country in set(countries) - edition.hidden["country"]:
        place = region(country)
        if place is not None:
            of_region.setdefault(place.leaf_code, set()).add(country)
    wanted = {(country, code) for group, code in flagged for country in of_region.get(group, ())}
    edition.cells["country"] = [
        cell for cell in share_cells(seen, "country") if (cell.group, cell.code) in wanted
    ]
    changes = score_changes(seen, "country", "own_past")
    asked = {(country, metric) for group, metric in moved for country in of_region.get(group, ())}
    told = countries_told(edition.snapshot, edition.hidden, asked)
    for metric in sorted({metric for _group, metric in moved}):
        inside = frozenset(country for country, of in told if of == metric)
        edition.shifts["country"][metric] = _only(changes[metric], inside)
    judge_inside(
        [cell.change for cell in edition.cells["country"]]
        + [change for changes in edition.shifts["country"].values() for change in changes.values()]
    )
