"""Answers go when the months that the notice promised are over."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.accounts.models import User
from surveys.counts.models import CountedUnit, WeeklyCounts
from surveys.counts.upkeep import catch_up, take_away
from surveys.dashboard.models import KeptView, WeekColumns
from surveys.decisions.models import Decision, DecisionChange, DecisionState
from surveys.digests.models import Edition, Report
from surveys.erasure.erase import Person, erase
from surveys.erasure.expire import expire_old_answers, months_before
from surveys.organisation.models import the_organisation
from surveys.questionnaires.open import add_survey
from surveys.responses.models import Response, State
from surveys.verbatims.models import Epoch, Original, Verbatim
from surveys.verbatims.write import Words, masked, write_response_verbatim
from tests.surveys.digests.week import WEEK, answer, organisation

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.usefixtures("database")
async def test_answers_of_our_forms_go_after_their_months_and_imported_ones_stay() -> None:
    organisation = await the_organisation()
    organisation.retention_months = 12
    await organisation.save()
    survey = await add_survey(metric="nps", slug="nps", name="NPS")
    limit = datetime(2025, 11, 22, 12, tzinfo=UTC)
    for external_id, instant in [
        (None, limit - timedelta(seconds=1)),
        (None, limit + timedelta(seconds=1)),
        ("imported", limit - timedelta(days=900)),
    ]:
        response = await Response.create(
            survey=survey, state=State.COMPLETE, score=9, submitted_at=instant, external_id=external_id
        )
        await write_response_verbatim(response, survey, masked(Words("Paldies par piegādi"), None))
    await Edition.create(week="2025-W46", locale="lv")
    await Edition.create(week="2025-W48", locale="lv")

    assert await expire_old_answers(AT) == 1
    assert await expire_old_answers(AT) == 0

    kept = await Response.all().order_by("submitted_at")
    assert [row.external_id for row in kept] == ["imported", None]
    assert await Verbatim.all().count() == await Original.all().count() == 2
    assert [row.week for row in await Edition.all()] == ["2025-W48"]


@pytest.mark.usefixtures("database")
async def test_with_an_answer_go_reports_views_columns_counts_and_what_others_remember() -> None:
    await answer("nps", 3)
    await catch_up()
    assert await CountedUnit.all().count() == await WeeklyCounts.all().count() == 1
    await Report.create(key="month", locale="en", first_week=str(WEEK), last_week=str(WEEK))
    await KeptView.create(week=str(WEEK))
    await WeekColumns.create(week=str(WEEK), stamp="", packed=b"")
    before, _made = await Epoch.get_or_create(id=1, defaults={"number": 0})
    assert await expire_old_answers(datetime(2030, 1, 1, tzinfo=UTC)) == 1
    for gone in (Report, KeptView, WeekColumns, CountedUnit, WeeklyCounts):
        assert await gone.all().count() == 0, gone
    assert (await Epoch.get(id=1)).number > before.number


@pytest.mark.usefixtures("database")
async def test_an_erasure_and_the_end_of_a_time_do_not_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PostgreSQL would end one of the two: the erasure, as often as not."""
    await organisation()
    imported = await answer("nps", 3, customer="gone")
    await Response.filter(id=imported.id).update(external_id="imported")
    await answer("nps", 3)
    await Edition.create(week=str(WEEK), locale="en")
    erasing = asyncio.Event()

    async def slowly(units: Sequence[int]) -> None:
        erasing.set()
        await asyncio.sleep(0.5)
        await take_away(units)

    monkeypatch.setattr("surveys.erasure.erase.take_away", slowly)
    erased = asyncio.create_task(erase(Person("gone")))
    await erasing.wait()
    await expire_old_answers(datetime(2030, 1, 1, tzinfo=UTC))
    assert (await erased).responses == 1
    assert await Response.all().count() == await Edition.all().count() == 0


@pytest.mark.usefixtures("database")
async def test_closed_decisions_go_after_the_months_of_answers_and_open_ones_stay(maris: User) -> None:
    organisation = await the_organisation()
    organisation.retention_months = 12
    await organisation.save()
    survey = await add_survey(metric="nps", slug="nps", name="NPS")
    # Only imported answers: none of them goes, and what was decided about them goes all the same.
    await Response.create(
        survey=survey, state=State.COMPLETE, score=3, submitted_at=AT - timedelta(days=900), external_id="old"
    )
    for owner, state, closed in [
        ("Ilze", DecisionState.DONE, "2025-W46"),
        ("Juris", DecisionState.DROPPED, "2025-W47"),
        ("Anna", DecisionState.DONE, "2025-W48"),
        ("Liga", DecisionState.DECIDED, None),
    ]:
        decision = await Decision.create(
            theme="delivery", sentence="A second courier", owner=owner, week="2025-W40", due_week="2025-W45",
            state=state, closed_week=closed,
        )  # fmt: skip
        await DecisionChange.create(decision=decision, user=maris, after={"owner": owner})
    for week in ("2025-W46", "2025-W47", "2025-W48"):
        await Edition.create(week=week, locale="lv", figures={"decisions": [{"owner": "Ilze"}]})
        await Report.create(key=week, locale="lv", first_week=week, last_week="2025-W50")

    assert await expire_old_answers(AT) == 2
    assert await expire_old_answers(AT) == 0

    assert [row.owner for row in await Decision.all().order_by("id")] == ["Anna", "Liga"]
    assert [row.after for row in await DecisionChange.all().order_by("id")] == [
        {"owner": "Anna"},
        {"owner": "Liga"},
    ]
    assert [row.week for row in await Edition.all()] == ["2025-W48"]
    assert [row.first_week for row in await Report.all()] == ["2025-W48"]
    assert await Response.all().count() == 1


def test_a_month_that_is_shorter_ends_earlier() -> None:
    assert months_before(datetime(2026, 3, 31, tzinfo=UTC), 1) == datetime(2026, 2, 28, tzinfo=UTC)
    assert months_before(datetime(2026, 5, 31, tzinfo=UTC), 1) == datetime(2026, 4, 30, tzinfo=UTC)
    assert months_before(datetime(2026, 1, 15, tzinfo=UTC), 13) == datetime(2024, 12, 15, tzinfo=UTC)


EARLIEST, LATEST = datetime(1950, 1, 1), datetime(2150, 1, 1)  # noqa: DTZ001 - hypothesis wants them so


@given(st.datetimes(min_value=EARLIEST, max_value=LATEST), st.integers(0, 240))
def test_more_months_are_never_later(instant: datetime, months: int) -> None:
    assert months_before(instant, months + 1) <= months_before(instant, months) <= instant
