"""Every q of an edition, made again from its JSON alone as docs/digest.md says."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bench.worlds import PLANTED, edition_of
from tests.surveys.digests.test_json import busy

ROWS = {
    "continents": "continent",
    "regions": "region",
    "cultures": "culture",
    "languages": "language",
    "touchpoints": "touchpoint",
    "segments": "segment",
}


def changes(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Whatever has a q and what it is made of, with its level."""
    for tile in found["tiles"].values():
        yield from (("all", tile[name]) for name in ("change", "change_last_week") if name in tile)
    for finding in found["findings"]:
        yield finding["level"], finding
    for name, level in ROWS.items():
        yield from ((level, row["change"]) for row in found[name])
    for pain in found["pain_points"]:
        yield "all", pain["change"]
        yield from (("all", point["change"]) for point in pain["points"])
        yield from ((place["level"], place["change"]) for place in pain["places"])
    yield from (("all", decision["change"]) for decision in found["decisions"])


def remade(level: str, change: dict[str, Any], least: list[float]) -> float:
    if change["against"] == "elsewhere":
        return float(change["q_joint"])
    if level == "country":
        return float(change["q_level"])
    levels = len(least)
    s = [min(least[r - 1] * levels / r for r in range(rank, levels + 1)) for rank in range(1, levels + 1)]
    over = (max(s[rank - 1], change["q_level"] * levels / rank) for rank in range(1, levels + 1))
    return float(max(change["q_joint"], min(1.0, *over)))


def check(found: dict[str, Any]) -> int:
    found = json.loads(json.dumps(found))
    least = sorted(each["least"] for each in found["families"])
    told = [each for each in changes(found) if each[1]["q"] is not None and each[1]["wide"] is not None]
    for level, change in told:
        assert change["q"] == pytest.approx(remade(level, change, least), abs=1e-12), (level, change)
    for level in {level for level, _change in told}:
        # Benjamini and Hochberg keep the order, and lift each p.
        tested = [each for at, each in told if at == level and each["q_level"] is not None]
        by_p = [each["q_level"] for each in sorted(tested, key=lambda each: (each["wide"], each["q_level"]))]
        assert by_p == sorted(by_p)
        assert all(each["q_level"] >= each["wide"] for each in tested)
        if level != "country" and tested:
            (said,) = [each["least"] for each in found["families"] if each["level"] == level]
            assert said <= min(by_p)
    return len(told)


@pytest.mark.parametrize("place", range(3))
def test_every_q_of_a_planted_world(place: int) -> None:
    assert check(edition_of(PLANTED[place], 7)) > 40


async def test_every_q_of_an_edition_of_the_database(database: None) -> None:
    assert check(await busy()) > 0
