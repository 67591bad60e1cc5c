"""Every figure can be followed: the address in the inbox that holds exactly the words behind it.

Scores without words are in no inbox; a link leads to the words of those who wrote some.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from surveys.digests.compare import Figures
from surveys.digests.scope import EVERYTHING, Scope
from surveys.digests.shifts import STEADY
from surveys.digests.snapshot import Level
from surveys.digests.tally import UNKNOWN
from surveys.digests.theme_rows import AT
from surveys.places import descendants, is_region
from surveys.verbatims.filters import NAMES, Filter
from surveys.weeks import Week

# How the inbox calls what a level groups by; M49 codes of continents are regions to it.
NAMED: Mapping[Level, str] = {
    "continent": "region", "region": "region", "country": "country", "culture": "culture", "language": "language",
    "touchpoint": "touchpoint", "segment": "segment",
}  # fmt: skip


def _address(week: str | Iterable[str], scope: Scope, /, **chosen: str | Iterable[str] | None) -> str:
    """The inbox of a week, or of several, filtered, and no wider than the edition's scope."""
    values = {
        name: (value,) if isinstance(value, str) else tuple(value)
        for name, value in {**chosen, "week": week}.items()
        if value
    }
    if scope:
        _keep_to(scope, values)
    return Filter({name: values[name] for name in NAMES if name in values}).address()


def _keep_to(scope: Scope, values: dict[str, tuple[str, ...]]) -> None:
    """What a figure of a scope counts: a group's own values where these lie inside it, else the scope's."""
    if scope.surveys:
        asked = values.get("survey", scope.surveys)
        values["survey"] = tuple(slug for slug in asked if slug in scope.surveys) or scope.surveys
    if scope.segments and "segment" not in values:
        values["segment"] = scope.segments
    if scope.regions and "country" not in values:
        inside = {country for code in scope.regions for country in descendants(code)}
        wanted = values.get("region", ())
        known = all(is_region(code) for code in wanted)
        narrower = wanted and known and all(descendants(code) <= inside for code in wanted)
        values["region"] = wanted if narrower else scope.regions


def link(figures: Figures, surveys: Mapping[str, list[str]], scope: Scope = EVERYTHING) -> None:
    """Give every figure its link, given the slugs of surveys by metric."""
    week = figures.get("weeks") or figures["week"]

    def address(week: str | list[str], **chosen: Any) -> str:
        return _address(week, scope, **chosen)

    for metric, tile in figures["tiles"].items():
        of_metric = {"survey": surveys.get(metric, [])} if metric != "responses" else {}
        # Without its surveys the address would hold the words beside other metrics.
        tile["link"] = address(week, source="response", **of_metric) if tile["n"] else None
    for finding in figures["findings"]:
        finding["link"] = _finding(week, finding, surveys, scope)
    for pain in figures["pain_points"]:
        pain["link"] = address(
            week, source="response", complaint=pain["theme"], **_counted("all", "all", scope)
        )
        for place in (*pain["places"], *pain["by_region"]):
            place["link"] = _complaints(week, pain["theme"], place.get("level", "region"), place, scope)
        _link_points(pain["points"], partial(address, week))
    for decision in figures["decisions"]:
        decision["link"] = _decision(decision, scope)
    _link_groups(figures, week, scope)
    exits = figures["exit"]
    exits["link"] = address(week, source="response", survey=surveys.get("exit", [])) if exits["n"] else None
    exits["links"] = {code: address(week, source="response", reason=code) for code in exits["reasons"]}
    found = figures["mentions"]
    found["link"] = address(week, source="mention") if found["n"] else None


def _link_groups(figures: Figures, week: str | list[str], scope: Scope) -> None:
    """The tables by group, and those of a report of one theme."""
    for name, level in ROWS.items():
        for row in figures[name]:
            here: dict[str, Any] = _group(level, row["group"])
            is_followed = not row["suppressed"] and _is_known(level, row["group"])
            row["link"] = _address(week, scope, source="response", **here) if is_followed else None
            for theme in row.get("themes", ()):
                theme["link"] = _complaints(week, theme["theme"], level, row, scope)
    for name, level in AT.items() if "theme" in figures else ():
        for row in figures["theme"][name]:
            row["link"] = _complaints(week, figures["theme"]["code"], level, row, scope)


def _complaints(week: str | list[str], theme: str, level: Level, row: Figures, scope: Scope) -> str | None:
    """The complaints about a theme in a group that is told."""
    if row.get("suppressed") or not _is_known(level, row["group"]):
        return None
    chosen = _counted(level, row["group"], scope)
    return _address(week, scope, source="response", complaint=theme, **chosen)


def _is_known(level: Level, group: str) -> bool:
    """Whether the inbox has such a group: nobody wrote in no language, nor does it name what is not understood yet."""
    return level != "language" or group != UNKNOWN


def _link_points(points: Iterable[Figures], address: Callable[..., str]) -> None:
    """Single pain points, in each of their languages and places."""
    for point in points:
        about = {"source": "response", "pain": point["pain_point"]}
        point["link"] = address(**about)
        for each in point["languages"]["named"]:
            each["link"] = address(**about, language=each["language"])
        for place in point["places"]:
            place["link"] = address(**about, **_group(place["level"], place["group"]))


def _decision(decision: Figures, scope: Scope) -> str | None:
    if decision["since"]["suppressed"]:
        return None
    first = Week.parse(decision["week"])
    weeks = [str(first.previous(-at)) for at in range(decision["since"]["weeks"])]
    if decision["pain_point"]:
        return _address(weeks, scope, source="response", pain=decision["pain_point"])
    chosen = _counted("all", "all", scope)
    return _address(weeks, scope, source="response", complaint=decision["theme"], **chosen)


def _finding(
    week: str | list[str], finding: Figures, surveys: Mapping[str, list[str]], scope: Scope
) -> str | None:
    if finding["now"]["x"] is None and finding["kind"] not in {"score", "standing"}:
        return None
    if not _is_known(finding["level"], finding["group"]):
        return None
    chosen: dict[str, Any] = _group(finding["level"], finding["group"])
    if finding["kind"] == "standing":
        week = [str(Week.parse(str(week)).previous(ago)) for ago in reversed(range(STEADY))]
    if finding["theme"]:
        chosen |= _counted(finding["level"], finding["group"], scope)
        chosen["complaint"] = finding["theme"]
    elif finding["pain_point"]:
        chosen["pain"] = finding["pain_point"]
    elif finding["reason"]:
        chosen["reason"] = finding["reason"]
    elif finding["metric"]:
        chosen["survey"] = surveys.get(finding["metric"], [])
    return _address(week, scope, source="response", **chosen)


def _group(level: Level, group: str) -> dict[str, str]:
    return {} if level == "all" else {NAMED[level]: group}


def _counted(level: Level, group: str, scope: Scope) -> dict[str, str]:
    """A theme's people in a group or a scope: who complained first elsewhere in the week is counted there."""
    return {**_group(level, group), "person": "first"} if scope or level != "all" else {}


ROWS: Mapping[str, Level] = {
    "continents": "continent", "regions": "region", "cultures": "culture", "languages": "language",
    "touchpoints": "touchpoint", "segments": "segment",
}  # fmt: skip
