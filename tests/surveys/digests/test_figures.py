"""What an edition says: changes judged together, pain points, quotes, mentions; every number by hand."""

import json
from typing import Any

import numpy as np
import pytest

from surveys.chance import nps_difference
from surveys.digests import compare, headline, sentences
from surveys.digests.build import figures
from surveys.digests.families import Family
from surveys.digests.pains import Setting, priority
from surveys.digests.pains import Week as PainWeek
from surveys.digests.snapshot import Counts, column
from surveys.digests.tally import Tally
from surveys.quoting import LONGEST, excerpt, shortened
from surveys.tallies import BandCounts
from tests.surveys.digests.week import AT, WEEK, answer, many, mention, organisation


async def edition(**facts: object) -> dict[str, Any]:
    return await figures(WEEK, await organisation(**facts), at=AT)


async def history(weeks: int, counts: dict[int, int]) -> None:
    for ago in range(1, weeks + 1):
        await many("nps", counts, ago=ago)


async def test_a_fall_beyond_chance_is_said_with_its_figures(database: None) -> None:
    await history(8, {9: 10, 7: 4, 3: 6})
    await many("nps", {9: 5, 7: 5, 3: 40})
    found = await edition()
    tile = found["tiles"]["nps"]
    assert (tile["n"], tile["score"], tile["before"]["n"], tile["before"]["score"]) == (50, -70.0, 160, 20.0)
    change = tile["change"]
    assert {key: change[key] for key in ("against", "weeks", "n_now", "n_base", "arrow", "flag")} == {
        "against": "weeks_before", "weeks": 8, "n_now": 50, "n_base": 160, "arrow": "down", "flag": "alert",
    }  # fmt: skip
    assert change["q"] <= 0.05
    assert change["low"] < change["delta"] < change["high"] < 0
    assert tile["change_last_week"]["reason"] == "too_few"  # only 20 answers last week
    assert headline.headline(found) == [
        "Fewer customers would recommend us: NPS fell beyond chance, from 20 to −70."
    ]
    assert found["status"] == "final"
    assert [(f["kind"], f["level"], f["group"], f["metric"], f["flag"]) for f in found["findings"]] == [
        ("score", "all", "all", "nps", "alert"),
        ("score", "continent", "150", "nps", "alert"),
        ("score", "region", "154", "nps", "alert"),
        ("score", "country", "LV", "nps", "alert"),  # only because its region is an alert
        ("score", "culture", "eastern-europe", "nps", "alert"),
        ("score", "language", "lv", "nps", "alert"),
    ]


async def test_a_country_that_is_silent_this_week_hinders_no_alert_of_its_region(database: None) -> None:
    for country in ("LV", "EE"):
        for ago in range(1, 9):
            await many("nps", {9: 10, 7: 4, 3: 6}, ago=ago, country=country)
    await many("nps", {9: 5, 7: 5, 3: 40})
    found = await edition()
    flags = {(f["level"], f["group"]): f["flag"] for f in found["findings"] if f["metric"] == "nps"}
    assert flags["region", "154"] == flags["country", "LV"] == "alert"
    assert ("country", "EE") not in flags


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ((20, 18), 7, "Only 38 answers came in, too few to say what changed."),
        ((40, 30), 7, "70 answers came in; there is too little history to say what changed."),
        ((40, 30), 20, "A quiet week: no score and no theme moved beyond chance."),
    ],
)
async def test_a_week_of_which_nothing_can_be_tested_is_not_called_quiet(
    database: None, now: tuple[int, int], before: int, said: str
) -> None:
    for ago in range(1, 9):
        await many("nps", {9: before}, ago=ago)
        await many("csat", {5: before}, ago=ago)
    await many("nps", {9: now[0]})
    await many("csat", {5: now[1]})
    assert headline.headline(await edition()) == [said]


async def test_no_clear_change_is_a_finding(database: None) -> None:
    await history(8, {9: 10, 7: 4, 3: 6})
    await many("nps", {9: 15, 7: 7, 3: 9})
    found = await edition()
    change = found["tiles"]["nps"]["change"]
    assert (change["arrow"], change["flag"], sentences.verdict(change)) == ("none", "none", "no clear change")
    assert [(f["kind"], f["level"], f["metric"], f["flag"]) for f in found["findings"]] == [
        ("score", "all", "nps", "none")
    ]
    assert headline.headline(found) == ["A quiet week: no score and no theme moved beyond chance."]
    assert headline.asked(found) == ["Nothing calls for a decision this week."]


