"""Single pain points in the digest: who says the same in whatever language; few people hidden, also between editions."""

import re
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from lxml import html as read
from starlette.datastructures import QueryParams

from surveys.chance import wilson
from surveys.decisions.models import Decision
from surveys.digests.asked import asked_of
from surveys.digests.build import figures
from surveys.digests.gather import answer_counts, complaint_counts
from surveys.digests.judge import judged_figures
from surveys.digests.make import facts
from surveys.digests.page_one import mail_page
from surveys.digests.point_lines import point_name
from surveys.digests.render import document, render
from surveys.digests.report_page import laid_report
from surveys.digests.reports import report_figures
from surveys.digests.snapshot import Snapshot
from surveys.digests.source import RAW
from surveys.digests.weekly import WeeklyAnswer, WeeklyComplaint
from surveys.i18n import speaking
from surveys.pains.models import PainPoint, VerbatimPain
from surveys.tallies import Share
from surveys.templating import render as said
from surveys.verbatims.look import ids_for
from surveys.verbatims.models import Verbatim
from tests.surveys.digests.test_json import known, numbers
from tests.surveys.digests.test_pdf import words
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

DOCS = Path(__file__).parents[3] / "docs" / "digest.md"
K = 5


def ends(x: int, n: int) -> dict[str, float]:
    """The interval of a share, in percent."""
    low, high = wilson(Share(x, n))
    return {"low": 100 * low, "high": 100 * high}


async def name(
    pain: PainPoint | None, people: int, *, ago: int = 0, language: str = "lv", country: str = "LV"
) -> None:
    """So many people complain about delivery in a week, and name a pain point."""
    for number in range(people):
        text = f"Paka nav atnākusi jau nedēļu {pain.id if pain else ''} {number}"
        response = await answer(
            "nps", 1, ago=ago, text=text, themes=["delivery"], language=language, country=country
        )
        if pain is not None:
            verbatim = await Verbatim.get(response_id=response.id)
            await VerbatimPain.create(verbatim=verbatim, theme="delivery", pain=pain, likeness=0.9)


async def known_pain(**facts: Any) -> PainPoint:
    return await PainPoint.create(
        **{"theme": "delivery", "known": "delivery-01", "first_week": str(WEEK), **facts}
    )


async def edition(**options: Any) -> dict[str, Any]:
    return await figures(WEEK, await organisation(), at=AT, **options)


async def points_now(**options: Any) -> list[dict[str, Any]]:
    (pain,) = (await edition(**options))["pain_points"]
    found: list[dict[str, Any]] = pain["points"]
    return found


async def two_points() -> tuple[PainPoint, PainPoint]:
    """Nine weeks with a known pain point, in three languages this week, and one of the site's own."""
    late, vans = await known_pain(), await known_pain(known=None, title="Vans <b>break</b> down")
    for ago in range(1, 9):
        await name(late, 8, ago=ago)
        await many("nps", {9: 32}, ago=ago)
    for language, country, people in (("lv", "LV", 7), ("de", "DE", 6), ("et", "EE", 2)):
        await name(late, people, language=language, country=country)
    await name(vans, 6)
    await name(None, 9)
    await many("nps", {9: 70})
    return late, vans


