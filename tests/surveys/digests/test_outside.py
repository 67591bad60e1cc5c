"""Editions of scopes and reports of surveys, subtracted from the edition of everybody: nobody is told apart."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from surveys.digests.asked import asked_of
from surveys.digests.build import figures
from surveys.digests.company import Axes
from surveys.digests.gather import answer_counts, complaint_counts
from surveys.digests.judge import ROWS, judged_figures
from surveys.digests.make import facts
from surveys.digests.outside import Beside, inside, narrowed, nobody, with_surveys
from surveys.digests.render import document
from surveys.digests.reports import report_figures
from surveys.digests.scope import Scope
from surveys.digests.snapshot import Snapshot
from surveys.digests.weekly import WeeklyAnswer, WeeklyComplaint
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.models import Response
from surveys.weeks import Week
from tests.surveys.digests.week import AT, WEEK, many, organisation, wednesday

K = 5
WEEKS = 6
SURVEYS = {1: "nps", 2: "nps", 3: "csat"}
PLACES = ("LV", "SE", "DE", "FR", "JP", None)
SEGMENTS = ("a", "b", "c", None)
SCOPES: tuple[Axes, ...] = (
    *({"continent": (code,)} for code in ("150", "142")),
    *({"region": (code,)} for code in ("154", "155", "030")),
    {"region": ("154", "030")},
    *({"segment": (name,)} for name in "abc"),
    {"segment": ("a", "c")},
    *({"survey": (str(number),)} for number in SURVEYS),
    {"survey": ("1", "3")},
    {"region": ("154",), "segment": ("a",)},
    {"survey": ("1",), "segment": ("a", "b")},
)


def world(seed: int, scale: tuple[int, ...] = (0, 0, 1, 2, 9, 40)) -> Snapshot:
    """Weeks of answers by survey, place and segment, many of them by few people."""
    lot = np.random.default_rng(seed)
    answers: list[WeeklyAnswer] = []
    complaints: list[WeeklyComplaint] = []
    for number, metric in SURVEYS.items():
        for country in PLACES:
            for segment in SEGMENTS:
                usual = int(lot.choice(scale))
                for ago in range(WEEKS):
                    for score in (2, 5):
                        n = int(lot.poisson(usual)) if seed % 2 else usual
                        if not n:
                            continue
                        place = (country, "lv" if country == "LV" else "en")
                        language, touch = lot.choice(["lv", "en"]), lot.choice(["web", "shop"])
                        rest = (*place, str(language), str(touch), segment)
                        answers.append(WeeklyAnswer(ago, number, 1, metric, score, None, *rest, n))
                        for theme in ("delivery", "price"):
                            x = int(lot.binomial(n, 0.3))
                            if x:
                                band = "detractor" if score == 2 else "passive"
                                complaints.append(
                                    WeeklyComplaint(ago, theme, None, band, number, 1, *rest, x)
                                )
    return Snapshot(
        Week.parse("2026-W40"), "Europe/Riga", K, True, WEEKS - 1,
        answer_counts(answers), complaint_counts(complaints),
    )  # fmt: skip


def edition(whole: Snapshot, axes: Axes) -> tuple[Axes, dict[str, Any]]:
    """What is counted of a scope, and its figures."""
    if not axes:
        return axes, judged_figures(whole)
    left, is_shown = Beside(whole, tuple(axes)).kept(axes)
    return left, judged_figures(narrowed(whole, left, whole.history) if is_shown else nobody(whole))


Told = Iterator[tuple[tuple[str, str, str, str], int]]


def told(figures: dict[str, Any]) -> Told:
    """Every number of people that an edition tells, by level, group, what is counted, and when."""
    yield from of_responses(figures["tiles"]["responses"])
    for metric in ("nps", "csat"):
        yield from of_metric(metric, figures["tiles"][metric])
    for name, level in ROWS.items():
        for row in figures[name]:
            if not row["suppressed"]:
                yield from of_row(level, row)
    for pain in figures["pain_points"]:
        yield ("all", "all", pain["theme"], "now"), pain["now"]["x"]
        if pain["detractors"] is not None:
            yield ("all", "all", f"{pain['theme']}, low scores", "now"), pain["detractors"]
            yield ("all", "all", f"{pain['theme']}, others", "now"), pain["now"]["x"] - pain["detractors"]
        if not pain["before"]["suppressed"]:
            yield ("all", "all", pain["theme"], f"{pain['before']['weeks']}"), pain["before"]["x"]
        for place in (each for each in pain["by_region"] if not each["suppressed"]):
            yield ("region", place["group"], pain["theme"], "now"), place["x"]


def of_responses(tile: dict[str, Any]) -> Told:
    if tile["suppressed"]:
        return
    yield ("all", "all", "responses", "now"), tile["n"]
    if tile["last_week"] is not None:
        yield ("all", "all", "responses", "last"), tile["last_week"]
    weeks = tile["change"]["weeks"]
    if weeks:
        yield ("all", "all", "responses", f"{weeks}"), round(tile["mean_before"] * weeks)


def of_metric(metric: str, tile: dict[str, Any]) -> Told:
    if not tile["suppressed"]:
        yield ("all", "all", metric, "now"), tile["n"]
    if tile["last_week"]:
        yield ("all", "all", metric, "last"), tile["last_week"]["n"]
    if tile["before"]:
        yield ("all", "all", metric, f"{tile['change']['weeks']}"), tile["before"]["n"]


def of_row(level: str, row: dict[str, Any]) -> Told:
    yield (level, row["group"], "responses", "now"), row["responses"]
    for metric in ("nps", "csat"):
        if not row[metric].get("suppressed"):
            yield (level, row["group"], metric, "now"), row[metric]["n"]
    for theme in row["themes"]:
        yield (level, row["group"], theme["theme"], "now"), theme["x"]
    for country in row["countries"] if level == "region" else ():
        yield ("country", country["country"], "responses", "now"), country["n"]


def leaks(whole: Snapshot) -> list[str]:
    """Where one edition's figure less the same figure of an edition inside it is of 1 to k - 1 people."""
    editions = [edition(whole, axes) for axes in ({}, *SCOPES)]
    rows = with_surveys(whole.answers)
    sets = [inside(rows, axes) for axes, _figures in editions]
    numbers = [dict(told(figures)) for _axes, figures in editions]
    found = []
    for one, other in combinations(range(len(editions)), 2):
        for outer, inner in ((one, other), (other, one)):
            if not (sets[inner] <= sets[outer]).all() or not numbers[inner]:
                continue
            for key, n in numbers[inner].items():
                if 0 < numbers[outer].get(key, 0) - n < K:
                    found.append(
                        f"{editions[outer][0]} - {editions[inner][0]} {key} {numbers[outer][key]} - {n}"
                    )
    return found


