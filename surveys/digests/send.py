"""Chores: open the deliveries that are due by their readers' day and hour; hand over those whose edition is made.

A delivery is one row per subscriber and week, so nobody gets two; its Message-ID is always the same, so that even a mail
repeated after a kill between sending and noting it is known for what it is.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from tortoise.transactions import in_transaction

from surveys.accounts.users import disabled_addresses
from surveys.digests import folder, webhook
from surveys.digests.archive import request_edition
from surveys.digests.letter import file_name, letter, page_one, webhook_content
from surveys.digests.models import Channel, Delivery, Edition, Subscription
from surveys.digests.quiet import is_quiet, pausing
from surveys.digests.ready import is_ready
from surveys.digests.schedule import due_week
from surveys.digests.scope import Scope
from surveys.due import NOTHING_TO_DO, claim, done, failed, holding, now
from surveys.errors import PolyvoxError
from surveys.i18n import speaking
from surveys.mail import send
from surveys.organisation.models import Organisation, the_organisation
from surveys.weeks import Week

LEASE: Final = timedelta(minutes=5)
RENEWED_EVERY: Final = timedelta(minutes=1)
BATCH: Final = 5
# Other chores wait for a batch: one server that answers slowly ends it.
BATCH_SECONDS: Final = 30
AFTER_FAILURE: Final = timedelta(hours=1)
# What was handed over is noted as soon as the database lets us.
NOTED_AGAIN_SECONDS: Final = 1.0
# A receiver may be away for more than a day; as Standard Webhooks advises, for mail servers and disks too.
WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400)
)


async def open_deliveries(at: datetime | None = None) -> int:
    """Give every subscriber whose digest is due a delivery, and have its edition made."""
    instant = at or now()
    organisation = await the_organisation()
    waiting = await _without_delivery(instant, organisation)
    opened = 0
    for week, readers in sorted(waiting.items()):
        over = week.bounds(organisation.zone)[1]
        if await is_ready(week, organisation, over, instant):
            opened += await _open(week, readers, organisation)
    await _make_what_is_waited_for(organisation, instant)
    return opened


async def _without_delivery(at: datetime, organisation: Organisation) -> dict[Week, list[Subscription]]:
    """Who is to get the digest of which week and has no delivery of it yet."""
    disabled = await disabled_addresses()
    listed = await Subscription.filter(ended_at=None).order_by("id")
    readers = [reader for reader in listed if reader.address not in disabled]
    wanted = [(due_week(reader, organisation, at), reader) for reader in readers]
    weeks = {str(week) for week, _reader in wanted if week}
    served = {(row.week, row.subscription_id) for row in await Delivery.filter(week__in=list(weeks))}
    waiting: dict[Week, list[Subscription]] = {}
    quiet: dict[tuple[Week, str], bool] = {}
    for week, reader in wanted:
        if week is None or (str(week), reader.id) in served:
            continue
        if reader.paused_at is not None:
            key = (week, reader.scope)
            if key not in quiet:
                quiet[key] = await is_quiet(week, Scope.parse(reader.scope), organisation)
            if quiet[key]:
                continue
        waiting.setdefault(week, []).append(reader)
    return waiting


async def _open(week: Week, readers: Sequence[Subscription], organisation: Organisation) -> int:
    last = await pausing(readers, week, organisation)
    async with in_transaction():
        rows = [
            Delivery(subscription_id=reader.id, week=str(week), is_pausing=reader.id in last)
            for reader in readers
        ]
        await Delivery.bulk_create(rows, ignore_conflicts=True)
        again = [reader.id for reader in readers if reader.paused_at and reader.id not in last]
        await Subscription.filter(id__in=again).update(paused_at=None)
        await Subscription.filter(id__in=list(last), paused_at=None).update(paused_at=now())
    return len(readers)


async def _make_what_is_waited_for(organisation: Organisation, at: datetime) -> None:
    """Have the editions made that deliveries wait for: of this run, or of one that was killed before it came to that.

    What could not be made is tried again each hour, until its week and the next are over: a machine may be short of memory.
    """
    eldest = Week.last_full(at, organisation.zone).previous()
    waiting = await Delivery.filter(
        sent_at=None, due_at=None, parked_at=None, subscription__ended_at=None
    ).values_list("week", "subscription__locale", "subscription__scope")
    for week, locale, scope in sorted(
        {(str(week), str(locale), str(scope)) for week, locale, scope in waiting}
    ):
        made = await Edition.get_or_none(week=week, locale=locale, scope=scope).only(
            "id", "week", "parked_at", "due_at"
        )
        if made is not None and (made.due_at or not _may_be_tried(made, eldest, at)):
            continue
        edition = await request_edition(Week.parse(week), locale, organisation, scope)
        if edition.due_at is None and edition.pdf is not None:
            await release(edition)


def _may_be_tried(edition: Edition, eldest: Week, at: datetime) -> bool:
    if edition.parked_at is None:
        return True
    return edition.parked_at <= at - AFTER_FAILURE and Week.parse(edition.week) >= eldest


async def release(edition: Edition) -> None:
    """What waits for an edition is due."""
    waiting = await Delivery.filter(
        week=edition.week,
        sent_at=None,
        due_at=None,
        parked_at=None,
        subscription__locale=edition.locale,
        subscription__scope=edition.scope,
        subscription__ended_at=None,
    ).values_list("id", flat=True)
    if waiting:
        await Delivery.filter(id__in=list(waiting)).update(due_at=now())


async def send_due_digests() -> int:
    """Hand over some of the deliveries that are due; returns how many were taken."""
    began, taken = monotonic(), 0
    while taken < BATCH and monotonic() - began < BATCH_SECONDS:
        claimed = await claim(Delivery, limit=1, lease=LEASE)
        if not claimed:
            break
        organisation = await the_organisation()
        # A mail server may take longer over one mail than a lease.
        async with holding(Delivery, claimed, lease=LEASE, every=RENEWED_EVERY):
            await _try(claimed[0], organisation)
        taken += 1
    return taken


async def _try(delivery: Delivery, organisation: Organisation) -> None:
    try:
        await _deliver(delivery, organisation)
    except PolyvoxError as error:
        await failed(delivery, str(error), waits=WAITS)
    except Exception as error:  # noqa: BLE001 - kept with the row; its text may hold an address
        await failed(delivery, type(error).__name__, waits=WAITS)


async def _deliver(delivery: Delivery, organisation: Organisation) -> None:
    reader = await Subscription.get(id=delivery.subscription_id)
    gone = reader.ended_at is not None or reader.address in await disabled_addresses()
    if not gone and not await Delivery.exists(id=delivery.id, sent_at__isnull=False):
        edition = await Edition.get_or_none(week=delivery.week, locale=reader.locale, scope=reader.scope)
        if edition is None or edition.is_preliminary or edition.pdf is None or edition.figures is None:
            await _wait_for_edition(delivery)
            return
        try:
            await _hand_over(reader, edition, delivery, organisation)
        except webhook.Gone:
            await Subscription.filter(id=reader.id).update(ended_at=now())
        else:
            await _note_sent(delivery)
            return
    await done([delivery])


async def _note_sent(delivery: Delivery) -> None:
    """Note what was handed over, however long the database is busy: what is not noted is sent again."""
    sent_at = now()
    while True:
        try:
            await Delivery.filter(id=delivery.id).update(**NOTHING_TO_DO, sent_at=sent_at)
        except Exception:  # noqa: BLE001 - a driver may say that it is busy in words of its own
            await asyncio.sleep(NOTED_AGAIN_SECONDS)
        else:
            return


async def _wait_for_edition(delivery: Delivery) -> None:
    """Wait again until the final edition is made: the reader chose another language, or somebody was erased from it."""
    delivery.due_at, delivery.attempts = None, delivery.attempts - 1
    await delivery.save(update_fields=["due_at", "attempts"])


async def _hand_over(
    reader: Subscription, edition: Edition, delivery: Delivery, organisation: Organisation
) -> None:
    mail = letter(reader, edition, organisation, delivery=delivery)
    page = page_one(mail)
    with speaking("en", "app"):
        if reader.channel == Channel.MAIL:
            await send(mail)
            return
        if reader.channel == Channel.WEBHOOK:
            await webhook.post(reader, delivery, webhook_content(edition, page, delivery=delivery))
            return
        figures = json.dumps(
            {**edition.figures, "locale": edition.locale}, ensure_ascii=False, sort_keys=True
        )
        await folder.write(
            reader.address,
            {
                file_name(edition, "html"): page.html.encode(),
                file_name(edition, "txt"): page.text.encode(),
                file_name(edition, "json"): figures.encode(),
                file_name(edition, "pdf"): edition.pdf or b"",
            },
        )
