"""An edition laid out: its figures with their charts and words, as templates/digests/report.html takes them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from markupsafe import Markup

from surveys.digests import charts, headline, sentences
from surveys.digests.accuracy import accuracy_lines
from surveys.digests.charts import Axis
from surveys.digests.decision_lines import ON_PAGE_ONE, decision_lines
from surveys.digests.group_moves import badge, moved_in_groups
from surveys.digests.heat_lines import heat
from surveys.digests.marking_lines import words_note
from surveys.digests.notes import notes, themes_of
from surveys.digests.page_one import (
    TILES,
    TOP,
    laid_pain,
    laid_tile,
    mirrored,
    scope_said,
    share_axis,
)
from surveys.digests.point_lines import THEMES, decided_at, point_rows
from surveys.digests.quote_columns import quote_columns
from surveys.digests.sentences import Figures
from surveys.digests.worldmap import Spot, world
from surveys.i18n import day_range, ngettext, number, percent
from surveys.i18n import gettext as _
from surveys.names import (
    alphabetical,
    country_name,
    culture_name,
    exit_reason_name,
    region_name,
    sentiment_name,
    theme_name,
)

ROW_WIDTH, BAR_WIDTH = 32.0, 26.0


def laid_out(figures: Figures) -> dict[str, Any]:
    """Everything the template shows, in the current language."""
    pains = figures["pain_points"]
    axis = share_axis(pains)
    decided = decision_lines(figures)
    usual = figures["tiles"]["nps"]["change"]
    reach = _reach([*figures["regions"], *figures["cultures"]])
    return {
        "figures": figures,
        "headline": headline.headline(figures),
        "tiles": [laid_tile(name, figures) for name in TILES],
        "top": [laid_pain(pain, axis) for pain in pains[:TOP]],
        "pains": _pains(figures),
        "asked": headline.asked(figures),
        "decided": decided[:ON_PAGE_ONE],
        "all_decided": decided if len(decided) > ON_PAGE_ONE else [],
        "moved": moved_in_groups(figures),
        "map": _map(figures["regions"]),
        "regions": _group_rows(figures["regions"], region_name, reach, usual),
        "multiples": _multiples(pains[:TOP]),
        "heat": heat(figures),
        "cultures": _group_rows(figures["cultures"], culture_name, reach, usual),
        "change_axis": _("%(low)s to %(high)s points")
        % {"low": sentences.signed(-reach), "high": sentences.signed(reach)},
        "share_axis": _("%(low)s to %(high)s") % {"low": percent(0), "high": percent(axis.high / 100)},
        "quotes": quote_columns(figures["quotes"]),
        "exit": _exit(figures["exit"]),
        "moods": _moods(figures["mentions"]),
        "mention_numbers": _mention_numbers(figures["mentions"]),
        "quality": _quality(figures),
        "notes": notes(figures),
        "themes_of": themes_of(figures),
        "words_note": words_note(figures),
        "accuracy": accuracy_lines(figures),
        "hidden": _hidden(figures["suppressed"]),
        "scope_said": scope_said(figures),
        "period": day_range(date.fromisoformat(figures["from"]), date.fromisoformat(figures["to"])),
        "sign": charts.sign,
        "theme_name": theme_name,
    }


def _pains(figures: Figures) -> list[Figures]:
    """Every theme with the pain points in it and what was decided about each."""
    pains, decided = figures["pain_points"], decided_at(figures)
    axis = share_axis(pains, BAR_WIDTH)
    return [
        {
            **laid_pain(pain, axis),
            "decided": decided.get((pain["theme"], None), []),
            "within": [
                {**row, "decided": decided.get((pain["theme"], row["pain_point"]), [])}
                for row in (point_rows(pain, axis) if at < THEMES else ())
            ],
        }
        for at, pain in enumerate(pains)
    ]


def _map(regions: list[Figures]) -> Markup | None:
    spots = {
        row["group"]: Spot(
            row["responses"] or 0, "suppressed" if row["suppressed"] else row["change"]["arrow"]
        )
        for row in regions
    }
    return world(spots, _("Map of the world: answers by region. The table beside it says the same."))


def _reach(rows: list[Figures]) -> float:
    """How far the one axis of all changes goes to either side: a round number beyond the longest whisker."""
    deltas = [abs(row["change"][end]) for row in rows if row["status"] == "ok" for end in ("low", "high")]
    return max(10.0, 10.0 * (max(deltas, default=0.0) // 10 + 1))


def _group_rows(
    rows: list[Figures], named: Callable[[str], str], reach: float, everybody: Figures
) -> list[Figures]:
    """Rows by how far they moved, those that cannot be judged after them by name; never by level."""
    axis = Axis(-reach, reach, ROW_WIDTH)
    return sorted((_group_row(row, named, axis, everybody) for row in rows), key=lambda row: row["order"])


def _group_row(row: Figures, named: Callable[[str], str], axis: Axis, everybody: Figures) -> Figures:
    name = named(row["group"])
    place = alphabetical(name)
    last = row["group"] in ("unknown", "unassigned")
    if row["suppressed"]:
        return {"name": name, "suppressed": True, "order": (4 if last else 3, 0.0, place)}
    change, nps = row["change"], row["nps"]
    judged = row["status"] == "ok"
    score = None if nps.get("suppressed") else sentences.score("nps", nps)
    return {
        "name": name,
        "suppressed": False,
        "order": (0, -abs(change["delta"]), place) if judged else (2 if last else 1, 0.0, place),
        "n": number(row["responses"]),
        "score": score,
        "nps_n": None if nps.get("suppressed") else number(nps["n"]),
        "before": sentences.signed(row["before"]["score"]) if row["before"] else None,
        "verdict": sentences.group_verdict(change, everybody),
        "arrow": change["arrow"],
        "chart": charts.change_whisker(
            change["delta"],
            (change["low"], change["high"]),
            axis,
            sentences.labelled(name, sentences.verdict(change)),
            arrow=change["arrow"],
            mirrored=mirrored(),
        )
        if judged
        else None,
        "themes": [
            {
                "name": theme_name(each["theme"]),
                "share": percent(each["share"] / 100),
                "badge": badge(each["badge"]),
            }
            for each in row["themes"]
        ],
        "countries": [
            {"name": country_name(each["country"]), "n": number(each["n"])} for each in row["countries"]
        ],
    }


def _multiples(pains: list[Figures]) -> Figures | None:
    """The first pain points by region, all on one axis; regions in the order of their names."""
    if not pains or not pains[0]["by_region"]:
        return None
    highest = max(each["high"] for pain in pains for each in pain["by_region"])
    axis = Axis(0.0, max(10.0, 10.0 * (highest // 10 + 1)), 34.0)
    rows: dict[str, list[Figures]] = {}
    for pain in pains:
        clear = {place["group"] for place in pain["standing_out"]}
        for each in pain["by_region"]:
            rows.setdefault(each["group"], []).append(
                {
                    "chart": charts.share_bar(
                        each["share"],
                        (each["low"], each["high"]),
                        axis,
                        sentences.shares(each),
                        height=3.4,
                        mirrored=mirrored(),
                    ),
                    "share": percent(each["share"] / 100),
                    "stands_out": each["group"] in clear,
                }
            )
    named = [(region_name(code), cells) for code, cells in rows.items()]
    ends = {"low": percent(0), "high": percent(axis.high / 100)}
    return {
        "themes": [theme_name(pain["theme"]) for pain in pains],
        "rows": sorted(named, key=lambda row: alphabetical(row[0])),
        "axis": _("%(low)s to %(high)s") % ends,
    }


def _exit(found: Figures) -> Figures:
    if not found["n"]:
        return {"n": found["n"], "suppressed": found["suppressed"], "rows": [], "involuntary": None}
    chosen = {code: n for code, n in found["reasons"].items() if code not in found["involuntary"]}
    axis = Axis(0.0, max(chosen.values(), default=1), 70.0)
    rows = [
        {
            "name": exit_reason_name(code),
            "n": number(n),
            "chart": charts.count_bar(
                n, axis, sentences.labelled(exit_reason_name(code), number(n)), mirrored=mirrored()
            ),
        }
        for code, n in sorted(chosen.items(), key=lambda item: (-item[1], item[0]))
    ]
    failed = sum(found["involuntary"].values())
    sentence = ngettext(
        "%(num)s customer left because a payment failed, without choosing to leave.",
        "%(num)s customers left because a payment failed, without choosing to leave.",
        failed,
    ) % {"num": number(failed)}
    return {
        "n": number(found["n"]),
        "suppressed": False,
        "rows": rows,
        "involuntary": sentence if failed else None,
    }


def _moods(found: Figures) -> Figures | None:
    if not found.get("analysed"):
        return None
    parts = [(mood, found["moods"].get(mood, 0)) for mood in charts.MOOD_ORDER]
    parts = [(mood, n) for mood, n in parts if n]
    title = _("Sentiment of the mentions. The table under it says the same.")
    return {
        "chart": charts.mood_bar(parts, 174.0, title, mirrored=mirrored()),
        "rows": [
            {
                "name": sentiment_name(mood),
                "swatch": charts.swatch(mood, sentiment_name(mood)),
                "n": number(n),
                "share": percent(n / found["analysed"]),
            }
            for mood, n in parts
        ],
    }


def _mention_numbers(found: Figures) -> list[Figures]:
    """The four numbers of the mentions page."""
    if not found["n"]:
        return []
    numbers: list[Figures] = [
        {"name": _("Mentions"), "value": number(found["n"]), "note": _("copies counted once")},
        {"name": _("Authors"), "value": number(found["authors"]), "note": None},
    ]
    if found["analysed"]:
        numbers += [
            {
                "name": _("Negative"),
                "value": percent(found["negative"] / 100),
                "note": _("95%% interval %(low)s to %(high)s")
                % {"low": percent(found["low"] / 100), "high": percent(found["high"] / 100)},
            },
            {
                "name": _("Net sentiment"),
                "value": sentences.signed(found["net"]),
                "note": _("positive less negative, in percent of all"),
            },
        ]
    return numbers


def _quality(figures: Figures) -> list[tuple[str, str]]:
    checked, words = figures["quality"], figures["quality"]["words"]

    def counted(count: int) -> str:
        if not words:
            return number(count)
        return sentences.noted(number(count), percent(count / words))

    return [
        (_("Comments and mentions read"), number(words)),
        (_("Not yet understood"), counted(checked["unanalysed"])),
        (_("In a language that could not be told"), counted(checked["unknown_language"])),
        (_("Of a sentiment that could not be told"), counted(checked["unknown_sentiment"])),
        (_("Answers broken off after the score, counted"), number(checked["partial"])),
    ]


def _hidden(groups: list[Figures]) -> list[str]:
    """What is not shown, a line for each kind of group."""
    kinds = (
        ("region", _("Region"), region_name),
        ("culture", _("Culture cluster (by country)"), culture_name),
        ("segment", _("Segment"), str),
        ("survey", _("Survey"), str),
    )
    lines = []
    for level, title, named in kinds:
        names = [named(group["group"]) for group in groups if group["level"] == level]
        if names:
            lines.append(sentences.labelled(title, sentences.listed(sorted(names, key=alphabetical))))
    return lines