async def test_one_row_for_what_is_said_in_several_languages(database: None) -> None:
    late, vans = await two_points()
    first, second = await points_now()
    assert first.pop("quote")["text"].startswith(f"Paka nav atnākusi jau nedēļu {late.id} ")
    change = first.pop("change")
    inbox = f"/inbox?week=2026-W40&pain={late.id}&source=response"
    assert first == {
        "pain_point": str(late.id),
        "title": None,
        "known": "delivery-01",
        "kind": "fading",
        "now": {
            "x": 15, "n": 100, "share": 15.0,
            "low": pytest.approx(9.31, abs=0.01), "high": pytest.approx(23.28, abs=0.01),
        },
        "before": {"x": 64, "n": 320, "weeks": 8, "share": 20.0, "suppressed": False, "told": 8, **ends(64, 320)},
        "since": None,
        "languages": {
            "n": 3,
            # Two said it in Estonian: shown beside, Latvian or German would tell them.
            "named": [
                {"language": "lv", "x": 7, "link": f"/inbox?language=lv&week=2026-W40&pain={late.id}&source=response"}
            ],
            "others": 8,
        },
        "places": [
            {"level": "region", "group": "154", "x": 9, "n": 94,
             "link": f"/inbox?region=154&week=2026-W40&pain={late.id}&source=response"},
            {"level": "region", "group": "155", "x": 6, "n": 6,
             "link": f"/inbox?region=155&week=2026-W40&pain={late.id}&source=response"},
        ],
        "elsewhere": 0,
        "link": inbox,
    }  # fmt: skip
    assert (change["arrow"], change["delta"]) == ("none", pytest.approx(-5.0))
    assert (second["pain_point"], second["title"], second["now"]["x"]) == (str(vans.id), vans.title, 6)
    assert second["before"] == {
        "x": 0, "n": 320, "weeks": 8, "share": 0.0, "suppressed": False, "told": 8, **ends(0, 320),
    }  # fmt: skip
    assert await points_now(source=RAW) == await points_now()


async def test_links_hold_who_was_counted(database: None) -> None:
    await two_points()
    zone = (await organisation()).zone
    for point in await points_now():
        for each in (point, *point["languages"]["named"], *point["places"]):
            asked, ids = await ids_for(QueryParams(parse_qsl(urlsplit(each["link"]).query)), zone)
            assert asked.unknown == ()
            assert len(ids) == each.get("x", point["now"]["x"])


async def test_the_smallest_goes_with_a_few_people(database: None) -> None:
    many_of, some_of, few_of = [await known_pain(known=f"delivery-0{n}") for n in (1, 2, 3)]
    for pain, people in ((many_of, 12), (some_of, 6), (few_of, 2)):
        await name(pain, people)
    assert [point["now"]["x"] for point in await points_now()] == [12]
    await name(few_of, 3)
    assert [point["now"]["x"] for point in await points_now()] == [12, 6, 5]


async def test_a_week_of_few_people_is_in_no_past_that_is_told(database: None) -> None:
    pain = await known_pain()
    for ago in range(1, 9):
        await name(pain, 3 if ago == 5 else 8, ago=ago)
        await many("nps", {9: 32}, ago=ago)
    await name(pain, 40)
    await many("nps", {9: 32})
    (point,) = await points_now()
    assert point["before"] == {
        "x": None, "n": 315, "weeks": 8, "share": None, "low": None, "high": None, "suppressed": True, "told": 0,
    }  # fmt: skip
    change = point["change"]
    assert [change[key] for key in ("delta", "low", "high", "p", "wide", "base")] == [None] * 6
    assert (change["arrow"], change["flag"], point["since"]) == ("up", "alert", None)
    (finding,) = [each for each in (await edition())["findings"] if each["pain_point"]]
    assert (finding["now"]["x"], finding["before"]["x"], finding["delta"], finding["p"]) == (
        40,
        None,
        None,
        None,
    )


async def test_a_past_leaves_out_the_weeks_that_hid_others(database: None) -> None:
    pain = await known_pain()
    for ago in range(1, 9):
        await name(pain, 10, ago=ago)
        await name(None, 3 if ago in (2, 7) else 6, ago=ago)
        await many("nps", {9: 34 if ago == 2 else 84}, ago=ago)
    await name(pain, 10)
    await name(None, 6)
    await many("nps", {9: 84})
    (point,) = await points_now()
    # Of six weeks of 100 answers; told of all eight, this edition and the next would tell the ten of a week, and so the three.
    assert point["before"] == {
        "x": 60, "n": 600, "weeks": 8, "share": 10.0, "suppressed": False, "told": 6, **ends(60, 600),
    }  # fmt: skip
    assert [point["change"][key] for key in ("delta", "p", "base")] == [None] * 3


def is_hidden(people: dict[tuple[str, int], int], code: str, week: int) -> bool:
    """Whether a few people named it, or all the others that are told would tell a few."""
    named = {each: people[each, week] for each in ("1", "2", "3", "4")}
    shown = sorted((n, each) for each, n in named.items() if n >= K)
    left = people["", week] + sum(named.values()) - sum(n for n, _each in shown)
    return 0 < named[code] < K or (0 < left < K and bool(shown) and shown[0][1] == code)


