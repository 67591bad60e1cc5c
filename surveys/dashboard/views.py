"""The dashboard page, whole or the part that htmx asks for."""

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.dashboard.choice import chosen
from surveys.dashboard.drawn import TEMPLATE, drawn
from surveys.dashboard.ground import all_surveys
from surveys.dashboard.look import look
from surveys.dashboard.page import laid_out
from surveys.due import now
from surveys.i18n import speaking
from surveys.web.page import app_page, is_htmx
from surveys.weeks import Week


@requires(Role.ANALYST)
async def dashboard(request: Request) -> Response:
    """The figures that an address describes."""
    organisation, at = request.scope["organisation"], now()
    surveys = await all_surveys()
    asked = request.query_params.multi_items()
    choice = chosen(asked, surveys=surveys.names, at=at, zone=organisation.zone)
    seen = await look(choice, organisation, surveys, at=at)
    this, locale = Week.containing(at, organisation.zone), request.scope["app_locale"]
    with speaking(locale, "app"):
        shown = {"drawn": drawn(seen, this, locale), "making": None} if seen.made else laid_out(seen, this)
    template = "app/drawn_dashboard.html" if seen.made else TEMPLATE
    page = app_page(request, template, block="dashboard", **shown)
    if is_htmx(request) and "again" not in request.query_params:
        # The form sends every field it has; the address keeps what was chosen.
        page.headers["HX-Push-Url"] = choice.address()
    return page
