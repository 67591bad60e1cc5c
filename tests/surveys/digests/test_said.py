"""What editions say in words: names among letters of full width, one name over the quotes of one theme."""

from surveys.digests.build import figures
from surveys.digests.headline import pain_name
from surveys.digests.make import facts
from surveys.digests.page_one import mail_page
from surveys.digests.quote_columns import quote_columns
from surveys.digests.render import document
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
