"""Customers from a file: the organisation's own records, so a later file brings an earlier one up to date."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tortoise.transactions import in_transaction

from surveys import cells
from surveys.addresses import LONGEST, email_address
from surveys.customers.models import Customer
from surveys.delimited import Rejection, Report, Row, RowError, read_table
from surveys.errors import Refused
from surveys.i18n import gettext as _
from surveys.quoting import name_of

COLUMNS = ("customer_id", "locale", "country", "segment", "email")
REQUIRED = ("customer_id",)
BATCH = 500


@dataclass
class Imported:
    """What became of the file, and which customers it names, in its order."""

    report: Report
    customer_ids: list[str] = field(default_factory=list)


async def import_customers(content: bytes, file: str) -> Imported:
    """Read, check and store a whole file in one transaction.

    Within one file the first of two records with the same id stays; against earlier files the new record counts, for
    the columns that the file has.
    """
    imported = Imported(Report(file))
    try:
        table = read_table(content, required=REQUIRED, known=COLUMNS)
    except Refused as refusal:
        imported.report.refused = str(refusal)
        return imported
    imported.report.ignored_columns = table.ignored_columns
    imported.report.rejected.extend(table.broken)
    drafts = _drafts(table.rows, imported.report)
    async with in_transaction():
        await _store(drafts, imported.report)
    imported.report.rejected.sort(key=lambda rejection: rejection.row)
    imported.customer_ids = list(drafts)
    return imported


Draft = dict[str, str | None]


def _drafts(rows: Iterable[Row], report: Report) -> dict[str, Draft]:
    drafts: dict[str, Draft] = {}
    for row in rows:
        try:
            name, draft = _draft(row, drafts)
        except RowError as error:
            report.rejected.append(Rejection(row.number, row.line, error.column, error.reason))
            continue
        if name in drafts:
            report.duplicates += 1
        drafts[name] = draft
    return drafts


def _draft(row: Row, earlier: Mapping[str, Draft]) -> tuple[str, Draft]:
    """The columns that the file has: one that it lacks must not empty what is known."""
    name = cells.required_text(row, "customer_id", 120)
    read: Draft = {
        "customer_id": name,
        "locale": cells.locale(row),
        "country": cells.country(row),
        "segment": name_of(cells.optional_text(row, "segment", 80)),
        "email": _email(row),
    }
    draft = {column: value for column, value in read.items() if column in row.cells}
    if earlier.get(name, draft) != draft:
        sentence = _("Another row with this customer_id says something else; the first stays.")
        raise RowError("customer_id", sentence)
    return name, draft


def _email(row: Row) -> str | None:
    value = cells.optional_text(row, "email", LONGEST)
    if value is None:
        return None
    address = email_address(value)
    if address is None:
        raise RowError("email", _("This is not an e-mail address."))
    return address


async def _store(drafts: dict[str, Draft], report: Report) -> None:
    known: dict[str, Customer] = {}
    names = list(drafts)
    for start in range(0, len(names), BATCH):
        rows = await Customer.filter(customer_id__in=names[start : start + BATCH])
        known.update({row.customer_id: row for row in rows})
    changed: list[Customer] = []
    for name, draft in drafts.items():
        customer = known.get(name)
        if customer is None:
            continue
        if all(getattr(customer, column) == value for column, value in draft.items()):
            report.duplicates += 1
        else:
            changed.append(customer.update_from_dict(draft))
    fresh = [Customer(**draft) for name, draft in drafts.items() if name not in known]
    await Customer.bulk_create(fresh, batch_size=BATCH)
    if changed:
        await Customer.bulk_update(changed, ["locale", "country", "segment", "email"], batch_size=BATCH)
    report.accepted = len(fresh) + len(changed)
