"""What a draft would find among the comments of the last weeks: from their stored embeddings, masked, small groups hidden."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np

from sentiment.own_themes import Floats
from surveys import names
from surveys.db import query, sql_instant
from surveys.due import now
from surveys.quoting import shortened
from surveys.suppression import suppressed_metric
from surveys.themes.match import matcher_of, vectors_of
from surveys.themes.models import SiteTheme
from surveys.verbatims.look import tag

WEEKS: Final = 4
# The newest so many comments are enough to see what a theme finds, and are looked through in a moment.
MOST_LOOKED_AT: Final = 5000
SUREST, DOUBTFUL, NEARLY = 5, 3, 3


@dataclass(frozen=True)
class Sample:
    """A masked comment with the chance that it speaks of the theme."""

    id: int
    text: str
    tag: str | None
    language: str | None
    chance: float


@dataclass(frozen=True)
class Preview:
    """How many comments were looked at and how many match; a few of these, and a few that nearly do."""

    looked_at: int
    matching: int
    is_small: bool
    languages: Sequence[tuple[str, int]]
    surest: Sequence[Sample]
    doubtful: Sequence[Sample]
    nearly: Sequence[Sample]


async def preview(draft: SiteTheme, k: int) -> Preview | None:
    """None as long as there is no matcher. Of 1 to k - 1 that match neither the number nor the words are shown."""
    matcher = matcher_of(draft)
    if matcher is None or draft.space is None:
        return None
    rows = await query(
        "SELECT id, embedding, language FROM verbatim WHERE written_at >= {} AND model_version = {} "  # noqa: S608 - numbers of our own
        f"AND embedding IS NOT NULL ORDER BY written_at DESC, id DESC LIMIT {MOST_LOOKED_AT}",
        sql_instant(now() - timedelta(weeks=WEEKS)),
        draft.space,
    )
    if not rows:
        return Preview(0, 0, is_small=False, languages=(), surest=(), doubtful=(), nearly=())
    vectors = vectors_of(rows)
    chances, matching = matcher.chances(vectors), int(matcher.matches(vectors).sum())
    if suppressed_metric(matching, k):
        return Preview(len(rows), matching, is_small=True, languages=(), surest=(), doubtful=(), nearly=())
    order = np.argsort(-chances, kind="stable")
    spoken = Counter(str(rows[at]["language"] or "und") for at in order[:matching])
    large = [(names.spoken_language_name(code), n) for code, n in spoken.most_common() if n >= k]
    sure = order[: min(SUREST, matching)]
    doubtful = order[max(len(sure), matching - DOUBTFUL) : matching]
    nearly = order[matching : matching + NEARLY]
    return Preview(
        len(rows),
        matching,
        is_small=False,
        languages=large,
        surest=await _samples(rows, sure, chances),
        doubtful=await _samples(rows, doubtful, chances),
        nearly=await _samples(rows, nearly, chances),
    )


async def _samples(rows: Sequence[dict[str, Any]], order: Any, chances: Floats) -> list[Sample]:
    wanted = {rows[at]["id"]: float(chances[at]) for at in order}
    if not wanted:
        return []
    places = ", ".join(["{}"] * len(wanted))
    found = await query(
        f"SELECT id, masked_text, language, language_best FROM verbatim WHERE id IN ({places})",  # noqa: S608 - see there
        *wanted,
    )
    by_id = {row["id"]: row for row in found}
    return [_sample(by_id[key], chance) for key, chance in wanted.items() if key in by_id]


def _sample(row: dict[str, Any], chance: float) -> Sample:
    language = row["language"]
    return Sample(
        row["id"],
        shortened(row["masked_text"]),
        tag(language, row["language_best"]),
        names.spoken_language_name(language) if language else None,
        chance,
    )
