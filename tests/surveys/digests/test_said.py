"""What editions say in words: names among letters of full width, one name over the quotes of one theme."""

from typing import Any

import pytest

from surveys.digests.asked import asked_of
from surveys.digests.build import figures
from surveys.digests.headline import pain_name
from surveys.digests.make import facts
from surveys.digests.notes import notes
from surveys.digests.page_one import mail_page
from surveys.digests.quote_columns import quote_columns
from surveys.digests.render import document
from surveys.digests.report_page import laid_report
from surveys.digests.reports import report_figures
from surveys.i18n import speaking
from surveys.names import country_name, spoken_language_name
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation


def test_names_have_brackets_of_full_width_in_japanese_and_chinese() -> None:
    with speaking("ja", "digest"):
        assert spoken_language_name("nb") == "ノルウェー語（ブークモール）"
        assert country_name("MM") == "ミャンマー（ビルマ）"
    with speaking("zh-Hans", "digest"):
        assert country_name("MM") == "缅甸"
    with speaking("en", "digest"):
        assert country_name("MM") == "Myanmar (Burma)"


def test_one_theme_is_named_once_over_both_columns_of_its_quotes() -> None:
    quotes = [
        {"theme": "delivery", "text": f"Kavējas {number}", "language": "lv", "region": None}
        for number in range(4)
    ]
    with speaking("en", "digest"):
        ((left, right),) = quote_columns(quotes)
    assert [theme["name"] for theme in (*left, *right)] == ["Delivery", None]
    assert sum(len(theme["quotes"]) for theme in (*left, *right)) == 4


async def test_every_score_of_before_stands_with_its_n(database: None) -> None:
    for ago, counts in ((0, {9: 30, 3: 30}), (1, {9: 40, 3: 70}), (2, {9: 10}), (3, {9: 10}), (4, {9: 10})):
        await many("nps", counts, ago=ago)
    for _ in range(6):
        await answer("nps", 2, text="Kavējas", themes=["delivery"])
        await answer("nps", 2, text="Kavējas", themes=["delivery"], ago=1)
    maize = await organisation()
    found = await figures(WEEK, maize, at=AT)
    with speaking("en", "digest"):
        page = mail_page(found)
    (tile,) = [tile for tile in page["tiles"] if tile["n"]]
    assert [row["said"] for row in tile["changes"]] == [
        "Last week −31 (n\u00a0=\u00a0116): no clear change",
        "4 weeks before −4 (n\u00a0=\u00a0146): no clear change",
    ]
    assert page["top"][0]["change"]["said"] == "4 weeks before 4.1% (n\u00a0=\u00a0146): no clear change"
    printed = document({"figures": found, "organisation": facts(maize), "locale": "en"})
    assert '<bdi class="base">−31</bdi> <span class="n">n\u00a0=\u00a0116</span>' in printed
    assert '<bdi class="base">4.1%</bdi> <span class="n">n\u00a0=\u00a0146</span>' in printed


async def test_how_few_there_were_before_is_said_once(database: None) -> None:
    await many("nps", {9: 30, 3: 30})
    for ago in range(1, 5):
        await many("nps", {9: 10}, ago=ago)
    with speaking("en", "digest"):
        page = mail_page(await figures(WEEK, await organisation(), at=AT))
    (tile,) = [tile for tile in page["tiles"] if tile["n"]]
    assert tile["changes"][1]["said"] == "4 weeks before 100: too few before to say (n\u00a0=\u00a040)"


def test_a_pain_point_without_a_title_is_told_apart_from_its_theme() -> None:
    facts = {"theme": "delivery", "title": None, "known": None, "first_week": "2026-W38"}
    titled = {"pain_titles": {"34": facts, "35": facts | {"title": "Vans break down"}}}
    with speaking("en", "digest"):
        assert pain_name("34", titled) == "Delivery: pain point 34, found in 2026-W38"
        assert pain_name("35", titled) == "Delivery: Vans break down"
    with speaking("lv", "digest"):
        assert pain_name("34", titled) == "Piegāde: sāpju punkts 34, atrasts 2026-W38"


async def _countries_moved() -> dict[str, Any]:
    """Eight weeks and this one: NPS is 0 in Latvia and was 80 in Estonia, which gave a tenth of answers and now gives most."""
    for ago in range(1, 9):
        await many("nps", {9: 30, 8: 30, 3: 30}, ago=ago)
        await many("nps", {9: 17, 8: 2, 3: 1}, ago=ago, country="EE")
    await many("nps", {9: 7, 8: 6, 3: 7})
    await many("nps", {9: 117, 8: 36, 3: 27}, country="EE")
    return await figures(WEEK, await organisation(), at=AT)


