"""Users as their administrator sees them, and each user's own page."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role, User
from surveys.accounts.session import begin_session, requires, set_cookie
from surveys.accounts.users import (
    access_user,
    add_user,
    disable,
    enable,
    new_password,
    password_problems,
    set_own_facts,
    set_password,
    set_role,
    user_problems,
)
from surveys.errors import Refused
from surveys.i18n import APP_LOCALES
from surveys.web.forms import typed, typed_fields
from surveys.web.page import app_page, see_other

NEW = ("email", "name", "role")


@requires(Role.ADMINISTRATOR)
async def users(request: Request) -> Response:
    """Who may sign in, and a form for one more."""
    if request.method != "POST":
        return await _users_page(request)
    values = typed_fields(await request.form(), NEW)
    problems = await user_problems(values["email"], values["role"], values["name"])
    if problems:
        return await _users_page(request, values, problems)
    password = new_password()
    user = await add_user(values["email"], role=values["role"], name=values["name"], password=password)
    # Shown once, in the answer itself: an address or a cookie would keep it.
    return await _users_page(request, handed=(user, password))


async def _users_page(
    request: Request,
    values: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    handed: tuple[User, str] | None = None,
    refused: str | None = None,
) -> Response:
    return app_page(
        request,
        "app/settings/users.html",
        status=422 if problems or refused else 200,
        # Sorted here: databases disagree on whether what is null comes first.
        users=sorted(await User.all().order_by("email"), key=lambda user: user.disabled_at is not None),
        values=values or {**dict.fromkeys(NEW, ""), "role": Role.ANALYST.value},
        errors=problems or {},
        handed=handed,
        refused=refused,
    )


@requires(Role.ADMINISTRATOR)
async def change_user(request: Request) -> Response:
    """Another role, a new password, no more signing in, or again."""
    user = await access_user(request.path_params["user_id"])
    form = await request.form()
    action, role = typed(form, "action"), typed(form, "role")
    try:
        if action == "role" and role in set(Role):
            await set_role(user, Role(role))
        elif action == "disable":
            await disable(user)
        elif action == "enable":
            await enable(user)
        elif action == "password":
            password = new_password()
            await set_password(user, password)
            return await _users_page(request, handed=(user, password))
    except Refused as refusal:
        return await _users_page(request, refused=str(refusal))
    return see_other("/settings/users")


@requires(Role.ANALYST)
async def account(request: Request) -> Response:
    """A user's own name, language and password."""
    user: User = request.scope["user"]
    if request.method != "POST":
        return _account_page(request, {"name": user.name, "locale": user.locale or ""})
    form = await request.form()
    if typed(form, "action") == "password":
        return await _change_password(request, user, form)
    await set_own_facts(user, typed(form, "name"), typed(form, "locale"))
    return see_other("/account?saved=facts")


async def _change_password(request: Request, user: User, form: FormData) -> Response:
    # A password is taken as it was typed: blanks at its ends are part of it.
    current, wanted, again = (str(form.get(name, "")) for name in ("current", "wanted", "again"))
    problems = await password_problems(user, current, wanted, again)
    if problems:
        return _account_page(request, {"name": user.name, "locale": user.locale or ""}, problems)
    await set_password(user, wanted)
    answer = see_other("/account?saved=password")
    set_cookie(request, answer, await begin_session(user))
    return answer


def _account_page(
    request: Request, values: dict[str, str], problems: dict[str, str] | None = None
) -> Response:
    return app_page(
        request,
        "app/account.html",
        status=422 if problems else 200,
        values=values,
        errors=problems or {},
        locales=APP_LOCALES,
        saved=request.query_params.get("saved", ""),
    )
