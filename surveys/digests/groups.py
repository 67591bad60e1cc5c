"""The table of a level: each group with its scores, how one of them moved against its own past, its countries, its complaints.

Ordered by what changed where it is shown, never by level.
"""

from collections.abc import Mapping
from typing import Final, Protocol

import numpy as np

from surveys.digests import metrics as by_group
from surveys.digests.compare import Figures, unjudged
from surveys.digests.guard import REASONS, Comparable
from surveys.digests.pains import Setting, group_themes
from surveys.digests.shares import NOT_A_PLACE, Cell
from surveys.digests.snapshot import Level, Snapshot
from surveys.digests.tally import Scored, Tally
from surveys.scores import scale
from surveys.suppression import suppressed_metric

COUNTRIES_SHOWN: Final = 4
# Where those whose place nobody knows are no group with a past: they stand in several of these tables at once.
PLACED: Final = frozenset({"continent", "region", "culture"})
# What a reader of the JSON finds beside a group's name, as well as under `change`.
PLAIN: Final = ("delta", "low", "high", "p", "q", "arrow")


class Compared(Protocol):
    """What judge.py knows when it comes to tables."""

    snapshot: Snapshot
    hidden: Mapping[Level, frozenset[str]]
    weeks: int
    shifts: dict[Level, dict[Scored, dict[str, Figures]]]
    cells: dict[Level, list[Cell]]
    held: dict[Level, Comparable]


def group_rows(edition: Compared, level: Level, setting: Setting) -> list[Figures]:
    """One row per group that answered this week."""
    snapshot = edition.snapshot
    groups = {name: tally for name, tally in setting.now.groups[level].items() if tally.responses}
    rows = by_group.table(
        groups,
        level,
        snapshot.k,
        hidden=edition.hidden[level] & frozenset(groups),
        apart=apart(snapshot, level),
        everyone=setting.now.everyone,
    )
    # Of a language, touchpoint or segment nobody is told by country: tables of them and of places are not looked at together.
    mixes = _country_mixes(edition, level) if level in PLACED else {}
    for row in rows:
        code = row["group"]
        # A snapshot speaks no language.
        del row["name"]
        change = _change(edition, level, row)
        row["change"] = change
        row |= {key: change[key] for key in PLAIN}
        if row["suppressed"]:
            row["status"] = "suppressed"
            continue
        # Of a group each reason would be of a few people.
        row["exit"] = {key: value for key, value in row["exit"].items() if key != "reasons"}
        row["status"] = "ok" if change["p"] is not None else "insufficient"
        row["before"] = {"n": change["n_base"], "score": change["base"]} if change["p"] is not None else None
        row["moved"] = change["score"] - change["base"] if row["before"] else None
        if level in PLACED:
            row["countries"], row["countries_more"] = mixes.get(code, ([], 0))
        row["themes"] = group_themes(level, code, setting, edition.cells[level])
        row["distribution"] = _distribution(row, snapshot.scored, setting.now.groups[level][code])
    return rows


def apart(snapshot: Snapshot, level: Level) -> dict[str, frozenset[str]]:
    """The groups of a level whose metrics other editions would tell, by metric."""
    return {metric: snapshot.apart.metrics.get((level, metric), frozenset()) for metric in by_group.METRICS}


def _change(edition: Compared, level: Level, row: Figures) -> Figures:
    metric = edition.snapshot.scored
    if row["suppressed"] or row[metric].get("suppressed"):
        return unjudged("own_past", edition.weeks, 0, 0, reason="suppressed")
    if level in PLACED and row["group"] in NOT_A_PLACE:
        return unjudged("own_past", edition.weeks, row[metric]["n"], 0, reason="no_place")
    found = edition.shifts[level][metric].get(row["group"])
    if found is not None and suppressed_metric(found["n_base"], edition.snapshot.k):
        return unjudged("own_past", found["weeks"], found["n_now"], 0, reason="suppressed")
    if found is not None:
        return found
    weeks, reason = uncompared(edition.held[level], metric, row[metric]["n"])
    return unjudged("own_past", weeks, row[metric]["n"], 0, reason)


def uncompared(held: Comparable, metric: Scored, n: int) -> tuple[int, str]:
    """Over how many weeks a score of which nothing can be compared would be, and why nothing can, given its answers now."""
    if metric in held.ended:
        return 0, REASONS["instrument"]
    weeks = held.weeks.get(metric, held.wanted)
    few = "too_few" if weeks else "history"
    return weeks, held.reasons.get(metric, few) if n else few


def _distribution(row: Figures, metric: Scored, answered: Tally) -> dict[str, int] | None:
    """How often each score of the scale was given: what a level may be judged by, where one has to."""
    if row[metric].get("suppressed") or not row[metric]["n"]:
        return None
    scores = answered.scores(metric)
    return {str(score): scores.get(score, 0) for score in scale(metric)}


def _country_mixes(edition: Compared, level: Level) -> dict[str, tuple[list[Figures], int]]:
    """The largest countries behind each group that may be named, and how many more there are."""
    answers = edition.snapshot.answers
    table = answers.table(level, "country", kept=answers.week == 0)[:, :, 0]
    groups, countries = answers.column(level).values, answers.column("country").values
    mixes = {
        group: {countries[at]: int(table[row, at]) for at in np.flatnonzero(table[row])}
        for row, group in enumerate(groups)
    }
    gone = edition.hidden["country"] | {"unknown"}
    found = {}
    for group, mix in mixes.items():
        named = [
            {"country": code, "n": n}
            for code, n in sorted(mix.items(), key=lambda item: (-item[1], item[0]))
            if code not in gone and not suppressed_metric(n, edition.snapshot.k)
        ][:COUNTRIES_SHOWN]
        found[group] = named, len(mix.keys() - {"unknown"}) - len(named)
    return found
