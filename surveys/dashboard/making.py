"""A week's figures out of columns: the digest's judgement of what filters let through; no database, no language."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from surveys.dashboard.kept import Columns, used
from surveys.dashboard.neighbouring_themes import HiddenThemes, countries_beside, themes_beside
from surveys.dashboard.neighbours import (
    Hidden,
    hidden_beside,
    metric_weeks_shown,
    pasts_hidden,
    reason_pasts_hidden,
    weeks_shown,
    within,
)
from surveys.digests import metrics as by_group
from surveys.digests.axes import METHOD, axes
from surveys.digests.compare import CULTURE_WEEKS, TILE_WEEKS, Figures, unjudged, weeks_before
from surveys.digests.disclose import hidden_groups, with_metrics_apart
from surveys.digests.findings import without_past
from surveys.digests.heat import with_weeks
from surveys.digests.judge import ROWS, judged_figures
from surveys.digests.outside import without_pains
from surveys.digests.reasons import NONE, hidden_reasons
from surveys.digests.snapshot import Apart, Counts, Snapshot
from surveys.digests.tally import SCORED, Scored, Tally
from surveys.digests.withhold import without_themes, without_totals
from surveys.tallies import BandCounts
from surveys.weeks import Week

BANDS: Final = ("promoter", "passive", "detractor")


@dataclass(frozen=True)
class Wanted:
    """Which figures: of a week, as known with so much history, filtered."""

    week: Week
    zone: str
    k: int
    over: bool
    history: int
    filters: Mapping[str, str] = field(default_factory=dict)


def made(wanted: Wanted, columns: Columns) -> tuple[Snapshot | None, Figures | None]:
    """The snapshot and its figures; none where the view would tell few people apart."""
    whole = _snapshot(wanted, columns)
    hidden, left_out = Hidden(), frozenset[str]()
    if wanted.filters:
        unfiltered = hidden_groups(whole)
        apart = with_metrics_apart(whole, unfiltered).apart
        apart = replace(apart, metrics={**apart.metrics, ("all", "reason"): hidden_reasons(whole)})
        hidden = hidden_beside(whole.answers, wanted.filters, unfiltered, wanted.k, apart)
        if hidden.everything:
            return None, None
        whole = _filtered(wanted, columns, hidden.metric)
        weeks = weeks_before(whole.history, TILE_WEEKS)
        most = min(whole.history, CULTURE_WEEKS)
        by_metric = metric_weeks_shown(columns.answers, wanted.filters, most, wanted.k)
        hidden = replace(
            hidden,
            pasts=pasts_hidden(
                columns.answers, wanted.filters, whole.scored, min(weeks, by_metric[whole.scored]), wanted.k
            ),
            reason_pasts=reason_pasts_hidden(columns.answers, wanted.filters, weeks, wanted.k),
        )
        themes = themes_beside(columns.complaints, columns.named, wanted.filters, unfiltered, wanted.k, weeks)
        left_out = themes.themes & _listed(whole)
        whole = _told(whole, themes, left_out, hidden.reasons, by_metric)
    judged = judged_figures(whole, hidden.groups)
    if any(each["level"] == "country" and each["theme"] for each in judged["findings"]) and wanted.filters:
        gone = countries_beside(columns.complaints, wanted.filters, unfiltered, wanted.k)
        without_themes(judged, (), gone)
    _hide(judged, hidden, whole)
    if not wanted.filters:
        with_weeks(judged, whole)
    told: Figures = {
        "week": str(wanted.week),
        "from": wanted.week.monday.isoformat(),
        "to": wanted.week.sunday.isoformat(),
        "zone": wanted.zone,
        "status": "final" if wanted.over else "preliminary",
        "k": wanted.k,
        "history": whole.history,
        "weeks_before": whole.weeks_before,
        "are_themes_hidden": bool(left_out),
        **judged,
        "pain_points": [{**pain, "quote": None, "points": [], "words": []} for pain in judged["pain_points"]],
    }
    return whole, told | {"axes": axes(told), "method": METHOD}


def _snapshot(wanted: Wanted, columns: Columns) -> Snapshot:
    return Snapshot(
        week=wanted.week,
        zone=wanted.zone,
        k=wanted.k,
        over=wanted.over,
        history=wanted.history,
        answers=columns.answers,
        complaints=columns.complaints,
        nps=nps_by_theme(columns.named),
    )


def _filtered(wanted: Wanted, columns: Columns, metric: Scored | None) -> Snapshot:
    """Only what the filters let through, as far back as it may be looked at; its groups are told by a metric."""
    most = min(wanted.history, CULTURE_WEEKS)
    history = weeks_shown(columns.answers, wanted.filters, most, wanted.k)
    shown = (within(each, wanted.filters) for each in (columns.answers, columns.complaints, columns.named))
    recent = (each.within(0, history) for each in shown)
    # With nobody in it, a view keeps the values that others have: there is nothing to number anew.
    narrow = Columns(*(used(each) if len(each.n) else each for each in recent))
    if history == most:
        history = wanted.history
    found = _snapshot(Wanted(wanted.week, wanted.zone, wanted.k, wanted.over, history), narrow)
    return replace(found, apart=Apart(scored=metric))


def _listed(snapshot: Snapshot) -> set[str]:
    """The themes that enough people complained about."""
    people = snapshot.complaints.within(0, 0).table("theme").sum(-1)
    themes = snapshot.complaints.column("theme").values
    return {theme for theme, n in zip(themes, people, strict=True) if n >= snapshot.k}


def _told(
    snapshot: Snapshot,
    hidden: HiddenThemes,
    left_out: frozenset[str],
    reasons: frozenset[str],
    weeks: Mapping[str, int],
) -> Snapshot:
    """The same without the themes that are left out, and with what is not told of others and of reasons for leaving.

    `weeks`: how far back each metric may be looked at.
    """
    complaints = without_pains(snapshot.complaints, hidden.pains)
    kept = np.ones(len(complaints.n), np.bool_)
    for theme in left_out:
        kept &= ~complaints.of("theme", theme)
    nps = {theme: bands for theme, bands in snapshot.nps.items() if theme not in hidden.scores}
    return replace(
        snapshot,
        complaints=complaints.where(kept),
        nps=nps,
        apart=replace(
            snapshot.apart,
            themes=hidden.groups,
            pasts=hidden.pasts,
            metrics={("all", "reason"): reasons},
            metric_weeks=weeks,
        ),
    )


def nps_by_theme(named: Counts) -> dict[str, BandCounts]:
    """Promoters, passives and detractors whose words name a theme."""
    theme, band = named.column("theme"), named.column("band")
    counted = np.zeros((len(theme.values), len(band.values)), np.int64)
    np.add.at(counted, (theme.codes, band.codes), named.n)
    found: dict[str, BandCounts] = {}
    for at, code in enumerate(theme.values):
        n = {value: int(counted[at, place]) for place, value in enumerate(band.values)}
        found[code] = BandCounts(*(n.get(value, 0) for value in BANDS))
    return found


def _hide(judged: Figures, hidden: Hidden, snapshot: Snapshot) -> None:
    """Take out the scores that a neighbouring view would make tell."""
    for metric in sorted(hidden.metrics):
        if metric == "exit":
            judged["exit"] = dict(NONE)
            continue
        tile = judged["tiles"][metric]
        nothing = unjudged("weeks_before", 0, 0, 0, reason="suppressed")
        judged["tiles"][metric] = {
            **dict.fromkeys(tile),
            **dict.fromkeys(by_group.figures(Tally())[metric]),
            "suppressed": True,
            "before": None,
            "last_week": None,
            "change": nothing,
            "change_last_week": nothing,
        }
    for name, level in ROWS.items():
        for row in (row for row in judged[name] if not row["suppressed"]):
            row |= {metric: {"suppressed": True} for metric in hidden.metrics & {*SCORED}}
            if snapshot.scored in hidden.metrics or row["group"] in hidden.scores.get(level, ()):
                _hide_score(row, snapshot)
            elif row["group"] in hidden.pasts.get(level, ()):
                _hide_past(row, snapshot)
    judged["findings"] = [
        without_past(each) if each["reason"] in hidden.reason_pasts else each
        for each in judged["findings"]
        if not _is_hidden(each, hidden)
    ]
    without_totals(judged["pain_points"], hidden.metrics)


def _is_hidden(finding: Figures, hidden: Hidden) -> bool:
    metric = finding["metric"]
    level, group = finding["level"], finding["group"]
    if metric in hidden.metrics:
        return True
    if hidden.metric is None or metric not in SCORED or level == "all":
        return False
    # What other views would tell of it is looked through for the one score that stands in tables.
    untold = hidden.scores.get(level, frozenset()) | hidden.pasts.get(level, frozenset())
    return metric != hidden.metric or group in untold


def _hide_score(row: Figures, snapshot: Snapshot) -> None:
    row |= {snapshot.scored: {"suppressed": True}, "distribution": None}
    _hide_past(row, snapshot)


def _hide_past(row: Figures, snapshot: Snapshot) -> None:
    """Say nothing of what a group's score was, nor how it moved."""
    change = unjudged("own_past", weeks_before(snapshot.history, TILE_WEEKS), 0, 0, reason="suppressed")
    row |= {
        "change": change,
        "before": None,
        "moved": None,
        "status": "insufficient",
        **{key: change[key] for key in ("delta", "low", "high", "p", "q", "arrow")},
    }
