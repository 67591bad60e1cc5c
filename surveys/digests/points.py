"""Single pain points within the themes of an edition: what people say alike, in whatever language; counts in, figures out.

Nothing is tested here: the tests are those that findings are made of. A pain point of 1 to k - 1 people in a week is hidden,
and so is the smallest other one of its theme where the theme's total would tell it. What it was before is told of the weeks
that did not hide it: each is told by its own edition anyway, so no sum of them tells more. A week of all would: the pasts of
two editions, subtracted. Where a few people named it in some week, the others would make it larger than it was: none is told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from surveys.digests.compare import LEAST_WEEKS, Figures
from surveys.digests.guard import Comparable
from surveys.digests.pains import share_figures, since
from surveys.digests.shares import NOT_A_PLACE, Cell
from surveys.digests.snapshot import Counts, Flags, Level
from surveys.suppression import suppressed_metric

MOST: Final = 3
PLACES: Final = 3
UNTOLD: Final = ("delta", "low", "high", "p", "wide", "q_level", "q_joint", "base")
People = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Points:
    """Which pain points may be told, and who names them this week."""

    k: int
    hidden: Mapping[str, frozenset[int]]
    has_guarded: bool
    now: Counts
    # Pain points whose past is told nowhere.
    no_past: frozenset[str] = frozenset()

    def is_told(self, code: str) -> bool:
        """Whether this week's people may be told."""
        return 0 not in self.hidden.get(code, ())

    def is_past_told(self, cell: Cell) -> bool:
        """Whether the weeks that it is compared with may be told."""
        return len(self.weeks_told(cell)) == cell.change["weeks"] and not self._is_untold(cell)

    def weeks_told(self, cell: Cell) -> list[int]:
        """Those of them that may be told, where they are enough to stand for all."""
        if self._is_untold(cell):
            return []
        weeks = range(1, cell.change["weeks"] + 1)
        told = [ago for ago in weeks if ago not in self.hidden.get(cell.code, ())]
        is_few = any(suppressed_metric(cell.weekly[ago][0], self.k) for ago in weeks)
        return told if len(told) == len(weeks) or (len(told) >= LEAST_WEEKS and not is_few) else []

    def _is_untold(self, cell: Cell) -> bool:
        return self.has_guarded or cell.code in self.no_past

    def people(self, one: str, other: str) -> People:
        """Who complains, by two of their columns."""
        table = self.now.table(one, other)[:, :, 0]
        rows, columns = self.now.column(one).values, self.now.column(other).values
        return {
            row: {columns[place]: int(table[at, place]) for place in np.flatnonzero(table[at])}
            for at, row in enumerate(rows)
        }


def points(
    complaints: Counts, held: Comparable, k: int, beside: Collection[tuple[Level, str, str]] = ()
) -> Points:
    """What may be told of pain points, of all complaints and of those that can be compared; `beside` without their past."""
    hidden = _hidden_weeks(complaints, k)
    for code, weeks in _hidden_weeks(held.complaints, k).items():
        hidden[code] = hidden.get(code, frozenset()) | weeks
    everybody, compared = (_people_now(each) for each in (complaints, held.complaints))
    for code, n in everybody.items():
        if suppressed_metric(n - compared.get(code, 0), k):
            hidden[code] = hidden.get(code, frozenset()) | {0}
    return Points(
        k,
        hidden,
        bool(held.left_out),
        held.shared()[1].within(0, 0),
        frozenset(code for _level, _group, code in beside),
    )


def _people_now(counts: Counts) -> dict[str, int]:
    values = counts.column("pain").values
    return {value: int(counts.table("pain")[at, 0]) for at, value in enumerate(values) if value}


def _hidden_weeks(counts: Counts, k: int) -> dict[str, frozenset[int]]:
    """By pain point the weeks in which it was named by a few people, or would tell that few people named another."""
    table, names = counts.table("theme", "pain"), counts.column("pain").values
    flags: Flags = np.asarray(((table > 0) & (table < k)).any(0), np.bool_)
    for theme, week in np.argwhere(table.any(1)):
        of_week = table[theme, :, week]
        shown = sorted((int(n), names[at], at) for at, n in enumerate(of_week) if n >= k and names[at])
        left = int(of_week.sum()) - sum(n for n, _name, _at in shown)
        if shown and suppressed_metric(left, k):
            flags[shown[0][2], week] = True
    return {name: frozenset(map(int, np.flatnonzero(flags[at]))) for at, name in enumerate(names) if name}


