"""Commands about understanding. What they need is imported when they run: `--help` must be quick."""

import sys
import time
from typing import Annotated

import typer

from surveys.terminal import progress_bar, run, say

# Rows under another worker's lease come back to us when it ends; until then there is nothing to do but wait.
WAIT_SECONDS = 1.0


def analyse(
    again: Annotated[
        bool, typer.Option("--again", help="Also what another version of the model understood.")
    ] = False,
) -> None:
    """Understand what is waiting, until nothing is left: language, sentiment, themes."""
    with progress_bar("Understanding") as progress:
        done, seconds = run(_analyse(again, progress))
    say(f"{done} verbatims understood in {seconds:.1f} s.")


async def _analyse(again: bool, progress: object) -> tuple[int, float]:
    import asyncio  # noqa: PLC0415 - see above

    from surveys.verbatims import analyse as analysing  # noqa: PLC0415 - see above

    begun = time.monotonic()
    if again:
        await analysing.analyse_again()
    total = left = await analysing.waiting()
    done = 0
    while left:
        taken = await analysing.analyse_due()
        left = await analysing.waiting()
        done += taken
        progress(total - left, total)  # type: ignore[operator]
        if left and not taken:
            await asyncio.sleep(WAIT_SECONDS)
    return done, time.monotonic() - begun


def understand(
    embedding: Annotated[
        bool, typer.Option("--embedding", help="Add the 384 numbers that tell what the text is about.")
    ] = False,
) -> None:
    """Read JSON lines {"text", "locale"?, "country"?} and answer each with a JSON line; needs no database."""
    from sentiment.understand import understand as understanding  # noqa: PLC0415 - loads the model
    from surveys.verbatims.reading import load_analyser  # noqa: PLC0415 - loads the model

    # Bytes, so that a line that is not UTF-8 costs that line only.
    raise typer.Exit(understanding(sys.stdin.buffer, sys.stdout, load_analyser(), embedding=embedding))
