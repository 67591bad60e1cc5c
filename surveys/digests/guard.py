"""The trend line is guarded: answers are compared only where the same was asked, in the same languages, then and now.

A new wording of a question, a new survey in place of another, a form that begins to be given in one more language: each
moves scores although nobody thinks otherwise. What began less than four weeks ago, or ended, is left out on both sides,
and the edition says so; where nothing is left to compare, there is no comparison. Shares of all answers need what is left
to be made up as before, too: people complain more of some surveys than of others. So a metric that is new as a whole, or
is asked no longer, is left out of them as well; those of the others go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from surveys.chance import BASE_AT_LEAST, NOW_AT_LEAST
from surveys.digests.compare import LEAST_WEEKS
from surveys.digests.snapshot import METRICS, Counts, Flags, Ints, Level

Figures = dict[str, Any]

# What gives so small a part of the answers moves nothing, and is compared with the rest.
LEAST_PART: Final = 0.05
# So many answers would have been expected of something, and none came: it has ended.
MISSED: Final = 10
# Less than that of the answers that a metric would have among the others, and what is left is made up otherwise.
LEFT: Final = 0.8
REASONS: Final = {"instrument": "wording", "form": "languages"}
# Of these nobody knows which language the form was in.
NO_LANGUAGE: Final = frozenset({"", "und", "mixed", "unknown"})


@dataclass(frozen=True)
class Comparable:
    """What can be compared over some weeks: answers and complaints, the weeks by metric, what was left out and why."""

    answers: Counts
    complaints: Counts
    wanted: int
    weeks: Mapping[str, int]
    reasons: Mapping[str, str]
    left_out: tuple[Figures, ...]
    span: int = 1
    scatter: int = 0
    # The weeks over which shares of all answers can be compared.
    share_weeks: int = 0
    # All answers and complaints, what is left out too.
    whole: tuple[Counts, Counts] | None = None
    # The metrics that nobody is asked any longer.
    ended: frozenset[str] = frozenset()

    def shared(self) -> tuple[Counts, Counts]:
        """The answers and complaints that shares are taken of: those that can be compared; all of them where none can."""
        if self.share_weeks or self.whole is None:
            return self.answers, self.complaints
        return self.whole

    @property
    def why_no_shares(self) -> str:
        """The reason where shares cannot be compared."""
        return next(iter(self.reasons.values()), REASONS["instrument"] if self.left_out else "history")

    def mixed(self, level: Level) -> dict[str, str]:
        """The groups whose answers are not made up as before, or not as those of the others, each with the reason."""
        if self.share_weeks or self.whole is None:
            return _mixed(self.answers, level, self.share_weeks, self.reasons)
        return _unlike(self.whole[0], self.answers, level, self.reasons)

    def without(self, level: Level, groups: tuple[str, ...], hidden: Flags) -> "Comparable":
        """The same without the weeks in which a group was hidden, given by group and week: no past gives them away."""
        if not hidden.any():
            return self
        return replace(
            self,
            answers=_without(self.answers, level, groups, hidden),
            complaints=_without(self.complaints, level, groups, hidden),
        )


def _without(counted: Counts, level: Level, groups: tuple[str, ...], hidden: Flags) -> Counts:
    place = {group: at for at, group in enumerate(groups)}
    column = counted.column(level)
    rows = np.array([place.get(value, len(groups)) for value in column.values], np.int64)
    padded = np.concatenate([hidden, np.zeros((1, hidden.shape[1]), np.bool_)])
    gone = padded[rows[column.codes], counted.week] & (counted.week > 0)
    return counted.where(~gone) if gone.any() else counted


def comparable(
    answers: Counts,
    complaints: Counts,
    wanted: int,
    k: int,
    *,
    span: int = 1,
    scatter: int | None = None,
    most: Mapping[str, int] | None = None,
) -> Comparable:
    """Leave out what was not asked alike now and in the `wanted` weeks before; `most` weeks of a metric where that is fewer."""
    judged = {metric: _unlike_before(answers, complaints, metric, wanted, k) for metric in METRICS if wanted}
    keep = np.ones(len(answers.n), np.bool_)
    keep_complaints = np.ones(len(complaints.n), np.bool_)
    for each in judged.values():
        keep &= ~each.answers
        keep_complaints &= ~each.complaints
    left = answers.where(keep)
    left_out = tuple(what for each in judged.values() for what in each.left_out)
    weeks = {metric: each.weeks for metric, each in judged.items() if each.weeks is not None}
    reasons = {metric: each.reason for metric, each in judged.items() if each.reason is not None}
    old = (n for metric, n in weeks.items() if not judged[metric].is_whole)
    shares = min(old, default=wanted)
    if _mixed(left, "all", shares, reasons) or (left_out and _too_few(left, wanted)):
        shares = 0
    return Comparable(
        left,
        complaints.where(keep_complaints),
        wanted,
        _at_most(weeks, wanted, most or {}),
        reasons,
        left_out,
        span,
        scatter or 0,
        shares,
        (answers, complaints),
        frozenset(metric for metric, each in judged.items() if each.has_ended),
    )


@dataclass
class _Unlike:
    """What of a metric was not asked as before: its rows, what it is, the weeks that are left to compare, and why."""

    answers: Flags
    complaints: Flags
    left_out: list[Figures] = field(default_factory=list)
    # None where nobody is asked it now.
    weeks: int | None = None
    reason: str | None = None
    is_whole: bool = False
    has_ended: bool = False


def _unlike_before(answers: Counts, complaints: Counts, metric: str, wanted: int, k: int) -> _Unlike:
    rows = answers.of("metric", metric)
    own = by_week(answers.where(rows), wanted)
    mine = np.isin(complaints.column("instrument").codes, _of_metric(answers, rows, complaints))
    if is_young(own, k) or has_ended(own, by_week(answers, wanted), k):
        why = REASONS["instrument"]
        told = [{"metric": metric, "why": why, "what": what} for what in _asked(answers, rows, wanted)]
        whole = _Unlike(rows, mine, told, is_whole=True, has_ended=not own[0])
        return replace(whole, weeks=0, reason=why) if own[0] and own[1:].any() else whole
    found = _Unlike(np.zeros_like(rows), np.zeros_like(mine))
    if not own[0]:
        return found
    kept, found.weeks = rows.copy(), wanted
    for name, why in REASONS.items():
        gone, age = strange(answers, kept, name, wanted, k)
        found.weeks = min(found.weeks, age)
        if not gone:
            continue
        kept &= ~_any(answers, name, gone)
        found.complaints |= mine & _any(complaints, name, gone)
        found.reason = why
        found.left_out += [{"metric": metric, "why": why, "what": what} for what in gone]
    found.answers = rows & ~kept
    if not int(answers.n[kept & (answers.week == 0)].sum()):
        found.weeks = 0
    return found


def by_week(answers: Counts, wanted: int) -> Ints:
    """How many answered this week and in each of the `wanted` weeks before."""
    return answers.table("all")[0, : wanted + 1]


def is_young(own: Ints, k: int) -> bool:
    """Whether what is asked now began less than four weeks ago, given its answers by week, this one first; of a few no matter."""
    return bool(own[0] >= k and not own[min(LEAST_WEEKS, len(own) - 1) :].any())


def has_ended(own: Ints, every: Ints, k: int) -> bool:
    """Whether so many answers, of everybody's by week, would have been expected that none shows an end, no quiet week."""
    before = own[1:].sum()
    return bool(not own[0] and before >= k and before * every[0] >= MISSED * every[1:].sum())


