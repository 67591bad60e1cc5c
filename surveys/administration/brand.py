"""The look of the digest: the organisation's two colours and the line at the foot, seen before they are kept."""

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.organisation.change import change_organisation, organisation_problems
from surveys.organisation.colours import colour_of
from surveys.organisation.models import the_organisation
from surveys.web.forms import typed, typed_fields
from surveys.web.page import app_page, see_other

FACTS = ("title_colour", "line_colour", "digest_footer")


@requires(Role.ADMINISTRATOR)
async def brand(request: Request) -> Response:
    """Colours and footer in a form, and how they look; kept only when saved."""
    if request.method != "POST":
        facts = await the_organisation()
        return _page(request, {name: getattr(facts, name) or "" for name in FACTS})
    form = await request.form()
    values = typed_fields(form, FACTS)
    problems = organisation_problems(values)
    if problems or typed(form, "action") == "look":
        return _page(request, values, problems)
    await change_organisation(values)
    return see_other("/settings/brand?saved=1")


@requires(Role.ADMINISTRATOR)
async def brand_css(request: Request) -> Response:
    """The colours in the address as a stylesheet for the picture on the page: nothing may stand inline there."""
    named = (("--brand-title", "title"), ("--brand-line", "line"))
    found = [(name, colour_of(request.query_params.get(key, ""))) for name, key in named]
    lines = "".join(f"{name}:{colour};" for name, colour in found if colour)
    headers = {"Cache-Control": "private, no-store"}
    return Response(f".brand-look{{{lines}}}", media_type="text/css", headers=headers)


def _page(request: Request, values: dict[str, str], problems: dict[str, str] | None = None) -> Response:
    return app_page(
        request,
        "app/settings/brand.html",
        status=422 if problems else 200,
        values=values,
        errors=problems or {},
        saved="saved" in request.query_params,
    )
