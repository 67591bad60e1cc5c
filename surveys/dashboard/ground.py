"""What kept figures stand on: the rules that they must be made by to be shown at all, and the counts they were made from.

Rules are settings, surveys and the program itself: by other rules other people are hidden, so figures made by them are not
shown. Counts only grow older: figures of a minute ago are shown, said to be older, and made anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys import __version__
from surveys.dashboard import kept
from surveys.dashboard.packed import told
from surveys.db import query
from surveys.digests.compare import CULTURE_WEEKS
from surveys.digests.tally import Window
from surveys.organisation.models import Organisation
from surveys.pains.merged import shown_as
from surveys.weeks import Week


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


@dataclass(frozen=True)
class Site:
    """What every view of a site has in common at an instant."""

    organisation: Organisation
    surveys: Surveys
    first: Week
    at: datetime
    merged: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Ground:
    """What the views of one week stand on."""

    window: Window
    history: int
    over: bool
    epochs: tuple[int, ...]
    # What reading a week's columns hangs on, besides its epoch.
    also: Any
    rules: str
    stamp: str


async def site_of(organisation: Organisation, surveys: Surveys, first: Week, at: datetime) -> Site:
    """The site as it is now."""
    merged = sorted((pain, root) for pain, root in (await shown_as()).items() if pain != root)
    return Site(organisation, surveys, first, at, tuple(merged))


async def ground_of(week: Week, site: Site) -> Ground:
    """What figures of a week that are made now stand on."""
    organisation, zone = site.organisation, site.organisation.zone
    history = max(0, (week.monday - site.first.monday).days // 7)
    window = Window(week, min(history, CULTURE_WEEKS), zone)
    over = week.is_over(site.at, zone)
    epochs = await kept.epochs(window)
    asked = (tuple(site.surveys.metrics.items()), tuple(site.surveys.slugs.items()))
    # Another version may read rows otherwise, or know other places.
    also = (__version__, zone.key, site.merged, asked[0])
    rules = (__version__, zone.key, asked, organisation.smallest_group, over, history)
    # The edition of the week before may have been made since: its corrections are told.
    stamp = (epochs, site.merged, await _edition_before(week))
    return Ground(window, history, over, epochs, also, told(rules), told(stamp))


async def _edition_before(week: Week) -> int:
    # What stands in the row before figures and PDF: the rest would have these read at each look.
    rows = await query(
        "SELECT MIN(id) AS id FROM edition WHERE week = {} AND scope = '' AND NOT is_preliminary "
        "AND due_at IS NULL AND parked_at IS NULL",
        str(week.previous()),
    )
    return int(rows[0]["id"] or 0)
