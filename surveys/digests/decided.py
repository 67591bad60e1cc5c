"""What was decided, beside the share that complained before the decision's week and since; counts in, figures out.

Before are up to eight weeks, since are the week of the decision and those after it, up to 26, pooled as one. A few more
people would show in the difference of two editions: so `since` ends with the last week up to which, week by week, none or
at least k people joined.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from surveys.chance import wilson
from surveys.decisions.told import DecisionTold
from surveys.digests.compare import TILE_WEEKS, Figures, unjudged, weeks_before
from surveys.digests.families import Family
from surveys.digests.guard import comparable
from surveys.digests.shares import share_cells
from surveys.digests.snapshot import Counts
from surveys.suppression import suppressed_metric
from surveys.tallies import Share
from surveys.weeks import Week

WEEKS_SINCE: Final = 26


@dataclass(frozen=True)
class Decided:
    """The decisions of an edition, and the weeks around them; weeks count back from the edition's, as far as needed."""

    told: Sequence[DecisionTold]
    answers: Counts
    complaints: Counts


def weeks_needed(told: Sequence[DecisionTold], week: Week) -> set[int]:
    """How many weeks ago the weeks are that decisions are measured by."""
    return {ago for each in told for ago in range(_last(_ago(each, week)), _ago(each, week) + TILE_WEEKS + 1)}


def decisions(decided: Decided, week: Week, history: int, k: int, family: Family) -> list[Figures]:
    """Each decision with its figures; every comparison that may be seen is judged with the family of everybody."""
    shown: dict[tuple[str, str | None], list[int]] = {}
    found = []
    for each in sorted(decided.told, key=lambda each: (each.week, decided.told.index(each))):
        measured = _measured(decided, each, (_ago(each, week), history), k)
        told_of = shown.setdefault((each.theme, each.pain), [])
        x = measured["since"]["x"]
        if x is not None and any(suppressed_metric(abs(x - other), k) for other in told_of):
            # Two decisions about one thing, subtracted, would tell a few people.
            measured["since"] = hidden_side(measured["since"])
        elif x is not None:
            told_of.append(x)
        found.append((decided.told.index(each), {**_facts(each), **_settled(measured, family)}))
    return [figures for _at, figures in sorted(found, key=lambda pair: pair[0])]


def _facts(each: DecisionTold) -> Figures:
    return {
        "theme": each.theme,
        "pain_point": each.pain,
        "sentence": each.sentence,
        "owner": each.owner,
        "week": each.week,
        "due_week": each.due_week,
        "state": each.state,
        "closed_week": each.closed_week,
        "overdue": each.overdue,
    }


def _settled(measured: Figures, family: Family) -> Figures:
    before, since, change = measured["before"], measured["since"], measured["change"]
    suppressed = before["suppressed"] or since["suppressed"]
    if suppressed:
        change = unjudged(change["against"], change["weeks"], 0, 0, reason="suppressed")
    return {"before": before, "since": since, "suppressed": suppressed, "change": family.add("all", change)}


def _measured(decided: Decided, each: DecisionTold, at: tuple[int, int], k: int) -> Figures:
    ago, history = at
    by, code = ("pain", each.pain) if each.pain else ("theme", each.theme)
    wanted = weeks_before(max(0, history - ago), TILE_WEEKS)
    until = _until(decided, (by, code), ago, k)
    if until is None:
        nothing = hidden_side({"weeks": ago - _last(ago) + 1})
        change = unjudged("before_decision", wanted, 0, 0, reason="suppressed")
        return {"before": _side(None, 0, wanted, k), "since": nothing, "change": change}
    answers = _pooled(decided.answers, until, ago, wanted)
    complaints = _pooled(decided.complaints, until, ago, wanted)
    held = comparable(answers, complaints, wanted, k)
    cell = next((cell for cell in share_cells(held, "all", by=by) if cell.code == code), None)
    counted = held.shared()[0].table("all")[0]
    n, m = int(counted[0]), int(counted[1 : held.share_weeks + 1].sum())
    if cell is None:
        why = "too_few" if held.share_weeks else held.why_no_shares
        change = unjudged("before_decision", held.share_weeks, n, m, why)
    else:
        change = {**cell.change, "against": "before_decision"}
    x, y = (cell.now[0], cell.before[0]) if cell else (0, 0)
    weeks = held.share_weeks
    before = _side((y, m) if weeks else None, m, weeks, k)
    if _tells_few(_people(decided, (by, code)), range(ago + 1, ago + weeks + 1), k):
        before = hidden_side(before)
    return {
        "before": before,
        "since": _side((x, n), n, ago - until + 1, k),
        "change": change,
    }


def _ago(each: DecisionTold, week: Week) -> int:
    return (week.monday - Week.parse(each.week).monday).days // 7


def _last(ago: int) -> int:
    return max(0, ago - WEEKS_SINCE + 1)


def _until(decided: Decided, about: tuple[str, str | None], ago: int, k: int) -> int | None:
    """How many weeks ago the last week is up to which may be told; None where not even the first weeks may be."""
    people = _people(decided, about)
    answers = _by_week(decided.answers, np.ones(len(decided.answers.n), np.bool_))
    until: int | None = None
    open_weeks: list[int] = []
    for at in range(ago, _last(ago) - 1, -1):
        open_weeks.append(at)
        if not any(_tells_few(counted, open_weeks, k) for counted in (people, answers)):
            until, open_weeks = at, []
    return until


def _tells_few(counted: Mapping[int, int], weeks: Iterable[int], k: int) -> bool:
    """Whether weeks are of a few people together, or would tell those of the weeks that hid them: others tell theirs."""
    each = [counted.get(at, 0) for at in weeks]
    return suppressed_metric(sum(each), k) or suppressed_metric(
        sum(n for n in each if suppressed_metric(n, k)), k
    )


def _people(decided: Decided, about: tuple[str, str | None]) -> Mapping[int, int]:
    by, code = about
    return _by_week(decided.complaints, decided.complaints.of(by, code or ""))


def _by_week(counts: Counts, kept: Any) -> Mapping[int, int]:
    summed = np.bincount(counts.week[kept], weights=counts.n[kept])
    return {int(at): int(summed[at]) for at in np.flatnonzero(summed)}


def _pooled(counts: Counts, until: int, ago: int, wanted: int) -> Counts:
    """The weeks since as week 0, and those before the decision as so many weeks ago."""
    some = counts.where((counts.week >= until) & (counts.week <= ago + wanted))
    return Counts(np.maximum(some.week - ago, 0), some.n, some.columns)


def _side(counted: tuple[int, int] | None, n: int, weeks: int, k: int) -> Figures:
    """One share with its interval; hidden where it would tell a few people, empty where there is nothing to divide by."""
    empty = dict.fromkeys(("x", "n", "share", "low", "high"))
    if counted is None:
        return {**empty, "weeks": weeks, "suppressed": False}
    if suppressed_metric(counted[0], k) or suppressed_metric(n, k):
        return hidden_side({"weeks": weeks})
    x = min(counted[0], n)
    if not n:
        return {**empty, "x": x, "n": n, "weeks": weeks, "suppressed": False}
    low, high = wilson(Share(x, n))
    return {
        "x": x,
        "n": n,
        "share": 100 * x / n,
        "low": 100 * low,
        "high": 100 * high,
        "weeks": weeks,
        "suppressed": False,
    }


def hidden_side(side: Mapping[str, Any]) -> Figures:
    """A side of a decision, of which only the weeks are told."""
    return {**dict.fromkeys(("x", "n", "share", "low", "high")), "weeks": side["weeks"], "suppressed": True}
