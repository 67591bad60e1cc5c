"""What regrouping found is written: pain points, their links and what happened to them, in one transaction.

People may have named or merged pain points while their words were counted: that stands.
"""

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from tortoise.transactions import in_transaction

from sentiment.pains_match import Change
from sentiment.pains_vectors import Flags, Floats
from surveys.db import query, sql_instant
from surveys.organisation.models import the_organisation
from surveys.pains.assign import held_ids
from surveys.pains.group import Grouped
from surveys.pains.known import known_points
from surveys.pains.merged import shown_as
from surveys.pains.models import ChangeKind, PainPoint, PainPointChange, ThemeGrouping, VerbatimPain
from surveys.pains.read import PAGE, ThemeWords, complaints_sql
from surveys.weeks import Week

BULK: Final = 500
# Middles move a little every week; a likeness is written again when that shows.
LIKENESS_MOVED: Final = 0.002
# The columns of a pain point that regrouping writes; the others are people's.
MOVED: Final = ("centroid", "earlier_centroid", "drift", "grouped_week", "space", "first_week")


async def keep(words: ThemeWords, found: Grouped, week: Week) -> None:
    """Write a theme's regrouping for a week."""
    async with in_transaction():
        pains = [await _pain(at, words, found, week) for at in range(len(found.clusters.centroids))]
        held = await held_ids(words.theme)
        changes = [change for change in found.matching.changes if not _is_kept(change, words, held)]
        for change in changes:
            await _record(change, pains, words, week)
        await _link(words, found, pains, week)
        for change in changes:
            if change.earlier is not None and change.kind in {"merged", "ended"}:
                await _let_go(change, pains, words)
        await ThemeGrouping.filter(theme=words.theme).update(week=str(week), fingerprint=words.fingerprint)


async def _pain(at: int, words: ThemeWords, found: Grouped, week: Week) -> int:
    """The row of a cluster: the one it was, moved, or a new one."""
    seed = int(found.matching.earlier[at])
    before = words.seeds[seed].pain if seed >= 0 else None
    row = await PainPoint.get_or_none(id=before.id) if before else None
    first = str(await _first_week(words, found.clusters.labels == at))
    if row is None:
        known = words.seeds[seed].known if seed >= 0 else None
        row = PainPoint(theme=_home(words, known), known=known, first_week=first)
        # Somebody may have named a known one while we counted.
        row = (known and await PainPoint.get_or_none(theme=row.theme, known=known)) or row
    if row.theme == words.theme:
        _move(row, found.clusters.centroids[at], words.space, week)
    row.first_week = min(row.first_week, first)
    await row.save(update_fields=MOVED if row.pk else None)
    return row.id


def _is_kept(change: Change, words: ThemeWords, held: Collection[int]) -> bool:
    """Whether a pain point would go that is known, or that people named or merged: it stays, without words if need be."""
    if change.earlier is None or change.kind not in {"merged", "ended"}:
        return False
    earlier = words.seeds[change.earlier].pain
    return earlier is None or bool(earlier.known) or earlier.id in held


def _home(words: ThemeWords, known: str | None) -> str:
    """A known pain point's own theme; it may be named in others too."""
    points = known_points()
    return points.themes[points.codes.index(known)][0] if known else words.theme


def _move(row: PainPoint, centroid: Floats, space: str, week: Week) -> None:
    """Drift is counted from the week before, however often a week is regrouped."""
    if row.space != space:
        row.earlier_centroid = None
    elif row.grouped_week != str(week):
        row.earlier_centroid = row.centroid
    row.drift = None
    if row.earlier_centroid is not None:
        row.drift = round(float(np.frombuffer(row.earlier_centroid, np.float32) @ centroid), 4)
    row.centroid, row.space, row.grouped_week = centroid.astype(np.float32).tobytes(), space, str(week)


async def _first_week(words: ThemeWords, members: Flags) -> Week:
    zone = (await the_organisation()).zone
    return Week.containing(min(words.written[at] for at in np.flatnonzero(members).tolist()), zone)


