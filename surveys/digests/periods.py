"""Periods that editions are about: an ISO week, a month, a quarter, a run of weeks; always whole weeks in the organisation's zone.

A week belongs to the month, and to the quarter, that its Thursday lies in, as ISO gives each week to the year of its
Thursday. So months have four or five weeks, quarters thirteen (fourteen where the year has 53), no week is in two of them
or in none, and a quarter is its three months.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from surveys.errors import Refused
from surveys.i18n import gettext as _
from surveys.weeks import EARLIEST, Week

Kind = Literal["week", "month", "quarter", "weeks"]
BETWEEN: Final = ".."
# Nobody compares longer ones, and each week costs a little.
MOST_WEEKS: Final = 53
_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_QUARTER: Final = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole weeks from the first to the last, and what they are called: 2026-W40, 2026-10, 2026-Q3, 2026-W40..2026-W44."""

    kind: Kind
    key: str
    first: Week
    last: Week

    def __str__(self) -> str:
        return self.key

    @property
    def span(self) -> int:
        """How many weeks."""
        return (self.last.monday - self.first.monday).days // 7 + 1

    @property
    def weeks(self) -> list[Week]:
        """Its weeks, the first first."""
        return [self.last.previous(ago) for ago in range(self.span - 1, -1, -1)]

    @property
    def months(self) -> list["Period"]:
        """The months of a quarter, as far as it goes; none of anything else."""
        if self.kind != "quarter":
            return []
        year, number = int(self.key[:4]), int(self.key[-1])
        months = [_of_months(year, month, 1) for month in range(3 * number - 2, 3 * number + 1)]
        return [month.until(self.last) for month in months if month.first <= self.last]

    def until(self, last: Week) -> "Period":
        """The same, but no further than a week; its first week at least."""
        return replace(self, last=max(self.first, min(self.last, last)))

    def since(self, first: Week) -> "Period":
        """The same, no further back than a week, where that lies before its end."""
        return replace(self, first=max(self.first, first)) if first <= self.last else self

    def is_over(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether its last week is over."""
        return self.last.is_over(at, zone)

    def has_begun(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether its first week has begun."""
        return self.first <= Week.containing(at, zone)


def period_of(text: str) -> Period:
    """Read a period; raises Refused with a sentence for anything else."""
    try:
        found = _read(text.strip())
    except (ValueError, OverflowError):
        found = None
    # Nobody answered in the years before, and the weeks before those may lie outside the calendar.
    if found is not None and 1 <= found.span <= MOST_WEEKS and found.first.year >= EARLIEST.year:
        return found
    msg = _(
        "%(period)s is no period: write 2026-W40, 2026-10, 2026-Q4 or 2026-W40..2026-W44 (at most 53 weeks)."
    ) % {"period": text[:40]}
    raise Refused(msg)


def _read(text: str) -> Period | None:
    if month := _MONTH.fullmatch(text):
        return _of_months(int(month[1]), int(month[2]), 1)
    if quarter := _QUARTER.fullmatch(text):
        return _of_months(int(quarter[1]), 3 * int(quarter[2]) - 2, 3)
    first, _between, last = text.partition(BETWEEN)
    begins, ends = Week.parse(first), Week.parse(last or first)
    return Period("week" if begins == ends else "weeks", text if begins != ends else first, begins, ends)


def _of_months(year: int, month: int, months: int) -> Period:
    after = date(year + (month + months > 12), (month + months - 1) % 12 + 1, 1)
    key = f"{year:04}-{month:02}" if months == 1 else f"{year:04}-Q{(month + 2) // 3}"
    kind: Kind = "month" if months == 1 else "quarter"
    return Period(kind, key, Week.of(_thursday(date(year, month, 1))), Week.of(_thursday(after)).previous())


def _thursday(day: date) -> date:
    """The first Thursday from a day on."""
    return day + timedelta(days=(3 - day.weekday()) % 7)


def latest(kind: Kind, at: datetime, zone: ZoneInfo) -> Period:
    """The month or quarter that the latest full week belongs to."""
    thursday = Week.last_full(at, zone).monday + timedelta(days=3)
    if kind == "quarter":
        return _of_months(thursday.year, 3 * ((thursday.month - 1) // 3) + 1, 3)
    return _of_months(thursday.year, thursday.month, 1)


def earlier(period: Period) -> Period:
    """The month or quarter before a month or quarter."""
    thursday = period.first.previous().monday + timedelta(days=3)
    month = thursday.month if period.kind == "month" else 3 * ((thursday.month - 1) // 3) + 1
    return _of_months(thursday.year, month, 1 if period.kind == "month" else 3)
