"""Where a theme stands out: the clear groups, the surest first, and no people twice.

Groups of different kinds overlap: those who speak a language are mostly those of a region. A group that shares half of its
people who complain, and k of them at least, with a surer one says the same again and is left out.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from surveys.digests.compare import Figures
from surveys.digests.snapshot import Counts

MOST: Final = 3
# Two places and how many people who complain are of both.
Shared = Callable[[Figures, Figures], int]


def standing_out(pain: Figures, complaints: Counts | None, k: int) -> list[Figures]:
    """The groups of any level where a theme is clearly more frequent than elsewhere; after judging."""
    clear: dict[tuple[int, int, float], Figures] = {}
    for place in pain["places"]:
        # The very same people may be a region and a culture, or a language and a touchpoint: the first level is told.
        if place["change"]["arrow"] == "up":
            clear.setdefault((place["x"], place["n"], place["elsewhere"]), place)
    surest = sorted(clear.values(), key=lambda place: (place["change"]["q"], -place["change"]["delta"]))
    return [] if complaints is None else _apart(surest, shared_people(complaints, pain["theme"]), k)[:MOST]


def shared_people(complaints: Counts, theme: str) -> Shared:
    """Counts those who complain about a theme in both of two groups."""
    mine = complaints.where(complaints.of("theme", theme))

    def shared(one: Figures, other: Figures) -> int:
        both = np.logical_and(*(mine.of(place["level"], place["group"]) for place in (one, other)))
        return int(mine.n[both].sum())

    return shared


def _apart(places: list[Figures], shared: Shared, k: int) -> list[Figures]:
    told: list[Figures] = []
    for place in places:
        most = max((shared(place, other) for other in told), default=0)
        if most < k or 2 * most < place["x"]:
            told.append(place)
    return told
