"""ISO 8601 weeks and where they begin and end in a zone; all instants are aware, answers UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Self

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""Nobody answered or wrote before; of an earlier time the zone and the weeks around it may lie outside the calendar."""

_WEEK: Final = re.compile(r"([0-9]{4})-W([0-9]{2})")
# The first year and the last have weeks that begin or end, by the clock of some zone, where there is no date.
_YEARS: Final = range(2, 9999)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One ISO week, such as 2026-W47; ValueError for a week the year does not have.

    `year` is the ISO year: 1 January 2027 lies in 2026-W53.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, 1)

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.number:02}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read exactly the form `2026-W47`; ValueError for anything else."""
        match = _WEEK.fullmatch(text)
        if match is None or int(match[1]) not in _YEARS:
            raise ValueError(f"not a week: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """Give the week of a calendar day."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def containing(cls, instant: datetime, zone: tzinfo) -> Self:
        """Give the week in which an instant falls by the calendar of `zone`."""
        return cls.of(_local_day(instant, zone))

    @classmethod
    def last_full(cls, now: datetime, zone: tzinfo) -> Self:
        """Give the latest week that is over in `zone`."""
        return cls.containing(now, zone).previous()

    @property
    def monday(self) -> date:
        """The first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """The last day."""
        return date.fromisocalendar(self.year, self.number, 7)

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Give start and end (not included) as UTC instants: Monday midnight to the next, local.

        The span is 167 or 169 hours where the clocks change.
        """
        return _midnight(self.monday, zone), _midnight(self.monday + timedelta(days=7), zone)

    def previous(self, n: int = 1) -> Self:
        """Give the week `n` weeks earlier; a negative `n` looks ahead."""
        return type(self).of(self.monday - timedelta(weeks=n))

    def is_over(self, now: datetime, zone: tzinfo) -> bool:
        """Say whether the week has ended in `zone`."""
        return self < type(self).containing(now, zone)


def _local_day(instant: datetime, zone: tzinfo) -> date:
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone belongs to no week")
    return instant.astimezone(zone).date()


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
