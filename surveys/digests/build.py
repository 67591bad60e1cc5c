"""The figures of an edition: everything its pages say, as one JSON object, in no language.

`figures` reads the database in a few grouped queries and writes nothing. What it returns is the snapshot that an edition
keeps; surveys/digests/page.py says it in words.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from surveys.digests import metrics as by_group
from surveys.digests.compare import (
    CULTURE_WEEKS,
    TILE_WEEKS,
    Family,
    Figures,
    Level,
    count_interval,
    score_change,
    unjudged,
    volume_change,
    weeks_before,
)
from surveys.digests.findings import findings
from surveys.digests.mentioned import mentions
from surveys.digests.pains import Counted, pain_points, region_themes, standing_out
from surveys.digests.quotes import choose_quotes
from surveys.digests.tally import (
    SCORED,
    By,
    Cell,
    Tally,
    Window,
    cells,
    first_response_at,
    pooled,
    responses_by_week,
)
from surveys.digests.themes import complaints, complaints_before, nps_by_theme, quality, quotable
from surveys.organisation.models import Organisation
from surveys.scores import INVOLUNTARY_REASONS
from surveys.weeks import Week

VERSION: Final = 1
COUNTRIES_SHOWN: Final = 4


@dataclass
class Edition:
    """What is being built: the week, who for, what was counted, the tests so far."""

    week: Week
    organisation: Organisation
    over: bool
    history: int
    counted: list[Cell]
    by_week: list[int]
    family: Family
    pools: dict[tuple[By, int, int], dict[str, Tally]] = field(default_factory=dict)

    @property
    def k(self) -> int:
        """The least group that is shown."""
        return self.organisation.smallest_group

    def now(self, by: By = "all") -> dict[str, Tally]:
        """The week's tallies by group."""
        return self._pooled(by, 0, 0)

    def base(self, weeks: int, by: By = "all") -> dict[str, Tally]:
        """The tallies of so many weeks before."""
        return self._pooled(by, 1, weeks)

    def _pooled(self, by: By, first: int, last: int) -> dict[str, Tally]:
        if (by, first, last) not in self.pools:
            self.pools[by, first, last] = pooled(self.counted, by, first=first, last=last)
        return self.pools[by, first, last]


async def figures(week: Week, organisation: Organisation, *, at: datetime) -> Figures:
    """Every figure of the edition of a week, as known at an instant."""
    zone = organisation.zone
    first = await first_response_at(zone)
    history = max(0, _weeks_between(first, week)) if first else 0
    window = Window(week, min(history, CULTURE_WEEKS), zone)
    tiles_window = Window(week, min(history, TILE_WEEKS), zone)
    edition = Edition(
        week=week,
        organisation=organisation,
        over=week.is_over(at, zone),
        history=history,
        counted=await cells(window),
        by_week=await responses_by_week(tiles_window),
        family=Family(),
    )
    weeks = weeks_before(history, TILE_WEEKS)
    counted = await _counted(edition, tiles_window, weeks)

    tiles = _tiles(edition, weeks)
    pains = pain_points(counted, edition.family, edition.k)
    regions = _groups(edition, "region", weeks, counted)
    cultures = _groups(edition, "culture", weeks_before(history, CULTURE_WEEKS), counted)
    edition.family.judge()

    quotes = choose_quotes(
        await quotable(tiles_window),
        counted.now,
        order=[pain["theme"] for pain in pains],
        shown_regions=counted.shown_regions,
        k=edition.k,
    )
    checked = await quality(tiles_window)
    return {
        **_heading(edition, weeks),
        "tiles": tiles,
        "findings": findings(tiles, pains, regions, cultures),
        "pain_points": [_settled(pain, quotes) for pain in pains],
        "regions": regions,
        "cultures": cultures,
        "exit": _exit(edition.now().get("all", Tally()), edition.k),
        "mentions": await mentions(tiles_window, edition.k),
        "quotes": quotes,
        "suppressed": [
            {"level": level, "group": row["group"]}
            for level, rows in (("region", regions), ("culture", cultures))
            for row in rows
            if row["suppressed"]
        ],
        "left_out": ["cases", "retention", "response_rate"],
        "unanalysed": checked["unanalysed"],
        "quality": checked,
    }


def _weeks_between(first: Week, week: Week) -> int:
    return (week.monday - first.monday).days // 7


async def _counted(edition: Edition, window: Window, weeks: int) -> Counted:
    regions = edition.now("region")
    hidden = by_group.hidden_groups(regions, edition.k)
    return Counted(
        now=await complaints(window),
        before=await complaints_before(Window(window.week, weeks, window.zone)),
        nps=await nps_by_theme(window),
        everyone=edition.now().get("all", Tally()),
        base=edition.base(weeks).get("all", Tally()),
        weeks=weeks,
        regions=regions,
        shown_regions=frozenset(regions) - hidden,
    )


