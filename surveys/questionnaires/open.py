"""Surveys are made, closed and opened again."""

from surveys.errors import NotFound, Refused
from surveys.i18n import gettext as _
from surveys.negotiate import matching
from surveys.questionnaires.access import forget_surveys
from surveys.questionnaires.models import SLUG, Basis, Metric, Survey
from surveys.quoting import name_of

LONGEST_NAME = 120


async def survey_problems(*, metric: str, slug: str, name: str, locale: str, basis: str) -> dict[str, str]:
    """What is wrong with a survey to be added, by field; nothing when it can be."""
    problems: dict[str, str] = {}
    if metric not in {known.value for known in Metric}:
        problems["metric"] = _("The metric is one of nps, csat, ces and exit.")
    if not SLUG.fullmatch(slug):
        sentence = _("“%(value)s” is not a survey's short name: use small letters, digits and hyphens.")
        problems["slug"] = sentence % {"value": slug[:80]}
    elif await Survey.exists(slug=slug):
        problems["slug"] = _("There is a survey “%(slug)s” already.") % {"slug": slug}
    shown = name_of(name)
    if shown is None:
        problems["name"] = _("The survey needs a name.")
    elif len(shown) > LONGEST_NAME:
        problems["name"] = _("The name has more than %(limit)s characters.") % {"limit": LONGEST_NAME}
    if matching(locale) is None:
        problems["locale"] = _("Surveys are not available in “%(locale)s”.") % {"locale": locale[:20]}
    if basis not in {known.value for known in Basis}:
        problems["basis"] = _("The legal basis is one of legitimate_interest and consent.")
    return problems


async def add_survey(
    *, metric: str, slug: str, name: str, locale: str = "en", basis: str = Basis.INTEREST.value
) -> Survey:
    """A new open survey.

    Raises Refused when the short name is taken or not one, or the metric, locale or basis is unknown.
    """
    problems = await survey_problems(metric=metric, slug=slug, name=name, locale=locale, basis=basis)
    served = matching(locale)
    if problems or served is None:
        raise Refused(" ".join(problems.values()))
    return await Survey.create(
        slug=slug,
        name=name_of(name) or slug,
        metric=Metric(metric),
        default_locale=served,
        basis=Basis(basis),
    )


async def survey_named(slug: str) -> Survey:
    """The survey of this short name, open or not, as our own users see it.

    Raises NotFound.
    """
    survey = await Survey.get_or_none(slug=slug) if SLUG.fullmatch(slug) else None
    if survey is None:
        raise NotFound(_("There is no survey “%(slug)s”.") % {"slug": slug[:80]})
    return survey


async def survey_to_answer(slug: str) -> Survey:
    """The survey of this short name, if somebody could answer it.

    Raises Refused when it is closed, NotFound when there is none.
    """
    survey = await survey_named(slug)
    if not survey.is_open:
        raise Refused(_("The survey “%(survey)s” is closed; nobody could answer.") % {"survey": survey.slug})
    return survey


async def set_open(slug: str, *, is_open: bool) -> Survey:
    """Close a survey, or open it again."""
    survey = await survey_named(slug)
    survey.is_open = is_open
    await survey.save(update_fields=["is_open"])
    forget_surveys()
    return survey
