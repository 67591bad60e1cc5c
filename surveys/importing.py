"""`polyvox import …`: what the three kinds of file have in common on the command line."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from surveys.terminal import DONE, REFUSED, WITH_REJECTIONS, print_json, progress_bar, run, say

# The rejected rows that a person is shown; --json and --rejects have them all.
SHOWN = 20

File = Annotated[Path, typer.Argument(help="A CSV file in UTF-8: comma, semicolon or tab.")]
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
Rejects = Annotated[
    Path | None, typer.Option(help="Write the rejected rows, with the reason of each, to this CSV file.")
]

Importer = Callable[[bytes, str, Callable[[int, int], None]], Coroutine[Any, Any, Any]]


def read_file(path: Path) -> bytes:
    """The file's bytes.

    Raises Refused when there is no such file.
    """
    from surveys.errors import Refused  # noqa: PLC0415 - keeps the imports of a command together

    try:
        return path.read_bytes()
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise Refused(msg) from None


def check_writable(path: Path | None) -> None:
    """Find out before anything is changed whether a file can be written at the end; leaves no trace.

    Raises Refused when it cannot.
    """
    from surveys.errors import Refused  # noqa: PLC0415 - see read_file()

    if path is None:
        return
    was_there = path.exists()
    try:
        path.open("ab").close()
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}."
        raise Refused(msg) from None
    if not was_there:
        path.unlink()


def write_file(path: Path, text: str) -> None:
    """Write a text file, line ends as given.

    Raises Refused when it cannot be written.
    """
    from surveys.errors import Refused  # noqa: PLC0415 - see read_file()

    try:
        path.write_text(text, "utf-8", newline="")
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}."
        raise Refused(msg) from None


def import_file(path: Path, importer: Importer, *, as_json: bool, rejects: Path | None) -> None:
    """Import one file and say what became of it; the status tells scripts."""
    content = read_file(path)
    check_writable(rejects)
    with progress_bar("Reading") as progress:
        report = run(importer(content, str(path), progress))
    if report.ignored_columns:
        say(f"Ignored columns: {', '.join(report.ignored_columns)}.")
    if as_json:
        print_json(report.as_json())
    else:
        print_report(report)
    if rejects is not None and report.refused is None:
        write_rejects(content, report, rejects)
    raise typer.Exit(status(report))


def status(report: Any) -> int:
    """The status that a command ends with after an import."""
    if report.refused is not None:
        return REFUSED
    return WITH_REJECTIONS if report.rejected else DONE


def print_report(report: Any) -> None:
    """The report for a person."""
    if report.refused is not None:
        say(f"{report.file} was refused: {report.refused}")
        return
    counts = f"{report.accepted} accepted, {report.duplicates} duplicates, {len(report.rejected)} rejected"
    typer.echo(f"{report.file}: {counts}.")
    for rejection in report.rejected[:SHOWN]:
        where = f"row {rejection.row}, line {rejection.line}"
        column = f", {rejection.column}" if rejection.column else ""
        typer.echo(f"  {where}{column}: {rejection.reason}")
    if len(report.rejected) > SHOWN:
        typer.echo(
            f"  and {len(report.rejected) - SHOWN} more (--json lists all, --rejects writes the rows)."
        )


def write_rejects(content: bytes, report: Any, path: Path) -> None:
    """The rejected rows as a file to mend."""
    from surveys.delimited import rejected_rows  # noqa: PLC0415 - only when asked for

    write_file(path, rejected_rows(content, report))
    say(f"The rejected rows are in {path}.")
