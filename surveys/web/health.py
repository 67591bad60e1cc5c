"""Whether this process can serve: the database answers."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from surveys.db import query


async def healthz(_request: Request) -> Response:
    """200 while the database answers, 503 while it does not."""
    try:
        await query("SELECT 1 AS one")
    except Exception:  # noqa: BLE001 - each database driver has errors of its own
        return PlainTextResponse("The database does not answer.", 503)
    return PlainTextResponse("ok")
