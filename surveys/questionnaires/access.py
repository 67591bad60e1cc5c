"""Loading a survey for a respondent, with the organisation that asks.

Pages are asked for far oftener than surveys change: what was read is kept for half a second per process. What is
written never relies on it (`fresh=True` reads the survey anew).
"""

import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from surveys.errors import NotFound
from surveys.organisation.models import Organisation, the_organisation
from surveys.questionnaires.models import Survey

FRESH_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Asked:
    """Who asks what."""

    survey: Survey
    organisation: Organisation


@dataclass
class _Kept:
    """What was read from one database, and when; the next database (in tests) has a memory of its own."""

    surveys: dict[str, tuple[float, Survey]] = field(default_factory=dict)
    organisation: tuple[float, Organisation] | None = None


@lru_cache(maxsize=1)
def _kept_of(_source: BaseDBAsyncClient) -> _Kept:
    return _Kept()


def forget_surveys() -> None:
    """Read everything anew, when this process itself has just changed a survey or the organisation."""
    _kept_of.cache_clear()


async def access_survey(slug: str, *, fresh: bool = False) -> Asked:
    """The survey that anybody with its address may see, open or closed.

    Raises NotFound when there is none.
    """
    kept = _kept_of(get_connection("default"))
    instant = time.monotonic()
    found = kept.surveys.get(slug)
    if fresh or found is None or instant - found[0] > FRESH_SECONDS:
        survey = await Survey.get_or_none(slug=slug)
        if survey is None:
            kept.surveys.pop(slug, None)
            msg = "There is no such survey."
            raise NotFound(msg)
        found = kept.surveys[slug] = (instant, survey)
    if kept.organisation is None or instant - kept.organisation[0] > FRESH_SECONDS:
        kept.organisation = (instant, await the_organisation())
    return Asked(found[1], kept.organisation[1])
