"""The scores of a week by group, as `metrics --json` prints them, small groups hidden.

Groups are siblings of one table: who hides one of them hides another as well, or the total would give it away.
By language, a response belongs to the language found in its comment (`und` and `mixed` as they are), else to that of
its declared locale, else to `unknown`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from surveys import names, scores
from surveys.digests.across import of_table
from surveys.digests.source import source_of
from surveys.digests.tally import By, Tally, Window, pooled
from surveys.errors import Refused
from surveys.i18n import gettext as _
from surveys.suppression import suppressed, suppressed_metric
from surveys.weeks import Week

METRICS: Final = ("nps", "csat", "ces", "exit")
GROUPINGS: Final[tuple[By, ...]] = ("all", "continent", "region", "country", "culture", "language")
# These stand last in every table.
LEFTOVERS: Final = {"unassigned": 1, "und": 1, "mixed": 1, "unknown": 2}

Figures = dict[str, Any]


def grouping(text: str) -> By:
    """What to group by; raises Refused with a sentence for anything else."""
    for by in GROUPINGS:
        if by == text:
            return by
    msg = _("Figures can be had by %(groupings)s, not by %(text)s.") % {
        "groupings": ", ".join(GROUPINGS),
        "text": text[:40],
    }
    raise Refused(msg)


async def metrics(week: Week, by: By, *, zone: ZoneInfo, k: int) -> list[Figures]:
    """The table of one week."""
    source = await source_of(zone)
    counted = await source.cells(Window(week, 0, zone), by_language=by == "language")
    groups = pooled(counted, by)
    if by == "all":
        groups.setdefault("all", Tally())
        return table(groups, by, k)
    hidden = hidden_groups(groups, k)
    return table(groups, by, k, hidden=hidden, apart=of_table(groups, hidden, k))


def table(
    groups: Mapping[str, Tally],
    by: str,
    k: int,
    *,
    hidden: frozenset[str] | None = None,
    apart: Mapping[str, frozenset[str]] | None = None,
    everyone: Tally | None = None,
) -> list[Figures]:
    """One row per group, leftovers last; `hidden` where more than this table decides what is hidden, `apart` by metric.

    `everyone` where some are in no group: what the rows leave of them is looked after as a group.
    """
    apart = apart or {}
    hidden = hidden_groups(groups, k) if hidden is None else hidden
    hidden_metrics = {
        metric: metric_hidden(
            answers_by_group(groups, metric, everyone),
            hidden,
            k,
            apart.get(metric, frozenset()),
        )
        # That nobody answered may tell who did, too.
        | (apart.get(metric, frozenset()) & groups.keys())
        for metric in METRICS
    }
    ordered = sorted(groups, key=lambda name: (LEFTOVERS.get(name, 0), name))
    return [
        row(
            name,
            by,
            groups[name],
            hidden=name in hidden,
            hidden_metrics={metric for metric, who in hidden_metrics.items() if name in who},
        )
        for name in ordered
    ]


def row(group: str, by: str, tally: Tally, *, hidden: bool, hidden_metrics: Iterable[str]) -> Figures:
    """A group with all its figures, or with none."""
    every = figures(tally)
    shown: Figures = {"group": group, "name": group_name(group, by), "suppressed": hidden}
    if hidden:
        return {**shown, "responses": None, **{metric: _nothing(every[metric]) for metric in METRICS}}
    too_few = set(hidden_metrics)
    return {
        **shown,
        "responses": tally.responses,
        **{metric: {"suppressed": True} if metric in too_few else every[metric] for metric in METRICS},
    }


def figures(tally: Tally) -> dict[str, Figures]:
    """The four metrics of a tally, unrounded; None where nobody answered."""
    bands = tally.bands("nps")
    nps = scores.nps(bands.promoters, bands.passives, bands.detractors)
    csat, ces = scores.csat(tally.csat), scores.ces(tally.ces)
    return {
        "nps": {
            "n": nps.n,
            "score": nps.score,
            "low": nps.low,
            "high": nps.high,
            "promoters": nps.promoters,
            "passives": nps.passives,
            "detractors": nps.detractors,
        },
        "csat": {
            "n": csat.n,
            "percent": csat.percent,
            "low": csat.low,
            "high": csat.high,
            "mean": csat.mean,
        },
        "ces": {
            "n": ces.n,
            "mean": ces.mean,
            "low": ces.low,
            "high": ces.high,
            "top3_percent": ces.top3_percent,
        },
        "exit": {"n": tally.exit.total(), "reasons": dict(sorted(tally.exit.items()))},
    }


def _nothing(shown: Figures) -> Figures:
    return dict.fromkeys(shown)


def hidden_groups(groups: Mapping[str, Tally], k: int) -> frozenset[str]:
    """The groups of a table that are too small to show, with those that would reveal them."""
    return suppressed({name: tally.responses for name, tally in groups.items()}, k)


def answers_by_group(
    groups: Mapping[str, Tally], metric: str, everyone: Tally | None = None
) -> dict[str, int]:
    """Answers of a metric by group, those in no group under no name."""
    found = {name: tally.n(metric) for name, tally in groups.items()}
    rest = everyone.n(metric) - sum(found.values()) if everyone else 0
    return {**found, "": rest} if rest > 0 else found


def metric_hidden(
    answers: Mapping[str, int], hidden: frozenset[str], k: int, apart: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Where one metric is to be hidden, given its answers by group and the groups that are hidden anyway.

    As with groups: a metric hidden in exactly one place could be had from the total, so the next smallest follows
    until two places and `k` answers are hidden. Groups hidden anyway count as such places.
    """
    small = {name for name, n in answers.items() if suppressed_metric(n, k) or (n and name in apart)}
    if not small:
        return hidden
    if suppressed_metric(sum(answers.values()), k):
        return frozenset(answers)
    gone = {name for name in small | hidden if answers.get(name, 0) > 0}
    rest = sorted((n, name) for name, n in answers.items() if n > 0 and name not in gone)
    for _n, name in rest:
        if len(gone) > 1 and sum(answers[each] for each in gone) >= k:
            break
        gone.add(name)
    return frozenset(gone) | hidden


def group_name(group: str, by: str) -> str:
    """What a group is called in the current language."""
    if by == "all":
        return _("Everyone")
    if by in ("continent", "region"):
        return names.region_name(group)
    if by == "country":
        return names.country_name(group)
    if by == "culture":
        return names.culture_name(group)
    return names.spoken_language_name(group) if by == "language" else group
