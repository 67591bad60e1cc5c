"""Which decisions the digest of a week tells, as they stood by the end of that week."""

from dataclasses import dataclass
from typing import Final

from surveys.decisions.models import Decision, DecisionState
from surveys.pains.merged import shown_as
from surveys.taxonomy import taxonomy
from surveys.weeks import Week

# One that was done or dropped is told so many weeks more.
TOLD_AFTER: Final = 4
# A digest is no list of everything; the page of decisions is.
MOST: Final = 24


@dataclass(frozen=True)
class DecisionTold:
    """One decision, its pain point as it is shown now; `pain` is none for a whole theme."""

    theme: str
    pain: str | None
    sentence: str
    owner: str
    week: str
    due_week: str
    state: str
    closed_week: str | None
    overdue: bool


async def told_in(week: Week, *, is_over: bool) -> list[DecisionTold]:
    """What was decided by then and is still to be done, the longest due first; then what was done or dropped lately."""
    # Written as 2026-W47, weeks sort as they follow each other.
    rows = await Decision.filter(week__lte=str(week)).order_by("due_week", "id")
    roots = await shown_as()
    told: list[DecisionTold] = []
    for row in rows:
        theme = taxonomy().counted(row.theme)
        closed = row.closed_week if row.closed_week and row.closed_week <= str(week) else None
        if theme is None or (closed and closed < str(week.previous(TOLD_AFTER))):
            continue
        root = roots.get(row.pain_id) if row.pain_id is not None else None
        late = row.due_week <= str(week) if is_over else row.due_week < str(week)
        state = row.state if closed else DecisionState.DECIDED
        told.append(
            DecisionTold(
                theme=theme,
                pain=None if root is None else str(root),
                sentence=row.sentence,
                owner=row.owner,
                week=row.week,
                due_week=row.due_week,
                state=state.value,
                closed_week=closed,
                overdue=late and closed is None,
            )
        )
    return sorted(told, key=lambda each: each.closed_week is not None)[:MOST]
