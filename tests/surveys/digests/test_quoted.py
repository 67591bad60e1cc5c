"""Whom a digest quotes for a complaint: no promoter whose sentence about it is not negative."""

from surveys.digests.tally import Window
from surveys.digests.themes import quotable
from surveys.verbatims.models import Verbatim, VerbatimTheme
from tests.surveys.digests.week import WEEK, answer, organisation


async def test_praise_of_promoters_is_no_quote_of_a_complaint(database: None) -> None:
    await answer("nps", 10, text="Viss bija lieliski", themes=["delivery"], sentiment="mixed")
    await answer("nps", 9, text="Ātri", themes=["delivery"], sentiment="negative")
    await answer("nps", 9, text="Gaidīju pārāk ilgi", themes=["delivery"], sentiment="negative")
    late = await Verbatim.get(masked_text="Gaidīju pārāk ilgi")
    await VerbatimTheme.filter(verbatim_id=late.id).update(polarity="negative")
    await answer("nps", 7, text="Labi, bet lēni", themes=["delivery"], sentiment="mixed")
    await answer("nps", 2, text="Slikti", themes=["delivery"], sentiment="neutral")
    window = Window(WEEK, 0, (await organisation()).zone)
    assert {row["masked_text"] for row in await quotable(window)} == {
        "Gaidīju pārāk ilgi",
        "Labi, bet lēni",
        "Slikti",
    }
