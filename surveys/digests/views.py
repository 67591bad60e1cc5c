"""The archive of digests, the saved PDFs, and the page that ends a subscription. Nothing is rendered here."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.digests import archive, unsubscribe
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
    shelves = await archive.shelves(request.scope["organisation"])
    waiting = any(state == "waiting" for shelf in shelves for _code, state in shelf.editions)
    return app_page(
        request, "app/digests.html", block="shelves", shelves=shelves, waiting=waiting, locales=DIGEST_LOCALES
    )


@requires(Role.ANALYST)
async def request_edition(request: Request) -> Response:
    """Have an edition made by the worker, then look at the archive."""
    week = archive.week_of(request.path_params["week"])
    await archive.request_edition(week, request.path_params["locale"], request.scope["organisation"])
    return see_other("/digests")


@requires(Role.ANALYST)
async def pdf(request: Request) -> Response:
    """The PDF as it was made; a page that says where it stands when there is none yet."""
    week, locale = request.path_params["week"], request.path_params["locale"]
    try:
        edition = await archive.access_edition(week, locale)
    except NotFound:
        archive.begun(archive.week_of(week), request.scope["organisation"])
        return app_page(request, "app/digest.html", status=404, week=week, code=locale, state="none")
    if edition.pdf is None:
        standing = archive.state(edition)
        status = 202 if standing == "waiting" else 404
        return app_page(request, "app/digest.html", status=status, week=week, code=locale, state=standing)
    name = f"{edition.week}-{edition.locale}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(edition.pdf, media_type="application/pdf", headers=headers)


async def end_subscription(request: Request) -> Response:
    """What a mail's link leads to: a page with a button; only the post ends anything (RFC 8058)."""
    subscription = await unsubscribe.access_subscription(request.path_params["token"])
    if request.method == "POST":
        await unsubscribe.end(subscription)
    html = render(
        "digests/unsubscribe.html",
        locale=subscription.locale,
        domain="digest",
        email=subscription.email,
        ended=subscription.ended_at is not None,
    )
    return HTMLResponse(html, headers={"Cache-Control": "no-store", "Content-Language": subscription.locale})
