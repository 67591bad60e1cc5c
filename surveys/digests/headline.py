"""What happened and what is asked of the reader: the sentences that page one, the mail and the dashboard begin and end with.

A week is quiet only where nothing at all moved beyond chance: neither a score nor a complaint of everybody's, nor of a group's.
"""

from collections.abc import Collection
from typing import Any, Final

from surveys.chance import NOW_AT_LEAST
from surveys.digests import group_moves, report_words
from surveys.digests.pains import TOP
from surveys.digests.sentences import (
    Figures,
    against,
    counted,
    labelled,
    listed,
    measured_from,
    measured_to,
    noted,
    score,
    share_of,
    together,
)
from surveys.i18n import current, ngettext, number
from surveys.i18n import gettext as _
from surveys.names import exit_reason_name, region_name, theme_name
from surveys.pains.known import known_title

# Why scores are not compared: other words, or other languages.
OTHERWISE: Final = frozenset({"wording", "languages"})
# Why nothing could be tested: too few answered, now or before.
UNTESTED: Final = frozenset({"too_few", "history"})
SCORES: Final = ("nps", "csat", "ces")


def headline(figures: Figures, whole: Collection[str] = ()) -> list[str]:
    """What happened, for whoever reads nothing else: one sentence, two when there are two things to say.

    `whole` are levels of which a single group is the whole view: what it tells, everybody's figures tell.
    """
    n = figures["tiles"]["responses"]["n"]
    if "edition" in figures and not n:
        return [report_words.nobody(figures)]
    if n is None:
        return [_("Too few people answered this week to say anything without telling them apart.")]
    if n == 0:
        return [_("Nobody answered this week.")]
    if not figures["weeks_before"]:
        return [_first_weeks(figures, n)]
    said = [*_moved_scores(figures), *moved_themes(figures), *_other_alerts(figures)]
    groups = [group_moves.group_sentence(each, figures) for each in group_moves.news(figures, whole)]
    if not said and groups:
        said = [
            _not_compared(figures)
            if _asked_otherwise(figures)
            else _("No overall score moved beyond chance.")
        ]
    return [*said, *groups][:2] or [_quiet(figures, n)]


def _first_weeks(figures: Figures, n: int) -> str:
    top = figures["pain_points"][0] if figures["pain_points"] else None
    if top is None:
        return ngettext(
            "%(num)s answer came in; there is too little history to say what changed.",
            "%(num)s answers came in; there is too little history to say what changed.",
            n,
        ) % {"num": number(n)}
    return ngettext(
        "%(num)s answer came in; there is too little history to say what changed. The first pain point is: %(theme)s.",
        "%(num)s answers came in; there is too little history to say what changed. The first pain point is: %(theme)s.",
        n,
    ) % {"num": number(n), "theme": theme_name(top["theme"])}


def _quiet(figures: Figures, n: int) -> str:
    top = figures["pain_points"][0] if figures["pain_points"] else None
    untested = _too_few_to_test(figures)
    if untested and any(change["n_now"] >= NOW_AT_LEAST for change in untested):
        return _first_weeks(figures, n)
    if untested or n < NOW_AT_LEAST:
        return ngettext(
            "Only %(num)s answer came in, too few to say what changed.",
            "Only %(num)s answers came in, too few to say what changed.",
            n,
        ) % {"num": number(n)}
    if _asked_otherwise(figures):
        first = (
            None
            if top is None
            else _("The first pain point is: %(theme)s.") % {"theme": theme_name(top["theme"])}
        )
        return together(_not_compared(figures), first)
    if "edition" in figures:
        return report_words.quiet(None if top is None else theme_name(top["theme"]))
    if top is None:
        return _("A quiet week: no score and no theme moved beyond chance.")
    return _("A quiet week: no score moved beyond chance, and the first pain point is: %(theme)s.") % {
        "theme": theme_name(top["theme"])
    }


def _too_few_to_test(figures: Figures) -> list[Figures]:
    """The changes of scores and themes, where too few answered now or before to test any of them; else none."""
    tiles = [figures["tiles"][metric] for metric in SCORES]
    changes = [tile.get("change", {}) for tile in tiles if not _has_ended(tile)]
    changes += [pain["change"] for pain in figures["pain_points"]]
    return changes if all(change.get("reason") in UNTESTED for change in changes) else []


def _has_ended(tile: Figures) -> bool:
    """Whether a score is asked no longer."""
    return tile["n"] == 0 and tile.get("change", {}).get("reason") in OTHERWISE


