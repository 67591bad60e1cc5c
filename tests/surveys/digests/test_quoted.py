"""Whom a digest quotes for a complaint: no promoter whose sentence about it is not negative; and what it tells of them."""

from collections import Counter
from typing import Any

from surveys.counts.upkeep import catch_up
from surveys.dashboard import said
from surveys.digests.quotes import choose_quotes
from surveys.digests.tally import Window
from surveys.digests.themes import quotable
from surveys.verbatims.models import Verbatim, VerbatimTheme
from tests.surveys.digests.week import WEEK, answer, organisation


async def test_praise_of_promoters_is_no_quote_of_a_complaint_in_a_digest_and_on_the_dashboard(
    database: None,
) -> None:
    await answer("nps", 10, text="Viss bija lieliski", themes=["delivery"], sentiment="mixed")
    await answer("nps", 9, text="Ātri", themes=["delivery"], sentiment="negative")
    await answer("nps", 9, text="Gaidīju pārāk ilgi", themes=["delivery"], sentiment="negative")
    late = await Verbatim.get(masked_text="Gaidīju pārāk ilgi")
    await VerbatimTheme.filter(verbatim_id=late.id).update(polarity="negative")
    await answer("nps", 7, text="Labi, bet lēni", themes=["delivery"], sentiment="mixed")
    await answer("nps", 2, text="Slikti", themes=["delivery"], sentiment="neutral")
    await answer("exit", "other", text="Viss bija brīnišķīgi", themes=["delivery"], sentiment="positive")
    await answer("nps", 2, text="Varbūt par piegādi", themes=["delivery"], sentiment="negative")
    unsure = await Verbatim.get(masked_text="Varbūt par piegādi")
    await VerbatimTheme.filter(verbatim_id=unsure.id).update(confidence=0.4)
    window = Window(WEEK, 0, (await organisation()).zone)
    await catch_up()
    for rows in (await quotable(window), await said.quotable(window, {}, {})):
        words = sorted(row["masked_text"] for row in rows)
        assert words == ["Gaidīju pārāk ilgi", "Labi, bet lēni", "Slikti"]


def read(theme: str, number: int, text: str, region: str) -> dict[str, Any]:
    """What the database tells of somebody's words."""
    return {
        "code": theme, "verbatim_id": number, "masked_text": text, "sentences": None, "evidence": None,
        "evidence_end": None, "language": "lv", "region": region, "band": "detractor", "clearly": 0, "surely": 0,
    }  # fmt: skip


def test_a_region_is_named_where_enough_complain_and_the_same_words_are_quoted_once() -> None:
    rows = [
        read("delivery", 1, "Kurjers kavējās", "155"),
        read("delivery", 2, "Kurjers neatbrauca", "154"),
        read("billing", 3, "Kurjers kavējās", "154"),
        read("billing", 4, "Rēķins nepareizs", "154"),
    ]
    places = {"delivery": Counter({"154": 5, "155": 4}), "billing": Counter({"154": 9})}
    shown = frozenset({"154", "155"})
    quotes = choose_quotes(rows, places, order=["delivery", "billing"], shown_regions=shown, k=5)
    assert [(quote["verbatim"], quote["region"]) for quote in quotes] == [(1, None), (2, "154"), (4, "154")]
