"""The digest tells of themes as the site has them: one count for a merger in all weeks, the reader's names in the PDF."""

import json

from surveys.digests.build import figures
from surveys.digests.render import document
from surveys.taxonomy import naming
from surveys.themes import change
from tests.surveys.digests.week import AT, WEEK, answer, many, mention, organisation


async def test_the_digest_counts_a_merger_as_one_in_all_weeks(database: None) -> None:
    await organisation()
    for ago in range(9):
        await many("nps", {9: 20}, ago=ago)
        for number in range(6):
            code = ("billing", "payment_checkout")[number % 2]
            await answer("nps", 2, ago=ago, text=f"Slikti {number}", themes=[code], customer=f"c{number}")
        both = ["billing", "payment_checkout"]
        await answer("nps", 1, ago=ago, text="Abi slikti", themes=both, customer="both")
    for number in range(5):
        await mention(f"a{number}", "negative", theme=("billing", "payment_checkout")[number % 2])
    apart = await figures(WEEK, await organisation(), at=AT)
    # Fewer than five people complain of either: too few to print.
    assert [pain["theme"] for pain in apart["pain_points"]] == []
    assert apart["mentions"]["themes"] == []
    await change.merge("payment_checkout", "billing", None)
    await change.rename("billing", {"lv": "Nauda"}, None)
    found = await figures(WEEK, await organisation(), at=AT)
    (pain,) = found["pain_points"]
    assert (pain["theme"], pain["now"]["x"], pain["before"]["x"], pain["impact"]) == ("billing", 7, 56, None)
    assert found["mentions"]["themes"] == [{"theme": "billing", "authors": 5}]
    assert {quote["theme"] for quote in found["quotes"]} == {"billing"}
    assert len({quote["text"] for quote in found["quotes"]}) == len(found["quotes"])
    assert found["theme_names"] == {"billing": {"lv": "Nauda"}}
    job = json.loads(json.dumps({"figures": found, "organisation": {"name": "Maize"}, "locale": "lv"}))
    # The child that makes the PDF knows the names without a database.
    with naming({}):
        assert "Nauda" in document(job)
        assert "Nauda" not in document({**job, "locale": "en"})
    await change.hide("billing", None)
    assert (await figures(WEEK, await organisation(), at=AT))["pain_points"] == []


async def test_an_answer_with_two_merged_themes_is_one_answer(database: None) -> None:
    await organisation()
    for number in range(12):
        await answer("nps", 3, text=f"Slikti {number}", themes=["billing", "payment_checkout"])
    await many("nps", {9: 12})
    await change.merge("payment_checkout", "billing", None)
    (pain,) = (await figures(WEEK, await organisation(), at=AT))["pain_points"]
    assert (pain["now"]["x"], pain["detractors"], pain["impact"]["n"]) == (12, 12, 12)
