"""Chore: make the editions that are due, figures first, then the PDFs in a child process.

All languages of one snapshot that are due are made together: one child, which loads fonts and styles once.
"""

import base64
from contextlib import aclosing
from datetime import timedelta
from typing import Any, Final

from tortoise.transactions import in_transaction

from surveys.db import is_sqlite
from surveys.digests.build import figures
from surveys.digests.models import Edition, Report
from surveys.digests.ready import is_ready
from surveys.digests.render_languages import render_languages
from surveys.digests.scope import Scope
from surveys.digests.send import release
from surveys.due import NOTHING_TO_DO, claim, failed, holding, now
from surveys.errors import PolyvoxError, Unavailable
from surveys.organisation.models import Organisation, the_organisation
from surveys.settings import settings
from surveys.weeks import Week

# Renewed while an edition is made, however long that takes; what a dead worker held is taken up soon.
LEASE: Final = timedelta(minutes=2)
RENEWED_EVERY: Final = timedelta(seconds=20)
LOOK_AGAIN: Final = timedelta(seconds=3)
MOST_TOGETHER: Final = 24


async def make_due_editions() -> int:
    """Make an edition with its other languages, or put it off while its week is still being understood.

    Returns how many were taken in hand.
    """
    claimed = await claim(Edition, limit=1, lease=LEASE)
    if not claimed:
        return 0
    organisation = await the_organisation()
    ready = await _ready(claimed, organisation)
    if not ready:
        return 0
    ready += await _ready(await _other_languages(ready[0]), organisation)
    try:
        await make(ready, organisation)
    except PolyvoxError as error:
        await _none_made(ready, str(error))
    except Exception as error:  # noqa: BLE001 - kept with the row; its text may quote an answer
        await _none_made(ready, type(error).__name__)
    return len(ready)


async def _other_languages(edition: Edition) -> list[Edition]:
    """What can be made of the same snapshot at the same time; whatever failed or was killed before is made alone."""
    if edition.attempts > 1:
        return []
    same = {"week": edition.week, "scope": edition.scope, "attempts": 0}
    return await claim(Edition, limit=MOST_TOGETHER - 1, lease=LEASE, like=same)


async def _ready(claimed: list[Edition], organisation: Organisation) -> list[Edition]:
    """Those whose week is understood; the others wait, which is no failed attempt."""
    ready = []
    for edition in claimed:
        if await is_ready(Week.parse(edition.week), organisation, edition.requested_at):
            ready.append(edition)
        else:
            await _put_off(edition)
    return ready


async def _none_made(editions: list[Edition], why: str) -> None:
    """The first has failed; the others were only to be made beside it."""
    first, *others = editions
    if first.due_at is not None:
        await failed(first, why)
    for edition in others:
        if edition.due_at is not None:
            await _put_off(edition)


async def _put_off(edition: Edition) -> None:
    edition.due_at, edition.attempts = now() + LOOK_AGAIN, edition.attempts - 1
    await edition.save(update_fields=["due_at", "attempts"])


async def make(editions: list[Edition], organisation: Organisation) -> None:
    """Fill in editions of one week and scope, in several languages, and let their mails go as each is made."""
    waiting = {edition.locale: edition for edition in editions}
    async with holding(Edition, waiting.values(), lease=LEASE, every=RENEWED_EVERY):
        await _reach("counting", editions)
        if await _settle_figures(editions, organisation):
            await _reach("drawing", editions)
            await _draw(waiting, editions[0].figures, organisation)


async def _draw(waiting: dict[str, Edition], snapshot: dict[str, Any], organisation: Organisation) -> None:
    """Make the PDFs of editions by locale; each leaves `waiting` when it is drawn or has failed."""
    drawn = render_languages(snapshot, facts(organisation), list(waiting))
    async with aclosing(drawn):
        async for locale, made in drawn:
            edition = waiting.pop(locale)
            try:
                await _keep(edition, made)
            except PolyvoxError as error:
                await failed(edition, str(error))
            except Exception as error:  # noqa: BLE001 - kept with the row; its text may quote an answer
                await failed(edition, type(error).__name__)


async def _keep(edition: Edition, made: bytes | Unavailable) -> None:
    if isinstance(made, Unavailable):
        raise made
    if (
        await keep(edition, pdf=made, built_at=now(), stage=None, **NOTHING_TO_DO)
        and not edition.is_preliminary
    ):
        await release(edition)


async def keep(row: Edition | Report, **values: Any) -> bool:
    """Keep what was made of a row, unless it was asked for anew since it was taken in hand: somebody was erased.

    Then it is due already, and what was made of it, which may quote them, is thrown away.
    """
    row.update_from_dict(values)
    still = type(row).filter(id=row.id, requested_at=row.requested_at)
    return bool(await still.update(**values))


async def _reach(stage: str, editions: list[Edition]) -> None:
    """Who waits for an edition sees how far it is."""
    for edition in editions:
        edition.stage = stage
        await edition.save(update_fields=["stage"])


async def _settle_figures(editions: list[Edition], organisation: Organisation) -> bool:
    """Give editions the snapshot of their week; a final one is counted once, and all languages tell the same.

    False where they were asked for anew while they were counted. It is kept before the PDFs are made, so that an edition made beside these, or after a crash, finds it.
    """
    edition = editions[0]
    snapshot = await _final_snapshot(edition)
    counted = snapshot or await figures(
        Week.parse(edition.week), organisation, at=now(), scope=Scope.parse(edition.scope)
    )
    async with in_transaction():
        if not is_sqlite():  # there the transaction began as a writer
            await Organisation.filter(id=organisation.id).select_for_update()
        # Another worker may have been quicker.
        agreed = snapshot or await _final_snapshot(edition) or counted
        # Locked in the order of forget_editions (surveys/erasure/erase.py): neither waits for the other for ever.
        in_order = sorted(editions, key=lambda each: each.id)
        kept = [await keep(each, **settled(agreed)) for each in in_order]
    return all(kept)


def settled(figures: dict[str, Any]) -> dict[str, Any]:
    """Figures as a row keeps them; beside final ones no PDF of preliminary ones stays."""
    is_preliminary = figures["status"] == "preliminary"
    kept = {"figures": figures, "is_preliminary": is_preliminary}
    return kept if is_preliminary else {**kept, "pdf": None}


async def _final_snapshot(edition: Edition) -> dict[str, Any] | None:
    final = Edition.filter(
        week=edition.week, scope=edition.scope, is_preliminary=False, figures__isnull=False
    )
    found = await final.order_by("id").only("id", "figures").first()
    return found.figures if found else None


def facts(organisation: Organisation) -> dict[str, Any]:
    """What the pages say about the organisation; figures are followed to the inbox at `address`."""
    return {
        "name": organisation.name,
        "address": settings().base_url,
        "logo": base64.b64encode(organisation.logo).decode("ascii") if organisation.logo else None,
        "title_colour": organisation.title_colour,
        "line_colour": organisation.line_colour,
        "digest_footer": organisation.digest_footer,
    }
