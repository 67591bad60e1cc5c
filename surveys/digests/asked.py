"""What an edition is asked for: a period, and perhaps another to compare it with, one survey, one theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from zoneinfo import ZoneInfo

from surveys.digests.periods import Period, latest, period_of
from surveys.due import now
from surveys.errors import Refused
from surveys.i18n import gettext as _

Kind = Literal["week", "month", "quarter", "weeks", "comparison", "survey", "theme"]
MARK: Final = "~"


@dataclass(frozen=True, slots=True)
class Asked:
    """One report; `key` names it in the archive and in its address."""

    period: Period
    base: Period | None = None
    survey: str | None = None
    theme: str | None = None

    @property
    def kind(self) -> Kind:
        """What sort of edition it is."""
        if self.theme:
            return "theme"
        if self.survey:
            return "survey"
        return "comparison" if self.base else self.period.kind

    @property
    def key(self) -> str:
        """Such as 2026-10, 2026-W40~2026-W44, 2026-Q3~survey~after-purchase."""
        if self.base:
            return MARK.join((self.base.key, self.period.key))
        if self.theme:
            return MARK.join((self.period.key, "theme", self.theme))
        if self.survey:
            return MARK.join((self.period.key, "survey", self.survey))
        return self.period.key


def comparison(one: str, other: str) -> Asked:
    """Two periods, the earlier one before; raises Refused where they share a week."""
    base, period = sorted((period_of(one), period_of(other)), key=lambda period: period.first)
    if base.last >= period.first:
        msg = _("%(one)s and %(other)s share weeks; two periods that do not can be compared.") % {
            "one": base.key,
            "other": period.key,
        }
        raise Refused(msg)
    return Asked(period, base=base)


def asked_by_options(
    periods: Sequence[str],
    compare: tuple[str, str] | None,
    survey: str | None,
    theme: str | None,
    zone: ZoneInfo,
) -> Asked:
    """What a command's options ask for; one survey or theme is told of over the latest quarter, unless a period is named.

    Raises Refused where they name nothing, or more than one thing.
    """
    alone = [each for each in (survey, theme, compare) if each]
    if len(periods) > 1 or len(alone) > 1 or (compare and periods) or not (periods or alone):
        msg = "Please name one period (--week, --month or --quarter), or --compare two; --survey or --theme may stand beside a period."
        raise Refused(msg)
    if compare:
        return comparison(*compare)
    period = period_of(periods[0]) if periods else latest("quarter", now(), zone)
    return Asked(period, survey=survey, theme=theme)


def asked_of(key: str) -> Asked:
    """The report that a key names; raises Refused for what is none."""
    parts = key.split(MARK)
    if len(parts) == 2:
        return comparison(*parts)
    period = period_of(parts[0])
    if len(parts) == 3 and parts[1] == "survey":
        return Asked(period, survey=parts[2])
    if len(parts) == 3 and parts[1] == "theme":
        return Asked(period, theme=parts[2])
    if len(parts) == 1:
        return Asked(period)
    return Asked(period_of(key))
