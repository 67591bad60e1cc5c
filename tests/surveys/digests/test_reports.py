"""Months, quarters, two periods, one survey, one theme: asked for, counted, hidden, made."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import httpx2 as httpx
import numpy as np
import pytest

from surveys.accounts.models import User
from surveys.counts.upkeep import catch_up
from surveys.digests import report_make
from surveys.digests.asked import asked_by_options, asked_of
from surveys.digests.build import figures
from surveys.digests.make import facts
from surveys.digests.models import Report
from surveys.digests.over_weeks import hidden_in_sum
from surveys.digests.parsed import BARE_AMPERSAND
from surveys.digests.periods import period_of
from surveys.digests.render import document
from surveys.digests.report_make import make_due_reports
from surveys.digests.report_page import laid_report
from surveys.digests.report_shelf import request_report, shelved
from surveys.digests.reports import report_figures
from surveys.digests.source import COUNTED, RAW
from surveys.due import MOST_ATTEMPTS
from surveys.erasure.erase import Person, erase
from surveys.errors import NotFound, Refused
from surveys.i18n import DIGEST_LOCALES, speaking
from surveys.suppression import suppressed
from surveys.verbatims.models import Verbatim
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

DOCS = Path(__file__).parents[3] / "docs" / "digest.md"


async def filled() -> None:
    """Ten weeks of answers; complaints about delivery from Latvia jump in the last, 2026-W40."""
    for ago in range(10):
        await many("nps", {10: 12, 8: 6, 3: 14}, ago=ago)
        await many("nps", {9: 9, 2: 3}, ago=ago, country="US", locale="en")
        await many("csat", {5: 6, 2: 3}, ago=ago)
        for number in range(1 if ago else 20):
            await answer("nps", 2, ago=ago, text=f"Piegāde kavējas {ago}.{number}", themes=["delivery"])
        await answer("nps", 2, ago=ago, text=f"Dārgi {ago}", themes=["price"], country="US", locale="en")


async def told(key: str, **named: Any) -> dict[str, Any]:
    return await report_figures(asked_of(key), await organisation(), at=AT, **named)


@pytest.mark.parametrize(
    ("key", "first", "last", "span"),
    [
        ("2026-W40", "2026-W40", "2026-W40", 1),
        ("2026-10", "2026-W40", "2026-W44", 5),
        ("2026-12", "2026-W49", "2026-W53", 5),
        ("2027-01", "2027-W01", "2027-W04", 4),
        ("2026-Q3", "2026-W27", "2026-W39", 13),
        ("2026-Q4", "2026-W40", "2026-W53", 14),
        ("2026-W38..2026-W40", "2026-W38", "2026-W40", 3),
    ],
)
def test_periods_are_whole_weeks(key: str, first: str, last: str, span: int) -> None:
    period = period_of(key)
    assert (period.key, str(period.first), str(period.last), period.span) == (key, first, last, span)
    months = [week for month in period.months for week in month.weeks]
    assert months == (period.weeks if period.kind == "quarter" else [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-13",
        "2026-Q5",
        "2026-W54",
        "2026-W40..2026-W39",
        "2020-W01..2026-W01",
        "9999-12",
        "0001-01",
        "0001-Q2",
        "0002-W01",
        "1989-12",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        period_of(text)


def test_periods_that_share_weeks_are_not_compared() -> None:
    assert asked_of("2026-10~2026-W39").key == "2026-W39~2026-10"
    with pytest.raises(Refused):
        asked_of("2026-10~2026-W40")


@pytest.mark.parametrize("key", ["2026-W36~2026-W40", "2026-09~survey~nps"])
async def test_tables_and_rows_give_the_same_report(database: None, key: str) -> None:
    await filled()
    await organisation()
    await catch_up()
    assert await told(key, source=RAW) == await told(key, source=COUNTED)


async def test_a_month_is_its_weeks_together(database: None) -> None:
    await filled()
    maize = await organisation()
    weeks = [await figures(week, maize, at=AT) for week in period_of("2026-09").weeks]
    month = await told("2026-09")
    assert month["tiles"]["responses"]["n"] == sum(week["tiles"]["responses"]["n"] for week in weeks)
    assert month["tiles"]["nps"]["detractors"] == sum(week["tiles"]["nps"]["detractors"] for week in weeks)
    assert (month["week"], month["from"], month["to"]) == ("2026-09", "2026-08-31", "2026-09-27")
    # Five weeks came before, which is as many as the month has and more than four.
    assert (month["history"], month["weeks_before"]) == (5, 5)
    assert month["tiles"]["nps"]["change"]["reason"] == "tested"
    # Of two months there are too few before.
    short = await told("2026-W33..2026-W38")
    assert (short["weeks_before"], short["tiles"]["nps"]["change"]["reason"]) == (0, "history")


async def test_a_jump_is_found_against_another_period(database: None) -> None:
    await filled()
    found = await told("2026-W38..2026-W39~2026-W40")
    (finding,) = [
        each for each in found["findings"] if each["level"] == "all" and each["theme"] == "delivery"
    ]
    assert (finding["kind"], finding["flag"], finding["now"]["x"], finding["before"]) == (
        "new", "alert", 20, {"x": None, "n": 110, "weeks": 2, "share": None},
    )  # fmt: skip
    assert found["edition"]["base"]["key"] == "2026-W38..2026-W39"
    assert found["tiles"]["responses"]["change"]["mean"] == 55


async def test_a_theme_is_told_across_regions(database: None) -> None:
    await filled()
    found = await told("2026-W40~theme~delivery")
    regions = {
        row["group"]: (row.get("x"), row.get("n"), row["suppressed"]) for row in found["theme"]["regions"]
    }
    assert regions == {"021": (0, 13, False), "154": (20, 61, False)}
    told_of = laid_report(found)["theme"]["tables"]
    rows = {row["name"]: row["stands_out"] for table in told_of for row in table["rows"]}
    assert rows["Northern America"] is False
    html = document({"figures": found, "organisation": facts(await organisation()), "locale": "en"})
    assert html.count('class="number clear"') == sum(rows.values())
    # No table of all themes follows that has the interval.
    assert re.findall(r"Goes with[^<]*", html) == [
        "Goes with −32.8 points of NPS (95% interval −48.3 to −20.3)."
    ]
    assert {quote["theme"] for quote in found["quotes"]} == {"delivery"}
    assert [pain["theme"] for pain in found["pain_points"]] == ["delivery"]
    with pytest.raises(NotFound):
        await told("2026-W40~theme~nonsense")
    with pytest.raises(NotFound):
        await told("2026-W40~survey~nonsense")


async def test_a_theme_has_the_groups_that_are_told_what_nobody_knows_last(database: None) -> None:
    await filled()
    found = await told("2026-W40~theme~delivery")
    shown = [{**found["theme"]["regions"][0], "group": code, "suppressed": False} for code in ("mixed", "tr")]
    found["theme"]["languages"] = [*shown, {"group": "lt", "suppressed": True}]
    with speaking("lv", "digest"):
        (languages,) = (
            table for table in laid_report(found)["theme"]["tables"] if table["group"] == "Valoda"
        )
    assert [row["name"] for row in languages["rows"]] == ["Turku", "Vairākas valodas"]


async def test_a_report_of_a_theme_says_once_why_a_dash_stands_for_a_share(database: None) -> None:
    await filled()
    found = await told("2026-W40~theme~delivery")
    rows = [row for name in ("regions", "cultures", "languages") for row in found["theme"][name]]
    assert [row["group"] for row in rows if row.get("few")] == ["021", "anglo", "en"]
    with speaking("en", "digest"):
        tables = laid_report(found)["theme"]["tables"]
    html = document({"figures": found, "organisation": facts(await organisation()), "locale": "en"})
    said = "Where there are fewer than 30 answers, a dash stands instead of a share."
    assert [table["says_dash"] for table in tables] == [True, False, False]
    assert html.count(said) == 1
    assert html.index("By region") < html.index(said) < html.index("By culture cluster")
    for row in rows:
        row["few"] = False
    html = document({"figures": found, "organisation": facts(await organisation()), "locale": "en"})
    assert said not in html


async def test_words_of_a_theme_stand_before_its_tables(database: None) -> None:
    await filled()
    found = await told("2026-W40~theme~delivery")
    found["pain_points"][0]["words"] = [{"language": "lv", "word": "kurjers"}]
    html = document({"figures": found, "organisation": facts(await organisation()), "locale": "en"})
    assert 0 < html.index("kurjers") < html.index("Words mark a theme") < html.index("<h2>By region</h2>")
    # A lead keeps to the table after it (templates/digests/report.css).
    first = re.search(r'<h2>By region</h2>\s*<p class="lead">[^<]*</p>\s*<table', html)
    assert first is not None


async def test_one_survey_alone(database: None) -> None:
    await filled()
    found = await told("2026-09~survey~csat")
    assert found["tiles"]["responses"]["n"] == found["tiles"]["csat"]["n"] == 36
    assert found["tiles"]["nps"]["n"] == 0
    assert "survey=csat" in found["tiles"]["responses"]["link"]


async def test_a_survey_is_not_compared_with_weeks_before_it_began(database: None) -> None:
    for ago in range(1, 30):
        await many("nps", {9: 30, 3: 20}, ago=ago)
        if ago <= 10:
            await many("csat", {5: 60, 2: 40}, ago=ago)
    found = await told("2026-W38..2026-W39~survey~csat")
    tile = found["tiles"]["responses"]
    assert (tile["n"], tile["mean_before"], tile["change"]["arrow"]) == (200, 100, "none")
    assert (found["history"], found["weeks_before"], tile["change"]["weeks"]) == (8, 8, 8)
    everybody = await told("2026-W38..2026-W39")
    assert (everybody["history"], everybody["weeks_before"]) == (27, 16)


async def test_a_period_that_began_before_the_first_answer_is_compared_from_there(database: None) -> None:
    # The first answers came in 2026-W35, the last week of August.
    for ago in range(6):
        await many("nps", {9: 40, 3: 20}, ago=ago)
        await many("csat", {5: 30, 2: 15}, ago=ago)
    found = await told("2026-08~2026-09")
    base = found["edition"]["base"]
    assert (base["key"], base["first"], base["last"], base["weeks"]) == ("2026-08", "2026-W35", "2026-W35", 1)
    responses, nps = found["tiles"]["responses"], found["tiles"]["nps"]
    # As many a week as before, and nothing that was asked changed.
    assert (responses["mean_before"], found["history"], found["guarded"]) == (105, 1, [])
    assert (nps["change"]["reason"], nps["change"]["n_base"], nps["change"]["delta"]) == ("too_few", 60, None)
    assert found["tiles"]["csat"]["change"]["reason"] == "too_few"
    longer = await told("2026-W31..2026-W36~2026-W38")
    assert (longer["edition"]["base"]["weeks"], longer["tiles"]["responses"]["mean_before"]) == (2, 105)
    assert longer["tiles"]["nps"]["change"]["reason"] == "tested"
    nothing = await told("2026-07~2026-09")
    assert (nothing["history"], nothing["edition"]["base"]["weeks"]) == (0, 5)


async def test_what_moved_against_the_period_before_alone_is_said(database: None) -> None:
    # Estonians are as content as ever, but now they are most: only of many weeks there are enough of them to weigh.
    for ago in range(12):
        await many("nps", {9: 61, 3: 60} if ago > 1 else {9: 3, 3: 3}, ago=ago)
        await many("nps", {9: 4 if ago > 1 else 60}, ago=ago, country="EE")
    found = await told("2026-W39..2026-W40")
    assert found["tiles"]["nps"]["change_last_week"]["arrow"] == "up"
    assert found["tiles"]["nps"]["change"]["arrow"] == "none"
    with speaking("en", "digest"):
        assert laid_report(found)["headline"][0] == "2 weeks before: NPS (rose, beyond chance)"


async def test_a_period_long_after_the_last_answer_has_a_report(database: None) -> None:
    await many("nps", {9: 30}, ago=60)
    found = await told("2026-W40")
    assert (found["tiles"]["responses"]["n"], found["weeks_before"]) == (0, 8)
    week = await figures(WEEK, await organisation(), at=AT)
    with speaking("en", "digest"):
        assert laid_report(week)["headline"] == ["Nobody answered this week."]


def test_a_sum_does_not_tell_a_hidden_week() -> None:
    shown, hidden = [(40, False)] * 3, (9, True)
    # One hidden week is the month less the others; of two that hold k nobody knows which is which.
    assert hidden_in_sum({"a": [*shown, hidden], "b": [*shown, hidden]}, 5, strict=False) == {"a", "b"}
    two = [(40, False), (3, True), (9, True)]
    assert hidden_in_sum({"a": two, "b": two}, 5, strict=False) == set()
    assert hidden_in_sum({"a": two, "b": two}, 5, strict=True) == {"a", "b"}
    few = [(40, False), (2, True), (2, True)]
    assert hidden_in_sum({"a": few, "b": two}, 5, strict=False) == {"a"}
    # Hidden in every week, but not few in the month.
    steady = [(3, True)] * 3
    assert hidden_in_sum({"a": steady, "b": steady}, 5, strict=False) == set()
    assert hidden_in_sum({"a": [(1, True)] * 3}, 5, strict=False) == {"a"}


def _solvable(table: dict[str, list[tuple[int, bool]]], gone: frozenset[str]) -> set[tuple[str, int]]:
    """The hidden cells that the printed totals determine, by linear algebra."""
    names, weeks = list(table), len(next(iter(table.values())))
    unknown = [
        (name, at) for name in names for at in range(weeks) if table[name][at][1] and table[name][at][0]
    ]
    if not unknown:
        return set()
    rows = [[float(name == each) for name, _at in unknown] for each in names if each not in gone]
    rows += [[float(at == each) for _name, at in unknown] for each in range(weeks)]
    matrix = np.array(rows).reshape(-1, len(unknown))
    rank = np.linalg.matrix_rank(matrix) if unknown else 0
    return {
        cell
        for place, cell in enumerate(unknown)
        if np.linalg.matrix_rank(np.vstack([matrix, np.eye(len(unknown))[place]])) == rank
    }


@pytest.mark.parametrize("seed", range(60))
def test_no_hidden_cell_can_be_solved_for(seed: int) -> None:
    lot = np.random.default_rng(seed)
    names, weeks = [f"g{number}" for number in range(5)], 4
    counts = lot.poisson(lot.choice([2, 6, 30], (5, 1)), (5, weeks))
    table: dict[str, list[tuple[int, bool]]] = {name: [] for name in names}
    for week in range(weeks):
        gone = suppressed({name: int(counts[at, week]) for at, name in enumerate(names)}, 5)
        for at, name in enumerate(names):
            table[name].append((int(counts[at, week]), name in gone))
    hidden = hidden_in_sum(table, 5, strict=False)
    assert {name for name, _week in _solvable(table, hidden)} <= hidden


async def test_a_month_hides_what_one_of_its_weeks_hid(database: None) -> None:
    for ago in range(5):
        await many("nps", {9: 20, 3: 10}, ago=ago)
        await many("nps", {9: 12, 3: 10}, ago=ago, country="US", locale="en")
        await many("nps", {9: 3 if ago == 2 else 12}, ago=ago, country="JP", locale="ja")
    month = await told("2026-09")
    regions = {row["group"]: row["suppressed"] for row in month["regions"]}
    # Japan was hidden in one week, and the United States with it: the month less the others would tell both.
    assert regions["030"] is True
    assert regions["021"] is True


@pytest.mark.parametrize("locale", DIGEST_LOCALES)
async def test_reports_are_written_in_every_language(database: None, locale: str) -> None:
    await filled()
    organised = facts(await organisation())
    for key in ("2026-09", "2026-W39~2026-W40", "2026-W40~theme~delivery", "2026-W38..2026-W40~survey~nps"):
        html = document({"figures": await told(key), "organisation": organised, "locale": locale})
        said = re.sub(r"<[^>]+>", " ", html)
        assert "2026-" in said
        assert "%(" not in said
        # Well-formed, so that the quick parser reads it (surveys/digests/parsed.py).
        ET.fromstring(BARE_AMPERSAND.sub("&amp;", html))
        if locale != "en":
            assert re.search(r"\bperiod\b", said) is None


async def test_a_report_is_asked_for_made_and_kept(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    await filled()
    maize = await organisation()

    async def render(found: dict[str, Any], _organisation: dict[str, Any], locale: str) -> bytes:
        return f"%PDF {found['week']} {locale}".encode()

    monkeypatch.setattr(report_make, "render", render)
    for locale in ("en", "lv"):
        await request_report(asked_of("2026-09"), locale, maize)
        assert await make_due_reports() == 1
        await many("nps", {3: 4}, ago=1)  # an answer comes in late
    one, other = await Report.all().order_by("id")
    assert (bytes(one.pdf or b""), bytes(other.pdf or b"")) == (b"%PDF 2026-09 en", b"%PDF 2026-09 lv")
    assert one.figures == other.figures
    (shelf,) = await shelved()
    assert (shelf.asked.key, shelf.editions) == ("2026-09", [("en", "made"), ("lv", "made")])
    with pytest.raises(Refused):
        await request_report(asked_of("2099-09"), "en", maize)


@pytest.mark.parametrize(("key", "ago"), [("2026-09", 4), ("2026-09", 30), ("2026-W38~2026-W40", 2)])
async def test_a_report_waits_for_the_words_of_all_its_weeks(
    database: None, monkeypatch: pytest.MonkeyPatch, key: str, ago: int
) -> None:
    async def render(found: dict[str, Any], _organisation: dict[str, Any], locale: str) -> bytes:
        return b"%PDF"

    monkeypatch.setattr(report_make, "render", render)
    maize = await organisation()
    await many("nps", {9: 30}, ago=1)
    response = await answer("nps", 3, ago=ago, text="Ko tas nozīmē?")
    waiting = Verbatim.filter(response_id=response.id)
    await waiting.update(analysed_at=None)
    await request_report(asked_of(key), "en", maize)
    assert (await make_due_reports(), (await Report.get()).attempts) == (0, 0)
    await waiting.update(analysed_at=AT)
    await Report.all().update(due_at=AT)
    assert await make_due_reports() == 1
    assert (await Report.get()).pdf is not None


async def test_a_report_that_nobody_can_make_is_put_aside(database: None) -> None:
    maize = await organisation()
    report = await request_report(asked_of("2026-09"), "en", maize)
    await Report.filter(id=report.id).update(last_week="0001-W04", attempts=MOST_ATTEMPTS - 1)
    assert await make_due_reports() == 1
    put_aside = await Report.get()
    assert (put_aside.due_at, put_aside.last_error) == (None, "ValueError")
    assert put_aside.parked_at


async def test_the_documentation_names_the_keys_of_reports(database: None) -> None:
    await filled()
    found = await told("2026-W40~theme~delivery")
    named = {*found["edition"], *found["edition"]["period"], *found["theme"], *found["theme"]["regions"][0]}
    documented = DOCS.read_text("utf-8")
    assert {key for key in named if f"`{key}`" not in documented} == set()


async def test_analysts_ask_for_reports_by_form(
    client: httpx.AsyncClient, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled()
    await organisation()

    async def render(*_given: object) -> bytes:
        return b"%PDF-1.7"

    monkeypatch.setattr(report_make, "render", render)
    form = {"period": "2026-W40", "with": "2026-W39", "survey": "", "theme": "", "locale": "lv"}
    refused = await client.post("/digests/reports", data={**form, "period": "<b>"})
    assert refused.status_code == 422
    assert "&lt;b&gt; is no period" in refused.text
    both = await client.post("/digests/reports", data={**form, "theme": "delivery"})
    assert both.status_code == 422
    assert (await client.post("/digests/reports", data=form)).status_code == 303
    address = "/digests/reports/2026-W39~2026-W40/lv.pdf"
    assert "being made" in (await client.get("/digests/reports")).text
    assert (await client.get(address)).status_code == 404
    await make_due_reports()
    assert f'href="{address}"' in (await client.get("/digests/reports")).text
    assert (await client.get(address)).content == b"%PDF-1.7"
    client.cookies.clear()
    assert (await client.get(address)).status_code == 303


def test_options_name_one_thing() -> None:
    assert (
        asked_by_options(["2026-10"], None, None, "delivery", ZoneInfo("UTC")).key == "2026-10~theme~delivery"
    )
    assert (
        asked_by_options([], ("2026-W44", "2026-W40"), None, None, ZoneInfo("UTC")).key == "2026-W40~2026-W44"
    )
    assert asked_by_options([], None, "nps", None, ZoneInfo("UTC")).period.kind == "quarter"
    for periods, compare, survey, theme in (
        ([], None, None, None),
        (["2026-10", "2026-Q3"], None, None, None),
        (["2026-10"], ("2026-W40", "2026-W41"), None, None),
        (["2026-10"], None, "nps", "delivery"),
    ):
        with pytest.raises(Refused):
            asked_by_options(periods, compare, survey, theme, ZoneInfo("UTC"))


async def test_what_is_erased_is_in_no_report(database: None) -> None:
    await filled()
    maize = await organisation()
    gone = await answer("nps", 1, ago=2, text="Vārds", customer="c1")
    for key in ("2026-09", "2026-W39~2026-W40"):
        await request_report(asked_of(key), "en", maize)
    await Report.all().update(due_at=None, figures={"status": "final"}, pdf=b"%PDF", built_at=AT)
    await erase(Person(customer_id="c1"))
    kept = {report.key: report.pdf is not None for report in await Report.all()}
    assert kept == {"2026-09": False, "2026-W39~2026-W40": True}
    assert gone.id is not None


async def test_a_period_that_is_not_over_goes_to_its_last_full_week(database: None) -> None:
    await filled()
    # The week that has just begun: two NPS answers would hide the score of all weeks.
    await many("nps", {10: 2}, ago=-1)
    await many("csat", {5: 4}, ago=-1)
    so_far, whole = await told("2026-W38..2026-W43"), await told("2026-W38..2026-W40")
    assert (so_far["week"], so_far["status"], so_far["weeks"]) == (
        "2026-W38..2026-W43",
        "preliminary",
        ["2026-W38", "2026-W39", "2026-W40"],
    )
    assert (so_far["to"], so_far["edition"]["until"]) == ("2026-10-04", "2026-W40")
    assert so_far["tiles"] == whole["tiles"]
    assert so_far["tiles"]["nps"]["suppressed"] is False
    assert (whole["status"], whole["edition"]["until"]) == ("final", None)
    html = document({"figures": so_far, "organisation": facts(await organisation()), "locale": "en"})
    assert "Preliminary: the period is not over. Its full weeks until 4 October 2026 are counted" in html
    quarter = await told("2026-Q4")
    assert (quarter["weeks"], quarter["edition"]["until"]) == (["2026-W40"], "2026-W40")
    # No week of it is over: what there is so far.
    begun = await told("2026-W41..2026-W43")
    assert (begun["weeks"], begun["status"], begun["edition"]["until"]) == (["2026-W41"], "preliminary", None)
    assert begun["tiles"]["responses"]["n"] == 6


async def test_a_comparison_tells_no_few_people_of_either_side(database: None) -> None:
    await filled()
    for number in range(6):
        await answer("nps", 2, ago=5, text=f"Dārgi {number}", themes=["price"])
    for number in range(60):
        await answer("nps", 2, text=f"Dārgi tagad {number}", themes=["price"])
    found = await told("2026-W33..2026-W35~2026-W40")
    pains = {
        pain["theme"]: (pain["before"]["x"], pain["before"]["suppressed"]) for pain in found["pain_points"]
    }
    # Three people of delivery; of price nine, three of them in America, which is hidden, and Latvia with it.
    assert pains == {"delivery": (None, True), "price": (9, False)}
    latvian = [
        (each["before"]["x"], each["delta"])
        for each in found["findings"]
        if (each["level"], each["group"], each["theme"]) == ("region", "154", "price")
    ]
    assert latvian == [(None, None)]
    assert [row["name"] for row in laid_report(found)["slopes"]["rows"]][-1] == "price"


async def test_a_comparison_hides_what_the_editions_of_both_weeks_hide(database: None) -> None:
    # The company of two people in India is Singapore in the week itself; beside the week before, Germany would do.
    for ago, answers in (
        (1, {"AU": 3, "DE": 6, "JP": 30, "SG": 30}),
        (0, {"IN": 2, "SG": 8, "DE": 20, "JP": 30}),
    ):
        for country, n in answers.items():
            await many("nps", {9: n}, ago=ago, country=country, locale="en")
    maize = await organisation()
    hidden = []
    for week in (*period_of("2026-W39").weeks, *period_of("2026-W40").weeks):
        alone = await figures(week, maize, at=AT)
        hidden.append({(each["level"], each["group"]) for each in alone["suppressed"]})
    assert ("region", "155") in hidden[0] - hidden[1]
    assert ("region", "035") in hidden[1] - hidden[0]
    found = await told("2026-W39~2026-W40")
    compared = {(each["level"], each["group"]) for each in found["suppressed"]}
    # India had no answers in the week before, Australia none in this one.
    assert hidden[1] <= compared
    assert ("region", "155") in compared


async def test_a_report_of_a_theme_names_what_its_own_tables_hide(database: None) -> None:
    await filled()
    for number in range(2):
        await answer("nps", 2, text=f"Late {number}", themes=["delivery"], country="US", locale="en")
    found = await told("2026-W40~theme~delivery")
    hidden = {
        name: [row["group"] for row in found["theme"][name] if row["suppressed"]]
        for name in ("regions", "cultures", "languages", "touchpoints")
    }
    assert hidden["regions"] == ["021", "154"]
    with speaking("en", "digest"):
        lines = laid_report(found)["hidden"]
    assert lines[0] == "Region: Northern America and Northern Europe"
    assert len(lines) == sum(map(bool, hidden.values()))
