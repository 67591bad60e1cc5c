"""Sections of the weekly edition: languages, touchpoints and segments beside each other, and what emerges."""

import re
from typing import Any

import pytest
from lxml import html

from surveys.digests import headline, sentences
from surveys.digests.build import figures
from surveys.digests.group_moves import moved_in_groups
from surveys.digests.group_names import group_name
from surveys.digests.notes import windows
from surveys.digests.page import hidden_lines, laid_out
from surveys.digests.page_room import is_crowded, is_full
from surveys.digests.render import document, render
from surveys.digests.worldmap import MIDDLES
from surveys.i18n import DIGEST_LOCALES, speaking
from surveys.names import CULTURE_CLUSTERS, code_name
from surveys.responses.models import Response
from tests.surveys.digests.test_pdf import words
from tests.surveys.digests.week import AT, WEEK, answer, many, mention, organisation


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
    shown = [(row["name"], row["n"], row["score"], row["interval"], row["verdict"]) for row in table["rows"]]
    hidden = sorted(row["group"] for row in found["touchpoints"] if row["suppressed"])
    assert hidden
    assert table["title"] == "By touchpoint"
    (store,) = table["rows"]
    assert (store["before"], store["before_n"], store["moved"]) == (
        "100",
        "n\u00a0=\u00a0190",
        "0 (−16 to +4)",
    )
    assert shown == [("Store", "38", "100", "83 to 100 (n\u00a0=\u00a038)", "no clear change")]
    assert (
        table["few"]
        == "Hidden, because too few answered or it would reveal a group of too few: Fair and Web."
    )
    assert "Nothing new: no complaint appeared or rose beyond chance." in page(found)


async def test_nothing_is_said_to_emerge_or_not_where_no_complaint_could_be_tested(database: None) -> None:
    for ago in range(1, 9):
        await many("nps", {9: 10}, ago=ago)
    await many("nps", {9: 20})
    for number in range(6):
        await answer("nps", 2, text=f"Late {number}", themes=["delivery"], customer=str(number))
    found = await edition()
    assert [pain["change"]["reason"] for pain in found["pain_points"]] == ["too_few"]
    assert laid(found)["emerging"] is None
    assert "Nothing new" not in page(found)


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ((13, 8, 4), [[["languages"], ["touchpoints", "segments"]]]),
        ((2, 2, 9), [[["languages", "touchpoints"], ["segments"]]]),
        ((30, 19, 30), [[["languages"], ["touchpoints"]], [["segments"]]]),
        ((0, 3, 0), [[["touchpoints"]]]),
    ],
)
async def test_tables_share_a_page_where_there_is_room(
    database: None, rows: tuple[int, ...], columns: list[list[list[str]]]
) -> None:
    await many("nps", {9: 40})
    found = await edition()
    (row,) = found["languages"]
    titles = {"By language": "languages", "By touchpoint": "touchpoints", "By segment": "segments"}
    for level, n in zip(titles.values(), rows, strict=True):
        found[level] = [{**row, "group": f"lv-{at}" if level != "languages" else "lv"} for at in range(n)]
    tables = laid(found)["small_tables"]
    assert [[[titles[table["title"]] for table in column] for column in pair] for pair in tables] == columns
    cut = [table["is_cut"] for pair in tables for column in pair for table in column]
    assert cut == [n > 20 for n in rows if n]


async def test_too_little_history_is_said_once_and_takes_no_columns(database: None) -> None:
    await many("nps", {9: 40})
    for number in range(7):
        await answer("nps", 1, text=f"Paka kavējas {number}", themes=["delivery"])
    text = page(await edition())
    tree = html.fromstring(text)
    heads = {" ".join(head.text_content().split()) for head in tree.xpath("//th[@scope='col']")}
    assert heads.isdisjoint({"Before", "Change", "Change of NPS"})
    assert "95% interval" in heads
    # In the first sentence, and where the method says what is compared with what.
    assert text.count("too little history") == 2
    assert "the tick the share" not in text
    assert "come first" not in text


async def test_the_order_is_told_where_something_is_compared(database: None) -> None:
    for ago in range(5):
        await many("nps", {9: 30, 3: 10}, ago=ago)
        await many("nps", {9: 3, 3: 4}, ago=ago, country="JP", locale="ja")
    found = await edition()
    (north, east) = laid(found)["regions"]["rows"]
    assert (north["name"], north["interval"], north["before"], north["before_n"], north["moved"]) == (
        "Northern Europe", "21 to 72 (n\u00a0=\u00a040)", "50", "n\u00a0=\u00a0160", "0 (−32 to +27)",
    )  # fmt: skip
    assert (east["name"], east["interval"], east["moved"], east["verdict"]) == (
        "Eastern Asia", "−67 to 47 (n\u00a0=\u00a07)", None, "too few to say",
    )  # fmt: skip
    text = page(found)
    assert "those that moved furthest, up or down, come first, the others by name." in text
    assert "Largest countries shown" in text


