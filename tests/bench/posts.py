"""Worlds of copied posts and of loud authors, through the database: a few times the same outcry is one outcry."""

import asyncio
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from surveys import db
from surveys.customers.models import Customer
from surveys.digests.build import figures
from surveys.mentions.collect import Found, keep
from surveys.mentions.models import Mention
from surveys.organisation.models import the_organisation
from surveys.places import culture, leaf_code
from surveys.questionnaires.models import Survey
from surveys.responses.models import Response, State
from surveys.settings import settings
from surveys.verbatims.models import Method, Verbatim, VerbatimTheme
from surveys.weeks import Week
from tests.bench.row import Row

Figures = dict[str, Any]

WORLDS = 200
WEEK = Week.parse("2026-W40")
AFTER = datetime(2026, 10, 8, 9, tzinfo=UTC)
ANSWERS, TOLD, LOUD, COPIES = 120, 12, 60, 80


def measure(home: Path) -> Iterator[Row]:
    """How often one author, or one post and its copies, counts as one."""
    loud, copied = asyncio.run(_run(home))
    wanted = "≥ 90%"
    yield Row(
        f"worlds: one loud author ({WORLDS}, through the database): counted once",
        wanted,
        f"{loud:.0%}",
        loud >= 0.9,
    )
    yield Row(
        f"worlds: copied posts ({WORLDS}, through the database): counted once",
        wanted,
        f"{copied:.0%}",
        copied >= 0.9,
    )


async def _run(home: Path) -> tuple[float, float]:
    os.environ["DATABASE_URL"] = f"sqlite:///{home}/posts.sqlite3"
    settings.cache_clear()
    async with db.database():
        await db.migrate()
        survey = await Survey.create(slug="nps", name="nps", metric="nps")
        await _history(survey, random.Random(1))
        loud = [await loud_author(survey, seed) for seed in range(WORLDS)]
        copied = [await copied_posts(seed) for seed in range(WORLDS)]
    return sum(loud) / WORLDS, sum(copied) / WORLDS


async def _history(survey: Survey, chance: random.Random) -> None:
    """Nine weeks of answers, a tenth of them with complaints about delivery."""
    for ago in range(9):
        for number in range(ANSWERS):
            score = chance.choices(range(11), (3, 1, 1, 1, 1, 3, 4, 8, 14, 22, 22))[0]
            told = number < TOLD
            await complain(
                survey, ago, score=2 if told else score, told=told, text=f"Piegāde kavējas {ago} {number}"
            )


async def complain(
    survey: Survey, ago: int, *, score: int, told: bool, text: str, customer: Customer | None = None
) -> None:
    """One answer, with words about delivery or without."""
    moment = datetime.combine(WEEK.previous(ago).monday, datetime.min.time(), UTC) + timedelta(days=2)
    response = await Response.create(
        survey_id=survey.id, state=State.COMPLETE, score=score, submitted_at=moment, locale="lv", country="LV", customer=customer
    )  # fmt: skip
    if told:
        verbatim = await Verbatim.create(
            response_id=response.id, masked_text=text, written_at=moment, locale="lv", country="LV", region=leaf_code("LV"),
            culture=culture("LV", "lv").slug, survey_id=survey.id, metric="nps", score=score, band="detractor", language="lv",
            sentiment="negative", analysed_at=AFTER,
        )  # fmt: skip
        await VerbatimTheme.create(
            verbatim_id=verbatim.id, code="delivery", confidence=0.9, method=Method.KEYWORD
        )


async def edition() -> Figures:
    """The figures of the week as they are now."""
    return await figures(WEEK, await the_organisation(), at=AFTER)


async def loud_author(survey: Survey, seed: int) -> bool:
    """One customer complains sixty times in a week; they are one person more, and no theme rises."""
    customer = await Customer.create(customer_id=f"loud-{seed}")
    for number in range(LOUD):
        await complain(
            survey, 0, score=2, told=True, text=f"Atkal piegāde {seed} {number}", customer=customer
        )
    found = await edition()
    (pain,) = found["pain_points"]
    await Response.filter(customer_id=customer.id).delete()
    rising = [each for each in found["findings"] if each["kind"] in {"rising", "new"}]
    return pain["now"]["x"] == TOLD + 1 and not rising


async def copied_posts(seed: int) -> bool:
    """One post is copied eighty times with small changes; ten others write something of their own."""
    chance = random.Random(seed)
    moment = datetime.combine(WEEK.monday, datetime.min.time(), UTC) + timedelta(days=1)
    text = (
        "Shop X has not delivered my order for three weeks and nobody answers the phone, stay away from them"
    )
    said = [f"{text} {'!' * chance.randrange(3)}" for _ in range(COPIES)]
    said += [f"{subject} {seed} was {chance.choice(('fine', 'slow', 'dear', 'kind'))} today, number {seed * 7 + place}"
             for place, subject in enumerate(("Parking", "Coffee", "The app", "A letter", "My visit", "Paint", "Shoes", "A call", "Rain", "Cake"))]  # fmt: skip
    await keep(
        [
            Found(
                source="forum",
                external_id=f"{seed}-{place}",
                published_at=moment,
                text=words,
                author=f"{seed}-{place}",
            )
            for place, words in enumerate(said)
        ]
    )
    found = (await edition())["mentions"]
    await Mention.all().delete()
    return (found["n"], found["copies"]) == (11, COPIES - 1)
