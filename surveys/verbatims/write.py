"""The one door through which words come in: masked, stored apart from the original, due for analysis.

Masking needs no model, so it is done before anything is stored: no page, export, log, mail or model ever sees what was
masked. The `write_*` functions are called inside the transaction that stores the response or mention.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from tortoise.expressions import F

from sentiment.language_codes import phone_countries
from sentiment.mask import mask
from surveys.due import now
from surveys.mentions.models import Mention
from surveys.pains.models import VerbatimPain
from surveys.places import culture, leaf_code
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.models import Response
from surveys.scores import band
from surveys.settings import settings
from surveys.verbatims.models import Correction, Epoch, Original, Verbatim, VerbatimTheme

BULK = 500
NOTHING_UNDERSTOOD: Mapping[str, Any] = MappingProxyType(
    {
        **dict.fromkeys(("analysed_at", "model_version", "embedding", "sentences")),
        **dict.fromkeys(("language", "machine_language", "language_best", "language_confidence")),
        **dict.fromkeys(("sentiment", "machine_sentiment", "negative", "neutral", "positive")),
        "languages": (),
    }
)


@dataclass(frozen=True)
class Words:
    """What somebody wrote, and the address they left to be contacted at."""

    text: str
    contact: str | None = None


@dataclass(frozen=True)
class MaskedWords:
    """The same with personal data replaced by tokens, and how many of each kind there were."""

    words: Words
    text: str
    counts: dict[str, int]


def masked(words: Words, country: str | None, locale: str | None = None) -> MaskedWords:
    """Mask once, before the transaction begins: it takes longer than storing does.

    National phone numbers are those of the country and of where the form's language is spoken, as when the words are
    analysed: what is stored is what was understood.
    """
    found = mask(words.text, phone_countries(locale, country))
    return MaskedWords(words, found.text, found.counts)


async def write_response_verbatim(response: Response, survey: Survey, words: MaskedWords) -> Verbatim:
    """Store (or replace) the words of a response and make them due; what was said of earlier words ends with them."""
    existing = await Verbatim.get_or_none(response_id=response.id)
    verbatim = existing or Verbatim(response_id=response.id)
    _fill(verbatim, response_facts(response, survey), words)
    await verbatim.save()
    if existing:
        await VerbatimTheme.filter(verbatim_id=verbatim.id).delete()
        await VerbatimPain.filter(verbatim_id=verbatim.id).delete()
        await Correction.filter(verbatim_id=verbatim.id).delete()
        await Original.filter(verbatim_id=verbatim.id).delete()
    await _original(verbatim.id, words, now()).save()
    return verbatim


async def write_many(drafts: Sequence[tuple[Verbatim, MaskedWords]]) -> None:
    """Store new verbatims of an import, each already tied to its response or mention; raises the epoch."""
    await Verbatim.bulk_create([verbatim for verbatim, _ in drafts], batch_size=BULK)
    ids = await _ids([verbatim for verbatim, _ in drafts])
    received = now()
    originals = [_original(ids[_tie(verbatim)], words, received) for verbatim, words in drafts]
    await Original.bulk_create(originals, batch_size=BULK)
    await raise_epoch()


def response_draft(response: Response, survey: Survey, words: MaskedWords) -> Verbatim:
    """A new verbatim of a response that is already stored."""
    return _fill(Verbatim(response_id=response.id), response_facts(response, survey), words)


def mention_draft(mention: Mention, words: MaskedWords) -> Verbatim:
    """A new verbatim of a mention that is already stored."""
    return _fill(Verbatim(mention_id=mention.id), mention_facts(mention), words)


def response_facts(response: Response, survey: Survey) -> dict[str, Any]:
    """The columns of a verbatim that come from its response."""
    metric = survey.metric
    scored = response.score is not None and metric is not Metric.EXIT
    return {
        **_place(response.country, response.locale),
        "written_at": response.submitted_at,
        "survey_id": survey.id,
        "metric": metric.value,
        "score": response.score,
        "band": band(metric.value, response.score).value if scored else None,
        "channel": response.channel,
        "touchpoint": response.touchpoint,
        "segment": response.segment,
    }


def mention_facts(mention: Mention) -> dict[str, Any]:
    """The columns of a verbatim that come from its mention; its channel is where it was written."""
    return {
        **_place(mention.country, mention.locale),
        "written_at": mention.published_at,
        "channel": mention.source,
    }


def _place(country: str | None, locale: str | None) -> dict[str, Any]:
    return {
        "locale": locale,
        "country": country,
        "region": leaf_code(country),
        "culture": culture(country, locale).slug,
    }


def _fill(verbatim: Verbatim, facts: dict[str, Any], words: MaskedWords) -> Verbatim:
    return verbatim.update_from_dict(
        {
            **facts,
            "masked_text": words.text,
            "mask_counts": words.counts,
            "due_at": now(),
            "changed_at": now(),
            "attempts": 0,
            "parked_at": None,
            **NOTHING_UNDERSTOOD,
        }
    )


def _tie(verbatim: Verbatim) -> tuple[int | None, int | None]:
    return verbatim.response_id, verbatim.mention_id


async def _ids(verbatims: Sequence[Verbatim]) -> dict[tuple[int | None, int | None], int]:
    """Bulk inserts give no ids back on SQLite, so they are asked for by what they are tied to."""
    found: dict[tuple[int | None, int | None], int] = {}
    for column in ("response_id", "mention_id"):
        wanted = [key for row in verbatims if (key := getattr(row, column)) is not None]
        for start in range(0, len(wanted), BULK):
            rows = Verbatim.filter(**{f"{column}__in": wanted[start : start + BULK]})
            for key, *tie in await rows.values_list("id", "response_id", "mention_id"):
                found[tie[0], tie[1]] = key
    return found


def _original(verbatim_id: int, words: MaskedWords, received: datetime) -> Original:
    """The words as written, kept where only an administrator may look, for ORIGINAL_DAYS."""
    storable = words.words.text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    return Original(
        verbatim_id=verbatim_id,
        text=storable,
        contact=words.words.contact,
        drop_at=received + timedelta(days=settings().original_days),
    )


async def raise_epoch() -> None:
    """Tell every process that verbatims came or went in bulk (surveys/verbatims/columns.py)."""
    if not await Epoch.filter(id=1).update(number=F("number") + 1):
        await Epoch.create(id=1, number=1)
