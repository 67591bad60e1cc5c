"""What moved beyond chance, or nearly so, gathered from all parts of an edition; of scores, also that nothing moved."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.digests.compare import Figures
from surveys.digests.points import UNTOLD, Points
from surveys.digests.reasons import is_past_told
from surveys.digests.shares import Cell
from surveys.digests.snapshot import LEVELS, Level
from surveys.digests.tally import SCORED, Scored
from surveys.digests.theme_cells import ThemeCell
from surveys.digests.theme_pasts import Pasts
from surveys.suppression import suppressed_metric


@dataclass(frozen=True)
class Found:
    """Everything that was compared."""

    tiles: Figures
    shifts: Mapping[Level, Mapping[Scored, Mapping[str, Figures]]]
    cells: Mapping[Level, list[Cell]]
    pains: list[Cell]
    exits: list[Cell]
    standings: Mapping[Level, Mapping[str, Figures]]
    told: Points
    pasts: Pasts
    untold: Collection[ThemeCell] = ()
    reasons: Collection[str] = ()


def findings(found: Found, k: int) -> list[Figures]:
    """The widest level first, then the surest."""
    listed = [*_scores(found), *_shares(found, k), *_standings(found)]
    return sorted((_with_shares(each) for each in listed), key=_order)


def _with_shares(finding: Figures) -> Figures:
    """Its sides also in percent, where people are counted and told."""
    sides = {
        key: side | {"share": 100 * side["x"] / side["n"] if side["x"] is not None and side["n"] else None}
        for key in ("now", "before")
        for side in (finding[key],)
    }
    return finding | sides


def _order(finding: Figures) -> tuple[Any, ...]:
    names = (
        finding[key] or "" for key in ("group", "kind", "metric", "theme", "pain_point", "reason", "against")
    )
    return (LEVELS.index(finding["level"]), finding["q"], *names)


def _scores(found: Found) -> Iterator[Figures]:
    for metric in SCORED:
        change = found.tiles[metric]["change_last_week"]
        if change["flag"] != "none":
            yield _finding("score", "all", "all", change, metric=metric)
    for level, metrics in found.shifts.items():
        for metric, changes in metrics.items():
            for group, change in changes.items():
                # "No clear change" of a score is a finding; of each group it would be a list that nobody reads.
                if change["flag"] != "none" or (level == "all" and change["q"] is not None):
                    yield _finding("score", level, group, change, metric=metric)


def _shares(found: Found, k: int) -> Iterator[Figures]:
    for cells in found.cells.values():
        for cell in cells:
            if cell.change["flag"] != "none":
                is_untold = (cell.level, cell.group, cell.code) in found.untold
                finding = _cell(cell, k, is_untold=is_untold, theme=cell.code)
                yield finding if found.pasts.is_told(cell) else without_past(finding)
    for cell in found.pains:
        if cell.change["flag"] != "none":
            yield _pain(cell, k, found.told)
    for cell in found.exits:
        if cell.change["flag"] != "none":
            is_untold = cell.code in found.reasons
            finding = _cell(cell, k, kind="exit", is_untold=is_untold, metric="exit", reason=cell.code)
            yield finding if is_past_told(found.pasts.snapshot, cell) else without_past(finding)


def _standings(found: Found) -> Iterator[Figures]:
    for level, changes in found.standings.items():
        for group, change in changes.items():
            if change["flag"] != "none":
                yield _finding("standing", level, group, change, metric="nps")


def _pain(cell: Cell, k: int, told: Points) -> Figures:
    """A pain point, as far as it may be told (surveys/digests/points.py)."""
    finding = _cell(cell, k, pain_point=cell.code)
    if not told.is_told(cell.code):
        finding["now"]["x"] = None
        finding |= {key: None for key in UNTOLD if key in finding}
    return finding if told.is_past_told(cell) else without_past(finding)


def without_past(finding: Figures) -> Figures:
    """A finding without what was before, and what would tell it."""
    past = {**finding["before"], "x": None}
    return {**finding, **{key: None for key in UNTOLD if key in finding}, "before": past}


def _cell(cell: Cell, k: int, *, kind: str | None = None, is_untold: bool = False, **about: Any) -> Figures:
    x, n = cell.now
    finding = _finding(kind or cell.kind, cell.level, cell.group, cell.change, **about)
    finding["now"], finding["before"]["x"] = {"x": x, "n": n}, cell.before[0]
    if is_untold or suppressed_metric(x, k):
        # A few people are no figure, also where they used to be more; nor is what would tell them.
        finding |= {**dict.fromkeys(UNTOLD), "now": {"x": None, "n": n}}
    return finding


def _finding(kind: str, level: Level, group: str, change: Figures, **about: Any) -> Figures:
    return {
        "kind": kind,
        "level": level,
        "group": group,
        "theme": about.get("theme"),
        "pain_point": about.get("pain_point"),
        "metric": about.get("metric"),
        "reason": about.get("reason"),
        "against": change["against"],
        "now": {"x": None, "n": change["n_now"]},
        "before": {"x": None, "n": change["n_base"], "weeks": change["weeks"]},
        "base": change["base"],
        "score": change["score"],
        "delta": change["delta"],
        "low": change["low"],
        "high": change["high"],
        "p": change["p"],
        "wide": change["wide"],
        "q_level": change["q_level"],
        "q_joint": change["q_joint"],
        "q": change["q"],
        "arrow": change["arrow"],
        "flag": change["flag"],
        "poststratified": change["poststratified"],
    }
