"""The archive of digests, the saved PDFs, and the page that ends a subscription. Nothing is rendered here."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.digests import archive, unsubscribe
from surveys.digests.entitled import scopes_of
from surveys.digests.scope import Scope, scope_of
from surveys.digests.told import scope_name
from surveys.errors import NotFound
from surveys.i18n import DIGEST_LOCALES
from surveys.templating import render
from surveys.web.forms import typed_fields
from surveys.web.page import app_page, see_other


@requires(Role.ANALYST)
async def digests(request: Request) -> Response:
    """All weeks with their editions, and a form that has another made."""
    if request.method == "POST":
        asked = typed_fields(await request.form(), ("week", "locale"))
        week = archive.week_of(asked["week"])
        await archive.request_edition(week, asked["locale"], request.scope["organisation"])
        return see_other("/digests")
    shelves = await archive.shelves(request.scope["organisation"], await scopes_of(request.scope["user"]))
    states = [state for shelf in shelves for _code, state in shelf.editions]
    waiting = "waiting" in [*states, *(archive.state(each) for shelf in shelves for each in shelf.scoped)]
    return app_page(
        request,
        "app/digests.html",
        block="shelves",
        shelves=shelves,
        waiting=waiting,
        locales=DIGEST_LOCALES,
        scope_name=scope_name,
        state_of=archive.state,
    )


@requires(Role.ANALYST)
async def edition(request: Request) -> Response:
    """Where an edition stands, looked at again and again while it is being made; a post has it made."""
    week, locale, scope = await _asked(request)
    if request.method == "POST":
        asked = Scope.parse(scope)
        known = str(await scope_of(asked.regions, asked.surveys, asked.segments))
        await archive.request_edition(archive.week_of(week), locale, request.scope["organisation"], known)
        return see_other("/digests")
    return await _edition_page(request, week, locale, scope)


async def _asked(request: Request) -> tuple[str, str, str]:
    """Week, locale and scope of an edition's address; raises NotFound for a scope that is not theirs to see."""
    scope = await archive.access_scope(request.scope["user"], str(Scope.parse(request.url.query)))
    return request.path_params["week"], request.path_params["locale"], scope


async def _edition_page(request: Request, week: str, locale: str, scope: str) -> Response:
    """A page that says how far an edition is, with the status of what it stands for."""
    try:
        found = await archive.access_edition(week, locale, scope)
    except NotFound:
        archive.begun(archive.week_of(week), request.scope["organisation"])
        found = None
    standing = archive.state(found) if found else "none"
    is_made = found is not None and found.pdf is not None
    missing = 202 if standing == "waiting" else 404
    return app_page(
        request,
        "app/digest.html",
        block="state",
        status=200 if is_made else missing,
        week=week,
        code=locale,
        scope=scope,
        state=standing,
        stage=found.stage if found else None,
        is_made=is_made,
    )


@requires(Role.ANALYST)
async def pdf(request: Request) -> Response:
    """The PDF as it was made; a page that says where it stands when there is none yet."""
    week, locale, scope = await _asked(request)
    try:
        found = await archive.access_edition(week, locale, scope)
    except NotFound:
        found = None
    if found is None or found.pdf is None:
        return await _edition_page(request, week, locale, scope)
    name = f"{found.week}-{found.locale}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(found.pdf, media_type="application/pdf", headers=headers)


async def end_subscription(request: Request) -> Response:
    """What a mail's link leads to: a page with a button; only the post ends anything (RFC 8058)."""
    subscription = await unsubscribe.access_subscription(request.path_params["token"])
    if request.method == "POST":
        await unsubscribe.end(subscription)
    html = render(
        "digests/unsubscribe.html",
        locale=subscription.locale,
        domain="digest",
        email=subscription.address,
        ended=subscription.ended_at is not None,
    )
    return HTMLResponse(html, headers={"Cache-Control": "no-store", "Content-Language": subscription.locale})
