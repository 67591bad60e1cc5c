"""Where a theme stands out: nobody is named twice."""

from typing import Any

import numpy as np

from surveys.digests.snapshot import Counts, column
from surveys.digests.standing import standing_out

# Who complains: theme, language, touchpoint, segment, how many.
PEOPLE: list[tuple[str, str, str, str, int]] = [
    ("delivery", "ar", "store", "new", 11),
    ("delivery", "tr", "store", "new", 7),
    ("delivery", "lv", "app", "loyal", 4),
    ("delivery", "lv", "store", "loyal", 5),
    ("usability", "lv", "store", "new", 40),
]
LEVELS = ("theme", "language", "touchpoint", "segment")


def complaints() -> Counts:
    columns = {name: column([str(row[at]) for row in PEOPLE]) for at, name in enumerate(LEVELS)}
    n = np.array([row[-1] for row in PEOPLE], np.int64)
    return Counts(np.zeros(len(n), np.int64), n, {str(name): each for name, each in columns.items()})


def place(level: str, group: str, x: int, q: float, arrow: str = "up") -> dict[str, Any]:
    return {
        "level": level, "group": group, "x": x, "n": 5 * x, "elsewhere": 2.0,
        "change": {"arrow": arrow, "q": q, "delta": 10.0},
    }  # fmt: skip


def told(*places: dict[str, Any], k: int = 5) -> list[str]:
    pain = {"theme": "delivery", "places": list(places)}
    return [each["group"] for each in standing_out(pain, complaints(), k)]


def test_the_surer_of_two_groups_of_the_same_people_is_named() -> None:
    store, arabic = place("touchpoint", "store", 23, 0.001), place("language", "ar", 11, 0.002)
    assert told(arabic, store) == ["store"]
    assert told(store, arabic | {"change": {"arrow": "up", "q": 0.0001, "delta": 1.0}}) == ["ar", "store"]


def test_groups_of_other_people_are_all_named() -> None:
    languages = [place("language", code, x, 0.01) for code, x in (("ar", 11), ("tr", 7), ("lv", 9))]
    assert told(*languages) == ["ar", "tr", "lv"]
    # Five of nine are in the store: more than half, and k.
    assert told(place("touchpoint", "store", 23, 0.001), languages[2]) == ["store"]
    assert told(place("touchpoint", "store", 23, 0.001), languages[2], k=6) == ["store", "lv"]


def test_a_group_that_is_not_clear_is_not_named() -> None:
    assert told(place("language", "ar", 11, 0.2, "none")) == []
    assert standing_out({"theme": "delivery", "places": []}, None, 5) == []


def test_the_very_same_people_are_told_by_the_first_level() -> None:
    language, segment = place("language", "tr", 18, 0.01), place("segment", "new", 18, 0.001)
    assert told(language, segment) == ["tr"]
