"""What is shown when a request cannot be answered: in the reader's language, without our insides.

A respondent gets templates/respondent/failure.html in the survey's words; everybody else templates/app/failure.html.
"""

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from surveys.errors import NotFound, Refused, Unavailable
from surveys.i18n import APP_LOCALES
from surveys.negotiate import accepted, choose, matching
from surveys.templating import render, render_block
from surveys.web.middleware import BodyTooLarge
from surveys.web.page import is_htmx

PACKAGE = Path(__file__).parents[1]

log = structlog.get_logger()

Kind = Literal["notfound", "foreign", "large", "busy", "failed", "closed", "spent", "expired", "forged"]


class Shut(Refused):
    """A survey's door is shut to this respondent: it is closed, or the invitation is spent, expired or forged."""

    def __init__(self, kind: Kind, status: int, **context: Any) -> None:
        super().__init__(kind)
        self.kind, self.status, self.context = kind, status, context


def is_respondent(path: str) -> bool:
    """Whether an address is one that respondents use: /s/… or /{locale}/s/…."""
    parts = path.split("/")
    return "s" in parts[1:3]


def failure_page(request: Request, kind: Kind, status: int, **context: Any) -> Response:
    """The page of a kind; `contact`, `organisation` and `count` (minutes) where the caller knows them."""
    if not is_respondent(request.url.path):
        return _app_page(request, kind, status)
    first = request.url.path.lstrip("/").partition("/")[0]
    locale = choose(context.pop("locale", None), first, header=request.headers.get("accept-language", ""))
    shown = {"contact": None, "organisation": None, "count": 1, "fragment": is_htmx(request), **context}
    if is_htmx(request):
        html = render_block(
            "respondent/failure.html", "page", locale=locale, domain="respondent", kind=kind, **shown
        )
    else:
        html = render("respondent/failure.html", locale=locale, domain="respondent", kind=kind, **shown)
    return _html(html, status, locale)


def _app_page(request: Request, kind: Kind, status: int, sentence: str | None = None) -> Response:
    """A page of the application: as the one that failed would have been, where we know by then who asks."""
    wanted = (matching(tag, APP_LOCALES) for tag in accepted(request.headers.get("accept-language", "")))
    locale = request.scope.get("app_locale") or next((code for code in wanted if code), "en")
    html = render(
        "app/failure.html",
        locale=locale,
        domain="app",
        kind=kind,
        sentence=sentence,
        request=request,
        **{name: request.scope.get(name) for name in ("user", "may", "organisation")},
    )
    return _html(html, status, locale)


def _html(html: str, status: int, locale: str) -> Response:
    headers = {"Vary": "Accept-Language", "Cache-Control": "no-store", "Content-Language": locale}
    return HTMLResponse(html, status, headers)


async def foreign(scope: Scope, receive: Receive, send: Send) -> None:
    """A post from another site."""
    await failure_page(Request(scope), "foreign", 403)(scope, receive, send)


async def _shut(request: Request, error: Exception) -> Response:
    assert isinstance(error, Shut)
    return failure_page(request, error.kind, error.status, **error.context)


async def _not_found(request: Request, _error: Exception) -> Response:
    return failure_page(request, "notfound", 404)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    kinds: dict[int, Kind] = {404: "notfound", 405: "notfound", 413: "large"}
    return failure_page(request, kinds.get(status, "failed"), status)


async def _too_large(request: Request, _error: Exception) -> Response:
    return failure_page(request, "large", 413)


async def _refused(request: Request, error: Exception) -> Response:
    if is_respondent(request.url.path):
        return failure_page(request, "notfound", 400)
    return _app_page(request, "failed", 400, str(error))


async def _failed(request: Request, error: Exception) -> Response:
    _tell(request.url.path, error)
    return failure_page(request, "failed", 500)


def _tell(path: str, error: Exception) -> None:
    """Log where it broke, but never the message: it may quote an answer."""
    log.error("request failed", path=path, error=type(error).__name__, at=_place(error))


def _place(error: Exception) -> str:
    """The line of ours that broke, or the library's when none of ours did."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(PACKAGE)] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""


class BrokenOff(Exception):
    """An answer that had begun could not be finished; says nothing else, because the server logs it."""


class Failures:
    """Answers what nobody foresaw with a page.

    Starlette would do it too, but then hands the error on, message and all, to the server's log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - whatever it was, its message must not reach the log
            if begun:
                _tell(scope["path"], error)
                raise BrokenOff from None
            page = await _failed(Request(scope), error)
            await page(scope, receive, send)


async def _gone(_request: Request, _error: Exception) -> Response:
    """Whoever asked hung up before we had heard them out: nobody is there to read a page."""
    return Response(status_code=400)


HANDLERS: Mapping[Any, Any] = {
    Shut: _shut,
    ClientDisconnect: _gone,
    NotFound: _not_found,
    BodyTooLarge: _too_large,
    Refused: _refused,
    Unavailable: _failed,
    HTTPException: _http,
}
