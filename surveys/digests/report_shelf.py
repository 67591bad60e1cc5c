"""The archive of reports: asking for one, finding it again, and the chore that makes those that are due.

As with the weekly editions the figures are kept before the PDF is made: every language of a report tells the same, and the
same snapshot gives the same bytes. A report that is final stays as it was read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from tortoise.transactions import in_transaction

from surveys.db import is_sqlite
from surveys.digests.archive import State, edition_locale, state
from surveys.digests.asked import Asked, asked_of
from surveys.digests.make import facts
from surveys.digests.models import Report
from surveys.digests.ready import is_ready
from surveys.digests.render import render
from surveys.digests.reports import known, report_figures
from surveys.due import claim, done, failed, now
from surveys.errors import NotFound, PolyvoxError, Refused
from surveys.i18n import DIGEST_LOCALES
from surveys.i18n import gettext as _
from surveys.nudge import nudge
from surveys.organisation.models import Organisation, the_organisation
from surveys.taxonomy import know_themes
from surveys.weeks import Week

LEASE: Final = timedelta(minutes=10)
LOOK_AGAIN: Final = timedelta(seconds=3)
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
    """A report for somebody signed in (all analysts may read all of them); raises NotFound."""
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


async def make_due_reports() -> int:
    """Make one report, or put it off while its last week is still being understood; returns how many were made."""
    claimed = await claim(Report, limit=1, lease=LEASE)
    if not claimed:
        return 0
    organisation = await the_organisation()
    for report in claimed:
        if not await is_ready(Week.parse(report.last_week), organisation, report.requested_at):
            report.due_at, report.attempts = now() + LOOK_AGAIN, report.attempts - 1
            await report.save(update_fields=["due_at", "attempts"])
            return 0
        try:
            await _make(report, organisation)
        except PolyvoxError as error:
            await failed(report, str(error))
        except Exception as error:  # noqa: BLE001 - kept with the row; its text may quote an answer
            await failed(report, type(error).__name__)
    return len(claimed)


async def _make(report: Report, organisation: Organisation) -> None:
    kept = await _final_snapshot(report.key)
    counted = kept or await report_figures(asked_of(report.key), organisation, at=now())
    async with in_transaction():
        if not is_sqlite():  # there the transaction began as a writer
            await Organisation.filter(id=organisation.id).select_for_update()
        # Another worker may have been quicker.
        report.figures = kept or await _final_snapshot(report.key) or counted
        report.is_preliminary = report.figures["status"] == "preliminary"
        await report.save(update_fields=["figures", "is_preliminary"])
    report.pdf = await render(report.figures, facts(organisation), report.locale)
    report.built_at = now()
    await report.save(update_fields=["pdf", "built_at"])
    await done([report])


async def _final_snapshot(key: str) -> dict[str, Any] | None:
    final = Report.filter(key=key, is_preliminary=False, figures__isnull=False)
    found = await final.order_by("id").only("id", "figures").first()
    return found.figures if found else None
