"""Delimited files as people send them: read whole or refused whole, each row known by number and line.

UTF-8 with or without a byte order mark; comma, semicolon or tab. `row` counts data rows from 1, `line` is the
physical line on which the row begins (a quoted cell may hold line breaks). "NA" is text: it is Namibia's code.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from surveys.errors import Refused
from surveys.i18n import gettext as _

DELIMITERS = (",", ";", "\t")
# A cell that is too long for its column is a matter of its row; this only keeps the reader's memory bounded.
LONGEST_CELL = 64 * 1024 * 1024

# How files begin that are no text, whatever they are called.
DISGUISES = {
    b"PK\x03\x04": "zip",
    b"\x1f\x8b": "gzip",
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "XLS",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "RAR",
    b"SQLite format 3": "SQLite",
    b"\x89PNG": "PNG",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
}
REASON_COLUMN = "rejected_because"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Row:
    """One data row: its cells by column, without blanks around them."""

    number: int
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """A cell; a column that the file does not have is empty."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Rejection:
    """Why a row was not taken; `column` is null when it is about the whole row."""

    row: int
    line: int
    column: str | None
    reason: str


@dataclass
class Report:
    """What became of a file."""

    file: str
    accepted: int = 0
    duplicates: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    refused: str | None = None
    ignored_columns: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The documented form (docs/cli.md)."""
        return {
            "file": self.file,
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "rejected": [vars(rejection) for rejection in self.rejected],
            "refused": self.refused,
        }


class RowError(ValueError):
    """A row cannot be taken; names the column and says why in a sentence."""

    def __init__(self, column: str | None, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class Table:
    """A file that is what it claims to be."""

    rows: list[Row]
    broken: list[Rejection]
    ignored_columns: list[str]


def read_table(content: bytes, *, required: Sequence[str], known: Sequence[str]) -> Table:
    """Read a whole file.

    Raises Refused with one sentence when the file is not a delimited text file with the required columns.
    """
    text = _decoded(content)
    lines = _rows(text)
    __, header = next(lines, (0, []))
    columns = [name.strip().lower() for name in header]
    _check_header(columns, required)
    table = Table([], [], [name for name in columns if name and name not in known])
    for number, (line, cells) in enumerate(lines, 1):
        if len(cells) != len(columns):
            reason = _("The row has %(found)s cells, the header has %(expected)s.") % {
                "found": len(cells),
                "expected": len(columns),
            }
            table.broken.append(Rejection(number, line, None, reason))
            continue
        values = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
        table.rows.append(Row(number, line, values))
    return table


def _decoded(content: bytes) -> str:
    for start, kind in DISGUISES.items():
        if content.startswith(start):
            raise Refused(_("This is a %(kind)s file, not a CSV file.") % {"kind": kind})
    if content.startswith(UTF16_MARKS) or b"\x00" in content[:2]:
        raise Refused(_("This file is written in UTF-16. Please save it as UTF-8."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sentence = _("This file is not in UTF-8: line %(line)s cannot be read. Please save it as UTF-8.")
        raise Refused(sentence % {"line": line}) from None
    if not text.strip():
        raise Refused(_("This file is empty."))
    return text


def _delimiter(text: str) -> str:
    """The one that splits the header into most cells; quoted names may hold the others."""
    header = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]

    def cells(delimiter: str) -> int:
        try:
            return len(next(csv.reader([header], delimiter=delimiter, strict=True), []))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the physical line they begin on; blank lines are passed over."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            sentence = _("The file cannot be read from line %(line)s on: a quotation mark is out of place.")
            raise Refused(sentence % {"line": line}) from None
        if cells:
            yield line, cells


def _check_header(columns: list[str], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in columns]
    if missing:
        raise Refused(_("The file lacks these columns: %(columns)s.") % {"columns": ", ".join(missing)})
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise Refused(_("The file has these columns twice: %(columns)s.") % {"columns": ", ".join(twice)})


def rejected_rows(content: bytes, report: Report) -> str:
    """The rejected rows as a CSV to mend: the file's own columns, and why each was rejected.

    Cells are given back as they came, formulas included: they are the sender's own and will be imported again.
    """
    lines = _rows(_decoded(content))
    __, header = next(lines)
    reasons = {rejection.row: rejection.reason for rejection in report.rejected}
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    keep = [place for place, name in enumerate(header) if name.strip().lower() != REASON_COLUMN]
    writer.writerow([*(header[place] for place in keep), REASON_COLUMN])
    for number, (_line, cells) in enumerate(lines, 1):
        if number in reasons:
            padded = cells + [""] * len(header)
            writer.writerow([*(padded[place] for place in keep), *cells[len(header) :], reasons[number]])
    return out.getvalue()
