"""The demo: one story whenever it is loaded, marked throughout, gone without a trace of it and of nothing else."""

import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tortoise.models import Model

from surveys.customers.models import Customer
from surveys.demo.cast import CUSTOMERS, posts, remarks
from surveys.demo.imagine import SURVEYS, WEEKS, Answer, imagined
from surveys.demo.load import is_stale, load_demo
from surveys.demo.remove import Removed, remove_demo
from surveys.digests.models import Edition, Report
from surveys.errors import Refused
from surveys.i18n import RESPONDENT_LOCALES
from surveys.mentions.collect import Found, keep
from surveys.mentions.models import Mention
from surveys.organisation.models import the_organisation
from surveys.questionnaires.models import Metric, Survey
from surveys.questionnaires.open import add_survey
from surveys.responses.models import Response, State
from surveys.scores import EXIT_REASONS, Band, scale
from surveys.verbatims.models import Epoch, Original, Verbatim
from surveys.verbatims.write import Words, masked, response_draft, write_many
from surveys.weeks import Week

RIGA = ZoneInfo("Europe/Riga")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAYS = [
    NOW,
    datetime(2026, 11, 22, 22, 30, tzinfo=UTC),  # Monday half past midnight in Riga, Sunday in London
    datetime(2026, 12, 31, 9, 0, tzinfo=UTC),  # in 2026-W53
    datetime(2027, 1, 4, 6, 0, tzinfo=UTC),  # the Monday after it
    datetime(2026, 11, 1, 12, 0, tzinfo=UTC),  # a week with 169 hours lies behind
    datetime(2027, 3, 30, 12, 0, tzinfo=UTC),  # and one with 167
]
WELL_KNOWN = ["lv", "lt", "ro", "en", "ar", "ja", "de", "pl", "uk"]