@dataclass
class Left:
    """How many people of a theme no pain point told so far has, by group: none or k at least."""

    people: dict[Level, dict[str, int]]
    hidden: Mapping[Level, frozenset[str]]
    k: int

    def named(self, level: Level, mine: Mapping[str, int]) -> list[tuple[str, int]]:
        """The groups that a pain point's people may be told for, the most first."""
        left, hidden = self.people[level], self.hidden.get(level, frozenset()) | NOT_A_PLACE
        found = sorted(
            (
                (group, n)
                for group, n in mine.items()
                if group not in hidden and n >= self.k and not suppressed_metric(left[group] - n, self.k)
            ),
            key=lambda pair: (-pair[1], pair[0]),
        )
        while found and suppressed_metric(sum(mine.values()) - sum(n for _group, n in found), self.k):
            found.pop()
        for group, n in found:
            left[group] -= n
        return found


@dataclass(frozen=True)
class Around:
    """What pain points are told beside: what groups answered and which are hidden, the rows of themes, the cells."""

    told: Points
    cells: list[Cell]
    answers: Mapping[str, int]
    hidden: Mapping[Level, frozenset[str]]
    tables: dict[tuple[str, str], People] = field(default_factory=dict)

    def people(self, one: str, other: str) -> People:
        """Counted once."""
        if (one, other) not in self.tables:
            self.tables[one, other] = self.told.people(one, other)
        return self.tables[one, other]


def points_of(theme: str, around: Around) -> list[Figures]:
    """The pain points of a theme that enough people name, those with the most detractors first, the most named among them."""
    told, in_theme = around.told, around.people("theme", "pain").get(theme, {})
    cells = [
        cell
        for cell in around.cells
        # One that people name in other themes too could not be followed from here.
        if cell.now[0] >= told.k and in_theme.get(cell.code) == cell.now[0] and told.is_told(cell.code)
    ]
    bands = around.people("pain", "band")
    worst = sorted(
        cells, key=lambda cell: (-bands[cell.code].get("detractor", 0), -cell.now[0], int(cell.code))
    )
    levels: tuple[Level, ...] = ("language", "region")
    left = Left(
        {level: dict(around.people("theme", level).get(theme, {})) for level in levels},
        around.hidden,
        told.k,
    )
    shown = worst[:MOST]
    most = max(worst, key=lambda cell: cell.now[0], default=None)
    if most is not None and most not in shown:
        shown[-1] = most
    return [_point(cell, around, left) for cell in shown]


def _point(cell: Cell, around: Around, left: Left) -> Figures:
    is_told, weeks = around.told.is_past_told(cell), around.told.weeks_told(cell)
    return {
        "pain_point": cell.code,
        "kind": cell.kind,
        "now": share_figures(*cell.now),
        "before": before(cell, is_told=is_told) | _before_of(cell, weeks),
        "change": change(cell, is_told=is_told),
        "since": since(cell) if is_told else None,
        "languages": _languages(cell, around, left),
        "places": (places := _places(cell, around, left)),
        "elsewhere": elsewhere(cell.now[0], places),
    }


def before(cell: Cell, *, is_told: bool) -> Figures:
    """The weeks before; without people and share where a week of them was hidden."""
    (x, n), weeks = cell.before, cell.change["weeks"]
    told = share_figures(min(x, n), n) if n and weeks and is_told else {}
    shares = {key: told.get(key) for key in ("share", "low", "high")}
    return {"x": x if is_told else None, "n": n, "weeks": weeks, **shares, "suppressed": not is_told}


def _before_of(cell: Cell, weeks: list[int]) -> Figures:
    """The weeks that are told, and how many these are."""
    if not weeks:
        return {"told": 0}
    x, n = (sum(cell.weekly[ago][part] for ago in weeks) for part in (0, 1))
    told = share_figures(min(x, n), n) if n else dict.fromkeys(("share", "low", "high"))
    return {**told, "x": x, "n": n, "suppressed": False, "told": len(weeks)}


def change(cell: Cell, *, is_told: bool) -> Figures:
    """How it moved; where the weeks before are not told, only how surely."""
    return dict(cell.change) if is_told else cell.change | dict.fromkeys(UNTOLD)


def _languages(cell: Cell, around: Around, left: Left) -> dict[str, Any]:
    """Who names it in which language; the others together."""
    mine = around.people("pain", "language")[cell.code]
    named = left.named("language", mine)
    return {
        "n": len(mine.keys() - NOT_A_PLACE),
        "named": [{"language": code, "x": x} for code, x in named],
        "others": sum(mine.values()) - sum(x for _code, x in named),
    }


def _places(cell: Cell, around: Around, left: Left) -> list[Figures]:
    """The regions that it is named in most, of those that may be told."""
    named = left.named("region", around.people("pain", "region")[cell.code])
    return [
        {"level": "region", "group": group, "x": x, "n": around.answers.get(group, 0)}
        for group, x in named[:PLACES]
    ]


def elsewhere(people: int, places: list[Figures]) -> int:
    """How many name it in other places, or nobody knows where."""
    return people - sum(int(each["x"]) for each in places)
