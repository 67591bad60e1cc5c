"""Import pages: one form, one report, the rejected rows as a file; for each kind of file that comes in.

A report answers the post itself, without a redirect: it tells of words that are not masked yet, so nothing of it is kept
on our side to be shown later; and sending the same file again changes nothing.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from surveys.delimited import Report, rejected_rows
from surveys.i18n import gettext as _
from surveys.web.forms import typed, uploaded
from surveys.web.page import app_page

Importer = Callable[[bytes, str], Awaitable[Report]]
# How many rejected rows the page lists; the file has them all.
SHOWN = 200


@dataclass(frozen=True)
class Upload:
    """A kind of file: its sentences (marked for translation), where its page is, its columns."""

    title: str
    explanation: str
    address: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    importer: Importer


async def import_page(request: Request, upload: Upload) -> Response:
    """The form, and the report on a file that was sent."""
    if request.method != "POST":
        return _page(request, upload)
    async with request.form(max_files=1, max_fields=5) as form:
        file = await uploaded(form, "file")
    if file is None:
        return _page(request, upload, errors={"file": _("Please choose a file.")}, status=422)
    name, content = file
    report = await upload.importer(content, name)
    if report.refused is not None:
        return _page(request, upload, errors={"file": report.refused}, status=422)
    rows = rejected_rows(content, report) if report.rejected else ""
    return _page(request, upload, report=report, rows=rows)


def _page(
    request: Request,
    upload: Upload,
    *,
    errors: dict[str, str] | None = None,
    report: Report | None = None,
    rows: str = "",
    status: int = 200,
) -> Response:
    return app_page(
        request,
        "app/import.html",
        status=status,
        upload=upload,
        errors=errors or {},
        report=report,
        rows=rows,
        shown=SHOWN,
    )


async def rejected_file(request: Request) -> Response:
    """The rejected rows that the report page carries, sent back as a file; they were never kept here."""
    async with request.form(max_files=0, max_fields=5, max_part_size=64 * 1024 * 1024) as form:
        rows = form.get("rows", "")
        name = typed(form, "name").rpartition(".")[0] or "rows"
    plain = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in name)[:80]
    return Response(
        str(rows).encode(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{plain}-rejected.csv"',
            "Cache-Control": "no-store",
        },
    )
