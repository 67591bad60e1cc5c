"""Simulated worlds: what an edition says of planted effects, and how often it cries wolf when nothing is planted.

Worlds are drawn (drawing.py) and judged by the code that judges an edition (surveys/digests/judge.py); only the reading of
the database is left out. Copies of posts and loud authors are the database's business, so those worlds go through it
(posts.py), as many of them.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from surveys.digests.judge import judged_figures
from tests.bench import posts
from tests.bench.drawing import THEMES, World, at, quiet, snapshot, tilt
from tests.bench.row import Row

Figures = dict[str, Any]

WORLDS: Final = 200
FOUND_AT_LEAST, FALSE_AT_MOST = 0.9, 0.05


def alerts(figures: Figures) -> list[tuple[str, ...]]:
    """Every arrow, alert and badge."""
    found: list[tuple[str, ...]] = [
        ("tile", name, key)
        for name, tile in figures["tiles"].items()
        for key in ("change", "change_last_week")
        if tile.get(key, {}).get("arrow") in ("up", "down")
    ]
    found += [_said(finding) for finding in figures["findings"] if finding["flag"] == "alert"]
    found += [("culture", row["group"]) for row in figures["cultures"] if row["arrow"] in ("up", "down")]
    return found


def watched(figures: Figures) -> bool:
    """Whether anything is on the watch list."""
    return any(finding["flag"] == "watch" for finding in figures["findings"])


def _said(finding: Figures) -> tuple[str, ...]:
    return (finding["kind"], finding["level"], finding["group"], finding["theme"] or finding["metric"] or "")


# Worlds with something planted: how it is planted, and whether an edition reads it rightly


def jump(seed: int, *, points: float = 0.1) -> World:
    """In the Baltic countries and Sweden, complaints about returns rise by ten points in the latest week."""
    world = quiet(seed)
    world.rates[0, at("LV", "LT", "EE", "SE"), THEMES.index("returns_refunds")] += points
    return world


def found_jump(figures: Figures) -> bool:
    return ("rising", "region", "154", "returns_refunds") in alerts(figures)


def new_issue(seed: int) -> World:
    """A theme that nobody named is named by three in a hundred."""
    world = quiet(seed)
    theme = THEMES.index("account_security")
    world.rates[:, :, theme] = 0.0001
    world.rates[0, :, theme] = 0.03
    return world


def found_new(figures: Figures) -> bool:
    return ("new", "all", "all", "account_security") in alerts(figures)


def drop(seed: int) -> World:
    """NPS of the Germanic countries falls by some forty points."""
    world = quiet(seed)
    world.scores["nps"][0, at("DE", "NL")] = tilt(world.scores["nps"][0, at("DE", "NL")], -3.5)
    return world


def found_drop(figures: Figures) -> bool:
    return any(row["group"] == "germanic-europe" and row["arrow"] == "down" for row in figures["cultures"])


def low_culture(seed: int) -> World:
    """East Asia gives low scores, and always has."""
    world = quiet(seed)
    world.scores["nps"][:, at("JP", "KR")] = tilt(world.scores["nps"][:, at("JP", "KR")], -4.0)
    return world


def read_low_culture(figures: Figures) -> bool:
    said = [each for each in alerts(figures) if "confucian-asia" in each or "030" in each]
    row = next(row for row in figures["cultures"] if row["group"] == "confucian-asia")
    return not said and row["status"] != "suppressed"


def new_wording(seed: int) -> World:
    """Two weeks ago the NPS question was put in other words, and scores rose by some twenty points."""
    world = quiet(seed)
    world.wording[:3] = 2
    world.scores["nps"][:3] = tilt(world.scores["nps"][:3], 1.5)
    return world


def read_wording(figures: Figures) -> bool:
    change = figures["tiles"]["nps"]["change"]
    said = [each for each in alerts(figures) if "nps" in each]
    return change["reason"] == "wording" and change["arrow"] == "too_few" and not said


def season(seed: int) -> World:
    """Over two weeks the volume doubles everywhere, in the Americas threefold; nobody thinks otherwise."""
    world = quiet(seed)
    world.volume[:2] *= 2
    world.volume[:2, at("US", "BR", "MX")] *= 1.5
    return world


def read_season(figures: Figures) -> bool:
    return all(each[:2] == ("tile", "responses") for each in alerts(figures))


def tiny(seed: int) -> World:
    """Four people in Brazil and Mexico, all furious about delivery."""
    world = quiet(seed)
    here = at("BR", "MX")
    world.volume[:, here] = 1.5
    world.scores["nps"][0, here] = tilt(world.scores["nps"][0, here], -20)
    world.rates[0, here, 0] = 0.9
    return world


def read_tiny(figures: Figures) -> bool:
    shown = [
        row
        for row in (*figures["regions"], *figures["cultures"])
        if row["group"] in ("005", "013", "latin-america")
    ]
    few = all(row["suppressed"] or row["responses"] >= 5 for row in shown)
    return few and not [each for each in alerts(figures) if {"005", "013", "latin-america"} & set(each)]


@dataclass(frozen=True)
class Kind:
    """A kind of world: how it is made, and whether its edition is right."""

    name: str
    make: Callable[[int], World]
    right: Callable[[Figures], bool]


PLANTED: Final = (
    Kind("jump in one region", jump, found_jump),
    Kind("new issue", new_issue, found_new),
    Kind("fall in one culture", drop, found_drop),
    Kind("steady low culture", low_culture, read_low_culture),
    Kind("new wording", new_wording, read_wording),
    Kind("seasonal volume", season, read_season),
    Kind("tiny region", tiny, read_tiny),
)


def _calm(figures: Figures) -> bool:
    return not alerts(figures)


QUIET: Final = (
    Kind("quiet, Poisson", quiet, _calm),
    Kind("quiet, overdispersed", partial(quiet, overdispersed=True), _calm),
)


def edition_of(kind: Kind, seed: int) -> Figures:
    """The figures of one world."""
    return judged_figures(snapshot(kind.make(seed)))


def _one(place: int, seed: int) -> tuple[bool, bool]:
    """Whether the edition of a world is right, and whether anything is on its watch list."""
    kind = KINDS[place]
    figures = edition_of(kind, seed)
    return kind.right(figures), watched(figures)


def shares(place: int, worlds: int, pool: ProcessPoolExecutor) -> tuple[float, float]:
    """In what share of worlds the edition is right, and in what share something is on the watch list."""
    read = list(pool.map(partial(_one, place), range(worlds), chunksize=5))
    return sum(right for right, _watch in read) / worlds, sum(watch for _right, watch in read) / worlds


KINDS: Final = (*PLANTED, *QUIET)


def measure(home: Path) -> Iterator[Row]:
    """A row for each kind of world."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for place, kind in enumerate(KINDS):
            right, watch = shares(place, WORLDS, pool)
            beside = f"watch list beside it in {watch:.1%}"
            if kind in QUIET:
                what = f"worlds: {kind.name}: editions with any arrow, alert or badge ({beside})"
                yield Row(what, f"≤ {FALSE_AT_MOST:.0%}", f"{1 - right:.1%}", 1 - right <= FALSE_AT_MOST)
            else:
                what = f"worlds: {kind.name}: read rightly ({beside})"
                yield Row(what, f"≥ {FOUND_AT_LEAST:.0%}", f"{right:.1%}", right >= FOUND_AT_LEAST)
    yield from posts.measure(home)
