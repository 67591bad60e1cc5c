"""After a change of wording, form languages or metrics a share's people and answers are of the same part of the week."""

from typing import Any

import pytest

from surveys.digests import headline
from surveys.digests.asked import asked_of
from surveys.digests.build import figures
from surveys.digests.judge import ROWS
from surveys.digests.notes import notes
from surveys.digests.page import laid_out
from surveys.digests.page_one import mail_page
from surveys.digests.report_page import laid_report
from surveys.digests.reports import report_figures
from surveys.digests.sentences import SCORES
from surveys.digests.source import RAW
from surveys.i18n import speaking
from surveys.responses.models import Response
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

# Baltic and Nordic countries, Germany and its neighbours, East Asia.
COUNTRIES = ("LV", "DE", "JP")
ANSWERS = {"nps": 40, "csat": 30}
COMPLAINTS = {"nps": 10, "csat": 2}


async def weeks() -> None:
    """Eight weeks and this one: three regions that answer alike; most complaints stand beside NPS."""
    for country in COUNTRIES:
        for metric, n in ANSWERS.items():
            for ago in range(1, 9):
                await many(metric, {9 if metric == "nps" else 5: n}, ago=ago, country=country)
            for _ in range(COMPLAINTS[metric]):
                await answer(metric, 1, country=country, text="Piegāde kavējas", themes=["delivery"])
            await many(metric, {9 if metric == "nps" else 5: n - COMPLAINTS[metric]}, country=country)
        for ago in range(1, 9):
            for _ in range(2):
                await answer("nps", 1, ago=ago, country=country, text="Kavējas", themes=["delivery"])


async def reworded(*, kept: int = 0, countries: tuple[str, ...] = COUNTRIES) -> None:
    """This week NPS was asked in other words, but for the first few answers."""
    rows = Response.filter(survey__slug="nps", submitted_at__gte=WEEK.monday, country__in=list(countries))
    found = [row.id for row in await rows.order_by("id")][kept:]
    await Response.filter(id__in=found).update(wording_version=2)


async def edition() -> dict[str, Any]:
    return await figures(WEEK, await organisation(), at=AT, source=RAW)


def shares(found: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """What the table of regions says of delivery; the small charts have to say the same."""
    rows = {
        row["group"]: (each["x"], each["n"])
        for row in found["regions"]
        if not row["suppressed"]
        for each in row["themes"]
        if each["theme"] == "delivery"
    }
    (pain,) = found["pain_points"]
    assert {each["group"]: (each["x"], each["n"]) for each in pain["by_region"]} == rows
    return rows


@pytest.mark.parametrize("kept", [0, 2])
async def test_no_region_stands_out_because_of_other_words(database: None, kept: int) -> None:
    await weeks()
    before = await edition()
    await reworded(kept=kept)
    found = await edition()
    (pain,), (without,) = found["pain_points"], before["pain_points"]
    assert pain["standing_out"] == without["standing_out"] == []
    assert shares(found) == shares(before) == dict.fromkeys(("030", "154", "155"), (12, 70))
    assert [(each["x"], each["n"], each["share"], each["elsewhere"]) for each in pain["places"]] == [
        (each["x"], each["n"], each["share"], each["elsewhere"]) for each in without["places"]
    ]
    # Only a remnant can be compared with the weeks before: nothing is, and all answers are shown.
    assert (pain["now"]["x"], pain["now"]["n"]) == (36, 210)
    assert (pain["change"]["reason"], pain["change"]["p"]) == ("wording", None)
    assert pain["before"]["share"] is None
    assert (without["change"]["arrow"], without["now"]["n"]) == ("up", 210)


async def test_a_region_asked_in_other_words_is_not_compared(database: None) -> None:
    await weeks()
    # Another question for a few of one region would be nothing; here all of the region's NPS is new.
    await reworded(countries=("JP",))
    found = await edition()
    (pain,) = found["pain_points"]
    assert shares(found) == dict.fromkeys(("030", "154", "155"), (12, 70))
    assert pain["standing_out"] == []
    # The words differ between the regions, too: none is compared with the others.
    assert {place["group"] for place in pain["places"]} & {"030", "154", "155"} == set()


async def test_the_page_says_that_shares_are_of_a_part(database: None) -> None:
    await weeks()
    for country in COUNTRIES:
        for metric, score in (("nps", 9), ("csat", 5)):
            await many(metric, {score: 10}, country=country, locale="ru")
    found = await edition()
    (pain,) = found["pain_points"]
    assert {each["why"] for each in found["guarded"]} == {"languages"}
    assert (pain["now"]["x"], pain["now"]["n"], pain["change"]["n_now"]) == (36, 210, 210)
    assert shares(found) == dict.fromkeys(("030", "154", "155"), (12, 90))
    assert {(place["x"], place["n"]) for place in pain["places"] if place["level"] == "region"} == {(12, 70)}
    with speaking("en", "digest"):
        assert notes(found)[-1] == (
            "Shares of themes are of 210 of 270 answers: the others were asked something else before, or in other languages."
        )


async def nps_weeks(complaints: int, *, n: int = 100, now: int | None = None) -> None:
    """Eight weeks and this one: so many answer NPS, and so many of them complain about delivery."""
    for ago in range(9):
        people = complaints if now is None or ago else now
        await many("nps", {9: n - people}, ago=ago)
        await late("nps", 2, people, ago=ago)


async def late(metric: str, score: int | str, n: int, *, ago: int = 0) -> None:
    for number in range(n):
        await answer(metric, score, ago=ago, text=f"Kavējas {ago}.{number}", themes=["delivery"])


def themes_alerted(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["level"], each["kind"]) for each in found["findings"] if each["theme"]]


