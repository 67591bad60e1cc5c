"""All tests of an edition, judged together: one Benjamini-Hochberg family per level, and the levels among themselves.

Within a level q is Benjamini and Hochberg's (1995). An edition looks at up to eight levels, and a quiet week must stay
quiet over all of them, so the levels are judged too: each by its smallest q, by the same rule, and where R of m levels
have something to say, the q of their tests are multiplied by m / R (Benjamini and Bogomolov 2014, selective inference on
families). The q that an edition prints is that product: an arrow needs q <= 0.05, "watch" q <= 0.10.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from surveys.chance import benjamini_hochberg
from surveys.digests.snapshot import Level

Figures = dict[str, Any]

SURE: Final = 0.05
WATCH: Final = 0.10


@dataclass
class Family:
    """The tests of an edition by level; `judge` gives each its q and its arrow.

    Where a theme is at home is no news: those tests are in the family too, but their many true answers must not lend
    their certainty to changes, so a change also has to hold among the changes alone.
    """

    tests: dict[Level, list[Figures]] = field(default_factory=dict)
    places: dict[Level, list[Figures]] = field(default_factory=dict)
    # The smallest q of each level's changes, by which the levels are judged.
    least: dict[Level, float] = field(default_factory=dict)

    def add(self, level: Level, change: Figures) -> Figures:
        """Take a change into its level's family; one without a p is left as it is."""
        if change["p"] is not None:
            self.tests.setdefault(level, []).append(change)
        return change

    def add_place(self, level: Level, difference: Figures) -> Figures:
        """Take in a comparison with elsewhere."""
        self.places.setdefault(level, []).append(difference)
        return difference

    def judge(self) -> None:
        """Set q, arrow and flag of everything."""
        alone = {level: _q(tests) for level, tests in self.tests.items()}
        news = across_levels(alone)
        for level in {*self.tests, *self.places}:
            changes, places = self.tests.get(level, []), self.places.get(level, [])
            joint = _q([*changes, *places])
            found = zip(changes, alone.get(level, ()), joint, news.get(level, ()), strict=False)
            for change, own, beside, q in found:
                settle(change, max(beside, q), level=own, joint=beside)
            for place, q in zip(places, joint[len(changes) :], strict=True):
                settle(place, q, joint=q)
        self.least = {level: min(q_values) for level, q_values in alone.items()}


def _q(changes: Sequence[Figures]) -> list[float]:
    return benjamini_hochberg([change["wide"] for change in changes])


def judge_inside(changes: Sequence[Figures]) -> None:
    """Judge a family found by drilling down inside cells that are alerts already."""
    tested = [change for change in changes if change["p"] is not None]
    for change, q in zip(tested, _q(tested), strict=True):
        settle(change, q, level=q)


def across_levels(levels: Mapping[Level, Sequence[float]]) -> dict[Level, list[float]]:
    """The q values of each level once the levels are judged among themselves."""
    least = sorted(min(q_values) for q_values in levels.values())
    m = len(least)
    # From which q on at least R levels are selected.
    selected = [min(least[at] * m / (at + 1) for at in range(rank - 1, m)) for rank in range(1, m + 1)]
    return {
        level: [
            min(1.0, *(max(selected[rank - 1], q * m / rank) for rank in range(1, m + 1))) for q in q_values
        ]
        for level, q_values in levels.items()
    }


def settle(change: Figures, q: float, *, level: float | None = None, joint: float | None = None) -> None:
    """Give a change its q, with what that was made of, its flag and its arrow."""
    change |= {"q": q, "q_level": level, "q_joint": joint}
    change["flag"] = _flag(q, enough=change.pop("enough"))
    change["arrow"] = _arrow(change)


def _flag(q: float, *, enough: bool) -> str:
    if not enough or q > WATCH:
        return "none"
    return "alert" if q <= SURE else "watch"


def _arrow(change: Figures) -> str:
    if change["flag"] != "alert" or change["delta"] == 0:
        return "none"
    return "up" if change["delta"] > 0 else "down"
