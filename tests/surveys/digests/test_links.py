"""Every figure leads to exactly its words: of a scope, of one survey, of a theme by group, of several weeks."""

from collections.abc import Mapping
from typing import Any

import httpx2 as httpx
import pytest
from starlette.datastructures import QueryParams

from surveys.accounts.models import User
from surveys.counts.upkeep import catch_up
from surveys.digests.asked import asked_of
from surveys.digests.build import figures
from surveys.digests.reports import report_figures
from surveys.digests.scope import Scope
from surveys.verbatims.look import ids_for
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

Figures = Mapping[str, Any]


async def held(address: str) -> int:
    """How many words the inbox shows at an address, all of which it understands."""
    asked, ids = await ids_for(QueryParams(address.partition("?")[2]), (await organisation()).zone)
    assert asked.unknown == ()
    return len(ids)


async def two_surveys() -> None:
    """Nine complain in the CSAT survey; three of them complained in the NPS one before, as seven others did."""
    await many("nps", {9: 60})
    await many("csat", {5: 60})
    for number in range(10):
        await answer("nps", 2, text=f"Kavējas {number}", themes=["delivery"], customer=f"c{number}")
    for number in range(9):
        customer = f"c{number}" if number < 3 else None
        await answer("csat", 1, text=f"Atkal kavējas {number}", themes=["delivery"], customer=customer)
    await catch_up()


@pytest.mark.parametrize("kind", ["scope", "survey"])
async def test_who_complained_first_in_another_survey_is_behind_no_figure_of_this_one(
    database: None, client: httpx.AsyncClient, ana: User, kind: str
) -> None:
    await two_surveys()
    maize = await organisation()
    told = (
        await figures(WEEK, maize, at=AT, scope=Scope(surveys=("csat",)))
        if kind == "scope"
        else await report_figures(asked_of("2026-W40~survey~csat"), maize, at=AT)
    )
    (pain,) = told["pain_points"]
    assert (pain["now"]["x"], await held(pain["link"])) == (6, 6)
    page = (await client.get(pain["link"])).text
    assert [f"Atkal kavējas {number}" in page for number in range(9)] == [False] * 3 + [True] * 6
    # Nobody was asked the others: no address holds no words.
    assert [name for name, tile in told["tiles"].items() if tile["link"]] == ["responses", "csat"]
    assert await held(told["tiles"]["csat"]["link"]) == 9


async def test_the_groups_of_a_theme_lead_to_its_complaints_there(database: None) -> None:
    await two_surveys()
    for number in range(8):
        await answer("nps", 1, country="DE", locale="de", text=f"Zu spät {number}", themes=["delivery"])
    await many("nps", {9: 30}, country="DE", locale="de")
    await catch_up()
    told = await report_figures(asked_of("2026-W40~theme~delivery"), await organisation(), at=AT)
    rows = {row["group"]: row for row in told["theme"]["regions"]}
    assert {code: row["x"] for code, row in rows.items()} == {"154": 16, "155": 8}
    for name in ("regions", "cultures", "languages"):
        for row in told["theme"][name]:
            assert await held(row["link"]) == row["x"]


async def test_what_the_inbox_has_no_language_for_leads_nowhere(database: None) -> None:
    await many("nps", {9: 30})
    await many("nps", {9: 20}, locale=None)
    await answer("nps", 2, text="Kavējas", themes=["delivery"])
    await catch_up()
    told = await figures(WEEK, await organisation(), at=AT)
    links = {row["group"]: row["link"] for row in told["languages"]}
    # Words are in some language, or in none that anybody can tell; of these nobody wrote any.
    assert links["unknown"] is None
    assert await held(links["lv"]) == 1


async def test_what_stood_apart_for_four_weeks_leads_to_the_words_of_four(database: None) -> None:
    for ago in range(16):
        await many("nps", {9: 30, 3: 10}, ago=ago)
        await many("nps", {9: 22, 3: 5} if ago > 3 else {9: 5, 3: 22}, ago=ago, country="US", locale="en")
        await answer("nps", 2, ago=ago, country="US", locale="en", text=f"Late {ago}", themes=["delivery"])
    await catch_up()
    told = await figures(WEEK, await organisation(), at=AT)
    standing = [each for each in told["findings"] if each["kind"] == "standing" and each["level"] == "region"]
    assert {each["group"]: each["now"]["n"] for each in standing}["021"] == 4 * 28
    (link,) = [each["link"] for each in standing if each["group"] == "021"]
    assert await held(link) == 4
