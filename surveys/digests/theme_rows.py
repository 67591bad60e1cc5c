"""One theme across all groups: its share of the answers by region, culture, language and touchpoint, and its pain points.

Everything comes out of what the edition compared and judged anyway; nothing is tested twice.
"""

from collections.abc import Mapping
from typing import Final, Protocol

import numpy as np

from surveys.chance import NOW_AT_LEAST, wilson
from surveys.digests.compare import Figures
from surveys.digests.metrics import LEFTOVERS, metric_hidden
from surveys.digests.pains import Setting, share_figures
from surveys.digests.points import Points, before, change
from surveys.digests.shares import Cell
from surveys.digests.snapshot import Level, Snapshot
from surveys.digests.theme_pasts import Pasts
from surveys.tallies import Share

AT: Final[Mapping[str, Level]] = {
    "regions": "region", "cultures": "culture", "languages": "language", "touchpoints": "touchpoint",
}  # fmt: skip


class Compared(Protocol):
    """What judge.py knows when it comes to tables."""

    snapshot: Snapshot
    hidden: Mapping[Level, frozenset[str]]
    cells: dict[Level, list[Cell]]
    pains: list[Cell]
    told: Points


def theme_rows(edition: Compared, setting: Setting, pasts: Pasts, theme: str) -> Figures:
    """The theme by group, and the pain points in it that enough people name."""
    return {
        "code": theme,
        **{name: _groups(edition, setting, pasts, (theme, level)) for name, level in AT.items()},
        "pain_points": _pains(edition, theme),
    }


def _groups(edition: Compared, setting: Setting, pasts: Pasts, about: tuple[str, Level]) -> list[Figures]:
    """One row per group that answered; complaints of 1 to k - 1 people are no figure, nor is what would tell them."""
    theme, level = about
    k, hidden = edition.snapshot.k, edition.hidden[level]
    answers = {name: tally.responses for name, tally in setting.now.groups[level].items() if tally.responses}
    people = {name: min(setting.now.people(theme, level).get(name, 0), n) for name, n in answers.items()}
    gone = metric_hidden(people, hidden & answers.keys(), k)
    gone |= {name for name in answers if (level, name, theme) in setting.untold}
    changes = {
        cell.group: change(cell, is_told=pasts.is_told(cell))
        for cell in edition.cells[level]
        if cell.code == theme and cell.group not in gone
    }
    return [
        _row(name, (people[name], answers[name]), changes.get(name), is_hidden=name in gone)
        for name in sorted(answers, key=lambda name: (LEFTOVERS.get(name, 0), name))
    ]


def _row(group: str, counted: tuple[int, int], moved: Figures | None, *, is_hidden: bool) -> Figures:
    x, n = counted
    if is_hidden:
        return {"group": group, "suppressed": True}
    low, high = wilson(Share(x, n))
    return {
        "group": group,
        "suppressed": False,
        "x": x,
        "n": n,
        "share": 100 * x / n,
        "low": 100 * low,
        "high": 100 * high,
        "few": n < NOW_AT_LEAST,
        "change": moved,
    }


def _pains(edition: Compared, theme: str) -> list[Figures]:
    """The most frequent first."""
    ids, told = _of_theme(edition.snapshot, theme), edition.told
    cells = [
        cell
        for cell in edition.pains
        if cell.code in ids and cell.now[0] >= edition.snapshot.k and told.is_told(cell.code)
    ]
    return [
        {
            "pain_point": cell.code,
            "kind": cell.kind,
            "now": share_figures(*cell.now),
            "before": before(cell, is_told=told.is_past_told(cell)),
            "change": change(cell, is_told=told.is_past_told(cell)),
        }
        for cell in sorted(cells, key=lambda cell: (-cell.now[0], cell.code))
    ]


def _of_theme(snapshot: Snapshot, theme: str) -> frozenset[str]:
    complaints = snapshot.complaints.where(snapshot.complaints.of("theme", theme))
    pains = complaints.column("pain")
    return frozenset(pains.values[at] for at in np.unique(pains.codes))
