"""The worker's loop: every chore has its turn, whatever becomes of the others."""

from datetime import timedelta

from structlog.testing import capture_logs

from surveys.due import now
from surveys.questionnaires.open import add_survey
from surveys.responses.models import Response, State
from surveys.verbatims.models import Original, Verbatim
from surveys.verbatims.write import Words, masked, write_response_verbatim
from surveys.worker import Chore, chores, run_once


async def test_a_chore_that_fails_keeps_none_from_their_turn_and_its_words_out_of_the_log() -> None:
    async def fails() -> int:
        raise ValueError("Anna wrote from anna@example.org")

    async def works() -> int:
        return 2

    with capture_logs() as logs:
        assert await run_once([Chore("works", works), Chore("fails", fails), Chore("works too", works)]) == 4
    assert [(line["event"], line["chore"]) for line in logs] == [
        ("chore done", "works"),
        ("chore failed", "fails"),
        ("chore done", "works too"),
    ]
    assert "anna" not in repr(logs)


async def test_originals_and_answers_whose_time_is_over_go_by_the_clock(database: None) -> None:
    survey = await add_survey(metric="nps", slug="nps", name="NPS")
    for age in (timedelta(days=31), timedelta(days=1000)):
        response = await Response.create(
            survey=survey, state=State.COMPLETE, score=9, submitted_at=now() - age
        )
        await write_response_verbatim(response, survey, masked(Words("Paldies par piegādi"), None))
    await Verbatim.all().update(due_at=None)
    await Original.all().update(drop_at=now())
    with capture_logs() as logs:
        await run_once(chores())
    assert {"drop originals", "expire answers"} <= {line["chore"] for line in logs}
    assert (await Original.all().count(), await Response.all().count()) == (0, 1)