async def test_a_score_is_said_to_move_from_what_it_is_measured_from(database: None) -> None:
    found = await _countries_moved()
    tile = found["tiles"]["nps"]
    assert (tile["score"], tile["change"]["arrow"], tile["change"]["poststratified"]) == (45.0, "down", True)
    assert round(tile["before"]["score"]) == 15
    assert round(tile["change"]["base"]) == 72
    with speaking("en", "digest"):
        page = mail_page(found)
        assert (
            "Where the countries of a group answered in other shares than before, its past is weighted to those of now."
            in notes(found)
        )
    assert page["headline"][0] == (
        "Fewer customers would recommend us: NPS fell beyond chance, from 72 to 45."
    )
    (laid,) = [tile for tile in page["tiles"] if tile["n"]]
    assert laid["changes"][1]["said"] == "8 weeks before 72 (n\u00a0=\u00a0880): fell, beyond chance"


async def test_two_periods_are_said_to_differ_from_what_is_measured(database: None) -> None:
    await _countries_moved()
    found = await report_figures(asked_of("2026-W32..2026-W39~2026-W40"), await organisation(), at=AT)
    with speaking("en", "digest"):
        (row,) = laid_report(found)["slopes"]["rows"]
    assert (row["before"], row["now"], row["arrow"]) == ("72", "45", "down")


async def test_last_weeks_few_answers_stay_hidden(database: None) -> None:
    for ago in range(2, 9):
        await many("nps", {9: 40}, ago=ago)
    await many("nps", {9: 3}, ago=1)
    await many("nps", {9: 40})
    maize = await organisation()
    assert (await figures(WEEK.previous(), maize, at=AT))["tiles"]["responses"]["n"] is None
    found = await figures(WEEK, maize, at=AT)
    assert found["tiles"]["responses"]["last_week"] is None
    change = found["tiles"]["nps"]["change_last_week"]
    assert (change["reason"], change["n_base"]) == ("suppressed", 0)
    with speaking("en", "digest"):
        said = [row["said"] for tile in mail_page(found)["tiles"] for row in tile["changes"]]
    assert [line for line in said if line.startswith("Last week")] == [
        "Last week: hidden, as it would reveal a group of too few"
    ]
    await many("nps", {9: 2}, ago=1)
    assert (await figures(WEEK, maize, at=AT))["tiles"]["responses"]["last_week"] == 5


@pytest.mark.parametrize("few", [0, 3])
async def test_the_first_weeks_are_not_called_quiet(database: None, few: int) -> None:
    await many("nps", {9: few})
    await many("csat", {5: 60})
    with speaking("en", "digest"):
        said = mail_page(await figures(WEEK, await organisation(), at=AT))["headline"]
    assert said == [f"{60 + few} answers came in; there is too little history to say what changed."]


async def test_a_few_answers_before_are_told_nowhere(database: None) -> None:
    await many("nps", {9: 3}, ago=5)
    await many("nps", {9: 60})
    for number in range(6):
        await answer("nps", 2, text=f"Kavējas {number}", themes=["delivery"])
    found = await figures(WEEK, await organisation(), at=AT)
    assert (found["history"], found["weeks_before"]) == (5, 0)
    tile, (pain,) = found["tiles"]["responses"], found["pain_points"]
    assert (tile["mean_before"], tile["change"]["n_base"], tile["change"]["reason"]) == (None, 0, "history")
    assert (pain["before"]["n"], pain["change"]["n_base"]) == (0, 0)
    assert found["tiles"]["nps"]["change"]["n_base"] == 0
    with speaking("en", "digest"):
        assert mail_page(found)["headline"][0].startswith("66 answers came in; there is too little history")


async def test_a_few_answers_of_a_group_before_are_not_told(database: None) -> None:
    for ago in range(1, 9):
        for country in ("LV", "DE"):
            await many("csat", {5: 40}, ago=ago, country=country)
            await many("nps", {9: 40 if country == "LV" else 3 * (ago == 3)}, ago=ago, country=country)
    for country in ("LV", "DE"):
        await many("nps", {9: 40}, country=country)
        await many("csat", {5: 40}, country=country)
    rows = {row["group"]: row for row in (await figures(WEEK, await organisation(), at=AT))["regions"]}
    assert (rows["155"]["change"]["reason"], rows["155"]["change"]["n_base"]) == ("suppressed", 0)
    assert rows["154"]["change"]["n_base"] == 320
