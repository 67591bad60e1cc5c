"""`polyvox recount`. What it needs is imported when it runs: `--help` must be quick."""

from typing import Annotated

import typer

from surveys.terminal import progress_bar, run, say


def recount(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; compare the weekly counts with the answers.")
    ] = False,
) -> None:
    """Count all weeks anew from the answers, week by week; other work goes on meanwhile.

    The counts are kept up to date without this. It can be stopped: the worker counts the weeks that are left.
    """
    if check:
        _check()
        return
    from surveys.counts.upkeep import recount as recounting  # noqa: PLC0415 - see above

    with progress_bar("Weeks") as progress:
        weeks = run(recounting(progress))
    say("1 week was counted." if weeks == 1 else f"{weeks} weeks were counted.")


def _check() -> None:
    from surveys.counts.check import differences  # noqa: PLC0415 - see above
    from surveys.errors import PolyvoxError  # noqa: PLC0415 - see above

    with progress_bar("Weeks") as progress:
        found = run(differences(progress))
    if found:
        where = "; ".join(f"{table}: {', '.join(map(str, weeks))}" for table, weeks in sorted(found.items()))
        msg = f"The weekly counts and the answers disagree ({where}). Please run: polyvox recount"
        raise PolyvoxError(msg)
    say("The weekly counts are what the answers come to.")
