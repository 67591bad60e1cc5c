"""The figures of every edition but the weekly one: months, quarters, runs of weeks, two periods, one survey, one theme.

Counted from the same weekly rows, judged by the same families and hidden by the same rules; the weeks of the period are
taken together, those before stay apart, so that how much weeks vary is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from surveys.digests.accuracy import accuracy
from surveys.digests.asked import Asked
from surveys.digests.axes import METHOD, axes
from surveys.digests.build import LEFT_OUT, VERSION, settled, shown_regions, survey_slugs, theme_places, with_shares
from surveys.digests.compare import CULTURE_WEEKS, LEAST_WEEKS, TILE_WEEKS, Figures
from surveys.digests.gather import answer_counts, complaint_counts, pain_titles
from surveys.digests.judge import judged_figures
from surveys.digests.links import link
from surveys.digests.mentioned import mentions
from surveys.digests.over_weeks import ALL, Part, apart, both, part, shares_of_surveys
from surveys.digests.periods import Period
from surveys.digests.quotes import choose_quotes
from surveys.digests.snapshot import Apart, Counts, Snapshot, Windows
from surveys.digests.source import Source, source_of
from surveys.digests.tally import Window, first_response_at
from surveys.digests.themes import quotable
from surveys.errors import NotFound
from surveys.i18n import gettext as _
from surveys.names import theme_codes
from surveys.organisation.models import Organisation
from surveys.questionnaires.models import Survey
from surveys.taxonomy import know_themes, taxonomy
from surveys.weeks import Week

# No past goes further back: two years know every season twice.
MOST_BEFORE: Final = 104
# So many weeks tell how much weeks vary, where two periods are compared.
SCATTER: Final = 26
QUOTES_OF_A_THEME: Final = 10
# What these editions do not go into.
NOT_OF_A_SURVEY: Final = ("mentions",)


@dataclass(frozen=True)
class _Weeks:
    """Where the weeks that an edition needs lie, in weeks before the last one of its period."""

    asked: Asked
    first: Week | None
    history: int
    windows: Windows

    def ago(self, period: Period) -> list[int]:
        """The weeks of a period, the latest first."""
        last = (self.asked.period.last.monday - period.last.monday).days // 7
        return list(range(last, last + period.span))

    @property
    def before(self) -> int:
        """How far back to read."""
        base = self.ago(self.asked.base)[-1] if self.asked.base else 0
        return max(base, self.asked.period.span - 1 + max(self.windows.long, self.windows.scatter or 0))


async def report_figures(
    asked: Asked, organisation: Organisation, *, at: datetime, source: Source | None = None
) -> Figures:
    """Every figure of an edition that was asked for, as known at an instant; raises NotFound for an unknown survey or theme."""
    await know_themes()
    survey = await known(asked)
    zone = organisation.zone
    source = source or await source_of(zone)
    weeks = _windows(asked, await first_response_at(zone))
    snapshot = await _read(weeks, organisation, at=at, source=source, survey=survey)
    window = Window(
        asked.period.last, 0, zone, span=asked.period.span, survey=survey.id if survey else None
    )
    snapshot = replace(snapshot, nps=await source.nps_by_theme(window))
    judged = judged_figures(snapshot)
    told = await _told(asked, snapshot, judged, window, source)
    told |= {"axes": axes(told), "method": _method(snapshot)}
    link(told, {survey.metric.value: [survey.slug]} if survey else await survey_slugs())
    return _within(told, survey.slug) if survey else told


async def known(asked: Asked) -> Survey | None:
    """The survey that is asked for; raises NotFound for a survey or theme that there is not."""
    if asked.theme and asked.theme not in theme_codes():
        raise NotFound(_("There is no theme %(code)s.") % {"code": asked.theme[:40]})
    if not asked.survey:
        return None
    found = await Survey.get_or_none(slug=asked.survey)
    if found is None:
        raise NotFound(_("There is no survey %(slug)s.") % {"slug": asked.survey[:40]})
    return found


def _windows(asked: Asked, first: Week | None) -> _Weeks:
    """The windows grow with the period: what is one week to a weekly edition is as many weeks as it has."""
    period, span = asked.period, asked.period.span
    if asked.base:
        length = asked.base.span
        has_base = first is not None and asked.base.last >= first
        windows = Windows(span, length, length, 1, _scatter(asked, first), is_pair=True)
        return _Weeks(asked, first, length if has_base else 0, windows)
    history = max(0, (period.first.monday - first.monday).days // 7) if first else 0
    tiles = min(TILE_WEEKS * span, MOST_BEFORE)
    windows = Windows(span, tiles, min(CULTURE_WEEKS * span, MOST_BEFORE), max(LEAST_WEEKS, span))
    return _Weeks(asked, first, history, replace(windows, long=max(tiles, windows.long)))


def _scatter(asked: Asked, first: Week | None) -> int:
    """How many weeks before the later period there are to learn from, those of the earlier one at least."""
    base = asked.base
    if base is None or first is None:
        return 0
    gap = (asked.period.first.monday - base.last.monday).days // 7 - 1
    history = max(0, (asked.period.first.monday - first.monday).days // 7)
    return max(base.span, min(history, max(SCATTER, gap + base.span)))


async def _read(
    weeks: _Weeks, organisation: Organisation, *, at: datetime, source: Source, survey: Survey | None
) -> Snapshot:
    period, k = weeks.asked.period, organisation.smallest_group
    window = Window(period.last, weeks.before, organisation.zone, nps_only_from=weeks.before + 1)
    bins = weeks.before + 2
    answers = answer_counts(await source.weekly_answers(window), bins)
    complaints = complaint_counts(await source.weekly_complaints(window), bins)
    hidden = _apart(answers, weeks, period, k, survey)
    if weeks.asked.base:
        other = _part(answers, weeks, weeks.asked.base, k, survey)
        hidden = both(hidden, _hidden_in(other))
    return Snapshot(
        week=period.last,
        zone=organisation.time_zone,
        k=k,
        over=period.is_over(at, organisation.zone),
        history=weeks.history,
        answers=_arranged(_of(answers, survey), weeks),
        complaints=_arranged(_of(complaints, survey), weeks),
        windows=weeks.windows,
        apart=hidden,
        theme=weeks.asked.theme,
    )


def _of(counted: Counts, survey: Survey | None) -> Counts:
    if survey is None:
        return counted
    column = counted.column("instrument")
    mine = [at for at, name in enumerate(column.values) if name.partition("/")[0] == str(survey.id)]
    return counted.where(np.isin(column.codes, mine))


def _arranged(counted: Counts, weeks: _Weeks) -> Counts:
    """The weeks of the period as one, then those it is compared with, then those that only tell how much weeks vary."""
    now = weeks.ago(weeks.asked.period)
    base = weeks.ago(weeks.asked.base) if weeks.asked.base else []
    rest = [ago for ago in range(counted.bins) if ago not in {*now, *base}]
    place = np.zeros(counted.bins, np.int64)
    for at, ago in enumerate([*base, *rest], 1):
        place[ago] = at
    return replace(counted, week=place[counted.week])


def _pooled(answers: Counts, agos: list[int]) -> Counts:
    kept = answers.where(np.isin(answers.week, agos))
    return replace(kept, week=np.zeros(len(kept.n), np.int64))


def _bare(weeks: _Weeks, answers: Counts, k: int, hidden: Apart) -> Snapshot:
    return Snapshot(weeks.asked.period.last, "", k, True, 0, answers, answers, apart=hidden)  # noqa: FBT003 - over


def _part(answers: Counts, weeks: _Weeks, period: Period, k: int, survey: Survey | None) -> Part:
    """What the edition of a period tells and hides."""
    counted = _of(_pooled(answers, weeks.ago(period)), survey)
    return part(_bare(weeks, counted, k, _apart(answers, weeks, period, k, survey)))


def _apart(answers: Counts, weeks: _Weeks, period: Period, k: int, survey: Survey | None) -> Apart:
    """What other editions would tell if this one showed it: those of its weeks, of its months, of other surveys."""
    found = Apart()
    if period.span > 1:
        each = [Period("week", str(week), week, week) for week in period.weeks]
        weekly = [_part(answers, weeks, week, k, survey) for week in each]
        found = apart(weekly, k, strict=period.kind == "weeks")
    if period.months:
        monthly = [_part(answers, weeks, month, k, survey) for month in period.months]
        found = both(found, apart(monthly, k, strict=False))
    if survey is not None:
        now = _pooled(answers, weeks.ago(period))
        whole = _part(answers, weeks, period, k, None)
        split = {number: _bare(weeks, each, k, Apart()) for number, each in _by_survey(now).items()}
        found = both(found, shares_of_surveys(split, survey.id, whole, k))
    return found


def _by_survey(answers: Counts) -> dict[int, Counts]:
    column = answers.column("instrument")
    of = np.array([int(name.partition("/")[0]) for name in column.values], np.int64)
    surveys = of[column.codes]
    return {int(number): answers.where(surveys == number) for number in np.unique(surveys)}


def _hidden_in(told: Part) -> Apart:
    gone = {
        key: frozenset(name for name, (_n, hidden) in cells.items() if hidden)
        for key, cells in told.cells.items()
    }
    return Apart(
        {level: names for (level, metric), names in gone.items() if metric == ALL},
        {key: names for key, names in gone.items() if key[1] != ALL},
    )


async def _told(
    asked: Asked, snapshot: Snapshot, judged: Figures, window: Window, source: Source
) -> Figures:
    pains = [pain for pain in judged["pain_points"] if not asked.theme or pain["theme"] == asked.theme]
    quotes = choose_quotes(
        await quotable(window),
        theme_places(snapshot),
        order=[pain["theme"] for pain in pains],
        shown_regions=shown_regions(judged["regions"]),
        k=snapshot.k,
        **({"most": QUOTES_OF_A_THEME} if asked.theme else {}),
    )
    checked = await source.quality(window)
    is_alone = bool(asked.survey or asked.theme)
    return {
        **_heading(asked, snapshot),
        **judged,
        "findings": _about(judged, asked.theme),
        "pain_points": [settled(pain, quotes) for pain in pains],
        "mentions": _no_mentions() if is_alone else await mentions(window, snapshot.k),
        "quotes": quotes,
        "left_out": [*LEFT_OUT, *(NOT_OF_A_SURVEY if is_alone else ())],
        "unanalysed": checked["unanalysed"],
        "quality": with_shares(checked),
        "accuracy": accuracy(await source.languages(window), snapshot.k),
        "corrections": [],
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
    return {"findings": [*judged["findings"], *of_theme]}


def _no_mentions() -> Figures:
    nothing = dict.fromkeys(("n", "copies", "authors", "analysed", "negative", "low", "high", "net"))
    return {**nothing, "suppressed": False, "moods": {}, "shares": {}, "sources": [], "themes": []}


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
        "weeks_before": snapshot.windows.before(snapshot.history, snapshot.windows.tiles),
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


def _within(told: Figures, slug: str) -> Figures:
    """Every link leads to this survey's words only."""

    def walk(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: walk(each, "link" if name == "links" else key) for key, each in value.items()}
        if isinstance(value, list):
            return [walk(each) for each in value]
        if name == "link" and isinstance(value, str) and "survey=" not in value:
            return f"{value}&survey={slug}"
        return value

    walked: Figures = walk(told)
    return walked
