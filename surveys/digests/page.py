"""An edition laid out: its figures with their charts and words, as templates/digests/report.html takes them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from surveys.digests import charts, headline, sentences
from surveys.digests.accuracy import accuracy_lines, themes_line
from surveys.digests.charts import Axis
from surveys.digests.decision_lines import ON_PAGE_ONE, decision_lines
from surveys.digests.emerging import emerging
from surveys.digests.group_lines import group_table, measure, small_tables, spoken_within
from surveys.digests.group_moves import moved_in_groups
from surveys.digests.heat_lines import heat
from surveys.digests.marking_lines import words_note
from surveys.digests.multiples import multiples
from surveys.digests.notes import notes, themes_of, untold_detractors, untold_pasts, windows
from surveys.digests.page_one import (
    TILES,
    TOP,
    laid_pain,
    laid_tile,
    mirrored,
    pain_columns,
    scope_said,
    share_axis,
)
from surveys.digests.point_lines import THEMES, decided_at, point_rows
from surveys.digests.quote_columns import quote_columns
from surveys.digests.reasons import other_reasons
from surveys.digests.sentences import Figures
from surveys.digests.worldmap import regions_map
from surveys.i18n import day_range, ngettext, number, percent
from surveys.i18n import gettext as _
from surveys.names import (
    alphabetical,
    channel_name,
    code_name,
    country_name,
    culture_name,
    exit_reason_name,
    region_name,
    sentiment_name,
    theme_name,
)

# Without a change to tell there is room for longer bars.
BAR_WIDTH, WIDE_BAR = 26.0, 62.0
HIDDEN_AT = ("continent", "region", "country", "culture", "language", "touchpoint", "segment", "survey")


def laid_out(figures: Figures) -> dict[str, Any]:
    """Everything the template shows, in the current language."""
    pains = figures["pain_points"]
    axis = share_axis(pains)
    decided = decision_lines(figures)
    by = measure(figures)
    return {
        "figures": figures,
        "headline": headline.headline(figures),
        "tiles": [laid_tile(name, figures) for name in TILES],
        "top": [laid_pain(pain, axis) for pain in pains[:TOP]],
        "pains": _pains(figures),
        "pain_columns": pain_columns(pains),
        "asked": headline.asked(figures),
        "decided": decided[:ON_PAGE_ONE],
        "all_decided": decided if len(decided) > ON_PAGE_ONE else [],
        "moved": moved_in_groups(figures),
        "map": regions_map(figures["regions"]),
        "regions": group_table(figures["regions"], region_name, by),
        "multiples": multiples(pains[:TOP]),
        "heat": heat(figures),
        "cultures": group_table(figures["cultures"], culture_name, by),
        "small_tables": small_tables(figures, by),
        "emerging": emerging(figures),
        "share_axis": _("%(low)s to %(high)s") % {"low": percent(0), "high": percent(axis.high / 100)},
        "quotes": quote_columns(figures["quotes"]),
        "exit": _exit(figures["exit"]),
        "moods": _moods(figures["mentions"]),
        "mention_numbers": _mention_numbers(figures["mentions"]),
        "quality": _quality(figures),
        "notes": notes(figures),
        "themes_of": themes_of(figures),
        "windows": windows(figures),
        "pains_before": sentences.all_before(pains),
        "words_note": words_note(figures),
        "untold_detractors": untold_detractors(figures),
        "untold_pasts": untold_pasts(figures),
        "accuracy": accuracy_lines(figures),
        "themes_line": themes_line(figures),
        "hidden": hidden_lines(figures["suppressed"]),
        "scope_said": scope_said(figures),
        "period": day_range(date.fromisoformat(figures["from"]), date.fromisoformat(figures["to"])),
        "sign": charts.sign,
        "together": sentences.together,
        "theme_name": theme_name,
        "channel_name": channel_name,
    }


def _pains(figures: Figures) -> list[Figures]:
    """Every theme with the pain points in it and what was decided about each."""
    pains, decided = figures["pain_points"], decided_at(figures)
    columns = pain_columns(pains)
    axis = share_axis(pains, BAR_WIDTH if columns["change"] else WIDE_BAR)
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


def _exit(found: Figures) -> Figures:
    if not found["n"]:
        return {"n": found["n"], "suppressed": found["suppressed"], "rows": [], "involuntary": None}
    chosen = {code: n for code, n in found["reasons"].items() if code not in found["involuntary"]}
    axis = Axis(0.0, max([*chosen.values(), found.get("others") or 0, 1]), 70.0)
    rows = [
        {
            "name": exit_reason_name(code),
            "link": found.get("links", {}).get(code),
            "n": number(n),
            "chart": charts.count_bar(
                n, axis, sentences.labelled(exit_reason_name(code), number(n)), mirrored=mirrored()
            ),
        }
        for code, n in sorted(chosen.items(), key=lambda item: (-item[1], item[0]))
    ]
    if found.get("others"):
        rows.append(_others(found["others"], axis))
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


def _others(people: int, axis: Axis) -> Figures:
    """Reasons that are told only together."""
    name = other_reasons()
    said = sentences.labelled(name, number(people))
    return {
        "name": name,
        "n": number(people),
        "chart": charts.count_bar(people, axis, said, quiet=True, mirrored=mirrored()),
    }


def _moods(found: Figures) -> Figures | None:
    if not found["moods"]:
        return None
    parts = [(mood, found["moods"].get(mood, 0)) for mood in charts.MOOD_ORDER]
    parts = [(mood, n) for mood, n in parts if n]
    title = _("Sentiment of the mentions. The table after it says the same.")
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
        {
            "name": _("Mentions"),
            "value": number(found["n"]),
            "link": found.get("link"),
            "note": _copies(found["copies"]),
        },
        {"name": _("Authors"), "value": number(found["authors"]), "note": None},
    ]
    if found["negative"] is not None:
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


def _copies(copies: int) -> str:
    name = _("copies counted once")
    return sentences.labelled(name, number(copies)) if copies else name


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


def hidden_lines(groups: list[Figures], levels: tuple[str, ...] = HIDDEN_AT) -> list[str]:
    """What is not shown, a line for each kind of group."""
    kinds: dict[str, tuple[str, Callable[[str], str]]] = {
        "continent": (_("Continent"), region_name),
        "region": (_("Region"), region_name),
        "country": (_("Country"), country_name),
        "culture": (_("Culture cluster (by country)"), culture_name),
        "language": (_("Language"), spoken_within),
        "touchpoint": (_("Touchpoint"), code_name),
        "segment": (_("Segment"), code_name),
        "survey": (_("Survey"), str),
    }
    lines = []
    for level in levels:
        title, named = kinds[level]
        names = {named(each["group"]) for each in groups if each["level"] == level}
        if names:
            lines.append(sentences.labelled(title, sentences.listed(sorted(names, key=alphabetical))))
    return lines
