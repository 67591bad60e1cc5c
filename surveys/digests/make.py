"""Chore: make the editions that are due, figures first, then the PDF in its child process."""

import base64
from datetime import timedelta
from typing import Any, Final

from tortoise.transactions import in_transaction

from surveys.db import is_sqlite
from surveys.digests.build import figures
from surveys.digests.models import Edition
from surveys.digests.ready import is_ready
from surveys.digests.render import render
from surveys.digests.scope import Scope
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
    await _reach("counting", edition)
    await _settle_figures(edition, organisation)
    await _reach("drawing", edition)
    edition.pdf = await render(edition.figures, facts(organisation), edition.locale)
    edition.built_at, edition.stage = now(), None
    await edition.save(update_fields=["pdf", "built_at", "stage"])
    await done([edition])
    if not edition.is_preliminary:
        await release(edition)


async def _reach(stage: str, edition: Edition) -> None:
    """Who waits for the edition sees how far it is."""
    edition.stage = stage
    await edition.save(update_fields=["stage"])


async def _settle_figures(edition: Edition, organisation: Organisation) -> None:
    """Give the edition the snapshot of its week; a final one is counted once, and all languages tell the same.

    It is kept before the PDF is made, so that an edition made beside this one, or after a crash, finds it.
    """
    snapshot = await _final_snapshot(edition)
    counted = snapshot or await figures(
        Week.parse(edition.week), organisation, at=now(), scope=Scope.parse(edition.scope)
    )
    async with in_transaction():
        if not is_sqlite():  # there the transaction began as a writer
            await Organisation.filter(id=organisation.id).select_for_update()
        # Another worker may have been quicker.
        edition.figures = snapshot or await _final_snapshot(edition) or counted
        edition.is_preliminary = edition.figures["status"] == "preliminary"
        await edition.save(update_fields=["figures", "is_preliminary"])


async def _final_snapshot(edition: Edition) -> dict[str, Any] | None:
    final = Edition.filter(
        week=edition.week, scope=edition.scope, is_preliminary=False, figures__isnull=False
    )
    found = await final.order_by("id").only("id", "figures").first()
    return found.figures if found else None


def facts(organisation: Organisation) -> dict[str, Any]:
    """What the pages say about the organisation."""
    return {
        "name": organisation.name,
        "logo": base64.b64encode(organisation.logo).decode("ascii") if organisation.logo else None,
        "title_colour": organisation.title_colour,
        "line_colour": organisation.line_colour,
        "digest_footer": organisation.digest_footer,
    }
