"""Bring the demo in: four surveys, their answers, posts from elsewhere, all marked as demo, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from random import Random
from typing import Final

from tortoise.transactions import in_transaction

from surveys.customers.models import Customer
from surveys.demo.cast import CUSTOMERS, Market, Post, posts
from surveys.demo.imagine import SEED, SURVEYS, TROUBLE, WEEKS, Answer, imagined
from surveys.digests.archive import request_edition
from surveys.due import now
from surveys.errors import Refused
from surveys.i18n import DIGEST_LOCALES
from surveys.i18n import gettext as _
from surveys.mentions.collect import Found, keep
from surveys.mentions.models import Mention
from surveys.nudge import nudge
from surveys.organisation.models import Organisation, the_organisation
from surveys.questionnaires.models import Survey
from surveys.responses.models import Response
from surveys.verbatims.write import BULK, MaskedWords, Words, masked, response_draft, write_many
from surveys.weeks import Week

COMPANY: Final = "Baltvia"
# What an organisation is called until somebody names it (surveys/organisation/models.py).
UNNAMED: Final = "Polyvox"
PREFIX: Final = "demo:"


@dataclass(frozen=True)
class Loaded:
    """What is there now; `fresh` is False when the demo had been loaded before."""

    fresh: bool
    responses: int
    comments: int
    mentions: int
    latest_week: Week | None


async def load_demo(at: datetime | None = None) -> Loaded:
    """Load the demo as of now (or another instant); a second time changes nothing.

    Raises Refused when a survey of somebody else has the name of one of ours.
    """
    instant = at or now()
    async with in_transaction():
        if await Survey.exists(is_demo=True):
            return await _already()
        await _refuse_taken_names()
        organisation = await the_organisation()
        await _name(organisation)
        answers = imagined(instant, organisation.zone)
        surveys = await _surveys()
        responses = await _store_responses(answers, surveys, await _customers())
        comments = await _store_comments(answers, responses, surveys)
        await _store_mentions(instant, organisation.zone)
    # The nudge inside came before the commit; this one finds the rows.
    await nudge()
    mentions = await Mention.filter(is_demo=True).count()
    last = Week.last_full(instant, organisation.zone)
    # A first digest to look at; it is made once the comments are understood.
    for locale in sorted({"en", organisation.default_locale} & set(DIGEST_LOCALES)):
        await request_edition(last, locale, organisation)
    return Loaded(True, len(answers), comments, mentions, last)


async def is_stale(at: datetime | None = None) -> bool:
    """Whether there is a demo, but none of it in the latest full week."""
    organisation = await the_organisation()
    start, _end = Week.last_full(at or now(), organisation.zone).bounds(organisation.zone)
    demo = Response.filter(is_demo=True)
    return await demo.exists() and not await demo.filter(submitted_at__gte=start).exists()


async def _already() -> Loaded:
    organisation = await the_organisation()
    latest = await Response.filter(is_demo=True).order_by("-submitted_at").first()
    return Loaded(
        fresh=False,
        responses=await Response.filter(is_demo=True).count(),
        comments=await Response.filter(is_demo=True, verbatim__id__not_isnull=True).count(),
        mentions=await Mention.filter(is_demo=True).count(),
        latest_week=Week.containing(latest.submitted_at, organisation.zone) if latest else None,
    )


async def _refuse_taken_names() -> None:
    taken = await Survey.filter(slug__in=[asked.slug for asked in SURVEYS]).first()
    if taken is not None:
        raise Refused(_("There is a survey “%(slug)s” already.") % {"slug": taken.slug})


async def _name(organisation: Organisation) -> None:
    if organisation.name == UNNAMED:
        organisation.name = COMPANY
        await organisation.save(update_fields=["name"])


async def _surveys() -> dict[str, Survey]:
    return {
        asked.slug: await Survey.create(
            slug=asked.slug, name=asked.name, metric=asked.metric, default_locale="en", is_demo=True
        )
        for asked in SURVEYS
    }


async def _customers() -> list[int | None]:
    """The ids of the demo's customers in the order of the cast; None where a real customer has that name."""
    names = [character.customer_id for character in CUSTOMERS]
    taken = {row.customer_id for row in await Customer.filter(customer_id__in=names)}
    rows = [
        Customer(
            customer_id=each.customer_id,
            locale=each.locale,
            country=each.country,
            segment=each.segment,
            email=each.email,
            is_demo=True,
        )
        for each in CUSTOMERS
        if each.customer_id not in taken
    ]
    await Customer.bulk_create(rows, batch_size=BULK)
    ours = Customer.filter(is_demo=True, customer_id__in=names)
    ids: dict[str, int] = dict(await ours.values_list("customer_id", "id"))
    return [ids.get(name) for name in names]