def _heading(edition: Edition, weeks: int) -> Figures:
    return {
        "version": VERSION,
        "week": str(edition.week),
        "from": edition.week.monday.isoformat(),
        "to": edition.week.sunday.isoformat(),
        "zone": edition.organisation.time_zone,
        "status": "final" if edition.over else "preliminary",
        "k": edition.k,
        "history": edition.history,
        "weeks_before": weeks,
    }


def _tiles(edition: Edition, weeks: int) -> Figures:
    now, base = edition.now().get("all", Tally()), edition.base(weeks).get("all", Tally())
    last = edition.base(1).get("all", Tally())
    (shown,) = by_group.table({"all": now}, "all", edition.k)
    tiles: Figures = {"responses": _responses_tile(edition, now, last, weeks, hidden=shown["suppressed"])}
    for metric in SCORED:
        tile = shown[metric]
        hidden = tile.get("suppressed", False) or shown["suppressed"]
        tiles[metric] = {
            **tile,
            "suppressed": hidden,
            "before": by_group.figures(base)[metric] if base.n(metric) >= edition.k and weeks else None,
            "last_week": by_group.figures(last)[metric] if last.n(metric) >= edition.k else None,
        }
        if hidden:
            continue
        tiles[metric]["change"] = edition.family.add(
            "all", score_change(metric, "weeks_before", weeks, now, base)
        )
        tiles[metric]["change_last_week"] = edition.family.add(
            "all", score_change(metric, "last_week", min(1, edition.history), now, last)
        )
    return tiles


def _responses_tile(edition: Edition, now: Tally, last: Tally, weeks: int, *, hidden: bool) -> Figures:
    if hidden:
        return {"n": None, "suppressed": True}
    earlier = edition.by_week[:weeks]
    change = volume_change(now.responses, earlier)
    if not edition.over:
        change = unjudged("weeks_before", weeks, now.responses, sum(earlier), reason="preliminary")
    low, high = count_interval(now.responses)
    return {
        "n": now.responses,
        "low": low,
        "high": high,
        "suppressed": False,
        "last_week": last.responses if edition.history else None,
        "mean_before": sum(earlier) / weeks if weeks else None,
        "change": edition.family.add("all", change),
    }


def _groups(edition: Edition, level: Level, weeks: int, counted: Counted) -> list[Figures]:
    """A table of groups, each against its own past; ordered by what changed, then by name, never by level."""
    now, base = edition.now(level), edition.base(weeks, level)
    rows = by_group.table(now, level, edition.k)
    mixes = _country_mixes(edition, level)
    for row in rows:
        code = row["group"]
        if row["suppressed"]:
            row["status"] = "suppressed"
            continue
        if row["nps"].get("suppressed"):
            change = unjudged("own_past", weeks, 0, 0, reason="suppressed")
        else:
            change = score_change("nps", "own_past", weeks, now[code], base.get(code, Tally()))
        row["change"] = edition.family.add(level, change)
        row["status"] = "ok" if change["p"] is not None else "insufficient"
        row["before"] = _before(base.get(code, Tally()), weeks, change)
        row["countries"] = mixes.get(code, [])
        row["themes"] = region_themes(code, row["responses"], counted, edition.k) if level == "region" else []
    return rows


def _before(base: Tally, weeks: int, change: Figures) -> Figures | None:
    if not weeks or change["p"] is None:
        return None
    bands = base.bands("nps")
    return {"n": bands.n, "score": bands.score}


def _country_mixes(edition: Edition, level: Level) -> dict[str, list[Figures]]:
    """The countries behind each group, where a country is large enough to be named."""
    mixes: dict[str, Counter[str]] = {}
    for cell in edition.counted:
        if cell.weeks_ago == 0 and cell.country:
            mixes.setdefault(cell.group(level), Counter())[cell.country] += cell.n
    return {
        group: [
            {"country": code, "n": n}
            for code, n in sorted(mix.items(), key=lambda item: (-item[1], item[0]))
            if n >= edition.k
        ][:COUNTRIES_SHOWN]
        for group, mix in mixes.items()
    }


def _exit(now: Tally, k: int) -> Figures:
    (row,) = by_group.table({"all": now}, "all", k)
    found: Figures = row["exit"]
    if found.get("suppressed") or row["suppressed"]:
        return {"n": None, "reasons": {}, "involuntary": {}, "suppressed": True}
    reasons = found["reasons"]
    return {
        "n": found["n"],
        "suppressed": False,
        "reasons": reasons,
        "involuntary": {code: n for code, n in reasons.items() if code in INVOLUNTARY_REASONS},
    }


def _settled(pain: Figures, quotes: list[Figures]) -> Figures:
    quote = next((quote for quote in quotes if quote["theme"] == pain["theme"]), None)
    return {**pain, "standing_out": standing_out(pain), "quote": quote}
