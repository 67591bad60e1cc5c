"""The findings of a choice as they are read: what moved, where, by how much, how surely; what nearly did is to be watched."""

from collections.abc import Callable, Mapping
from typing import Final

from surveys.digests import charts, sentences
from surveys.digests.compare import Figures
from surveys.digests.group_moves import direction
from surveys.digests.group_names import level_name
from surveys.digests.headline import pain_name
from surveys.i18n import gettext as _
from surveys.i18n import number
from surveys.names import exit_reason_name, metric_name, theme_name

# Of a share; a score's change has as many decimals as the score.
DIGITS: Final = {"nps": 0, "csat": 0, "ces": 1}
SMALLEST_Q: Final = 0.001


def moved_lines(
    figures: Figures, filters: Mapping[str, str], named: Mapping[str, Callable[[str], str]]
) -> list[Figures]:
    """A line for each finding with a flag; a group that is the whole view is told once, as everybody."""
    whole = whole_view(filters)
    told = [each for each in figures["findings"] if each["flag"] != "none" and each["level"] not in whole]
    told.sort(key=lambda each: each["flag"] != "alert")
    return [_line(each, figures, named) for each in told]


def whole_view(filters: Mapping[str, str]) -> set[str]:
    """The levels of which one group is all that is looked at."""
    return {*filters, *(("continent",) if "region" in filters else ())}


def _line(each: Figures, figures: Figures, named: Mapping[str, Callable[[str], str]]) -> Figures:
    digits = DIGITS.get(each["metric"], 1)
    level = None if each["level"] == "all" else level_name(each["level"])
    shown = each["delta"] is not None
    verdict = _verdict(each)
    return {
        "what": _what(each, figures),
        "where": named[each["level"]](each["group"]) if level else _("Everybody"),
        "level": level,
        "x": None if each["now"]["x"] is None else number(each["now"]["x"]),
        "n": number(each["now"]["n"]),
        "link": each["link"],
        "delta": sentences.signed(each["delta"], digits) if shown else None,
        "interval": _("%(low)s to %(high)s")
        % {
            "low": sentences.signed(each["low"], digits),
            "high": sentences.signed(each["high"], digits),
        }
        if shown and each["low"] is not None and each["high"] is not None
        else None,
        "q": number(each["q"], 3) if each["q"] >= SMALLEST_Q else f"< {number(SMALLEST_Q, 3)}",
        "verdict": verdict,
        "flag": each["flag"],
        "sign": charts.sign(each["arrow"], verdict, complaints=each["metric"] in (None, "exit")),
    }


def _what(each: Figures, figures: Figures) -> str:
    """A score, a reason for leaving, complaints about a theme or a pain point in it."""
    if each["kind"] == "standing":
        return _("NPS over four weeks, beside how all others moved")
    if each["reason"]:
        return sentences.labelled(_("Reasons for leaving"), exit_reason_name(each["reason"]))
    if each["metric"]:
        return metric_name(each["metric"])
    if each["theme"]:
        return sentences.labelled(_("Complaints"), theme_name(each["theme"]))
    return sentences.labelled(_("Complaints"), pain_name(each["pain_point"], figures))


def _verdict(each: Figures) -> str:
    """In words; without beyond-chance certainty no direction is claimed."""
    if each["flag"] == "watch":
        fell = each["delta"] is None or each["delta"] < 0
        # Where so few are left that they are no figure, there were more.
        return _("perhaps fell, to be watched") if fell else _("perhaps rose, to be watched")
    return direction(each["kind"], each["arrow"])
