"""Commands about mentions and feeds. What they need is imported when they run: `--help` must be quick."""

from typing import Annotated

import typer

from surveys.importing import File, Json, Rejects, import_file
from surveys.terminal import print_json, run, say

FeedJson = Annotated[bool, typer.Option("--json", help="Print the list as JSON.")]


def import_mentions(file: File, as_json: Json = False, rejects: Rejects = None) -> None:
    """Import mentions; the same file twice changes nothing, near-identical copies collapse into the first.

    Columns: external_id, source, published_at, text (these four are needed), author, url, country, locale.
    """
    from surveys.mentions import imports  # noqa: PLC0415 - see above

    import_file(file, imports.import_mentions, as_json=as_json, rejects=rejects)


def add(
    url: Annotated[str, typer.Argument(help="The address of an RSS or Atom feed.")],
    name: Annotated[str, typer.Option(help="What to call it; the host when not given.")] = "",
    country: Annotated[str, typer.Option(help="The country its posts are counted to, such as LV.")] = "",
    locale: Annotated[str, typer.Option(help="The language it is mostly written in, such as lv.")] = "",
) -> None:
    """Follow a feed; the worker polls it from now on."""
    from surveys.mentions import feeds  # noqa: PLC0415 - see above

    feed = run(feeds.add_feed(url, name=name, country=country or None, locale=locale or None))
    say(f"{feed.name} is followed from now on.")


def list_feeds(as_json: FeedJson = False) -> None:
    """List the feeds that are followed, with the last error of each."""
    from surveys.mentions.models import Feed  # noqa: PLC0415 - see above

    async def work() -> list[Feed]:
        return await Feed.all().order_by("id")

    feeds = run(work())
    if as_json:
        print_json(
            [
                {
                    "url": feed.url,
                    "name": feed.name,
                    "country": feed.country,
                    "locale": feed.locale,
                    "polled_at": feed.polled_at.isoformat() if feed.polled_at else None,
                    "paused": feed.is_paused,
                    "error": feed.last_error,
                }
                for feed in feeds
            ]
        )
        return
    for feed in feeds:
        state = "paused" if feed.is_paused else feed.last_error or "followed"
        typer.echo(f"{feed.url}\t{feed.name}\t{state}")
