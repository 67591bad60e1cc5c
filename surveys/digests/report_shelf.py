"""The archive of reports: asking for one, finding it again.

As with the weekly editions the figures are kept before the PDF is made: every language of a report tells the same, and the
same snapshot gives the same bytes. A report that is final stays as it was read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from surveys.digests.archive import State, edition_locale, state
from surveys.digests.asked import Asked, asked_of
from surveys.digests.models import Report
from surveys.digests.reports import known
from surveys.due import now
from surveys.errors import NotFound, Refused
from surveys.i18n import DIGEST_LOCALES
from surveys.i18n import gettext as _
from surveys.nudge import nudge
from surveys.organisation.models import Organisation
from surveys.taxonomy import know_themes

SHOWN: Final = 40


@dataclass(frozen=True)
class Shelved:
    """One report of the archive in the languages that it was asked for in."""

    asked: Asked
    editions: Sequence[tuple[str, State]]


def begun(asked: Asked, organisation: Organisation) -> Asked:
    """The report itself, once its period has begun; raises Refused with a sentence for one in the future."""
    if asked.period.has_begun(now(), organisation.zone):
        return asked
    msg = _("The period %(period)s has not begun yet.") % {"period": asked.period.key}
    raise Refused(msg)


async def request_report(asked: Asked, locale: str, organisation: Organisation) -> Report:
    """Have a report made; raises Refused or NotFound for one that cannot be."""
    begun(asked, organisation)
    await know_themes()
    await known(asked)
    first = asked.base.first if asked.base else asked.period.first
    report, _made = await Report.get_or_create(
        key=asked.key,
        locale=edition_locale(locale),
        defaults={"due_at": now(), "first_week": str(first), "last_week": str(asked.period.last)},
    )
    if report.due_at is None and (report.pdf is None or report.is_preliminary):
        report.due_at, report.attempts, report.parked_at, report.last_error = now(), 0, None, None
        await report.save(update_fields=["due_at", "attempts", "parked_at", "last_error"])
    await nudge()
    return report


async def access_report(key: str, locale: str) -> Report:
    """A report for somebody signed in; all of them are everybody's (decision 22); raises NotFound."""
    report = await Report.get_or_none(key=asked_of(key).key, locale=edition_locale(locale))
    if report is None:
        raise NotFound(_("This report has not been made."))
    return report


async def shelved() -> list[Shelved]:
    """The reports that were asked for last, without their files and figures."""
    columns = ("id", "key", "locale", "is_preliminary", "built_at", "due_at", "parked_at")
    found: dict[str, dict[str, State]] = {}
    for report in await Report.all().order_by("-id").only(*columns):
        if report.key in found or len(found) < SHOWN:
            found.setdefault(report.key, {})[report.locale] = state(report)
    return [
        Shelved(asked_of(key), [(code, states[code]) for code in DIGEST_LOCALES if code in states])
        for key, states in found.items()
    ]
