"""The counts of a scope: what is left of it where small parts are hidden, and its words, which are read from their own rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from surveys.digests.company import Axes
from surveys.digests.gather_decided import read_decided
from surveys.digests.outside import Beside, narrowed, nobody
from surveys.digests.scope import Scope, Within
from surveys.digests.snapshot import Snapshot
from surveys.digests.source import Source, scoped
from surveys.digests.tally import Window, first_response_at
from surveys.digests.withhold import beside_everybody
from surveys.organisation.models import Organisation
from surveys.places import WORLD, descendants, leaf_code, region
from surveys.questionnaires.models import Survey

NOBODY: Final = Within(frozenset(), None, None)


@dataclass(frozen=True)
class Scoped:
    """An edition's counts, those of everybody, what is counted of the scope, and what was left out of it by level."""

    snapshot: Snapshot
    whole: Snapshot
    source: Source
    within: Within
    scope: Scope
    left_out: tuple[tuple[str, str], ...]


async def of_scope(
    whole: Snapshot, scope: Scope, organisation: Organisation, *, at: datetime, source: Source
) -> Scoped:
    """The counts of a scope, out of those of everybody."""
    zone, week = organisation.zone, whole.week
    surveys = await Survey.all().only("id", "slug", "name")
    known = {survey.slug: str(survey.id) for survey in surveys}
    called = {str(survey.id): survey.name for survey in surveys}
    axes = _axes(scope, known)
    left, is_shown = Beside(whole, tuple(axes)).kept(axes)
    names = {number: slug for slug, number in known.items()}
    left_out = tuple(
        (name, called.get(value, value) if name == "survey" else value)
        for name, values in axes.items()
        for value in values
        if value not in left[name]
    )
    if not is_shown:
        return Scoped(nobody(whole), whole, scoped(source, NOBODY), NOBODY, scope, left_out)
    kept = _scope(scope, axes, left, names)
    within = await kept.within()
    source = scoped(source, within)
    first = await first_response_at(zone, within)
    history = max(0, (week.monday - first.monday).days // 7) if first else 0
    named = beside_everybody(await source.nps_by_theme(Window(week, 0, zone)), whole.nps, whole.k)
    decided = await read_decided(week, zone, source, is_over=week.is_over(at, zone))
    snapshot = replace(narrowed(whole, left, history), nps=named, decided=decided)
    return Scoped(snapshot, whole, source, within, kept, left_out)


def _axes(scope: Scope, surveys: Mapping[str, str]) -> Axes:
    axes: dict[str, tuple[str, ...]] = {}
    if scope.regions:
        axes |= _places(scope.regions)
    if scope.surveys:
        # A survey that is gone lets none through.
        axes["survey"] = tuple(surveys.get(slug, f"-{slug}") for slug in scope.surveys)
    if scope.segments:
        axes["segment"] = scope.segments
    return axes


def _places(codes: tuple[str, ...]) -> Axes:
    """Continents as they are; anything else as the narrowest regions in it."""
    inside = sorted({country for code in codes for country in descendants(code)})
    if set(codes) <= {place.region_code for country in descendants(WORLD) if (place := region(country))}:
        return {"continent": codes}
    return {"region": tuple(sorted({leaf for country in inside if (leaf := leaf_code(country))}))}


def _scope(scope: Scope, axes: Axes, left: Axes, names: Mapping[str, str]) -> Scope:
    """What is counted: the scope, less what was left out."""

    def of(asked: tuple[str, ...], *kinds: str) -> tuple[str, ...]:
        kind = next((kind for kind in kinds if kind in axes and left[kind] != axes[kind]), None)
        return asked if kind is None else left[kind]

    surveys = of(scope.surveys, "survey")
    return Scope(
        of(scope.regions, "region", "continent"),
        tuple(names.get(number, number) for number in surveys),
        of(scope.segments, "segment"),
    )
