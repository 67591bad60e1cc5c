"""The inbox: the list with its filters, one verbatim opened beside it, corrections, exports."""

from typing import Any
from zoneinfo import ZoneInfo

from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.i18n import speaking
from surveys.verbatims import columns, export, present
from surveys.verbatims.access import access_correction, access_verbatim
from surveys.verbatims.correct import Said, correct, said, undo
from surveys.verbatims.look import Look, Row, ids_for, look, rows_of, survey_names, waiting
from surveys.verbatims.models import Verbatim
from surveys.verbatims.open import around, opened
from surveys.verbatims.originals import open_original
from surveys.web.page import app_page, is_htmx, see_other

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _zone(request: Request) -> ZoneInfo:
    zone: ZoneInfo = request.scope["organisation"].zone
    return zone


@requires(Role.ANALYST)
async def inbox(request: Request) -> Response:
    """The list that an address describes."""
    answer = await _page(request)
    if is_htmx(request):
        # The form sends every field it has; the address keeps what was chosen.
        answer.headers["HX-Push-Url"] = answer.headers["Content-Location"]
    return answer


@requires(Role.ANALYST)
async def inbox_verbatim(request: Request) -> Response:
    """One verbatim, beside the list that it was opened from."""
    row = await access_verbatim(request.scope["user"], request.path_params["id"])
    return await _page(request, row)


@requires(Role.ANALYST)
async def correct_verbatim(request: Request) -> Response:
    """Keep what a person says of a verbatim."""
    row = await access_verbatim(request.scope["user"], request.path_params["id"])
    form = await request.form()
    with speaking(request.scope["app_locale"], "app"):
        themes = [str(code) for code in form.getlist("theme")]
        word = said(str(form.get("language", "")), str(form.get("sentiment", "")), themes)
    await correct(row.id, word, request.scope["user"], _form_showed(form))
    return see_other(_address(request, row.id))


def _form_showed(form: FormData) -> Said | None:
    """What the form showed when it was opened, if it tells."""
    if "shown_language" not in form:
        return None
    themes = frozenset(str(code) for code in form.getlist("shown_theme"))
    return Said(str(form["shown_language"]), str(form.get("shown_sentiment", "")), themes)


@requires(Role.ANALYST)
async def undo_correction(request: Request) -> Response:
    """Take a correction back."""
    row = await access_verbatim(request.scope["user"], request.path_params["id"])
    correction = await access_correction(request.scope["user"], row, request.path_params["correction"])
    with speaking(request.scope["app_locale"], "app"):
        await undo(correction)
    return see_other(_address(request, row.id))


@requires(Role.ADMINISTRATOR)
async def show_original(request: Request) -> Response:
    """The words as they were written; that they were opened is on record before they are shown."""
    row = await access_verbatim(request.scope["user"], request.path_params["id"])
    original = await open_original(row.id, request.scope["user"])
    return await _page(request, row, original.text)


@requires(Role.ANALYST)
async def inbox_waiting(request: Request) -> Response:
    """How far the analysis is; the page asks every two seconds while there is something to do."""
    pending, total = await waiting()
    return app_page(
        request, "app/inbox_waiting.html", block="waiting", pending=pending, total=total, was_waiting=True
    )


@requires(Role.ANALYST)
async def inbox_csv(request: Request) -> Response:
    """What is filtered, as CSV."""
    batches = await _batches(request)
    headers = {"Content-Disposition": 'attachment; filename="inbox.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(export.as_csv(batches), media_type="text/csv; charset=utf-8", headers=headers)


@requires(Role.ANALYST)
async def inbox_xlsx(request: Request) -> Response:
    """What is filtered, as a workbook."""
    path = await export.as_xlsx(await _batches(request))
    forget = BackgroundTask(path.unlink, missing_ok=True)
    headers = {"Cache-Control": "no-store"}
    return FileResponse(path, media_type=XLSX, filename="inbox.xlsx", headers=headers, background=forget)


async def _batches(request: Request) -> Any:
    zone = _zone(request)
    _asked, ids = await ids_for(request.query_params, zone)
    return export.cells(ids, (await survey_names()).surveys.slugs, zone)


def _address(request: Request, verbatim_id: int) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/inbox/{verbatim_id}{query}"


async def _page(request: Request, row: Verbatim | None = None, original: str | None = None) -> Response:
    """The inbox with or without an opened verbatim; htmx gets the part it asked for."""
    zone = _zone(request)
    seen, rows = await _seen(request, zone, row.id if row else None)
    beside = await around(row) if row else None
    pending, total = await waiting()
    with speaking(request.scope["app_locale"], "app"):
        shown = _shown(seen, rows, zone)
        panel = opened(row, beside, zone, original) if row and beside else None
    only_panel = request.headers.get("HX-Target", "").endswith("#opened")
    page = app_page(
        request,
        "app/inbox.html",
        block="opened" if only_panel else "inbox",
        opened=panel,
        pending=pending,
        total=total,
        was_waiting=False,
        **shown,
    )
    path = f"/inbox/{row.id}" if row else "/inbox"
    page.headers["Content-Location"] = seen.filter.address(path, page=seen.page if seen.page > 1 else None)
    return page


async def _seen(request: Request, zone: ZoneInfo, verbatim_id: int | None) -> tuple[Look, list[Row]]:
    """What the address shows; a row that vanished meanwhile makes us compare all ids once."""
    seen = await look(request.query_params, zone, verbatim_id)
    rows = await rows_of(seen.ids)
    if len(rows) < len(seen.ids):
        await columns.reread(zone)
        seen = await look(request.query_params, zone, verbatim_id)
        rows = await rows_of(seen.ids)
    return seen, rows


def _shown(seen: Look, rows: list[Row], zone: ZoneInfo) -> dict[str, Any]:
    """Everything the templates lay out, named in the current language."""
    return {
        "look": seen,
        "title": present.title(seen),
        "lead": present.lead(seen),
        "facets": present.facets(seen),
        "chips": present.chips(seen),
        "unknown": present.not_known(seen),
        "lines": present.lines(seen, rows, zone),
        "previous": present.without_page(seen.filter, seen.page - 1) if seen.page > 1 else None,
        "following": present.without_page(seen.filter, seen.page + 1) if seen.page < seen.pages else None,
        "query": seen.filter.address("", page=seen.page if seen.page > 1 else None),
    }
