"""Which pain point a verbatim names in each of its themes: one look-up of the nearest middle.

Called inside the transaction that stores what was understood of the words, or a person's correction of it. Middles of
another model version's space cannot be compared with; a link to such a pain point stays until the next regrouping.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from tortoise.expressions import Q

from sentiment.pains import DEFAULTS
from sentiment.pains import assign as nearest_of
from sentiment.pains_vectors import Floats, unit
from surveys.complaints import COMPLAINT_ON_THEME
from surveys.db import as_instant, query
from surveys.organisation.models import the_organisation
from surveys.pains.known import known_points
from surveys.pains.models import PainPoint, ThemeGrouping, VerbatimPain
from surveys.weeks import Week

# Nobody can act on "something else".
NO_PAIN_THEME: Final = "other"
BULK: Final = 500
Known = tuple[str, str]


@dataclass(frozen=True)
class References:
    """Where the pain points of a theme are: unit vectors [r, d], the least likeness to each [r], and whose they are.

    An owner is a row's id, or theme and code of one that is known but was not named yet.
    """

    vectors: Floats
    least: Floats
    owners: Sequence[int | Known]


async def assign(ids: Sequence[int]) -> None:
    """Link verbatims to the pain points they name now, instead of those before."""
    found = [row for start in range(0, len(ids), BULK) for row in await _named(ids[start : start + BULK])]
    stay = {
        (row["id"], row["theme"]) for row in found if row["space"] and row["space"] != row["model_version"]
    }
    moving = [row for row in found if (row["id"], row["theme"]) not in stay]
    links = [
        link for theme in sorted({row["theme"] for row in moving}) for link in await _links(theme, moving)
    ]
    for start in range(0, len(ids), BULK):
        old = await VerbatimPain.filter(verbatim_id__in=list(ids[start : start + BULK]))
        gone = [link.id for link in old if (link.verbatim_id, link.theme) not in stay]
        await VerbatimPain.filter(id__in=gone).delete()
    await VerbatimPain.bulk_create(links, batch_size=BULK)


async def _named(ids: Sequence[int]) -> list[dict[str, Any]]:
    """The themes that verbatims complain about, with their embeddings and what they are linked to."""
    places = ", ".join(["{}"] * len(ids))
    return await query(
        "SELECT v.id, v.written_at, v.embedding, v.model_version, t.code AS theme, p.space "  # noqa: S608 - our own texts
        "FROM verbatim v JOIN verbatim_theme t ON t.verbatim_id = v.id "
        "LEFT JOIN verbatim_pain l ON l.verbatim_id = v.id AND l.theme = t.code "
        "LEFT JOIN pain_point p ON p.id = l.pain_id AND p.known IS NULL "
        f"WHERE v.id IN ({places}) AND v.embedding IS NOT NULL AND t.code <> '{NO_PAIN_THEME}' "
        f"AND {COMPLAINT_ON_THEME} ORDER BY v.id, t.code",
        *ids,
    )


async def _links(theme: str, rows: Sequence[Mapping[str, Any]]) -> list[VerbatimPain]:
    mine = [row for row in rows if row["theme"] == theme]
    await ThemeGrouping.get_or_create(theme=theme)
    zone = (await the_organisation()).zone
    links = []
    for space in sorted({row["model_version"] for row in mine}):
        there = [row for row in mine if row["model_version"] == space]
        vectors = read_vectors([row["embedding"] for row in there])
        references = await references_of(theme, space, vectors.shape[1])
        found, likeness = nearest_of(vectors, references.vectors, references.least)
        for row, at, cosine in zip(there, found.tolist(), likeness.tolist(), strict=True):
            if at >= 0:
                week = str(Week.containing(as_instant(row["written_at"]), zone))
                pain = await _row(references.owners[at], week)
                links.append(VerbatimPain(verbatim_id=row["id"], theme=theme, pain_id=pain, likeness=cosine))
    return links


def read_vectors(embeddings: Sequence[bytes]) -> Floats:
    """Stored embeddings as unit rows [n, d]."""
    return unit(np.stack([np.frombuffer(value, np.float16) for value in embeddings]).astype(np.float32))


async def _row(owner: int | Known, week: str) -> int:
    """The pain point's row, made when it is named for the first time; earlier words move its first week back."""
    if isinstance(owner, int):
        await PainPoint.filter(id=owner, first_week__gt=week).update(first_week=week)
        return owner
    theme, code = owner
    row, made = await PainPoint.get_or_create(theme=theme, known=code, defaults={"first_week": week})
    if not made and row.first_week > week:
        await PainPoint.filter(id=row.id).update(first_week=week)
    return row.id


async def references_of(theme: str, space: str, width: int) -> References:
    """Every pain point that a text of a theme may name, by its middle; a known one not named yet by its prototype."""
    points = known_points()
    at = points.of(theme) if points.vectors.shape[1] == width else []
    codes = [points.codes[one] for one in at]
    owners: list[int | Known] = [(points.themes[one][0], points.codes[one]) for one in at]
    vectors: list[Floats] = [points.vectors[one] for one in at]
    held = await held_ids(theme)
    least = [DEFAULTS.known] * len(at)
    mine = Q(theme=theme, known=None) | Q(known__in=codes)
    for row in await PainPoint.filter(mine, space=space, centroid__not_isnull=True).order_by("id"):
        if row.known:
            vectors[codes.index(row.known)] = np.frombuffer(row.centroid or b"", np.float32)
            continue
        owners.append(row.id)
        vectors.append(np.frombuffer(row.centroid or b"", np.float32))
        least.append(DEFAULTS.known if row.id in held else DEFAULTS.join)
    stacked = np.stack(vectors) if vectors else np.empty((0, width), np.float32)
    return References(stacked, np.array(least, np.float32), owners)


async def held_ids(theme: str) -> frozenset[int]:
    """Pain points that people named or merged: regrouping neither splits nor merges these."""
    rows = await PainPoint.filter(theme=theme, centroid__not_isnull=True).only(
        "id", "title", "merged_into_id"
    )
    named = {row.id for row in rows if row.title or row.merged_into_id}
    return frozenset(named | {row.merged_into_id for row in rows if row.merged_into_id})
