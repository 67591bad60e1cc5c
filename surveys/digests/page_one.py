"""Page one laid out: the tiles, the pain points, a quote for each; also what the mail says."""

from datetime import date
from typing import Any, Final

from markupsafe import Markup

from surveys.digests import charts, headline, sentences
from surveys.digests.charts import Axis
from surveys.digests.decision_lines import ON_PAGE_ONE, decision_lines
from surveys.digests.direction import text_direction
from surveys.digests.marking_lines import words_line
from surveys.digests.point_lines import leading
from surveys.digests.sentences import Figures
from surveys.i18n import capitalised, current, day_range, number
from surveys.i18n import gettext as _
from surveys.names import code_name, metric_name, region_name, spoken_language_name, theme_name
from surveys.quoting import is_wide, shortened_round

# The span of each score's own scale, and the point that divides it.
SCALES: Final = {"nps": (-100.0, 100.0, 0.0), "csat": (0.0, 100.0, None), "ces": (1.0, 7.0, 4.0)}
TILE_WIDTH, PAIN_WIDTH, ROW_WIDTH = 36.0, 52.0, 46.0
TOP: Final = 3
# There is room for the surest; the table names more.
PLACES: Final = 1
TILES: Final = ("nps", "csat", "ces", "responses")


def mail_page(figures: Figures) -> dict[str, Any]:
    """Page one without its charts, for the mail's text and HTML."""
    return {
        "headline": headline.headline(figures),
        "preliminary": figures["status"] == "preliminary",
        "scope": scope_said(figures),
        "zone": figures["zone"],
        "period": day_range(date.fromisoformat(figures["from"]), date.fromisoformat(figures["to"])),
        "tiles": [laid_tile(name, figures) for name in TILES],
        "top": [laid_pain(pain, share_axis(figures["pain_points"])) for pain in figures["pain_points"][:TOP]],
        "asked": headline.asked(figures),
        "decided": decision_lines(figures)[:ON_PAGE_ONE],
    }


def scope_said(figures: Figures) -> str | None:
    """What the edition is limited to; None where it tells of everything."""
    scope = figures.get("scope")
    if not scope:
        return None
    named = [*map(region_name, scope["regions"]), *scope["surveys"], *map(code_name, scope["segments"])]
    return _("Only answers of: %(what)s.") % {"what": sentences.listed(named)}


def mirrored() -> bool:
    """Whether the edition runs from right to left."""
    return current().direction == "rtl"


