"""Pain points of a week: which themes hurt, where, how much, since when, and how that moved."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from surveys.chance import BASE_AT_LEAST, NOW_AT_LEAST, shrink, wilson
from surveys.digests.compare import (
    LEAST_COUNT,
    LEAST_POINTS,
    LEAST_RATIO,
    Figures,
    judged,
    share_difference,
)
from surveys.digests.families import Family
from surveys.digests.impact import impact_of
from surveys.digests.shares import NOT_A_PAIN, NOT_A_PLACE, Cell
from surveys.digests.snapshot import Counts, Level
from surveys.digests.tally import Tally
from surveys.digests.theme_cells import ThemeCell
from surveys.suppression import suppressed_metric
from surveys.tallies import BandCounts, Share

SHRINK_TOWARDS: Final = 30
TOP: Final = 3
# What the share among those who gave a low score tells.
AMONG_DETRACTORS: Final = ("detractor_share", "detractor_low", "detractor_high", "detractors_of")
PLACES_AT: Final[tuple[Level, ...]] = ("region", "culture", "language", "touchpoint", "segment")


@dataclass(frozen=True)
class Week:
    """Answers and complaints of this week, the same for every share: everybody's, by group, by theme."""

    everyone: Tally
    groups: Mapping[Level, Mapping[str, Tally]]
    complaints: Counts | None = None
    # Groups that are not compared with others, by level.
    apart: Mapping[Level, Collection[str]] = field(default_factory=dict)
    kept: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)

    def answers(self, level: Level, group: str) -> int:
        """How many of a group answered."""
        tally = self.groups[level].get(group)
        return tally.responses if tally else 0

    def themes(self) -> tuple[str, ...]:
        """What anybody complained about."""
        return self.complaints.column("theme").values if self.complaints else ()

    def people(self, theme: str, level: Level) -> dict[str, int]:
        """Who complains about a theme, by group."""
        return self._counted(level).get(theme, {})

    def detractors(self, theme: str) -> int:
        """How many of them are detractors."""
        return self._counted("band").get(theme, {}).get("detractor", 0)

    def others(self, theme: str) -> int:
        """How many of them are not."""
        return sum(self._counted("band").get(theme, {}).values()) - self.detractors(theme)

    def _counted(self, by: str) -> dict[str, dict[str, int]]:
        if self.complaints is None:
            return {}
        if by not in self.kept:
            table = self.complaints.table("theme", by)[:, :, 0]
            themes, groups = self.complaints.column("theme").values, self.complaints.column(by).values
            self.kept[by] = {
                theme: {groups[at]: int(table[row, at]) for at in np.flatnonzero(table[row])}
                for row, theme in enumerate(themes)
            }
        return self.kept[by]


@dataclass(frozen=True)
class Setting:
    """What pain points are seen against: all of this week, those of its answers that can be compared, what is hidden.

    What is shown of this week is taken of all answers, what is compared with other places of those that can be compared
    (guard.py): a share never takes its people from one and its answers from the other.
    """

    k: int
    weeks: int
    now: Week
    compared: Week
    hidden: Mapping[Level, frozenset[str]]
    nps: Mapping[str, BandCounts] = field(default_factory=dict)
    seed: int = 0
    # Themes of groups that are not told.
    untold: Collection[ThemeCell] = ()
    # Themes of which it is not told how many gave a low score.
    low_untold: Collection[str] = ()


def pain_points(setting: Setting, cells: list[Cell], family: Family) -> list[Figures]:
    """All themes that enough people complained about, the worst first."""
    found = [pain_point(cell, setting, family) for cell in cells if cell.now[0] >= setting.k]
    worst = sorted(found, key=lambda pain: (-pain["priority"], -pain["now"]["x"], pain["theme"]))
    return [pain | dict.fromkeys(_untold(pain, setting)) for pain in worst]


def _untold(pain: Figures, setting: Setting) -> tuple[str, ...]:
    """What would tell how a few people answered; it has put the themes in their order already.

    People less detractors are those who complain without a low score: a few of these are a few people, too. Counts are whole
    numbers: out of a priority beside its detractors the answers of under ten people can be solved.
    """
    sides = pain["detractors"], setting.now.others(pain["theme"])
    if pain["theme"] in setting.low_untold or any(suppressed_metric(side, setting.k) for side in sides):
        return ("detractors", *AMONG_DETRACTORS, "priority")
    has_score = setting.now.everyone.bands("nps").n > 0
    return ("priority",) if has_score and pain["impact"] is None else ()


def pain_point(cell: Cell, setting: Setting, family: Family) -> Figures:
    """One theme: its share of the answers, how that moved, what it costs, where it stands out."""
    people, n = cell.now
    before, base_n = cell.before
    detractors, low_band = setting.now.detractors(cell.code), setting.now.everyone.low
    weeks = cell.change["weeks"]
    share = 100 * before / base_n if base_n and weeks else None
    return {
        "theme": cell.code,
        "pain_point": None,
        "kind": cell.kind,
        "now": share_figures(people, n),
        "before": {"x": before, "n": base_n, "weeks": weeks, "share": share},
        "change": cell.change,
        "since": since(cell),
        "detractors": detractors,
        **_among_detractors(detractors, low_band),
        "impact": impact_of(
            cell.code, setting.now.everyone.bands("nps"), setting.nps.get(cell.code), setting.seed
        ),
        "priority": priority(cell.code, setting),
        "places": [place for level in PLACES_AT for place in _places(cell, setting, level, family)],
        "by_region": _by_region(cell.code, setting),
        # Editions of everybody's week have them (heat.py).
        "weeks": [],
    }


