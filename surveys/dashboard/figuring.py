"""Makes the figures of a week and choice: the digest's judgement of the weekly tables, with what stands beside it.

The worker makes them for the shelf, and the web process where nobody had made them yet; in a thread, so that other work
goes on.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from surveys.dashboard import kept, shelf
from surveys.dashboard.choice import FILTERS, Choice, options
from surveys.dashboard.ground import Ground, Site, Surveys, ground_of
from surveys.dashboard.making import Wanted, made
from surveys.dashboard.models import KeptView
from surveys.dashboard.said import choose
from surveys.dashboard.shelf import View
from surveys.db import query
from surveys.digests.build import LEFT_OUT, hidden_languages, with_shares
from surveys.digests.compare import TILE_WEEKS, Figures
from surveys.digests.corrections import corrections
from surveys.digests.links import link
from surveys.digests.marking_read import say_words
from surveys.digests.mentioned import mentions
from surveys.digests.page_one import TOP
from surveys.digests.tally import Window
from surveys.places import descendants
from surveys.taxonomy import know_themes

CHECKED: Final = {
    "words": "comments", "unanalysed": "unanalysed", "unknown_language": "unknown_language",
    "unknown_sentiment": "unknown_sentiment", "partial": "partial",
}  # fmt: skip
# What is done once the weeks are read: comparing, and reading what stands beside.
STEPS_AFTER: Final = 2

Told = Callable[[int, int], None]


async def make_view(row: KeptView, choice: Choice, site: Site, told: Told | None = None) -> bool:
    """Make a view's figures and keep them; False where its place went meanwhile. `told` hears of steps done, of all."""
    await know_themes()
    ground = await ground_of(choice.week, site)
    return await shelf.put(row, ground, await view_of(choice, site, ground, told))


async def view_of(choice: Choice, site: Site, ground: Ground, told: Told | None = None) -> View:
    """The figures of a choice as its weeks are counted now."""
    organisation, surveys = site.organisation, site.surveys
    steps = len(ground.epochs) + STEPS_AFTER

    def tell(done: int) -> None:
        if told:
            told(done, steps)

    columns = await kept.columns(ground.window, ground.epochs, ground.also, tell)
    tell(len(ground.epochs))
    wanted = Wanted(
        choice.week,
        organisation.time_zone,
        organisation.smallest_group,
        ground.over,
        ground.history,
        choice.filters,
    )
    snapshot, figures, offered = await asyncio.to_thread(_made, wanted, columns, surveys.slugs, choice)
    tell(len(ground.epochs) + 1)
    if figures is not None and snapshot is not None:
        figures |= await _beside(ground.window, choice, organisation.smallest_group, surveys)
        if not choice.filters:
            await _say_words(figures, ground, organisation.smallest_group)
        figures["quotes"] = await choose(ground.window, choice, surveys.slugs, snapshot, figures)
        figures["corrections"] = [] if choice.filters else await corrections(snapshot)
        link(figures, surveys.by_metric())
        figures["pain_points"] = [
            _shown(pain, with_regions=at < TOP) for at, pain in enumerate(figures["pain_points"])
        ]
        narrow(figures, choice.filters)
    tell(steps)
    return View(figures, offered)


def _made(wanted: Wanted, columns: kept.Columns, slugs: Mapping[int, str], choice: Choice) -> Any:
    counted = kept.Columns(
        *(kept.by_survey(each, slugs) for each in (columns.answers, columns.complaints, columns.named))
    )
    return (*made(wanted, counted), options(counted.answers, choice))


def _shown(pain: Figures, *, with_regions: bool) -> Figures:
    """What the page shows of a pain point, less than half of all there is: of the places only those that stand out."""
    shown = {name: value for name, value in pain.items() if name != "places"}
    return shown if with_regions else shown | {"by_region": []}


async def _say_words(figures: Figures, ground: Ground, k: int) -> None:
    """The words that mark each theme, as the week's edition has them. Views with filters, subtracted, would tell few people's."""
    window = Window(ground.window.week, min(ground.history, TILE_WEEKS), ground.window.zone)
    await say_words(figures["pain_points"], window, None, hidden_languages(figures), k)


async def _beside(window: Window, choice: Choice, k: int, surveys: Surveys) -> Figures:
    """What is not counted by answers: posts, which no filter but the week knows, and how good the data are."""
    checked = await _quality(window, choice, surveys)
    found = await mentions(window, k) if not choice.filters else {"n": None, "suppressed": False}
    return {
        "mentions": found,
        "quality": with_shares(checked),
        "unanalysed": checked["unanalysed"],
        "accuracy": [],
        "accuracy_of_themes": None,
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
