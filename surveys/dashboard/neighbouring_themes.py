"""Which complaints a filtered view hides so that it, less another view or the unfiltered one, tells of no few people.

Said of each theme by itself, as of answers (neighbours.py): those who complain about it stand in the cubes of the filters,
and what the unfiltered view hides of the theme every view hides. Countries are looked at by themselves: only what moved in a
region is told of its countries, which is rarely anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from surveys.dashboard.neighbours import (
    GROUPED,
    UNFILTERED,
    Groups,
    beside,
    groups_hidden,
    views_hidden,
    within,
)
from surveys.digests.company import few
from surveys.digests.snapshot import Counts, Level
from surveys.digests.theme_cells import ThemeCell, hidden_cells


@dataclass(frozen=True)
class HiddenThemes:
    """What of complaints a view may not show: themes, pain points, themes of groups, and of which of all not what was before.

    And themes of which it is not told how those score who name them.
    """

    themes: frozenset[str] = frozenset()
    pains: frozenset[str] = frozenset()
    groups: frozenset[ThemeCell] = frozenset()
    pasts: frozenset[ThemeCell] = frozenset()
    scores: frozenset[str] = frozenset()


def themes_beside(
    complaints: Counts, named: Counts, filters: Mapping[str, str], hidden: Groups, k: int, weeks: int
) -> HiddenThemes:
    """What a view hides, given everybody's complaints, NPS answers that name a theme, and the groups that the unfiltered view hides.

    `weeks` are those that the view compares with.
    """
    names = {"all", "theme", "pain", *GROUPED, *filters}
    # Once for all weeks: of which level a country is.
    complaints = replace(complaints, columns={name: complaints.column(name) for name in names})
    now, past = complaints.within(0, 0), complaints.within(1, weeks)
    gone = _unfiltered(now, hidden, k)
    themes = _whole(now, "theme", filters, gone, k)
    groups = set[ThemeCell]()
    for level in (level for level in GROUPED if level != "country" and level not in filters):
        found = _by_theme(now, filters, level, gone, k)
        if level not in UNFILTERED:
            themes |= {theme for theme, some in found.items() if some is None}
        groups.update(_cells(now, level, found))
    return HiddenThemes(
        frozenset(themes),
        frozenset(_whole(now, "pain", filters, {}, k)),
        frozenset(groups),
        frozenset(_pasts(past, filters, k, weeks)),
        frozenset(_whole(named, "theme", filters, {}, k)),
    )


def countries_beside(
    complaints: Counts, filters: Mapping[str, str], hidden: Groups, k: int
) -> frozenset[ThemeCell]:
    """The themes of countries that a view hides, given everybody's complaints and the groups that the unfiltered view hides."""
    now = complaints.within(0, 0)
    found = _by_theme(now, filters, "country", _unfiltered(now, hidden, k), k)
    return frozenset(_cells(now, "country", found))


def _by_theme(
    now: Counts, filters: Mapping[str, str], level: Level, hidden: Mapping[str, Groups], k: int
) -> Mapping[str, frozenset[str] | None]:
    """By theme, the groups of a level that a view hides; None for all of it."""
    found = groups_hidden(now, "theme", filters, level, hidden, k)
    return dict(zip(now.column("theme").values, found, strict=True))


def _cells(now: Counts, level: Level, found: Mapping[str, frozenset[str] | None]) -> Iterator[ThemeCell]:
    for theme, some in found.items():
        for group in now.column(level).values if some is None else some:
            yield level, group, theme


def _unfiltered(now: Counts, hidden: Groups, k: int) -> Mapping[str, Groups]:
    """By theme, the groups of which the unfiltered view does not tell it."""
    cells = hidden_cells(now, hidden, k)
    return {
        theme: {
            level: hidden.get(level, frozenset())
            | {group for of, group, code in cells if (of, code) == (level, theme)}
            for level in GROUPED
        }
        for theme in now.column("theme").values
    }


def _pasts(past: Counts, filters: Mapping[str, str], k: int, weeks: int) -> Iterator[ThemeCell]:
    """The themes and pain points of everybody, and themes of groups, of which some week before would tell few people apart."""
    for ago in range(1, weeks + 1):
        then = past.within(ago, ago)
        for by in ("theme", "pain"):
            yield from (("all", "all", code) for code in _whole(then, by, filters, {}, k))
    for level in (level for level in GROUPED if level not in filters):
        here = within(past, filters).table("theme", level)
        others = (other.table("theme", level) for other in beside(past, filters))
        small = np.any([few(n - here, k) for n in others], axis=(0, 3))
        groups = past.column(level).values
        yield from (
            (level, groups[at], theme)
            for row, theme in zip(small, past.column("theme").values, strict=True)
            for at in np.flatnonzero(row)
        )


def _whole(
    counted: Counts, by: str, filters: Mapping[str, str], hidden: Mapping[str, Groups], k: int
) -> set[str]:
    """The themes, or pain points, that a view hides whole."""
    gone = views_hidden(counted, by, filters, hidden, k)
    return {code for code, is_hidden in zip(counted.column(by).values, gone, strict=True) if is_hidden}
