"""The page of pain points: what customers complain about, week by week, whatever language they say it in."""

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.decisions.look import decisions_at
from surveys.due import now
from surveys.errors import Refused
from surveys.pains.change import access_merger, access_pain, merge, rename, undo_merger
from surveys.pains.look import chosen_span, earliest_week
from surveys.pains.page import sections_of
from surveys.web.forms import typed
from surveys.web.page import app_page, see_other
from surveys.weeks import Week


@requires(Role.ANALYST)
async def pains(request: Request) -> Response:
    """The pain points of the weeks that the address names."""
    return await _page(request)


@requires(Role.MANAGER)
async def rename_pain(request: Request) -> Response:
    """Give a pain point a title, or take its title away."""
    pain = await access_pain(request.scope["user"], request.path_params["id"])
    form = await request.form()
    try:
        await rename(pain, typed(form, "title"))
    except Refused as refusal:
        return await _page(request, error=str(refusal), at=pain.id)
    return see_other(_address(request, pain.id))


@requires(Role.MANAGER)
async def merge_pain(request: Request) -> Response:
    """Make a pain point part of another."""
    user = request.scope["user"]
    pain = await access_pain(user, request.path_params["id"])
    into = typed(await request.form(), "into")
    try:
        is_number = into.isascii() and into.isdigit() and len(into) < 10
        other = await access_pain(user, int(into) if is_number else 0)
        heir = await merge(pain, other, user)
    except Refused as refusal:
        return await _page(request, error=str(refusal), at=pain.id)
    return see_other(_address(request, heir.id))


@requires(Role.MANAGER)
async def undo_pain_merger(request: Request) -> Response:
    """Take a merger back."""
    change = await access_merger(request.scope["user"], request.path_params["change"])
    await undo_merger(change)
    return see_other(_address(request, change.pain_id))


def _address(request: Request, pain: int) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/pains{query}#pain-{pain}"


async def _page(request: Request, *, error: str | None = None, at: int | None = None) -> Response:
    organisation = request.scope["organisation"]
    asked = request.query_params
    earliest = await earliest_week()
    span = chosen_span(asked.get("from", ""), asked.get("to", ""), earliest, now(), organisation.zone)
    last_full = Week.last_full(now(), organisation.zone)
    sections = await sections_of(span, organisation, last_full)
    shown = [pain.id for section in sections for pain in section.pains]
    return app_page(
        request,
        "app/pains/pains.html",
        block="pains",
        status=422 if error else 200,
        span=span,
        has_any=earliest is not None,
        sections=sections,
        decisions=await decisions_at(shown, organisation.zone),
        query=f"?{request.url.query}" if request.url.query else "",
        error=error,
        wrong=at,
    )