async def _record(change: Change, pains: Sequence[int], words: ThemeWords, week: Week) -> None:
    """Keep what happened, once a week; that a known pain point was named, or ended, is no news of regrouping."""
    earlier = words.seeds[change.earlier].pain if change.earlier is not None else None
    if change.cluster is None or (change.kind != "born" and earlier is None):
        return
    pain = pains[change.cluster]
    other = earlier.id if earlier and earlier.id != pain else None
    await PainPointChange.get_or_create(
        pain_id=pain,
        other_id=other,
        kind=ChangeKind(change.kind),
        week=str(week),
        is_by_hand=False,
        defaults={"members": change.members, "likeness": change.likeness},
    )


async def _link(words: ThemeWords, found: Grouped, pains: Sequence[int], week: Week) -> None:
    """Link words that did not change meanwhile; those whose pain point and likeness stay are left alone."""
    unchanged = await _unchanged(words, week)
    named = np.array([*pains, 0], np.int64)[found.clusters.labels]
    old = await _likenesses(words)
    gone: list[int] = []
    new: list[VerbatimPain] = []
    for at in np.flatnonzero(unchanged).tolist():
        key, pain, likeness = int(words.ids[at]), int(named[at]), float(found.clusters.likeness[at])
        before, before_likeness = old.get(key, (0, 0.0))
        if before == pain and (not pain or abs(before_likeness - likeness) <= LIKENESS_MOVED):
            continue
        if before:
            gone.append(key)
        if pain:
            new.append(VerbatimPain(verbatim_id=key, theme=words.theme, pain_id=pain, likeness=likeness))
    for start in range(0, len(gone), BULK):
        await VerbatimPain.filter(theme=words.theme, verbatim_id__in=gone[start : start + BULK]).delete()
    await VerbatimPain.bulk_create(new, batch_size=BULK)


async def _likenesses(words: ThemeWords) -> dict[int, tuple[int, float]]:
    rows = await VerbatimPain.filter(theme=words.theme, verbatim_id__gte=int(words.ids.min())).values_list(
        "verbatim_id", "pain_id", "likeness"
    )
    return {key: (pain, likeness) for key, pain, likeness in rows}


async def _unchanged(words: ThemeWords, week: Week) -> Flags:
    """Which words are still what was read, [n]."""
    place = {int(key): at for at, key in enumerate(words.ids)}
    flags = np.zeros(len(place), np.bool_)
    end = sql_instant(week.bounds((await the_organisation()).zone)[1])
    last, lowest = int(words.ids.max()) + 1, int(words.ids.min())
    sql = f"{complaints_sql('v.id, v.changed_at')} LIMIT {PAGE}"
    while last > lowest and (rows := await query(sql, words.theme, words.space, end, last)):
        for row in rows:
            at = place.get(row["id"])
            if at is not None:
                flags[at] = row["changed_at"] == words.changed[at]
        last = rows[-1]["id"]
    return flags


async def _let_go(change: Change, pains: Sequence[int], words: ThemeWords) -> None:
    """A pain point that is no more: what is left of it goes where the rest went; without an heir it goes when empty."""
    earlier = words.seeds[change.earlier].pain if change.earlier is not None else None
    if earlier is None:
        return
    if change.cluster is not None:
        heir = pains[change.cluster]
        if (await shown_as()).get(heir) == earlier.id:
            # What was part of the one that goes is now in its place, and part of nothing: least of all of itself.
            await PainPoint.filter(id=heir).update(merged_into_id=None)
        await VerbatimPain.filter(pain_id=earlier.id).update(pain_id=heir)
        await PainPoint.filter(merged_into_id=earlier.id).update(merged_into_id=heir)
        await PainPoint.filter(id=earlier.id).update(
            merged_into_id=heir, centroid=None, earlier_centroid=None
        )
    elif not await VerbatimPain.exists(pain_id=earlier.id):
        await PainPoint.filter(id=earlier.id, title=None).delete()
