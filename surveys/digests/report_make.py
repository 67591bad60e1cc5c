"""Chore: make the reports that are due, figures first, then the PDF in its child process.

As with the weekly editions every language of a report tells the same, and the same snapshot gives the same bytes.
"""

from datetime import timedelta
from typing import Any, Final

from tortoise.transactions import in_transaction

from surveys.db import is_sqlite
from surveys.digests.asked import asked_of
from surveys.digests.make import LEASE, RENEWED_EVERY, facts, keep, settled
from surveys.digests.models import Report
from surveys.digests.ready import is_ready
from surveys.digests.render import render
from surveys.digests.report_weeks import report_weeks
from surveys.digests.reports import report_figures
from surveys.due import NOTHING_TO_DO, claim, failed, holding, now
from surveys.errors import PolyvoxError
from surveys.organisation.models import Organisation, the_organisation
from surveys.weeks import Week

LOOK_AGAIN: Final = timedelta(seconds=3)


async def make_due_reports() -> int:
    """Make one report, or put it off while its weeks are still being understood; returns how many were made."""
    claimed = await claim(Report, limit=1, lease=LEASE)
    if not claimed:
        return 0
    organisation = await the_organisation()
    for report in claimed:
        try:
            if not await _is_ready(report, organisation):
                await _put_off(report)
                return 0
            async with holding(Report, [report], lease=LEASE, every=RENEWED_EVERY):
                await _make(report, organisation)
        except PolyvoxError as error:
            await failed(report, str(error))
        except Exception as error:  # noqa: BLE001 - kept with the row; its text may quote an answer
            await failed(report, type(error).__name__)
    return len(claimed)


async def _is_ready(report: Report, organisation: Organisation) -> bool:
    """Whether all weeks that it reads are understood."""
    last, before = Week.parse(report.last_week), report_weeks(asked_of(report.key), None).before
    return await is_ready(last, organisation, report.requested_at, before=before)


async def _put_off(report: Report) -> None:
    report.due_at, report.attempts = now() + LOOK_AGAIN, report.attempts - 1
    await report.save(update_fields=["due_at", "attempts"])


async def _make(report: Report, organisation: Organisation) -> None:
    kept = await _final_snapshot(report.key)
    counted = kept or await report_figures(asked_of(report.key), organisation, at=now())
    async with in_transaction():
        if not is_sqlite():  # there the transaction began as a writer
            await Organisation.filter(id=organisation.id).select_for_update()
        # Another worker may have been quicker.
        agreed = kept or await _final_snapshot(report.key) or counted
        if not await keep(report, **settled(agreed)):
            return
    made = await render(agreed, facts(organisation), report.locale)
    await keep(report, pdf=made, built_at=now(), **NOTHING_TO_DO)


async def _final_snapshot(key: str) -> dict[str, Any] | None:
    final = Report.filter(key=key, is_preliminary=False, figures__isnull=False)
    found = await final.order_by("id").only("id", "figures").first()
    return found.figures if found else None
