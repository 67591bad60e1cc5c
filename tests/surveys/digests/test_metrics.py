"""The metrics of a week by group: the textbook's vectors, small groups hidden with what would reveal them."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from surveys.digests.metrics import grouping, metric_hidden, metrics
from surveys.errors import Refused
from surveys.responses.models import Response
from tests.surveys.digests.week import WEEK, answer, many

RIGA = ZoneInfo("Europe/Riga")
NOTHING = {
    "nps": dict.fromkeys(("n", "score", "low", "high", "promoters", "passives", "detractors")),
    "csat": dict.fromkeys(("n", "percent", "low", "high", "mean")),
    "ces": dict.fromkeys(("n", "mean", "low", "high", "top3_percent")),
    "exit": dict.fromkeys(("n", "reasons")),
}


async def test_the_textbooks_figures(database: None) -> None:
    for score in (10, 9, 9, 8, 7, 7, 6, 5, 10, 0):
        await answer("nps", score)
    await many("csat", {5: 40, 4: 35, 3: 15, 2: 6, 1: 4})
    await many("ces", {7: 30, 6: 25, 5: 20, 4: 10, 3: 8, 2: 4, 1: 3})
    for reason in ("price_too_high", "price_too_high", "payment_failed", "other", "ethics"):
        await answer("exit", reason)
    (row,) = await metrics(WEEK, "all", zone=RIGA, k=5)
    assert row["nps"] == {
        "n": 10, "score": 10.0, "low": pytest.approx(-36.0639, abs=1e-4), "high": pytest.approx(51.4486, abs=1e-4),
        "promoters": 4, "passives": 3, "detractors": 3,
    }  # fmt: skip
    assert row["csat"] == {
        "n": 100, "percent": 75.0, "low": pytest.approx(65.6957, abs=1e-3), "high": pytest.approx(82.4548, abs=1e-3),
        "mean": pytest.approx(4.01),
    }  # fmt: skip
    assert (row["ces"]["n"], row["ces"]["mean"], row["ces"]["top3_percent"]) == (100, 5.35, 75.0)
    assert row["exit"] == {
        "n": 5,
        "reasons": {"ethics": 1, "other": 1, "payment_failed": 1, "price_too_high": 2},
    }
    assert {key: row[key] for key in ("group", "name", "responses", "suppressed")} == {
        "group": "all", "name": "Everyone", "responses": 215, "suppressed": False,
    }  # fmt: skip


async def test_nobody_answered(database: None) -> None:
    (row,) = await metrics(WEEK, "all", zone=RIGA, k=5)
    assert row == {
        "group": "all",
        "name": "Everyone",
        "responses": 0,
        "suppressed": False,
        "nps": {
            "n": 0,
            "score": None,
            "low": None,
            "high": None,
            "promoters": 0,
            "passives": 0,
            "detractors": 0,
        },
        "csat": {"n": 0, "percent": None, "low": None, "high": None, "mean": None},
        "ces": {"n": 0, "mean": None, "low": None, "high": None, "top3_percent": None},
        "exit": {"n": 0, "reasons": {}},
    }
    assert await metrics(WEEK, "region", zone=RIGA, k=5) == []


async def test_the_week_is_that_of_the_organisation(database: None) -> None:
    late = await answer("nps", 9)
    # Sunday 22:30 in UTC is Monday 01:30 in Riga.
    await Response.filter(id=late.id).update(submitted_at=datetime(2026, 10, 4, 22, 30, tzinfo=UTC))
    (riga,) = await metrics(WEEK, "all", zone=RIGA, k=1)
    (utc,) = await metrics(WEEK, "all", zone=ZoneInfo("UTC"), k=1)
    assert (riga["responses"], utc["responses"]) == (0, 1)


async def test_groups_by_every_key(database: None) -> None:
    for country, locale in (
        ("LV", "lv"),
        ("JP", "ja"),
        ("AQ", "en"),
        (None, "lt"),
        ("CH", "fr"),
        ("CH", "de"),
    ):
        await answer("nps", 9, country=country, locale=locale)
    await answer("nps", 3, country="NA", locale=None, text="?", language="und")

    async def groups(by: str) -> dict[str, tuple[str, int]]:
        rows = await metrics(WEEK, grouping(by), zone=RIGA, k=1)
        return {row["group"]: (row["name"], row["responses"]) for row in rows}

    assert await groups("continent") == {
        "002": ("Africa", 1), "142": ("Asia", 1), "150": ("Europe", 3), "unknown": ("Unknown region", 2),
    }  # fmt: skip
    assert list(await groups("region")) == ["018", "030", "154", "155", "unknown"]
    assert list(await groups("country")) == ["AQ", "CH", "JP", "LV", "NA", "unknown"]
    assert await groups("culture") == {
        "confucian-asia": ("Confucian Asia", 1),
        "eastern-europe": ("Eastern Europe", 1),
        "germanic-europe": ("Germanic Europe", 1),
        "latin-europe": ("Latin Europe", 1),
        "sub-saharan-africa": ("Sub-Saharan Africa", 1),
        "unassigned": ("Unassigned", 1),
        "unknown": ("Unknown", 1),
    }
    assert list(await groups("language")) == ["de", "en", "fr", "ja", "lt", "lv", "und"]


async def test_a_small_group_and_what_would_reveal_it_are_hidden(database: None) -> None:
    await many("nps", {9: 20}, country="LV")
    await many("nps", {9: 6}, country="DE")
    await many("nps", {9: 2}, country="JP")
    rows = {row["group"]: row for row in await metrics(WEEK, "region", zone=RIGA, k=5)}
    assert [code for code, row in rows.items() if row["suppressed"]] == ["030", "155"]
    assert rows["030"] == {
        "group": "030", "name": "Eastern Asia", "responses": None, "suppressed": True, **NOTHING,
    }  # fmt: skip
    assert rows["154"]["nps"]["n"] == 20


async def test_a_single_metric_of_few_answers_is_hidden_with_a_second_one(database: None) -> None:
    await many("nps", {9: 20}, country="LV")
    await many("csat", {4: 3}, country="LV")
    await many("csat", {4: 8}, country="DE")
    await many("csat", {4: 30}, country="JP")
    # Without these Latvia's 33 answers less 20 and 10 would be the three.
    await many("ces", {6: 10}, country="LV")
    await many("ces", {6: 12}, country="DE")
    rows = {row["group"]: row for row in await metrics(WEEK, "region", zone=RIGA, k=5)}
    assert [rows[code]["ces"].get("n") for code in ("154", "155", "030")] == [None, None, 0]
    assert [rows[code]["csat"] == {"suppressed": True} for code in ("154", "155", "030")] == [
        True,
        True,
        False,
    ]
    assert (rows["154"]["nps"]["n"], rows["154"]["suppressed"]) == (20, False)


def test_groups_hidden_anyway_serve_as_cover() -> None:
    assert metric_hidden({"a": 2, "b": 30, "c": 40}, frozenset({"b", "x"}), 5) == {"a", "b", "x"}
    assert metric_hidden({"a": 2, "b": 1}, frozenset(), 5) == {"a", "b"}
    assert metric_hidden({"a": 9, "b": 0}, frozenset(), 5) == frozenset()


def test_an_unknown_grouping_is_refused() -> None:
    with pytest.raises(Refused, match=r"^Figures can be had by all, continent, .* not by planet\.$"):
        grouping("planet")


def polyvox(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "surveys", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.journey
def test_the_command_prints_json_or_a_table(home: Path) -> None:
    printed = polyvox(home, "metrics", "--week", "2026-W47", "--by", "all", "--json")
    assert (printed.returncode, [row["responses"] for row in json.loads(printed.stdout)]) == (0, [0])
    table = polyvox(home, "metrics", "--week", "2026-W47")
    assert table.stdout.splitlines()[0].split() == [
        "group",
        "name",
        "responses",
        "NPS",
        "n",
        "CSAT",
        "%",
        "n",
        "CES",
        "n",
        "exit",
        "n",
    ]
    wrong = polyvox(home, "metrics", "--week", "2026-W54")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "2026-W54 is not an ISO week such as 2026-W47.\n"
