"""The figures of an edition: everything its pages say, as one JSON object, in no language.

`figures` reads the database in a few grouped queries and writes nothing. What it returns is the snapshot that an edition
keeps; surveys/digests/page.py says it in words.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from surveys.digests.accuracy import accuracy, accuracy_of_themes
from surveys.digests.axes import METHOD, axes
from surveys.digests.compare import CULTURE_WEEKS, TILE_WEEKS, Figures
from surveys.digests.corrections import corrections
from surveys.digests.decided import decisions
from surveys.digests.families import Family
from surveys.digests.gather import answer_counts, complaint_counts, pain_titles, within_tiles
from surveys.digests.gather_decided import read_decided
from surveys.digests.heat import with_weeks
from surveys.digests.judge import judged_figures
from surveys.digests.links import link
from surveys.digests.marking_read import say_words
from surveys.digests.mentioned import NONE, mentions
from surveys.digests.of_scope import Scoped, of_scope
from surveys.digests.point_words import say_points
from surveys.digests.quotes import choose_quotes
from surveys.digests.scope import EVERYTHING, Scope, told_scope
from surveys.digests.snapshot import Snapshot
from surveys.digests.source import Source, source_of
from surveys.digests.tally import Window, first_response_at
from surveys.digests.themes import quotable
from surveys.digests.withhold import decisions_beside
from surveys.organisation.models import Organisation
from surveys.questionnaires.models import Survey
from surveys.taxonomy import know_themes, taxonomy
from surveys.weeks import Week

VERSION: Final = 2
LEFT_OUT: Final = ("cases", "retention", "response_rate")


async def figures(
    week: Week,
    organisation: Organisation,
    *,
    at: datetime,
    source: Source | None = None,
    scope: Scope = EVERYTHING,
) -> Figures:
    """Every figure of the edition of a week, as known at an instant; from the weekly tables unless told otherwise."""
    await know_themes()
    zone = organisation.zone
    source, within, asked = source or await source_of(zone), None, scope
    snapshot = await read_snapshot(week, organisation, at=at, source=source)
    cut = await of_scope(snapshot, scope, organisation, at=at, source=source) if scope else None
    if cut:
        snapshot, source, within, scope = cut.snapshot, cut.source, cut.within, cut.scope
    window = Window(week, min(snapshot.history, TILE_WEEKS), zone)
    judged = _beside(judged_figures(snapshot), cut)
    if cut is None:
        with_weeks(judged, snapshot)
    pains = judged["pain_points"]
    quotes = choose_quotes(
        await quotable(window, within),
        theme_places(snapshot),
        order=[pain["theme"] for pain in pains],
        shown_regions=shown_regions(judged["regions"]),
        k=snapshot.k,
    )
    await say_points(pains, quotes, window, within, snapshot.k)
    await say_words(pains, window, within, hidden_languages(judged), snapshot.k)
    checked, counted = await source.quality(window), await told_scope(scope)
    told = {
        **_heading(snapshot),
        **judged,
        "pain_points": [settled(pain, quotes) for pain in pains],
        # Posts belong to no survey and no segment.
        "mentions": dict(NONE) if scope else await mentions(window, snapshot.k),
        "quotes": quotes,
        "left_out": [*LEFT_OUT, "mentions"] if scope else list(LEFT_OUT),
        "unanalysed": checked["unanalysed"],
        "quality": with_shares(checked),
        "accuracy": accuracy(await source.languages(window), snapshot.k),
        "accuracy_of_themes": accuracy_of_themes(),
        "corrections": await corrections(snapshot, str(asked), counted, cut.whole if cut else None),
        "scope": counted,
        "pain_titles": await pain_titles(judged),
    }
    told |= {"axes": axes(told), "method": METHOD}
    link(told, await survey_slugs(), scope)
    return told


def _beside(judged: Figures, cut: Scoped | None) -> Figures:
    """What a scope tells, less what everybody's figures, less these, would tell."""
    if cut is None:
        return judged
    whole = cut.whole
    if whole.decided and cut.snapshot.decided:
        everybody = decisions(whole.decided, whole.week, whole.history, whole.k, Family())
        judged["decisions"] = decisions_beside(judged["decisions"], everybody, whole.k)
    gone = [{"level": level, "group": group} for level, group in cut.left_out]
    judged["suppressed"] += [each for each in gone if each not in judged["suppressed"]]
    return judged


def with_shares(checked: Mapping[str, int]) -> Figures:
    """How good the data are, also in percent of the words."""
    words = checked["words"]
    shares = {
        name: 100 * n / words if words else None
        for name, n in checked.items()
        if name not in ("words", "partial")
    }
    return {**checked, "shares": shares}


async def survey_slugs() -> dict[str, list[str]]:
    """The surveys of each metric."""
    found: dict[str, list[str]] = {}
    for survey in await Survey.all().order_by("slug").only("slug", "metric"):
        found.setdefault(survey.metric.value, []).append(survey.slug)
    return found


async def read_snapshot(week: Week, organisation: Organisation, *, at: datetime, source: Source) -> Snapshot:
    """Everything that is counted for an edition."""
    zone, first = organisation.zone, await first_response_at(organisation.zone)
    history = max(0, (week.monday - first.monday).days // 7) if first else 0
    window = Window(week, min(history, CULTURE_WEEKS), zone)
    return Snapshot(
        week=week,
        zone=organisation.time_zone,
        k=organisation.smallest_group,
        over=week.is_over(at, zone),
        history=history,
        answers=answer_counts(await source.weekly_answers(window)),
        complaints=complaint_counts(await source.weekly_complaints(within_tiles(window, TILE_WEEKS))),
        nps=await source.nps_by_theme(window),
        decided=await read_decided(week, zone, source, is_over=week.is_over(at, zone)),
    )


def _heading(snapshot: Snapshot) -> Figures:
    return {
        "version": VERSION,
        "week": str(snapshot.week),
        "from": snapshot.week.monday.isoformat(),
        "to": snapshot.week.sunday.isoformat(),
        "zone": snapshot.zone,
        "theme_names": taxonomy().names,
        "status": "final" if snapshot.over else "preliminary",
        "k": snapshot.k,
        "history": snapshot.history,
        "weeks_before": snapshot.weeks_before,
    }


def theme_places(snapshot: Snapshot) -> dict[str, Counter[str]]:
    """The people who complain about each theme this week, by region: a quote names its own only where there are enough."""
    now = snapshot.complaints.within(0, 0)
    themes, regions = now.column("theme").values, now.column("region").values
    people = now.table("theme", "region")[..., 0].tolist()
    return {
        theme: Counter(dict(zip(regions, row, strict=True)))
        for theme, row in zip(themes, people, strict=True)
    }


def shown_regions(rows: list[Figures]) -> frozenset[str]:
    """The regions that an edition shows."""
    return frozenset(row["group"] for row in rows if not row["suppressed"])


def hidden_languages(judged: Figures) -> frozenset[str]:
    """The languages that an edition hides, or a report about its theme."""
    of_theme = judged["theme"]["languages"] if "theme" in judged else []
    hidden = {row["group"] for row in of_theme if row["suppressed"]}
    return frozenset(hidden | {row["group"] for row in judged["suppressed"] if row["level"] == "language"})


def settled(pain: Mapping[str, Any], quotes: list[Figures]) -> Figures:
    """A pain point with its quote."""
    quote = next((quote for quote in quotes if quote["theme"] == pain["theme"]), None)
    return {**pain, "quote": quote}
