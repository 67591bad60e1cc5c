"""Pages about listening: mentions from a file, feeds that are followed."""

from starlette.requests import Request
from starlette.responses import Response

from surveys.accounts.models import Role
from surveys.accounts.session import requires
from surveys.due import now
from surveys.errors import NotFound
from surveys.i18n import gettext as _
from surveys.i18n import marked
from surveys.mentions.feeds import add_feed, feed_problems
from surveys.mentions.imports import COLUMNS, REQUIRED, import_mentions
from surveys.mentions.models import Feed, Mention
from surveys.names import country_name
from surveys.uploads import Upload, import_page, rejected_file
from surveys.web.forms import typed, typed_fields
from surveys.web.page import app_page, see_other

FIELDS = ("url", "name", "country", "locale")

UPLOAD = Upload(
    title=marked("Import mentions"),
    explanation=marked(
        "What people wrote elsewhere. Near-identical copies are counted with the first of them."
    ),
    address="/mentions/import",
    columns=COLUMNS,
    required=REQUIRED,
    importer=import_mentions,
)


@requires(Role.MANAGER)
async def import_view(request: Request) -> Response:
    """The form and the report."""
    return await import_page(request, UPLOAD)


@requires(Role.MANAGER)
async def rejected_view(request: Request) -> Response:
    """The rejected rows as a file."""
    return await rejected_file(request)


@requires(Role.ADMINISTRATOR)
async def feeds(request: Request) -> Response:
    """The feeds that are followed, and a form to follow another."""
    if request.method != "POST":
        return await _feeds_page(request)
    values = typed_fields(await request.form(), FIELDS)
    problems = await feed_problems(values["url"], values["country"], values["locale"])
    if problems:
        return await _feeds_page(request, values, problems)
    await add_feed(**values)
    return see_other("/settings/feeds")


async def _feeds_page(
    request: Request, values: dict[str, str] | None = None, problems: dict[str, str] | None = None
) -> Response:
    return app_page(
        request,
        "app/settings/feeds.html",
        status=422 if problems else 200,
        feeds=await Feed.all().order_by("name", "id"),
        mentions=await Mention.all().count(),
        values=values or dict.fromkeys(FIELDS, ""),
        errors=problems or {},
        country_name=country_name,
    )


async def access_feed(feed_id: int) -> Feed:
    """A feed, for an administrator.

    Raises NotFound.
    """
    feed = await Feed.get_or_none(id=feed_id)
    if feed is None:
        raise NotFound(_("This feed is not followed."))
    return feed


@requires(Role.ADMINISTRATOR)
async def change_feed(request: Request) -> Response:
    """Pause a feed, poll it again, or follow it no longer; its mentions stay."""
    feed = await access_feed(request.path_params["feed_id"])
    action = typed(await request.form(), "action")
    if action == "remove":
        await feed.delete()
    elif action in {"pause", "poll"}:
        feed.is_paused = action == "pause"
        feed.due_at = None if feed.is_paused else now()
        feed.attempts = 0
        await feed.save(update_fields=["is_paused", "due_at", "attempts"])
    return see_other("/settings/feeds")
