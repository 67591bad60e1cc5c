"""Pain points of a week: which themes hurt, where, how much, and how that moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from surveys.chance import BASE_AT_LEAST, NOW_AT_LEAST, impact, shrink, wilson
from surveys.digests.compare import (
    LEAST_COUNT,
    LEAST_POINTS,
    LEAST_RATIO,
    Family,
    Figures,
    judged,
    share_change,
    share_difference,
)
from surveys.digests.tally import Tally
from surveys.digests.themes import ThemeCount
from surveys.tallies import BandCounts, Share

IMPACT_AT_LEAST: Final = 10
SHRINK_TOWARDS: Final = 30
PLACES_SHOWN: Final = 3
# `other` is no pain point: nobody can act on it.
NOT_A_PAIN: Final = frozenset({"other"})


@dataclass(frozen=True)
class Counted:
    """What pain points are made from: complaints now and before, answers now and before, who is where."""

    now: Mapping[str, ThemeCount]
    before: Mapping[str, int]
    nps: Mapping[str, BandCounts]
    everyone: Tally
    base: Tally
    weeks: int
    regions: Mapping[str, Tally]
    shown_regions: frozenset[str]


def pain_points(counted: Counted, family: Family, k: int) -> list[Figures]:
    """All themes that enough people complained about, the worst first."""
    found = [
        pain_point(code, theme, counted, family)
        for code, theme in counted.now.items()
        if theme.people >= k and code not in NOT_A_PAIN
    ]
    return sorted(found, key=lambda pain: (-pain["priority"], -pain["now"]["x"], pain["theme"]))


def pain_point(code: str, theme: ThemeCount, counted: Counted, family: Family) -> Figures:
    """One theme: its share of the answers, how that moved, what it costs, where it stands out."""
    n, base_n = counted.everyone.responses, counted.base.responses
    people = min(theme.people, n)
    before = min(counted.before.get(code, 0), base_n)
    low, high = wilson(Share(people, n))
    change = share_change("weeks_before", counted.weeks, (people, n), (before, base_n))
    low_band = counted.everyone.low
    return {
        "theme": code,
        "now": {"x": people, "n": n, "share": 100 * people / n, "low": 100 * low, "high": 100 * high},
        "before": {
            "x": before,
            "n": base_n,
            "weeks": counted.weeks,
            "share": 100 * before / base_n if base_n and counted.weeks else None,
        },
        "change": family.add("all", change),
        "detractors": theme.detractors,
        "detractor_share": 100 * min(theme.detractors, low_band) / low_band if low_band else None,
        "impact": _impact(code, counted),
        "priority": _priority(code, theme, counted),
        "places": _places(theme, counted, family),
        "by_region": [
            {
                "group": region,
                **_share_row(code, min(theme.regions[region], tally.responses), tally.responses),
            }
            for region, tally in sorted(counted.regions.items())
            if region in counted.shown_regions and tally.responses >= NOW_AT_LEAST
        ],
    }


def _impact(code: str, counted: Counted) -> Figures | None:
    """Points of NPS that go with the theme (leave-one-out), from ten answers on."""
    theme, everyone = counted.nps.get(code), counted.everyone.bands("nps")
    if theme is None or theme.n < IMPACT_AT_LEAST:
        return None
    found = impact(everyone, theme)
    return {"n": found.n, "score": found.score, "without": found.without, "points": found.points}


def _priority(code: str, theme: ThemeCount, counted: Counted) -> float:
    """Detractor mentions times how far the theme's NPS, shrunk towards all, lies below that of all (7.2).

    A theme named by people happier than most is no pain, however many they are: 0. Without NPS, detractors count.
    """
    everyone = counted.everyone.bands("nps")
    if everyone.n == 0:
        return float(theme.detractors)
    answers = counted.nps.get(code)
    if answers is None or answers.n == 0:
        return 0.0
    score = shrink(answers.score, answers.n, towards=everyone.score, k=SHRINK_TOWARDS)
    return theme.detractors * max(0.0, everyone.score - score)


def _places(theme: ThemeCount, counted: Counted, family: Family) -> list[Figures]:
    """Regions that could stand out: enough answers here and elsewhere, enough complaints; judged with the family."""
    tested: list[Figures] = []
    for code in sorted(counted.shown_regions):
        here, everywhere = counted.regions[code].responses, counted.everyone.responses
        x, elsewhere = theme.regions[code], everywhere - here
        if code == "unknown" or x < LEAST_COUNT or here < NOW_AT_LEAST or elsewhere < BASE_AT_LEAST:
            continue
        share, rest = Share(min(x, here), here), Share(min(theme.people - x, elsewhere), elsewhere)
        more = share.value - rest.value >= LEAST_POINTS or share.value >= LEAST_RATIO * rest.value
        change = judged(
            "elsewhere",
            0,
            (here, elsewhere),
            share_difference(share, rest),
            enough=more and share.value > rest.value,
        )
        tested.append(
            {
                "level": "region",
                "group": code,
                "x": x,
                "n": here,
                "share": 100 * share.value,
                "elsewhere": 100 * rest.value,
                "change": family.add("region", change),
            }
        )
    return tested


def standing_out(pain: Figures) -> list[Figures]:
    """The regions where a theme is clearly more frequent than elsewhere, the strongest first; after judging."""
    clear = [place for place in pain["places"] if place["change"]["arrow"] == "up"]
    return sorted(clear, key=lambda place: (-place["change"]["delta"], place["group"]))[:PLACES_SHOWN]


def region_themes(code: str, n: int, counted: Counted, k: int) -> list[Figures]:
    """The three most frequent complaints of a region that at least k people share."""
    x_of = {name: theme.regions[code] for name, theme in counted.now.items() if name not in NOT_A_PAIN}
    top = sorted(((-x, name) for name, x in x_of.items() if x >= k))[:3]
    return [_share_row(name, min(-x, n), n) for x, name in top]


def _share_row(theme: str, x: int, n: int) -> dict[str, Any]:
    low, high = wilson(Share(x, n))
    return {"theme": theme, "x": x, "n": n, "share": 100 * x / n, "low": 100 * low, "high": 100 * high}
