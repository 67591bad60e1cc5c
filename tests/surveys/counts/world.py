"""A world in which everything that is counted changes, at random but the same for the same seed."""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from surveys.customers.models import Customer
from surveys.due import now
from surveys.mentions.models import Mention
from surveys.organisation.models import the_organisation
from surveys.pains.models import PainPoint, VerbatimPain
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.models import Response, State
from surveys.themes.models import SiteTheme, ThemeState
from surveys.verbatims.models import Method, Verbatim, VerbatimTheme
from surveys.verbatims.write import mention_facts, response_facts
from surveys.weeks import Week

LAST = Week.parse("2026-W44")
WEEKS = 12
PLACES = [
    ("LV", "lv"), ("LV", "ru"), ("JP", "ja"), ("BE", "fr"), ("BE", "nl"), ("CH", "it"), ("CH", None), ("TW", "zh-Hant"),
    ("NA", "en"), (None, "en"), (None, None),
]  # fmt: skip
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
REASONS = ("price_too_high", "other", "payment_failed")
THEMES = ("delivery", "billing", "usability", "other")
MOODS = ("negative", "neutral", "positive", "mixed", "unknown")
LANGUAGES = ("lv", "ru", "ja", "fr", "en", "und", "mixed")
ZONES = ("Europe/Riga", "America/St_Johns", "Asia/Kathmandu")


