"""What every request passes: security headers, the origin of posts, the size of bodies.

Plain ASGI, because a wrapper that buffers bodies costs more than the pages do.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 256 * 1024
LARGEST_UPLOAD = 64 * 1024 * 1024

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
# As they go over the wire: this runs for every answer.
_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]


class SecurityHeaders:
    """Adds the security headers to every answer that does not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                # A page from memory has them already, in front.
                if not headers or headers[0][0] != _RAW_HEADERS[0][0]:
                    own = {name for name, _ in headers}
                    missing = [pair for pair in _RAW_HEADERS if pair[0] not in own]
                    message = {**message, "headers": [*headers, *missing]}
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def is_foreign(headers: Headers) -> bool:
    """Whether a post comes from another site's page.

    Browsers of today send Sec-Fetch-Site, all send Origin with posts; what sends neither is no browser that could be
    carrying somebody else's cookies.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is None:
        return False
    host = _host(origin)
    return host is None or host != headers.get("host")


def _host(origin: str) -> str | None:
    """Host and port of an origin; none of what is no address ("null", "http://[")."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


class OriginCheck:
    """Refuses posts from other sites; the application decides how to say so (`foreign` in the scope)."""

    def __init__(self, app: ASGIApp, refuse: ASGIApp) -> None:
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if (
            scope["type"] == "http"
            and scope["method"] not in SAFE_METHODS
            and is_foreign(Headers(scope=scope))
        ):
            await self.refuse(scope, receive, send)
            return
        await self.app(scope, receive, send)


class BodyTooLarge(Exception):
    """The request's body is larger than this address takes."""


class BodyLimit:
    """Stops reading a body that is larger than any honest one; uploads are let grow further."""

    def __init__(self, app: ASGIApp, upload_prefixes: tuple[str, ...] = ()) -> None:
        self.app = app
        self.upload_prefixes = upload_prefixes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        limit = LARGEST_UPLOAD if scope["path"].startswith(self.upload_prefixes) else LARGEST_BODY
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise BodyTooLarge
            return message

        await self.app(scope, counted, send)


def client_address(request: Request, trusted_hops: int) -> str:
    """The address a request came from.

    X-Forwarded-For is believed only as far as we have proxies of our own (`TRUSTED_HOPS`): whoever calls can write it.
    A proxy may add a line of its own instead of lengthening the one that came; all of them are one list.
    """
    direct = request.client.host if request.client else "unknown"
    if trusted_hops == 0:
        return direct
    said = ",".join(request.headers.getlist("x-forwarded-for"))
    hops = [hop.strip() for hop in said.split(",") if hop.strip()]
    return hops[-trusted_hops] if len(hops) >= trusted_hops else direct
