"""The page where responses come in as a file."""

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.i18n import marked
from surveys.responses.imports import COLUMNS, REQUIRED, import_responses
from surveys.uploads import Upload, import_page, rejected_file

UPLOAD = Upload(
    title=marked("Import responses"),
    explanation=marked(
        "Answers that were collected elsewhere. A survey that does not exist yet is made, closed, from its metric."
    ),
    address="/surveys/import",
    columns=COLUMNS,
    required=REQUIRED,
    importer=import_responses,
)


@requires(Role.MANAGER)
async def import_view(request: Request) -> Response:
    """The form and the report."""
    return await import_page(request, UPLOAD)


@requires(Role.MANAGER)
async def rejected_view(request: Request) -> Response:
    """The rejected rows as a file."""
    return await rejected_file(request)
