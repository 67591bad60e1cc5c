"""Makes the matcher of an own theme from the embeddings of its examples; needs no model, so a page may do it too."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from sentiment.own_themes import FEWEST, MOST, Fit, Floats, fit, known_texts
from surveys.db import query
from surveys.pains.known import model_space
from surveys.settings import settings
from surveys.themes.match import LIVE, vectors_of
from surveys.themes.models import SiteTheme, ThemeExample

# Stored comments that serve as background where the model brings none.
STORED: Final = 400
NO_MATCHER: dict[str, Any] = {
    "centre": None, "direction": None, "threshold": None, "found": 0, "is_clear": True,
}  # fmt: skip


async def current_space() -> str | None:
    """The model version whose embeddings are stored now, as a process may know that has no model loaded."""
    version = model_space()
    if version is not None:
        return version
    rows = await query(
        "SELECT model_version FROM verbatim WHERE embedding IS NOT NULL ORDER BY id DESC LIMIT 1"
    )
    return rows[0]["model_version"] if rows else None


async def unread_examples(theme_id: int, space: str | None) -> list[ThemeExample]:
    """The examples in use that this model version has not read."""
    rows = await ThemeExample.filter(theme_id=theme_id, is_used=True).order_by("id")
    return [row for row in rows if row.embedding is None or row.space != space]


async def fit_theme(theme: SiteTheme, space: str) -> bool:
    """Make the matcher and set it on the theme, which is not saved; False while examples are still to be read.

    With too few examples there is no matcher, and nothing new is found until there are more.
    """
    if await unread_examples(theme.id, space):
        return False
    examples = await _examples(theme.id, space)
    made = fit(examples[:MOST], await background(theme, space)) if len(examples) >= FEWEST else None
    theme.update_from_dict(
        {**(columns(made) if made else NO_MATCHER), "fitted": len(examples), "space": space}
    )
    return True


def columns(made: Fit) -> dict[str, Any]:
    """A fit as the row keeps it."""
    return {
        "centre": made.matcher.centre.astype(np.float32).tobytes(),
        "direction": made.matcher.direction.tobytes(),
        "threshold": made.matcher.threshold,
        "found": made.found,
        "is_clear": made.is_clear,
    }


async def _examples(theme_id: int, space: str) -> Floats:
    rows = await query(
        "SELECT embedding FROM theme_example WHERE theme_id = {} AND is_used = {} AND space = {} "
        "AND embedding IS NOT NULL ORDER BY id",
        theme_id,
        True,
        space,
    )
    return vectors_of(rows)


async def background(theme: SiteTheme, space: str) -> Floats:
    """Texts about other things: the known points beside the model, and the examples of the site's other themes.

    A model without known points has the newest stored comments for that; few of them speak of any one thing.
    """
    known = (
        known_texts(Path(settings().model_folder) / "points.npz").vectors if space == model_space() else None
    )
    if known is None or not len(known):
        known = vectors_of(
            await query(
                "SELECT embedding FROM verbatim WHERE model_version = {} AND embedding IS NOT NULL "  # noqa: S608 - a number
                f"ORDER BY id DESC LIMIT {STORED}",
                space,
            )
        )
    others = await _other_examples(theme, space)
    parts = [part for part in (known, others) if len(part)]
    return np.concatenate(parts) if parts else np.empty((0, 0), np.float32)


async def _other_examples(theme: SiteTheme, space: str) -> Floats:
    states = ", ".join(f"'{state.value}'" for state in LIVE)
    rows = await query(
        "SELECT e.embedding FROM theme_example e JOIN site_theme s ON s.id = e.theme_id "  # noqa: S608 - our own texts
        f"WHERE s.state IN ({states}) AND e.is_used = {{}} AND e.space = {{}} AND e.embedding IS NOT NULL "
        "AND s.id <> {} AND s.id <> {} ORDER BY e.id",
        True,
        space,
        theme.id,
        theme.draft_of_id or theme.id,
    )
    return vectors_of(rows)
