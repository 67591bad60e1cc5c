"""Who complains twice in a week counts once; the link of a group leads to as many words as people were counted there."""

import httpx2 as httpx

from surveys.accounts.models import User
from surveys.counts.upkeep import catch_up
from surveys.digests.build import figures
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