def drawn(random: Random, weeks: int) -> dict[tuple[str, int], int]:
    """People of each pain point, and of none, in each week: some are seldom named by a few, some often."""
    sizes = {
        "1": (0, 6, 8, 12, 30),
        "2": (*(0, 5, 6, 7, 8, 9, 12, 20) * 3, 2),
        "3": (0, 1, 2, 4, 5, 6, 8, 12),
        "4": (0, 3, 5),
        "": (0, 1, 4, 20, 30),
    }
    return {(pain, week): random.choice(sizes[pain]) for pain in sizes for week in range(weeks)}


def told_of(people: dict[tuple[str, int], int], week: int) -> dict[str, Any]:
    """The edition of a week."""
    answers = [
        WeeklyAnswer(ago, 1, 1, "nps", 9, None, "LV", "lv", "lv", None, None, 400 - week + ago)
        for ago in range(9)
    ]
    complaints = [
        WeeklyComplaint(
            week - at,
            "delivery",
            int(pain) if pain else None,
            "detractor",
            1,
            1,
            "LV",
            "lv",
            "lv",
            None,
            None,
            n,
        )
        for (pain, at), n in people.items()
        if n and 0 <= week - at < 9
    ]
    snapshot = Snapshot(
        WEEK.previous(-week), "UTC", K, True, 20, answer_counts(answers), complaint_counts(complaints)
    )
    return judged_figures(snapshot)


@pytest.mark.parametrize("seed", range(12))
def test_editions_subtracted_tell_no_few_people(seed: int) -> None:
    """Everything that a row of editions tells of pain points, as equations: none of the few people can be solved for."""
    weeks = 20
    people = drawn(Random(seed), weeks)
    cells = {cell: at for at, cell in enumerate(people)}

    def vector(*some: tuple[str, int]) -> Any:
        found = np.zeros(len(cells))
        found[[cells[each] for each in some]] = 1
        return found

    equations, secrets, compared = [], [vector(cell) for cell, n in people.items() if 0 < n < K], 0
    in_part = 0
    for week in range(9, weeks):
        told = told_of(people, week)
        past = range(week - 8, week)
        of_pains = [(each["pain_point"], each) for each in told["findings"] if each["pain_point"]]
        for pain in told["pain_points"]:
            everybody = [(code, week) for code in ("", "1", "2", "3", "4")]
            assert pain["now"]["x"] == sum(people[cell] for cell in everybody)
            equations.append(vector(*everybody))
            shown = [(point["pain_point"], week) for point in pain["points"]]
            if 0 < pain["now"]["x"] - sum(people[cell] for cell in shown) < K:
                secrets.append(vector(*(set(everybody) - set(shown))))
            of_pains += [(point["pain_point"], point) for point in pain["points"]]
        for code, each in of_pains:
            if each["now"]["x"] is not None:
                assert each["now"]["x"] == people[code, week]
                equations.append(vector((code, week)))
            if each["before"]["x"] is not None:
                weeks_told = [at for at in past if not is_hidden(people, code, at)]
                assert len(weeks_told) == each["before"].get("told", 8)
                compared += len(weeks_told) == 8
                in_part += len(weeks_told) < 8
                assert each["before"]["x"] == sum(people[code, at] for at in weeks_told)
                equations.append(vector(*((code, at) for at in weeks_told)))
    rank = np.linalg.matrix_rank(np.array(equations))
    assert all(np.linalg.matrix_rank(np.array([*equations, secret])) > rank for secret in secrets)
    assert len(secrets) > 10
    assert compared + in_part > 1


