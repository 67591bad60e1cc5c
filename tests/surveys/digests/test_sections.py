"""Sections of the weekly edition: languages, touchpoints and segments beside each other, and what emerges."""

from typing import Any

import pytest

from surveys.digests.build import figures
from surveys.digests.page import laid_out
from surveys.digests.render import document
from surveys.i18n import speaking
from surveys.responses.models import Response
from tests.surveys.digests.week import AT, WEEK, many, organisation


async def edition() -> dict[str, Any]:
    return await figures(WEEK, await organisation(), at=AT)


def page(found: dict[str, Any]) -> str:
    return document({"figures": found, "organisation": {"name": "Maize"}, "locale": "en"})


def laid(found: dict[str, Any]) -> dict[str, Any]:
    with speaking("en", "digest"):
        return laid_out(found)


async def test_a_quiet_start_has_neither(database: None) -> None:
    await many("nps", {9: 40, 3: 10})
    found = await edition()
    for level in ("languages", "touchpoints", "segments"):
        found[level] = []
    shown = laid(found)
    assert (shown["small_tables"], shown["emerging"]) == ([], None)
    assert "By language, touchpoint and segment" not in page(found)
    assert "Emerging" not in page(found)


async def test_touchpoints_stand_with_n_and_small_ones_are_hidden(database: None) -> None:
    for ago in range(6):
        await many("nps", {9: 40, 3: 10}, ago=ago)
    ids = await Response.all().order_by("id").values_list("id", flat=True)
    for ago in range(6):
        mine = ids[50 * ago : 50 * ago + 50]
        await Response.filter(id__in=mine).update(touchpoint="store")
        await Response.filter(id__in=mine[-12:]).update(touchpoint="web")
        await Response.filter(id__in=mine[-2:]).update(touchpoint="fair")
    found = await edition()
    found["languages"] = []
    ((column,),) = laid(found)["small_tables"]
    (table,) = column
    shown = [(row["name"], row["n"], row["score"], row["nps_n"], row["verdict"]) for row in table["rows"]]
    hidden = sorted(row["group"] for row in found["touchpoints"] if row["suppressed"])
    assert hidden
    assert table["title"] == "By touchpoint"
    assert table["rows"][0]["was"] == "Before: 100 (n\u00a0=\u00a0190)"
    assert shown == [("store", "38", "100", "38", "no clear change")]
    assert (
        table["few"]
        == "Hidden, because too few answered or it would reveal a group of too few: fair and web."
    )
    assert "Nothing new: no complaint appeared or rose beyond chance." in page(found)


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ((13, 8, 4), [[["languages"], ["touchpoints", "segments"]]]),
        ((2, 2, 9), [[["languages", "touchpoints"], ["segments"]]]),
        ((30, 18, 14), [[["languages"], ["touchpoints"]], [["segments"]]]),
        ((0, 3, 0), [[["touchpoints"]]]),
    ],
)
async def test_tables_share_a_page_where_there_is_room(
    database: None, rows: tuple[int, ...], columns: list[list[list[str]]]
) -> None:
    for ago in range(5):
        await many("nps", {9: 40}, ago=ago)
    found = await edition()
    (row,) = found["languages"]
    titles = {"By language": "languages", "By touchpoint": "touchpoints", "By segment": "segments"}
    for level, n in zip(titles.values(), rows, strict=True):
        found[level] = [{**row, "group": f"lv-{at}" if level != "languages" else "lv"} for at in range(n)]
    tables = laid(found)["small_tables"]
    assert [[[titles[table["title"]] for table in column] for column in pair] for pair in tables] == columns
    cut = [table["is_cut"] for pair in tables for column in pair for table in column]
    assert cut == [n > 20 for n in rows if n]


def finding(kind: str, level: str, group: str, flag: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": kind, "level": level, "group": group, "theme": "delivery", "pain_point": None, "metric": None,
        "flag": flag, "q": 0.02, "delta": 5.0, "arrow": "up",
        "now": {"x": 12, "n": 50, "share": 24.0}, "before": {"x": 10, "n": 200, "weeks": 4, "share": 5.0}, **more,
    }  # fmt: skip


async def test_what_emerges_stands_beside_what_is_to_be_watched(database: None) -> None:
    for ago in range(5):
        await many("nps", {9: 40}, ago=ago)
    found = await edition()
    few = {"x": None, "n": 200, "weeks": 4, "share": None}
    found["findings"] = [
        finding("fading", "all", "all", "alert"),
        finding("new", "all", "all", "alert", before=few),
        finding("rising", "touchpoint", "store", "watch"),
    ]
    shown = laid(found)["emerging"]
    assert [
        (row["where"], row["word"], row["before"], row["now"], row["now_n"]) for row in shown["sure"]
    ] == [("everybody", "new", None, "24.0%", "50")]
    assert [(row["where"], row["word"], row["before"], row["before_n"]) for row in shown["maybe"]] == [
        ("Touchpoint: store", "rising", "5.0%", "200")
    ]
    text = page(found)
    assert "New or rising, beyond chance" in text
    assert "To be watched: this may be chance" in text
    assert "Nothing new" not in text
