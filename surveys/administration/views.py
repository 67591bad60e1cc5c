"""The administrator's pages that belong to no single step of the loop: overview, organisation, analysis."""

import asyncio
from zoneinfo import available_timezones

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role, User
from surveys.accounts.session import requires
from surveys.administration.analysis import analyse_all_again, progress, try_parked_again
from surveys.digests.models import Subscription
from surveys.errors import Refused
from surveys.i18n import RESPONDENT_LOCALES
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
        # Who removes the logo and chooses another means to replace it.
        if logo is None and typed(form, "remove_logo"):
            await remove_logo()
    forget_surveys()
    return see_other("/settings/organisation?saved=1")


async def _logo(form: FormData) -> Logo | None:
    file = await uploaded(form, "logo")
    return await asyncio.to_thread(logo_of, file[1]) if file else None


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
