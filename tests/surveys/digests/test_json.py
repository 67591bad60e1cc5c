"""`digest --json`: every key of docs/digest.md, every number of the PDF, every figure with the words behind it."""

import io
import json
import re
from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from pypdf import PdfReader
from starlette.datastructures import QueryParams
from tortoise import Tortoise

from surveys.digests.build import figures
from surveys.digests.make import facts
from surveys.digests.models import Edition
from surveys.digests.notes import notes
from surveys.digests.render import render
from surveys.i18n import speaking
from surveys.questionnaires.models import Survey
from surveys.responses.models import Response
from surveys.verbatims.look import ids_for
from tests.surveys.digests.test_pdf import figured, words
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

KEYS = {
    "week", "from", "to", "zone", "status", "tiles", "findings", "cultures", "pain_points", "exit", "mentions",
    "suppressed", "quotes", "left_out", "unanalysed",
}  # fmt: skip
CHANGE = {"against", "weeks", "delta", "low", "high", "p", "q", "arrow"}
FINDING = {"kind", "level", "group", "theme", "pain_point", "metric", "now", "before", "q", "flag"}
DOCS = Path(__file__).parents[3] / "docs" / "digest.md"


async def busy() -> dict[str, Any]:
    """An edition in which something of everything happened."""
    await figured()
    for number in range(30):
        await answer(
            "nps",
            1,
            text=f"Piegāde kavējas {number}",
            themes=["delivery"],
            customer=f"c{number}",
            country="LV",
        )
    for reason in ("payment_failed", "ethics", "other", "other", "price_too_high"):
        await answer("exit", reason)
    return await figures(WEEK, await organisation(), at=AT)


@pytest.mark.parametrize("is_busy", [False, True])
async def test_every_key_is_there_whatever_happened(database: None, is_busy: bool) -> None:
    found = await busy() if is_busy else await figures(WEEK, await organisation(), at=AT)
    assert set(found) >= KEYS
    assert set(found["tiles"]) == {"responses", "nps", "csat", "ces"}
    for tile in found["tiles"].values():
        assert set(tile["change"]) >= CHANGE
        assert tile["change"]["arrow"] in {"up", "down", "none", "too_few"}
    assert set(found["mentions"]) >= {"n", "authors", "negative", "net"}
    assert set(found["exit"]) >= {"n", "reasons"}
    for finding in found["findings"]:
        assert set(finding) >= FINDING
        assert set(finding["before"]) == {"x", "n", "weeks", "share"}
    for row in found["cultures"]:
        assert set(row) >= {"group", "status", "delta", "low", "high", "p", "q", "arrow"}
        assert row["status"] in {"ok", "insufficient", "suppressed"}
    assert json.loads(json.dumps(found, allow_nan=False)) == found


async def test_the_documentation_names_every_key(database: None) -> None:
    told = DOCS.read_text("utf-8")
    found = await busy()

    def keys(value: Any, path: str = "") -> set[str]:
        # What is keyed by a code, a score or a language is data, not a key.
        if isinstance(value, list):
            return {key for each in value for key in keys(each, path)}
        if not isinstance(value, dict):
            return set()
        names = {
            key
            for key in value
            if path not in {"reasons", "involuntary", "moods", "shares", "distribution", "links"}
        }
        return names | {key for name, each in value.items() for key in keys(each, name)}

    assert {key for key in keys(found) if f"`{key}`" not in told} == set()


def numbers(text: str, decimal: str) -> set[float]:
    """Every number written in a text."""
    other = "." if decimal == "," else ","
    said = re.findall(r"\d+(?:[   ]\d{3})*(?:[.,]\d+)*", text)
    # An address in somebody's words is no number: its points part one or two digits, too.
    address = rf"{re.escape(other)}\d{{1,2}}(?!\d)"
    plain = (
        re.sub(r"[   ]", "", each).replace(other, "").replace(decimal, ".")
        for each in said
        if not re.search(address, each)
    )
    return {float(each) for each in plain if each.count(".") < 2}


