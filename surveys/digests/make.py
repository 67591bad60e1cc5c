"""Chore: make the editions that are due, figures first, then the PDF in its child process."""

import base64
from datetime import timedelta
from typing import Any, Final

from surveys.digests.build import figures
from surveys.digests.models import Edition
from surveys.digests.ready import is_ready
from surveys.digests.render import render
from surveys.digests.send import release
from surveys.due import claim, done, failed, now
from surveys.errors import PolyvoxError
from surveys.organisation.models import Organisation, the_organisation
from surveys.weeks import Week

LEASE: Final = timedelta(minutes=10)
LOOK_AGAIN: Final = timedelta(seconds=3)


async def make_due_editions() -> int:
    """Make one edition, or put it off while its week is still being understood; returns how many were made."""
    claimed = await claim(Edition, limit=1, lease=LEASE)
    organisation = await the_organisation()
    for edition in claimed:
        if not await is_ready(Week.parse(edition.week), organisation, edition.requested_at):
            await _put_off(edition)
            return 0
        try:
            await make(edition, organisation)
        except PolyvoxError as error:
            await failed(edition, str(error))
        except Exception as error:  # noqa: BLE001 - kept with the row; its text may quote an answer
            await failed(edition, type(error).__name__)
    return len(claimed)


async def _put_off(edition: Edition) -> None:
    """Waiting is no failed attempt."""
    edition.due_at, edition.attempts = now() + LOOK_AGAIN, edition.attempts - 1
    await edition.save(update_fields=["due_at", "attempts"])


async def make(edition: Edition, organisation: Organisation) -> None:
    """Fill in an edition and let its mails go."""
    week = Week.parse(edition.week)
    snapshot = await _snapshot(edition) or await figures(week, organisation, at=now())
    edition.pdf = await render(snapshot, facts(organisation), edition.locale)
    edition.figures, edition.built_at = snapshot, now()
    edition.is_preliminary = snapshot["status"] == "preliminary"
    await edition.save(update_fields=["figures", "pdf", "built_at", "is_preliminary"])
    await done([edition])
    if not edition.is_preliminary:
        await release(edition)


async def _snapshot(edition: Edition) -> dict[str, Any] | None:
    """The figures of the week, if an edition of it is final already: all languages tell the same."""
    final = await Edition.filter(week=edition.week, is_preliminary=False, built_at__isnull=False).first()
    return final.figures if final else None


def facts(organisation: Organisation) -> dict[str, Any]:
    """What the pages say about the organisation."""
    return {
        "name": organisation.name,
        "logo": base64.b64encode(organisation.logo).decode("ascii") if organisation.logo else None,
        "logo_type": organisation.logo_type,
    }
