"""The archive of reports: months, quarters, two periods, one survey, one theme. Nothing is counted or rendered here."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.digests import archive, report_shelf
from surveys.digests.asked import Asked, asked_of, comparison
from surveys.digests.period_words import period_name
from surveys.digests.periods import latest, period_of
from surveys.due import now
from surveys.errors import NotFound, Refused
from surveys.i18n import DIGEST_LOCALES
from surveys.i18n import gettext as _
from surveys.names import theme_codes, theme_name
from surveys.organisation.models import Organisation
from surveys.questionnaires.models import Survey
from surveys.web.forms import typed_fields
from surveys.web.page import app_page, see_other

FIELDS = ("period", "with", "survey", "theme", "locale")


@requires(Role.ANALYST)
async def reports(request: Request) -> Response:
    """The reports that were asked for, and a form that has another made."""
    organisation: Organisation = request.scope["organisation"]
    typed, problem = dict.fromkeys(FIELDS, ""), None
    if request.method == "POST":
        typed = typed_fields(await request.form(), FIELDS)
        try:
            await report_shelf.request_report(_asked(typed), typed["locale"], organisation)
        except (NotFound, Refused) as error:
            problem = error
        else:
            return see_other("/digests/reports")
    shelves = await report_shelf.shelved()
    return app_page(
        request,
        "app/reports.html",
        block="shelves",
        status=422 if problem else 200,
        shelves=shelves,
        waiting=any(state == "waiting" for shelf in shelves for _code, state in shelf.editions),
        locales=DIGEST_LOCALES,
        typed=typed,
        errors={"period": str(problem)} if problem else {},
        month=latest("month", now(), organisation.zone),
        surveys=[survey.slug for survey in await Survey.all().order_by("slug").only("slug")],
        themes=theme_codes(),
        theme_name=theme_name,
        period_name=period_name,
    )


def _asked(typed: Mapping[str, str]) -> Asked:
    """What the form asks for; raises Refused where it asks for two things at once."""
    if sum(bool(typed[name]) for name in ("with", "survey", "theme")) > 1:
        raise Refused(_("Please choose one of these: another period, a survey or a theme."))
    if typed["with"]:
        return comparison(typed["with"], typed["period"])
    return Asked(period_of(typed["period"]), survey=typed["survey"] or None, theme=typed["theme"] or None)


@requires(Role.ANALYST)
async def pdf(request: Request) -> Response:
    """The PDF as it was made; raises NotFound while there is none."""
    asked = asked_of(request.path_params["key"])
    report = await report_shelf.access_report(asked.key, request.path_params["locale"])
    if report.pdf is None:
        raise NotFound(
            _("This report is being made; it takes about half a minute.")
            if archive.state(report) == "waiting"
            else _("This report has not been made.")
        )
    name = f"{asked.key.replace('~', '-').replace('..', '-')}-{report.locale}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(report.pdf, media_type="application/pdf", headers=headers)