@pytest.mark.parametrize("seed", range(6))
def test_no_edition_less_another_tells_a_few(seed: int) -> None:
    assert leaks(world(seed)) == []


@pytest.mark.parametrize("seed", [6, 7, 10, 14, 23])
def test_a_survey_leaves_no_few_of_other_metrics(seed: int) -> None:
    # Of many groups few answered one metric and more another.
    assert leaks(world(seed, scale=(0, 0, 0, 0, 0, 1, 1, 2, 9))) == []


@pytest.mark.parametrize("seed", range(3))
def test_with_plenty_of_answers_nothing_is_hidden(seed: int) -> None:
    whole = world(seed, scale=(60, 80, 100))
    for axes in SCOPES:
        left, figures = edition(whole, axes)
        assert (left, figures["suppressed"]) == (axes, [])
        assert not any(tile["suppressed"] for tile in figures["tiles"].values())
        assert not any(
            row[metric].get("suppressed")
            for name in ROWS
            for row in figures[name]
            for metric in ("nps", "csat")
        )


async def test_what_everybody_less_a_scope_leaves_is_no_few(database: None) -> None:
    maize = await organisation()
    for segment, n in (("a", 100), ("b", 40), ("c", 3), ("d", 60)):
        await many("nps", {9: n})
        await Response.filter(segment=None).update(segment=segment)
    await many("csat", {5: 12})
    await Response.filter(segment=None).update(segment="a")

    async def told(**scope: tuple[str, ...]) -> dict[str, Any]:
        return await figures(WEEK, maize, at=AT, scope=Scope(**scope))

    whole, a, b, both = [await told(segments=names) for names in ((), ("a",), ("b",), ("a", "c"))]
    assert {each["group"] for each in whole["suppressed"] if each["level"] == "segment"} == {"b", "c"}
    assert (a["tiles"]["responses"]["n"], a["tiles"]["nps"]["n"]) == (112, 100)
    # The smallest of the others is hidden with c, in the edition of b as in everybody's.
    assert (b["tiles"]["responses"]["suppressed"], b["pain_points"], b["regions"]) == (True, [], [])
    assert b["suppressed"] == [{"level": "segment", "group": "b"}]
    # What is hidden is not counted, and the edition says so.
    assert both["tiles"]["responses"]["n"] == 112
    assert (both["scope"]["segments"], both["suppressed"]) == (["a"], [{"level": "segment", "group": "c"}])
    assert both["tiles"]["responses"]["link"] == a["tiles"]["responses"]["link"]
    # Those of CSAT are the rest of everybody's less one survey: as many as k.
    assert (await told(surveys=("nps",)))["tiles"]["nps"]["n"] == 203
    for edition_of, said in ((both, "Segment: C"), (b, "Segment: B")):
        html = document({"figures": edition_of, "organisation": facts(maize), "locale": "en"})
        assert said in " ".join(re.sub(r"<[^>]+>", " ", html).split())