async def test_a_last_column_stands_only_where_a_row_fills_it(database: None) -> None:
    await many("nps", {9: 30, 3: 10})
    for number in range(7):
        await answer("nps", 1, text=f"Paka kavējas {number}", themes=["delivery"])
    heads = ("Most frequent complaints shown", "Largest countries shown")
    found = await edition()
    assert [head in page(found) for head in heads] == [True, True]
    for row in (*found["regions"], *found["cultures"]):
        row["themes"], row["countries"] = [], []
    assert [head in page(found) for head in heads] == [False, False]


async def test_the_end_of_the_method_is_not_torn(database: None) -> None:
    await many("nps", {9: 40})
    found = await edition()
    codes = (
        "ar",
        "de",
        "en",
        "es",
        "et",
        "fi",
        "fr",
        "he",
        "hu",
        "id",
        "it",
        "ja",
        "ko",
        "lt",
        "lv",
        "nl",
        "pl",
    )
    found["accuracy"] = [
        {"language": code, "n": 500, "f1": 60.0, "low": 55.0, "high": 64.0} for code in codes
    ]
    whole = html.fromstring(page(found)).xpath("//section[@class='method']/div[@class='whole']")
    assert len(whole) == 1
    text = " ".join(whole[0].text_content().split())
    assert text.startswith("Fewer than four weeks")
    assert "Polish: 60 [55, 64] on 500 comments" in text
    assert text.endswith("registered marks of Bain & Company, NICE Systems and Fred Reichheld.")


async def test_a_figure_is_hidden_in_a_word_with_one_note(database: None) -> None:
    for ago in range(5):
        await many("nps", {9: 40}, ago=ago)
    found = await edition()
    (row,) = found["regions"]
    row["nps"] = {"suppressed": True}
    row["before"], row["change"] = None, {**row["change"], "reason": "suppressed"}
    gone = {**row, "group": "151", "suppressed": True, "status": "suppressed"}
    found["regions"] = [{**row, "status": "insufficient"}, gone]
    table = laid(found)["regions"]
    assert [(each["name"], each["unsaid"], each["score"]) for each in table["rows"]] == [
        ("Northern Europe", "hidden", None)
    ]
    text = page(found)
    note = "A figure is hidden where it would reveal a group of too few. Hidden, because too few answered or it would"
    assert text.count(note) == 1
    assert "reveal a group of too few: Eastern Europe." in text
    assert "hidden, as it would" not in text


def test_what_is_hidden_is_named_at_every_level() -> None:
    hidden = [
        ("continent", "009"), ("region", "053"), ("country", "AT"), ("culture", "anglo"), ("language", "sk"),
        ("touchpoint", "call_centre"), ("segment", "at_risk"), ("survey", "Spring"),
    ]  # fmt: skip
    with speaking("en", "digest"):
        lines = hidden_lines([{"level": level, "group": group} for level, group in hidden])
    assert lines == [
        "Continent: Oceania", "Region: Australasia", "Country: Austria", "Culture cluster (by country): Anglo",
        "Language: Slovak", "Touchpoint: Call centre", "Segment: At risk", "Survey: Spring",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name"),
    [("at_risk", "At risk"), ("store", "Store"), ("VIP_club", "VIP club"), ("iPhone", "iPhone"), ("_", "_")],
)
def test_a_code_is_read_as_people_read_it(code: str, name: str) -> None:
    assert code_name(code) == name


def finding(kind: str, level: str, group: str, flag: str = "alert", **more: Any) -> dict[str, Any]:
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
        ("Touchpoint: Store", "rising", "5.0%", "200")
    ]
    text = page(found)
    assert "New or rising, beyond chance" in text
    assert "To be watched: this may be chance" in text
    assert "Nothing new" not in text
    # A space at the end of a line would set a number off from that under it.
    shares = re.findall(r"[\d.]+%\s*<br />", text.partition("New or rising, beyond chance")[2])
    assert shares == ["24.0%<br />", "5.0%<br />", "24.0%<br />"]


