"""What is shown when a request cannot be answered: in the reader's language, without our insides."""

from collections.abc import Mapping
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from surveys.errors import NotFound, Refused, Unavailable
from surveys.negotiate import choose
from surveys.templating import render
from surveys.web.middleware import BodyTooLarge

log = structlog.get_logger()


def _locale(request: Request) -> str:
    """The respondent's language: the address's own, else what the browser asks for."""
    first = request.url.path.lstrip("/").partition("/")[0]
    return choose(first, header=request.headers.get("accept-language", ""))


def failure_page(request: Request, kind: str, status: int, **context: Any) -> Response:
    """One of templates/respondent/failure.html's pages: notfound, foreign, large, busy, failed, …"""
    locale = _locale(request)
    html = render(
        "respondent/failure.html",
        locale=locale,
        domain="respondent",
        kind=kind,
        contact=None,
        **context,
    )
    headers = {"Vary": "Accept-Language", "Cache-Control": "no-store", "Content-Language": locale}
    return HTMLResponse(html, status, headers)


async def foreign(scope: Scope, receive: Receive, send: Send) -> None:
    """A post from another site."""
    await failure_page(Request(scope), "foreign", 403)(scope, receive, send)


async def _not_found(request: Request, _error: Exception) -> Response:
    return failure_page(request, "notfound", 404)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    kind = {404: "notfound", 405: "notfound", 413: "large"}.get(status, "failed")
    return failure_page(request, kind, status)


async def _too_large(request: Request, _error: Exception) -> Response:
    return failure_page(request, "large", 413)


async def _refused(request: Request, _error: Exception) -> Response:
    return failure_page(request, "notfound", 400)


async def _failed(request: Request, error: Exception) -> Response:
    # Where it broke, but never the message: it may quote an answer.
    log.error("request failed", path=request.url.path, error=type(error).__name__)
    return failure_page(request, "failed", 500)


HANDLERS: Mapping[Any, Any] = {
    NotFound: _not_found,
    BodyTooLarge: _too_large,
    Refused: _refused,
    Unavailable: _failed,
    HTTPException: _http,
    Exception: _failed,
}
