"""Reads what the dashboard shows: the digest's figures of a week, filtered, kept until their weeks are counted anew.

A request reads the weekly tables as they stand and counts nothing; the worker keeps them up to date. Figures are made once
for each week and choice of filters, in a thread, so that other requests go on.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from weakref import WeakKeyDictionary

from tortoise.connection import get_connection

from surveys.counts.upkeep import standing
from surveys.dashboard import kept
from surveys.dashboard.choice import FILTERS, Choice, options
from surveys.dashboard.making import Wanted, made
from surveys.dashboard.said import choose, filtered, with_words
from surveys.db import query
from surveys.digests.build import LEFT_OUT
from surveys.digests.compare import CULTURE_WEEKS, Figures
from surveys.digests.corrections import corrections
from surveys.digests.gather import pain_titles
from surveys.digests.links import link
from surveys.digests.mentioned import mentions
from surveys.digests.tally import Window, first_response_at
from surveys.organisation.models import Organisation
from surveys.pains.merged import shown_as
from surveys.places import descendants
from surveys.taxonomy import know_themes, taxonomy
from surveys.weeks import Week

# Choices whose figures are kept; some hundred kilobytes each.
MOST_CHOICES: Final = 48
CHECKED: Final = {
    "words": "comments", "unanalysed": "unanalysed", "unknown_language": "unknown_language",
    "unknown_sentiment": "unknown_sentiment", "partial": "partial",
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What there is to show: figures, or None where a view would tell few people apart or nothing is counted yet."""

    choice: Choice
    figures: Figures | None
    options: Mapping[str, list[str]] = field(default_factory=dict)
    surveys: Mapping[str, str] = field(default_factory=dict)
    first: Week | None = None
    is_counted: bool = True
    is_behind: bool = False


@dataclass
class _Kept:
    """Figures by choice, each with what they hold for."""

    seen: OrderedDict[Any, tuple[Any, Figures | None, Mapping[str, list[str]]]] = field(
        default_factory=OrderedDict
    )
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


_kept: WeakKeyDictionary[Any, _Kept] = WeakKeyDictionary()


@dataclass(frozen=True)
class Surveys:
    """Every survey's slug, name and metric by id."""

    slugs: Mapping[int, str]
    names: Mapping[str, str]
    metrics: Mapping[int, str]

    def by_metric(self) -> dict[str, list[str]]:
        """Slugs by metric, as links want them."""
        found: dict[str, list[str]] = {}
        for key, slug in sorted(self.slugs.items(), key=lambda item: item[1]):
            found.setdefault(self.metrics[key], []).append(slug)
        return found


async def all_surveys() -> Surveys:
    """The surveys there are."""
    rows = await query("SELECT id, slug, name, metric FROM survey ORDER BY id")
    return Surveys(
        {row["id"]: row["slug"] for row in rows},
        {row["slug"]: row["name"] for row in rows},
        {row["id"]: row["metric"] for row in rows},
    )


async def look(choice: Choice, organisation: Organisation, surveys: Surveys, *, at: datetime) -> Seen:
    """The figures of a choice."""
    zone = organisation.zone
    first = await first_response_at(zone)
    counts = await standing()
    if first is None or counts.zone != zone.key:
        return Seen(choice, None, surveys=surveys.names, first=first, is_counted=first is None)
    held = _kept.setdefault(get_connection("default"), _Kept())
    async with held.lock:
        figures, offered = await _figures(held, choice, organisation, surveys, first, at)
    is_behind = counts.units or counts.weeks
    return Seen(choice, figures, offered, surveys.names, first, is_behind=is_behind)