def _asked_otherwise(figures: Figures) -> list[str]:
    """The scores that cannot be compared, because something else was asked; what is asked no longer is none."""
    return [
        name.upper()
        for name, tile in figures["tiles"].items()
        if tile.get("change", {}).get("reason") in OTHERWISE and not _has_ended(tile)
    ]


def _not_compared(figures: Figures) -> str:
    return _(
        "No score that can be compared moved beyond chance; asked in another way before: %(metrics)s."
    ) % {"metrics": listed(_asked_otherwise(figures))}


def _other_alerts(figures: Figures) -> list[str]:
    """What else is an alert of everybody's: against the week before, a reason for leaving, a single pain point."""
    said = []
    moved = {
        name
        for name, tile in figures["tiles"].items()
        if tile.get("change", {}).get("arrow") in ("up", "down")
    }
    for each in figures["findings"]:
        if each["level"] != "all" or each["flag"] != "alert" or each["theme"] or each["metric"] in moved:
            continue
        if each["reason"]:
            what = labelled(_("Reasons for leaving"), exit_reason_name(each["reason"]))
        elif each["metric"]:
            what = labelled(against(each | {"weeks": each["before"]["weeks"]}), each["metric"].upper())
        else:
            what = pain_name(each["pain_point"], figures)
        said.append(noted(what, group_moves.direction(each["kind"], each["arrow"])))
    return said


def pain_name(pain: Any, figures: Figures) -> str:
    """A single pain point by its title; one without is told apart by its theme and the week it was found in."""
    told = figures.get("pain_titles", {}).get(pain)
    if told is None:
        return _("Pain point %(number)s") % {"number": pain}
    known = known_title(told["known"], current().code) if told["known"] else None
    title, theme = told["title"] or (known[0] if known else None), theme_name(told["theme"])
    return labelled(theme, title or _unsaid(pain, told))


def _unsaid(pain: Any, told: Figures) -> str:
    return _("pain point %(number)s, found in %(week)s") % {"number": pain, "week": told["first_week"]}


def _moved_scores(figures: Figures) -> list[str]:
    said = []
    for metric in SCORES:
        tile = figures["tiles"][metric]
        change = tile.get("change")
        base = measured_from(metric, tile["before"], change) if change else None
        if base and change["arrow"] in ("up", "down"):
            now = measured_to(metric, tile, change)
            ends = {"now": score(metric, now) or "", "before": score(metric, base) or ""}
            if now is not tile:
                # The tile beside it shows another score: that of all answers.
                ends = {
                    key: noted(ends[key], counted(side["n"]))
                    for key, side in (("now", now), ("before", base))
                }
            said.append(_moved(metric, change["arrow"]) % ends)
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
        arrow, before = pain["change"]["arrow"], pain["before"]["share"]
        if arrow in ("up", "down"):
            ends = None if before is None else share_of(before), share_of(pain["now"]["share"])
            said.append(group_moves.complaints_moved(theme_name(pain["theme"]), *ends, rose=arrow == "up"))
    return said


def asked(figures: Figures) -> list[str]:
    """What the reader is to do, at most three things."""
    todo = []
    for at, pain in enumerate(figures["pain_points"]):
        # Page one shows the first three; of others it says where they stand.
        name = theme_name(pain["theme"])
        theme = name if at < TOP else noted(name, _("under “All pain points”"))
        regions = [
            region_name(place["group"]) for place in pain["standing_out"] if place["level"] == "region"
        ]
        if pain["change"]["arrow"] == "up":
            todo.append(
                _("Name somebody who takes on this pain point, and a date: %(theme)s.") % {"theme": theme}
            )
        elif regions:
            todo.append(
                _("Ask the teams of %(regions)s about this pain point: %(theme)s.")
                % {"regions": listed(regions), "theme": theme}
            )
    fallen = any(
        tile.get("change", {}).get("arrow") == "down"
        for name, tile in figures["tiles"].items()
        if name != "responses"
    )
    if fallen:
        todo.insert(0, _("Find out what fell: read the quotes and the regions before you decide."))
    todo += group_moves.group_asks(figures)
    if not todo and "edition" in figures:
        # There may be none to read.
        first = next(
            (theme_name(pain["theme"]) for pain in figures["pain_points"][:1] if pain["quote"]), None
        )
        todo.append(report_words.nothing_to_decide(first))
    if not todo and figures["pain_points"] and figures["pain_points"][0]["quote"]:
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
