"""Looks through the comments that were analysed before a theme was there: over their stored embeddings.

The model reads only those that match and have several sentences, for the one that speaks of the theme.
"""

import json
from typing import Any, Final

import anyio.to_thread
from tortoise.transactions import in_transaction

from sentiment.sentences import Stretch
from surveys.complaints import sentence_of
from surveys.db import query
from surveys.due import now
from surveys.pains.assign import assign
from surveys.themes.match import Read, chance, evidence, matcher_of, vectors_of
from surveys.themes.models import SiteTheme
from surveys.verbatims.hold import hold
from surveys.verbatims.models import Method, Verbatim, VerbatimTheme

PAGE: Final = 2000
BULK: Final = 500


async def sweep(theme: SiteTheme, read: Read) -> bool:
    """One page of comments, oldest first; sets how far it came on the theme. True while there are more."""
    if theme.sweep_end is None:
        theme.sweep_end = int((await query("SELECT COALESCE(MAX(id), 0) AS last FROM verbatim"))[0]["last"])
    rows = await query(
        "SELECT id, masked_text, sentences, embedding FROM verbatim WHERE id > {} AND id <= {} AND model_version = {} "  # noqa: S608 - a number of our own
        f"AND embedding IS NOT NULL ORDER BY id LIMIT {PAGE}",
        theme.swept_to,
        theme.sweep_end,
        theme.space,
    )
    if rows:
        await _settle(theme, rows, read)
    theme.swept_to = rows[-1]["id"] if len(rows) == PAGE else theme.sweep_end
    return len(rows) == PAGE


async def _settle(theme: SiteTheme, rows: list[dict[str, Any]], read: Read) -> None:
    """Give the theme to those that match and take it from those that no longer do; a person's word stays."""
    matcher, code = matcher_of(theme), theme.code or ""
    assert matcher is not None
    vectors = vectors_of(rows)
    chances = dict(zip((row["id"] for row in rows), chance(matcher, vectors), strict=True))
    matching = {row["id"] for row, fits in zip(rows, matcher.matches(vectors), strict=True) if fits}
    texts = [(row["masked_text"], [matcher]) for row in rows if row["id"] in matching]
    found = await anyio.to_thread.run_sync(evidence, texts, read)
    places = {
        row["id"]: place
        for row, (place,) in zip((row for row in rows if row["id"] in matching), found, strict=True)
    }
    sentences = {row["id"]: row["sentences"] for row in rows}
    async with in_transaction():
        await hold(chances)
        held, said = await _standing(code, rows[0]["id"], rows[-1]["id"])
        new = sorted(matching - held.keys() - said)
        ours = {key for key, method in held.items() if method == Method.SITE and key in chances}
        gone = sorted(ours - matching - said)
        await VerbatimTheme.bulk_create(
            [_given(key, code, chances[key], places[key], sentences[key]) for key in new],
            batch_size=BULK,
            ignore_conflicts=True,
        )
        changed = sorted({*new, *gone})
        for start in range(0, len(changed), BULK):
            some = changed[start : start + BULK]
            lost = [key for key in some if key in held]
            await VerbatimTheme.filter(code=code, method=Method.SITE, verbatim_id__in=lost).delete()
            await Verbatim.filter(id__in=some).update(changed_at=now())
        if changed:
            await assign(changed)


def _given(
    verbatim_id: int, code: str, confidence: float, place: Stretch | None, sentences: Any
) -> VerbatimTheme:
    """The theme as the analysis gives it; `sentences` as the database hands them over: SQLite as text."""
    start, end = place or (None, None)
    told = json.loads(sentences) if isinstance(sentences, str) else sentences
    return VerbatimTheme(
        verbatim_id=verbatim_id,
        code=code,
        confidence=confidence,
        start=start,
        end=end,
        method=Method.SITE,
        polarity=(sentence_of(told or [], start, end) or {}).get("label"),
    )


async def _standing(code: str, first: int, last: int) -> tuple[dict[int, str], set[int]]:
    """Which verbatims have the theme already and by whose word, and of which a person said what the themes are."""
    held = await query(
        "SELECT verbatim_id, method FROM verbatim_theme WHERE code = {} AND verbatim_id >= {} AND verbatim_id <= {}",
        code,
        first,
        last,
    )
    said = await query(
        "SELECT DISTINCT verbatim_id FROM correction WHERE field = 'themes' AND verbatim_id >= {} AND verbatim_id <= {}",
        first,
        last,
    )
    return {row["verbatim_id"]: row["method"] for row in held}, {row["verbatim_id"] for row in said}
