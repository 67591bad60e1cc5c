"""An edition's figures out of its snapshot: counts in, judged figures out; no database, no clock, no language.

The same snapshot gives the same figures, also when a simulation made it (tests/bench/worlds.py).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from surveys.digests.compare import Figures
from surveys.digests.compare_groups import compare_everybody, compare_groups, drill_down
from surveys.digests.decided import decisions
from surveys.digests.disclose import hidden_groups, with_metrics_apart
from surveys.digests.findings import Found, findings
from surveys.digests.groups import group_rows
from surveys.digests.guard import Comparable
from surveys.digests.judged import LOOKED_AT, Judged, held_against
from surveys.digests.pains import Setting, Week, pain_points
from surveys.digests.points import Around, points, points_of
from surveys.digests.reasons import hidden_reasons
from surveys.digests.snapshot import LEVELS, Counts, Level, Snapshot, tallies
from surveys.digests.standing import standing_out
from surveys.digests.tally import SCORED, Tally
from surveys.digests.theme_cells import hidden_cells, split_cells
from surveys.digests.theme_pasts import Pasts, as_told
from surveys.digests.theme_rows import theme_rows
from surveys.digests.tiles import exit_of, tiles_of
from surveys.digests.withhold import without_themes, without_totals

ROWS: Final[Mapping[str, Level]] = {
    "continents": "continent",
    "regions": "region",
    "cultures": "culture",
    "languages": "language",
    "touchpoints": "touchpoint",
    "segments": "segment",
}


def judged_figures(snapshot: Snapshot, hidden: Mapping[Level, frozenset[str]] | None = None) -> Figures:
    """Everything an edition tells of its numbers; the words, the quotes and the rest come from build.py.

    `hidden` names groups that are hidden for the sake of what is shown elsewhere.
    """
    weeks = snapshot.weeks_before
    gone = {
        level: groups | (hidden or {}).get(level, frozenset())
        for level, groups in hidden_groups(snapshot).items()
    }
    snapshot = with_metrics_apart(snapshot, gone)
    held = held_against(snapshot, weeks)
    edition = Judged(
        snapshot, gone, weeks, points(snapshot.complaints, held, snapshot.k, snapshot.apart.pasts)
    )
    edition.guarded = list(held.left_out)
    tiles, leaving = tiles_of(edition, held), exit_of(snapshot)
    compare_everybody(edition, held, tiles, leaving)
    compare_groups(edition, held)
    setting = _setting(edition, held)
    pains = pain_points(setting, edition.cells["all"], edition.family)
    decided = _decided(edition)
    edition.family.judge()
    drill_down(edition, held)
    pasts = Pasts(snapshot, held, edition.hidden_weeks, snapshot.apart.pasts)
    _tell_pains(pains, edition, setting, pasts)
    rows = {name: group_rows(edition, level, setting) for name, level in ROWS.items()}
    judged = {
        "tiles": tiles,
        "findings": findings(_found(edition, tiles, pasts, setting), snapshot.k),
        "families": _families(edition),
        "pain_points": pains,
        "decisions": decided,
        "scored": snapshot.scored,
        **rows,
        "exit": leaving,
        "suppressed": _suppressed(edition),
        "guarded": edition.guarded,
        **({"theme": theme_rows(edition, setting, pasts, snapshot.theme)} if snapshot.theme else {}),
    }
    without_totals(pains, {metric for metric in SCORED if tiles[metric]["suppressed"]})
    without_themes(judged, setting.untold, snapshot.apart.themes)
    return judged


def _tell_pains(pains: list[Figures], edition: Judged, setting: Setting, pasts: Pasts) -> None:
    """Of each theme its past as far as that is told, where it stands out, and its single pain points."""
    around = _around(edition, setting)
    of_theme = {cell.code: cell for cell in edition.cells["all"]}
    for pain in pains:
        cell = of_theme[pain["theme"]]
        pain.update(as_told(pain, cell, is_told=pasts.is_told(cell)))
        pain["standing_out"] = standing_out(pain, setting.compared.complaints, setting.k)
        pain["points"] = points_of(pain["theme"], around) if around else []


def _found(edition: Judged, tiles: Figures, pasts: Pasts, setting: Setting) -> Found:
    return Found(
        tiles,
        edition.shifts,
        edition.cells,
        edition.pains,
        edition.exits,
        edition.standings,
        edition.told,
        pasts,
        setting.untold,
        hidden_reasons(edition.snapshot),
    )


def _families(edition: Judged) -> list[Figures]:
    least = edition.family.least
    return [{"level": level, "least": least[level]} for level in LEVELS if level in least]


def _decided(edition: Judged) -> list[Figures]:
    """What was decided, with what came of it; those comparisons are tests of the edition too."""
    told = edition.snapshot
    if told.decided is None:
        return []
    return decisions(told.decided, told.week, told.history, told.k, edition.family)


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
        low_untold=snapshot.apart.low,
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


def _suppressed(edition: Judged) -> list[Figures]:
    """Every hidden group of this week's tables by name."""
    here = [(level, edition.hidden[level]) for level in LEVELS[1:]]
    return [{"level": level, "group": group} for level, groups in here for group in sorted(groups)]
