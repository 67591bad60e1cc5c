"""The one door through which words come in: masked, stored apart from the original, due for analysis.

Masking needs no model, so it happens in the transaction that stores the verbatim: no page, export, log, mail or model
ever sees what was masked. Call inside `in_transaction()`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import F

from sentiment.mask import mask
from surveys.due import now
from surveys.mentions.models import Mention
from surveys.places import culture, region
from surveys.questionnaires.models import Survey
from surveys.responses.models import Response
from surveys.scores import band
from surveys.settings import settings
from surveys.verbatims.models import Epoch, Original, Verbatim, VerbatimTheme


@dataclass(frozen=True)
class Words:
    """What somebody wrote, and the address they left to be contacted at."""

    text: str
    contact: str | None = None


async def write_response_verbatim(response: Response, survey: Survey, words: Words) -> Verbatim:
    """Store (or replace) the words of a response and make them due."""
    facts = response_facts(response, survey)
    verbatim = await Verbatim.get_or_none(response_id=response.id)
    return await _write(verbatim or Verbatim(response_id=response.id), facts, words)


async def write_mention_verbatim(mention: Mention, words: Words) -> Verbatim:
    """Store the words of a mention and make them due."""
    return await _write(Verbatim(mention_id=mention.id), mention_facts(mention), words)


def response_facts(response: Response, survey: Survey) -> dict[str, object]:
    """The columns of a verbatim that come from its response."""
    return {
        **_place(response.country, response.locale),
        "written_at": response.submitted_at,
        "survey_id": survey.id,
        "metric": survey.metric.value,
        "score": response.score,
        "band": None if response.score is None else band(survey.metric.value, response.score),
        "channel": response.channel,
        "touchpoint": response.touchpoint,
        "segment": response.segment,
    }


def mention_facts(mention: Mention) -> dict[str, object]:
    """The columns of a verbatim that come from its mention; its channel is where it was written."""
    return {
        **_place(mention.country, mention.locale),
        "written_at": mention.published_at,
        "channel": mention.source,
    }


def _place(country: str | None, locale: str | None) -> dict[str, object]:
    return {
        "locale": locale,
        "country": country,
        "region": region(country).leaf_code if country else None,
        "culture": culture(country, locale).slug,
    }


async def _write(verbatim: Verbatim, facts: dict[str, object], words: Words) -> Verbatim:
    masked = mask(words.text, (verbatim.country,) if verbatim.country else ())
    verbatim.update_from_dict(
        {
            **facts,
            "masked_text": masked.text,
            "mask_counts": masked.counts,
            "due_at": now(),
            "attempts": 0,
            "parked_at": None,
            "analysed_at": None,
            "language": None,
            "sentiment": None,
        }
    )
    await verbatim.save()
    await VerbatimTheme.filter(verbatim_id=verbatim.id).delete()
    await keep_original(verbatim, words, received=now())
    return verbatim


async def keep_original(verbatim: Verbatim, words: Words, received: datetime) -> None:
    """Keep the words as written where only an administrator may look, for ORIGINAL_DAYS."""
    await Original.filter(verbatim_id=verbatim.id).delete()
    await Original.create(
        verbatim_id=verbatim.id,
        text=words.text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8"),
        contact=words.contact,
        drop_at=received + timedelta(days=settings().original_days),
    )


async def raise_epoch() -> None:
    """Tell every process that verbatims came or went in bulk (surveys/verbatims/facets.py)."""
    if not await Epoch.filter(id=1).update(number=F("number") + 1):
        await Epoch.create(id=1, number=1)