async def test_a_metric_that_ended_is_no_past_of_shares(database: None) -> None:
    await nps_weeks(20)
    for ago in range(1, 9):
        await many("csat", {5: 150}, ago=ago)
    found = await edition()
    (pain,) = found["pain_points"]
    assert (pain["now"]["n"], pain["change"]["n_base"], pain["change"]["arrow"]) == (100, 800, "none")
    assert themes_alerted(found) == []
    assert [(each["metric"], each["why"]) for each in found["guarded"]] == [("csat", "wording")]
    with speaking("en", "digest"):
        assert headline.headline(found)[0].startswith("A quiet week")
        assert notes(found) == [
            "Satisfaction (CSAT): what was asked changed; answers to other words or another survey are not compared."
        ]


@pytest.mark.parametrize("began", [0, 1, 3])
async def test_a_metric_that_begins_is_no_news_of_shares(database: None, began: int) -> None:
    await nps_weeks(6)
    for ago in range(began + 1):
        await many("ces", {6: 60}, ago=ago)
        await late("ces", 2, 20, ago=ago)
    found = await edition()
    (pain,) = found["pain_points"]
    # Shares are of those who were asked the same before.
    assert (pain["now"]["x"], pain["now"]["n"], pain["change"]["n_base"]) == (6, 100, 800)
    assert (pain["change"]["reason"], pain["change"]["arrow"]) == ("tested", "none")
    assert themes_alerted(found) == []
    assert [(each["metric"], each["why"]) for each in found["guarded"]] == [("ces", "wording")]
    assert (found["tiles"]["responses"]["n"], found["tiles"]["ces"]["n"]) == (180, 80)
    change = found["tiles"]["ces"]["change"]
    assert (change["arrow"], change["reason"]) == ("too_few", "wording" if began else "too_few")
    assert change["n_now"] == 80


async def test_an_exit_survey_that_opens_is_no_news_of_shares(database: None) -> None:
    await nps_weeks(6)
    await late("exit", "price_too_high", 20)
    found = await edition()
    assert themes_alerted(found) == []
    assert [(pain["now"]["x"], pain["now"]["n"]) for pain in found["pain_points"]] == [(6, 100)]
    assert found["exit"]["n"] == 20


async def test_a_jump_is_found_while_another_metric_is_new(database: None) -> None:
    await nps_weeks(6, now=30)
    for ago in range(3):
        await many("ces", {6: 80}, ago=ago)
    found = await edition()
    (pain,) = found["pain_points"]
    assert (pain["now"]["n"], pain["change"]["arrow"]) == (100, "up")


async def test_a_few_leavers_who_are_silent_for_a_week_are_still_compared(database: None) -> None:
    await nps_weeks(6)
    for ago in range(1, 9):
        await late("exit", "price_too_high", 2, ago=ago)
    found = await edition()
    (pain,) = found["pain_points"]
    assert found["guarded"] == []
    assert (pain["change"]["n_base"], pain["change"]["reason"]) == (816, "tested")