class World:
    """Surveys, customers and pain points, and what may happen to what they bring in."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.surveys: list[Survey] = []
        self.customers: list[Customer] = []
        self.pains: list[PainPoint] = []
        self.number = 0
        self.weeks = WEEKS

    async def begin(self) -> None:
        await self.settle()
        for slug, metric in (
            ("shop", "nps"),
            ("app", "nps"),
            ("order", "csat"),
            ("help", "ces"),
            ("leave", "exit"),
        ):
            self.surveys.append(await Survey.create(slug=slug, name=slug, metric=Metric(metric)))
        self.customers = [await Customer.create(customer_id=f"c{number}") for number in range(6)]
        self.pains = [
            await PainPoint.create(theme=theme, title=str(number), first_week=str(LAST))
            for number, theme in enumerate(("delivery", "delivery", "billing"))
        ]

    async def settle(self) -> None:
        organisation = await the_organisation()
        organisation.time_zone = self.chance.choice(ZONES)
        await organisation.save()

    def instant(self) -> datetime:
        """Close to an edge of a week more often than not: zones differ there."""
        monday = datetime.combine(
            LAST.previous(self.chance.randrange(self.weeks)).monday, datetime.min.time(), UTC
        )
        return monday + timedelta(
            minutes=self.chance.choice((self.chance.randrange(-600, 600), self.chance.randrange(10000)))
        )

    async def happen(self, times: int) -> None:
        events: list[tuple[int, Callable[[], Awaitable[Any]]]] = [
            (30, self.answer), (8, self.mention), (20, self.understand), (4, self.forget_words), (3, self.forget_answer),
            (2, self.forget_mention), (6, self.answer_again), (2, self.another_customer), (1, self.forget_customer),
            (3, self.another_day), (2, self.theme_moves), (2, self.copy), (4, self.pain), (1, self.reword),
        ]  # fmt: skip
        weights = [weight for weight, _ in events]
        for _ in range(times):
            await self.chance.choices(events, weights)[0][1]()

    async def answer(self) -> None:
        survey = self.chance.choice(self.surveys)
        scale = SCALES.get(survey.metric.value)
        country, locale = self.chance.choice(PLACES)
        response = await Response.create(
            survey_id=survey.id,
            state=self.chance.choice((State.PARTIAL, State.COMPLETE)),
            score=self.chance.randint(*scale) if scale and self.chance.random() < 0.95 else None,
            exit_reason=None if scale else self.chance.choice(REASONS),
            submitted_at=self.instant(),
            locale=locale,
            country=country,
            touchpoint=self.chance.choice(("store", "app", None)),
            segment=self.chance.choice(("gold", None)),
            wording_version=self.chance.choice((1, 2)),
            customer=self.chance.choice([*self.customers, None, None]),
        )
        if self.chance.random() < 0.7:
            await self.words(Verbatim(response_id=response.id, **response_facts(response, survey)))

    async def mention(self) -> None:
        country, locale = self.chance.choice(PLACES)
        self.number += 1
        mention = await Mention.create(
            source="forum", external_id=str(self.number), content_hash=str(self.number), country=country, locale=locale,
            author_hash=self.chance.choice(("a" * 64, "b" * 64, None)), published_at=self.instant(),
        )  # fmt: skip
        await self.words(Verbatim(mention_id=mention.id, **mention_facts(mention)))

    async def words(self, verbatim: Verbatim) -> None:
        verbatim.masked_text = "vārdi"
        await verbatim.save()
        if self.chance.random() < 0.8:
            await self.read(verbatim)

    async def read(self, verbatim: Verbatim) -> None:
        """As analysis does: the columns, then the themes anew."""
        await Verbatim.filter(id=verbatim.id).update(
            language=self.chance.choice(LANGUAGES), sentiment=self.chance.choice(MOODS), analysed_at=now()
        )
        await VerbatimTheme.filter(verbatim_id=verbatim.id).delete()
        for code in self.chance.sample(THEMES, self.chance.choice((0, 1, 1, 2))):
            await VerbatimTheme.create(
                verbatim_id=verbatim.id, code=code, confidence=0.9, method=Method.MODEL,
                polarity=self.chance.choice((None, None, "positive", "negative", "mixed")),
            )  # fmt: skip

    async def one(self, kind: Any) -> Any:
        ids = await kind.all().values_list("id", flat=True)
        return await kind.get(id=self.chance.choice(sorted(ids))) if ids else None

    async def understand(self) -> None:
        if (verbatim := await self.one(Verbatim)) is not None:
            await self.read(verbatim)

    async def forget_words(self) -> None:
        if (verbatim := await self.one(Verbatim)) is not None:
            await verbatim.delete()

    async def forget_answer(self) -> None:
        if (response := await self.one(Response)) is not None:
            await response.delete()

    async def forget_mention(self) -> None:
        if (mention := await self.one(Mention)) is not None:
            await mention.delete()

    async def forget_customer(self) -> None:
        if len(self.customers) > 2:
            await self.customers.pop().delete()

    async def facts(self, response: Response) -> None:
        """The words go with their answer, as surveys/responses/record.py sees to."""
        survey = await Survey.get(id=response.survey_id)
        await Verbatim.filter(response_id=response.id).update(**response_facts(response, survey))

    async def answer_again(self) -> None:
        response = await self.one(Response)
        if response is None or response.score is None:
            return
        survey = await Survey.get(id=response.survey_id)
        response.score = self.chance.randint(*SCALES[survey.metric.value])
        response.country, response.locale = self.chance.choice(PLACES)
        await response.save()
        await self.facts(response)

    async def another_customer(self) -> None:
        if (response := await self.one(Response)) is not None:
            await Response.filter(id=response.id).update(customer_id=self.chance.choice(self.customers).id)

    async def another_day(self) -> None:
        if (response := await self.one(Response)) is not None:
            response.submitted_at = self.instant()
            await response.save()
            await self.facts(response)

    async def reword(self) -> None:
        await Response.filter(wording_version=2, segment="gold").update(wording_version=3)

    async def copy(self) -> None:
        """A post turns out to be the copy of another, and so loses its words; or it is none after all."""
        mention, other = await self.one(Mention), await self.one(Mention)
        if mention is None or mention.id == other.id:
            return
        is_copy = mention.copy_of_id is None
        await Mention.filter(id=mention.id).update(copy_of_id=other.id if is_copy else None)
        if is_copy:
            await Verbatim.filter(mention_id=mention.id).delete()

    async def theme_moves(self) -> None:
        code, into = self.chance.sample(THEMES, 2)
        known = await SiteTheme.get_or_none(code=code)
        if known is not None:
            await known.delete()
        elif not await SiteTheme.exists(code=into):
            hidden = self.chance.random() < 0.4
            await SiteTheme.create(
                code=code,
                state=ThemeState.HIDDEN if hidden else ThemeState.MERGED,
                merged_into=None if hidden else into,
            )

    async def pain(self) -> None:
        theme = await self.one(VerbatimTheme)
        if theme is None:
            return
        await VerbatimPain.filter(verbatim_id=theme.verbatim_id, theme=theme.code).delete()
        mine = [pain for pain in self.pains if pain.theme == theme.code]
        if mine:
            await VerbatimPain.create(
                verbatim_id=theme.verbatim_id, theme=theme.code, pain=self.chance.choice(mine), likeness=0.9
            )