def known(value: Any) -> set[float]:
    """Every number of the JSON as a page may round it, and those inside its texts."""
    if isinstance(value, dict):
        return {each for name, inside in value.items() for each in known(inside) | known(name)}
    if isinstance(value, list):
        return {each for inside in value for each in known(inside)}
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, str):
        return {float(each) for each in re.findall(r"\d+(?:\.\d+)?", value)} | {
            float(each) for each in re.findall(r"\d+", value)
        }
    exact = Decimal(str(abs(value)))
    return {float(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) for digits in (0, 1, 2)}


@pytest.mark.journey
@pytest.mark.parametrize(("locale", "decimal"), [("en", "."), ("lv", ",")])
async def test_every_number_of_the_pdf_is_in_the_json(database: None, locale: str, decimal: str) -> None:
    found = await busy()
    pdf = await render(found, facts(await organisation()), locale)
    text = words(pdf)
    pages = {float(page) for page in range(1, text.count("\f") + 1)}
    # The week runs from 00:00; its first and last day are `from` and `to`.
    assert numbers(text, decimal) - known(found) - pages - {0.0} == set()


async def test_every_link_holds_what_was_counted(database: None) -> None:
    found = await busy()
    zone = (await organisation()).zone

    async def held(address: str) -> set[int]:
        asked, ids = await ids_for(QueryParams(parse_qsl(urlsplit(address).query)), zone)
        assert asked.unknown == ()
        return set(ids)

    pain = next(pain for pain in found["pain_points"] if pain["theme"] == "delivery")
    rows = await Tortoise.get_connection("default").execute_query_dict(
        "SELECT v.id FROM verbatim v JOIN verbatim_theme t ON t.verbatim_id = v.id "
        "WHERE t.code = 'delivery' AND v.response_id IS NOT NULL AND v.band = 'detractor'"
    )
    assert await held(pain["link"]) == {row["id"] for row in rows}
    assert len(rows) >= pain["now"]["x"]
    (place,) = [each for each in pain["by_region"] if each["group"] == "154"]
    assert await held(place["link"]) == {row["id"] for row in rows}
    everything = await held(found["tiles"]["responses"]["link"])
    assert everything == await held(found["tiles"]["nps"]["link"])
    assert len(await held(found["mentions"]["link"])) == found["mentions"]["n"]
    assert not everything & await held(found["mentions"]["link"])
    for finding in found["findings"]:
        assert finding["link"] is None or await held(finding["link"]) is not None


async def test_a_new_wording_ends_the_trend_line(database: None) -> None:
    for ago in range(1, 9):
        await many("nps", {9: 20, 3: 10}, ago=ago)
    await many("nps", {9: 40})
    survey = await Survey.get(slug="nps")
    this_week = await Response.filter(score=9).order_by("-submitted_at").limit(40)
    await Response.filter(id__in=[each.id for each in this_week]).update(wording_version=2)
    await Survey.filter(id=survey.id).update(wording_version=2)
    found = await figures(WEEK, await organisation(), at=AT)
    change = found["tiles"]["nps"]["change"]
    assert (change["reason"], change["arrow"], change["q"]) == ("wording", "too_few", None)
    assert [finding for finding in found["findings"] if finding["metric"] == "nps"] == []
    with speaking("en", "digest"):
        assert notes(found) == [
            "Recommendation (NPS): what was asked changed; answers to other words or another survey are not compared."
        ]


def links(node: Any) -> list[str]:
    """Every link of an edition, at whatever depth."""
    if isinstance(node, list):
        return [found for each in node for found in links(each)]
    if not isinstance(node, dict):
        return []
    own = [node["link"]] if isinstance(node.get("link"), str) else []
    own += node.get("links", {}).values() if isinstance(node.get("links"), dict) else []
    return own + [found for each in node.values() for found in links(each)]