async def _store_responses(
    answers: Sequence[Answer], surveys: dict[str, Survey], customers: Sequence[int | None]
) -> list[Response]:
    rows = [
        Response(
            survey_id=surveys[answer.survey.slug].id,
            state=answer.state,
            score=answer.score,
            exit_reason=answer.exit_reason,
            submitted_at=answer.submitted_at.astimezone(UTC),
            locale=answer.market.locale,
            first_locale=answer.market.locale,
            country=answer.market.country,
            country_source=_country_source(answer),
            channel=answer.channel,
            touchpoint=answer.touchpoint,
            segment=answer.segment,
            customer_id=customers[answer.customer] if answer.customer is not None else None,
            external_id=f"{PREFIX}{number:05}",
            is_demo=True,
        )
        for number, answer in enumerate(answers, 1)
    ]
    await Response.bulk_create(rows, batch_size=BULK)
    # Bulk inserts give no ids back on SQLite.
    stored: dict[str, int] = dict(await Response.filter(is_demo=True).values_list("external_id", "id"))
    for row in rows:
        row.id = stored[row.external_id or ""]
    return rows


def _country_source(answer: Answer) -> str | None:
    if answer.market.country is None:
        return None
    return "account" if answer.customer is not None else "declared"


async def _store_comments(
    answers: Sequence[Answer], responses: Sequence[Response], surveys: dict[str, Survey]
) -> int:
    known: dict[tuple[str, Market], MaskedWords] = {}
    drafts = []
    for answer, response in zip(answers, responses, strict=True):
        if answer.remark is None:
            continue
        key = (answer.remark.text, answer.market)
        if key not in known:
            known[key] = masked(Words(answer.remark.text), answer.market.country, answer.market.locale)
        drafts.append((response_draft(response, surveys[answer.survey.slug], known[key]), known[key]))
    await write_many(drafts)
    return len(drafts)


async def _store_mentions(instant: datetime, zone: tzinfo) -> None:
    found = [post for post in found_posts(instant, zone) if post.published_at <= instant]
    await keep(found)
    for source in {post.source for post in found}:
        await Mention.filter(source=source, external_id__startswith=PREFIX).update(is_demo=True)


def found_posts(instant: datetime, zone: tzinfo) -> list[Found]:
    """The posts of the story, dated like the answers."""
    dice = Random(f"{SEED} posts")  # noqa: S311 - a story, not a secret
    return [
        Found(
            source=post.source,
            external_id=f"{PREFIX}{number:03}",
            published_at=_published(post, instant, zone, dice),
            text=post.text,
            author=post.author,
            url=f"https://{post.source}/baltvia/{number}",
            country=post.country,
            locale=post.locale,
        )
        for number, post in enumerate(posts(), 1)
    ]


def _published(post: Post, instant: datetime, zone: tzinfo, dice: Random) -> datetime:
    weeks_ago = {"late": TROUBLE, "press": 3}.get(post.when) or dice.randrange(1, WEEKS)
    days = 1 if post.when == "press" else dice.randrange(7)
    day = Week.containing(instant, zone).previous(weeks_ago).monday + timedelta(days=days)
    return datetime.combine(day, time(dice.randrange(8, 23), dice.randrange(60)), zone).astimezone(UTC)
