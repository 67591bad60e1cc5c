"""`polyvox recalibrate` and `polyvox export corrections`. What they need is imported when they run."""

import json
from pathlib import Path
from typing import Annotated

import typer

from surveys.terminal import run, say

Corrections = Annotated[
    bool, typer.Option("--corrections", help="What people corrected or confirmed in the inbox.")
]
Forget = Annotated[bool, typer.Option("--forget", help="Go back to the model's own probabilities.")]


def recalibrate(
    file: Annotated[
        Path | None, typer.Argument(help='JSON lines {"text", "lang", "label"}; 300 or more.')
    ] = None,
    corrections: Corrections = False,
    forget: Forget = False,
) -> None:
    """Fit the probabilities of sentiment to your own labelled comments, and keep that where it helps."""
    from surveys.accuracy import recalibrate as recalibrating  # noqa: PLC0415 - see above
    from surveys.calibration import calibration_file  # noqa: PLC0415 - see above
    from surveys.errors import Refused  # noqa: PLC0415 - see above

    if [file is not None, corrections, forget].count(True) != 1:
        msg = "Please name a file of labelled comments, or say --corrections or --forget."
        raise Refused(msg)
    if forget:
        calibration_file().unlink(missing_ok=True)
        say("The model's own probabilities count again.")
        return
    labels = recalibrating.labels_of_file(file) if file else run(recalibrating.labels_of_corrections())
    found = recalibrating.recalibrated(labels)
    typer.echo("\n".join(recalibrating.report(found, labels)))
    recalibrating.keep(found)
    say(
        f"Kept in {calibration_file()}, for {found.model_version}; it counts for what is understood from now on."
    )
    say(
        "What was understood before keeps its probabilities until all is analysed again (Settings, Analysis)."
    )


def export_corrections(
    file: Annotated[Path | None, typer.Argument(help="Where to write; stdout when left out.")] = None,
) -> None:
    """Write what people corrected or confirmed in the inbox as labelled texts: JSON lines, masked."""
    from surveys.accuracy.corrections import judged_rows  # noqa: PLC0415 - see above
    from surveys.errors import Refused  # noqa: PLC0415 - see above

    async def lines() -> list[str]:
        return [json.dumps(row, ensure_ascii=False) async for row in judged_rows()]

    found = run(lines())
    if file is None:
        for line in found:
            typer.echo(line)
    else:
        try:
            file.write_text("".join(f"{line}\n" for line in found), encoding="utf-8")
        except OSError as error:
            msg = f"{file} cannot be written ({error.strerror})."
            raise Refused(msg) from error
    say(f"{len(found)} judged comments.")
