"""`polyvox theme …`. What these need is imported when they run: `--help` must be quick."""

from pathlib import Path
from typing import Annotated, Any

import typer

from surveys.importing import read_file
from surveys.terminal import print_json, run, say

Code = Annotated[
    str, typer.Argument(help="The theme's code, such as delivery; `polyvox theme list` shows them.")
]
Locale = Annotated[
    str, typer.Option(help="The language of the name: en, lv, lt, ro, de, fr, es, pl, uk, ar, ja or zh-Hans.")
]


def list_themes(
    locale: Annotated[
        str,
        typer.Option(
            help="The language of the names: en, lv, lt, ro, de, fr, es, pl, uk, ar, ja or zh-Hans."
        ),
    ] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the themes as the site has them, with the comments of the last four weeks."""
    from surveys.i18n import speaking  # noqa: PLC0415 - see above
    from surveys.taxonomy import know_themes  # noqa: PLC0415 - see above
    from surveys.themes.listing import Listed, listed  # noqa: PLC0415 - see above

    async def work() -> list[Listed]:
        await know_themes()
        with speaking(_locale(locale), "digest"):
            return await listed()

    found = run(work())
    if as_json:
        columns = ("code", "name", "state", "into", "is_own", "count", "examples")
        print_json([{name: getattr(theme, name) for name in columns} for theme in found])
        return
    for theme in found:
        count = "-" if theme.count is None else str(theme.count)
        state = f"{theme.state} into {theme.into}" if theme.into else theme.state
        typer.echo(f"{theme.code}\t{theme.name}\t{count}\t{state}")


def rename(
    code: Code,
    name: Annotated[str, typer.Argument(help="The new name; an empty one brings the built-in name back.")],
    locale: Locale = "en",
) -> None:
    """Rename a theme in one language; it stays the same theme."""
    from surveys.themes import change  # noqa: PLC0415 - see above

    chosen = _locale(locale)

    async def work() -> None:
        names = dict((await change.theme_row(code)).names)
        await change.rename(code, {**names, chosen: name}, None)

    run(work())
    say(
        f"{code} is called “{name}” in {chosen}."
        if name.strip()
        else f"{code} has its own name again in {chosen}."
    )


def add(
    name: Annotated[str, typer.Argument(help="What to call the theme.")],
    file: Annotated[
        Path, typer.Argument(help="A text file in UTF-8 with 3 to 50 example comments, one a line.")
    ],
    locale: Locale = "en",
) -> None:
    """Add a theme of the site's own; the worker then looks through the stored comments for it."""
    from surveys.errors import Refused  # noqa: PLC0415 - see above
    from surveys.themes import draft  # noqa: PLC0415 - see above

    chosen = _locale(locale)
    try:
        lines = read_file(file).decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError:
        msg = f"{file} is not UTF-8."
        raise Refused(msg) from None

    async def work() -> str:
        row = await draft.open_draft()
        try:
            await draft.write_draft(row, draft.Written({chosen: name}, draft.read_lines(lines)))
            return await draft.keep_draft(row, None)
        except Refused:
            await row.delete()
            raise

    code = run(work())
    typer.echo(code)
    say(f"“{name}” is added. The worker reads its examples and looks through the stored comments.")


def merge(
    code: Code, into: Annotated[str, typer.Argument(help="The code of the theme that it is counted as.")]
) -> None:
    """Count a theme as another, for the past as well; `theme undo` brings both back."""
    from surveys.themes import change  # noqa: PLC0415 - see above

    run(change.merge(code, into, None))
    say(f"{code} is counted as {into}.")


def undo() -> None:
    """Take back the latest change of the themes."""
    from surveys.themes import history  # noqa: PLC0415 - see above

    changed: Any = run(history.undo_latest(None))
    say(f"Taken back: {changed.action.value}.")


def _locale(code: str) -> str:
    """A language of the application; raises Refused for another."""
    from surveys.errors import Refused  # noqa: PLC0415 - see above
    from surveys.i18n import DIGEST_LOCALES  # noqa: PLC0415 - see above

    if code not in DIGEST_LOCALES:
        msg = f"“{code[:20]}” is not one of {', '.join(DIGEST_LOCALES)}."
        raise Refused(msg)
    return code
