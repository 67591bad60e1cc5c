"""What an edition's figures say, in whole sentences of the current language.

Nothing here decides: arrows and reasons come from the figures (surveys/digests/compare.py).
"""

import re
from collections.abc import Callable
from typing import Any, Final

from babel.numbers import format_percent

from surveys.chance import NOW_AT_LEAST
from surveys.digests import report_words
from surveys.i18n import current, ngettext, number, percent, with_sign
from surveys.i18n import gettext as _
from surveys.names import region_name, theme_name

Figures = dict[str, Any]

# Sentences of these follow one another without a space.
UNSPACED: Final = ("ja", "zh")


def signed(value: float, digits: int = 0) -> str:
    """A number that may be below zero."""
    shown = number(value, digits)
    return with_sign(shown) if value < 0 else shown


def share_of(percentage: float) -> str:
    """A percentage (0 to 100) with one decimal, also where that is a nought."""
    locale = current().locale
    # Between number and sign stands what the language wants: nothing, a space, a narrow one.
    pattern = re.sub(r"0(\s*%)", r"0.0\1", locale.percent_formats[None].pattern)
    return with_sign(format_percent(percentage / 100, pattern, locale))


def labelled(name: str, value: str) -> str:
    """A value after its name."""
    return _("%(name)s: %(value)s") % {"name": name, "value": value}


def noted(value: str, note: str) -> str:
    """A value with what it stands on, or what it is of the whole."""
    return _("%(value)s (%(note)s)") % {"value": value, "note": note}


def based(label: str, base: str | None) -> str:
    """What a change is measured from, with its figure where there is one."""
    return label if base is None else f"{label} {base}"


def together(*said: str | None) -> str:
    """Sentences one after another."""
    gap = "" if current().locale.language in UNSPACED else " "
    return gap.join(sentence for sentence in said if sentence)


def unbroken(sentence: str) -> str:
    """Keeps `n = 7` on one line."""
    return sentence.replace(" = ", "\u00a0=\u00a0")


def score(metric: str, tile: Figures) -> str | None:
    """A metric's figure as it is read: NPS whole, CSAT in percent, CES with one decimal; None without answers."""
    values: dict[str, tuple[str, Callable[[float], str]]] = {
        "nps": ("score", signed),
        "csat": ("percent", lambda value: percent(value / 100)),
        "ces": ("mean", lambda value: number(value, 1)),
        "responses": ("n", number),
    }
    key, write = values[metric]
    value = tile.get(key)
    return None if value is None else write(value)


def interval(metric: str, tile: Figures) -> str | None:
    """The 95 % interval of a tile."""
    low, high = tile.get("low"), tile.get("high")
    if low is None or high is None:
        return None
    if metric == "csat":
        ends = percent(low / 100), percent(high / 100)
    elif metric == "ces":
        ends = number(low, 1), number(high, 1)
    else:
        ends = signed(low), signed(high)
    return _("95%% interval %(low)s to %(high)s") % {"low": ends[0], "high": ends[1]}


def verdict(change: Figures) -> str:
    """A change in words, with its certainty."""
    if change["arrow"] == "up":
        return _("rose, beyond chance")
    if change["arrow"] == "down":
        return _("fell, beyond chance")
    if change["arrow"] == "none":
        return _("no clear change")
    return why_not(change)


def why_not(change: Figures) -> str:
    """Why nothing is said about a change."""
    reasons = {
        "history": _("too little history"),
        "preliminary": _("the week is not over"),
        "wording": _("asked in other words before"),
        "languages": _("asked in other languages before"),
        "suppressed": _("too few to show"),
    }
    if change["reason"] in reasons:
        return reasons[change["reason"]]
    if change["n_now"] == 0:
        return _("no answers")
    if change["n_now"] < NOW_AT_LEAST:
        return unbroken(_("too few to say (n = %(n)s)") % {"n": number(change["n_now"])})
    return unbroken(_("too few before to say (n = %(n)s)") % {"n": number(change["n_base"])})


def against(change: Figures) -> str:
    """What a change is measured from."""
    if "named" in change:
        return str(change["named"])
    if change["against"] == "last_week":
        return _("Last week")
    weeks = change["weeks"]
    if not weeks:
        return _("Weeks before")
    return ngettext("%(num)s week before", "%(num)s weeks before", weeks) % {"num": number(weeks)}


def headline(figures: Figures) -> list[str]:
    """What happened, for whoever reads nothing else: one sentence, two when there are two things to say."""
    n = figures["tiles"]["responses"]["n"]
    if "edition" in figures and not n:
        return [report_words.nobody(figures)]
    if n is None:
        return [_("Too few people answered this week to say anything without telling them apart.")]
    if n == 0:
        return [_("Nobody answered this week.")]
    if figures["tiles"]["nps"].get("change", {}).get("reason") == "history" and not figures["weeks_before"]:
        return [_first_weeks(figures, n)]
    said = [*_moved_scores(figures), *moved_themes(figures)]
    if said:
        return said[:2]
    return [_quiet(figures, n)]


def _first_weeks(figures: Figures, n: int) -> str:
    top = figures["pain_points"][0] if figures["pain_points"] else None
    if top is None:
        return ngettext(
            "%(num)s answer came in; there is too little history to say what changed.",
            "%(num)s answers came in; there is too little history to say what changed.",
            n,
        ) % {"num": number(n)}
    return ngettext(
        "%(num)s answer came in; there is too little history to say what changed. Most complaints: %(theme)s.",
        "%(num)s answers came in; there is too little history to say what changed. Most complaints: %(theme)s.",
        n,
    ) % {"num": number(n), "theme": theme_name(top["theme"])}


