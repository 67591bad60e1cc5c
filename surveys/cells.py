"""Cells of an imported row, read strictly: a value, or a RowError that names the column."""

import re
from datetime import UTC, datetime, timedelta

from babel import Locale, UnknownLocaleError

from surveys.delimited import Row, RowError
from surveys.due import now
from surveys.i18n import gettext as _
from surveys.negotiate import matching
from surveys.places import is_country
from surveys.weeks import EARLIEST

FURTHEST_AHEAD = timedelta(hours=24)


def required_text(row: Row, column: str, longest: int) -> str:
    """A cell that must not be empty."""
    value = optional_text(row, column, longest)
    if value is None:
        raise RowError(column, _("The cell is empty."))
    return value


def optional_text(row: Row, column: str, longest: int) -> str | None:
    """A cell, or None when it is empty. NUL characters are dropped: no database keeps them."""
    value = row.text(column).replace("\x00", "")
    if len(value) > longest:
        sentence = _("The cell has %(found)s characters; at most %(limit)s fit.")
        raise RowError(column, sentence % {"found": len(value), "limit": longest})
    return value or None


def country(row: Row, column: str = "country") -> str | None:
    """An ISO 3166-1 code of two letters, in capitals."""
    value = row.text(column).upper()
    if not value:
        return None
    if not is_country(value):
        raise RowError(
            column, _("“%(value)s” is not a country code of two letters such as LV.") % {"value": value[:20]}
        )
    return value


def locale(row: Row, column: str = "locale") -> str | None:
    """A language tag: one that we serve, else any that CLDR knows, as its language."""
    value = row.text(column)
    # Who writes `und` does not know; CLDR would take it for English, the likeliest.
    if not value or re.split("[-_]", value.lower())[0] == "und":
        return None
    served = matching(value)
    if served is not None:
        return served
    try:
        return Locale.parse(value.replace("-", "_")).language
    except (ValueError, UnknownLocaleError):
        raise RowError(
            column, _("“%(value)s” is not a language tag such as lv or pt-BR.") % {"value": value[:20]}
        ) from None


def instant(row: Row, column: str) -> datetime:
    """A point in time with its zone, since EARLIEST and at most a day ahead (clocks differ, the future does not answer)."""
    value = required_text(row, column, 40)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        sentence = _("“%(value)s” is not a time such as 2026-11-22T14:05:00+02:00.")
        raise RowError(column, sentence % {"value": value}) from None
    if moment.tzinfo is None:
        raise RowError(column, _("The time has no zone. Please add one, such as Z or +02:00."))
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise RowError(column, _("The time is out of range.")) from None
    if moment < EARLIEST:
        raise RowError(column, _("The time is out of range."))
    if moment > now() + FURTHEST_AHEAD:
        raise RowError(column, _("The time is more than 24 hours ahead."))
    return moment


def whole_number(row: Row, column: str, allowed: range) -> int:
    """A whole number within a scale."""
    value = required_text(row, column, 40)
    number = int(value) if value.isascii() and value.isdigit() else None
    if number is None or number not in allowed:
        sentence = _("“%(value)s” is not a whole number from %(low)s to %(high)s.")
        raise RowError(column, sentence % {"value": value, "low": allowed[0], "high": allowed[-1]})
    return number
