"""Scopes and days in words, and what there is to choose from."""

from surveys.db import query
from surveys.digests.scope import Scope
from surveys.i18n import current
from surveys.i18n import gettext as _
from surveys.names import code_name, region_name
from surveys.places import RegionNode, region_tree
from surveys.questionnaires.models import Survey


def weekdays() -> list[tuple[str, str]]:
    """Monday to Sunday by ISO number."""
    names = current().locale.days["stand-alone"]["wide"]
    return [(str(number + 1), str(names[number])) for number in range(7)]


def scope_name(scope: str) -> str:
    """What a subscription tells of, in a few words."""
    found = Scope.parse(scope)
    named = [*map(region_name, found.regions), *found.surveys, *map(code_name, found.segments)]
    return ", ".join(named) if named else _("Everything")


def regions_offered() -> list[tuple[str, str]]:
    """Continents and the regions in them."""

    def below(node: RegionNode) -> list[tuple[str, str]]:
        return [
            pair for child in node.children for pair in ((child.code, region_name(child.code)), *below(child))
        ]

    return below(region_tree())


async def surveys_offered() -> list[tuple[str, str]]:
    """All surveys, by name."""
    return [(survey.slug, survey.name) for survey in await Survey.all().order_by("name", "slug")]


async def segments_offered(scope: Scope) -> list[tuple[str, str]]:
    """The segments that answers came from, and those that were chosen before."""
    rows = await query("SELECT DISTINCT segment FROM weekly_counts WHERE segment <> ''")
    codes = {row["segment"] for row in rows} | set(scope.segments)
    return [(code, code_name(code)) for code in sorted(codes)]