async def test_numbers_of_the_pdf_lead_to_the_words_behind_them(database: None) -> None:
    found, about = await busy(), facts(await organisation())
    pdf = PdfReader(io.BytesIO(await render(found, about, "de")))
    followed = [
        (note.get_object()["/A"]["/URI"], note.get_object()["/Contents"])
        for page in pdf.pages
        for note in page.get("/Annots", [])
    ]
    assert {what for _address, what in followed} == {"Die Kommentare hinter dieser Zahl"}
    addresses = {address for address, _what in followed}
    assert addresses <= {about["address"] + link for link in links(found)}
    wanted = [tile["link"] for tile in found["tiles"].values() if tile["link"]]
    wanted += [pain["link"] for pain in found["pain_points"]]
    wanted += [row["link"] for row in found["regions"] if not row["suppressed"]]
    assert wanted
    assert {about["address"] + link for link in wanted} <= addresses


async def test_a_note_on_an_older_week_is_made_once(database: None) -> None:
    for ago in range(1, 6):
        await many("nps", {9: 20, 3: 10}, ago=ago)
    maize = await organisation()
    older = WEEK.previous(3)
    then = await figures(older, maize, at=AT)
    await Edition.create(week=str(older), locale="en", figures=then, built_at=AT)
    await many("nps", {3: 12}, ago=3)
    found = await figures(WEEK.previous(), maize, at=AT)
    (note,) = found["corrections"]
    assert (note["week"], note["responses"]) == (str(older), {"then": 30, "now": 42})
    await Edition.create(week=str(WEEK.previous()), locale="en", figures=found, built_at=AT)
    assert (await figures(WEEK, maize, at=AT))["corrections"] == []
    await many("nps", {3: 3}, ago=3)
    assert (await figures(WEEK, maize, at=AT))["corrections"] == []
    await many("nps", {3: 3}, ago=3)
    (again,) = (await figures(WEEK, maize, at=AT))["corrections"]
    assert again["responses"] == {"then": 42, "now": 48}


async def test_another_time_zone_corrects_nothing(database: None) -> None:
    for ago in range(1, 6):
        await many("nps", {9: 20, 3: 10}, ago=ago)
    # Early Monday in Riga is still Sunday in New York.
    evening = WEEK.previous().monday - timedelta(days=1)
    some = await Response.filter(submitted_at__lt=WEEK.monday).order_by("-id").limit(12)
    await Response.filter(id__in=[each.id for each in some]).update(
        submitted_at=datetime.combine(evening, time(23), UTC)
    )
    maize = await organisation()
    for ago in (2, 1):
        then = await figures(WEEK.previous(ago), maize, at=AT)
        await Edition.create(week=str(WEEK.previous(ago)), locale="en", figures=then, built_at=AT)
    maize = await organisation(time_zone="America/New_York")
    found = await figures(WEEK, maize, at=AT)
    assert (found["zone"], found["corrections"]) == ("America/New_York", [])
    await many("nps", {3: 12}, ago=1)
    (note,) = (await figures(WEEK, await organisation(), at=AT))["corrections"]
    assert note["week"] == str(WEEK.previous())


async def test_an_answer_in_anothers_place_is_noted(database: None) -> None:
    for ago in range(1, 6):
        await many("nps", {9: 20, 3: 10}, ago=ago)
    maize = await organisation()
    then = await figures(WEEK.previous(), maize, at=AT)
    await Edition.create(week=str(WEEK.previous()), locale="en", figures=then, built_at=AT)
    monday, sunday = WEEK.previous().monday, WEEK.monday
    replaced = await Response.filter(score=9, submitted_at__gte=monday, submitted_at__lt=sunday).first()
    assert replaced is not None
    replaced.score = 0
    await replaced.save(update_fields=["score"])
    (note,) = (await figures(WEEK, maize, at=AT))["corrections"]
    assert (note["few"], note["responses"]) == (True, None)


