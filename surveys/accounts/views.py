"""Signing in and out."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.session import COOKIE, authenticate, begin_session, end_session, prepare, set_cookie
from surveys.i18n import gettext as _
from surveys.i18n import speaking
from surveys.web.forms import typed
from surveys.web.limits import SIGN_INS, too_many
from surveys.web.page import app_page, see_other


async def sign_in(request: Request) -> Response:
    """The form, and what it sends."""
    await prepare(request, None)
    if request.method != "POST":
        return _form(request, next_address=request.query_params.get("next", ""))
    form = await request.form()
    # A password is taken as it was typed: blanks at its ends are part of it.
    email, password = typed(form, "email"), str(form.get("password", ""))
    with speaking(request.scope["app_locale"], "app"):
        slow_down = _("Too many tries. Please wait a few minutes.")
        wrong = _("The e-mail address or the password is not right.")
    next_address = str(form.get("next", ""))
    if await too_many(SIGN_INS, request, email.strip().lower()):
        return _form(request, email, next_address, {"email": slow_down}, status=429)
    user = await authenticate(email, password)
    if user is None:
        return _form(request, email, next_address, {"password": wrong}, status=422)
    answer = see_other(_own_address(next_address))
    set_cookie(request, answer, await begin_session(user))
    return answer


def _form(
    request: Request,
    email: str = "",
    next_address: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    return app_page(
        request, "app/sign_in.html", email=email, next=next_address, errors=errors or {}, status=status
    )


def _own_address(address: str) -> str:
    """Where to go next: an address of ours, never somebody else's site."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if ours else "/dashboard"


async def sign_out(request: Request) -> Response:
    """End this session."""
    token = request.cookies.get(COOKIE)
    if token:
        await end_session(token)
    answer = see_other("/sign-in")
    answer.delete_cookie(COOKIE)
    return answer
