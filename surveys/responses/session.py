"""Which browser answers: a random token in a cookie, or in the address where cookies are off. Rows hold its hash.

Every first page carries a fresh token (`once`), so that pressing a button twice is one answer even before a cookie is set.
"""

import hashlib
import re
import secrets
from datetime import timedelta
from functools import lru_cache
from typing import Final

from itsdangerous import BadSignature, TimestampSigner
from starlette.requests import Request
from starlette.responses import Response as Answer

from surveys.settings import settings

COOKIE: Final = "polyvox_respondent"
LOCALE_COOKIE: Final = "polyvox_locale"
# An answer may be changed for this long; nobody is recognised for longer.
CHANGE_WINDOW: Final = timedelta(hours=24)
LOCALE_KEPT: Final = timedelta(days=30)

TOKEN_LENGTH: Final = 24
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{24}")


def new_token() -> str:
    """A token nobody can guess."""
    return secrets.token_urlsafe(18)


def is_token(text: str | None) -> bool:
    """Whether this looks like one of our tokens."""
    return text is not None and _TOKEN.fullmatch(text) is not None


def token_hash(token: str) -> str:
    """What rows hold of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@lru_cache(maxsize=1)
def _signer(key: str) -> TimestampSigner:
    return TimestampSigner(key, salt="polyvox.answer", digest_method=hashlib.sha256)


def answer_token(token: str, survey_id: int) -> str:
    """The session token as it goes through addresses where cookies are off: signed, for one survey, for a day."""
    return _signer(settings().signing_key).sign(f"{survey_id}~{token}").decode()


def session_of(answer: str | None, survey_id: int) -> str | None:
    """The session token inside an answer token for this survey; None when forged, stale or for another survey."""
    if not answer or len(answer) > 200:
        return None
    try:
        content = _signer(settings().signing_key).unsign(answer, max_age=int(CHANGE_WINDOW.total_seconds()))
    except BadSignature:
        return None
    number, _, token = content.decode("ascii", "replace").partition("~")
    return token if number == str(survey_id) and is_token(token) else None


def cookie_token(request: Request) -> str | None:
    """The session token of the cookie, when there is a sound one."""
    token = request.cookies.get(COOKIE)
    return token if is_token(token) else None


def is_secure(request: Request) -> bool:
    """Whether the reader came by https, to us or to the proxy before us."""
    return request.scope["scheme"] == "https" or settings().base_url.startswith("https:")


def remember(answer: Answer, request: Request, token: str) -> None:
    """Set the session cookie."""
    _set_cookie(answer, request, f"{COOKIE}={token}", CHANGE_WINDOW)


def remember_locale(answer: Answer, request: Request, locale: str) -> None:
    """Keep the language that somebody chose with the switcher."""
    _set_cookie(answer, request, f"{LOCALE_COOKIE}={locale}", LOCALE_KEPT)


def _set_cookie(answer: Answer, request: Request, pair: str, kept: timedelta) -> None:
    """Neither value needs quoting, so the header is written as it is: set_cookie() costs more than the whole page."""
    secure = "; Secure" if is_secure(request) else ""
    age = int(kept.total_seconds())
    answer.headers.append("set-cookie", f"{pair}; HttpOnly; Max-Age={age}; Path=/; SameSite=lax{secure}")
