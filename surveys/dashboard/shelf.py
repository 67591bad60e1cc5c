"""Kept views on their shelf: found, put there, taken away. What was read last stays in memory as long as it is not replaced.

A view is put in the place of a row that was there before its counts were read. Erasing takes the row away, so figures that
were being made meanwhile find no place.
"""

import json
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from weakref import WeakKeyDictionary

from tortoise.connection import get_connection

from surveys.dashboard.choice import Choice
from surveys.dashboard.ground import Ground
from surveys.dashboard.models import KeptView, WeekColumns
from surveys.db import is_sqlite
from surveys.digests.compare import CULTURE_WEEKS, Figures
from surveys.due import now
from surveys.weeks import Week

# Views whose figures are in memory; some hundred kilobytes each.
MOST_READ: Final = 48
# A look is noted so often, no more: it is read which views are looked at, not when exactly.
NOTED_EVERY: Final = timedelta(hours=1)
FIRST: Final = timedelta(minutes=1)
QUICKLY: Final = 1


@dataclass(frozen=True)
class View:
    """The figures of a view, None where it would tell few people apart, and the values that its filters offer."""

    figures: Figures | None
    options: Mapping[str, list[str]] = field(default_factory=dict)


_read: WeakKeyDictionary[Any, OrderedDict[tuple[int, datetime], View]] = WeakKeyDictionary()


def written(filters: Mapping[str, str]) -> str:
    """Filters as a row has them."""
    return json.dumps(dict(filters), ensure_ascii=False, separators=(",", ":"))


def choice_of(row: KeptView) -> Choice:
    """What a row is about."""
    return Choice(Week.parse(row.week), json.loads(row.filters))


async def find(choice: Choice) -> KeptView | None:
    """The row of a view, without what is kept in it."""
    rows = KeptView.filter(week=str(choice.week), filters=written(choice.filters))
    return await rows.only("id", "week", "filters", "rules", "stamp", "made_at", "seen_at", "due_at").first()


async def place_for(choice: Choice) -> KeptView:
    """The row of a view, a new one where there is none."""
    row, _is_new = await KeptView.get_or_create(
        week=str(choice.week), filters=written(choice.filters), defaults={"seen_at": now()}
    )
    return row


def forget_read() -> None:
    """Have nothing in memory, as a process that begins."""
    _read.clear()


async def read(row: KeptView) -> View | None:
    """What is kept in a row that was made; None where it went meanwhile."""
    if row.made_at is None:
        return None
    memory = _read.setdefault(get_connection("default"), OrderedDict())
    key = (row.id, row.made_at)
    if key not in memory:
        kept = await KeptView.filter(id=row.id, made_at=row.made_at).values("packed")
        if not kept:
            return None
        for old in [known for known in memory if known[0] == row.id]:
            del memory[old]
        memory[key] = View(*json.loads(zlib.decompress(kept[0]["packed"])))
    memory.move_to_end(key)
    while len(memory) > MOST_READ:
        memory.popitem(last=False)
    return memory[key]


async def put(row: KeptView, ground: Ground, view: View) -> bool:
    """Keep what was made; False where the row is gone, and what was made must not be shown."""
    told = json.dumps([view.figures, dict(view.options)], ensure_ascii=False).encode()
    found = await KeptView.filter(id=row.id).update(
        rules=ground.rules,
        stamp=ground.stamp,
        packed=zlib.compress(told, QUICKLY),
        made_at=now(),
    )
    return bool(found)


async def note_look(row: KeptView, *, is_older: bool) -> None:
    """Remember that somebody looked; what they found older than the counts is made anew."""
    at, changed = now(), dict[str, datetime]()
    if row.seen_at is None or at - row.seen_at > NOTED_EVERY:
        changed["seen_at"] = at
    if is_older and row.due_at is None:
        # Before all others that are due: somebody is looking.
        changed["due_at"] = at - FIRST
    if changed:
        await KeptView.filter(id=row.id).update(**changed)


async def forget(weeks: Iterable[str]) -> None:
    """Take away every view that looks at one of these weeks, in the transaction that erases what was counted there."""
    told = sorted(weeks)
    if told:
        if not is_sqlite():
            # SQLite has one writer. Here a view that is begun meanwhile would be made of the counts of before, and stay.
            await get_connection("default").execute_query("LOCK TABLE kept_view IN SHARE ROW EXCLUSIVE MODE")
        last = Week.of(Week.parse(told[-1]).monday + timedelta(weeks=CULTURE_WEEKS))
        await KeptView.filter(week__gte=told[0], week__lte=str(last)).delete()
        await WeekColumns.filter(week__in=told).delete()