async def _figures(
    held: _Kept, choice: Choice, organisation: Organisation, surveys: Surveys, first: Week, at: datetime
) -> tuple[Figures | None, Mapping[str, list[str]]]:
    await know_themes()
    zone = organisation.zone
    history = max(0, (choice.week.monday - first.monday).days // 7)
    window = Window(choice.week, min(history, CULTURE_WEEKS), zone)
    over = choice.week.is_over(at, zone)
    stamps = await kept.epochs(window)
    merged = tuple(sorted((await shown_as()).items()))
    also = (zone.key, merged, tuple(surveys.metrics.items()))
    holds_for = (stamps, also, organisation.smallest_group, over, tuple(surveys.slugs.items()))
    key = (choice.week, tuple(choice.filters.items()))
    if key in held.seen and held.seen[key][0] == holds_for:
        held.seen.move_to_end(key)
        _holds, figures, offered = held.seen[key]
        return await _as_now(figures), offered
    columns = await kept.columns(window, stamps, also)
    wanted = Wanted(
        choice.week, organisation.time_zone, organisation.smallest_group, over, history, choice.filters
    )
    snapshot, figures, offered = await asyncio.to_thread(_made, wanted, columns, surveys.slugs, choice)
    if figures is not None and snapshot is not None:
        figures |= await _beside(window, choice, organisation.smallest_group, surveys)
        figures["quotes"] = await choose(window, filtered(choice, surveys.slugs), snapshot, figures)
        figures["corrections"] = [] if choice.filters else await corrections(snapshot)
        figures["pain_titles"] = await pain_titles(figures)
        link(figures, surveys.by_metric())
        narrow(figures, choice.filters)
    held.seen[key] = (holds_for, figures, offered)
    while len(held.seen) > MOST_CHOICES:
        held.seen.popitem(last=False)
    return await _as_now(figures), offered


def _made(wanted: Wanted, columns: kept.Columns, slugs: Mapping[int, str], choice: Choice) -> Any:
    counted = kept.Columns(
        *(kept.by_survey(each, slugs) for each in (columns.answers, columns.complaints, columns.named))
    )
    return (*made(wanted, counted), options(counted.answers, choice))


async def _as_now(figures: Figures | None) -> Figures | None:
    """What is kept, which nobody changes, with themes called as they are called now and the words that are there now."""
    if figures is None:
        return None
    return {**figures, "theme_names": taxonomy().names, "quotes": await with_words(figures["quotes"])}


async def _beside(window: Window, choice: Choice, k: int, surveys: Surveys) -> Figures:
    """What is not counted by answers: posts, which no filter but the week knows, and how good the data are."""
    checked = await _quality(window, choice, surveys)
    words = checked["words"]
    shares = {
        name: 100 * n / words if words else None
        for name, n in checked.items()
        if name not in ("words", "partial")
    }
    found = await mentions(window, k) if not choice.filters else {"n": None, "suppressed": False}
    return {
        "mentions": found,
        "quality": {**checked, "shares": shares},
        "unanalysed": checked["unanalysed"],
        "accuracy": [],
        "left_out": list(LEFT_OUT),
    }


async def _quality(window: Window, choice: Choice, surveys: Surveys) -> dict[str, int]:
    sums = ", ".join(f"COALESCE(SUM({column}), 0) AS {name}" for name, column in CHECKED.items())
    conditions, values = ["week = {}"], [str(window.week)]
    if choice.filters:
        conditions.append("source = 'response'")
    for name, value in choice.filters.items():
        if name == "region":
            places = descendants(value)
            conditions.append(f"country IN ({', '.join(['{}'] * len(places)) or 'NULL'})")
            values += places
        elif name == "survey":
            (number,) = [key for key, slug in surveys.slugs.items() if slug == value]
            conditions.append(f"survey_id = {number}")
        else:
            conditions.append(f"{name} = {{}}")
            values.append(value)
    (row,) = await query(f"SELECT {sums} FROM weekly_counts WHERE {' AND '.join(conditions)}", *values)  # noqa: S608 - our own names
    return {name: int(row[name]) for name in CHECKED}


def narrow(figures: Any, filters: Mapping[str, str]) -> None:
    """Have every link lead to what the filters let through too."""
    if isinstance(figures, list):
        for each in figures:
            narrow(each, filters)
    elif isinstance(figures, dict):
        for name, value in figures.items():
            if name == "link" and value:
                figures[name] = narrowed(value, filters)
            elif name == "links":
                figures[name] = {code: narrowed(address, filters) for code, address in value.items()}
            else:
                narrow(value, filters)


def narrowed(address: str, filters: Mapping[str, str]) -> str:
    """An address of the inbox with filters; a filter stands in the place of what a link has of the same name."""
    path, _mark, asked = address.partition("?")
    pairs = [(name, value) for name, value in parse_qsl(asked) if name not in filters]
    return f"{path}?{urlencode([*((name, filters[name]) for name in FILTERS if name in filters), *pairs])}"
