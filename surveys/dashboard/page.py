"""The dashboard laid out: figures with their charts, words and links, as templates/app/dashboard.html takes them."""

from collections.abc import Callable
from typing import Any, Final

from surveys.dashboard.choice import FILTERS, Choice
from surveys.dashboard.look import Seen
from surveys.dashboard.moved import moved_lines, whole_view
from surveys.dashboard.tables import group_tables
from surveys.digests import charts, headline, sentences
from surveys.digests.charts import Axis
from surveys.digests.compare import Figures
from surveys.digests.heat_lines import heat
from surveys.digests.marking_lines import words_note, words_said
from surveys.digests.multiples import multiples
from surveys.digests.notes import notes, untold_pasts
from surveys.digests.page_one import (
    TILES,
    TOP,
    laid_quote,
    laid_tile,
    mirrored,
    pain_columns,
    pain_row,
    share_axis,
)
from surveys.digests.reasons import other_reasons
from surveys.digests.worldmap import regions_map
from surveys.i18n import capitalised, day_range, instant, ngettext, number, percent
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
    spoken_language_name,
    theme_name,
)
from surveys.weeks import Week

BAR_WIDTH: Final = 30.0
WEEKS_OFFERED: Final = 53
NAMED: Final[dict[str, Callable[[str], str]]] = {
    "continent": region_name,
    "region": region_name,
    "country": country_name,
    "culture": culture_name,
    "language": lambda code: capitalised(spoken_language_name(code)),
    "touchpoint": code_name,
    "segment": code_name,
}


def laid_out(seen: Seen, this: Week) -> dict[str, Any]:
    """Everything the template shows, in the current language."""
    shown: dict[str, Any] = {
        "title": _title(seen),
        "week": isolated(str(seen.choice.week)),
        "period": day_range(seen.choice.week.monday, seen.choice.week.sunday),
        "fields": _fields(seen, this),
        "chips": _chips(seen),
        "unknown": _unknown(seen.choice),
        "is_empty": seen.first is None,
        "is_counted": seen.is_counted,
        "is_behind": seen.is_behind,
        "older": instant(seen.older, seen.zone) if seen.older else None,
        "making": seen.making,
        "again": seen.choice.address(),
        "figures": seen.figures,
    }
    return shown | (_figures(seen.figures, seen.choice) if seen.figures else {})


def isolated(code: str) -> str:
    """A code that is read from left to right, whatever stands beside it."""
    return f"\u2066{code}\u2069"


def _figures(figures: Figures, choice: Choice) -> dict[str, Any]:
    pains = figures["pain_points"]
    axis = share_axis(pains, BAR_WIDTH)
    return {
        "headline": headline.headline(figures, whole_view(choice.filters)),
        "tiles": [{**laid_tile(name, figures), "link": figures["tiles"][name]["link"]} for name in TILES],
        "findings": moved_lines(figures, choice.filters, NAMED),
        "pains": [
            {
                **pain_row(pain, axis),
                "where": sentences.places(pain) if pain["standing_out"] else None,
            }
            for pain in pains
        ],
        "pain_columns": pain_columns(pains),
        "are_themes_hidden": figures.get("are_themes_hidden", False),
        "pains_before": sentences.all_before(pains),
        "marked": [(theme_name(pain["theme"]), said) for pain in pains if (said := words_said(pain))],
        "words_note": words_note(figures),
        "quotes": _quotes(figures),
        "share_axis": _("%(low)s to %(high)s") % {"low": percent(0), "high": percent(axis.high / 100)},
        "heat": heat(figures),
        "multiples": None if "region" in choice.filters else multiples(pains[:TOP]),
        "map": regions_map(figures["regions"]),
        "tables": group_tables(figures, NAMED, choice.filters),
        "exit": _exit(figures["exit"]),
        "posts": _posts(figures["mentions"]),
        "quality": _quality(figures["quality"]),
        "notes": notes(figures),
        "untold_pasts": untold_pasts(figures),
        "hidden": bool(figures["suppressed"]),
        "sign": charts.sign,
    }


def _title(seen: Seen) -> str:
    if seen.figures is None:
        return _("Dashboard")
    return headline.headline(seen.figures, whole_view(seen.choice.filters))[0]