@pytest.mark.parametrize("left", [0, 1])
async def test_a_score_that_few_answers_are_left_of_is_not_told(database: None, left: int) -> None:
    for ago in range(1, 6):
        await many("nps", {9: 20, 3: 10}, ago=ago)
        await many("csat", {5: 10}, ago=ago)
    maize = await organisation()
    then = await figures(WEEK.previous(), maize, at=AT)
    await Edition.create(week=str(WEEK.previous()), locale="en", figures=then, built_at=AT)
    start, end = WEEK.previous().bounds(maize.zone)
    rated = Response.filter(survey__slug="csat", submitted_at__gte=start, submitted_at__lt=end)
    ids = await rated.order_by("id").values_list("id", flat=True)
    await Response.filter(id__in=ids[left:]).delete()
    found = await figures(WEEK, maize, at=AT)
    (note,) = found["corrections"]
    assert (note["responses"], note["csat"]) == ({"then": 40, "now": 30 + left}, None)
    with speaking("en", "digest"):
        said = [line for line in notes(found) if "that week" in line or "Correction" in line]
    # NPS is what it was.
    assert said == [f"Correction: week 2026-W39 now has {30 + left} answers; its digest counted 40."]


async def test_a_few_late_answers_to_one_metric_are_not_told_beside_more_to_another(database: None) -> None:
    for ago in range(1, 6):
        await many("nps", {9: 20, 3: 10}, ago=ago)
        await many("csat", {5: 66, 2: 35}, ago=ago)
    maize, last = await organisation(), WEEK.previous()
    then = await figures(last, maize, at=AT)
    await Edition.create(week=str(last), locale="en", figures=then, built_at=AT)
    await many("nps", {9: 9}, ago=1)
    await many("csat", {2: 3}, ago=1)
    found = await figures(WEEK, maize, at=AT)
    (note,) = found["corrections"]
    assert note["responses"] == {"then": 131, "now": 143}
    assert note["csat"] is None
    assert (round(note["nps"]["then"], 2), round(note["nps"]["now"], 2), note["nps"]["n"]) == (
        33.33,
        48.72,
        39,
    )
    with speaking("en", "digest"):
        said = [line for line in notes(found) if "that week" in line]
    assert said == ["Recommendation (NPS) of that week: 49, not 33."]
    # Six more, and the nine that came in all are told of.
    await Edition.create(week=str(WEEK), locale="en", figures=found, built_at=AT)
    await many("csat", {2: 6}, ago=1)
    (note,) = (await figures(WEEK.previous(-1), maize, at=AT + timedelta(days=7)))["corrections"]
    assert (round(note["csat"]["then"], 2), note["csat"]["now"], note["csat"]["n"]) == (65.35, 60.0, 110)


async def test_an_answer_in_anothers_place_is_not_told_beside_more_to_another_metric(database: None) -> None:
    for ago in range(1, 6):
        await many("nps", {9: 20, 3: 10}, ago=ago)
        await many("csat", {5: 20}, ago=ago)
    maize, last = await organisation(), WEEK.previous()
    then = await figures(last, maize, at=AT)
    await Edition.create(week=str(last), locale="en", figures=then, built_at=AT)
    await many("nps", {9: 9}, ago=1)
    rated = Response.filter(survey__slug="csat", submitted_at__gte=last.monday, submitted_at__lt=WEEK.monday)
    first = await rated.order_by("id").first()
    assert first is not None
    await Response.filter(id=first.id).update(score=1)
    (note,) = (await figures(WEEK, maize, at=AT))["corrections"]
    assert (note["responses"], note["csat"]) == ({"then": 50, "now": 59}, None)


@pytest.mark.parametrize(("late", "few"), [(2, True), (9, False)])
async def test_late_answers_are_noted_in_the_next_edition(database: None, late: int, few: bool) -> None:
    for ago in range(1, 6):
        await many("nps", {9: 20, 3: 10}, ago=ago)
    maize = await organisation()
    then = await figures(WEEK.previous(), maize, at=AT)
    await Edition.create(week=str(WEEK.previous()), locale="en", figures=then, built_at=AT)
    assert (await figures(WEEK, maize, at=AT))["corrections"] == []
    await many("nps", {3: late}, ago=1)
    found = await figures(WEEK, maize, at=AT)
    (note,) = found["corrections"]
    assert note["few"] is few
    assert note["responses"] == (None if few else {"then": 30, "now": 39})
    with speaking("en", "digest"):
        (first, *_rest) = notes(found)
    assert first == (
        "Correction: fewer than 5 answers to week 2026-W39 came or went after its digest was made."
        if few
        else "Correction: week 2026-W39 now has 39 answers; its digest counted 30."
    )