@pytest.mark.parametrize("locale", DIGEST_LOCALES)
def test_a_culture_is_not_called_as_a_region_is(locale: str) -> None:
    with speaking(locale, "digest"):
        regions = {group_name("region", code) for code in MIDDLES}
        cultures = [group_name("culture", slug) for slug in CULTURE_CLUSTERS]
    assert regions & set(cultures) == set()
    assert len(set(cultures)) == len(cultures)


async def test_what_moved_says_which_eastern_europe(database: None) -> None:
    await many("nps", {9: 40, 3: 10})
    found = await edition()
    at = [("region", "151"), ("culture", "eastern-europe"), ("culture", "anglo")]
    found["findings"] = [
        finding("rising", level, group, base=None, p=n / 1000, low=1.0, high=9.0)
        for n, (level, group) in enumerate(at, 1)
    ]
    with speaking("en", "digest"):
        moved = moved_in_groups(found)
    assert moved is not None
    wheres = {row["where"] for row in moved["rows"]}
    assert wheres == {"Eastern Europe", "Culture cluster: Eastern Europe", "Anglo"}


async def test_nobody_knows_where_is_no_group_that_moves(database: None) -> None:
    for ago in range(1, 6):
        await many("nps", {9: 100}, ago=ago, country=None, locale=None)
        await many("nps", {9: 100}, ago=ago)
    await many("nps", {3: 100}, country=None, locale=None)
    await many("nps", {9: 100})
    found = await edition()
    levels = ("continents", "regions", "cultures")
    unknown = [row for level in levels for row in found[level] if row["group"] == "unknown"]
    assert [(row["status"], row["change"]["reason"]) for row in unknown] == [("insufficient", "no_place")] * 3
    assert [each for each in found["findings"] if each["group"] == "unknown"] == []
    rows = laid(found)["regions"]["rows"]
    assert [(row["name"], row["verdict"]) for row in rows][-1] == ("Unknown region", "not compared")


def test_the_same_people_at_two_levels_are_one_row() -> None:
    told: dict[str, Any] = {"base": 5.0, "p": 0.001, "flag": "alert"}
    other = {"now": {"x": 12, "n": 60, "share": 20.0}}
    found = {
        "findings": [
            finding("rising", "continent", "009", **told),
            finding("rising", "region", "053", **told),
            finding("rising", "culture", "anglo", **told),
            finding("rising", "touchpoint", "store", **told),
            finding("rising", "region", "154", **told),
            finding("rising", "culture", "eastern-europe", **told | other),
        ],
        "continents": [], "regions": [], "cultures": [], "touchpoints": [],
    }  # fmt: skip
    with speaking("en", "digest"):
        moved = moved_in_groups(found)
    assert moved is not None
    assert sorted(row["where"] for row in moved["rows"]) == [
        "Australasia", "Culture cluster: Eastern Europe", "Northern Europe", "Touchpoint: Store",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        ([8, 8], "Culture clusters are compared with the 8 weeks before."),
        ([7, 26], "Culture clusters are compared with 7 to 26 weeks before."),
        ([], None),
    ],
)
def test_the_weeks_of_cultures_are_those_in_fact_used(weeks: list[int], said: str | None) -> None:
    rows = [{"status": "ok", "change": {"weeks": n}} for n in weeks]
    few = {"status": "insufficient", "change": {"weeks": 3}}
    with speaking("en", "digest"):
        told = windows({"weeks_before": 7, "cultures": [*rows, few]})
    first = "Scores, themes and regions are compared with the 7 weeks before."
    assert told == (f"{first} {said}" if said else first)
    with speaking("en", "digest"):
        alike = windows({"weeks_before": 7, "cultures": [{"status": "ok", "change": {"weeks": 7}}, few]})
    assert alike == "Scores, themes, regions and culture clusters are compared with the 7 weeks before."


def place(level: str, group: str, arrow: str) -> dict[str, Any]:
    return {
        "level": level,
        "group": group,
        "x": 9,
        "n": 41,
        "share": 100 * 9 / 41,
        "elsewhere": 100 * 12 / 504,
        "change": {"arrow": arrow},
    }


