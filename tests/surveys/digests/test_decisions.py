"""Decisions in the digest: shares before and since, judged with the edition; small groups hidden; page one, mail, PDF."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import html as read

from surveys.decisions.models import Decision, DecisionState
from surveys.digests import render as renderer
from surveys.digests.build import figures
from surveys.digests.decision_lines import decision_lines
from surveys.digests.make import facts
from surveys.digests.page_one import mail_page
from surveys.digests.render import document, render
from surveys.digests.source import RAW, Source
from surveys.i18n import speaking
from surveys.pains.models import PainPoint, VerbatimPain
from surveys.responses.models import Response
from surveys.templating import render as said
from surveys.verbatims.models import Verbatim
from tests.surveys.digests.test_json import known, numbers
from tests.surveys.digests.test_pdf import hostile, words
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

DOCS = Path(__file__).parents[3] / "docs" / "digest.md"


async def decide(ago: int = 0, **facts: Any) -> Decision:
    """A decision written so many weeks ago, due two weeks after WEEK unless told otherwise."""
    return await Decision.create(
        **{
            "theme": "delivery",
            "sentence": "A second courier at night",
            "owner": "Ilze",
            "week": str(WEEK.previous(ago)),
            "due_week": str(WEEK.previous(-2)),
            **facts,
        }
    )


async def complain(people: int, others: int, *, ago: int = 0) -> None:
    """So many people complain about delivery in a week, and others do not."""
    for number in range(people):
        await answer("nps", 1, ago=ago, text=f"Vēlu {number}", themes=["delivery"])
    await many("nps", {9: others}, ago=ago)


async def edition(*, at: datetime = AT, source: Source | None = None) -> dict[str, Any]:
    return await figures(WEEK, await organisation(), at=at, source=source)


async def test_what_came_of_it_is_told_beside_it(database: None) -> None:
    for ago in range(3, 11):
        await complain(12, 28, ago=ago)
    for ago in range(3):
        await complain(5, 55, ago=ago)
    await decide(2)
    found = await edition()
    assert found["decisions"] == (await edition(source=RAW))["decisions"]
    (told,) = found["decisions"]
    change = told.pop("change")
    assert told == {
        "theme": "delivery",
        "pain_point": None,
        "sentence": "A second courier at night",
        "owner": "Ilze",
        "week": "2026-W38",
        "due_week": "2026-W42",
        "state": "decided",
        "closed_week": None,
        "overdue": False,
        "before": {
            "x": 96, "n": 320, "share": 30.0, "weeks": 8, "suppressed": False,
            "low": pytest.approx(25.24, abs=0.01), "high": pytest.approx(35.23, abs=0.01),
        },
        "since": {
            "x": 15, "n": 180, "share": pytest.approx(8.333, abs=0.001), "weeks": 3, "suppressed": False,
            "low": pytest.approx(5.115, abs=0.001), "high": pytest.approx(13.293, abs=0.001),
        },
        "suppressed": False,
        "link": (
            "/inbox?week=2026-W38&week=2026-W39&week=2026-W40&complaint=delivery&source=response"
        ),
    }  # fmt: skip
    assert (change["against"], change["weeks"], change["arrow"], change["flag"]) == (
        "before_decision",
        8,
        "down",
        "alert",
    )
    assert change["q"] >= change["wide"] >= change["p"]
    with speaking("en", "digest"):
        (line,) = decision_lines({**found, "decisions": [{**told, "change": change}]})
    assert (line["about"], line["standing"]) == ("Delivery", "Ilze, due 2026-W42")
    assert (line["before"], line["since"], line["verdict"]) == (
        "Before: 30.0% of answers (96 of 320)",
        "Since then: 8.3% of answers (15 of 180)",
        "fell, beyond chance",
    )


async def test_without_significance_there_is_no_arrow(database: None) -> None:
    for ago in range(10):
        await complain(6, 34, ago=ago)
    await decide(1)
    (told,) = (await edition())["decisions"]
    assert (told["change"]["arrow"], told["change"]["reason"]) == ("none", "tested")
    assert (told["before"]["share"], told["since"]["share"]) == (15.0, 15.0)


async def test_with_too_little_history_that_is_said(database: None) -> None:
    for ago in range(4):
        await complain(6, 34, ago=ago)
    await decide(1)
    (told,) = (found := await edition())["decisions"]
    assert (told["before"]["share"], told["before"]["weeks"], told["change"]["reason"]) == (
        None,
        0,
        "history",
    )
    assert (told["since"]["x"], told["since"]["n"]) == (12, 80)
    with speaking("en", "digest"):
        assert decision_lines(found)[0]["before"] == "Before: too little history"


async def test_a_few_people_are_hidden_and_that_is_said(database: None) -> None:
    for ago in range(1, 10):
        await complain(8, 32, ago=ago)
    await complain(3, 37)
    await decide()
    (told,) = (found := await edition())["decisions"]
    assert told["since"] == {
        **dict.fromkeys(("x", "n", "share", "low", "high")),
        "weeks": 1,
        "suppressed": True,
    }
    assert (told["suppressed"], told["change"]["reason"], told["change"]["p"], told["link"]) == (
        True,
        "suppressed",
        None,
        None,
    )
    with speaking("en", "digest"):
        (line,) = decision_lines(found)
    assert (line["since"], line["verdict"], line["chart"]) == (
        "Since then: hidden, as it would reveal a group of too few",
        "hidden, as it would reveal a group of too few",
        None,
    )


async def test_two_editions_subtracted_tell_no_few_people(database: None) -> None:
    for ago in range(2, 11):
        await complain(8, 32, ago=ago)
    await complain(3, 37, ago=1)
    await complain(4, 36)
    await decide(2)
    (earlier,) = (await figures(WEEK.previous(), await organisation(), at=AT))["decisions"]
    assert (earlier["since"]["x"], earlier["since"]["weeks"]) == (8, 1)
    (later,) = (await edition())["decisions"]
    assert (later["since"]["x"], later["since"]["weeks"]) == (15, 3)


async def test_two_decisions_subtracted_tell_no_few_people(database: None) -> None:
    for ago in range(3, 12):
        await complain(8, 32, ago=ago)
    await complain(3, 37, ago=2)
    await complain(8, 32, ago=1)
    await complain(9, 31)
    await decide(2)
    await decide(1, sentence="And a third")
    first, second = (await edition())["decisions"]
    # The weeks since the later one told theirs; with them the earlier one's would tell the three before.
    assert (first["since"]["x"], second["since"]["x"], second["suppressed"]) == (None, 17, True)


async def test_of_two_decisions_that_stand_a_few_apart_the_later_one_tells_nothing(database: None) -> None:
    for ago in range(5, 14):
        await complain(8, 32, ago=ago)
    for ago, people in enumerate((2, 2, 1, 1, 4)):
        await complain(people, 40 - people, ago=ago)
    await decide(4)
    await decide(3, sentence="And a third")
    first, second = (await edition())["decisions"]
    # Alone each may be told: ten people in five weeks, six in four of these.
    assert (first["since"]["x"], second["since"]["x"], second["suppressed"]) == (10, None, True)


@pytest.mark.parametrize(
    ("earlier", "since", "x", "weeks"),
    [
        # The weekly editions tell 8 and 9 of 20: three would be left.
        ([8] * 8, [8, 3, 9], 8, 1),
        ([8] * 8, [8, 3, 3], 14, 3),
        ([8] * 8, [8, 0, 9], 17, 3),
        ([8] * 7 + [4], [8, 8, 9], 25, 3),
        ([8] * 6 + [4, 1], [8, 8, 9], 25, 3),
    ],
)
async def test_less_the_weeks_that_told_theirs_it_tells_no_few_people(
    database: None, earlier: list[int], since: list[int], x: int, weeks: int
) -> None:
    for ago, people in enumerate([*reversed(since), *earlier]):
        await complain(people, 40 - people, ago=ago)
    await decide(2)
    (told,) = (await edition())["decisions"]
    assert (told["since"]["x"], told["since"]["weeks"]) == (x, weeks)
    is_alone = sum(each for each in earlier if each < 5) in range(1, 5)
    assert told["before"]["x"] == (None if is_alone else sum(earlier))
    assert (told["suppressed"], told["change"]["reason"] == "suppressed") == (is_alone, is_alone)


async def test_nobody_complains_any_more(database: None) -> None:
    for ago in range(1, 10):
        await complain(8, 32, ago=ago)
    await complain(0, 40)
    await decide()
    (told,) = (await edition())["decisions"]
    assert (told["since"]["x"], told["since"]["n"], told["since"]["share"]) == (0, 40, 0.0)
    assert told["change"]["arrow"] == "down"


async def test_a_new_wording_is_not_compared(database: None) -> None:
    for ago in range(10):
        await complain(8, 32, ago=ago)
    last = await Response.all().order_by("-submitted_at").limit(40)
    await Response.filter(id__in=[row.id for row in last]).update(wording_version=2)
    await decide()
    (told,) = (await edition())["decisions"]
    assert (told["change"]["reason"], told["change"]["arrow"], told["before"]["share"]) == (
        "wording",
        "too_few",
        None,
    )


async def test_at_a_pain_point_only_those_who_name_it_count(database: None) -> None:
    pain = await PainPoint.create(theme="delivery", title="Vans break down", first_week=str(WEEK))
    part = await PainPoint.create(theme="delivery", first_week=str(WEEK), merged_into_id=pain.id)
    for ago in range(9):
        await complain(10, 30, ago=ago)
    for number, verbatim in enumerate(await Verbatim.all().order_by("id")):
        if number % 10 < 6:
            of = pain if number % 2 else part
            await VerbatimPain.create(verbatim=verbatim, theme="delivery", pain=of, likeness=0.9)
    await decide(pain=part)
    (told,) = (found := await edition())["decisions"]
    assert (told["pain_point"], told["before"]["x"], told["since"]["x"]) == (str(pain.id), 48, 6)
    assert told["link"] == f"/inbox?week=2026-W40&pain={pain.id}&source=response"
    with speaking("en", "digest"):
        assert decision_lines(found)[0]["about"] == "Delivery: Vans break down"


async def test_which_decisions_an_edition_tells(database: None) -> None:
    closed = {"state": DecisionState.DONE}
    await decide(-1, sentence="later")
    await decide(9, sentence="due", due_week=str(WEEK))
    await decide(9, sentence="open")
    await decide(9, sentence="closed later", closed_week=str(WEEK.previous(-1)), **closed)
    await decide(9, sentence="done", closed_week=str(WEEK.previous(4)), **closed)
    await decide(9, sentence="long done", closed_week=str(WEEK.previous(5)), **closed)
    await decide(60, sentence="old", state=DecisionState.DROPPED, closed_week=str(WEEK))
    found = await edition()
    told = [(each["sentence"], each["state"], each["overdue"]) for each in found["decisions"]]
    assert told == [
        ("due", "decided", True),
        ("open", "decided", False),
        ("closed later", "decided", False),
        ("done", "done", False),
        ("old", "dropped", False),
    ]
    with speaking("en", "digest"):
        standing = [line["standing"] for line in decision_lines(found)]
    assert standing == [
        "Ilze, due 2026-W40 and overdue",
        "Ilze, due 2026-W42",
        "Ilze, due 2026-W42",
        "Ilze, done in 2026-W36",
        "Ilze, dropped in 2026-W40",
    ]


async def test_the_documentation_names_every_key(database: None) -> None:
    await decide()
    (told,) = (await edition())["decisions"]
    keys = {*told, *told["before"], *told["since"], *told["change"], "decisions", "before_decision"}
    assert {key for key in keys if f"`{key}`" not in DOCS.read_text("utf-8")} == set()


async def busy() -> dict[str, Any]:
    """An edition with much to say, and four decisions in long sentences of several scripts."""
    await hostile()
    for number in range(20):
        await answer("nps", 1, text=f"Rēķins nepareizs {number}", themes=["billing"])
    long = "Otrais kurjers naktī, zvans pirms piegādes un paka pie kaimiņa, ja neviens neatver; "
    for sentence in (long * 2)[:160], "<b>سائق ثان في الليل</b>", "夜間に二人目の配達員を置く", "x " * 80:
        await decide(1, sentence=sentence.strip(), due_week=str(WEEK))
    found = await figures(WEEK, await organisation(), at=AT)
    quote = found["quotes"][0]
    for pain in found["pain_points"]:
        pain["quote"] = {**quote, "text": "Kurjers neatbrauca, neviens nezvanīja. " * 5}
        pain["points"] = [
            {
                "pain_point": "1", "kind": "rising", "title": "Kurjers nezvana pie durvīm un aizbrauc " * 3,
                "known": None, "quote": None, "now": pain["now"], "change": pain["change"], "since": None,
                "before": pain["before"], "languages": {"n": 3, "named": [], "others": 20}, "places": [],
            }
        ] * 3  # fmt: skip
    return found


@pytest.mark.journey
@pytest.mark.parametrize("locale", ["en", "lv", "fr", "ar", "ja"])
async def test_page_one_still_fits_a_page(database: None, locale: str) -> None:
    found = await busy()
    pdf = await render(found, facts(await organisation()), locale)
    with speaking(locale, "digest"):
        asked = mail_page(found)["asked"]
    first, second = ("".join(page.split()) for page in words(pdf).split("\f")[:2])
    if locale == "ar":
        # Letters that run from right to left are written down in another order; the second page is of decisions only.
        assert "2026-W40" in second
        assert second.count("30,0") + second.count("Ilze") >= 4
    else:
        assert "".join(asked[-1].split()) in first
        assert "<b>" in first
    assert "夜間に" in second
    decimal = "." if locale in {"en", "ja", "zh-Hans"} else ","
    if locale in {"en", "lv"}:
        pages = {float(page) for page in range(1, words(pdf).count("\f") + 1)}
        assert numbers(words(pdf), decimal) - known(found) - pages - {0.0} == set()


# WeasyPrint leaves its colour profile open; editions are made by a child of their own.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.journey
async def test_what_cannot_stay_together_is_torn(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    together = ".themes-table tbody:nth-last-child(-n + 2) { break-before: avoid; }"
    monkeypatch.setattr(renderer, "colours", lambda _organisation: together)
    job = {"figures": await busy(), "organisation": facts(await organisation()), "locale": "en"}
    assert "All pain points" in words(renderer.pdf(job))
    monkeypatch.setattr(renderer, "TORN", "")
    with pytest.raises(AssertionError):
        renderer.pdf(job)


async def test_the_page_and_the_mail_say_it_and_escape_it(database: None) -> None:
    found = await busy()
    page = document({"figures": found, "organisation": facts(await organisation()), "locale": "en"})
    tree = read.fromstring(page.encode())
    assert len(tree.xpath("//section[contains(@class, 'first')]//table[@class='decisions']/tbody/tr")) == 2
    assert (
        len(tree.xpath("//section[not(contains(@class, 'first'))]/table[@class='decisions']/tbody/tr")) == 4
    )
    assert "&lt;b&gt;سائق" in page
    assert tree.xpath("//p[@class='sentence' and @dir='rtl']/text()") == []
    with speaking("en", "digest"):
        shown = mail_page(found)
    facts_of_mail = {
        "organisation": await organisation(),
        "week": found["week"],
        "page": shown,
        "archive": "https://a",
        "unsubscribe": "https://u",
    }
    plain = said("email/digest/body.txt", locale="en", domain="digest", **facts_of_mail)
    assert "\nDecisions\n\n- Delivery\n  Otrais kurjers" in plain
    assert "\n  Ilze, due 2026-W40 and overdue\n  Before: too little history\n" in plain
    assert "&lt;b&gt;" in said("email/digest/body.html", locale="en", domain="digest", **facts_of_mail)


async def test_an_edition_made_before_there_were_decisions_is_still_said(database: None) -> None:
    found = await edition()
    assert found.pop("decisions") == []
    with speaking("en", "digest"):
        assert mail_page(found)["decided"] == []
