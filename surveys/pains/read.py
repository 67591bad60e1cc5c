"""What regrouping a theme begins with: the embeddings of its complaints, their pain points so far, and the seeds."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from tortoise.expressions import Q

from sentiment.pains import DEFAULTS, Seeds
from sentiment.pains_vectors import Floats, Integers, sums, unit
from surveys.complaints import COMPLAINT_ON_THEME
from surveys.db import as_instant, query, sql_instant
from surveys.organisation.models import the_organisation
from surveys.pains.assign import held_ids
from surveys.pains.known import known_points, model_space
from surveys.pains.models import PainPoint
from surveys.weeks import Week

PAGE: Final = 5000
MOST: Final = 100_000
"""The newest words of a theme are regrouped, so many of them; older ones stay where they are."""


@dataclass(frozen=True)
class Seed:
    """A pain point before regrouping: its row if it has one, and its code if it is known."""

    pain: PainPoint | None
    known: str | None


@dataclass(frozen=True)
class ThemeWords:
    """The complaints about a theme, newest first, and where its pain points were."""

    theme: str
    space: str
    ids: Integers  # [n]
    changed: Sequence[Any]  # [n], when each was last changed, as the database writes it
    written: Sequence[datetime]  # [n]
    vectors: NDArray[np.float16]  # [n, d], unit
    pains: Integers  # [n], the row of the pain point named so far, or 0
    seeds: Sequence[Seed]
    places: Seeds
    comparable: NDArray[np.bool_]  # [seeds], whether the middle before was in the same space

    @property
    def fingerprint(self) -> str:
        """The same for the same words, model and known pain points."""
        known = [seed.known for seed in self.seeds if seed.known]
        told = repr((self.space, self.ids.tolist(), [str(at) for at in self.changed], known, DEFAULTS))
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def labels(self) -> Integers:
        """The number of each row's seed so far, or -1."""
        number = {seed.pain.id: at for at, seed in enumerate(self.seeds) if seed.pain}
        return np.array([number.get(int(pain), -1) for pain in self.pains], np.int64)


async def read_theme(theme: str, week: Week, progress: Callable[[int, int], None]) -> ThemeWords | None:
    """Everything up to the end of a week; None where nothing has an embedding of the model in use."""
    space = model_space() or await _latest_space()
    if space is None:
        return None
    rows = await _rows(theme, week, space, progress)
    if not rows:
        return None
    vectors = np.stack([np.frombuffer(row["embedding"], np.float16) for row in rows])
    pains = np.array([row["pain_id"] or 0 for row in rows], np.int64)
    seeds, middles, comparable = await _seeds(theme, space, vectors, pains)
    held = await held_ids(theme)
    return ThemeWords(
        theme=theme,
        space=space,
        ids=np.array([row["id"] for row in rows], np.int64),
        changed=[row["changed_at"] for row in rows],
        written=[as_instant(row["written_at"]) for row in rows],
        vectors=vectors,
        pains=pains,
        seeds=seeds,
        places=Seeds(
            middles, np.array([bool(s.known or (s.pain and s.pain.id in held)) for s in seeds], np.bool_)
        ),
        comparable=comparable,
    )


async def _latest_space() -> str | None:
    rows = await query(
        "SELECT model_version FROM verbatim WHERE embedding IS NOT NULL ORDER BY id DESC LIMIT 1"
    )
    return rows[0]["model_version"] if rows else None


async def _rows(
    theme: str, week: Week, space: str, progress: Callable[[int, int], None]
) -> list[dict[str, Any]]:
    end = sql_instant(week.bounds((await the_organisation()).zone)[1])
    rows: list[dict[str, Any]] = []
    last = 2**31 - 1
    while page := await query(f"{complaints_sql()} LIMIT {PAGE}", theme, space, end, last):
        rows += page
        last = page[-1]["id"]
        progress(min(len(rows), MOST), MOST if len(page) == PAGE else len(rows))
        if len(rows) >= MOST:
            break
    return rows[:MOST]


def complaints_sql(columns: str = "v.id, v.changed_at, v.written_at, v.embedding, l.pain_id") -> str:
    """Complaints about a theme with an embedding: theme, space, end of the week and highest id are to be filled in."""
    return (
        f"SELECT {columns} FROM verbatim v JOIN verbatim_theme t ON t.verbatim_id = v.id "  # noqa: S608 - our own texts
        "LEFT JOIN verbatim_pain l ON l.verbatim_id = v.id AND l.theme = t.code "
        "WHERE t.code = {} AND v.model_version = {} AND v.embedding IS NOT NULL AND v.written_at < {} AND v.id < {} "
        f"AND {COMPLAINT_ON_THEME} ORDER BY v.id DESC"
    )


async def _seeds(
    theme: str, space: str, vectors: NDArray[np.float16], pains: Integers
) -> tuple[list[Seed], Floats, NDArray[np.bool_]]:
    """Known prototypes of the theme, then found pain points by id; where the middle of one is of another model, the
    middle of its members now.
    """
    points = known_points()
    at = points.of(theme) if points.vectors.shape[1] == vectors.shape[1] else []
    codes = [points.codes[one] for one in at]
    rows = await PainPoint.filter(Q(theme=theme, known=None) | Q(known__in=codes)).order_by("id")
    by_code = {row.known: row for row in rows if row.known}
    seeds = [Seed(by_code.get(code), code) for code in codes]
    middles = [points.vectors[one] for one in at]
    comparable = [True] * len(at)
    for row in rows:
        if row.known:
            continue
        mine = np.where(pains == row.id, 0, -1)
        is_same = row.space == space and row.centroid is not None
        if is_same:
            middles.append(np.frombuffer(row.centroid or b"", np.float32))
        elif (mine == 0).any():
            middles.append(unit(sums(vectors, mine, 1))[0])
        else:
            continue
        seeds.append(Seed(row, None))
        comparable.append(is_same)
    stacked = np.stack(middles) if middles else np.empty((0, vectors.shape[1]), np.float32)
    return seeds, stacked, np.array(comparable, np.bool_)
