"""The rule of complaints is what it is said to be, and the digest counts and quotes by it."""

from itertools import product
from typing import Any

import httpx2 as httpx
from lxml import html

from surveys.accounts.models import User
from surveys.complaints import COMPLAINT_ON_THEME, sentence_of
from surveys.db import query
from surveys.digests.build import figures
from surveys.quoting import spoken
from surveys.verbatims.models import Verbatim, VerbatimTheme
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

SENTENCES = [
    {"start": 0, "end": 18, "label": "positive"},
    {"start": 19, "end": 41, "label": "negative"},
]
TEXT = "The staff is kind. Delivery took a month."


def complains(metric: str | None, band: str | None, sentiment: str | None, polarity: str | None) -> bool:
    """The rule in words of its own; `polarity` is that of the sentence that speaks of the theme."""
    if metric == "exit" or band == "detractor" or sentiment == "negative":
        return polarity != "positive"
    return sentiment == "mixed" and polarity in {None, "negative", "mixed"}


async def test_each_of_all_cases_is_a_complaint_or_not(database: None) -> None:
    cases = list(
        product(
            (None, "nps", "exit"),
            (None, "promoter", "passive", "detractor"),
            (None, "negative", "neutral", "positive", "mixed", "unknown"),
            (None, "negative", "neutral", "positive", "mixed", "unknown"),
        )
    )
    for metric, band, sentiment, polarity in cases:

        def value(text: str | None) -> str:
            return "NULL" if text is None else f"'{text}'"

        rows = await query(
            f"SELECT CASE WHEN {COMPLAINT_ON_THEME} THEN 1 ELSE 0 END AS held FROM "
            f"(SELECT CAST({value(metric)} AS TEXT) AS metric, CAST({value(band)} AS TEXT) AS band, "
            f"CAST({value(sentiment)} AS TEXT) AS sentiment) v "
            f"CROSS JOIN (SELECT CAST({value(polarity)} AS TEXT) AS polarity) t"
        )
        assert bool(rows[0]["held"]) is complains(metric, band, sentiment, polarity), (
            metric,
            band,
            sentiment,
            polarity,
        )


def test_the_sentence_with_most_of_the_evidence_speaks() -> None:
    assert sentence_of(SENTENCES, 10, 30) == SENTENCES[1]
    assert sentence_of(SENTENCES, 0, 4) == SENTENCES[0]
    assert sentence_of(SENTENCES, None, None) is None
    assert sentence_of([], 0, 4) is None
    assert spoken(TEXT, SENTENCES, 19, 27) == "Delivery took a month."
    assert spoken(TEXT, None, 19, 27) == TEXT


async def mixed_answers(n: int) -> None:
    """Passives who praise the staff and complain of the delivery."""
    for number in range(n):
        await answer(
            "nps", 8, text=f"{TEXT} ({number})", themes=("delivery", "support_attitude"), sentiment="mixed"
        )
    await Verbatim.all().update(sentences=SENTENCES)
    await VerbatimTheme.filter(code="delivery").update(start=19, end=27, polarity="negative")
    await VerbatimTheme.filter(code="support_attitude").update(start=4, end=9, polarity="positive")


async def test_the_digest_counts_and_quotes_only_the_complaint_of_a_mixed_comment(database: None) -> None:
    await many("nps", {9: 30, 3: 10})
    await mixed_answers(8)
    found: dict[str, Any] = await figures(WEEK, await organisation(), at=AT)
    assert [(pain["theme"], pain["now"]["x"]) for pain in found["pain_points"]] == [("delivery", 8)]
    assert {quote["text"] for quote in found["quotes"]} == {"…Delivery took a month…"}


async def test_the_inbox_filters_labels_and_exports_mixed(client: httpx.AsyncClient, ana: User) -> None:
    await mixed_answers(3)
    await answer("nps", 2, text="slikti")
    tree = html.fromstring((await client.get("/inbox?sentiment=mixed")).text)
    assert tree.xpath("//span[@class='mixed']/text()") == ["Mixed"] * 3
    (choice,) = tree.xpath("//input[@name='sentiment'][@value='mixed']/..")
    assert " ".join(choice.text_content().split()) == "Mixed 3"
    exported = (await client.get("/inbox.csv?sentiment=mixed")).text
    assert exported.count(",mixed,") == 3
    one = await Verbatim.filter(sentiment="mixed").first()
    assert one is not None
    opened = html.fromstring((await client.get(f"/inbox/{one.id}")).text)
    assert opened.xpath("//p[@class='verdict mixed']/text()") == ["Mixed"]