@pytest.mark.parametrize(("weeks", "shown"), [(3, 0), (4, 4), (6, 6), (8, 8), (11, 8)])
async def test_shorter_history_is_used_from_four_weeks_on(database: None, weeks: int, shown: int) -> None:
    await history(weeks, {9: 20, 3: 10})
    await many("nps", {9: 20, 3: 20})
    found = await edition()
    change = found["tiles"]["nps"]["change"]
    assert (found["history"], found["weeks_before"], change["weeks"]) == (weeks, shown, shown)
    assert sentences.verdict(change) == ("no clear change" if shown else "too little history")


async def test_too_few_to_say_gives_the_number(database: None) -> None:
    await history(8, {9: 20})
    await many("nps", {9: 7})
    found = await edition()
    assert sentences.verdict(found["tiles"]["nps"]["change"]) == "too few to say (n\u00a0=\u00a07)"
    assert headline.headline(found) == ["Only 7 answers came in, too few to say what changed."]


async def test_one_answer_and_none(database: None) -> None:
    found = await edition()
    assert headline.headline(found) == ["Nobody answered this week."]
    await many("nps", {9: 1})
    alone = await edition()
    assert (alone["tiles"]["responses"]["n"], alone["tiles"]["responses"]["suppressed"]) == (None, True)
    assert alone["tiles"]["responses"]["change"]["reason"] == "suppressed"
    assert alone["tiles"]["nps"]["score"] is None
    assert alone["suppressed"] == [
        {"level": "continent", "group": "150"},
        {"level": "region", "group": "154"},
        {"level": "country", "group": "LV"},
        {"level": "culture", "group": "eastern-europe"},
        {"level": "language", "group": "lv"},
    ]
    assert headline.headline(alone) == [
        "Too few people answered this week to say anything without telling them apart."
    ]


async def complaints(
    theme: str, n: int, *, ago: int = 0, country: str = "LV", customers: bool = True
) -> None:
    for number in range(n):
        await answer(
            "nps", 2, ago=ago, country=country, text=f"Slikti, kavējas ļoti ilgi {theme} {number}", themes=[theme],
            customer=f"{country}-{theme}-{number}" if customers else None,
        )  # fmt: skip


async def test_a_rising_theme_and_where_it_stands_out(database: None) -> None:
    for ago in range(1, 9):
        await many("nps", {9: 20, 5: 5}, ago=ago)
    await many("nps", {9: 60, 5: 5})
    await many("nps", {9: 100}, country="DE")
    await complaints("delivery", 30)
    found = await edition()
    (pain,) = found["pain_points"]
    assert (pain["theme"], pain["now"]["x"], pain["now"]["n"], pain["before"]["x"]) == (
        "delivery",
        30,
        195,
        0,
    )
    assert pain["change"]["arrow"] == "up"
    assert [place["group"] for place in pain["standing_out"]] == ["154"]
    assert pain["impact"]["n"] == 30
    assert pain["impact"]["points"] == pytest.approx(100 * (160 - 35) / 195 - 100 * (160 - 5) / 165)
    assert headline.headline(found) == [
        "Delivery: complaints rose beyond chance, from 0.0% to 15.4% of answers.",
        "Northern Europe: NPS fell beyond chance, from 60 to 26.",
    ]
    assert sentences.places(pain) == (
        "More than elsewhere in: Northern Europe (region: 31.6% of 95, elsewhere 0.0%)."
    )
    assert headline.asked(found)[-2:] == [
        "Name somebody who takes on this pain point, and a date: Delivery.",
        "Find out why NPS fell here: Northern Europe.",
    ]


async def test_one_person_counts_once_per_theme_and_week(database: None) -> None:
    for _ in range(9):
        await answer(
            "nps", 1, text="Ļoti slikta piegāde, vairs nepirkšu", themes=["delivery"], customer="loud"
        )
    await complaints("delivery", 6)
    (pain,) = (await edition())["pain_points"]
    assert (pain["now"]["x"], pain["now"]["n"], pain["detractors"]) == (7, 15, 7)