def _fields(seen: Seen, this: Week) -> list[Figures]:
    """The form: the weeks there are, and the values of each filter."""
    weeks = []
    if seen.first is not None:
        span = max(0, (this.monday - seen.first.monday).days // 7)
        weeks = [this.previous(ago) for ago in range(min(span + 1, WEEKS_OFFERED))]
    if seen.choice.week not in weeks:
        weeks.append(seen.choice.week)
    fields = [
        {
            "code": "week",
            "name": _("Week"),
            "every": None,
            "choices": [(str(week), _week_name(week), week == seen.choice.week) for week in weeks],
        }
    ]
    for name in FILTERS:
        values = [(value, _value_name(name, value, seen)) for value in seen.options.get(name, ())]
        if values or name in seen.choice.filters:
            chosen = seen.choice.filters.get(name)
            values = values or [(str(chosen), _value_name(name, str(chosen), seen))]
            values.sort(key=lambda pair: alphabetical(pair[1]))
            choices = [(value, told, value == chosen) for value, told in values]
            fields.append({"code": name, "name": filter_name(name), "every": _("All"), "choices": choices})
    return fields


def _week_name(week: Week) -> str:
    return sentences.noted(isolated(str(week)), day_range(week.monday, week.sunday))


def filter_name(name: str) -> str:
    """What a filter is called."""
    return {
        "region": _("Region"),
        "survey": _("Survey"),
        "language": _("Language"),
        "touchpoint": _("Touchpoint"),
        "segment": _("Segment"),
        "week": _("Week"),
    }[name]


def _value_name(name: str, value: str, seen: Seen) -> str:
    return seen.surveys.get(value, value) if name == "survey" else NAMED[name](value)


def _chips(seen: Seen) -> list[Figures]:
    return [
        {
            "text": sentences.labelled(filter_name(name), _value_name(name, value, seen)),
            "address": seen.choice.without(name).address(),
        }
        for name, value in seen.choice.filters.items()
    ]


def _unknown(choice: Choice) -> str | None:
    if not choice.unknown:
        return None
    told = [sentences.labelled(filter_name(name), value) for name, value in choice.unknown]
    return _("Not understood and left aside: %(filters)s") % {"filters": sentences.listed(told)}


def _quotes(figures: Figures) -> list[Figures]:
    """Quotes under their themes, in the order of the pain points, each leading to its comment among the others."""
    links = {pain["theme"]: pain["link"].partition("?")[2] for pain in figures["pain_points"]}
    by_theme: dict[str, list[Figures]] = {}
    for quote in figures["quotes"]:
        address = f"/inbox/{quote['verbatim']}?{links[quote['theme']]}"
        by_theme.setdefault(quote["theme"], []).append({**laid_quote(quote), "link": address})
    return [{"name": theme_name(code), "quotes": said} for code, said in by_theme.items()]


def _exit(found: Figures) -> Figures:
    chosen = {code: n for code, n in found["reasons"].items() if code not in found["involuntary"]}
    axis, others = Axis(0.0, max(chosen.values(), default=1), 60.0), found.get("others")
    failed = sum(found["involuntary"].values())
    return {
        "suppressed": found["suppressed"],
        "link": found["link"],
        "said": ngettext(
            "%(n)s person who leaves was asked why and answered.",
            "%(n)s people who leave were asked why and answered.",
            found["n"],
        )
        % {"n": number(found["n"])}
        if found["n"]
        else None,
        "rows": [
            {
                "name": exit_reason_name(code),
                "n": number(n),
                "link": found["links"][code],
                "chart": charts.count_bar(
                    n, axis, sentences.labelled(exit_reason_name(code), number(n)), mirrored=mirrored()
                ),
            }
            for code, n in sorted(chosen.items(), key=lambda item: (-item[1], item[0]))
        ],
        "others": sentences.labelled(
            other_reasons(),
            number(others),
        )
        if others
        else None,
        "involuntary": ngettext(
            "%(num)s customer left because a payment failed, without choosing to leave.",
            "%(num)s customers left because a payment failed, without choosing to leave.",
            failed,
        )
        % {"num": number(failed)}
        if failed
        else None,
    }


def _posts(found: Figures) -> Figures | None:
    """What was written elsewhere; None where filters are in use, which posts do not have."""
    if "authors" not in found and not found["suppressed"]:
        return None
    moods = [(mood, n) for mood in charts.MOOD_ORDER if (n := found.get("moods", {}).get(mood, 0))]
    told = found["negative"] is not None
    return {
        "suppressed": found["suppressed"],
        "n": number(found["n"]) if found["n"] else None,
        "link": found["link"],
        "authors": number(found["authors"] or 0),
        "negative": percent(found["negative"] / 100) if told else None,
        "interval": _("95%% interval %(low)s to %(high)s")
        % {"low": percent(found["low"] / 100), "high": percent(found["high"] / 100)}
        if told
        else None,
        "net": sentences.signed(found["net"]) if told else None,
        "chart": charts.mood_bar(
            moods,
            174.0,
            _("Sentiment of the mentions. The table after it says the same."),
            mirrored=mirrored(),
        )
        if moods
        else None,
        "moods": [
            {
                "name": sentiment_name(mood),
                "swatch": charts.swatch(mood, sentiment_name(mood)),
                "n": number(n),
                "share": percent(n / found["analysed"]),
                "link": f"{found['link']}&sentiment={mood}",
            }
            for mood, n in moods
        ],
        "sources": [(channel_name(row["source"]), number(row["n"])) for row in found["sources"]],
        "themes": [
            (theme_name(row["theme"]), number(row["authors"]), f"{found['link']}&complaint={row['theme']}")
            for row in found["themes"]
        ],
    }


def _quality(checked: Figures) -> list[tuple[str, str]]:
    def counted(name: str) -> str:
        count, share = checked[name], checked["shares"][name]
        return number(count) if share is None else sentences.noted(number(count), percent(share / 100))

    return [
        (_("Comments and mentions read"), number(checked["words"])),
        (_("Not yet understood"), counted("unanalysed")),
        (_("In a language that could not be told"), counted("unknown_language")),
        (_("Of a sentiment that could not be told"), counted("unknown_sentiment")),
        (_("Answers broken off after the score, counted"), number(checked["partial"])),
    ]
