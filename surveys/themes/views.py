"""The administrator's pages of the themes: all of them, one of them, changes taken back."""

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.errors import Refused
from surveys.i18n import DIGEST_LOCALES
from surveys.names import built_in_name, theme_name
from surveys.themes import change
from surveys.themes.change import languages_of_names
from surveys.themes.draft import open_draft
from surveys.themes.history import history, undo
from surveys.themes.listing import drafts, listed
from surveys.themes.models import SiteTheme, ThemeExample
from surveys.web.forms import typed, typed_fields
from surveys.web.page import app_page, see_other

NAMES = tuple(f"name_{locale}" for locale in DIGEST_LOCALES)


@requires(Role.ADMINISTRATOR)
async def themes(request: Request) -> Response:
    """All themes with their counts, what is being written, and what was changed."""
    return await _list(request)


async def _list(request: Request, refused: str | None = None) -> Response:
    zone = request.scope["organisation"].zone
    found = await listed()
    return app_page(
        request,
        "app/themes/list.html",
        block="themes",
        status=422 if refused else 200,
        themes=found,
        working=any(theme.progress is not None for theme in found),
        own=sum(theme.is_own for theme in found),
        drafts=await drafts(),
        history=await history(zone),
        refused=refused,
    )


@requires(Role.ADMINISTRATOR)
async def theme(request: Request) -> Response:
    """One theme: its names, what it counts as, its examples."""
    row = await change.theme_row(request.path_params["code"])
    if request.method != "POST":
        return await _theme(request, row, dict(row.names))
    form = await request.form()
    action = typed(form, "action")
    if action == "rename":
        names = {name.removeprefix("name_"): value for name, value in typed_fields(form, NAMES).items()}
        return await _rename(request, row, names)
    try:
        address = await _act(row.code or "", action, typed(form, "into"), request)
    except Refused as refusal:
        if action == "merge":
            return await _theme(request, row, dict(row.names), {"into": str(refusal)})
        return await _theme(request, row, dict(row.names), refused=str(refusal))
    return see_other(address)


async def _rename(request: Request, row: SiteTheme, names: dict[str, str]) -> Response:
    try:
        await change.rename(row.code or "", names, request.scope["user"])
    except Refused as refusal:
        problems = change.name_problems(row.code, change.read_names(names))
        errors = {"name" if key == "name" else f"name_{key}": text for key, text in problems.items()}
        return await _theme(request, row, names, errors or {"name": str(refusal)})
    return see_other("/settings/themes")


async def _act(code: str, action: str, into: str, request: Request) -> str:
    """Do what a button says; returns where to look then."""
    user = request.scope["user"]
    if action == "edit":
        return f"/settings/themes/drafts/{(await open_draft(code)).id}"
    if action == "merge":
        await change.merge(code, into, user)
    elif action == "hide":
        await change.hide(code, user)
    elif action == "show":
        await change.show(code, user)
    elif action == "remove":
        await change.remove(code, user)
    return "/settings/themes"


async def _theme(
    request: Request,
    row: SiteTheme,
    names: dict[str, str],
    errors: dict[str, str] | None = None,
    refused: str | None = None,
) -> Response:
    code = row.code or ""
    examples = await ThemeExample.filter(theme_id=row.id, is_used=True).order_by("id") if row.id else []
    return app_page(
        request,
        "app/themes/theme.html",
        status=422 if errors or refused else 200,
        theme=row,
        called=theme_name(code),
        built_in=built_in_name(code),
        names=names,
        locales=languages_of_names(request.scope["app_locale"]),
        into=theme_name(row.merged_into) if row.merged_into else None,
        targets=[(other, theme_name(other)) for other in change.targets(code)],
        examples=examples,
        history=await history(request.scope["organisation"].zone, code),
        errors=errors or {},
        refused=refused,
    )


@requires(Role.ADMINISTRATOR)
async def undo_change(request: Request) -> Response:
    """Take the latest change of a theme back."""
    try:
        await undo(request.path_params["change"], request.scope["user"])
    except Refused as refusal:
        return await _list(request, str(refusal))
    return see_other("/settings/themes")
