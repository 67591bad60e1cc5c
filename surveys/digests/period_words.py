"""What a period is called in the current language: October 2026, Q3 2026, 2026-W40, 2026-W40 – 2026-W44 or 2026-W40～2026-W44."""

from datetime import timedelta

from babel import dates

from surveys.digests.periods import Period, period_of
from surveys.i18n import current, with_sign

# The short form of some languages is a date's (2026/Q4), which nobody says.
WHOLE_QUARTERS = frozenset({"ja"})


def period_name(period: Period | str) -> str:
    """A month or a quarter by its name, standing alone; weeks by their ISO numbers, left to right in every script."""
    language = current()
    found = period if isinstance(period, Period) else period_of(period)
    if found.kind == "week":
        return with_sign(found.key)
    if found.kind == "weeks":
        return with_sign(language.locale.interval_formats[None].format(found.first, found.last))
    quarter = "yQQQQ" if language.code in WHOLE_QUARTERS else "yQQQ"
    # A month's first week may begin in the month before; its Thursday does not.
    day = found.first.monday + timedelta(days=3)
    pattern = "yMMMM" if found.kind == "month" else quarter
    return dates.format_skeleton(pattern, day, locale=language.locale)
