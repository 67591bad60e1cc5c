"""The dashboard through the door: the digest's figures, filtered, each number leading to its comments."""

import re
from typing import Any

import httpx2 as httpx
import pytest
from lxml import html

from surveys.accounts.models import User
from surveys.counts.upkeep import catch_up
from surveys.dashboard.choice import Choice
from surveys.dashboard.ground import all_surveys
from surveys.dashboard.look import look
from surveys.dashboard.renew import renew_views
from surveys.digests.build import figures
from surveys.digests.models import Edition
from surveys.responses.models import Response
from surveys.verbatims.models import Verbatim, VerbatimTheme
from surveys.verbatims.write import Words, masked, write_response_verbatim
from tests.surveys.digests.test_marking_words import late, others
from tests.surveys.digests.week import AT, WEEK, answer, many, mention, organisation

COUNTRIES = (("LV", "lv", 40), ("LT", "lt", 24), ("DE", "de", 30))


@pytest.fixture(autouse=True)
def thursday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The week after, when W40 is the last full one."""
    monkeypatch.setattr("surveys.dashboard.views.now", lambda: AT)
    # Who looks waits, however slow the machine is.
    monkeypatch.setattr("surveys.dashboard.look.PATIENCE", 60.0)


@pytest.fixture
async def answers(database: None) -> None:
    """Six weeks of three countries, with complaints in the latest."""
    await organisation()
    for ago in range(6):
        for country, locale, n in COUNTRIES:
            await many("nps", {9: n // 2, 3: n - n // 2}, ago=ago, country=country, locale=locale)
            await many("csat", {5: n // 3, 2: n // 3}, ago=ago, country=country, locale=locale)
    for number in range(7):
        await answer("nps", 2, text=f"Kurjers kavējās {number}. reizi", themes=["delivery"])
    for number in range(6):
        await answer(
            "exit", "price_too_high", text=f"Zu teuer, {number}", country="DE", locale="de", language="de"
        )
        await mention(f"author-{number}", "negative", text=f"slikti {number}", theme="delivery")
    await catch_up()


async def few() -> None:
    """Two people who answer in French."""
    for _ in range(2):
        await answer("nps", 3, country="FR", locale="fr")
    await catch_up()


async def renewed() -> None:
    """What the worker does as long as there is something to do."""
    while await renew_views(AT):
        pass


async def seen(client: httpx.AsyncClient, address: str = "/dashboard") -> html.HtmlElement:
    answer = await client.get(address)
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def words(tree: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in tree.xpath(path)]


def row(tree: html.HtmlElement, section: str, name: str) -> list[str]:
    path = f"//section[@aria-labelledby='{section}-title']//tr[th[normalize-space()='{name}']]"
    return words(tree, f"{path}/*[not(contains(@class, 'chart'))]")


async def of(**filters: str) -> Any:
    found = await look(Choice(WEEK, filters), await organisation(), await all_surveys(), at=AT)
    return found.figures


async def test_unfiltered_it_has_the_figures_of_the_digest(answers: None) -> None:
    edition, page = await figures(WEEK, await organisation(), at=AT), await of()
    ours = set(edition) - {
        "version",
        "locale",
        "quotes",
        "accuracy",
        "accuracy_of_themes",
        "pain_points",
        "scope",
    }
    assert [{name: quote[name] for name in edition["quotes"][0]} for quote in page["quotes"]] == edition[
        "quotes"
    ]
    assert {name: page[name] for name in ours} == {name: edition[name] for name in ours}
    shown = [{name: pain[name] for name in pain if name != "places"} for pain in edition["pain_points"]]
    assert page["pain_points"] == [{**pain, "quote": None} for pain in shown]
    assert page["tiles"]["nps"]["n"] == 101


async def test_the_page_says_n_interval_and_change_and_leads_to_the_comments(
    client: httpx.AsyncClient, ana: User, answers: None
) -> None:
    tree = await seen(client)
    assert words(tree, "//div[@class='tile']/h2")[0] == "Recommendation (NPS)"
    assert words(tree, "(//div[@class='tile'])[1]/p[@class='value']") == ["−7 n = 101"]
    assert words(tree, "(//div[@class='tile'])[1]/p[@class='interval']") == ["95% interval −26 to 12"]
    assert words(tree, "(//div[@class='tile'])[1]//span[@class='verdict none']") == [
        "no clear change no clear change"
    ]
    assert words(tree, "(//div[@class='tile'])[1]//span[@class='against']") == [
        "Last week 0",
        "5 weeks before 0 (n = 470)",
    ]
    assert words(tree, "(//section[@aria-labelledby='pains-title']//th)[5]") == ["Before 5 weeks, n = 780"]
    # Of 163: the six who leave are asked why for the first time.
    assert row(tree, "pains", "Delivery")[:3] == ["Delivery", "7", "4.3%"]
    (address,) = tree.xpath("//section[@aria-labelledby='pains-title']//tr[th='Delivery']/td[1]/a/@href")
    inbox = html.fromstring((await client.get(address)).text)
    assert sorted(words(inbox, "//a[@class='words']")) == [f"Kurjers kavējās {n}. reizi" for n in range(7)]
    assert row(tree, "exit", "Price too high") == ["Price too high", "6"]
    assert words(tree, "//section[@aria-labelledby='posts-title']//dd")[:2] == ["6", "6"]
    assert not tree.xpath("//*[local-name()='svg']//*[local-name()='text']")


async def test_a_small_group_is_said_to_be_suppressed(
    client: httpx.AsyncClient, ana: User, answers: None
) -> None:
    await few()
    tree = await seen(client)
    assert words(tree, "//section[@aria-labelledby='languages-title']//p[contains(@class, 'few')]") == [
        "Hidden, because too few answered or it would reveal a group of too few: French and Lithuanian."
    ]
    assert row(tree, "languages", "French") == []


QUOTES = "//section[@aria-labelledby='quotes-title']//figure"
MOVED = "//section[@aria-labelledby='moved-title']"


async def test_quotes_name_their_language_and_lead_to_their_comment(
    client: httpx.AsyncClient, ana: User, answers: None
) -> None:
    tree = await seen(client, "/dashboard?region=154")
    said = words(tree, f"{QUOTES}/blockquote")
    assert len(said) == 2
    assert set(said) <= {f"Kurjers kavējās {n}. reizi" for n in range(7)}
    assert tree.xpath(f"{QUOTES}/blockquote/@lang") == ["lv", "lv"]
    assert words(tree, f"{QUOTES}/figcaption") == ["Latvian, Northern Europe"] * 2
    for address, text in zip(tree.xpath(f"{QUOTES}//a/@href"), said, strict=True):
        assert address.endswith("?region=154&week=2026-W40&complaint=delivery&source=response")
        assert text in (await client.get(address)).text


async def complain_in_german(people: int) -> None:
    for number in range(people):
        await answer(
            "nps", 2, text=f"Lieferung {number}", themes=["delivery"], country="DE", locale="de", language="de"
        )  # fmt: skip
    await catch_up()


async def test_a_choice_quotes_only_its_own(answers: None) -> None:
    await complain_in_german(5)
    assert {quote["language"] for quote in (await of())["quotes"]} == {"lv", "de"}
    assert {quote["language"] for quote in (await of(region="154"))["quotes"]} == {"lv"}
    assert {quote["language"] for quote in (await of(region="155"))["quotes"]} == {"de"}


async def test_where_few_complain_neither_they_nor_all_others_are_told(
    client: httpx.AsyncClient, ana: User, answers: None
) -> None:
    """Four in Western Europe are too few for a pain point; everybody less Northern Europe would tell them."""
    await complain_in_german(4)
    pains = "//section[@aria-labelledby='pains-title']"
    assert row(await seen(client), "pains", "Delivery")[:2] == ["Delivery", "11"]
    for region in ("154", "155"):
        shown = await of(region=region)
        assert shown["pain_points"] == shown["quotes"] == []
    north, west = [await seen(client, f"/dashboard?region={region}") for region in ("154", "155")]
    assert words(north, f"{pains}/p") == [
        "Some themes are left out: in this view, beside another, they would tell few people apart."
    ]
    assert words(west, f"{pains}/p") == ["No theme was complained about by enough people to be named."]


async def test_what_was_erased_is_quoted_no_more(client: httpx.AsyncClient, ana: User, answers: None) -> None:
    first = words(await seen(client), f"{QUOTES}/blockquote")
    await Verbatim.filter(masked_text=first[0]).delete()
    assert words(await seen(client), f"{QUOTES}/blockquote") == first[1:]


async def test_other_words_in_their_place_are_not_quoted(
    client: httpx.AsyncClient, ana: User, answers: None
) -> None:
    """Nobody has understood them yet; nor is somebody quoted about a theme that a person took from the words."""
    first, second = words(await seen(client), f"{QUOTES}/blockquote")[:2]
    verbatim = await Verbatim.get(masked_text=first)
    response = await Response.get(id=verbatim.response_id).prefetch_related("survey")
    await write_response_verbatim(
        response, response.survey, masked(Words("Viss kārtībā, liels paldies"), "LV")
    )
    said = words(await seen(client), f"{QUOTES}/blockquote")
    assert said[0] == second
    assert not [text for text in said if "paldies" in text]
    await VerbatimTheme.filter(verbatim__masked_text=second).delete()
    assert second not in words(await seen(client), f"{QUOTES}/blockquote")


async def test_findings_say_what_moved_where_and_how_surely(
    client: httpx.AsyncClient, ana: User, answers: None
) -> None:
    quiet = await seen(client, "/dashboard?region=155")
    assert words(quiet, f"{MOVED}/p") == [
        "No score, theme or reason moved beyond chance, and nothing has to be watched."
    ]
    for number in range(30):
        await answer("nps", 0, text=f"Sasista paka {number}", themes=["product_quality"])
    await catch_up()
    findings = [each for each in (await of())["findings"] if each["flag"] != "none"]
    tree = await seen(client)
    assert len(tree.xpath(f"{MOVED}//tbody/tr")) == len(findings) > 0
    rows = [words(found, "./*") for found in tree.xpath(f"{MOVED}//tbody/tr")]
    everybody = next(told for told in rows if told[:2] == ["Complaints: Product quality", "Everybody"])
    assert everybody[4].startswith("30 / ")
    assert everybody[5:] == ["< 0.001", "new, beyond chance new, beyond chance"]
    narrowed = await seen(client, "/dashboard?region=154")
    levels = words(narrowed, f"{MOVED}//tbody//span[@class='level']")
    assert not {"Region", "Continent"} & set(levels)
    assert not narrowed.xpath("//section[@aria-labelledby='regions-title']")


async def test_cells_of_tables_that_stack_are_named_after_their_columns(
    client: httpx.AsyncClient, ana: User, answers: None
) -> None:
    for number in range(30):
        await answer("nps", 0, text=f"Sasista paka {number}", themes=["product_quality"])
    await catch_up()
    tree = await seen(client)
    named = set()
    for table in tree.xpath("//table[contains(@class, 'stacks')]"):
        heads = words(table, "./thead/tr/th")
        for line in table.xpath("./tbody/tr"):
            labels = line.xpath("./td/@data-label")
            assert len(labels) == len(line.xpath("./td"))
            # A figure that is hidden fills the columns after it, and the weeks before stand in brackets.
            whole = [" ".join(re.sub("[()]", "", label).split()) for label in labels]
            wanted = (
                [head for head in heads[1:] if head in whole] if line.xpath("./td[@colspan]") else heads[1:]
            )
            assert whole == wanted
        named |= set(heads)
    assert {
        *(
            "What",
            "Theme",
            "Region",
            "Language",
            "Delivery",
            "NPS points",
            "Change of NPS",
            "−70 to 70 points",
        ),
        *("Before 5 weeks, n = 780", "Largest countries shown", "Most frequent complaints shown", "q"),
    } <= named


async def test_a_survey_is_told_by_the_score_that_it_asks_for(
    client: httpx.AsyncClient, ana: User, answers: None
) -> None:
    table = "//section[@aria-labelledby='regions-title']//table"
    for survey, score, northern in (("nps", "NPS", "−10"), ("csat", "CSAT", "50%")):
        tree = await seen(client, f"/dashboard?survey={survey}")
        assert words(tree, f"{table}//thead//th")[2] == score
        assert words(tree, f"{table}//tbody/tr[th='Northern Europe']/td")[1] == northern
        assert set(tree.xpath(f"{table}//tbody/tr/td[2]/@data-label")) == {score}
    # Who leaves gives a reason and no score.
    left = await seen(client, "/dashboard?survey=exit")
    assert words(left, f"{table}//thead//th") == ["Region", "Answers"]
    assert words(left, f"{table}//tbody/tr/*") == ["Western Europe", "6"]


async def test_where_nobody_complained_no_column_waits_for_complaints(
    client: httpx.AsyncClient, ana: User, database: None
) -> None:
    await organisation()
    await many("nps", {9: 30, 3: 10})
    await catch_up()
    heads = words(await seen(client), "//table[contains(@class, 'groups')]/thead/tr/th")
    assert "Largest countries shown" in heads
    assert "Most frequent complaints shown" not in heads


async def test_filters_work_without_script_and_swap_a_part_with_it(
    client: httpx.AsyncClient, ana: User, answers: None
) -> None:
    address = "/dashboard?week=2026-W40&region=154&survey="
    tree = await seen(client, address)
    assert words(tree, "(//div[@class='tile'])[1]/p[@class='value']") == ["−10 n = 71"]
    assert tree.xpath("//select[@id='choose-region']/option[@selected]/@value") == ["154"]
    assert words(tree, "//a[@class='chip']/span[1]") == ["Region: Northern Europe"]
    assert tree.xpath("//a[@class='chip']/@href") == ["/dashboard?week=2026-W40"]
    assert all("region=154" in link for link in tree.xpath("//main//a/@href") if link.startswith("/inbox"))
    part = await client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert part.headers["HX-Push-Url"] == "/dashboard?week=2026-W40&region=154"


async def test_a_filter_and_its_rows_count_only_their_own(answers: None) -> None:
    page = await of(language="lv")
    assert page["tiles"]["nps"]["n"] == 47
    assert [each["group"] for each in page["regions"]] == ["154"]
    assert page["exit"] == {
        "n": 0,
        "reasons": {},
        "suppressed": False,
        "involuntary": {},
        "others": 0,
        "link": None,
        "links": {},
    }
    assert [(pain["theme"], pain["now"]["x"], pain["now"]["n"]) for pain in page["pain_points"]] == [
        ("delivery", 7, 73)
    ]


async def test_a_view_tells_no_posts_and_no_corrections_which_are_of_everybody(answers: None) -> None:
    earlier = await figures(WEEK.previous(), await organisation(), at=AT)
    await Edition.create(week=str(WEEK.previous()), locale="en", figures=earlier, built_at=AT)
    await many("nps", {3: 12}, ago=1)
    await catch_up()
    everybody, latvian = await of(), await of(language="lv")
    assert (len(everybody["corrections"]), everybody["mentions"]["n"]) == (1, 6)
    assert (latvian["corrections"], latvian["mentions"]["n"]) == ([], None)
    # The six posts are in Latvian too.
    assert [each["quality"]["words"] for each in (everybody, latvian)] == [19, 7]


async def test_a_view_of_few_people_is_hidden_and_so_is_what_would_tell_them(
    client: httpx.AsyncClient, ana: User, answers: None
) -> None:
    await few()
    assert await of(language="fr") is None
    tree = await seen(client, "/dashboard?language=fr")
    said = words(tree, "//p[contains(@class, 'warning')]")
    assert [sentence.partition(":")[0] for sentence in said] == ["Suppressed"]
    assert not tree.xpath("//div[@class='tile']")
    # The smallest other language keeps the French company in the table; alone it would tell them too.
    unfiltered = await of()
    company = [each["group"] for each in unfiltered["languages"] if each["suppressed"]]
    assert len(company) > 1
    assert [await of(language=code) for code in company] == [None] * len(company)


async def test_it_shows_what_is_counted_and_says_what_is_not_yet(
    client: httpx.AsyncClient, ana: User, answers: None
) -> None:
    before = await of()
    await answer("nps", 10)
    tree = await seen(client)
    assert words(tree, "//p[@role='status']") == [
        "Some answers are still being counted; look again in a minute."
    ]
    assert await of() == before
    await catch_up()
    # Counted, and not yet in the figures: they are shown as they were, and say so.
    tree = await seen(client)
    (older,) = words(tree, "//p[@role='status']")
    assert older.startswith("These figures are of ")
    assert older.endswith("; what has changed since will follow shortly. Look again")
    assert tree.xpath("//p[@role='status']/@hx-get") == ["/dashboard?week=2026-W40&again=1"]
    assert await of() == before
    await renewed()
    assert words(await seen(client), "//p[@role='status']") == []
    assert (await of())["tiles"]["nps"]["n"] == before["tiles"]["nps"]["n"] + 1
    await Response.filter(score=10).delete()
    await catch_up()
    await renewed()
    assert await of() == before


async def test_what_is_not_understood_is_named(client: httpx.AsyncClient, ana: User, answers: None) -> None:
    tree = await seen(client, "/dashboard?week=2031-W01&region=150&survey=nps&touchpoint=<b>")
    assert words(tree, "//p[contains(@class, 'warning')]")[0].startswith(
        "Not understood and left aside: Week: 2031-W01 and Region: 150"
    )
    assert words(tree, "//a[@class='chip']/span[1]") == ["Survey: nps", "Touchpoint: <b>"]


@pytest.mark.parametrize(
    "address",
    [
        "/dashboard?week=0001-W01",
        "/inbox?week=0001-W01&complaint=delivery",
        "/inbox?week=9999-W52&complaint=delivery",
    ],
)
async def test_a_week_that_no_clock_tells_is_not_understood(
    client: httpx.AsyncClient, ana: User, answers: None, address: str
) -> None:
    assert (await client.get(address)).status_code == 200


async def test_an_empty_site_is_taught_what_will_stand_here(client: httpx.AsyncClient, alice: User) -> None:
    tree = await seen(client)
    assert words(tree, "//section[@class='empty']/h2") == ["What customers answer in a week will stand here"]
    assert tree.xpath("//section[@class='empty']//a/@href") == ["/surveys"]


async def test_before_anything_is_counted_it_says_so(client: httpx.AsyncClient, ana: User) -> None:
    await organisation()
    await answer("nps", 9)
    tree = await seen(client)
    assert words(tree, "//p[@role='status']") == [
        "The answers have not been counted yet. The worker does that; look again in a minute."
    ]


async def test_who_is_not_signed_in_is_asked_to(client: httpx.AsyncClient) -> None:
    answer = await client.get("/dashboard?region=154")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("locale", ["lv", "lt", "ro", "ar"])
async def test_it_speaks_the_languages_of_the_application(
    client: httpx.AsyncClient, ana: User, answers: None, locale: str
) -> None:
    answer = await client.get("/dashboard", headers={"Accept-Language": locale})
    tree = html.fromstring(answer.text)
    assert tree.get("lang") == locale
    assert tree.get("dir") == ("rtl" if locale == "ar" else "ltr")
    assert words(tree, "//h2[@id='pains-title']") != ["What hurts most"]
    # Begins with a number, so its direction cannot be left to its first letter.
    assert {each.get("dir") for each in tree.xpath("//td/bdi[@class='n']")} == {tree.get("dir")}
    assert bool(tree.xpath("//*[local-name()='g' and contains(@transform, 'scale(-1 1)')]")) == (
        locale == "ar"
    )


async def test_words_that_mark_a_theme_are_those_of_the_edition(
    client: httpx.AsyncClient, ana: User, database: None
) -> None:
    await many("nps", {9: 40}, country="EE", locale="et")
    await others()
    await late("noliktavā", 8)
    await others("ar")
    await late("المستودع", 8, language="ar")
    await catch_up()
    edition, page = await figures(WEEK, await organisation(), at=AT), await of()
    shown = {pain["theme"]: pain["words"] for pain in page["pain_points"]}
    assert shown == {pain["theme"]: pain["words"] for pain in edition["pain_points"]}
    assert {(each["language"], each["word"], each["x"]) for each in shown["delivery"]} == {
        ("lv", "iestrēga", 8), ("lv", "noliktavā", 8), ("ar", "متأخر", 8), ("ar", "المستودع", 8),
    }  # fmt: skip
    tree = await seen(client)
    assert words(tree, "//dl[contains(@class, 'marked')]/dt") == ["Delivery"]
    (said,) = words(tree, "//dl[contains(@class, 'marked')]/dd")
    assert {each.split(": ")[0] for each in said.split(" · ")} == {"Arabic", "Latvian"}
    assert {(each.get("lang"), each.get("dir")) for each in tree.xpath("//dl/dd/bdi[@lang]")} == {
        ("ar", "rtl"),
        ("lv", "ltr"),
    }
    # A language that the week hides has none, and a view with filters has none at all.
    filtered = await of(language="lv")
    assert filtered["tiles"]["responses"]["n"]
    assert [pain["words"] for pain in filtered["pain_points"]] == [[]] * len(filtered["pain_points"])
    assert not (await seen(client, "/dashboard?week=2026-W40&language=lv")).xpath(
        "//dl[@class='facts marked']"
    )
    for _ in range(2):
        await answer("nps", 1, text="hilja", themes=["delivery"], language="lt")
    await catch_up()
    await renewed()
    hidden = {row["group"] for row in (await of())["suppressed"] if row["level"] == "language"}
    told = {each["language"] for pain in (await of())["pain_points"] for each in pain["words"]}
    assert hidden
    assert not hidden & told


async def test_a_reason_that_more_people_leave_for_has_the_colour_of_harm(
    client: httpx.AsyncClient, ana: User, answers: None
) -> None:
    for ago in range(1, 6):
        for _ in range(24):
            await answer("exit", "no_longer_needed", ago=ago)
    for _ in range(40):
        await answer("exit", "price_too_high")
    await catch_up()
    tree = await seen(client)
    (said,) = tree.xpath("//tr[th[.='Reasons for leaving: Price too high']]/td[@data-label='How sure it is']")
    assert "rose, beyond chance" in said.text_content()
    assert said.xpath(".//*[@fill='#b4531f']")
    assert not said.xpath(".//*[@fill='#2166a5']")
