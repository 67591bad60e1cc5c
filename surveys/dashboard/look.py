"""Reads what the dashboard shows: the digest's figures of a week, filtered, as they are kept.

A request reads; it counts nothing and makes nothing while somebody waits, but for a choice that nobody made figures of yet:
these are begun at once, and who asked for them sees how far they are. The worker makes figures anew when their weeks are
counted anew (surveys/dashboard/renew.py); until then those before are shown, said to be older.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from weakref import WeakKeyDictionary

import structlog
from tortoise.connection import get_connection

from surveys.counts.upkeep import standing
from surveys.dashboard import shelf
from surveys.dashboard.choice import Choice
from surveys.dashboard.figuring import make_view
from surveys.dashboard.ground import Ground, Site, Surveys, ground_of, site_of
from surveys.dashboard.models import KeptView
from surveys.dashboard.said import with_words
from surveys.digests.compare import Figures
from surveys.digests.gather import pain_titles
from surveys.digests.tally import first_response_at
from surveys.organisation.models import Organisation
from surveys.taxonomy import know_themes, taxonomy
from surveys.weeks import Week

log = structlog.get_logger()

# Figures that are there within so many seconds are shown at once; whoever waits longer is told how far they are.
PATIENCE: Final = 1.5


@dataclass(frozen=True)
class Seen:
    """What there is to show: figures, or None where a view would tell few people apart or there are none yet."""

    choice: Choice
    figures: Figures | None
    options: Mapping[str, list[str]] = field(default_factory=dict)
    surveys: Mapping[str, str] = field(default_factory=dict)
    first: Week | None = None
    is_counted: bool = True
    is_behind: bool = False
    # When the figures were made, where the weeks were counted anew since.
    older: datetime | None = None
    # Steps done, and of how many, while the figures are being made.
    making: tuple[int, int] | None = None
    zone: tzinfo = UTC
    # Which figures these are: their row, and when they were made.
    made: tuple[int, datetime] | None = None


@dataclass
class _Making:
    """A view that is being made in this process."""

    task: asyncio.Task[bool] | None = None
    done: int = 0
    steps: int = 1


@dataclass
class _Makings:
    """All of them, one after the other: what one reads, the next has in memory."""

    by_choice: dict[tuple[str, str], _Making] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


_makings: WeakKeyDictionary[Any, _Makings] = WeakKeyDictionary()


async def look(choice: Choice, organisation: Organisation, surveys: Surveys, *, at: datetime) -> Seen:
    """The figures of a choice."""
    zone = organisation.zone
    first = await first_response_at(zone)
    counts = await standing()
    if first is None or counts.zone != zone.key:
        return Seen(choice, None, surveys=surveys.names, first=first, is_counted=first is None)
    await know_themes()
    site = await site_of(organisation, surveys, first, at)
    ground = await ground_of(choice.week, site)
    row = await _shown(choice, ground)
    if row is None:
        making = await _made_while_waiting(choice, site)
        row = await _shown(choice, await ground_of(choice.week, site))
        if row is None:
            return Seen(choice, None, {}, surveys.names, first, making=(making.done, making.steps))
    view = await shelf.read(row)
    if view is None:
        # Erased between two reads: look again.
        return await look(choice, organisation, surveys, at=at)
    is_older = row.stamp != ground.stamp
    await shelf.note_look(row, is_older=is_older)
    return Seen(
        choice,
        await _as_now(view.figures),
        view.options,
        surveys.names,
        first,
        is_behind=counts.units or counts.weeks,
        older=row.made_at if is_older else None,
        zone=zone,
        made=(row.id, row.made_at) if row.made_at else None,
    )


async def _shown(choice: Choice, ground: Ground) -> KeptView | None:
    """The row of a choice, where it was made by the rules that hold."""
    row = await shelf.find(choice)
    return row if row is not None and row.rules == ground.rules else None


async def _made_while_waiting(choice: Choice, site: Site) -> _Making:
    """Begin to make a view, unless somebody has; wait a moment for it."""
    makings = _makings.setdefault(get_connection("default"), _Makings())
    key = (str(choice.week), shelf.written(choice.filters))
    making = makings.by_choice.get(key)
    if making is None:
        making = makings.by_choice[key] = _Making()
        making.task = asyncio.create_task(_make(makings, making, choice, site))
        making.task.add_done_callback(lambda task: _ended(task, makings, key))
    assert making.task is not None
    await asyncio.wait({making.task}, timeout=PATIENCE)
    if making.task.done():
        # What went wrong is told to whoever waits.
        making.task.result()
    return making


def _ended(task: asyncio.Task[bool], makings: _Makings, key: tuple[str, str]) -> None:
    makings.by_choice.pop(key, None)
    if not task.cancelled() and (error := task.exception()) is not None:
        # The kind of error only: its text may quote what a respondent wrote.
        log.error("view not made", error=type(error).__name__)


async def _make(makings: _Makings, making: _Making, choice: Choice, site: Site) -> bool:
    def told(done: int, steps: int) -> None:
        making.done, making.steps = done, steps

    row = await shelf.place_for(choice)
    async with makings.lock:
        return await make_view(row, choice, site, told)


async def _as_now(figures: Figures | None) -> Figures | None:
    """What is kept, which nobody changes, with themes and pain points called as they are now, and the words of now."""
    if figures is None:
        return None
    return {
        **figures,
        "theme_names": taxonomy().names,
        "pain_titles": await pain_titles(figures),
        "quotes": await with_words(figures["quotes"]),
    }
