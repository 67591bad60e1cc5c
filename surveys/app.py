"""The web application: routes, middleware, error pages, the database for as long as it runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware

from surveys.db import database
from surveys.routes import ROUTES, UPLOADS
from surveys.web import failures
from surveys.web.middleware import BodyLimit, OriginCheck, SecurityHeaders


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    async with database():
        yield


def create_app() -> Starlette:
    """The application that uvicorn serves; opens the database when it starts."""
    return Starlette(
        routes=ROUTES,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(failures.Failures),
            Middleware(OriginCheck, refuse=failures.foreign),
            Middleware(BodyLimit, upload_prefixes=UPLOADS),
        ],
        exception_handlers=failures.HANDLERS,
        lifespan=_lifespan,
    )