async def test_a_theme_of_fewer_people_than_k_is_not_named(database: None) -> None:
    await many("nps", {9: 40})
    await complaints("delivery", 4)
    assert (await edition())["pain_points"] == []
    assert [pain["theme"] for pain in (await edition(smallest_group=4))["pain_points"]] == ["delivery"]


async def test_praise_is_no_pain_point(database: None) -> None:
    for _ in range(8):
        await answer("nps", 10, text="Ātra piegāde, paldies", themes=["delivery"], sentiment="positive")
    assert (await edition())["pain_points"] == []


def test_priority_is_the_textbooks() -> None:
    everyone = Tally(responses=100)
    everyone.nps.update({9: 50, 7: 30, 3: 20})
    week = PainWeek(
        everyone, groups={},
        complaints=Counts(
            np.zeros(2, np.int64), np.array([14, 6]),
            {"theme": column(["delivery"] * 2), "band": column(["detractor", "passive"])},
        ),
    )  # fmt: skip
    named = {"delivery": BandCounts(2, 4, 14)}
    setting = Setting(k=5, weeks=0, now=week, compared=week, hidden={}, nps=named)
    # T = -60 of 20 answers, shrunk towards 30 as if 30 answers stood there: -6.
    assert priority("delivery", setting) == pytest.approx(14 * 36)


def test_a_family_is_judged_by_benjamini_hochberg() -> None:
    family = Family()
    p_values = (0.001, 0.008, 0.039, 0.041, 0.042, 0.060, 0.074, 0.205, 0.212, 0.216)
    changes = []
    for p in p_values:
        change = compare.unjudged("weeks_before", 8, 30, 100, "tested") | {
            "p": p,
            "wide": p,
            "delta": -1.0,
            "enough": True,
        }
        changes.append(family.add("all", change))
    family.judge()
    assert [round(change["q"], 4) for change in changes] == [
        0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.1057, 0.216, 0.216, 0.216,
    ]  # fmt: skip
    assert [change["arrow"] for change in changes] == ["down"] * 2 + ["none"] * 8
    assert [change["flag"] for change in changes] == ["alert"] * 2 + ["watch"] * 4 + ["none"] * 4


async def test_each_culture_against_its_own_past_and_never_by_level(database: None) -> None:
    for country, locale, past in (("LV", "lv", {9: 8, 7: 11, 3: 8}), ("JP", "ja", {9: 3, 7: 11, 3: 13})):
        for ago in range(1, 5):
            await many("nps", past, ago=ago, country=country, locale=locale)
    await many("nps", {9: 30, 7: 40, 3: 30}, country="LV")
    await many("nps", {9: 15, 7: 45, 3: 40}, country="JP", locale="ja")
    rows = {row["group"]: row for row in (await edition())["cultures"]}
    assert [(code, row["status"], row["change"]["n_base"]) for code, row in rows.items()] == [
        ("confucian-asia", "ok", 108),
        ("eastern-europe", "ok", 108),
    ]
    assert rows["confucian-asia"]["change"]["delta"] == pytest.approx(
        nps_difference(BandCounts(15, 45, 40), BandCounts(12, 44, 52)).value
    )
    assert {row["change"]["arrow"] for row in rows.values()} == {"none"}


async def test_quotes_tell_nobody_apart(database: None) -> None:
    await many("nps", {9: 30})
    await complaints("delivery", 8)
    await complaints("delivery", 2, country="JP")
    found = await edition()
    quotes = found["quotes"]
    assert len(quotes) == 2
    assert {quote["region"] for quote in quotes} <= {"154", None}
    assert all(
        set(quote) == {"theme", "verbatim", "text", "about", "language", "region", "band"} for quote in quotes
    )
    assert found["pain_points"][0]["quote"] == quotes[0]
    assert await edition() == found


def test_a_quote_is_one_line_without_tricks() -> None:
    assert shortened("Hello\u202e dlrow\n\tagain\u2066!") == "Hello dlrow again!"
    long = shortened("vārds " * 3000)
    assert len(long) <= LONGEST + 1
    assert long.endswith("vārds…")
    assert len(shortened("あ" * 10_000)) == LONGEST + 1


