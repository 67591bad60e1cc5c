"""Pages about customers: the records with a search, and the file they come from."""

from starlette.requests import Request
from starlette.responses import Response
from tortoise.expressions import Q

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.customers.imports import COLUMNS, REQUIRED, import_customers
from surveys.customers.models import Customer
from surveys.delimited import Report
from surveys.i18n import marked
from surveys.names import code_name, country_name
from surveys.uploads import Upload, import_page, rejected_file
from surveys.web.page import app_page

PER_PAGE = 50


async def _import(content: bytes, name: str) -> Report:
    return (await import_customers(content, name)).report


UPLOAD = Upload(
    title=marked("Import customers"),
    explanation=marked("Your own records: a later file brings an earlier one up to date."),
    address="/customers/import",
    columns=COLUMNS,
    required=REQUIRED,
    importer=_import,
)


@requires(Role.MANAGER)
async def customers(request: Request) -> Response:
    """The records, newest first, those that match when something is searched for."""
    wanted = request.query_params.get("q", "").replace("\x00", "").strip()[:120]
    asked = request.query_params.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 7 else 1
    matching = (
        Customer.filter(Q(customer_id__icontains=wanted) | Q(email__icontains=wanted)) if wanted else None
    )
    found = matching if matching is not None else Customer.all()
    total = await found.count()
    page = max(1, min(page, -(-total // PER_PAGE)))
    rows = await found.order_by("-id").offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    return app_page(
        request,
        "app/customers.html",
        block="found",
        customers=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // PER_PAGE)),
        q=wanted,
        country_name=country_name,
        code_name=code_name,
    )


@requires(Role.MANAGER)
async def import_view(request: Request) -> Response:
    """The form and the report."""
    return await import_page(request, UPLOAD)


@requires(Role.MANAGER)
async def rejected_view(request: Request) -> Response:
    """The rejected rows as a file."""
    return await rejected_file(request)
