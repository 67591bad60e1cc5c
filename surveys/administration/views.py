"""The administrator's pages that belong to no single step of the loop: overview, organisation, analysis, readers."""

from zoneinfo import available_timezones

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role, User
from surveys.accounts.session import requires
from surveys.addresses import email_address
from surveys.administration.analysis import analyse_all_again, progress, try_parked_again
from surveys.digests.models import Subscription
from surveys.digests.subscribe import subscribe
from surveys.due import now
from surveys.errors import NotFound, Refused
from surveys.i18n import DIGEST_LOCALES, RESPONDENT_LOCALES
from surveys.i18n import gettext as _
from surveys.mentions.models import Feed
from surveys.organisation.change import Logo, change_organisation, logo_of, organisation_problems, remove_logo
from surveys.organisation.models import the_organisation
from surveys.questionnaires.access import forget_surveys
from surveys.web.forms import typed, typed_fields, uploaded
from surveys.web.page import app_page, see_other

FACTS = ("name", "contact", "time_zone", "default_locale", "smallest_group", "retention_months")


@requires(Role.ADMINISTRATOR)
async def overview(request: Request) -> Response:
    """What can be set, each with its state in a few words."""
    return app_page(
        request,
        "app/settings/overview.html",
        users=await User.filter(disabled_at=None).count(),
        feeds=await Feed.filter(is_paused=False).count(),
        subscriptions=await Subscription.filter(ended_at=None).count(),
        analysis=await progress(),
    )


@requires(Role.ADMINISTRATOR)
async def organisation(request: Request) -> Response:
    """The organisation's facts and logo."""
    facts = await the_organisation()
    if request.method != "POST":
        return _organisation_page(request, {name: str(getattr(facts, name)) for name in FACTS})
    async with request.form(max_files=1, max_fields=20) as form:
        values = typed_fields(form, FACTS)
        problems = organisation_problems(values)
        try:
            logo = await _logo(form)
        except Refused as refusal:
            problems["logo"] = str(refusal)
        if problems:
            return _organisation_page(request, values, problems)
        await change_organisation(values, logo)
        if typed(form, "remove_logo"):
            await remove_logo()
    forget_surveys()
    return see_other("/settings/organisation?saved=1")


async def _logo(form: FormData) -> Logo | None:
    file = await uploaded(form, "logo")
    return logo_of(file[1]) if file else None


def _organisation_page(
    request: Request, values: dict[str, str], problems: dict[str, str] | None = None
) -> Response:
    return app_page(
        request,
        "app/settings/organisation.html",
        status=422 if problems else 200,
        values=values,
        errors=problems or {},
        zones=sorted(available_timezones()),
        locales=RESPONDENT_LOCALES,
        saved="saved" in request.query_params,
    )


@requires(Role.ADMINISTRATOR)
async def analysis(request: Request) -> Response:
    """What waits to be understood, and what could not be."""
    if request.method == "POST":
        action = typed(await request.form(), "action")
        if action == "again":
            await analyse_all_again()
        elif action == "parked":
            await try_parked_again()
        return see_other("/settings/analysis")
    return app_page(request, "app/settings/analysis.html", block="state", analysis=await progress())


@requires(Role.ADMINISTRATOR)
async def subscriptions(request: Request) -> Response:
    """Who gets the digest every Monday, and a form for one more."""
    if request.method != "POST":
        return await _subscriptions_page(request, {"email": "", "locale": request.scope["app_locale"]})
    values = typed_fields(await request.form(), ("email", "locale"))
    problems = await _subscription_problems(values["email"], values["locale"])
    if problems:
        return await _subscriptions_page(request, values, problems)
    await subscribe(values["email"], values["locale"])
    return see_other("/settings/subscriptions")


async def _subscription_problems(email: str, locale: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    address = email_address(email)
    if address is None:
        problems["email"] = _("This is not an e-mail address.")
    elif await Subscription.exists(email=address, ended_at=None):
        problems["email"] = _("This address gets the digest already.")
    if locale not in DIGEST_LOCALES:
        problems["locale"] = _("The digest is not available in this language.")
    return problems


async def _subscriptions_page(
    request: Request, values: dict[str, str], problems: dict[str, str] | None = None
) -> Response:
    return app_page(
        request,
        "app/settings/subscriptions.html",
        status=422 if problems else 200,
        subscriptions=await Subscription.filter(ended_at=None).order_by("email"),
        values=values,
        errors=problems or {},
        locales=DIGEST_LOCALES,
    )


@requires(Role.ADMINISTRATOR)
async def end_subscription(request: Request) -> Response:
    """No more digests for this address."""
    ended = Subscription.filter(id=request.path_params["subscription_id"], ended_at=None)
    if not await ended.update(ended_at=now()):
        raise NotFound(_("There is no such subscription."))
    return see_other("/settings/subscriptions")
