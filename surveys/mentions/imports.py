"""Mentions from a file."""

from collections.abc import Callable

from surveys import cells
from surveys.delimited import Rejection, Report, Row, RowError, read_table
from surveys.errors import Refused
from surveys.i18n import gettext as _
from surveys.mentions.collect import LONGEST_TEXT, Fate, Found, keep

COLUMNS = ("external_id", "source", "author", "published_at", "text", "url", "country", "locale")
REQUIRED = ("external_id", "source", "published_at", "text")


async def import_mentions(
    content: bytes, file: str, progress: Callable[[int, int], None] | None = None
) -> Report:
    """Read, check, mask and store a whole file; everything is written in one transaction."""
    report = Report(file)
    try:
        table = read_table(content, required=REQUIRED, known=COLUMNS)
    except Refused as refusal:
        report.refused = str(refusal)
        return report
    report.ignored_columns = table.ignored_columns
    report.rejected.extend(table.broken)
    taken: list[tuple[Row, Found]] = []
    for row in table.rows:
        try:
            taken.append((row, _found(row)))
        except RowError as error:
            report.rejected.append(Rejection(row.number, row.line, error.column, error.reason))
    fates = await keep([post for _row, post in taken], progress)
    for (row, _post), fate in zip(taken, fates, strict=True):
        if fate is Fate.ACCEPTED:
            report.accepted += 1
        elif fate is Fate.DUPLICATE:
            report.duplicates += 1
        else:
            reason = _("Another row with this external_id says something else; the first stays.")
            report.rejected.append(Rejection(row.number, row.line, "external_id", reason))
    report.rejected.sort(key=lambda rejection: rejection.row)
    return report


def _found(row: Row) -> Found:
    url = cells.optional_text(row, "url", 1000)
    if url and not url.lower().startswith(("http://", "https://")):
        raise RowError("url", _("The address must begin with http:// or https://."))
    return Found(
        source=cells.required_text(row, "source", 80),
        external_id=cells.required_text(row, "external_id", 300),
        published_at=cells.instant(row, "published_at"),
        text=cells.required_text(row, "text", LONGEST_TEXT),
        author=cells.optional_text(row, "author", 200),
        url=url,
        country=cells.country(row),
        locale=cells.locale(row),
    )
