"""An edition's figures out of its snapshot: counts in, judged figures out; no database, no clock, no language.

The same snapshot gives the same figures, also when a simulation made it (tests/bench/worlds.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from surveys.digests import metrics as by_group
from surveys.digests.compare import (
    Figures,
    count_interval,
    unjudged,
    volume_change,
)
from surveys.digests.decided import decisions
from surveys.digests.disclose import hidden_groups, hidden_weeks, with_metrics_apart
from surveys.digests.families import Family, judge_inside
from surveys.digests.findings import Found, findings
from surveys.digests.groups import PLACED, apart, group_rows
from surveys.digests.guard import Comparable, comparable
from surveys.digests.pains import Setting, Week, pain_points
from surveys.digests.points import Around, Points, points, points_of
from surveys.digests.shares import NOT_A_PLACE, Cell, exit_cells, share_cells
from surveys.digests.shifts import score_changes, standings
from surveys.digests.snapshot import LEVELS, Counts, Flags, Level, Snapshot, tallies
from surveys.digests.tally import SCORED, Scored, Tally
from surveys.digests.theme_cells import hidden_cells, split_cells
from surveys.digests.theme_pasts import Pasts, as_told
from surveys.digests.theme_rows import theme_rows
from surveys.digests.withhold import without_themes, without_totals
from surveys.places import region
from surveys.scores import INVOLUNTARY_REASONS

# Levels whose groups are looked at in every edition; countries only inside regions that are alerts.
LOOKED_AT: Final[tuple[Level, ...]] = ("continent", "region", "culture", "language", "touchpoint", "segment")
STANDING_AT: Final[tuple[Level, ...]] = ("region", "culture")
ROWS: Final[Mapping[str, Level]] = {
    "continents": "continent",
    "regions": "region",
    "cultures": "culture",
    "languages": "language",
    "touchpoints": "touchpoint",
    "segments": "segment",
}


@dataclass
class Judged:
    """What has been compared so far, and what may not be shown."""

    snapshot: Snapshot
    hidden: Mapping[Level, frozenset[str]]
    weeks: int
    told: Points
    family: Family = field(default_factory=Family)
    shifts: dict[Level, dict[Scored, dict[str, Figures]]] = field(default_factory=dict)
    cells: dict[Level, list[Cell]] = field(default_factory=dict)
    pains: list[Cell] = field(default_factory=list)
    exits: list[Cell] = field(default_factory=list)
    standings: dict[Level, dict[str, Figures]] = field(default_factory=dict)
    guarded: list[Figures] = field(default_factory=list)
    bases: dict[Scored, Tally] = field(default_factory=dict)
    hidden_weeks: dict[Level, Flags] = field(default_factory=dict)


def judged_figures(snapshot: Snapshot, hidden: Mapping[Level, frozenset[str]] | None = None) -> Figures:
    """Everything an edition tells of its numbers; the words, the quotes and the rest come from build.py.

    `hidden` names groups that are hidden for the sake of what is shown elsewhere.
    """
    weeks = snapshot.windows.before(snapshot.history, snapshot.windows.tiles)
    gone = {
        level: groups | (hidden or {}).get(level, frozenset())
        for level, groups in hidden_groups(snapshot).items()
    }
    snapshot = with_metrics_apart(snapshot, gone)
    held = _held(snapshot, weeks)
    edition = Judged(
        snapshot, gone, weeks, points(snapshot.complaints, held, snapshot.k, snapshot.apart.pasts)
    )
    edition.guarded = list(held.left_out)
    tiles = _tiles(edition, held)
    _compare_groups(edition, held)
    setting = _setting(edition, held)
    pains = pain_points(setting, edition.cells["all"], edition.family)
    decided = _decided(edition)
    edition.family.judge()
    _drill_down(edition, held)
    around = _around(edition, setting)
    pasts = Pasts(snapshot, held, edition.hidden_weeks, snapshot.apart.pasts)
    of_theme = {cell.code: cell for cell in edition.cells["all"]}
    for pain in pains:
        cell = of_theme[pain["theme"]]
        pain.update(as_told(pain, cell, is_told=pasts.is_told(cell)))
        pain["standing_out"] = _standing_out(pain)
        pain["points"] = points_of(pain["theme"], around) if around else []
    rows = {name: group_rows(edition, level, setting) for name, level in ROWS.items()}
    judged = {
        "tiles": tiles,
        "findings": findings(
            Found(
                tiles,
                edition.shifts,
                edition.cells,
                edition.pains,
                edition.exits,
                edition.standings,
                edition.told,
                pasts,
                setting.untold,
            ),
            snapshot.k,
        ),
        "pain_points": pains,
        "decisions": decided,
        **rows,
        "exit": _exit(snapshot),
        "suppressed": _suppressed(edition),
        "guarded": edition.guarded,
        **({"theme": theme_rows(edition, setting, snapshot.theme)} if snapshot.theme else {}),
    }
    without_totals(pains, {metric for metric in SCORED if tiles[metric]["suppressed"]})
    without_themes(judged, setting.untold, snapshot.apart.themes)
    return judged


def _held(snapshot: Snapshot, weeks: int) -> Comparable:
    windows = snapshot.windows
    return comparable(
        snapshot.answers, snapshot.complaints, weeks, snapshot.k,
        span=windows.span, scatter=windows.scatter, most=snapshot.apart.metric_weeks,
    )  # fmt: skip


def _decided(edition: Judged) -> list[Figures]:
    """What was decided, with what came of it; those comparisons are tests of the edition too."""
    told = edition.snapshot
    if told.decided is None:
        return []
    return decisions(told.decided, told.week, told.history, told.k, edition.family)


def _compare_groups(edition: Judged, held: Comparable) -> None:
    """Every test of the groups and of everybody's complaints, into the family."""
    snapshot = edition.snapshot
    windows = snapshot.windows
    cultures = _held(snapshot, windows.before(snapshot.history, windows.long))
    is_weekly = windows.span == 1 and not windows.is_pair
    edition.cells["all"] = share_cells(held, "all")
    edition.exits = exit_cells(held)
    edition.pains = share_cells(held, "all", by="pain")
    for level in LOOKED_AT:
        gone = edition.hidden_weeks[level] = hidden_weeks(snapshot, level)
        seen = _without(held, level, gone, snapshot)
        long = _without(cultures, level, gone, snapshot) if level in STANDING_AT else seen
        shown = frozenset(snapshot.answers.column(level).values) - edition.hidden[level]
        edition.cells[level] = share_cells(seen, level, groups=shown)
        moved = score_changes(seen, level, "own_past")
        if level == "culture":
            # Further back than tiles look, only NPS is counted.
            moved |= score_changes(long, level, "own_past", ["nps"])
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