async def test_where_a_new_metric_leaves_too_few_all_answers_are_shown(database: None) -> None:
    await nps_weeks(2, n=20)
    await many("csat", {5: 60})
    await late("csat", 1, 20)
    found = await edition()
    (pain,) = found["pain_points"]
    assert (pain["now"]["x"], pain["now"]["n"], pain["change"]["reason"]) == (22, 100, "wording")
    assert themes_alerted(found) == []


async def test_a_week_in_which_a_metric_was_new_is_not_coloured(database: None) -> None:
    await nps_weeks(8)
    for ago in range(9, 13):
        await many("nps", {9: 100}, ago=ago)
    await late("exit", "price_too_high", 6, ago=5)
    found = await edition()
    (pain,) = found["pain_points"]
    # That week's own edition left the six leavers out of its shares.
    assert [at for at, week in enumerate(reversed(pain["weeks"])) if not week["compared"]] == [5]


async def part(metric: str, *, before: dict[int, int], now: dict[int, int], new: dict[int, int]) -> None:
    """Eight weeks and this one of old answers; since last week new ones come beside them in another language of the form."""
    for ago in range(1, 9):
        await many(metric, before, ago=ago)
    await many(metric, now)
    for ago in range(2):
        await many(metric, new, ago=ago, locale="ru")


RISEN = ("nps", {"before": {9: 135, 8: 105, 3: 60}, "now": {9: 225, 8: 15, 3: 60}, "new": {9: 60, 3: 240}})
FALLEN = ("csat", {"before": {5: 210, 2: 90}, "now": {5: 140, 2: 160}, "new": {5: 291, 1: 9}})


@pytest.mark.parametrize(("metric", "world"), [RISEN, FALLEN])
async def test_what_moved_is_the_score_of_what_can_be_compared(
    database: None, metric: str, world: dict[str, dict[int, int]]
) -> None:
    await part(metric, **world)
    found = await edition()
    tile, key = found["tiles"][metric], SCORES[metric]
    change = tile["change"]
    assert (tile["n"], change["n_now"], change["n_base"]) == (600, 300, 2400)
    scores = {"nps": (55.0, -2.5, 25.0), "csat": (140 / 3, (140 + 291) / 6, 70.0)}[metric]
    assert (change["score"], tile[key], change["base"]) == pytest.approx(scores)
    told = [change, *(each for each in found["findings"] if each["metric"] == metric)]
    told += [row["change"] for name in ("continents", "regions", "cultures") for row in found[name]]
    moved = [each for each in told if each["arrow"] in ("up", "down")]
    assert {each["level"] for each in moved if "level" in each} >= {"all", "continent", "region", "culture"}
    for each in moved:
        assert (each["score"] - each["base"] > 0) == (each["arrow"] == "up") == (metric == "nps")
    for row in (row for name in ("continents", "regions", "cultures") for row in found[name]):
        assert metric == "csat" or row["moved"] == row["change"]["score"] - row["change"]["base"] > 0
    with speaking("en", "digest"):
        page, context = mail_page(found), laid_out(found)
    before, now = {"nps": ("25", "55"), "csat": ("70%", "47%")}[metric]
    assert page["headline"][0].endswith(f"from {before} (n\u00a0=\u00a02,400) to {now} (n\u00a0=\u00a0300).")
    (laid,) = [each for each in page["tiles"] if each["n"]]
    way = "rose" if metric == "nps" else "fell"
    assert laid["changes"][1]["said"] == (
        f"8 weeks before {before} (n\u00a0=\u00a02,400): {way}, beyond chance (comparable now: {now}, n\u00a0=\u00a0300)"
    )
    rows = context["moved"]["rows"]
    assert rows
    assert {(row["before"], row["now"], row["now_n"]) for row in rows} == {(before, now, "n\u00a0=\u00a0300")}
    for row in (row for table in (context["regions"], context["cultures"]) for row in table["rows"]):
        assert metric == "csat" or row["moved"].startswith("+30 (")


