"""Where people write about the organisation: sources with their volumes, feeds with their state."""

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.due import now
from surveys.mentions.models import Feed
from surveys.mentions.volumes import volumes
from surveys.names import channel_name
from surveys.web.page import app_page


@requires(Role.ANALYST)
async def mentions(request: Request) -> Response:
    """All sources and feeds on one page."""
    zone = request.scope["organisation"].zone
    weeks, sources = await volumes(zone, now())
    feeds = await Feed.all().order_by("name", "id")
    total = sum(source.total for source in sources)
    return app_page(
        request,
        "app/mentions.html",
        weeks=weeks,
        sources=sources,
        feeds=feeds,
        total=total,
        zone=zone,
        channel_name=channel_name,
    )
