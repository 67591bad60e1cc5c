"""An edition laid out: its figures with their charts and words, as templates/digests/report.html takes them."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from markupsafe import Markup

from surveys.digests import charts, sentences
from surveys.digests.charts import Axis
from surveys.digests.direction import text_direction
from surveys.digests.sentences import Figures
from surveys.digests.worldmap import Spot, world
from surveys.i18n import current, day_range, ngettext, number, percent
from surveys.i18n import gettext as _
from surveys.names import (
    country_name,
    culture_name,
    exit_reason_name,
    metric_name,
    region_name,
    sentiment_name,
    spoken_language_name,
    theme_name,
)

# The span of each score's own scale, and the point that divides it.
SCALES: Final = {"nps": (-100.0, 100.0, 0.0), "csat": (0.0, 100.0, None), "ces": (1.0, 7.0, 4.0)}
TILE_WIDTH, PAIN_WIDTH, ROW_WIDTH = 36.0, 52.0, 46.0
TOP: Final = 3
TILES: Final = ("nps", "csat", "ces", "responses")


def laid_out(figures: Figures) -> dict[str, Any]:
    """Everything the template shows, in the current language."""
    pains = figures["pain_points"]
    share_axis = _share_axis(pains)
    reach = _reach([*figures["regions"], *figures["cultures"]])
    return {
        "figures": figures,
        "headline": sentences.headline(figures),
        "tiles": [_tile(name, figures) for name in TILES],
        "top": [_pain(pain, share_axis) for pain in pains[:TOP]],
        "pains": [_pain(pain, _share_axis(pains, 30.0)) for pain in pains],
        "asked": sentences.asked(figures),
        "map": _map(figures["regions"]),
        "regions": _group_rows(figures["regions"], region_name, reach),
        "multiples": _multiples(pains[:TOP]),
        "cultures": _group_rows(figures["cultures"], culture_name, reach),
        "change_axis": _("%(low)s to %(high)s points")
        % {"low": sentences.signed(-reach), "high": sentences.signed(reach)},
        "share_axis": _("%(low)s to %(high)s") % {"low": percent(0), "high": percent(share_axis.high / 100)},
        "quotes": _quotes(figures["quotes"]),
        "exit": _exit(figures["exit"]),
        "moods": _moods(figures["mentions"]),
        "mention_numbers": _mention_numbers(figures["mentions"]),
        "quality": _quality(figures),
        "hidden": sentences.listed(_hidden(figures)),
        "period": day_range(date.fromisoformat(figures["from"]), date.fromisoformat(figures["to"])),
        "sign": charts.sign,
        "theme_name": theme_name,
    }


def mail_page(figures: Figures) -> dict[str, Any]:
    """Page one without its charts, for the mail's text and HTML."""
    return {
        "headline": sentences.headline(figures),
        "preliminary": figures["status"] == "preliminary",
        "period": day_range(date.fromisoformat(figures["from"]), date.fromisoformat(figures["to"])),
        "tiles": [_tile(name, figures) for name in TILES],
        "top": [_pain(pain, _share_axis(figures["pain_points"])) for pain in figures["pain_points"][:TOP]],
        "asked": sentences.asked(figures),
    }


def mirrored() -> bool:
    """Whether the edition runs from right to left."""
    return current().direction == "rtl"


