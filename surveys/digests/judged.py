"""An edition while it is judged: its snapshot, what has been compared so far, and what may not be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from surveys.digests.compare import Figures
from surveys.digests.families import Family
from surveys.digests.guard import Comparable, comparable
from surveys.digests.points import Points
from surveys.digests.shares import Cell
from surveys.digests.snapshot import Flags, Level, Snapshot
from surveys.digests.tally import Scored

# Levels whose groups are looked at in every edition; countries only inside regions that are alerts.
LOOKED_AT: Final[tuple[Level, ...]] = ("continent", "region", "culture", "language", "touchpoint", "segment")


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
    # What of each level's score could be compared: of NPS cultures look further back.
    held: dict[Level, Comparable] = field(default_factory=dict)
    hidden_weeks: dict[Level, Flags] = field(default_factory=dict)


def held_against(snapshot: Snapshot, weeks: int) -> Comparable:
    """What of a snapshot can be compared with so many weeks before."""
    windows = snapshot.windows
    return comparable(
        snapshot.answers, snapshot.complaints, weeks, snapshot.k,
        span=windows.span, scatter=windows.scatter, most=snapshot.apart.metric_weeks,
    )  # fmt: skip