def test_who_and_since_when_and_where_are_said_with_n() -> None:
    pain: dict[str, Any] = {
        "since": 2, "change": {"arrow": "none"}, "detractors": 17, "detractors_of": 216, "detractor_share": 100 * 17 / 216,
        "detractor_low": 5.0, "detractor_high": 12.2,
        "standing_out": [place("touchpoint", "delivery", "up"), place("language", "zh", "up")],
    }  # fmt: skip
    with speaking("en", "digest"):
        assert sentences.among_detractors(pain) == "7.9% of those who gave a low score (17 of 216)"
        assert sentences.among_between(pain) == "95% interval 5.0% to 12.2%"
        assert sentences.since(pain) == (
            "More than on average over all weeks compared, now and in each of the 2 weeks before."
        )
        # Two weeks are soon a chance; the weeks of two periods need not follow one another.
        apart: list[dict[str, Any]] = [
            {"since": 1},
            {"since": 0},
            {"since": None},
            {"change": {"named": "October 2026"}},
        ]
        assert [sentences.since({**pain, **each}) for each in apart] == [None] * 4
        assert sentences.places(pain) == (
            "More than elsewhere in: Delivery (touchpoint: 22.0% of 41, elsewhere 2.4%) and Chinese (language: 22.0% of 41, "
            "elsewhere 2.4%)."
        )
        assert sentences.places(pain, 1) == (
            "More than elsewhere in: Delivery (touchpoint: 22.0% of 41, elsewhere 2.4%)."
        )
        hidden = pain | dict.fromkeys(("detractors", "detractors_of", "detractor_share", "since"))
        assert (sentences.among_detractors(hidden), sentences.since(hidden)) == (None, None)


def test_what_is_asked_names_where_a_pain_point_stands() -> None:
    pains = [
        {"theme": code, "change": {"arrow": "none"}, "standing_out": [place("touchpoint", "shop", "up")]}
        for code in ("delivery", "technical", "price_value")
    ]
    found = {"tiles": {}, "findings": [], "unanalysed": 0}
    north = [place("touchpoint", "shop", "up"), place("region", "154", "up")]
    with speaking("en", "digest"):
        asked = headline.asked(
            {**found, "pain_points": [*pains[:2], pains[2], {**pains[0], "standing_out": north}]}
        )
        shown = headline.asked({**found, "pain_points": [{**pains[0], "standing_out": north}, *pains[1:]]})
    assert asked == [
        "Ask the teams of Northern Europe about this pain point: Delivery (under “All pain points”)."
    ]
    assert shown == ["Ask the teams of Northern Europe about this pain point: Delivery."]


def test_page_one_is_set_closer_where_much_is_to_be_said() -> None:
    pain: dict[str, Any] = {
        "shares": "s" * 40,
        "among": "a" * 40,
        "most": None,
        "where": "w" * 90,
        "since": None,
        "change": {"said": "no"},
    }
    tiles = [{"changes": [{}, {}]}, {"changes": []}]
    short = {"headline": ["h" * 55], "tiles": tiles, "top": [pain] * 3, "asked": ["x" * 100]}
    assert not is_crowded(short)
    assert is_crowded({**short, "headline": ["h" * 500]})
    wordy = {**short, "top": [{**pain, "where": "広" * 120, "change": {"said": "no"}}] * 3}
    assert is_crowded(wordy)
    assert not is_full(wordy)
    assert is_full({**wordy, "headline": ["h" * 100] * 2})
    assert is_crowded({**short, "scope_said": "s" * 600})


@pytest.mark.journey
@pytest.mark.parametrize("locale", ["lv", "ro", "fr"])
async def test_page_one_of_a_bad_week_ends_with_what_is_asked(database: None, locale: str) -> None:
    for ago in range(6):
        low = 30 if ago == 0 else 6
        await many("nps", {9: 40 - low, 3: low}, ago=ago)
        await many("csat", {5: 40 - low, 1: low}, ago=ago)
        await many("ces", {6: 40 - low, 1: low}, ago=ago)
    for theme in ("delivery", "information", "price"):
        for number in range(20):
            await answer(
                "nps", 1, text=f"Kavējās {theme} {number}", themes=[theme], customer=f"{theme} {number}"
            )
    found = await edition()
    among = {"detractor_share": 54.9, "detractors": 113, "detractors_of": 206}
    places = [place("region", "015", "up") | {"n": 34, "share": 52.9, "elsewhere": 31.4}]
    for pain in found["pain_points"]:
        pain.update(among | {"standing_out": places})
        pain["impact"] |= {"points": -21.6, "low": -28.9, "high": -14.5}
        pain["quote"] = {**found["quotes"][0], "text": "Die Lieferung kam zu spät, niemand sagte etwas. " * 2}
        pain["points"] = [
            {
                "pain_point": "1", "kind": "new", "title": "Die Lieferung kam zu spät und niemand sagte etwas " * 2,
                "known": None, "quote": None, "now": pain["now"], "change": pain["change"], "since": None,
                "before": pain["before"], "languages": {"n": 3, "named": [], "others": 20}, "places": [],
            }
        ]  # fmt: skip
    pdf = await render(found, {"name": "Maize"}, locale)
    first = words(pdf).partition("\f")[0]
    with speaking(locale, "digest"):
        asked = headline.asked(found)
    assert len(asked) == 3
    assert "".join(asked[-1].split()) in "".join(first.split())