def share_axis(pains: list[Figures], width: float = PAIN_WIDTH) -> Axis:
    """One axis for all shares of an edition, from zero to a round number above the longest whisker."""
    longest = max((pain["now"]["high"] for pain in pains), default=10.0)
    return Axis(0.0, max(5.0, 5.0 * (longest // 5 + 1)), width)


def laid_tile(metric: str, figures: Figures) -> Figures:
    """One tile: its figure, interval, whisker, and how it moved."""
    tile = figures["tiles"][metric]
    name = _("Answers") if metric == "responses" else metric_name(metric)
    value = None if tile["suppressed"] else sentences.score(metric, tile)
    if value is None:
        word = sentences.hidden() if tile["suppressed"] else _("no answers")
        return {
            "name": name,
            "value": None,
            "word": word,
            "said": sentences.labelled(name, word),
            "chart": None,
            "changes": [],
            "interval": None,
            "n": None,
            "link": None,
        }
    # The first sentence of an edition without a past says so, once.
    interval, is_young = sentences.interval(metric, tile), not figures["weeks_before"]
    n = None if metric == "responses" else sentences.counted(tile["n"])
    said = value if n is None else sentences.noted(value, n)
    return {
        "name": name,
        "value": value,
        "word": None,
        "said": sentences.labelled(name, said),
        "n": n,
        "interval": interval,
        "chart": _tile_chart(metric, tile, interval or value),
        "link": tile.get("link"),
        "changes": _responses_changes(tile, is_young=is_young)
        if metric == "responses"
        else _score_changes(metric, tile, is_young=is_young),
    }


def _tile_chart(metric: str, tile: Figures, title: str) -> Markup:
    ends = None if tile["low"] is None or tile["high"] is None else (tile["low"], tile["high"])
    if metric == "responses":
        before, zero = (tile["mean_before"] or 0) * tile.get("weeks", 1) or None, None
        most = max(tile["high"], tile["change"].get("high") or 0, before or 0) * 1.1
        axis = Axis(0.0, most, TILE_WIDTH)
        return charts.whisker(tile["n"], ends, axis, title, before=before, zero=zero, mirrored=mirrored())
    low, high, zero = SCALES[metric]
    key, base = sentences.SCORES[metric], sentences.measured_from(metric, tile["before"], tile["change"])
    # Beside the score of all answers nothing is marked that only a part of them is measured from.
    is_whole = sentences.measured_to(metric, tile, tile["change"]) is tile
    before = base[key] if base and is_whole else None
    axis = Axis(low, high, TILE_WIDTH)
    return charts.whisker(tile[key], ends, axis, title, before=before, zero=zero, mirrored=mirrored())


def _score_changes(metric: str, tile: Figures, *, is_young: bool) -> list[Figures]:
    rows = []
    for key in ("change_last_week", "change"):
        change = tile[key]
        if is_young and change["reason"] == "history":
            continue
        if change["reason"] == "compared" or (change["against"] == "period_before" and not change["weeks"]):
            continue
        base = sentences.measured_from(metric, tile["before" if key == "change" else "last_week"], change)
        told = (sentences.score(metric, base), base["n"]) if base else (None, None)
        verdict = sentences.verdict_of_part(sentences.verdict(change), metric, tile, change)
        rows.append(_change_row(change, *told, verdict=verdict))
    return rows


def _change_row(
    change: Figures, base: str | None, n: int | None = None, *, verdict: str | None = None
) -> Figures:
    """How something moved, from a figure of so many answers, in parts for the page and as one phrase for the mail."""
    label, plain = sentences.against(change), sentences.verdict(change)
    verdict = verdict or plain
    counted = None if base is None or n is None else sentences.counted(n)
    # Where too few answered then, the verdict says how few.
    counted = None if counted and counted in plain else counted
    based = sentences.based(label, sentences.noted(base, counted) if base and counted else base)
    said = sentences.labelled(based, verdict)
    return {
        "label": label,
        "base": base,
        "n": counted,
        "verdict": verdict,
        "arrow": change["arrow"],
        "said": said,
    }


def _responses_changes(tile: Figures, *, is_young: bool) -> list[Figures]:
    change = tile["change"]
    rows = []
    if tile["last_week"] is not None:
        label, base = _("Last week"), number(tile["last_week"])
        said = sentences.based(label, base)
        rows.append({"label": label, "base": base, "n": None, "verdict": None, "arrow": None, "said": said})
    mean = tile["mean_before"]
    if not (is_young and change["reason"] == "history"):
        rows.append(_change_row(change, None if mean is None else _("%(n)s a week") % {"n": number(mean)}))
    return rows


def laid_pain(pain: Figures, axis: Axis) -> Figures:
    """One pain point: its share as words and bar, where it stands out, a quote."""
    row = pain_row(pain, axis)
    return row | {
        "change": None
        if pain["change"]["reason"] == "history"
        else _change_row(pain["change"], row["before"], pain["before"]["n"]),
        "where": sentences.together(sentences.places(pain, PLACES), sentences.impact(pain)),
        "among": sentences.among_detractors(pain),
        "since": sentences.since(pain),
        "more": _more(pain),
        "most": leading(pain),
        "words": words_line(pain),
        "stands_out": bool(pain["standing_out"]),
        "quote": laid_quote({**pain["quote"], "text": _for_page_one(pain["quote"])})
        if pain["quote"]
        else None,
    }


def pain_row(pain: Figures, axis: Axis) -> Figures:
    """What a table says of a pain point: on how many people it stands, its share, and how that moved."""
    now, before = pain["now"], pain["before"]
    shares = sentences.shares(now)
    return {
        "name": theme_name(pain["theme"]),
        "link": pain.get("link"),
        "shares": shares,
        "share": sentences.share_of(now["share"]),
        "x": number(now["x"]),
        "before": None if before["share"] is None else sentences.share_of(before["share"]),
        "verdict": sentences.verdict(pain["change"]),
        "arrow": pain["change"]["arrow"],
        "chart": charts.share_bar(
            now["share"],
            (now["low"], now["high"]),
            axis,
            shares,
            before=before["share"],
            mirrored=mirrored(),
        ),
        "points": sentences.points(pain),
        "points_between": sentences.points_between(pain),
    }


def pain_columns(pains: list[Figures]) -> dict[str, bool]:
    """Which columns of the table of pain points have something to say."""
    return {
        "before": any(
            each["before"]["share"] is not None for pain in pains for each in (pain, *pain.get("points", ()))
        ),
        "change": any(pain["change"]["reason"] != "history" for pain in pains),
        "points": any(sentences.points(pain) is not None for pain in pains),
    }


def _more(pain: Figures) -> str:
    """What stands under a theme in the table: who, since when and where."""
    among, between = sentences.among_detractors(pain), sentences.among_between(pain)
    where = sentences.places(pain) if pain["standing_out"] else None
    return " · ".join(said for said in (among, between, sentences.since(pain), where) if said)


def _for_page_one(quote: Figures) -> str:
    """Three quotes and what is asked share a page: a quote is cut sooner there, where letters are wide sooner still."""
    text = quote["text"]
    return shortened_round(text, quote.get("about") or "", 66 if is_wide(text) else 140)


def laid_quote(quote: Figures) -> Figures:
    """A quote with its language and direction."""
    code = quote["language"]
    return {
        "text": quote["text"],
        "lang": code if code not in ("und", "mixed", "unknown") else "und",
        "dir": text_direction(quote["text"]),
        "language": capitalised(spoken_language_name(code)),
        "region": region_name(quote["region"]) if quote["region"] else None,
    }
