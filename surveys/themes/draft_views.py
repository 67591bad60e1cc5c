"""Pages on which a theme of one's own is written: a name, examples, what it would find."""

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from sentiment.own_themes import FEWEST, MOST
from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.errors import Refused
from surveys.i18n import DIGEST_LOCALES
from surveys.names import theme_name
from surveys.themes.change import languages_of_names, name_problems, read_names
from surveys.themes.draft import (
    Written,
    access_draft,
    draft_problems,
    keep_draft,
    open_draft,
    read_lines,
    write_draft,
)
from surveys.themes.models import SiteTheme, ThemeExample, ThemeState
from surveys.themes.preview import WEEKS, preview
from surveys.verbatims.access import access_verbatim
from surveys.web.forms import typed
from surveys.web.page import app_page, see_other

# Room for far more than a theme takes: what is too much is said, not cut.
LONGEST_LINES = 900_000


@requires(Role.ADMINISTRATOR)
async def new_theme(request: Request) -> Response:
    """A form for a theme that is not there yet; or for which theme a comment of the inbox is to be an example."""
    if request.method == "POST":
        form = await request.form()
        draft = await _chosen(typed(form, "theme"))
        await write_draft(draft, await _joined(draft, _written(form)))
        return see_other(f"/settings/themes/drafts/{draft.id}")
    asked = request.query_params.get("example", "")
    example = None
    if asked.isascii() and asked.isdigit() and len(asked) < 11:
        example = await access_verbatim(request.scope["user"], int(asked))
    return app_page(
        request,
        "app/themes/new.html",
        example=example,
        choices=await _choices() if example else [],
        locales=languages_of_names(request.scope["app_locale"]),
        fewest=FEWEST,
        most=MOST,
    )


async def _choices() -> list[tuple[str, str]]:
    """Where an example may go: a new theme, one that is being written, an own one."""
    begun = await SiteTheme.filter(state=ThemeState.DRAFT, draft_of_id=None).order_by("id")
    live = [ThemeState.ACTIVE, ThemeState.MERGED, ThemeState.HIDDEN]
    own = await SiteTheme.filter(is_own=True, state__in=live).order_by("code")
    named = [(f"draft-{row.id}", next(iter(row.names.values()), f"#{row.id}")) for row in begun]
    return [*named, *((row.code or "", theme_name(row.code or "")) for row in own)]


async def _chosen(theme: str) -> SiteTheme:
    number = theme.removeprefix("draft-")
    if number != theme and number.isascii() and number.isdigit() and len(number) < 11:
        return await access_draft(int(number))
    return await open_draft(theme or None)


async def _joined(draft: SiteTheme, written: Written) -> Written:
    """What the draft holds already, with what was written added."""
    held = await ThemeExample.filter(theme_id=draft.id).order_by("id")
    return Written(
        {**draft.names, **written.names},
        [*(row.text for row in held if row.verbatim_id is None), *written.lines],
        [*(row.verbatim_id for row in held if row.verbatim_id is not None), *written.picked],
    )


def _written(form: FormData) -> Written:
    names = {locale: typed(form, f"name_{locale}") for locale in DIGEST_LOCALES}
    picked = [str(value) for value in form.getlist("picked")]
    return Written(
        {locale: name for locale, name in names.items() if name},
        read_lines(typed(form, "lines", LONGEST_LINES)),
        [int(value) for value in picked if value.isascii() and value.isdigit() and len(value) < 10],
    )


@requires(Role.ADMINISTRATOR)
async def draft(request: Request) -> Response:
    """A draft with what it would find; the page asks again while its examples are being read."""
    row = await access_draft(request.path_params["draft"])
    if request.method != "POST":
        return await _page(request, row)
    form = await request.form()
    action = typed(form, "action")
    if action == "discard":
        await row.delete()
        return see_other("/settings/themes")
    await write_draft(row, _written(form))
    if action != "keep":
        return await _page(request, row, _name_errors(row))
    problems = await draft_problems(row)
    if problems:
        return await _page(request, row, problems, 422)
    try:
        await keep_draft(row, request.scope["user"])
    except Refused as refusal:
        return await _page(request, row, {"name": str(refusal)}, 422)
    return see_other("/settings/themes")


def _name_errors(row: SiteTheme) -> dict[str, str]:
    """While one is still writing only a name that cannot be is a mistake, not one that is missing."""
    code = row.draft_of.code if row.draft_of else None
    problems = name_problems(code, read_names(row.names))
    return {f"name_{locale}": text for locale, text in problems.items() if locale != "name"}


async def _page(
    request: Request, row: SiteTheme, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    examples = await ThemeExample.filter(theme_id=row.id).order_by("id")
    shown: dict[str, Any] = {
        "draft": row,
        "edits": theme_name(row.draft_of.code or "") if row.draft_of else None,
        "lines": "\n".join(_one_line(each.text) for each in examples if each.verbatim_id is None),
        "picked": [each for each in examples if each.verbatim_id is not None],
        "used": sum(each.is_used for each in examples),
        "unread": sum(not each.is_used for each in examples),
        "preview": await preview(row, request.scope["organisation"].smallest_group),
    }
    return app_page(
        request,
        "app/themes/draft.html",
        block="preview",
        status=status,
        errors=errors or {},
        locales=languages_of_names(request.scope["app_locale"]),
        weeks=WEEKS,
        fewest=FEWEST,
        most=MOST,
        k=request.scope["organisation"].smallest_group,
        **shown,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
