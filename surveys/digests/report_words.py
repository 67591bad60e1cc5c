"""What editions of other periods say where the weekly one speaks of a week; whole sentences of the current language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from surveys.digests.notes import windows
from surveys.digests.period_words import period_name
from surveys.digests.sentences import within_a_line
from surveys.i18n import day, ngettext, number
from surveys.i18n import gettext as _
from surveys.names import theme_name

Figures = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """The sentences that templates/digests/report.html takes in place of those of a week."""

    title: str
    running: Callable[[str], str]
    preliminary: str
    nobody: str
    no_mentions: str
    no_exits: str
    period: str
    compared: str


def words(figures: Figures) -> Words:
    """All of them."""
    named = title(figures["edition"])
    return Words(
        title=named,
        running=lambda organisation: (
            _("%(name)s: %(value)s") % {"name": organisation, "value": within_a_line(named)}
        ),
        preliminary=_preliminary(figures),
        nobody=_("Nobody answered in this period."),
        no_mentions=_("No mentions were found in this period."),
        no_exits=_("Nobody said in this period why they leave."),
        period=_period(figures),
        compared=_compared(figures),
    )


def _preliminary(figures: Figures) -> str:
    if not figures["edition"].get("until"):
        return _("Preliminary: the period is not over, and these figures will change.")
    return _(
        "Preliminary: the period is not over. Its full weeks until %(day)s are counted, and these figures will change."
    ) % {"day": day(date.fromisoformat(figures["to"]), "long")}


def title(edition: Figures) -> str:
    """What the edition is called."""
    key = period_name(edition["period"]["key"])
    if edition["theme"]:
        return _("Theme %(theme)s, %(period)s") % {"theme": theme_name(edition["theme"]), "period": key}
    if edition["survey"]:
        return _("Survey %(survey)s, %(period)s") % {"survey": edition["survey"], "period": key}
    if edition["base"]:
        return _("Comparison of %(now)s with %(before)s") % {
            "now": key,
            "before": period_name(edition["base"]["key"]),
        }
    if edition["kind"] == "month":
        return _("Monthly digest %(period)s") % {"period": key}
    if edition["kind"] == "quarter":
        return _("Quarterly digest %(period)s") % {"period": key}
    return _("Digest %(period)s") % {"period": key}


def nobody(figures: Figures) -> str:
    """Why there is nothing to say."""
    if figures["tiles"]["responses"]["n"] is None:
        return _("Too few people answered in this period to say anything without telling them apart.")
    return _("Nobody answered in this period.")


def quiet(theme: str | None) -> str:
    """Nothing moved; the first pain point by name."""
    if theme is None:
        return _("A quiet period: no score and no theme moved beyond chance.")
    return _("A quiet period: no score moved beyond chance, and the first pain point is: %(theme)s.") % {
        "theme": theme
    }


def nothing_to_decide(theme: str | None) -> str:
    """What is asked of a reader when nothing is."""
    if theme is None:
        return _("Nothing calls for a decision.")
    return _("Nothing calls for a decision. Read the quotes on the first pain point: %(theme)s.") % {
        "theme": theme
    }


def _period(figures: Figures) -> str:
    period = figures["edition"]["period"]
    return _(
        "The period is the whole weeks %(first)s to %(last)s; a week belongs to the month and the quarter of its Thursday. A "
        "group is hidden here, too, where these figures less those of the weeks would tell what was hidden there."
    ) % {"first": period["first"], "last": period["last"]}


def _compared(figures: Figures) -> str:
    base, weeks = figures["edition"]["base"], figures["weeks_before"]
    if not weeks:
        return _("Too few weeks came before this period: there is too little history to compare with.")
    if base:
        scatter = figures["method"]["weeks_of_scatter"]
        return ngettext(
            "Scores and shares are compared with those of %(period)s alone; how much weeks vary is learnt from the %(num)s week "
            "before the later period.",
            "Scores and shares are compared with those of %(period)s alone; how much weeks vary is learnt from the %(num)s weeks "
            "before the later period.",
            scatter,
        ) % {"period": period_name(base["key"]), "num": number(scatter)}
    return windows(figures) or ""
