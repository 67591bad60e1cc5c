"""Who complains twice in a week counts once; the link of a group leads to as many words as people were counted there.

Who names a theme beside a score twice counts once, too.
"""

from dataclasses import replace

import httpx2 as httpx
import pytest

from surveys.accounts.models import User
from surveys.counts.upkeep import catch_up
from surveys.dashboard.choice import Choice
from surveys.dashboard.ground import all_surveys
from surveys.dashboard.look import look
from surveys.digests.build import figures
from surveys.digests.scope import Within
from surveys.digests.source import COUNTED, RAW, scoped
from surveys.digests.tally import Window
from surveys.tallies import BandCounts
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation


async def test_the_link_of_a_group_holds_the_people_counted_there(
    database: None, client: httpx.AsyncClient, ana: User
) -> None:
    await many("nps", {9: 60})
    await many("nps", {9: 60}, country="DE", locale="de")
    for number in range(12):
        await answer("nps", 2, text=f"Kavējas {number}", themes=["delivery"], customer=f"c{number}")
    for number in range(8):
        # Two of them complained in Latvia before.
        await answer(
            "nps", 1, country="DE", locale="de", text=f"Zu spät {number}", themes=["delivery"],
            customer=f"c{number}" if number < 2 else None,
        )  # fmt: skip
    await catch_up()
    found = await figures(WEEK, await organisation(), at=AT)
    (pain,) = found["pain_points"]
    regions = {row["group"]: (row["x"], row["link"]) for row in pain["by_region"]}
    assert pain["now"]["x"] == 18
    assert {code: x for code, (x, _link) in regions.items()} == {"154": 12, "155": 6}
    page = (await client.get(regions["155"][1])).text
    assert [f"Zu spät {number}" in page for number in range(8)] == [False] * 2 + [True] * 6
    everybody = (await client.get(pain["link"])).text
    assert all(f"Zu spät {number}" in everybody for number in range(8))


async def test_one_loud_customer_is_one_answer_of_those_who_name_a_theme(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveys.dashboard.look.PATIENCE", 60.0)
    maize = await organisation()
    await many("nps", {9: 60, 7: 40})
    for number in range(12):
        await answer("nps", 8, text=f"Piegāde {number}", themes=["delivery"])
    for number in range(60):
        await answer("nps", 0, text=f"Atkal kavējas {number}", themes=["delivery"], customer="loud")
    for number in range(12):
        await answer("nps", 3, text=f"Dārgi {number}", themes=["price_value"], customer=f"c{number}")
    await catch_up()
    told = [await figures(WEEK, maize, at=AT, source=source) for source in (RAW, COUNTED)]
    page = (await look(Choice(WEEK), maize, await all_surveys(), at=AT)).figures
    assert page is not None
    for found in (*told, page):
        # Thirteen of whom one was not even content: no first pain point.
        pains = {pain["theme"]: pain["impact"] for pain in found["pain_points"]}
        assert list(pains) == ["price_value", "delivery"]
        assert (pains["delivery"]["n"], pains["delivery"]["score"]) == (13, pytest.approx(-100 / 13))
    for source in (RAW, COUNTED):
        named = await source.nps_by_theme(Window(WEEK, 0, maize.zone))
        assert named == {"delivery": BandCounts(0, 12, 1), "price_value": BandCounts(0, 0, 12)}


async def test_the_last_answer_of_a_person_in_each_week_counts_where_it_stands(database: None) -> None:
    maize = await organisation()
    for ago, country, score in ((1, "LV", 9), (0, "LV", 2), (0, "DE", 10)):
        await answer(
            "nps", score, ago=ago, country=country, text="Piegāde", themes=["delivery"], customer="c"
        )
    await catch_up()
    two = Window(WEEK, 0, maize.zone, span=2)
    for source in (RAW, COUNTED):
        assert await source.nps_by_theme(two) == {"delivery": BandCounts(2, 0, 0)}
        assert await source.nps_by_theme(replace(two, span=1)) == {"delivery": BandCounts(1, 0, 0)}
    # Parts add up to all: who answered last elsewhere is not here.
    places = [Within(frozenset({country}), None, None) for country in ("LV", "DE")]
    parts = [await scoped(RAW, place).nps_by_theme(replace(two, span=1)) for place in places]
    assert parts == [{}, {"delivery": BandCounts(1, 0, 0)}]