def _among_detractors(detractors: int, of: int) -> Figures:
    if not of:
        return dict.fromkeys(AMONG_DETRACTORS)
    found = share_figures(min(detractors, of), of)
    told = (found["share"], found["low"], found["high"], of)
    return dict(zip(AMONG_DETRACTORS, told, strict=True))


def since(cell: Cell) -> int | None:
    """How many weeks ago a share went above what it is over all weeks looked at, and stayed there; None when it is not."""
    x, n = (sum(week[part] for week in cell.weekly) for part in (0, 1))
    usual = x / n if n else 0.0
    ago = None
    for at, (hits, answers) in enumerate(cell.weekly):
        if not answers or hits / answers <= usual:
            break
        ago = at
    return ago


def priority(code: str, setting: Setting) -> float:
    """Detractor mentions times how far the theme's NPS, shrunk towards all, lies below that of all (7.2).

    A theme named by people happier than most is no pain, however many they are: 0. Without NPS, detractors count.
    """
    everyone, detractors = setting.now.everyone.bands("nps"), setting.now.detractors(code)
    if everyone.n == 0:
        return float(detractors)
    answers = setting.nps.get(code)
    if answers is None or answers.n == 0:
        return 0.0
    score = shrink(answers.score, answers.n, towards=everyone.score, k=SHRINK_TOWARDS)
    return detractors * max(0.0, everyone.score - score)


def _places(cell: Cell, setting: Setting, level: Level, family: Family) -> list[Figures]:
    """Groups that could stand out: enough answers here and elsewhere, enough complaints; judged with the family."""
    compared, people = setting.compared, cell.now[0]
    no_place = NOT_A_PLACE | setting.hidden[level] | frozenset(compared.apart.get(level, ()))
    tested: list[Figures] = []
    for group, x in sorted(compared.people(cell.code, level).items()):
        here = compared.answers(level, group)
        elsewhere = compared.everyone.responses - here
        if (
            group in no_place
            or x < max(LEAST_COUNT, setting.k)
            or (level, group, cell.code) in setting.untold
        ):
            continue
        if (
            here < NOW_AT_LEAST
            or elsewhere < BASE_AT_LEAST
            or _tells_the_rest(cell, x, setting, level, group)
        ):
            continue
        share, rest = Share(min(x, here), here), Share(min(max(people - x, 0), elsewhere), elsewhere)
        more = share.value - rest.value >= LEAST_POINTS or share.value >= LEAST_RATIO * rest.value
        difference = share_difference(share, rest)
        change = judged(
            "elsewhere", 0, (here, elsewhere), difference, enough=more and share.value > rest.value
        )
        tested.append(
            {
                "level": level,
                "group": group,
                "x": x,
                "n": here,
                "share": 100 * share.value,
                "elsewhere": 100 * rest.value,
                "change": family.add_place(level, change),
            }
        )
    return tested


def _tells_the_rest(cell: Cell, x: int, setting: Setting, level: Level, group: str) -> bool:
    """Whether what is compared, taken from all that is shown of a group, would leave a few people."""
    more = setting.now.people(cell.code, level).get(group, 0) - x
    answers = setting.now.answers(level, group) - setting.compared.answers(level, group)
    return suppressed_metric(max(more, 0), setting.k) or suppressed_metric(max(answers, 0), setting.k)


def _by_region(code: str, setting: Setting) -> list[Figures]:
    """Every region of enough answers, also those whose share is not told."""
    people = setting.now.people(code, "region")
    return [
        {
            "group": region,
            "theme": code,
            "suppressed": (is_hidden := ("region", region, code) in setting.untold),
            **(
                {**dict.fromkeys(("x", "share", "low", "high")), "n": tally.responses}
                if is_hidden
                else share_figures(min(people.get(region, 0), tally.responses), tally.responses)
            ),
        }
        for region, tally in sorted(setting.now.groups["region"].items())
        if region not in setting.hidden["region"] and tally.responses >= NOW_AT_LEAST
    ]


def group_themes(level: Level, group: str, setting: Setting, cells: list[Cell]) -> list[Figures]:
    """The three most frequent complaints of a group that at least k people share and that may be told, with their badges."""
    if group in NOT_A_PLACE:
        return []
    n = setting.now.answers(level, group)
    people = {code: setting.now.people(code, level).get(group, 0) for code in setting.now.themes()}
    changes = {cell.code: cell for cell in cells if cell.group == group}
    most = sorted(
        (-x, code)
        for code, x in people.items()
        if x >= setting.k and code not in NOT_A_PAIN and (level, group, code) not in setting.untold
    )
    return [
        {
            "theme": code,
            **share_figures(min(-x, n), n),
            "q": changes[code].change["q"] if code in changes else None,
            "badge": badge(changes[code].kind, changes[code].change) if code in changes else None,
        }
        for x, code in most[:TOP]
    ]


def badge(kind: str, change: Figures) -> str | None:
    """What a theme is marked with: only an alert is."""
    return kind if change["flag"] == "alert" else None


def share_figures(x: int, n: int) -> dict[str, Any]:
    """A share in percent with its interval and what it is made of."""
    low, high = wilson(Share(x, n))
    return {"x": x, "n": n, "share": 100 * x / n, "low": 100 * low, "high": 100 * high}
