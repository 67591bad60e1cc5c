"""The list of themes as the settings show it: how each is called, counted, merged, and how far it is looked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from surveys.db import query, sql_instant
from surveys.due import now
from surveys.names import THEMES, built_in_name, theme_name
from surveys.taxonomy import counted_themes, taxonomy
from surveys.themes.change import FIXED
from surveys.themes.models import SiteTheme, ThemeState

WEEKS: Final = 4


@dataclass(frozen=True)
class Listed:
    """A theme of the list; `count` is of verbatims of the last weeks, None where it is counted elsewhere or nowhere."""

    code: str
    name: str
    built_in_name: str | None
    state: str
    into: str | None
    is_own: bool
    count: int | None
    examples: int
    progress: float | None
    failed: bool
    needs_examples: bool


async def listed() -> list[Listed]:
    """All themes but removed ones and drafts: those offered first, each group in the built-in order, then own ones."""
    rows = {row.code: row for row in await SiteTheme.filter(code__not_isnull=True).order_by("code")}
    counts = await _counts()
    examples = await _examples()
    own = [str(code) for code, row in rows.items() if row.is_own and row.state != ThemeState.REMOVED]
    codes = [code for code in (*THEMES, *own) if code not in FIXED]
    found = [_listed(code, rows.get(code), counts, examples) for code in codes]
    return sorted(found, key=lambda theme: theme.state != ThemeState.ACTIVE)


def _listed(code: str, row: SiteTheme | None, counts: dict[str, int], examples: dict[int, int]) -> Listed:
    name, built_in = theme_name(code), built_in_name(code)
    used = examples.get(row.id, 0) if row else 0
    is_own = bool(row and row.is_own)
    return Listed(
        code=code,
        name=name,
        built_in_name=built_in if built_in != name else None,
        state=ThemeState(row.state).value if row else ThemeState.ACTIVE.value,
        into=theme_name(row.merged_into) if row and row.merged_into else None,
        is_own=is_own,
        count=counts.get(code, 0) if taxonomy().counted(code) == code else None,
        examples=used,
        progress=_progress(row) if row and is_own else None,
        failed=bool(row and row.parked_at),
        needs_examples=is_own and row is not None and row.due_at is None and row.direction is None,
    )


def _progress(row: SiteTheme) -> float | None:
    """How much of the stored comments was looked through, from 0 to 1; None when there is nothing to do."""
    if row.due_at is None:
        return None
    return min(1.0, row.swept_to / row.sweep_end) if row.sweep_end else 0.0


async def _counts() -> dict[str, int]:
    rows = await query(
        "SELECT t.code, COUNT(DISTINCT t.verbatim_id) AS n FROM verbatim v "  # noqa: S608 - our own texts only
        f"JOIN {await counted_themes()} t ON t.verbatim_id = v.id WHERE v.written_at >= {{}} GROUP BY t.code",
        sql_instant(now() - timedelta(weeks=WEEKS)),
    )
    return {row["code"]: int(row["n"]) for row in rows}


async def _examples() -> dict[int, int]:
    rows = await query(
        "SELECT theme_id, COUNT(*) AS n FROM theme_example WHERE is_used = {} GROUP BY theme_id", True
    )
    return {int(row["theme_id"]): int(row["n"]) for row in rows}


async def drafts() -> Sequence[SiteTheme]:
    """Themes that somebody began and neither kept nor threw away."""
    return (
        await SiteTheme.filter(state=ThemeState.DRAFT)
        .prefetch_related("draft_of", "examples")
        .order_by("-id")
    )