def _drill_down(edition: Judged, held: Comparable) -> None:
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
    seen = _without(held, "country", hidden_weeks(edition.snapshot, "country"), edition.snapshot)
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
    for metric in sorted({metric for _group, metric in moved}):
        inside = {country for group, of in moved if of == metric for country in of_region.get(group, ())}
        edition.shifts["country"][metric] = _only(changes[metric], frozenset(inside))
    judge_inside(
        [cell.change for cell in edition.cells["country"]]
        + [change for changes in edition.shifts["country"].values() for change in changes.values()]
    )


def _tiles(edition: Judged, held: Comparable) -> Figures:
    snapshot = edition.snapshot
    now = snapshot.tallies().get("all", Tally())
    last = _last_week(snapshot)
    (shown,) = by_group.table(
        {"all": now}, "all", snapshot.k, hidden=_all_hidden(snapshot, now), apart=apart(snapshot, "all")
    )
    hidden = shown["suppressed"]
    tiles: Figures = {"responses": _responses_tile(edition, now, last, hidden=hidden)}
    yesterday = _held(snapshot, snapshot.just_before)
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
        weeks = held.weeks.get(metric, held.wanted)
        reason = held.reasons.get(metric, "too_few" if weeks else "history")
        change = unjudged(against, weeks, 0, 0, reason=reason)
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
        "last_week": last.responses
        if snapshot.history and span == 1 and not snapshot.windows.is_pair
        else None,
        "mean_before": sum(earlier) / weeks if weeks else None,
        "change": edition.family.add("all", change),
    }


def _setting(edition: Judged, held: Comparable) -> Setting:
    snapshot, (answers, complaints) = edition.snapshot, held.shared()
    now = _week(snapshot.answers, snapshot.complaints)
    mixed = {level: held.mixed(level).keys() for level in LOOKED_AT}
    untold = snapshot.apart.themes | hidden_cells(snapshot.complaints, edition.hidden, snapshot.k)
    if held.left_out:
        untold |= split_cells(snapshot.complaints, complaints, snapshot.k)
    return Setting(
        k=snapshot.k,
        weeks=edition.weeks,
        now=now,
        compared=replace(_week(answers, complaints), apart=mixed) if held.left_out else now,
        hidden=edition.hidden,
        nps=snapshot.nps,
        seed=snapshot.week.year * 100 + snapshot.week.number,
        untold=untold,
    )


def _week(answers: Counts, complaints: Counts) -> Week:
    return Week(
        everyone=tallies(answers, "all", 0, 0).get("all", Tally()),
        groups={level: tallies(answers, level, 0, 0) for level in LOOKED_AT},
        complaints=complaints.within(0, 0),
    )


def _around(edition: Judged, setting: Setting) -> Around | None:
    """What pain points are told beside; a longer edition, less its weeks, would tell more of them than these do."""
    windows = edition.snapshot.windows
    if windows.span != 1 or windows.is_pair:
        return None
    answers = {name: tally.responses for name, tally in setting.compared.groups["region"].items()}
    return Around(edition.told, edition.pains, answers, edition.hidden)


def _standing_out(pain: Figures) -> list[Figures]:
    """The groups of any level where a theme is clearly more frequent than elsewhere, the surest first; after judging."""
    clear: dict[tuple[Any, ...], Figures] = {}
    for place in pain["places"]:
        # The same people may be a region and a culture: the first level is told.
        if place["change"]["arrow"] == "up":
            clear.setdefault((place["x"], place["n"], place["elsewhere"]), place)
    return sorted(clear.values(), key=lambda place: (place["change"]["q"], -place["change"]["delta"]))[:3]


def _exit(snapshot: Snapshot) -> Figures:
    now = snapshot.tallies().get("all", Tally())
    (row,) = by_group.table(
        {"all": now}, "all", snapshot.k, hidden=_all_hidden(snapshot, now), apart=apart(snapshot, "all")
    )
    found: Figures = row["exit"]
    if found.get("suppressed") or row["suppressed"]:
        return {"n": None, "reasons": {}, "involuntary": {}, "suppressed": True}
    reasons = found["reasons"]
    return {
        "n": found["n"],
        "suppressed": False,
        "reasons": reasons,
        "involuntary": {code: n for code, n in reasons.items() if code in INVOLUNTARY_REASONS},
    }


def _suppressed(edition: Judged) -> list[Figures]:
    """Every hidden group of this week's tables by name."""
    here = [(level, edition.hidden[level]) for level in LEVELS[1:]]
    return [{"level": level, "group": group} for level, groups in here for group in sorted(groups)]