once_masked = cache(masked)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mask each text once for all tests."""
    monkeypatch.setattr("surveys.demo.load.masked", once_masked)


def told(answers: list[Answer], now: datetime, weeks_ago: range) -> list[tuple[Any, ...]]:
    """What was said by whom in some weeks, with the week as a distance."""
    weeks = {Week.containing(now, RIGA).previous(ago): ago for ago in weeks_ago}
    return [
        (weeks[week], answer.survey.slug, answer.score, answer.exit_reason, answer.market, answer.remark)
        for answer in answers
        if (week := Week.containing(answer.submitted_at, RIGA)) in weeks
    ]


@pytest.mark.parametrize("now", TODAYS)
def test_the_latest_full_week_is_never_empty(now: datetime) -> None:
    answers = imagined(now, RIGA)
    last = Week.last_full(now, RIGA)
    in_last = [each for each in answers if Week.containing(each.submitted_at, RIGA) == last]
    counts = Counter(each.survey.slug for each in in_last)
    assert counts == {asked.slug: asked.troubled for asked in SURVEYS}
    for ago in range(2, WEEKS):
        assert len(told(answers, now, range(ago, ago + 1))) >= 130
    assert all(each.submitted_at <= now for each in answers)


@pytest.mark.parametrize("now", TODAYS)
def test_the_same_story_is_told_whenever_it_is_loaded(now: datetime) -> None:
    full = range(1, WEEKS)
    assert Counter(told(imagined(now, RIGA), now, full)) == Counter(told(imagined(NOW, RIGA), NOW, full))


def test_deliveries_in_northern_europe_are_the_trouble_of_the_latest_week() -> None:
    answers = imagined(NOW, RIGA)

    def complaints(weeks: range, *, northern: bool) -> int:
        return sum(
            1
            for _, _, _, _, market, remark in told(answers, NOW, weeks)
            if remark and remark.theme == "delivery" and remark.band is Band.DETRACTOR
            if market.is_northern is northern
        )

    assert complaints(range(1, 2), northern=True) >= 15
    assert complaints(range(2, 10), northern=True) / 8 <= 4
    assert complaints(range(1, 2), northern=False) <= 8


def test_answers_are_possible_ones() -> None:
    for answer in imagined(NOW, RIGA):
        if answer.survey.metric is Metric.EXIT:
            assert answer.score is None
            assert answer.exit_reason in EXIT_REASONS
        else:
            assert answer.score in scale(answer.survey.metric.value)
            assert answer.exit_reason is None
        assert not (answer.remark and answer.state is State.PARTIAL)


def test_a_remark_rests_before_it_is_heard_again() -> None:
    heard: dict[str, list[int]] = {}
    for ago, *_, remark in told(imagined(NOW, RIGA), NOW, range(WEEKS)):
        if remark:
            heard.setdefault(remark.text, []).append(ago)
    gaps = [
        later - earlier
        for weeks in heard.values()
        for earlier, later in zip(sorted(weeks), sorted(weeks)[1:], strict=False)
    ]
    assert min(gaps) >= 3


def test_every_language_of_the_form_is_heard() -> None:
    answers = imagined(NOW, RIGA)
    assert {each.market.locale for each in answers} == set(RESPONDENT_LOCALES)
    assert {each.remark.locale for each in answers if each.remark} == set(RESPONDENT_LOCALES)
    counts = Counter(remark.locale for remark in remarks())
    assert {code for code in RESPONDENT_LOCALES if counts[code] < 4} == set()
    assert {code for code in WELL_KNOWN if counts[code] < 8} == set()


def test_texts_are_clean_and_told_once() -> None:
    texts = [remark.text for remark in remarks()]
    assert len(set(texts)) == len(texts)
    for text in [*texts, *(post.text for post in posts())]:
        assert unicodedata.is_normalized("NFC", text), text
        assert text.isprintable(), text
        assert text == text.strip(), text


def test_personal_data_in_the_texts_is_masked() -> None:
    found = Counter[str]()
    for remark in remarks():
        country = {"en": "GB", "sv": "SE", "de": "DE"}.get(remark.locale)
        found.update(masked(Words(remark.text), country).counts)
    assert {kind: found[kind] for kind in sorted(found)} == {"EMAIL": 3, "IBAN": 1, "PHONE": 2}


def test_example_addresses_are_reserved_ones() -> None:
    for text in [remark.text for remark in remarks()] + [customer.email for customer in CUSTOMERS]:
        for word in text.split():
            assert "@" not in word or word.endswith(("@example.com", "@example.org")), word


async def test_load_marks_everything_and_names_the_company(database: None) -> None:
    loaded = await load_demo(NOW)
    assert loaded.fresh
    assert str(loaded.latest_week) == "2026-W46"
    assert (await the_organisation()).name == "Baltvia"
    surveys = await Survey.all().order_by("id")
    assert [(each.slug, each.metric, each.is_open, each.is_demo) for each in surveys] == [
        ("welcome", Metric.NPS, True, True),
        ("after-order", Metric.CSAT, True, True),
        ("support", Metric.CES, True, True),
        ("goodbye", Metric.EXIT, True, True),
    ]
    for kind in (Response, Mention, Customer):
        assert await kind.filter(is_demo=False).count() == 0
    assert await Response.all().count() == loaded.responses
    assert await Verbatim.filter(response_id__not_isnull=True).count() == loaded.comments
    # Two of the three press texts are copies of the first, and so is the repeated post.
    copies = await Mention.filter(copy_of_id__not_isnull=True).count()
    assert copies == 3
    assert await Verbatim.filter(mention_id__not_isnull=True).count() == loaded.mentions - copies
    assert await Verbatim.filter(due_at=None).count() == 0
    assert await Original.all().count() == await Verbatim.all().count()
    assert await Verbatim.filter(masked_text__contains="@example").count() == 0


async def test_loading_twice_changes_nothing(database: None) -> None:
    first = await load_demo(NOW)
    again = await load_demo(NOW + timedelta(weeks=3))
    assert (again.fresh, again.responses, again.comments, again.mentions) == (
        False,
        first.responses,
        first.comments,
        first.mentions,
    )
    assert str(again.latest_week) == "2026-W47"
    assert await Survey.all().count() == 4


async def test_a_company_that_has_a_name_keeps_it(database: None) -> None:
    organisation = await the_organisation()
    organisation.name = "Rīgas Pasts"
    await organisation.save()
    await load_demo(NOW)
    assert (await the_organisation()).name == "Rīgas Pasts"
    await remove_demo()
    assert (await the_organisation()).name == "Rīgas Pasts"


async def test_load_refuses_when_a_survey_has_the_name_already(database: None) -> None:
    await add_survey(metric="nps", slug="welcome", name="Ours")
    with pytest.raises(Refused, match="welcome"):
        await load_demo(NOW)
    assert await Survey.all().count() == 1
    assert await Response.all().count() == 0
    assert (await the_organisation()).name == "Polyvox"


async def column(kind: type[Model], name: str) -> list[Any]:
    """One column of all rows, in the order they came."""
    return [getattr(row, name) for row in await kind.all().order_by("id")]


async def ours() -> None:
    """A real survey with an answer, a real customer, a real mention, an old edition and a recent one."""
    survey = await add_survey(metric="nps", slug="ours", name="Ours")
    customer = await Customer.create(customer_id="k-1", email="k@polyvox.test")
    response = await Response.create(
        survey=survey, state=State.COMPLETE, score=9, submitted_at=NOW, customer=customer
    )
    words = masked(Words("Paldies!"), "LV")
    await write_many([(response_draft(response, survey, words), words)])
    await keep([Found(source="forum.test", external_id="1", published_at=NOW, text="Labs veikals, iesaku.")])
    await Edition.create(week="2026-W20", locale="lv")


async def test_removal_leaves_the_others(database: None) -> None:
    await ours()
    loaded = await load_demo(NOW)
    await Edition.create(week="2026-W46", locale="lv")
    for key, first, last in (("2026-10", "2026-W40", "2026-W44"), ("2025-10", "2025-W40", "2025-W44")):
        await Report.create(key=key, locale="lv", first_week=first, last_week=last)
    epoch = (await Epoch.get(id=1)).number

    assert await remove_demo() == Removed(
        surveys=4,
        responses=loaded.responses,
        mentions=loaded.mentions,
        customers=len(CUSTOMERS),
        # Two made here, and the one that loading asks for.
        editions=3,
        kept=(),
    )
    assert await column(Survey, "slug") == ["ours"]
    assert await Response.all().count() == 1
    assert await column(Mention, "source") == ["forum.test"]
    assert await column(Customer, "customer_id") == ["k-1"]
    assert await column(Verbatim, "masked_text") == ["Paldies!", "Labs veikals, iesaku."]
    assert await Original.all().count() == 2
    assert await column(Edition, "week") == ["2026-W20"]
    assert await column(Report, "key") == ["2025-10"]
    assert (await the_organisation()).name == "Polyvox"
    assert (await Epoch.get(id=1)).number > epoch


async def test_removal_keeps_a_demo_survey_that_real_answers_were_imported_into(database: None) -> None:
    await load_demo(NOW)
    welcome = await Survey.get(slug="welcome")
    customer = await Customer.filter(is_demo=True).first()
    await Response.create(
        survey=welcome, state=State.COMPLETE, score=3, submitted_at=NOW, customer=customer, external_id="r-1"
    )
    removed = await remove_demo()
    assert (removed.surveys, removed.kept) == (3, ("welcome",))
    assert [(row.slug, row.is_demo) for row in await Survey.all()] == [("welcome", False)]
    assert await column(Response, "external_id") == ["r-1"]
    assert await Customer.all().count() == 1


async def test_the_demo_comes_back_after_removal(database: None) -> None:
    first = await load_demo(NOW)
    await remove_demo()
    assert await remove_demo() == Removed(0, 0, 0, 0, 0, ())
    assert await load_demo(NOW) == first


async def test_a_demo_grows_stale_when_its_latest_week_has_gone_by(database: None) -> None:
    assert not await is_stale(NOW)
    await load_demo(NOW)
    assert not await is_stale(NOW + timedelta(days=7))
    assert await is_stale(NOW + timedelta(days=21))
