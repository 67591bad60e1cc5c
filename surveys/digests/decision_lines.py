"""Decisions in words: what was decided about what, who sees to it, and the share that complained before and since."""

from typing import Any, Final

from markupsafe import Markup

from surveys.digests import charts, sentences
from surveys.digests.charts import Axis
from surveys.digests.direction import text_direction
from surveys.digests.headline import pain_name
from surveys.digests.sentences import Figures
from surveys.i18n import current
from surveys.i18n import gettext as _
from surveys.names import theme_name

# What page one has room for; the others stand on a page of their own.
ON_PAGE_ONE: Final = 2
WIDTH: Final = 30.0


def decision_lines(figures: Figures) -> list[Figures]:
    """Each decision as it is read; none for an edition made before there were any."""
    decided = figures.get("decisions", [])
    titles = figures.get("pain_titles", {})
    axis = _axis(decided)
    return [_line(each, figures if each["pain_point"] in titles else None, axis) for each in decided]


def _axis(decided: list[Figures]) -> Axis:
    sides = [each[side] for each in decided for side in ("before", "since")]
    longest = max((side["high"] for side in sides if side["high"] is not None), default=10.0)
    return Axis(0.0, max(5.0, 5.0 * (longest // 5 + 1)), WIDTH)


def _line(each: Figures, titled: Figures | None, axis: Axis) -> Figures:
    before, since = (
        sentences.labelled(label, _share(each[side], each["change"])) for label, side in _sides()
    )
    verdict = sentences.verdict(each["change"])
    return {
        "about": pain_name(each["pain_point"], titled) if titled else theme_name(each["theme"]),
        "sentence": each["sentence"],
        "dir": text_direction(each["sentence"]),
        "standing": _standing(each),
        "overdue": each["overdue"],
        "before": before,
        "since": since,
        "link": each.get("link"),
        "verdict": verdict,
        "arrow": each["change"]["arrow"],
        "chart": _chart(each, since, axis),
    }


def _sides() -> tuple[tuple[str, str], tuple[str, str]]:
    return (_("Before"), "before"), (_("Since then"), "since")


def _standing(each: Figures) -> str:
    """Who sees to it and how it stands."""
    words = {"owner": each["owner"], "due": each["due_week"], "week": each["closed_week"]}
    if each["state"] == "done":
        return _("%(owner)s, done in %(week)s") % words
    if each["state"] == "dropped":
        return _("%(owner)s, dropped in %(week)s") % words
    if each["overdue"]:
        return _("%(owner)s, due %(due)s and overdue") % words
    return _("%(owner)s, due %(due)s") % words


def _share(side: Figures, change: Figures) -> str:
    if side["suppressed"]:
        return sentences.hidden()
    if side["share"] is not None:
        return sentences.shares(side)
    # What was asked in other words is not put beside what is asked now.
    return _("no answers") if change["reason"] in {"tested", "too_few"} else sentences.why_not(change)


def _chart(each: Figures, title: str, axis: Axis) -> Markup | None:
    now: dict[str, Any] = each["since"]
    if now["share"] is None:
        return None
    return charts.share_bar(
        now["share"],
        (now["low"], now["high"]),
        axis,
        title,
        before=each["before"]["share"],
        height=3.4,
        mirrored=current().direction == "rtl",
    )
