"""The calendar of complaints in words: a row for each theme, a cell for each week, and what colours and hatching mean."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from surveys.digests import charts, sentences
from surveys.digests.heat import ROWS
from surveys.digests.page_one import mirrored
from surveys.digests.sentences import Figures
from surveys.i18n import gettext as _
from surveys.i18n import month_day, number, percent
from surveys.names import theme_name
from surveys.weeks import Week


def heat(figures: Figures) -> dict[str, Any] | None:
    """The calendar of an edition; None where it has none (also one made before there were any)."""
    rows = [pain for pain in figures["pain_points"][:ROWS] if pain.get("weeks")]
    if not rows:
        return None
    most, now = figures["axes"]["heat"], figures["week"]
    cells = [week for pain in rows for week in pain["weeks"]]
    ends = {"low": percent(0), "high": percent(most / 100)}
    scale = _("%(low)s to %(high)s of that week’s answers; darker is more") % ends
    keys = [(charts.heat_scale(scale, mirrored=mirrored()), scale)]
    few = _("fewer than %(k)s people, or a week that would reveal them") % {"k": number(figures["k"])}
    if any(week["suppressed"] for week in cells):
        keys.append((charts.blank_cell(few, is_hidden=True, mirrored=mirrored()), few))
    if any(week["share"] is None and not week["suppressed"] for week in cells):
        blank = _("no answers, or something else was asked")
        keys.append((charts.blank_cell(blank, mirrored=mirrored()), blank))
    return {
        "title": _("Complaints week by week"),
        "weeks": [_head(week, is_now=week["week"] == now) for week in rows[0]["weeks"]],
        "answers": [_answers(weeks) for weeks in zip(*(pain["weeks"] for pain in rows), strict=True)],
        "rows": [
            (
                theme_name(pain["theme"]),
                [_cell(week, most, few, is_now=week["week"] == now) for week in pain["weeks"]],
            )
            for pain in rows
        ],
        "keys": [{"chart": chart, "said": words} for chart, words in keys],
        "now": _("Weeks by number, with their Mondays. The outlined week is this one."),
    }


def _head(week: Figures, *, is_now: bool) -> Figures:
    found = Week.parse(week["week"])
    return {
        "number": number(found.number),
        "day": month_day(date.fromisoformat(week["from"])),
        "is_now": is_now,
    }


def _answers(weeks: Sequence[Figures]) -> str:
    """Of how many answers the shares of a week are, the same for all themes; a dash where none is told."""
    return next((number(week["n"]) for week in weeks if week["share"] is not None), "–")


def _cell(week: Figures, most: float, few: str, *, is_now: bool) -> Figures:
    """A share on its shade; without one a picture, hatched or blank."""
    if week["suppressed"]:
        said = few
    elif not week["compared"]:
        said = _("not compared")
    elif week["share"] is None:
        said = _("no answers")
    else:
        said = sentences.shares(week)
    title, share = sentences.labelled(week["week"], said), week["share"]
    step = None if share is None else charts.shade(share, most)
    return {
        "said": title,
        "share": None if share is None else sentences.share_of(share),
        "step": step,
        "is_dark": step is not None and step >= charts.DARK_FROM,
        "chart": charts.blank_cell(title, is_hidden=week["suppressed"], mirrored=mirrored())
        if share is None
        else None,
        "is_now": is_now,
    }
