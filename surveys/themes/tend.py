"""Chore: an own theme that is due gets its examples read, its matcher made, and stored comments looked through for it.

Only a worker or a command imports this: it loads the model, and only when there are examples to read.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import anyio.to_thread
import numpy as np

from sentiment.verdict import Comment, Verdict
from surveys.due import claim, failed, now
from surveys.themes.fit import current_space, fit_theme, unread_examples
from surveys.themes.match import LIVE
from surveys.themes.models import SiteTheme, ThemeExample, ThemeState
from surveys.themes.sweep import sweep
from surveys.verbatims.analyse import analyser

LEASE: Final = timedelta(minutes=5)
FORGET_DRAFTS_AFTER: Final = timedelta(days=7)
REST: Final = {"attempts": 0, "last_error": None, "parked_at": None}


async def tend_own_themes() -> int:
    """One step for one theme that is due; returns how many themes were taken."""
    await _wake()
    claimed = await claim(SiteTheme, limit=1, lease=LEASE)
    for theme in claimed:
        try:
            await _step(theme)
        except Exception as error:  # noqa: BLE001 - kept with the row, without its texts
            await failed(theme, type(error).__name__)
    return len(claimed)


async def _wake() -> None:
    """Themes whose matcher belongs to another model than the one in use are due; drafts left alone go."""
    space = await current_space()
    if space is not None:
        stale = SiteTheme.filter(is_own=True, state__in=list(LIVE), due_at=None, parked_at=None)
        await stale.exclude(space=space).update(due_at=now(), swept_to=0, sweep_end=None)
    await SiteTheme.filter(state=ThemeState.DRAFT, created_at__lt=now() - FORGET_DRAFTS_AFTER).delete()


async def _step(theme: SiteTheme) -> None:
    space = await read_examples(theme) or await current_space()
    if space is None:
        await _save(theme, {"due_at": None})
        return
    if theme.space != space or theme.direction is None:
        await fit_theme(theme, space)
        theme.swept_to, theme.sweep_end = 0, None
    wants_sweep = theme.state in LIVE and theme.direction is not None
    more = wants_sweep and await sweep(theme, analyser().vectors)
    await _save(theme, {"due_at": now() if more else None})


async def _save(theme: SiteTheme, columns: dict[str, Any]) -> None:
    """Unless somebody changed the theme while we were at it: then it is due for them already."""
    made = ("centre", "direction", "threshold", "found", "is_clear", "fitted", "space")
    swept = ("swept_to", "sweep_end")
    kept = {name: getattr(theme, name) for name in (*made, *swept)}
    await SiteTheme.filter(id=theme.id, due_at=theme.due_at).update(**kept, **columns, **REST)


async def read_examples(theme: SiteTheme) -> str | None:
    """Have the model read what it has not; returns its version, None when there was nothing to read."""
    unread = await unread_examples(theme.id, await current_space())
    if not unread:
        return None
    verdicts = await anyio.to_thread.run_sync(_read, [row.text for row in unread])
    for row, verdict in zip(unread, verdicts, strict=True):
        # Words that mean nothing to the model (a row of signs) teach nothing.
        vector = verdict.embedding
        await ThemeExample.filter(id=row.id).update(
            embedding=None if vector is None else vector.astype(np.float16).tobytes(),
            space=verdict.model_version,
            is_used=vector is not None,
        )
    return verdicts[0].model_version


def _read(texts: Sequence[str]) -> list[Verdict]:
    return analyser().analyse([Comment(text) for text in texts])
