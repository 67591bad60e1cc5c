"""Chore: understand the verbatims that are due; and make all of them due again for a newer model."""

from dataclasses import asdict
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import anyio.to_thread
import numpy as np
from tortoise.transactions import in_transaction

from sentiment.analyse import Analyser
from sentiment.verdict import Comment, Verdict
from surveys.calibration import calibration_stamp
from surveys.complaints import sentence_of
from surveys.due import claim, failed, now
from surveys.pains.assign import assign
from surveys.themes.match import own_themes, with_own_themes
from surveys.verbatims.hold import hold
from surveys.verbatims.models import Correction, Method, Verbatim, VerbatimTheme
from surveys.verbatims.reading import load_analyser

BATCH = 64
LEASE = timedelta(minutes=5)


def analyser() -> Analyser:
    """The model, loaded once per process and only where it is used; again when another calibration is kept."""
    return _loaded(calibration_stamp())


@lru_cache(maxsize=1)
def _loaded(_stamp: int | None) -> Analyser:
    return load_analyser()


async def analyse_due() -> int:
    """Understand one batch; returns how many verbatims were taken."""
    batch = await claim(Verbatim, limit=BATCH, lease=LEASE)
    if not batch:
        return 0
    comments = [Comment(row.masked_text, row.locale, row.country) for row in batch]
    try:
        verdicts = await anyio.to_thread.run_sync(analyser().analyse, comments)
    except Exception:  # noqa: BLE001 - one bad text must not stop the other sixty-three
        return await _one_by_one(batch)
    await _keep(list(zip(batch, verdicts, strict=True)))
    return len(batch)


async def _one_by_one(batch: list[Verbatim]) -> int:
    """The batch failed as a whole: find the row that is to blame, and let the others through."""
    for row in batch:
        try:
            (verdict,) = await anyio.to_thread.run_sync(
                analyser().analyse, [Comment(row.masked_text, row.locale, row.country)]
            )
        except Exception as error:  # noqa: BLE001 - kept with the row, without its text
            await _put_off(row, type(error).__name__)
        else:
            await _keep([(row, verdict)])
    return len(batch)


async def _put_off(row: Verbatim, why: str) -> None:
    """Try again later, unless its words changed while we were at it: others are due already, and for the first time."""
    async with in_transaction():
        await hold([row.id])
        if await Verbatim.exists(id=row.id, due_at=row.due_at):
            await failed(row, why)


async def _keep(understood: list[tuple[Verbatim, Verdict]]) -> None:
    """Save verdicts, except of verbatims whose words changed while we were reading them."""
    wanted = await own_themes()
    if wanted:
        read = analyser().vectors
        understood = await anyio.to_thread.run_sync(with_own_themes, understood, wanted, read)
    at = now()
    async with in_transaction():
        await hold(row.id for row, _ in understood)
        corrected = await _corrections([row.id for row, _ in understood])
        for row, verdict in understood:
            columns = _columns(verdict, corrected.get(row.id, set()), at)
            unchanged = Verbatim.filter(id=row.id, due_at=row.due_at)
            if await unchanged.update(**columns) and "themes" not in corrected.get(row.id, set()):
                await _replace_themes(row.id, verdict)
        await assign([row.id for row, _ in understood])


async def _corrections(ids: list[int]) -> dict[int, set[str]]:
    fields: dict[int, set[str]] = {}
    for correction in await Correction.filter(verbatim_id__in=ids).only("verbatim_id", "field"):
        fields.setdefault(correction.verbatim_id, set()).add(correction.field)
    return fields


def _columns(verdict: Verdict, corrected: set[str], at: datetime) -> dict[str, object]:
    """A person's correction stays; the machine's word stands beside it."""
    language, sentiment = verdict.language, verdict.sentiment
    columns: dict[str, object] = {
        "machine_language": language.code,
        "machine_sentiment": sentiment.label,
        "language_best": language.best,
        "language_confidence": language.confidence,
        "languages": list(language.languages),
        "negative": sentiment.negative,
        "neutral": sentiment.neutral,
        "positive": sentiment.positive,
        "embedding": None if verdict.embedding is None else verdict.embedding.astype(np.float16).tobytes(),
        "sentences": sentences_of(verdict) or None,
        "model_version": verdict.model_version,
        "analysed_at": at,
        "changed_at": at,
        "due_at": None,
        "attempts": 0,
        "last_error": None,
        "parked_at": None,
    }
    if "language" not in corrected:
        columns["language"] = language.code
    if "sentiment" not in corrected:
        columns["sentiment"] = sentiment.label
    return columns


def sentences_of(verdict: Verdict) -> list[dict[str, Any]]:
    """The judgements of sentences as the verbatim keeps them."""
    return [asdict(sentence) for sentence in verdict.sentences]


async def _replace_themes(verbatim_id: int, verdict: Verdict) -> None:
    sentences = sentences_of(verdict)
    await VerbatimTheme.filter(verbatim_id=verbatim_id).delete()
    await VerbatimTheme.bulk_create(
        [
            VerbatimTheme(
                verbatim_id=verbatim_id,
                code=hit.code,
                confidence=hit.confidence,
                start=hit.start,
                end=hit.end,
                method=Method(hit.method),
                polarity=(sentence_of(sentences, hit.start, hit.end) or {}).get("label"),
            )
            for hit in verdict.themes
        ]
    )


async def waiting() -> int:
    """How many verbatims are still to be understood."""
    return await Verbatim.filter(due_at__not_isnull=True).count()


async def analyse_again() -> int:
    """Make everything due that another model version understood, or none; returns how many."""
    version = analyser().model_version
    return (
        await Verbatim.exclude(model_version=version)
        .filter(due_at=None)
        .update(due_at=now(), attempts=0, parked_at=None)
    )
