"""A report laid out: the pages of the weekly edition, with a page of slopes for two periods or the pages of one theme."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from surveys.digests import charts, headline, sentences
from surveys.digests.charts import Axis
from surveys.digests.group_lines import LEFTOVERS, spoken_name
from surveys.digests.page import hidden_lines, laid_out
from surveys.digests.page_one import PLACES, SCALES, mirrored
from surveys.digests.page_room import is_crowded, is_full
from surveys.digests.period_words import period_name
from surveys.digests.point_lines import PointName, point_name
from surveys.digests.report_words import words
from surveys.digests.sentences import Figures
from surveys.digests.theme_rows import AT
from surveys.i18n import gettext as _
from surveys.i18n import number, percent
from surveys.names import (
    alphabetical,
    code_name,
    culture_name,
    metric_name,
    region_name,
    theme_name,
)

# What the weekly edition has none of.
NOTHING: dict[str, Any] = {"words": None, "slopes": None, "theme": None}
SLOPES, HEIGHT, BAR = 8, 12.0, 34.0


def laid_report(figures: Figures) -> dict[str, Any]:
    """Everything the template shows; a weekly edition is laid out as it is."""
    context = _laid(figures)
    return context | {"is_crowded": is_crowded(context), "is_full": is_full(context)}


def _laid(figures: Figures) -> dict[str, Any]:
    if "edition" not in figures:
        return laid_out(figures) | NOTHING
    edition = figures["edition"]
    told = _with_base(figures, edition["base"]["key"]) if edition["base"] else figures
    context = laid_out(told) | NOTHING | {"words": words(told)}
    if edition["base"]:
        context["slopes"] = _slopes(told)
    if edition["theme"]:
        context["theme"] = _theme(told)
        context["headline"] = _headline(told)
        context["hidden"] = _hidden(told)
        context["top"] = [
            {**laid, "where": _where(pain)}
            for laid, pain in zip(context["top"], told["pain_points"], strict=True)
        ]
    return context


def _with_base(figures: Figures, base: str) -> Figures:
    """The same, every change of which says by name what it is measured from."""
    told, named = deepcopy(figures), period_name(base)

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("against") in ("weeks_before", "own_past") and value.get("weeks"):
                value["named"] = named
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(told)
    return told


def _slopes(figures: Figures) -> Figures:
    edition = figures["edition"]
    rows = [
        row
        for metric in sentences.SCORES
        if (row := _score_slope(metric, figures["tiles"][metric])) is not None
    ]
    pains = [pain for pain in figures["pain_points"] if pain["before"]["share"] is not None][:SLOPES]
    highest = max((max(pain["now"]["high"], pain["before"]["share"]) for pain in pains), default=10.0)
    axis = Axis(0.0, max(5.0, 5.0 * (highest // 5 + 1)), HEIGHT)
    rows += [_share_slope(pain, axis) for pain in pains]
    return {
        "before": period_name(edition["base"]["key"]),
        "now": period_name(edition["period"]["key"]),
        "rows": rows,
    }


def _score_slope(metric: str, tile: Figures) -> Figures | None:
    key, base = sentences.SCORES[metric], sentences.measured_from(metric, tile["before"], tile["change"])
    now = sentences.measured_to(metric, tile, tile["change"])
    value = now.get(key)
    if tile["suppressed"] or value is None or not base:
        return None
    low, high, _zero = SCALES[metric]
    ends = None if now.get("low") is None else (now["low"], now["high"])
    said = [str(sentences.score(metric, each)) for each in (base, now)]
    return _slope(
        metric_name(metric),
        (base[key], value),
        ends,
        Axis(low, high, HEIGHT),
        said,
        tile["change"],
    ) | {"n": _counted(base, now)}


def _share_slope(pain: Figures, axis: Axis) -> Figures:
    now, before = pain["now"], pain["before"]["share"]
    said = [sentences.share_of(before), sentences.share_of(now["share"])]
    return _slope(
        theme_name(pain["theme"]),
        (before, now["share"]),
        (now["low"], now["high"]),
        axis,
        said,
        pain["change"],
        complaints=True,
    ) | {"n": _counted(pain["before"], now)}


def _counted(*sides: Figures) -> list[str]:
    return [sentences.counted(side["n"]) for side in sides]


def _slope(
    name: str,
    ends: tuple[float, float],
    interval: tuple[float, float] | None,
    axis: Axis,
    said: list[str],
    change: Figures,
    *,
    complaints: bool = False,
) -> Figures:
    verdict = sentences.verdict(change)
    return {
        "name": name,
        "before": said[0],
        "now": said[1],
        "verdict": verdict,
        "arrow": change["arrow"],
        "chart": charts.slope(
            *ends,
            interval,
            axis,
            sentences.labelled(name, verdict),
            arrow=change["arrow"],
            complaints=complaints,
            mirrored=mirrored(),
        ),
    }


def _headline(figures: Figures) -> list[str]:
    if not figures["tiles"]["responses"]["n"]:
        return headline.headline(figures)
    moved = headline.moved_themes(figures)
    if moved:
        return moved
    pain = next(iter(figures["pain_points"]), None)
    if pain is None:
        return [_("Fewer than %(k)s people complained about this theme.") % {"k": number(figures["k"])}]
    return [sentences.labelled(theme_name(pain["theme"]), sentences.shares(pain["now"]))]


def _theme(figures: Figures) -> Figures:
    found = figures["theme"]
    tables = (
        ("regions", _("By region"), _("Region"), region_name),
        ("cultures", _("By culture cluster"), _("Culture cluster (by country)"), culture_name),
        ("languages", _("By language"), _("Language"), spoken_name),
        ("touchpoints", _("By touchpoint"), _("Touchpoint"), code_name),
    )
    shown = [
        row for name, *_rest in tables for row in found[name] if not row["suppressed"] and not row["few"]
    ]
    highest = max((row["high"] for row in shown), default=0.0)
    axis = Axis(0.0, max(10.0, 10.0 * (highest // 10 + 1)), BAR)
    clear = _clear(figures)
    # Beneath the first of them it is said why a dash stands for a share.
    with_dash = next((name for name, *_rest in tables if any(row.get("few") for row in found[name])), None)
    return {
        "axis": _("%(low)s to %(high)s") % {"low": percent(0), "high": percent(axis.high / 100)},
        "tables": [
            {
                "title": title,
                "group": group,
                "rows": _rows(found[name], (name, clear), named, axis),
                "says_dash": name == with_dash,
                "is_hidden": any(row["suppressed"] for row in found[name]),
                "is_compared": any(
                    row["change"] and row["change"]["reason"] != "history"
                    for row in found[name]
                    if not row["suppressed"]
                ),
            }
            for name, title, group, named in tables
            if any(not row["suppressed"] for row in found[name])
        ],
        "pain_points": [_pain(pain, figures["pain_titles"]) for pain in found["pain_points"]],
    }


def _where(pain: Figures) -> str:
    """Where it stands out and what it goes along with: no table of all themes follows that gives the interval."""
    return sentences.together(sentences.places(pain, PLACES), sentences.impact_between(pain))


def _hidden(figures: Figures) -> list[str]:
    """The groups that the theme's own tables hide."""
    found = figures["theme"]
    groups = [
        {"level": level, "group": row["group"]}
        for name, level in AT.items()
        for row in found[name]
        if row["suppressed"]
    ]
    return hidden_lines(groups, tuple(AT.values()))


