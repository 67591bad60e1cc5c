"""Loading a survey for a respondent, with the organisation that asks.

Pages are asked for far oftener than surveys change: what was read is kept for a fifth of a second per process.
"""

import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from surveys.errors import NotFound
from surveys.organisation.models import Organisation, the_organisation
from surveys.questionnaires.models import SLUG, Survey

FRESH_SECONDS: Final = 0.2


@dataclass(frozen=True)
class Asked:
    """Who asks what, read at one moment; and the plain pages made from it, by locale and order, which go with it."""

    survey: Survey
    organisation: Organisation
    read_at: float
    pages: dict[tuple[str, int], bytes] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _kept_of(_source: BaseDBAsyncClient) -> dict[str, Asked]:
    """What was read from one database; the next database (in tests) has a memory of its own."""
    return {}


def forget_surveys() -> None:
    """Read everything anew, when this process itself has just changed a survey or the organisation."""
    _kept_of.cache_clear()


async def access_survey(slug: str) -> Asked:
    """The survey that anybody with its address may see, open or closed.

    Raises NotFound when there is none.
    """
    kept = _kept_of(get_connection("default"))
    found = kept.get(slug)
    instant = time.monotonic()
    if found is not None and instant - found.read_at < FRESH_SECONDS:
        return found
    survey = await Survey.get_or_none(slug=slug) if SLUG.fullmatch(slug) else None
    if survey is None:
        kept.pop(slug, None)
        msg = "There is no such survey."
        raise NotFound(msg)
    kept[slug] = Asked(survey, await the_organisation(), instant)
    return kept[slug]
