"""What a longer edition must hide, so that less the editions of its weeks it does not tell a group that one of them hid.

A group by week is a table whose margins are printed: the group's total here, each week's total there. A cell that a week's
edition hid is had from these unless two weeks at least hide the group, with k answers together, and no hidden cell stands
alone in the loops of the table (a bridge of the graph of groups and weeks can be solved for). Runs of weeks that overlap
as they please are stricter: a group is told only if each of its weeks told it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from surveys.digests import metrics as by_group
from surveys.digests.disclose import alone, hidden_groups, with_metrics_apart
from surveys.digests.reasons import hidden_reasons, people_by_reason
from surveys.digests.snapshot import LEVELS, Apart, Level, Snapshot
from surveys.digests.tally import Tally

# Metrics are looked at as groups are; this one is all answers.
ALL: Final = "responses"
Cells = Mapping[str, Sequence[tuple[int, bool]]]


@dataclass(frozen=True)
class Part:
    """What one edition counts, by level and metric, and what it hides: {(level, metric): {group: (answers, hidden)}}."""

    cells: Mapping[tuple[Level, str], Mapping[str, tuple[int, bool]]]


def part(snapshot: Snapshot, *, across: bool = True) -> Part:
    """What the edition of a snapshot tells and hides; not `across` metrics, without what one metric is hidden for another."""
    gone, everyone = hidden_groups(snapshot), snapshot.tallies().get("all", Tally())
    snapshot = with_metrics_apart(snapshot, gone) if across else alone(snapshot, gone)
    cells: dict[tuple[Level, str], Mapping[str, tuple[int, bool]]] = {}
    for level in LEVELS:
        groups = {name: tally for name, tally in snapshot.tallies(level).items() if tally.responses}
        hidden = _hidden(snapshot, groups) if level == "all" else gone[level] & groups.keys()
        cells[level, ALL] = {name: (tally.responses, name in hidden) for name, tally in groups.items()}
        for metric in by_group.METRICS:
            answers = by_group.answers_by_group(groups, metric, everyone)
            apart = snapshot.apart.metrics.get((level, metric), frozenset())
            without = by_group.metric_hidden(answers, hidden, snapshot.k, apart)
            if across and level not in ("all", "country"):
                # Of a group that is hidden some metrics follow from what is told: these are no secret.
                without &= apart
            cells[level, metric] = {name: (n, name in without) for name, n in answers.items() if name}
    without = hidden_reasons(snapshot)
    cells["all", "reason"] = {name: (n, name in without) for name, n in people_by_reason(snapshot).items()}
    return Part(cells)


def _hidden(snapshot: Snapshot, groups: Mapping[str, Tally]) -> frozenset[str]:
    return by_group.hidden_groups(groups, snapshot.k) | snapshot.apart.groups.get("all", frozenset())


def apart(parts: Sequence[Part], k: int, *, strict: bool) -> Apart:
    """What is hidden in an edition of all parts together, for their sakes."""
    keys = sorted({key for each in parts for key in each.cells})
    gone = {
        key: hidden_in_sum(
            {
                name: [each.cells.get(key, {}).get(name, (0, False)) for each in parts]
                for name in sorted({name for each in parts for name in each.cells.get(key, {})})
            },
            k,
            strict=strict,
        )
        for key in keys
    }
    groups: dict[Level, frozenset[str]] = {
        level: names for (level, metric), names in gone.items() if metric == ALL
    }
    metrics = {key: names for key, names in gone.items() if key[1] != ALL}
    return Apart(groups, metrics)


def hidden_in_sum(table: Cells, k: int, *, strict: bool) -> frozenset[str]:
    """The groups whose sum over the parts would tell what a part hides."""
    if strict:
        return frozenset(name for name, cells in table.items() if any(n and gone for n, gone in cells))
    hidden = {
        name for name, cells in table.items() if _told(cells, k) or 0 < sum(n for n, _gone in cells) < k
    }
    while solved := _solved(table, hidden, k):
        hidden |= solved
    return frozenset(hidden)


def _told(cells: Sequence[tuple[int, bool]], k: int) -> bool:
    gone = [n for n, is_hidden in cells if is_hidden and n]
    return bool(gone) and (len(gone) == 1 or sum(gone) < k)


def _solved(table: Cells, hidden: set[str], k: int) -> set[str]:
    """Groups to hide because one of their hidden cells, or what is hidden beside it, can be solved for."""
    edges: dict[tuple[str, int], int] = {}
    beside: dict[int, list[int]] = {}
    for name, cells in table.items():
        for at, (n, gone) in enumerate(cells):
            if gone and n and name not in hidden:
                edges[name, at] = n
            elif gone and n:
                beside.setdefault(at, []).append(n)
    found: set[str] = set()
    for name, at in _bridges([*((f"+{name}", at) for name, at in edges), *(("-", at) for at in beside)]):
        if name != "-":
            found.add(name[1:])
        elif len(beside[at]) == 1 or sum(beside[at]) < k:
            company = sorted((n, other) for (other, week), n in edges.items() if week == at)
            found |= {other for _n, other in company[:1]}
    return found


def _bridges(edges: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The edges that no loop holds; found in one walk, which goes no deeper than twice the number of weeks."""
    beside: dict[str | int, list[str | int]] = {}
    for name, at in edges:
        beside.setdefault(name, []).append(at)
        beside.setdefault(at, []).append(name)
    seen: dict[str | int, int] = {}
    found: list[tuple[str, int]] = []

    def walk(node: str | int, origin: str | int | None) -> int:
        seen[node] = lowest = len(seen)
        for other in beside[node]:
            if other == origin:
                continue
            if other in seen:
                lowest = min(lowest, seen[other])
                continue
            reached = walk(other, node)
            lowest = min(lowest, reached)
            if reached > seen[node]:
                found.append((node, other) if isinstance(node, str) else (other, node))  # type: ignore[arg-type]
        return lowest

    for node in beside:
        if node not in seen:
            walk(node, None)
    return found


def both(one: Apart, other: Apart) -> Apart:
    """What either hides, and what else the first one says."""
    return replace(
        one,
        groups={
            level: one.groups.get(level, frozenset()) | other.groups.get(level, frozenset())
            for level in LEVELS
        },
        metrics={
            key: one.metrics.get(key, frozenset()) | other.metrics.get(key, frozenset())
            for key in {*one.metrics, *other.metrics}
        },
    )
