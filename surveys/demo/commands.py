"""Commands about the demo. What they need is imported when they run: `--help` must be quick."""

from typing import TYPE_CHECKING, Annotated

import typer

from surveys.i18n import gettext as _
from surveys.terminal import run, say

if TYPE_CHECKING:
    from surveys.demo.load import Loaded


def load(
    renew: Annotated[
        bool, typer.Option(help="Only bring a demo whose weeks have gone by up to today.")
    ] = False,
) -> None:
    """Load a small demo, marked as such, its dates counted back from today; a second time changes nothing."""
    found = run(_loaded(renew=renew))
    if found is not None:
        say(_sentence(found))


async def _loaded(*, renew: bool) -> "Loaded | None":
    from surveys.demo.load import is_stale, load_demo  # noqa: PLC0415 - see above
    from surveys.demo.remove import remove_demo  # noqa: PLC0415 - see above

    if renew and not await is_stale():
        return None
    if renew:
        await remove_demo()
    return await load_demo()


def _sentence(found: "Loaded") -> str:
    values = {
        "responses": found.responses,
        "comments": found.comments,
        "mentions": found.mentions,
        "week": found.latest_week or "-",
    }
    if found.fresh:
        return (
            _(
                "The demo is loaded: %(responses)s responses, %(comments)s with a comment, and %(mentions)s mentions; "
                "the latest full week is %(week)s."
            )
            % values
        )
    return (
        _(
            "The demo is loaded already, up to week %(week)s: %(responses)s responses and %(mentions)s mentions. "
            "To have it end today, remove it and load it again."
        )
        % values
    )


def remove() -> None:
    """Remove everything that is marked as demo, and the digests made while it was there."""
    from surveys.demo.remove import remove_demo  # noqa: PLC0415 - see above

    gone = run(remove_demo())
    for slug in gone.kept:
        say(_("The survey “%(slug)s” stays: it holds answers that are not demo.") % {"slug": slug})
    say(
        _(
            "Removed: %(responses)s responses, %(mentions)s mentions, %(surveys)s surveys, %(customers)s customers, "
            "%(editions)s digests."
        )
        % {
            "responses": gone.responses,
            "mentions": gone.mentions,
            "surveys": gone.surveys,
            "customers": gone.customers,
            "editions": gone.editions,
        }
    )
