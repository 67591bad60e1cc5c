"""Which pasts of themes may be told: the weeks before, of which two neighbouring editions, subtracted, would tell one.

A past is told only where none of its weeks hid the theme: of 1 to k - 1 people, of a group also for the sake of others, or
with a few people in answers that are not compared. Arrows, flags and q are told all the same. Two periods are compared as
wholes, which have editions of their own: there the past is told where the earlier one's own edition tells it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from surveys.digests.compare import Figures
from surveys.digests.guard import Comparable
from surveys.digests.points import before, change
from surveys.digests.shares import Cell
from surveys.digests.snapshot import Flags, Level, Snapshot
from surveys.digests.theme_cells import ThemeCell, hidden_cells
from surveys.suppression import suppressed_metric


@dataclass(frozen=True)
class Pasts:
    """What decides it: all that was counted and what of it was compared, and the groups that each week hid."""

    snapshot: Snapshot
    held: Comparable
    hidden_weeks: Mapping[Level, Flags]
    beside: Collection[ThemeCell] = ()
    kept: dict[str, frozenset[ThemeCell]] = field(default_factory=dict)

    def is_told(self, cell: Cell) -> bool:
        """Whether the weeks before may be told."""
        k, where = self.snapshot.k, (cell.level, cell.group, cell.code)
        if self.snapshot.windows.is_pair:
            is_few = suppressed_metric(cell.before[0], k)
            return not is_few and (cell.level == "all" or where not in self._base())
        if where in self.beside or any(suppressed_metric(people, k) for people, _n in cell.weekly[1:]):
            return False
        if cell.level == "all":
            return not (self.held.left_out and self._is_split(cell))
        return not self.held.left_out and where not in self._company(cell.code, len(cell.weekly))

    def _base(self) -> frozenset[ThemeCell]:
        """What the earlier of two periods hid of groups."""
        if "" not in self.kept:
            earlier = self.snapshot.complaints.within(1, self.snapshot.windows.tiles)
            pooled = replace(earlier, week=np.zeros(len(earlier.n), np.int64))
            # Groups that are hidden anyway do no harm among those shown.
            self.kept[""] = hidden_cells(pooled, {}, self.snapshot.k)
        return self.kept[""]

    def _is_split(self, cell: Cell) -> bool:
        """Whether a few people of some week are not compared."""
        whole, kept = (
            counts.table("theme", kept=counts.of("theme", cell.code)).sum(0)
            for counts in (self.snapshot.complaints, self.held.shared()[1])
        )
        weeks = range(1, len(cell.weekly))
        return any(suppressed_metric(max(int(whole[ago] - kept[ago]), 0), self.snapshot.k) for ago in weeks)

    def _company(self, code: str, weeks: int) -> frozenset[ThemeCell]:
        """The groups of which some week hid the theme, also for the sake of others."""
        if code not in self.kept:
            complaints = self.snapshot.complaints
            mine = complaints.where(complaints.of("theme", code))
            self.kept[code] = frozenset(
                each
                for ago in range(1, weeks)
                for each in hidden_cells(mine, self._hidden(ago), self.snapshot.k, ago)
            )
        return self.kept[code]

    def _hidden(self, ago: int) -> dict[Level, frozenset[str]]:
        return {
            level: frozenset(
                self.snapshot.answers.column(level).values[at] for at in np.flatnonzero(flags[:, ago])
            )
            for level, flags in self.hidden_weeks.items()
        }


def as_told(pain: Figures, cell: Cell, *, is_told: bool) -> Figures:
    """What is told of a theme's past, once it is judged."""
    return {
        "before": before(cell, is_told=is_told),
        "change": change(cell, is_told=is_told),
        "since": pain["since"] if is_told else None,
    }