def _quiet(figures: Figures, n: int) -> str:
    top = figures["pain_points"][0] if figures["pain_points"] else None
    if n < NOW_AT_LEAST:
        return ngettext(
            "Only %(num)s answer came in, too few to say what changed.",
            "Only %(num)s answers came in, too few to say what changed.",
            n,
        ) % {"num": number(n)}
    if "edition" in figures:
        return report_words.quiet(None if top is None else theme_name(top["theme"]))
    if top is None:
        return _("A quiet week: no score and no theme moved beyond chance.")
    return _("A quiet week: no score moved beyond chance, and the first pain point is: %(theme)s.") % {
        "theme": theme_name(top["theme"])
    }


def _moved_scores(figures: Figures) -> list[str]:
    said = []
    for metric in ("nps", "csat", "ces"):
        tile = figures["tiles"][metric]
        change = tile.get("change")
        if change and change["arrow"] in ("up", "down") and tile["before"]:
            said.append(
                _moved(metric, change["arrow"])
                % {"now": score(metric, tile), "before": score(metric, tile["before"])}
            )
    return said


def _moved(metric: str, arrow: str) -> str:
    fell = arrow == "down"
    if metric == "nps":
        return (
            _("Fewer customers would recommend us: NPS fell beyond chance, from %(before)s to %(now)s.")
            if fell
            else _("More customers would recommend us: NPS rose beyond chance, from %(before)s to %(now)s.")
        )
    if metric == "csat":
        return (
            _("Fewer customers are satisfied: CSAT fell beyond chance, from %(before)s to %(now)s.")
            if fell
            else _("More customers are satisfied: CSAT rose beyond chance, from %(before)s to %(now)s.")
        )
    return (
        _("Things became harder for customers: CES fell beyond chance, from %(before)s to %(now)s.")
        if fell
        else _("Things became easier for customers: CES rose beyond chance, from %(before)s to %(now)s.")
    )


def moved_themes(figures: Figures) -> list[str]:
    """The themes that moved beyond chance, a sentence each."""
    said = []
    for pain in figures["pain_points"]:
        arrow, words = pain["change"]["arrow"], {"theme": theme_name(pain["theme"])}
        if arrow not in ("up", "down"):
            continue
        words |= {
            "now": share_of(pain["now"]["share"]),
            "before": share_of(pain["before"]["share"]),
        }
        sentence = (
            _("%(theme)s: complaints rose beyond chance, from %(before)s to %(now)s of answers.")
            if arrow == "up"
            else _("%(theme)s: complaints fell beyond chance, from %(before)s to %(now)s of answers.")
        )
        said.append(sentence % words)
    return said


def places(pain: Figures) -> str:
    """Where a pain point stands out, or that it does not."""
    names = [region_name(place["group"]) for place in pain["standing_out"]]
    if not names:
        return _("No region stands out.")
    return _("More than elsewhere in: %(regions)s.") % {"regions": listed(names)}


def listed(names: list[str]) -> str:
    """Names in the list style of the language."""
    from babel.lists import format_list  # noqa: PLC0415 - only editions list names

    return str(format_list(names, locale=current().locale))


def shares(part: Figures) -> str:
    """A share with its counts."""
    return ngettext(
        "%(share)s of answers (%(x)s of %(num)s)", "%(share)s of answers (%(x)s of %(num)s)", part["n"]
    ) % {"share": share_of(part["share"]), "x": number(part["x"]), "num": number(part["n"])}


def impact(pain: Figures) -> str | None:
    """What a pain point goes along with in NPS, where ten answers or more name it."""
    found = pain["impact"]
    if found is None or found["points"] is None:
        return None
    return _("Goes with %(points)s points of NPS.") % {"points": signed(found["points"], 1)}


def asked(figures: Figures) -> list[str]:
    """What the reader is to do, at most three things."""
    todo = []
    for pain in figures["pain_points"]:
        if pain["change"]["arrow"] == "up":
            todo.append(
                _("Name somebody who takes on this pain point, and a date: %(theme)s.")
                % {"theme": theme_name(pain["theme"])}
            )
        elif pain["standing_out"]:
            todo.append(
                _("Ask the teams of %(regions)s about this pain point: %(theme)s.")
                % {
                    "regions": listed([region_name(place["group"]) for place in pain["standing_out"]]),
                    "theme": theme_name(pain["theme"]),
                }
            )
    fallen = any(
        tile.get("change", {}).get("arrow") == "down"
        for name, tile in figures["tiles"].items()
        if name != "responses"
    )
    if fallen:
        todo.insert(0, _("Find out what fell: read the quotes and the regions before you decide."))
    if not todo and "edition" in figures:
        first = next((theme_name(pain["theme"]) for pain in figures["pain_points"]), None)
        todo.append(report_words.nothing_to_decide(first))
    if not todo and figures["pain_points"]:
        todo.append(
            _("Nothing calls for a decision this week. Read the quotes on the first pain point: %(theme)s.")
            % {"theme": theme_name(figures["pain_points"][0]["theme"])}
        )
    if not todo:
        todo.append(_("Nothing calls for a decision this week."))
    if figures["unanalysed"]:
        todo.append(
            ngettext(
                "%(num)s comment was not yet understood when this was made; its themes are missing here.",
                "%(num)s comments were not yet understood when this was made; their themes are missing here.",
                figures["unanalysed"],
            )
            % {"num": number(figures["unanalysed"])}
        )
    return todo[:3]
