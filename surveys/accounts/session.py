"""Signing in and out, and who may do what: the one place where roles are checked."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache, wraps
from typing import Final
from urllib.parse import quote

import anyio
import anyio.to_thread
from pwdlib import PasswordHash
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response
from tortoise.expressions import Q

from surveys.accounts.models import Role, User, UserSession
from surveys.due import now
from surveys.errors import NotFound
from surveys.i18n import APP_LOCALES, speaking
from surveys.negotiate import accepted, matching
from surveys.organisation.models import the_organisation
from surveys.settings import settings
from surveys.taxonomy import know_themes
from surveys.web.middleware import SAFE_METHODS
from surveys.web.page import is_htmx, see_other

COOKIE = "polyvox_session"
LIFETIME = timedelta(days=14)
RANKS = {Role.ANALYST: 1, Role.MANAGER: 2, Role.ADMINISTRATOR: 3}

# Each takes 64 MiB: whoever signs in while many do waits, so that a flood cannot take the machine's memory.
HASHES_AT_ONCE: Final = 2

View = Callable[[Request], Awaitable[Response]]


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _turns() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(HASHES_AT_ONCE)


async def password_hash(password: str) -> str:
    """An argon2 hash; made in a thread because it takes a third of a second and 64 MiB by design."""
    return await anyio.to_thread.run_sync(_hasher().hash, password, limiter=_turns())


async def authenticate(email: str, password: str) -> User | None:
    """The user with this address and password; takes the same time when there is no such user."""
    user = await User.get_or_none(email=email.strip().lower(), disabled_at=None)
    known = user.password_hash if user else _dummy_hash()
    right = await anyio.to_thread.run_sync(_hasher().verify, password, known, limiter=_turns())
    return user if user and right else None


@cache
def _dummy_hash() -> str:
    return _hasher().hash(secrets.token_urlsafe())


async def begin_session(user: User) -> str:
    """A new session's token, for the cookie."""
    token = secrets.token_urlsafe(32)
    await UserSession.create(user=user, token_hash=_token_hash(token), expires_at=now() + LIFETIME)
    return token


def set_cookie(request: Request, answer: Response, token: str) -> None:
    """Give the browser its session's token; scripts cannot read it, other sites cannot send it."""
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_is_https(request),
    )


def _is_https(request: Request) -> bool:
    """Whether the browser came by HTTPS; behind a proxy only PUBLIC_URL knows."""
    return request.url.scheme == "https" or settings().public_url.startswith("https://")


async def end_session(token: str) -> None:
    """Nobody can use this token any more."""
    await UserSession.filter(token_hash=_token_hash(token)).update(ended_at=now())


async def end_all_sessions(user: User) -> None:
    """After a new password, a new role or a lost device."""
    await UserSession.filter(user=user, ended_at=None).update(ended_at=now())


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def session_user(request: Request) -> User | None:
    """Who is signed in, if anybody."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    session = await UserSession.get_or_none(
        Q(token_hash=_token_hash(token), ended_at=None, expires_at__gt=now(), user__disabled_at=None)
    ).select_related("user")
    return session.user if session else None


def requires(role: Role) -> Callable[[View], View]:
    """Let a view be seen by this role and those above it.

    Others are asked to sign in; who is signed in with too little is told that the page does not exist.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        async def guarded(request: Request) -> Response:
            user = await session_user(request)
            if user is None:
                return _to_sign_in(request)
            await prepare(request, user)
            if RANKS[user.role] < RANKS[role]:
                msg = "This page does not exist."
                raise NotFound(msg)
            with speaking(request.scope["app_locale"], "app"):
                return await view(request)

        guarded.role = role  # type: ignore[attr-defined]
        return guarded

    return decorate


def _to_sign_in(request: Request) -> Response:
    """Leave the page for the sign-in; htmx would put a mere redirect's answer into a part of the page."""
    address = f"/sign-in?next={_asked_for(request)}"
    left = {"HX-Redirect": address, "Cache-Control": "no-store"}
    return Response(headers=left) if is_htmx(request) else see_other(address)


def _asked_for(request: Request) -> str:
    """Where to go after signing in: the page that was asked for, or the one that posted something or asked for a part."""
    is_page = request.method in SAFE_METHODS and not is_htmx(request)
    # What is no address leads nowhere.
    with suppress(ValueError):
        url = request.url if is_page else URL(request.headers.get("referer", ""))
        return quote(f"{url.path}?{url.query}" if url.query else url.path, safe="")
    return ""


async def prepare(request: Request, user: User | None) -> None:
    """What every page of the application knows: who looks, in which language, at whose organisation."""
    request.scope["user"] = user
    request.scope["may"] = may
    request.scope["organisation"] = organisation = await the_organisation()
    await know_themes()
    wanted = [user.locale if user else None, *accepted(request.headers.get("accept-language", ""))]
    codes = (matching(tag, APP_LOCALES) for tag in wanted if tag)
    request.scope["app_locale"] = next(
        (code for code in codes if code),
        organisation.default_locale if organisation.default_locale in APP_LOCALES else "en",
    )


def may(user: User | None, role: str) -> bool:
    """Whether a user has at least this role; for templates."""
    return user is not None and RANKS[user.role] >= RANKS[Role(role)]