@pytest.mark.journey
async def test_a_long_word_is_broken_and_not_set_over_what_stands_beside_it(database: None) -> None:
    for number in range(7):
        await answer(
            "nps", 2, text=f"Kurjers kavējās {number}. reizi", themes=["delivery"], customer=str(number)
        )
    for author in "abcdefg":
        await mention(author, "negative", theme="delivery")
    found = await edition()
    name, forum = "Versandabwicklungs" * 3, "forum.of.all.of.our.customers.in.the.north.example"
    found["theme_names"] = {"delivery": {"en": name}}
    found["mentions"]["sources"] = [{"source": forum, "n": 7}]
    shown = words(await render(found, {"name": "Maize"}, "en"))
    first = [line.strip() for line in shown.partition("\f")[0].splitlines()]
    # Sentences are wide enough for it; as a title it stands beside a quote.
    assert [line for line in first if line.startswith(name) and not line.endswith(".")] == []
    assert any(line.startswith(name[:36]) and name not in line for line in first)
    assert forum not in shown
    assert forum[:12] in shown


async def test_a_table_without_a_row_is_left_out(database: None) -> None:
    await answer("nps", 2, text="vienīgais", themes=["delivery"])
    shown = html.fromstring(page(await edition()).encode())
    assert shown.xpath("//table[contains(@class, 'groups')]") == []
    assert shown.xpath("//div[@class='map']") == []
    assert shown.xpath("//p[@class='warning']") == []
    notes = [" ".join(note.text_content().split()) for note in shown.xpath("//h2[.='By region']/..//p")]
    assert notes == [
        "Hidden, because too few answered or it would reveal a group of too few: Northern Europe."
    ]


@pytest.mark.parametrize(
    ("metric", "before", "now", "told"),
    [
        (
            "csat", {5: 30, 1: 10}, {5: 10, 1: 30},
            ["Northern Europe", "43", "25%", "14% to 40% (n = 40)", "75%n = 200", "fell, beyond chance−50 (−62 to −33)"],
        ),
        (
            "ces", {6: 30, 2: 10}, {6: 10, 2: 30},
            ["Northern Europe", "43", "3.0", "2.4 to 3.6 (n = 40)", "5.0n = 200", "fell, beyond chance−2.0 (−2.6 to −1.4)"],
        ),
    ],
)  # fmt: skip
async def test_groups_are_told_by_the_score_that_was_asked_for(
    database: None, metric: str, before: dict[int, int], now: dict[int, int], told: list[str]
) -> None:
    for ago in range(6):
        await many(metric, before if ago else now, ago=ago)
    # Too few to be told of.
    await many("nps", {9: 3})
    found = await edition()
    assert found["scored"] == metric
    (northern,) = found["regions"]
    assert northern["distribution"] == {
        str(score): now.get(score, 0) for score in (range(1, 6) if metric == "csat" else range(1, 8))
    }
    shown = html.fromstring(page(found).encode())
    (table,) = shown.xpath("//table[thead//th[.='Region']]")
    heads = [" ".join(head.text_content().split()) for head in table.xpath(".//th[@scope='col']")]
    score = metric.upper()
    assert heads == ["Region", "Answers", score, "95% interval", "Before", f"Change of {score}"]
    cells = [" ".join(cell.text_content().split()) for cell in table.xpath(".//tbody/tr/*")]
    assert cells == told
    assert f"where {score} moved beyond chance" in page(found)


async def test_a_group_without_the_score_of_its_table_says_so(database: None) -> None:
    for ago in range(6):
        await many("nps", {9: 40}, ago=ago)
        await many("ces", {6: 30, 2: 10}, ago=ago, country="DE", locale="de")
    shown = html.fromstring(page(await edition()).encode())
    assert {"no NPS answers"} == {cell.text for cell in shown.xpath("//td[@class='unsaid']")}


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("en", "Language: language not recognised and Slovak"),
        ("fr", "Langue\u00a0: langue non reconnue et slovaque"),
        ("de", "Sprache: Slowakisch und Sprache nicht erkannt"),
    ],
)
def test_a_list_writes_languages_as_its_language_does(code: str, line: str) -> None:
    with speaking(code, "digest"):
        assert hidden_lines([{"level": "language", "group": group} for group in ("und", "sk")]) == [line]
