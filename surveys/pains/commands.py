"""`polyvox pains`. What it needs is imported when it runs: `--help` must be quick."""

from typing import Annotated

import typer

from surveys.terminal import progress_bar, run, say


def pains(
    week: Annotated[
        str,
        typer.Option(
            help="Words up to the end of this ISO week, such as 2026-W47; the last full one if not said."
        ),
    ] = "",
) -> None:
    """Find the pain points of every theme anew among all words; done again, it changes nothing."""
    with progress_bar("Regrouping") as progress:
        done, total, failed = run(_pains(week, progress))
    say(f"{done} of {total} themes regrouped.")
    if failed:
        say(f"Put aside with an error: {', '.join(failed)}.")
        raise typer.Exit(3)


async def _pains(week: str, progress: object) -> tuple[int, int, list[str]]:
    from surveys.due import now  # noqa: PLC0415 - see above
    from surveys.errors import Refused  # noqa: PLC0415 - see above
    from surveys.organisation.models import the_organisation  # noqa: PLC0415 - see above
    from surveys.pains import regroup  # noqa: PLC0415 - see above
    from surveys.weeks import Week  # noqa: PLC0415 - see above

    zone = (await the_organisation()).zone
    try:
        wanted = Week.parse(week) if week else Week.last_full(now(), zone)
    except ValueError:
        msg = f"{week[:20]!r} is not a week such as 2026-W47."
        raise Refused(msg) from None
    if wanted > Week.containing(now(), zone):
        msg = f"{wanted} has not begun."
        raise Refused(msg)
    await regroup.know_themes()
    total = await regroup.want(wanted, again=True)
    done = 0
    progress(0, total)  # type: ignore[operator]
    while await regroup.one():
        done += 1
        progress(done, total)  # type: ignore[operator]
    left = await regroup.put_off()
    return done - len(left), total, left
