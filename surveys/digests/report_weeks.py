"""Which weeks a report reads and compares, and what it hides because of the editions beside it; counts in, names out."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from surveys.digests.asked import Asked
from surveys.digests.compare import CULTURE_WEEKS, LEAST_WEEKS, TILE_WEEKS
from surveys.digests.outside import Beside, narrowed, nobody
from surveys.digests.over_weeks import ALL, Part, apart, both, part
from surveys.digests.periods import Period
from surveys.digests.snapshot import LEVELS, Apart, Counts, Snapshot, Windows
from surveys.questionnaires.models import Survey
from surveys.weeks import Week

# No past goes further back: two years know every season twice.
MOST_BEFORE: Final = 104
# So many weeks tell how much weeks vary, where two periods are compared.
SCATTER: Final = 26


@dataclass(frozen=True)
class ReportWeeks:
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


def report_weeks(asked: Asked, first: Week | None) -> ReportWeeks:
    """The windows grow with the period: what is one week to a weekly edition is as many weeks as it has."""
    period, span = asked.period, asked.period.span
    if asked.base:
        length = asked.base.span
        has_base = first is not None and asked.base.last >= first
        windows = Windows(span, length, length, 1, _scatter(asked, first), is_pair=True)
        return ReportWeeks(asked, first, length if has_base else 0, windows)
    history = max(0, (period.first.monday - first.monday).days // 7) if first else 0
    tiles = min(TILE_WEEKS * span, MOST_BEFORE)
    windows = Windows(span, tiles, min(CULTURE_WEEKS * span, MOST_BEFORE), max(LEAST_WEEKS, span))
    return ReportWeeks(asked, first, history, replace(windows, long=max(tiles, windows.long)))


def _scatter(asked: Asked, first: Week | None) -> int:
    """How many weeks before the later period there are to learn from, those of the earlier one at least."""
    base = asked.base
    if base is None or first is None:
        return 0
    gap = (asked.period.first.monday - base.last.monday).days // 7 - 1
    history = max(0, (asked.period.first.monday - first.monday).days // 7)
    return max(base.span, min(history, max(SCATTER, gap + base.span)))


def of_survey(counted: Counts, survey: Survey | None) -> Counts:
    """The answers to one survey; all without one."""
    if survey is None:
        return counted
    column = counted.column("instrument")
    mine = [at for at, name in enumerate(column.values) if name.partition("/")[0] == str(survey.id)]
    return counted.where(np.isin(column.codes, mine))


def arranged(counted: Counts, weeks: ReportWeeks) -> Counts:
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


def _bare(weeks: ReportWeeks, answers: Counts, k: int, hidden: Apart) -> Snapshot:
    return Snapshot(weeks.asked.period.last, "", k, True, 0, answers, answers, apart=hidden)


def told_of(answers: Counts, weeks: ReportWeeks, period: Period, k: int, survey: Survey | None) -> Part:
    """What the edition of a period tells and hides."""
    counted = of_survey(_pooled(answers, weeks.ago(period)), survey)
    return part(_bare(weeks, counted, k, apart_from(answers, weeks, period, k, survey)))


def apart_from(answers: Counts, weeks: ReportWeeks, period: Period, k: int, survey: Survey | None) -> Apart:
    """What other editions would tell if this one showed it: those of its weeks, of its months, of other surveys."""
    found = Apart()
    if period.span > 1:
        each = [Period("week", str(week), week, week) for week in period.weeks]
        weekly = [told_of(answers, weeks, week, k, survey) for week in each]
        found = apart(weekly, k, strict=period.kind == "weeks")
    if period.months:
        monthly = [told_of(answers, weeks, month, k, survey) for month in period.months]
        found = both(found, apart(monthly, k, strict=False))
    if survey is not None:
        now = _pooled(answers, weeks.ago(period))
        whole = _bare(weeks, now, k, apart_from(answers, weeks, period, k, None))
        found = both(found, _beside_everybody(whole, survey))
    return found


def _beside_everybody(whole: Snapshot, survey: Survey) -> Apart:
    axes = {"survey": (str(survey.id),)}
    beside = Beside(whole, tuple(axes))
    if beside.kept(axes)[1]:
        return beside.apart(axes)
    return Apart({level: frozenset(whole.answers.column(level).values) for level in LEVELS})


def of_one_survey(whole: Snapshot, survey: Survey, hidden: Apart, history: int) -> Snapshot:
    """Everybody's counts cut to a survey, as to a scope; `hidden` for the sake of other periods, `history` its own."""
    axes = {"survey": (str(survey.id),)}
    if not Beside(whole, tuple(axes)).kept(axes)[1]:
        return nobody(whole)
    found = narrowed(whole, axes, history)
    return replace(found, apart=both(found.apart, hidden))


def hidden_in(told: Part) -> Apart:
    """What an edition hides."""
    gone = {
        key: frozenset(name for name, (_n, hidden) in cells.items() if hidden)
        for key, cells in told.cells.items()
    }
    return Apart(
        {level: names for (level, metric), names in gone.items() if metric == ALL},
        {key: names for key, names in gone.items() if key[1] != ALL},
    )
