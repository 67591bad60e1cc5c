"""The figures of every edition but the weekly one: months, quarters, runs of weeks, two periods, one survey, one theme.

Counted from the same weekly rows, judged by the same families and hidden by the same rules; the weeks of the period are
taken together, those before stay apart, so that how much weeks vary is known.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from surveys.digests.accuracy import accuracy, accuracy_of_themes
from surveys.digests.asked import Asked
from surveys.digests.axes import METHOD, axes
from surveys.digests.build import (
    LEFT_OUT,
    VERSION,
    hidden_languages,
    settled,
    shown_regions,
    survey_slugs,
    theme_places,
    with_shares,
)
from surveys.digests.compare import Figures
from surveys.digests.gather import answer_counts, complaint_counts, pain_titles
from surveys.digests.judge import judged_figures
from surveys.digests.links import link
from surveys.digests.marking_read import say_words
from surveys.digests.mentioned import NONE, mentions
from surveys.digests.over_weeks import both
from surveys.digests.periods import Period
from surveys.digests.point_words import say_points
from surveys.digests.quotes import choose_quotes
from surveys.digests.report_weeks import (
    ReportWeeks,
    apart_from,
    arranged,
    hidden_in,
    of_one_survey,
    report_weeks,
    told_of,
)
from surveys.digests.scope import Scope, Within
from surveys.digests.snapshot import Snapshot
from surveys.digests.source import Source, source_of
from surveys.digests.tally import Window, first_response_at
from surveys.digests.themes import quotable
from surveys.digests.withhold import beside_everybody
from surveys.errors import NotFound
from surveys.i18n import gettext as _
from surveys.names import theme_codes
from surveys.organisation.models import Organisation
from surveys.questionnaires.models import Survey
from surveys.taxonomy import know_themes, taxonomy
from surveys.weeks import Week

QUOTES_OF_A_THEME: Final = 10
# What these editions do not go into.
NOT_OF_A_SURVEY: Final = ("mentions",)


async def report_figures(
    asked: Asked, organisation: Organisation, *, at: datetime, source: Source | None = None
) -> Figures:
    """Every figure of an edition that was asked for, as known at an instant; raises NotFound for an unknown survey or theme.

    While its period is not over it goes to the last full week: a week that has just begun would hide what the others tell.
    """
    await know_themes()
    survey = await known(asked)
    zone = organisation.zone
    is_over = asked.period.is_over(at, zone)
    asked = replace(asked, period=asked.period.until(Week.last_full(at, zone)))
    source, first = source or await source_of(zone), await first_response_at(zone)
    if asked.base and first:
        # Weeks in which nobody could answer yet are no past: they would make every week after them a rise.
        asked = replace(asked, base=asked.base.since(first))
    weeks = report_weeks(asked, first)
    snapshot = await _read(weeks, organisation, at=at, source=source, survey=survey)
    window = Window(asked.period.last, 0, zone, span=asked.period.span, survey=survey.id if survey else None)
    everybody = await source.nps_by_theme(replace(window, survey=None))
    named = await source.nps_by_theme(window) if survey else everybody
    snapshot = replace(snapshot, nps=beside_everybody(named, everybody, snapshot.k))
    judged = judged_figures(snapshot)
    told = await _told(asked, snapshot, judged, window, source)
    told |= {"axes": axes(told), "method": _method(snapshot)}
    if not is_over:
        told["status"] = "preliminary"
        told["edition"]["until"] = str(asked.period.last) if snapshot.over else None
    if survey:
        link(told, {survey.metric.value: [survey.slug]}, Scope(surveys=(survey.slug,)))
    else:
        link(told, await survey_slugs())
    return told


async def known(asked: Asked) -> Survey | None:
    """The survey that is asked for; raises NotFound for a survey or theme that there is not."""
    if asked.theme and asked.theme not in theme_codes():
        raise NotFound(_("There is no theme %(code)s.") % {"code": asked.theme[:40]})
    if not asked.survey:
        return None
    found = await Survey.get_or_none(slug=asked.survey)
    if found is None:
        raise NotFound(_("There is no survey called %(slug)s.") % {"slug": asked.survey[:40]})
    return found


async def _read(
    weeks: ReportWeeks, organisation: Organisation, *, at: datetime, source: Source, survey: Survey | None
) -> Snapshot:
    period, k = weeks.asked.period, organisation.smallest_group
    window = Window(period.last, weeks.before, organisation.zone, nps_only_from=weeks.before + 1)
    bins = weeks.before + 2
    answers = answer_counts(await source.weekly_answers(window), bins)
    complaints = complaint_counts(await source.weekly_complaints(window), bins)
    hidden = apart_from(answers, weeks, period, k, None)
    if weeks.asked.base:
        # Left to itself, this edition might choose other company for a small group than those of the two periods did.
        for side in (period, weeks.asked.base):
            hidden = both(hidden, hidden_in(told_of(answers, weeks, side, k, survey)))
    whole = Snapshot(
        week=period.last,
        zone=organisation.time_zone,
        k=k,
        over=period.is_over(at, organisation.zone),
        history=weeks.history,
        answers=arranged(answers, weeks),
        complaints=arranged(complaints, weeks),
        windows=weeks.windows,
        apart=hidden,
        theme=weeks.asked.theme,
    )
    if survey is None:
        return whole
    # Weeks in which there was no such survey yet are no past of it.
    own = Within(None, frozenset({survey.id}), None)
    history = report_weeks(weeks.asked, await first_response_at(organisation.zone, own)).history
    return of_one_survey(whole, survey, apart_from(answers, weeks, period, k, survey), history)


async def _told(asked: Asked, snapshot: Snapshot, judged: Figures, window: Window, source: Source) -> Figures:
    pains = [pain for pain in judged["pain_points"] if not asked.theme or pain["theme"] == asked.theme]
    quotes = choose_quotes(
        await quotable(window),
        theme_places(snapshot),
        order=[pain["theme"] for pain in pains],
        shown_regions=shown_regions(judged["regions"]),
        k=snapshot.k,
        **({"most": QUOTES_OF_A_THEME} if asked.theme else {}),
    )
    if asked.theme:
        await say_words(pains, window, None, hidden_languages(judged), snapshot.k)
        # Their places are told nowhere here, so no quote names its region.
        points = [{**point, "places": []} for point in judged["theme"]["pain_points"]]
        await say_points([{"points": points}], quotes, window, None, snapshot.k)
        for row, point in zip(judged["theme"]["pain_points"], points, strict=True):
            row |= {key: point[key] for key in ("title", "known", "quote")}
    checked = await source.quality(window)
    is_alone = bool(asked.survey or asked.theme)
    return {
        **_heading(asked, snapshot),
        **judged,
        "findings": _about(judged, asked.theme),
        # The week's own edition tells single pain points; what this one left out of them would tell more.
        "pain_points": [{"words": []} | settled(pain, quotes) | {"points": []} for pain in pains],
        "mentions": dict(NONE) if is_alone else await mentions(window, snapshot.k),
        "quotes": quotes,
        "left_out": [*LEFT_OUT, *(NOT_OF_A_SURVEY if is_alone else ())],
        "unanalysed": checked["unanalysed"],
        "quality": with_shares(checked),
        "accuracy": accuracy(await source.languages(window), snapshot.k),
        "accuracy_of_themes": accuracy_of_themes(),
        "corrections": [],
        "scope": None,
        "pain_titles": await pain_titles(_named(judged)),
    }


def _about(judged: Mapping[str, Any], theme: str | None) -> list[Figures]:
    findings: list[Figures] = judged["findings"]
    if theme is None:
        return findings
    pains = {pain["pain_point"] for pain in judged["theme"]["pain_points"]}
    return [each for each in findings if each["theme"] == theme or each["pain_point"] in pains]


def _named(judged: Mapping[str, Any]) -> Mapping[str, Any]:
    """The findings, and the pain points of a theme, whose titles are needed."""
    of_theme = judged["theme"]["pain_points"] if "theme" in judged else []
    return {"findings": [*judged["findings"], *of_theme], "decisions": judged["decisions"]}


def _heading(asked: Asked, snapshot: Snapshot) -> Figures:
    period = asked.period
    return {
        "version": VERSION,
        "edition": {
            "kind": asked.kind,
            "key": asked.key,
            "period": _period(period),
            "base": _period(asked.base) if asked.base else None,
            "survey": asked.survey,
            "theme": asked.theme,
            "until": None,
        },
        "week": str(period),
        "weeks": [str(week) for week in period.weeks],
        "from": period.first.monday.isoformat(),
        "to": period.last.sunday.isoformat(),
        "zone": snapshot.zone,
        "theme_names": taxonomy().names,
        "status": "final" if snapshot.over else "preliminary",
        "k": snapshot.k,
        "history": snapshot.history,
        "weeks_before": snapshot.weeks_before,
    }


def _period(period: Period) -> Figures:
    return {
        "kind": period.kind,
        "key": period.key,
        "first": str(period.first),
        "last": str(period.last),
        "from": period.first.monday.isoformat(),
        "to": period.last.sunday.isoformat(),
        "weeks": period.span,
    }


def _method(snapshot: Snapshot) -> Figures:
    windows = snapshot.windows
    return {
        **METHOD,
        "weeks_at_least": windows.least,
        "weeks_of_tiles": windows.tiles,
        "weeks_of_cultures": windows.long,
        "weeks_of_scatter": windows.scatter,
    }