@pytest.mark.parametrize(
    ("text", "part", "quoted"),
    [
        ("“Delivery took a month. Never again.”", "“Delivery took a month.", "Delivery took a month…"),
        ("“Delivery took a month. Never again.”", "Never again.”", "…Never again."),
        ("Nice shop. He said „bald“. Nothing came!", "He said „bald“.", "…He said „bald“…"),
        ('Fine. The 24" screen broke.', 'The 24" screen broke.', '…The 24" screen broke.'),
        ('They said "soon. Nothing came."', 'They said "soon.', "They said soon…"),
        ("店は良い。「遅い。二度と買わない。」", "「遅い。", "…遅い…"),
        ("Vėlavo! 🙁", "Vėlavo!", "Vėlavo! 🙁"),
        ("Delivery took a month.", "Delivery took a month.", "Delivery took a month."),
    ],
)
def test_a_sentence_cut_out_of_a_comment_says_so(text: str, part: str, quoted: str) -> None:
    start = text.index(part)
    sentences = [{"start": start, "end": start + len(part)}]
    assert excerpt(text, sentences, start, start + len(part)) == quoted


def test_a_short_sentence_is_quoted_with_what_follows() -> None:
    text = "The food was good. Late! Two hours after closing. Never again."
    ends = [text.index(mark) + len(mark) for mark in ("good.", "Late!", "closing.", "again.")]
    sentences = [{"start": start, "end": end} for start, end in zip([0, *ends], ends, strict=False)]
    at = text.index("Late")
    assert excerpt(text, sentences, at, at + 4) == "…Late! Two hours after closing…"
    assert excerpt(text, sentences, 4, 8) == "The food was good. Late!…"
    assert excerpt(text, sentences, at + 20, at + 28) == "…Two hours after closing…"


def test_what_is_cut_short_keeps_no_half_of_quotation_marks() -> None:
    assert shortened("„Viens divi trīs četri.“", 17) == "Viens divi trīs…"


async def test_mentions_collapse_copies_and_count_authors(database: None) -> None:
    first = await mention("a", "negative", theme="delivery")
    for author in "bcdefg":
        await mention(author, "negative", copy_of=first)
    for author, mood in zip(
        "abcdef", ("neutral", "positive", "positive", "negative", "unknown", "positive"), strict=True
    ):
        await mention(author, mood, theme="delivery")
    found = (await edition())["mentions"]
    assert (found["n"], found["copies"], found["authors"], found["analysed"]) == (7, 6, 6, 7)
    assert found["negative"] == pytest.approx(100 * 2 / 7)
    assert found["net"] == pytest.approx(100 * (3 - 2) / 7)
    assert found["low"] < found["negative"] < found["high"]


async def test_involuntary_leaving_stands_apart(database: None) -> None:
    for reason in (*["payment_failed"] * 6, *["price_too_high"] * 7, *["ethics"] * 4, "other"):
        await answer("exit", reason)
    found = (await edition())["exit"]
    assert (found["n"], found["involuntary"]) == (18, {"payment_failed": 6})
    # Of ethics and others together there are k; neither is told alone.
    assert (found["reasons"], found["others"]) == ({"payment_failed": 6, "price_too_high": 7}, 5)
    assert found["links"].keys() == found["reasons"].keys()


async def test_a_reason_of_a_few_takes_the_smallest_other_with_it(database: None) -> None:
    for reason in (*["ethics"] * 2, *["price_too_high"] * 7, *["hard_to_use"] * 9):
        await answer("exit", reason)
    found = (await edition())["exit"]
    assert (found["n"], found["reasons"], found["others"]) == (18, {"hard_to_use": 9}, 9)


async def test_a_week_that_is_not_over_is_preliminary(database: None) -> None:
    await many("nps", {9: 40})
    running = await figures(WEEK, await organisation(), at=AT.replace(month=10, day=4))
    assert running["status"] == "preliminary"
    assert running["tiles"]["responses"]["change"]["reason"] == "preliminary"


async def test_figures_are_plain_json(database: None) -> None:
    await many("nps", {9: 40})
    await complaints("delivery", 8)
    found = await edition()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
