"""A week of answers for the digest's tests: a few lines say who answered what, and when."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from surveys.customers.models import Customer
from surveys.due import now
from surveys.mentions.models import Mention
from surveys.organisation.models import Organisation, the_organisation
from surveys.places import culture, region
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.models import Response, State
from surveys.scores import band
from surveys.verbatims.models import Method, Verbatim, VerbatimTheme
from surveys.weeks import Week

WEEK = Week.parse("2026-W40")
AT = datetime(2026, 10, 8, 9, tzinfo=UTC)  # Thursday of the week after: W40 is over


async def organisation(**facts: object) -> Organisation:
    """Maize, in Riga."""
    found = await the_organisation()
    await found.update_from_dict(
        {"name": "Maize", "contact": "dati@maize.lv", "time_zone": "Europe/Riga", **facts}
    ).save()
    return found


async def survey(metric: str) -> Survey:
    found, _made = await Survey.get_or_create(
        slug=metric, defaults={"name": metric, "metric": Metric(metric)}
    )
    return found


async def answer(
    metric: str,
    score: int | str | None,
    *,
    ago: int = 0,
    country: str | None = "LV",
    locale: str | None = "lv",
    text: str | None = None,
    themes: Sequence[str] = (),
    language: str | None = None,
    sentiment: str = "negative",
    customer: str | None = None,
) -> Response:
    """One response so many weeks ago, with its words already understood."""
    asked = await survey(metric)
    at = wednesday(ago)
    known = (await Customer.get_or_create(customer_id=customer))[0] if customer else None
    response = await Response.create(
        survey_id=asked.id,
        state=State.COMPLETE,
        score=score if isinstance(score, int) else None,
        exit_reason=score if isinstance(score, str) else None,
        submitted_at=at,
        locale=locale,
        country=country,
        customer=known,
    )
    if text is not None:
        place = region(country)
        verbatim = await Verbatim.create(
            response_id=response.id,
            masked_text=text,
            written_at=at,
            locale=locale,
            country=country,
            region=place.leaf_code if place else None,
            culture=culture(country, locale).slug,
            survey_id=asked.id,
            metric=metric,
            score=response.score,
            band=band(metric, score).value if isinstance(score, int) else None,
            language=language or (locale or "und").partition("-")[0],
            sentiment=sentiment,
            analysed_at=now(),
        )
        for code in themes:
            await VerbatimTheme.create(
                verbatim_id=verbatim.id, code=code, confidence=0.9, method=Method.KEYWORD
            )
    return response


async def many(
    metric: str,
    counts: Mapping[int, int] | Mapping[int | None, int],
    *,
    ago: int = 0,
    country: str | None = "LV",
    locale: str | None = "lv",
) -> None:
    """So many answers of each score, without words."""
    asked = await survey(metric)
    await Response.bulk_create(
        [
            Response(
                survey_id=asked.id,
                state=State.COMPLETE,
                score=score,
                submitted_at=wednesday(ago),
                locale=locale,
                country=country,
            )
            for score, n in counts.items()
            for _ in range(n)
        ]
    )


def wednesday(ago: int) -> datetime:
    """The middle of the week so many weeks ago."""
    return datetime.combine(WEEK.previous(ago).monday, datetime.min.time(), UTC) + timedelta(days=2)


async def mention(
    author: str, sentiment: str, *, text: str = "slikti", copy_of: Mention | None = None, theme: str = ""
) -> Mention:
    at = datetime.combine(WEEK.monday, datetime.min.time(), UTC) + timedelta(days=1)
    number = await Mention.all().count()
    found = await Mention.create(
        source="forum",
        external_id=str(number),
        content_hash=str(number),
        author_hash=author,
        published_at=at,
        copy_of=copy_of,
    )
    if copy_of is None:
        verbatim = await Verbatim.create(
            mention_id=found.id,
            masked_text=text,
            written_at=at,
            sentiment=sentiment,
            language="lv",
            analysed_at=now(),
        )
        if theme:
            await VerbatimTheme.create(
                verbatim_id=verbatim.id, code=theme, confidence=0.9, method=Method.KEYWORD
            )
    return found
