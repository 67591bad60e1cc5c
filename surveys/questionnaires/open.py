"""Surveys are made, closed and opened again."""

import re

from surveys.errors import NotFound, Refused
from surveys.i18n import gettext as _
from surveys.negotiate import matching
from surveys.questionnaires.models import Basis, Metric, Survey

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")


async def add_survey(
    *, metric: str, slug: str, name: str, locale: str = "en", basis: str = Basis.INTEREST.value
) -> Survey:
    """A new open survey.

    Raises Refused when the short name is taken or not one, or the metric, locale or basis is unknown.
    """
    if metric not in {known.value for known in Metric}:
        raise Refused(_("The metric is one of nps, csat, ces and exit."))
    if not SLUG.fullmatch(slug):
        sentence = _("“%(value)s” is not a survey's short name: use small letters, digits and hyphens.")
        raise Refused(sentence % {"value": slug})
    if not name.strip():
        raise Refused(_("The survey needs a name."))
    served = matching(locale)
    if served is None:
        raise Refused(_("Surveys are not available in “%(locale)s”.") % {"locale": locale})
    if basis not in {known.value for known in Basis}:
        raise Refused(_("The legal basis is one of legitimate_interest and consent."))
    if await Survey.exists(slug=slug):
        raise Refused(_("There is a survey “%(slug)s” already.") % {"slug": slug})
    return await Survey.create(
        slug=slug, name=name.strip()[:120], metric=Metric(metric), default_locale=served, basis=Basis(basis)
    )


async def access_survey(slug: str) -> Survey:
    """The survey of this short name, open or not.

    Raises NotFound.
    """
    survey = await Survey.get_or_none(slug=slug)
    if survey is None:
        raise NotFound(_("There is no survey “%(slug)s”.") % {"slug": slug[:80]})
    return survey


async def set_open(slug: str, *, is_open: bool) -> Survey:
    """Close a survey, or open it again."""
    survey = await access_survey(slug)
    survey.is_open = is_open
    await survey.save(update_fields=["is_open"])
    return survey
