"""Answers: pages, fragments of pages for htmx, redirects."""

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from surveys.templating import render, render_block


def is_htmx(request: Request) -> bool:
    """Whether htmx asked, and wants a fragment (a history restore wants the whole page)."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def _nobody_may(_user: object, _role: str) -> bool:
    """What nobody signed in for shows nothing that needs a role."""
    return False


def app_page(
    request: Request,
    template: str,
    *,
    block: str | None = None,
    status: int = 200,
    **context: Any,
) -> Response:
    """A page of the application in the user's language; htmx gets the named block of it only."""
    locale = request.scope.get("app_locale", "en")
    shared = {
        "request": request,
        "user": request.scope.get("user"),
        "may": request.scope.get("may", _nobody_may),
        "organisation": request.scope.get("organisation"),
        **context,
    }
    if block is not None and is_htmx(request):
        html = render_block(template, block, locale=locale, domain="app", **shared)
    else:
        html = render(template, locale=locale, domain="app", **shared)
    headers = {"Vary": "HX-Request, Cookie", "Cache-Control": "no-store", "Content-Language": locale}
    return HTMLResponse(html, status, headers)


def see_other(address: str) -> Response:
    """Go and look there, with GET."""
    return RedirectResponse(address, 303)