def _asked(answers: Counts, rows: Flags, wanted: int) -> list[str]:
    """The instruments that rows of these weeks answer."""
    column = answers.column("instrument")
    return [column.values[code] for code in np.unique(column.codes[rows & (answers.week <= wanted)])]


def _too_few(left: Counts, wanted: int) -> bool:
    counted = by_week(left, wanted)
    return bool(counted[0] < NOW_AT_LEAST or counted[1:].sum() < BASE_AT_LEAST)


def _mixed(answers: Counts, level: Level, weeks: int, reasons: Mapping[str, str]) -> dict[str, str]:
    if not weeks or not reasons:
        return {}
    table, names = answers.table(level, "metric"), answers.column("metric").values
    now, base = table[:, :, 0], table[:, :, 1 : weeks + 1].sum(-1)
    groups = answers.column(level).values
    found: dict[str, str] = {}
    for metric, reason in reasons.items():
        at = names.index(metric)
        others, before = (side.sum(1) - side[:, at] for side in (now, base))
        expected = base[:, at] * others / np.maximum(before, 1)
        few = (expected >= MISSED) & (now[:, at] < LEFT * expected)
        found |= {groups[place]: reason for place in np.flatnonzero(few)}
    return found


def _unlike(whole: Counts, left: Counts, level: Level, reasons: Mapping[str, str]) -> dict[str, str]:
    """The groups of this week that were asked what is new much more, or much less, than everybody."""
    found: dict[str, str] = {}
    for metric, reason in reasons.items():
        every, kept = (
            counts.table(level, kept=counts.of("metric", metric))[:, 0] for counts in (whole, left)
        )
        new = every - kept
        expected = every * new.sum() / max(int(every.sum()), 1)
        far = (every >= MISSED) & (np.abs(new - expected) > (1 - LEFT) * every)
        groups = whole.column(level).values
        found |= {groups[place]: reason for place in np.flatnonzero(far)}
    return found


def _at_most(weeks: Mapping[str, int], wanted: int, most: Mapping[str, int]) -> dict[str, int]:
    """No metric further back than it may be looked at; too little is nothing."""
    capped = {metric: min(n, most.get(metric, n)) for metric, n in weeks.items()}
    return {
        metric: n if n == weeks[metric] or n >= min(LEAST_WEEKS, wanted) else 0
        for metric, n in capped.items()
    }


def _of_metric(answers: Counts, rows: Flags, complaints: Counts) -> list[int]:
    """The codes that complaints give to the instruments of a metric."""
    column = answers.column("instrument")
    named = {column.values[code] for code in np.unique(column.codes[rows])}
    return [code for code, value in enumerate(complaints.column("instrument").values) if value in named]


def _any(counted: Counts, name: str, values: list[str]) -> Flags:
    found = np.zeros(len(counted.n), np.bool_)
    for value in values:
        found |= counted.of(name, value)
    return found


def strange(answers: Counts, kept: Flags, name: str, wanted: int, k: int) -> tuple[list[str], int]:
    """The values that began or ended within the weeks, and how far back the youngest of the others goes."""
    counted: Ints = answers.table(name, kept=kept)[:, : wanted + 1]
    now, base = counted[:, 0], counted[:, 1:]
    n, m = int(now.sum()), int(base.sum())
    if not n or not m:
        return [], wanted
    ages = np.where(base.any(1), wanted - np.argmax(base[:, ::-1] > 0, axis=1), 0)
    weighty = now >= max(k, LEAST_PART * n)
    began = weighty & (ages < min(LEAST_WEEKS, wanted))
    ended = (now == 0) & (base.sum(1) * n >= MISSED * m)
    values = answers.column(name).values
    gone = [values[at] for at in np.flatnonzero(began | ended) if values[at] not in NO_LANGUAGE]
    old = ages[weighty & ~began]
    # A survey asked for five weeks is compared over five; a language that few use may miss some weeks.
    age = int(old.min()) if name == "instrument" and len(old) else wanted
    return gone, age