@pytest.mark.parametrize("seed", range(6))
def test_languages_and_places_tell_no_few_people(seed: int) -> None:
    random = Random(seed)
    rows = [
        WeeklyComplaint(0, "delivery", pain, "detractor", 1, 1, country, "lv", language, None, None, n)
        for pain in (None, 1, 2, 3)
        for country, language in (("LV", "lv"), ("DE", "de"), ("JP", "ja"), ("LV", "ru"))
        if (n := random.choice((0, 1, 3, 5, 7, 20)))
    ]
    answers = [
        WeeklyAnswer(0, 1, 1, "nps", 9, None, country, "lv", language, None, None, 200)
        for country, language in (("LV", "lv"), ("DE", "de"), ("JP", "ja"), ("LV", "ru"))
    ]
    told = judged_figures(Snapshot(WEEK, "UTC", K, True, 0, answer_counts(answers), complaint_counts(rows)))
    (pain,) = told["pain_points"]
    left = {
        language: sum(row.n for row in rows if row.language == language)
        for language in ("lv", "de", "ja", "ru")
    }
    for point in pain["points"]:
        mine = point["languages"]
        assert mine["others"] + sum(each["x"] for each in mine["named"]) == point["now"]["x"]
        assert mine["others"] == 0 or mine["others"] >= K
        for each in mine["named"]:
            assert each["x"] >= K
            left[each["language"]] -= each["x"]
        placed = sum(each["x"] for each in point["places"])
        assert point["elsewhere"] == point["now"]["x"] - placed
        assert point["elsewhere"] == 0 or point["elsewhere"] >= K
    assert all(
        n == 0 or n >= K or n == sum(r.n for r in rows if r.language == code) for code, n in left.items()
    )


async def test_titles_are_in_the_readers_language(database: None) -> None:
    late, vans = await two_points()
    found = await known_pain(known=None)
    await name(found, 5, language="de")
    points = {point["pain_point"]: point for point in await points_now()}
    expected = {
        "en": ("Delivery later than promised", "Vans <b>break</b> down", "“Paka nav"),
        "de": (None, "Vans <b>break</b> down", "„Paka nav"),
    }
    for locale, (of_known, own, quoted) in expected.items():
        with speaking(locale, "digest"):
            said_of = {code: str(point_name(point)) for code, point in points.items()}
        assert said_of[str(late.id)] == of_known or of_known is None
        assert said_of[str(late.id)] != said_of[str(vans.id)]
        assert said_of[str(vans.id)] == own
        assert said_of[str(found.id)].startswith(quoted)
        assert said_of[str(found.id)].endswith("(German)" if locale == "en" else "“")
    with speaking("en", "digest"):
        assert "&lt;b&gt;" in point_name(points[str(vans.id)]).__html__()


async def decided_edition() -> dict[str, Any]:
    late, _vans = await two_points()
    other = await known_pain(known="delivery-02")
    for pain, sentence in (
        (late, "A second courier <i>at night</i>"),
        (None, "Ask the depot"),
        (other, "A call"),
    ):
        await Decision.create(
            theme="delivery", pain=pain, sentence=sentence, owner="Ilze", week=str(WEEK), due_week="2026-W42"
        )
    return await edition()


def lines(found: dict[str, Any]) -> list[str]:
    """The rows of the page of pain points, as they are read."""
    page = document({"figures": found, "organisation": {"name": "Maize"}, "locale": "en"})
    tree = read.fromstring(page.encode())
    rows = tree.xpath("//table[contains(@class, 'themes-table')]/tbody/tr")
    cells = [[re.sub(r"\s+", " ", cell.xpath("string()")).strip() for cell in row] for row in rows]
    return [" | ".join(cell for cell in row if cell) for row in cells]


async def test_the_page_has_a_row_for_each_and_its_decisions(database: None) -> None:
    found = await decided_edition()
    rows = lines(found)
    late, own = (
        "Delivery later than promised: 15.0% of answers (15 of 100)",
        "Vans <b>break</b> down: 6.0% of answers (6 of 100)",
    )
    assert rows[1:] == [
        "100.0% of those who gave a low score (30 of 30) · 95% interval 88.6% to 100.0%",
        "Decision: Ask the depot · Ilze, due 2026-W42",
        "Decision: A call · Ilze, due 2026-W42",
        f"Delivery later than promised | 15 | 15.0% | {late} | 20.0% | no clear change",
        "3 languages: Latvian (7) and others (8) · Northern Europe (9) and Western Europe (6)",
        "Decision: A second courier <i>at night</i> · Ilze, due 2026-W42",
        f"Vans <b>break</b> down | 6 | 6.0% | {own} | 0.0% | rose, beyond chance",
        "1 language: Latvian (6) · Northern Europe (6)",
    ]
    assert rows[0].startswith("Delivery | 30 | 30.0% | ")


