"""What a reader has to know about an edition's comparisons: late answers, changed questions, changed countries."""

from surveys.digests.sentences import Figures, score, together
from surveys.i18n import gettext as _
from surveys.i18n import ngettext, number
from surveys.names import metric_name

KEYS = {"nps": "score", "csat": "percent", "ces": "mean"}


def notes(figures: Figures) -> list[str]:
    """Whole sentences; none for an edition made before there were such notes."""
    part = themes_of(figures)
    return [
        *_corrections(figures),
        *_guarded(figures),
        *_mixes(figures),
        *([part] if part else []),
    ]


def windows(figures: Figures) -> str | None:
    """With how many weeks what is compared, as it was done; None with too little history."""
    weeks = figures["weeks_before"]
    if not weeks:
        return None
    used = sorted({row["change"]["weeks"] for row in figures["cultures"] if row["status"] == "ok"})
    if used == [weeks]:
        return ngettext(
            "Scores, themes, regions and culture clusters are compared with the %(num)s week before.",
            "Scores, themes, regions and culture clusters are compared with the %(num)s weeks before.",
            weeks,
        ) % {"num": number(weeks)}
    said = ngettext(
        "Scores, themes and regions are compared with the %(num)s week before.",
        "Scores, themes and regions are compared with the %(num)s weeks before.",
        weeks,
    ) % {"num": number(weeks)}
    return together(said, _cultures_window(used[0], used[-1]) if used else None)


def _cultures_window(least: int, most: int) -> str:
    if least != most:
        return _("Culture clusters are compared with %(least)s to %(most)s weeks before.") % {
            "least": number(least),
            "most": number(most),
        }
    return ngettext(
        "Culture clusters are compared with the %(num)s week before.",
        "Culture clusters are compared with the %(num)s weeks before.",
        most,
    ) % {"num": number(most)}


def themes_of(figures: Figures) -> str | None:
    """Of how many answers the shares of themes are, where not of all; they are compared with those of the weeks before."""
    pains, every = figures["pain_points"], figures["tiles"]["responses"]["n"]
    part = pains[0]["now"]["n"] if pains else every
    if every is None or part >= every:
        return None
    return _(
        "Shares of themes are of %(part)s of %(all)s answers: the others were asked something else before, or in other "
        "languages."
    ) % {"part": number(part), "all": number(every)}


def _corrections(figures: Figures) -> list[str]:
    said = []
    for late in figures.get("corrections", []):
        if late["few"]:
            said.append(
                _(
                    "Correction: fewer than %(k)s answers to week %(week)s came or went after its digest was made."
                )
                % {"k": number(figures["k"]), "week": late["week"]}
            )
            continue
        counted = late["responses"]
        said.append(
            ngettext(
                "Correction: week %(week)s now has %(num)s answer; its digest counted %(then)s.",
                "Correction: week %(week)s now has %(num)s answers; its digest counted %(then)s.",
                counted["now"],
            )
            % {"week": late["week"], "num": number(counted["now"]), "then": number(counted["then"])}
        )
        for metric in KEYS:
            said += _corrected(metric, late[metric]) if late[metric] else []
    return said


def _corrected(metric: str, change: Figures) -> list[str]:
    """What a score came to, where that is another one as it is printed."""
    now, then = (score(metric, {KEYS[metric]: change[key]}) for key in ("now", "then"))
    if now == then:
        return []
    return [
        _("%(metric)s of that week: %(now)s, not %(then)s.")
        % {"metric": metric_name(metric), "now": now, "then": then}
    ]


def _guarded(figures: Figures) -> list[str]:
    left_out = {
        (each["why"], each["metric"]) for each in figures.get("guarded", []) if each["metric"] != "exit"
    }
    return [
        _("%(metric)s: what was asked changed; answers to other words or another survey are not compared.")
        % {"metric": metric_name(metric)}
        if why == "wording"
        else _("%(metric)s: the languages asked in changed; only those of both times are compared.")
        % {"metric": metric_name(metric)}
        for why, metric in sorted(left_out)
    ]


def _mixes(figures: Figures) -> list[str]:
    rows = [row for name in ("regions", "cultures") for row in figures[name]]
    both = ("change", "change_last_week")
    changes = [row["change"] for row in rows] + [
        tile[key] for tile in figures["tiles"].values() for key in both if key in tile
    ]
    if any(change.get("poststratified") for change in changes):
        return [
            _(
                "Where the countries of a group answered in other shares than before, its past is weighted to those of now."
            )
        ]
    return []


def untold_detractors(figures: Figures) -> str | None:
    """Why some themes have no share of those who gave a low score; None where all have."""
    # Where nobody gave one, or everybody's are hidden, it is still known how many complained of a theme.
    if not any(pain["detractors"] is None for pain in figures["pain_points"]):
        return None
    return _(
        "No share of those who gave a low score stands where only a few (fewer than %(k)s) of the people who complained about "
        "the theme gave one, or only a few (fewer than %(k)s) gave none."
    ) % {"k": number(figures["k"])}


def untold_pasts(figures: Figures) -> str | None:
    """Why some themes have no share before; None where all have, as in editions made before any was hidden."""
    if not any(pain["before"].get("suppressed") for pain in figures["pain_points"]):
        return None
    return _(
        "Where only a few people complained about a theme in some earlier week, its share before is left out."
    )
