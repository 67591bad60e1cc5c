"""What a digest quotes is a complaint, and what is cut holds the words that speak of the theme."""

from typing import Any

import pytest

from surveys.digests.build import figures
from surveys.digests.headline import asked
from surveys.digests.point_lines import point_name
from surveys.i18n import speaking
from surveys.pains.models import PainPoint, VerbatimPain
from surveys.quoting import shortened_round, titled
from surveys.verbatims.models import Method, Verbatim, VerbatimTheme
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

LONG = "Pirku bērnam dzimšanas dienā dāvanu, krāsa ļoti skaista un arī cena bija laba, bet piegāde kavējās trīs nedēļas"


async def say(
    score: int | str,
    text: str,
    sentiment: str,
    polarity: str | None = None,
    *,
    sure: float = 0.9,
    also: float = 0.0,
    **at: Any,
) -> None:
    """Somebody names a pain point without a title, so surely of its theme and so surely of another."""
    metric = "exit" if isinstance(score, str) else "nps"
    response = await answer(metric, score, text=text, themes=["delivery"], sentiment=sentiment, **at)
    verbatim = await Verbatim.get(response_id=response.id)
    start = text.find("piegāde")
    span = {"start": start, "end": start + len("piegāde kavējās")} if start >= 0 else {}
    await VerbatimTheme.filter(verbatim_id=verbatim.id).update(polarity=polarity, confidence=sure, **span)
    if also:
        await VerbatimTheme.create(verbatim=verbatim, code="usability", confidence=also, method=Method.MODEL)
    pain, _made = await PainPoint.get_or_create(theme="delivery", defaults={"first_week": str(WEEK)})
    await VerbatimPain.create(verbatim=verbatim, theme="delivery", pain=pain, likeness=0.9)


async def pain_now() -> dict[str, Any]:
    await many("nps", {9: 60})
    (pain,) = (await figures(WEEK, await organisation(), at=AT))["pain_points"]
    found: dict[str, Any] = pain
    return found


async def test_negative_words_beside_low_scores_come_first(database: None) -> None:
    for number in range(6):
        await say(10, f"Krāsa ļoti patīkama un skaista, bet kaste liela {number}", "mixed")
        await say(8, f"Atnāca gan, taču kastīte bija ielocīta {number}", "mixed")
        await say(8, f"Slikti iepakots, kaste pavisam saplēsta {number}", "negative")
        await say(2, f"Paldies, piegāde bija šodien no rīta {number}", "neutral")
    await say(1, "Nekad vairs", "negative")
    pain = await pain_now()
    # Even where it is too short to read well.
    assert pain["quote"]["text"] == "Nekad vairs"
    assert pain["points"][0]["quote"]["band"] == "passive"
    assert pain["points"][0]["quote"]["text"].startswith("Slikti iepakots")


@pytest.mark.parametrize(
    ("sure", "also", "polarity", "is_quoted"),
    [
        (0.9, 0.89, None, True),
        (0.89, 0.9, None, False),
        (0.6, 0.0, None, True),
        (0.59, 0.0, None, False),
        # Not clearly a complaint: that takes more.
        (0.69, 0.0, "unknown", False),
        (0.7, 0.0, "unknown", True),
    ],
)
async def test_only_words_that_are_surely_about_a_theme_are_quoted(
    database: None, sure: float, also: float, polarity: str | None, *, is_quoted: bool
) -> None:
    for number in range(6):
        await say(
            2, f"Tik ilgi vēl nekur nebiju gaidījis {number}", "negative", polarity, sure=sure, also=also
        )
    await many("nps", {9: 60})
    found = await figures(WEEK, await organisation(), at=AT)
    pain = next(pain for pain in found["pain_points"] if pain["theme"] == "delivery")
    assert (pain["quote"] is not None) == is_quoted
    with speaking("en", "digest"):
        (said,) = asked({**found, "pain_points": [pain]})
        (of_month,) = asked({**found, "pain_points": [pain], "edition": {}})
    assert said.endswith("Read the quotes on the first pain point: Delivery.") == is_quoted
    assert of_month.endswith("Read the quotes on the first pain point: Delivery.") == is_quoted
    # A pain point is called by what people say, however sure its theme is.
    assert pain["points"][0]["quote"]["text"].startswith("Tik ilgi")


@pytest.mark.parametrize("score", [10, "other"])
async def test_praise_and_the_happy_stand_for_no_complaint(database: None, score: int | str) -> None:
    for number in range(8):
        await say(score, f"Viss bija brīnišķīgi un jauki {number}", "mixed" if score == 10 else "positive")
    pain = await pain_now()
    assert (pain["now"]["x"], pain["quote"], pain["points"][0]["quote"]) == (8, None, None)


async def test_a_promoter_may_say_that_the_theme_is_bad(database: None) -> None:
    for _ in range(6):
        await say(9, "Prece laba. Kurjers gan nokavēja veselu nedēļu.", "mixed", "negative")
    assert (await pain_now())["quote"]["band"] == "promoter"


async def test_a_name_begins_with_the_part_that_speaks_of_the_theme(database: None) -> None:
    for _ in range(6):
        await say(1, LONG, "negative")
    point = (await pain_now())["points"][0]
    assert (point["quote"]["text"], point["quote"]["about"]) == (LONG, "piegāde kavējās")
    with speaking("en", "digest"):
        assert str(point_name(point)) == (
            "“krāsa ļoti skaista un arī cena bija laba, bet piegāde kavējās trīs nedēļas” (Latvian)"
        )
        assert str(point_name(point, 32)) == "“bet piegāde kavējās trīs nedēļas” (Latvian)"


@pytest.mark.parametrize(
    ("text", "part", "title"),
    [
        ("…Wait time on phone is too long…", "Wait", "Wait time on phone is too long"),
        ("@shop @help: The box was torn http via @shop", "torn", "The box was torn"),
        ("It broke. I called. Nobody came for three weeks.", "broke", "It broke. I called."),
        ("One two three four five six seven eight", "One", "One two three four five six…"),
        ("One two three four five six seven eight", "eight", "One two three four five six…"),
        ("One two three four, five six seven eight nine", "nine", "five six seven eight nine"),
        (
            "店は良いですが、配達がとても遅い、二度と買わない",
            "配達がとても遅い",
            "配達がとても遅い、二度と買わな…",
        ),
        ("@shop", None, ""),
    ],
)
def test_a_quote_as_a_title_begins_and_ends_well(text: str, part: str | None, title: str) -> None:
    assert titled(text, 30, part) == title


@pytest.mark.parametrize(
    ("part", "longest", "cut"),
    [
        ("one", 13, "one two three…"),
        ("four five", 13, "…four five…"),
        ("seven", 13, "…six seven"),
        ("three four five six", 10, "…three four…"),
        ("not there", 13, "one two three…"),
        ("", 13, "one two three…"),
        ("seven", 99, "one two three four five six seven"),
    ],
)
def test_cut_between_words(part: str, longest: int, cut: str) -> None:
    assert shortened_round("one two  three\nfour five six seven", part, longest) == cut


def test_cut_where_there_are_no_spaces() -> None:
    assert (
        shortened_round("店は良いですが配達がとても遅いので二度と買いません", "配達がとても遅い", 12)
        == "…ですが配達がとても遅いの…"
    )