async def test_a_place_that_is_not_told_is_not_passed_over(database: None) -> None:
    late = await known_pain()
    for country, people, others in (("PL", 13, 2), ("GE", 7, 9)):
        await name(late, people, country=country, language="ro")
        await name(None, others, country=country)
        await many("nps", {9: 60}, country=country)
    found = await edition()
    point = found["pain_points"][0]["points"][0]
    # Of the fifteen in Eastern Europe thirteen would tell the two others.
    assert ([(each["group"], each["x"]) for each in point["places"]], point["elsewhere"]) == (
        [("145", 7)],
        13,
    )
    assert "1 language: Romanian (20) · Western Asia (7) and elsewhere (13)" in lines(found)


async def test_page_one_and_the_mail_name_the_first_where_it_leads(database: None) -> None:
    found = await decided_edition()
    with speaking("en", "digest"):
        page = mail_page(found)
    assert page["top"][0]["most"]["said"] == "Most of all: Delivery later than promised, 15.0% of answers"
    mail = {
        "organisation": await organisation(), "week": found["week"], "page": page,
        "archive": "https://a", "unsubscribe": "https://u",
    }  # fmt: skip
    plain = said("email/digest/body.txt", locale="en", domain="digest", **mail)
    assert "\n  Most of all: Delivery later than promised, 15.0% of answers\n" in plain
    early = said(
        "email/digest/body.txt",
        locale="en",
        domain="digest",
        **{**mail, "page": page | {"preliminary": True}},
    )
    assert early.splitlines()[2] == "Preliminary: the week is not over, and these figures will change."
    (pain,) = found["pain_points"]
    pain["points"] = [pain["points"][1] | {"now": pain["points"][1]["now"] | {"x": 9}}]
    with speaking("en", "digest"):
        assert mail_page(found)["top"][0]["most"] is None
    # An edition made before there were any is still said.
    del pain["points"]
    assert len(lines(found)) == 5


async def test_the_documentation_names_every_key(database: None) -> None:
    await two_points()
    point, *_rest = await points_now()
    keys = {*point, *point["before"], *point["languages"], *point["places"][0], *point["quote"], "points"}
    assert {key for key in keys if f"`{key}`" not in DOCS.read_text("utf-8")} == set()


@pytest.mark.journey
@pytest.mark.parametrize(("locale", "decimal"), [("en", "."), ("lv", ",")])
async def test_every_number_of_the_pdf_is_in_the_json(database: None, locale: str, decimal: str) -> None:
    found = await decided_edition()
    text = words(await render(found, facts(await organisation()), locale))
    assert len([page for page in text.split("\f") if page]) <= 12
    with speaking(locale, "digest"):
        title = str(point_name(found["pain_points"][0]["points"][0]))
    assert title.split(maxsplit=1)[0] in text
    pages = {float(page) for page in range(1, text.count("\f") + 1)}
    assert numbers(text, decimal) - known(found) - pages - {0.0} == set()


async def test_a_report_of_a_theme_calls_its_pain_points_as_the_edition_does(database: None) -> None:
    late = await known_pain(known=None)
    for ago in range(6):
        await name(late, 8, ago=ago)
        await many("nps", {9: 32}, ago=ago)
    found = await report_figures(asked_of("2026-W40~theme~delivery"), await organisation(), at=AT)
    (row,) = found["theme"]["pain_points"]
    assert (row["title"], row["known"], row["quote"]["region"]) == (None, None, None)
    with speaking("en", "digest"):
        (shown,) = laid_report(found)["theme"]["pain_points"]
        assert str(shown["name"]) == f"“{row['quote']['text']}” (Latvian)"
        # As a report kept from before has it.
        del row["quote"], row["title"], row["known"]
        (kept,) = laid_report(found)["theme"]["pain_points"]
        assert kept["name"] == f"Delivery: pain point {late.id}, found in 2026-W40"
