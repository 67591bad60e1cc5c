"""What an edition tells of a theme by group, taken together as linear sums: no few people are told apart."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from surveys.digests.build import figures
from surveys.digests.gather import answer_counts, complaint_counts
from surveys.digests.judge import ROWS, judged_figures
from surveys.digests.render import document
from surveys.digests.snapshot import Counts, Snapshot
from surveys.digests.weekly import WeeklyAnswer, WeeklyComplaint
from surveys.weeks import Week
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

K = 5
PLACES = ("LV", "SE", "DE", "FR", "GB", "US", "JP", None)


def snapshot(complaints: list[WeeklyComplaint], theme: str | None = None) -> Snapshot:
    answers = [
        WeeklyAnswer(0, 1, 1, "nps", 9, None, country, "en", language, touch, None, 60)
        for country in PLACES
        for language in ("en", "lv")
        for touch in ("web", None)
    ]
    return Snapshot(
        Week.parse("2026-W40"), "Europe/Riga", K, True, 0, answer_counts(answers),
        complaint_counts(complaints), theme=theme,
    )  # fmt: skip


def world(seed: int) -> list[WeeklyComplaint]:
    """A few complaints here and many there."""
    lot = np.random.default_rng(seed)
    return [
        WeeklyComplaint(
            0, theme, None, "detractor", 1, 1, country, "en", str(lot.choice(["en", "lv"])),
            [None, "web"][int(lot.integers(2))], None, n,
        )
        for theme in ("delivery", "price")
        for country in PLACES
        if (n := int(lot.choice([0, 1, 2, 4, 6, 9, 30])))
    ]  # fmt: skip


def numbers(found: dict[str, Any], theme: str) -> Iterator[tuple[str, str, int]]:
    """Every number of people that an edition tells of a theme: level, group, people."""
    for name, level in ROWS.items():
        for row in found[name]:
            yield from ((level, row["group"], each["x"]) for each in row["themes"] if each["theme"] == theme)
    for pain in (pain for pain in found["pain_points"] if pain["theme"] == theme):
        yield "all", "all", pain["now"]["x"]
        yield from (
            ("region", each["group"], each["x"]) for each in pain["by_region"] if not each["suppressed"]
        )
        yield from ((each["level"], each["group"], each["x"]) for each in pain["places"])
    for level in ("region", "culture", "language", "touchpoint"):
        rows = found["theme"][f"{level}s"]
        yield from ((level, row["group"], row["x"]) for row in rows if not row["suppressed"])


def told(found: dict[str, Any], counted: Counts, theme: str, levels: tuple[str, ...]) -> np.ndarray:
    """The complaints behind each of them at some levels, as rows of those counted."""
    sets = []
    for level, group, x in numbers(found, theme):
        kept = counted.of("theme", theme) & counted.of(level, group)
        assert counted.n[kept].sum() == x
        assert x == 0 or x >= K
        if level in ("all", *levels):
            sets.append(kept)
    return np.array(sets, np.float64).reshape(len(sets), len(counted.n))


@pytest.mark.parametrize("theme", ["delivery", "price"])
@pytest.mark.parametrize("seed", range(20))
def test_no_few_people_are_told_apart(seed: int, theme: str) -> None:
    """Every sum of complaints of 1 to k - 1 people, tried against all sums of what is shown."""
    one = snapshot(world(seed), theme)
    counted, found = one.complaints, judged_figures(one)
    at = np.flatnonzero(counted.of("theme", theme))
    n = counted.n[at]
    for levels in (("continent", "region", "culture"), ("language",), ("touchpoint",)):
        shown = told(found, counted, theme, levels)[:, at]
        rank = np.linalg.matrix_rank(shown) if len(shown) else 0
        for size in range(1, K):
            for some in combinations(np.flatnonzero(n < K), size):
                if n[list(some)].sum() < K:
                    secret = np.zeros((1, len(at)))
                    secret[0, list(some)] = 1
                    assert np.linalg.matrix_rank(np.vstack([shown, secret])) > rank


def region(found: dict[str, Any], code: str) -> dict[str, Any]:
    (pain,) = found["pain_points"]
    (one,) = [each for each in pain["by_region"] if each["group"] == code]
    return {key: one[key] for key in ("x", "n", "share", "suppressed")}


async def complaints(**people: int) -> dict[str, Any]:
    for country, x in people.items():
        await many("nps", {9: 40 - x}, country=country)
        for number in range(x):
            await answer("nps", 1, country=country, text=f"Kavējas {number}", themes=["delivery"])
    return await figures(WEEK, await organisation(), at=AT)


async def test_a_few_take_the_smallest_other_region_with_them(database: None) -> None:
    found = await complaints(LV=12, DE=6, JP=2, BR=0)
    hidden = {"x": None, "n": 40, "share": None, "suppressed": True}
    assert region(found, "154") == {"x": 12, "n": 40, "share": 30.0, "suppressed": False}
    # All themes less Northern Europe and Western Europe would be the two of Japan.
    assert region(found, "155") == region(found, "030") == hidden
    assert region(found, "005") == {"x": 0, "n": 40, "share": 0.0, "suppressed": False}
    themes = {row["group"]: [each["x"] for each in row["themes"]] for row in found["regions"]}
    assert themes == {"154": [12], "155": [], "030": [], "005": []}
    (pain,) = found["pain_points"]
    links = {each["group"]: each["link"] is None for each in pain["by_region"]}
    assert links == {"154": False, "155": True, "030": True, "005": False}
    html = document({"figures": found, "organisation": {"name": "Maize"}, "locale": "en"})
    # Neither has a share to show in the small charts.
    assert "Regions of which no share may be shown are left out." in html


async def test_nothing_is_hidden_where_there_are_enough(database: None) -> None:
    found = await complaints(LV=12, DE=6, JP=5)
    assert [region(found, code)["x"] for code in ("154", "155", "030")] == [12, 6, 5]
    html = document({"figures": found, "organisation": {"name": "Maize"}, "locale": "en"})
    assert "A dash stands" not in html
    # Beside the answers of each region and culture, those to the question of its NPS.
    assert len(re.findall("n\\s=\\s40", html)) == 6
