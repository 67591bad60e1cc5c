"""What emerges: complaints that are new or rising, of everybody and of groups, and beside them those to be watched."""

from typing import Final

from surveys.digests.group_moves import badge_word, is_hidden
from surveys.digests.group_names import group_name
from surveys.digests.headline import pain_name
from surveys.digests.sentences import Figures, share_of
from surveys.i18n import gettext as _
from surveys.i18n import number
from surveys.names import theme_name

LISTED: Final = 8


def emerging(figures: Figures) -> Figures | None:
    """New and rising complaints, the surest first; None where there is nothing that they could be new against.

    Nor where people complained, but of no theme so many that a change could be tested.
    """
    if not figures["weeks_before"] or not figures["tiles"]["responses"]["n"]:
        return None
    found = [
        each
        for each in figures["findings"]
        if each["kind"] in ("new", "rising") and not (each["level"] != "all" and is_hidden(each, figures))
    ]
    pains = figures["pain_points"]
    if pains and not found and not any(pain["change"]["reason"] == "tested" for pain in pains):
        return None
    found.sort(key=lambda each: (each["q"], -(each["delta"] or 0.0), -each["now"]["n"]))
    sure, maybe = ([each for each in found if each["flag"] == flag] for flag in ("alert", "watch"))
    return {
        "sure": [_line(each, figures) for each in sure[:LISTED]],
        "maybe": [_line(each, figures) for each in maybe[:LISTED]],
        "is_cut": len(sure) > LISTED or len(maybe) > LISTED,
    }


def _line(each: Figures, figures: Figures) -> Figures:
    now, before = each["now"], each["before"]
    return {
        "what": theme_name(each["theme"]) if each["theme"] else pain_name(each["pain_point"], figures),
        "where": _("everybody") if each["level"] == "all" else group_name(each["level"], each["group"]),
        "word": badge_word(each["kind"]),
        "link": each.get("link"),
        "before": None if before["share"] is None else share_of(before["share"]),
        "before_n": number(before["n"]),
        "now": None if now["share"] is None else share_of(now["share"]),
        "now_n": number(now["n"]),
    }
