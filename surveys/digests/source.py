"""Where an edition's figures are counted: in the weekly tables, or, for weeks of another zone, in the rows themselves."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from surveys.counts.upkeep import catch_up
from surveys.digests import counted, tally, themes
from surveys.digests.scope import Within
from surveys.digests.tally import Cell, Window
from surveys.digests.weekly import (
    WeeklyAnswer,
    WeeklyComplaint,
    counted_answers,
    counted_complaints,
    raw_answers,
    raw_complaints,
)
from surveys.organisation.models import the_organisation
from surveys.tallies import BandCounts


class CellsOf(Protocol):
    """Responses of a window by place, or by language as well."""

    def __call__(self, window: Window, *, by_language: bool = False) -> Awaitable[list[Cell]]:
        """Count them."""


@dataclass(frozen=True)
class Source:
    """Everything that is counted for an edition."""

    cells: CellsOf
    nps_by_theme: Callable[[Window], Awaitable[dict[str, BandCounts]]]
    quality: Callable[[Window], Awaitable[dict[str, int]]]
    languages: Callable[[Window], Awaitable[Counter[str]]]
    weekly_answers: Callable[[Window], Awaitable[list[WeeklyAnswer]]]
    weekly_complaints: Callable[[Window], Awaitable[list[WeeklyComplaint]]]


RAW: Final = Source(
    tally.cells,
    themes.nps_by_theme,
    themes.quality,
    themes.languages,
    raw_answers,
    raw_complaints,
)
COUNTED: Final = Source(
    counted.cells,
    counted.nps_by_theme,
    counted.quality,
    counted.languages,
    counted_answers,
    counted_complaints,
)


def scoped(source: Source, within: Within) -> Source:
    """The same, of some regions, surveys or segments only; words are read from their own rows, those of one week."""

    async def answers(window: Window) -> list[WeeklyAnswer]:
        return [row for row in await source.weekly_answers(window) if within.holds(row)]

    async def complaints(window: Window) -> list[WeeklyComplaint]:
        return [row for row in await source.weekly_complaints(window) if within.holds(row)]

    return replace(
        source,
        nps_by_theme=partial(themes.nps_by_theme, within=within),
        quality=partial(themes.quality, within=within),
        languages=partial(themes.languages, within=within),
        weekly_answers=answers,
        weekly_complaints=complaints,
    )


async def source_of(zone: ZoneInfo) -> Source:
    """The weekly tables, brought up to date, where they tell weeks apart in this zone."""
    if (await the_organisation()).zone.key != zone.key:
        return RAW
    return COUNTED if (await catch_up()).key == zone.key else RAW