async def test_last_weeks_score_is_that_of_what_can_be_compared(database: None) -> None:
    for ago in range(1, 9):
        await many("nps", {9: 90, 3: 110}, ago=ago)
    await many("nps", {9: 180, 3: 20})
    await many("nps", {3: 200}, locale="ru")
    found = await edition()
    with speaking("en", "digest"):
        (laid,) = [each for each in mail_page(found)["tiles"] if each["n"]]
    assert laid["value"] == "−10"
    assert [row["said"] for row in laid["changes"]] == [
        f"{what} −10 (n\u00a0=\u00a0{n}): rose, beyond chance (comparable now: 80, n\u00a0=\u00a0200)"
        for what, n in (("Last week", "200"), ("8 weeks before", "1,600"))
    ]


async def test_the_slope_of_two_periods_ends_at_what_can_be_compared(database: None) -> None:
    await part(RISEN[0], **RISEN[1])
    found = await report_figures(asked_of("2026-W31..2026-W38~2026-W40"), await organisation(), at=AT)
    with speaking("en", "digest"):
        (row,) = laid_report(found)["slopes"]["rows"]
    assert (row["before"], row["now"], row["arrow"]) == ("25", "55", "up")
    assert row["n"] == ["n\u00a0=\u00a02,100", "n\u00a0=\u00a0300"]


async def test_a_groups_part_tells_no_few_others(database: None) -> None:
    for ago in range(1, 9):
        for country in COUNTRIES:
            await many("nps", {9: 40, 3: 40}, ago=ago, country=country)
    for country, new in (("LV", 3), ("DE", 40), ("JP", 0)):
        await many("nps", {9: 60, 3: 20}, country=country)
        await many("nps", {3: new}, country=country, locale="ru")
    found = await edition()
    told = {row["group"]: (row["change"]["reason"], row["change"]["n_now"]) for row in found["regions"]}
    # Three of Northern Europe are not compared; 43 of all less 40 of Western Europe would tell them, too.
    assert told == {"154": ("suppressed", 0), "155": ("suppressed", 0), "030": ("tested", 80)}
    named = {each["group"] for each in found["findings"] if each["level"] == "region" and each["metric"]}
    assert named == {"030"}
    assert [row["moved"] for row in found["regions"] if row["group"] == "154"] == [None]


async def test_rows_say_as_the_tiles_why_nothing_is_compared(database: None) -> None:
    for ago in range(1, 9):
        await many("nps", {9: 60, 3: 40}, ago=ago)
    await many("nps", {9: 60, 3: 40})
    await Response.filter(submitted_at__gte=WEEK.previous().monday).update(wording_version=2)
    found = await edition()
    why = ("wording", 0, 100)
    changes = [found["tiles"]["nps"]["change"]]
    changes += [row["change"] for name in ROWS for row in found[name]]
    assert len(changes) == 5
    assert {(each["reason"], each["weeks"], each["n_now"]) for each in changes} == {why}


@pytest.mark.parametrize(
    ("other", "score", "of_groups", "first"),
    [
        ("csat", 5, "tested", "A quiet week: no score and no theme moved beyond chance."),
        ("ces", None, "wording", "Only 91 answers came in, too few to say what changed."),
    ],
)
async def test_a_metric_that_ended_says_so(
    database: None, other: str, score: int | None, of_groups: str, first: str
) -> None:
    """Groups are told by the score that is still asked for, where one is given."""
    for ago in range(1, 9):
        await many("nps", {9: 60, 3: 40}, ago=ago)
        await many(other, {score: 91}, ago=ago)
    await many(other, {score: 91})
    found = await edition()
    tile = found["tiles"]["nps"]
    assert (tile["n"], tile["change"]["reason"], tile["change"]["weeks"]) == (0, "wording", 0)
    assert {row["change"]["reason"] for name in ROWS for row in found[name]} == {of_groups}
    # It was not asked in another way, nor is too little known of what is still asked.
    with speaking("en", "digest"):
        assert headline.headline(found) == [first]


async def test_a_group_that_never_answered_a_metric_was_not_asked_otherwise(database: None) -> None:
    await part(RISEN[0], **RISEN[1])
    for ago in range(9):
        await many("csat", {5: 40}, ago=ago, country="JP")
    found = await edition()
    (row,) = (row for row in found["regions"] if row["group"] == "030")
    assert (row["change"]["reason"], row["nps"]["n"]) == ("too_few", 0)
