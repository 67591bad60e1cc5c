"""Weeks of the weekly tables as columns, kept in this process: a look at figures reads only what changed since the last.

The database stays the truth. Whatever counts a week anew raises that week's epoch in the same transaction
(surveys/counts/folding.py); epochs are read before rows, so what is kept is never newer than it says.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import numpy as np
from tortoise.connection import get_connection

from surveys.counts.folding import epoch_of
from surveys.dashboard import packed
from surveys.db import query
from surveys.digests.counted import naming
from surveys.digests.gather import answer_counts, complaint_counts
from surveys.digests.snapshot import Column, Counts, column
from surveys.digests.tally import NPS_ONLY_FROM, UNKNOWN, Window
from surveys.digests.weekly import WeeklyComplaint, counted_answers, counted_complaints
from surveys.weeks import Week

# More than two windows; a week of a million answers a half-year is about a megabyte.
MOST_WEEKS: Final = 60
# Values that mean the same in each week, whether anybody has them or not.
FIXED: Final = frozenset({"metric", "score"})


@dataclass(frozen=True)
class WeekKept:
    """A week's rows: answers, people who complain, and who gave an NPS score by the themes their words name."""

    stamp: tuple[Any, ...]
    answers: Counts
    complaints: Counts
    named: Counts


@dataclass(frozen=True)
class Columns:
    """The same over a window, this week first."""

    answers: Counts
    complaints: Counts
    named: Counts


@dataclass
class _Memory:
    """Weeks, and windows of them put together; the last two windows are what is looked at by turns."""

    weeks: OrderedDict[str, WeekKept] = field(default_factory=OrderedDict)
    windows: OrderedDict[Any, Columns] = field(default_factory=OrderedDict)


MOST_WINDOWS: Final = 2
# One for each open database: tests open many, a server one.
_kept: WeakKeyDictionary[Any, _Memory] = WeakKeyDictionary()


def forget() -> None:
    """Have nothing in memory, as a process that begins."""
    _kept.clear()


async def epochs(window: Window) -> tuple[int, ...]:
    """How often each week of a window was counted, this week first."""
    weeks = [epoch_of(window.week.previous(ago)) for ago in range(window.before + 1)]
    rows = await query("SELECT id, number FROM epoch WHERE id >= {} AND id <= {}", weeks[-1], weeks[0])
    numbers = {int(row["id"]): int(row["number"]) for row in rows}
    return tuple(numbers.get(week, 0) for week in weeks)


Told = Callable[[int], None]


async def columns(window: Window, stamps: Sequence[int], also: Any, told: Told | None = None) -> Columns:
    """A window's columns, given its epochs and what else their reading hangs on; `told` hears how many weeks were read."""
    memory = _kept.setdefault(get_connection("default"), _Memory())
    key = (str(window.week), tuple(stamps), also)
    found = memory.windows.pop(key, None)
    if found is None:
        weeks = [window.week.previous(ago) for ago in range(len(stamps))]
        read: list[WeekKept] = []
        await _unpack(
            memory.weeks, {str(week): (stamp, also) for week, stamp in zip(weeks, stamps, strict=True)}
        )
        for week, stamp in zip(weeks, stamps, strict=True):
            read.append(await _week(memory.weeks, week, window.zone, (stamp, also)))
            if told:
                told(len(read))
        found = await asyncio.to_thread(_together, read)
    memory.windows[key] = found
    while len(memory.windows) > MOST_WINDOWS:
        memory.windows.popitem(last=False)
    return found


async def _unpack(weeks: OrderedDict[str, WeekKept], stamps: Mapping[str, Any]) -> None:
    """Bring into memory what is not there and is kept in the table."""
    wanted = {
        week: packed.told(stamp)
        for week, stamp in stamps.items()
        if week not in weeks or weeks[week].stamp != stamp
    }
    for week, parts in (await packed.read(wanted)).items() if wanted else ():
        weeks[week] = WeekKept(stamps[week], *parts)


def _together(found: Sequence[WeekKept]) -> Columns:
    answers = joined([week.answers for week in found])
    # Only cultures look back further than tiles do, and they compare NPS alone.
    answers = answers.where((answers.week < NPS_ONLY_FROM) | answers.of("metric", "nps"))
    complaints = joined([week.complaints for week in found[:NPS_ONLY_FROM]])
    return Columns(used(answers), used(complaints), found[0].named)


async def _week(weeks: OrderedDict[str, WeekKept], week: Week, zone: ZoneInfo, stamp: Any) -> WeekKept:
    kept = weeks.get(str(week))
    if kept is None or kept.stamp != stamp:
        alone = Window(week, 0, zone)
        parts = (
            answer_counts(await counted_answers(alone)),
            complaint_counts(await counted_complaints(alone)),
            complaint_counts(await _named(alone)),
        )
        kept = WeekKept(stamp, *parts)
        await packed.keep(str(week), packed.told(stamp), parts)
        weeks[str(week)] = kept
    weeks.move_to_end(str(week))
    while len(weeks) > MOST_WEEKS:
        weeks.popitem(last=False)
    return kept


async def _named(window: Window) -> list[WeeklyComplaint]:
    """Who names a theme beside an NPS score, in any mood (as surveys/digests/counted.py has them)."""
    rows = await naming(
        "code, band, survey_id, wording_version, country, locale, language, touchpoint, segment", window
    )
    return [
        WeeklyComplaint(
            0, row["code"], None, row["band"], row["survey_id"], row["wording_version"], row["country"] or None,
            row["locale"] or None, row["language"] or UNKNOWN, row["touchpoint"] or None, row["segment"] or None,
            int(row["n"]),
        )
        for row in rows
    ]  # fmt: skip


def joined(weeks: Sequence[Counts]) -> Counts:
    """Weeks after one another as one, with values numbered alike."""
    n = np.concatenate([counted.n for counted in weeks])
    ago = np.concatenate([np.full(len(counted.n), place, np.int64) for place, counted in enumerate(weeks)])
    names = weeks[0].columns
    return Counts(ago, n, {name: _one([counted.columns[name] for counted in weeks]) for name in names})


def _one(parts: Sequence[Column]) -> Column:
    values = parts[0].values
    if all(part.values == values for part in parts):
        return Column(np.concatenate([part.codes for part in parts]), values)
    values = tuple(sorted({value for part in parts for value in part.values}))
    place = {value: at for at, value in enumerate(values)}
    moved = [np.array([place[value] for value in part.values], np.int64)[part.codes] for part in parts]
    return Column(np.concatenate(moved), values)


def used(counted: Counts) -> Counts:
    """The same with only the values that a row has, as if it had been read so."""
    shown: dict[str, Column] = {}
    for name, each in counted.columns.items():
        if name in FIXED:
            shown[name] = each
            continue
        # Codes are small numbers: counting them is many times quicker than sorting them.
        has = np.bincount(each.codes, minlength=len(each.values)) > 0
        if has.all():
            shown[name] = each
            continue
        values = tuple(value for value, is_used in zip(each.values, has, strict=True) if is_used)
        shown[name] = Column((np.cumsum(has) - 1)[each.codes], values)
    return replace(counted, columns=shown)


def by_survey(counted: Counts, slugs: Mapping[int, str]) -> Counts:
    """The same with a column of surveys' slugs."""
    instrument = counted.columns["instrument"]
    of_instrument = column([slugs.get(int(value.partition("/")[0]), "") for value in instrument.values])
    survey = Column(of_instrument.codes[instrument.codes], of_instrument.values)
    return replace(counted, columns={**counted.columns, "survey": survey})