def _share_axis(pains: list[Figures], width: float = PAIN_WIDTH) -> Axis:
    """One axis for all shares of an edition, from zero to a round number above the longest whisker."""
    longest = max((pain["now"]["high"] for pain in pains), default=10.0)
    return Axis(0.0, max(5.0, 5.0 * (longest // 5 + 1)), width)


def _tile(metric: str, figures: Figures) -> Figures:
    tile = figures["tiles"][metric]
    name = _("Answers") if metric == "responses" else metric_name(metric)
    value = None if tile["suppressed"] else sentences.score(metric, tile)
    if value is None:
        word = _("too few to show") if tile["suppressed"] else _("no answers")
        return {
            "name": name,
            "value": None,
            "word": word,
            "chart": None,
            "changes": [],
            "interval": None,
            "n": None,
        }
    interval = sentences.interval(metric, tile)
    return {
        "name": name,
        "value": value,
        "word": None,
        "n": None if metric == "responses" else sentences.unbroken(_("n = %(n)s") % {"n": number(tile["n"])}),
        "interval": interval,
        "chart": _tile_chart(metric, tile, interval or value),
        "changes": _responses_changes(tile) if metric == "responses" else _score_changes(metric, tile),
    }


def _tile_chart(metric: str, tile: Figures, title: str) -> Markup:
    ends = None if tile["low"] is None or tile["high"] is None else (tile["low"], tile["high"])
    if metric == "responses":
        most = max(tile["high"], tile["change"].get("high") or 0, tile["mean_before"] or 0) * 1.1
        axis = Axis(0.0, most, TILE_WIDTH)
        before, zero = tile["mean_before"], None
        return charts.whisker(tile["n"], ends, axis, title, before=before, zero=zero, mirrored=mirrored())
    low, high, zero = SCALES[metric]
    key = {"nps": "score", "csat": "percent", "ces": "mean"}[metric]
    before = tile["before"][key] if tile["before"] else None
    axis = Axis(low, high, TILE_WIDTH)
    return charts.whisker(tile[key], ends, axis, title, before=before, zero=zero, mirrored=mirrored())


def _score_changes(metric: str, tile: Figures) -> list[Figures]:
    rows = []
    for key in ("change_last_week", "change"):
        change = tile[key]
        base = tile["before" if key == "change" else "last_week"]
        rows.append(
            {
                "label": sentences.against(change),
                "base": sentences.score(metric, base) if base else None,
                "verdict": sentences.verdict(change),
                "arrow": change["arrow"],
            }
        )
    return rows


def _responses_changes(tile: Figures) -> list[Figures]:
    change = tile["change"]
    rows = []
    if tile["last_week"] is not None:
        rows.append(
            {"label": _("Last week"), "base": number(tile["last_week"]), "verdict": None, "arrow": None}
        )
    mean = tile["mean_before"]
    rows.append(
        {
            "label": sentences.against(change),
            "base": None if mean is None else _("%(n)s a week") % {"n": number(mean)},
            "verdict": sentences.verdict(change),
            "arrow": change["arrow"],
        }
    )
    return rows


def _pain(pain: Figures, axis: Axis) -> Figures:
    now, before = pain["now"], pain["before"]
    return {
        "name": theme_name(pain["theme"]),
        "shares": sentences.shares(now),
        "share": sentences.share_of(now["share"]),
        "x": number(now["x"]),
        "before": None if before["share"] is None else sentences.share_of(before["share"]),
        "verdict": sentences.verdict(pain["change"]),
        "arrow": pain["change"]["arrow"],
        "against": sentences.against(pain["change"]),
        "chart": charts.share_bar(
            now["share"],
            (now["low"], now["high"]),
            axis,
            sentences.shares(now),
            before=before["share"],
            mirrored=mirrored(),
        ),
        "impact": sentences.impact(pain),
        "points": sentences.signed(pain["impact"]["points"], 1)
        if pain["impact"] and pain["impact"]["points"] is not None
        else None,
        "places": sentences.places(pain),
        "stands_out": bool(pain["standing_out"]),
        "quote": _quote(pain["quote"]) if pain["quote"] else None,
    }


def _quote(quote: Figures) -> Figures:
    code = quote["language"]
    return {
        "text": quote["text"],
        "lang": code if code not in ("und", "mixed", "unknown") else "und",
        "dir": text_direction(quote["text"]),
        "language": spoken_language_name(code),
        "region": region_name(quote["region"]) if quote["region"] else None,
    }


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


def _group_rows(rows: list[Figures], named: Callable[[str], str], reach: float) -> list[Figures]:
    """Rows by how far they moved, those that cannot be judged after them by name; never by level."""
    axis = Axis(-reach, reach, ROW_WIDTH)
    return sorted((_group_row(row, named, axis) for row in rows), key=lambda row: row["order"])


def _group_row(row: Figures, named: Callable[[str], str], axis: Axis) -> Figures:
    name = named(row["group"])
    if row["suppressed"]:
        return {"name": name, "suppressed": True, "order": (3, 0.0, name)}
    change, nps = row["change"], row["nps"]
    judged = row["status"] == "ok"
    last = row["group"] in ("unknown", "unassigned")
    score = None if nps.get("suppressed") else sentences.score("nps", nps)
    return {
        "name": name,
        "suppressed": False,
        "order": (0, -abs(change["delta"]), name) if judged else (2 if last else 1, 0.0, name),
        "n": number(row["responses"]),
        "score": score,
        "nps_n": None if nps.get("suppressed") else number(nps["n"]),
        "before": sentences.signed(row["before"]["score"]) if row["before"] else None,
        "verdict": sentences.verdict(change),
        "arrow": change["arrow"],
        "chart": charts.change_whisker(
            change["delta"],
            (change["low"], change["high"]),
            axis,
            _("%(group)s: %(verdict)s") % {"group": name, "verdict": sentences.verdict(change)},
            arrow=change["arrow"],
            mirrored=mirrored(),
        )
        if judged
        else None,
        "themes": [
            {"name": theme_name(each["theme"]), "share": percent(each["share"] / 100)}
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
                    "clear": each["group"] in clear,
                }
            )
    named = sorted((region_name(code), cells) for code, cells in rows.items())
    ends = {"low": percent(0), "high": percent(axis.high / 100)}
    return {
        "themes": [theme_name(pain["theme"]) for pain in pains],
        "rows": named,
        "axis": _("%(low)s to %(high)s") % ends,
    }


def _quotes(quotes: list[Figures]) -> list[Figures]:
    """Quotes under their themes, in the order of the pain points."""
    by_theme: dict[str, list[Figures]] = {}
    for quote in quotes:
        by_theme.setdefault(quote["theme"], []).append(_quote(quote))
    return [{"name": theme_name(code), "quotes": said} for code, said in by_theme.items()]


def _exit(found: Figures) -> Figures:
    if not found["n"]:
        return {"n": found["n"], "suppressed": found["suppressed"], "rows": [], "involuntary": None}
    chosen = {code: n for code, n in found["reasons"].items() if code not in found["involuntary"]}
    axis = Axis(0.0, max(chosen.values(), default=1), 70.0)
    rows = [
        {
            "name": exit_reason_name(code),
            "n": number(n),
            "chart": charts.count_bar(n, axis, f"{exit_reason_name(code)}: {number(n)}", mirrored=mirrored()),
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
                "note": _("95 %% interval %(low)s to %(high)s")
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
        return _("%(n)s (%(share)s)") % {"n": number(count), "share": percent(count / words)}

    return [
        (_("Comments and mentions read"), number(words)),
        (_("Not yet understood"), counted(checked["unanalysed"])),
        (_("In a language that could not be told"), counted(checked["unknown_language"])),
        (_("Of a sentiment that could not be told"), counted(checked["unknown_sentiment"])),
        (_("Answers broken off after the score, counted"), number(checked["partial"])),
    ]


def _hidden(figures: Figures) -> list[str]:
    named = {"region": region_name, "culture": culture_name}
    return [named[group["level"]](group["group"]) for group in figures["suppressed"]]
