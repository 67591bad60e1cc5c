"""What a subscription tells of: some regions, surveys or segments of the organisation, or everything.

As text, which is an edition's key and the query of its address: `region=154&survey=spring&segment=business`. Values of one
name are alternatives, different names must all hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from surveys.errors import Refused
from surveys.i18n import gettext as _
from surveys.places import WORLD, descendants, is_region
from surveys.questionnaires.models import Survey

NAMES: Final = ("region", "survey", "segment")
LONGEST_SCOPE: Final = 400


@dataclass(frozen=True)
class Scope:
    """M49 codes, slugs and segments; an empty one of them leaves nothing out."""

    regions: tuple[str, ...] = ()
    surveys: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.regions or self.surveys or self.segments)

    def __str__(self) -> str:
        chosen = zip(NAMES, (self.regions, self.surveys, self.segments), strict=True)
        return urlencode([(name, value) for name, values in chosen for value in values])

    @classmethod
    def parse(cls, text: str) -> "Scope":
        """The scope that was written as this text."""
        found: dict[str, set[str]] = {name: set() for name in NAMES}
        for name, value in parse_qsl(text):
            if name in found:
                found[name].add(value)
        return cls(*(tuple(sorted(found[name])) for name in NAMES))

    async def within(self) -> "Within":
        """What rows have to have; a survey that is gone lets none through."""
        known = {survey.slug: survey.id for survey in await Survey.all().only("id", "slug")}
        return Within(
            frozenset(country for code in self.regions for country in descendants(code))
            if self.regions
            else None,
            frozenset(known[slug] for slug in self.surveys if slug in known) if self.surveys else None,
            frozenset(self.segments) if self.segments else None,
        )


EVERYTHING: Final = Scope()


@dataclass(frozen=True)
class Within:
    """Countries, surveys and segments that rows are taken of; None takes all."""

    countries: frozenset[str] | None
    surveys: frozenset[int] | None
    segments: frozenset[str] | None

    def holds(self, row: Any) -> bool:
        """Whether a row that was counted belongs."""
        return (
            (self.countries is None or row.country in self.countries)
            and (self.surveys is None or row.survey_id in self.surveys)
            and (self.segments is None or row.segment in self.segments)
        )

    def condition(self) -> str:
        """The same in SQL, of the response `r`; `{}` for each of `values`."""
        parts = [""]
        if self.countries is not None:
            quoted = "', '".join(sorted(self.countries))
            parts.append(f"r.country IN ('{quoted}')")
        if self.surveys is not None:
            parts.append(f"r.survey_id IN ({', '.join(map(str, sorted(self.surveys))) or 'NULL'})")
        if self.segments is not None:
            parts.append(f"r.segment IN ({', '.join('{}' for _segment in self.segments)})")
        return " AND ".join(parts)

    @property
    def values(self) -> list[str]:
        """What stands for the marks of `condition`."""
        return sorted(self.segments or ())


async def scope_of(regions: Iterable[str], surveys: Iterable[str], segments: Iterable[str]) -> Scope:
    """A scope of these; raises Refused with a sentence for a region or survey that there is not."""
    scope = Scope(
        *(tuple(sorted({value for value in values if value})) for values in (regions, surveys, segments))
    )
    for code in scope.regions:
        if not is_region(code) or code == WORLD:
            raise Refused(_("%(code)s is not the M49 code of a region.") % {"code": code[:20]})
    known = {survey.slug for survey in await Survey.filter(slug__in=list(scope.surveys)).only("slug")}
    for slug in scope.surveys:
        if slug not in known:
            raise Refused(_("There is no survey called %(slug)s.") % {"slug": slug[:80]})
    if len(str(scope)) > LONGEST_SCOPE:
        raise Refused(_("These are too many for one subscription."))
    return scope


async def told_scope(scope: Scope) -> dict[str, list[str]] | None:
    """A scope as an edition keeps it: codes of regions, names of surveys, segments; None for everything."""
    if not scope:
        return None
    names = {survey.slug: survey.name for survey in await Survey.filter(slug__in=list(scope.surveys))}
    return {
        "regions": list(scope.regions),
        "surveys": [names.get(slug, slug) for slug in scope.surveys],
        "segments": list(scope.segments),
    }