async def test_a_report_of_a_survey_hides_what_the_others_leave(database: None) -> None:
    await organisation()
    for ago in range(6):
        await many("nps", {9: 60, 3: 20}, ago=ago)
        await many("csat", {5: 30}, ago=ago)
    other = await Survey.create(slug="csat-shop", name="csat-shop", metric=Metric.CSAT)
    few = await Response.filter(
        survey_id=(await Survey.get(slug="csat")).id, submitted_at__gte=wednesday(0)
    ).limit(3)
    await Response.filter(id__in=[each.id for each in few]).update(survey_id=other.id)
    shown = {}
    for slug in ("nps", "csat", "csat-shop"):
        found = await report_figures(asked_of(f"2026-W40~survey~{slug}"), await organisation(), at=AT)
        shown[slug] = found["tiles"]["responses"]["n"]
    # Everybody's CSAT less that of one survey would be that of the other.
    assert shown == {"nps": 80, "csat": None, "csat-shop": None}


@pytest.mark.parametrize(("told", "other"), [("nps", "csat"), ("csat", "nps"), ("ces", "nps")])
def test_a_week_whose_score_few_gave_outside_a_scope_is_marked_for_each_group(told: str, other: str) -> None:
    """Outside 40 answer in Latvian, three of them what is told, and only the week before."""
    rows = [
        WeeklyAnswer(ago, number, 1, metric, 5, None, "LV", "lv", language, None, segment, n)
        for ago in range(2)
        for number, metric, language, segment, n in (
            (1, told, "lv", "a", 30), (1, told, "lv", "b", 3 if ago else 0), (3, other, "lv", "b", 40),
            (1, told, "en", "a", 30), (1, told, "en", "b", 30),
        )
        if n
    ]  # fmt: skip
    whole = Snapshot(
        Week.parse("2026-W40"), "Europe/Riga", K, True, 1, answer_counts(rows), complaint_counts([])
    )
    marked = narrowed(whole, {"segment": ("a",)}, 1).apart.weeks["language"]
    languages = whole.answers.column("language").values
    assert dict(zip(languages, marked[:, :2].tolist(), strict=True)) == {
        "en": [False, False],
        "lv": [False, True],
    }