def _clear(figures: Figures) -> set[tuple[str, str]]:
    """Where it is clearly more frequent than elsewhere."""
    places = [place for pain in figures["pain_points"] for place in pain["places"]]
    return {(f"{place['level']}s", place["group"]) for place in places if place["change"]["arrow"] == "up"}


def _rows(
    rows: list[Figures], at: tuple[str, set[tuple[str, str]]], named: Callable[[str], str], axis: Axis
) -> list[Figures]:
    """Those that are told in the order of their names: a level is no rank; what is not known comes last."""
    name, clear = at
    told = [row for row in rows if not row["suppressed"]]
    ordered = sorted(told, key=lambda row: (row["group"] in LEFTOVERS, alphabetical(named(row["group"]))))
    return [
        _row(row, named(row["group"]), axis) | {"stands_out": (name, row["group"]) in clear}
        for row in ordered
    ]


def _row(row: Figures, name: str, axis: Axis) -> Figures:
    bar = charts.share_bar(
        row["share"], (row["low"], row["high"]), axis, sentences.shares(row), height=3.4, mirrored=mirrored()
    )
    change = row["change"]
    return {
        "name": name,
        "link": row.get("link"),
        "x": number(row["x"]),
        "n": number(row["n"]),
        "share": None if row["few"] else sentences.share_of(row["share"]),
        "chart": None if row["few"] else bar,
        "verdict": sentences.verdict(change) if change else None,
        "arrow": change["arrow"] if change else None,
    }


def _pain(pain: Figures, titles: Figures) -> Figures:
    before = pain["before"]["share"]
    return {
        "name": _point_name(pain, titles),
        "x": number(pain["now"]["x"]),
        "share": sentences.share_of(pain["now"]["share"]),
        "n": sentences.counted(pain["now"]["n"]),
        "before": None if before is None else sentences.share_of(before),
        "before_n": sentences.counted(pain["before"]["n"]),
        "is_compared": pain["change"]["reason"] != "history",
        "verdict": sentences.verdict(pain["change"]),
        "arrow": pain["change"]["arrow"],
    }


def _point_name(pain: Figures, titles: Figures) -> PointName | str:
    """A pain point's title or what somebody said; reports made before quotes were told call it by its number."""
    point = {"quote": None} | titles.get(pain["pain_point"], {}) | pain
    if point["quote"] or point.get("title") or point.get("known"):
        return point_name(point)
    return headline.pain_name(pain["pain_point"], {"pain_titles": titles})
