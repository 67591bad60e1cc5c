"""Decisions as a reader sees them: what each is about, by its name; how it stands, overdue marked; its history."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from surveys.decisions.decide import this_week
from surveys.decisions.history import histories_of, state_name
from surveys.decisions.models import Decision, DecisionState
from surveys.names import theme_name
from surveys.pains.merged import shown_as
from surveys.pains.title import PainName, names_of
from surveys.taxonomy import taxonomy


@dataclass(frozen=True)
class DecisionShown:
    """One decision on a page."""

    id: int
    theme: str
    pain: PainName | None
    pain_id: int | None
    sentence: str
    owner: str
    due_week: str
    state: str
    word: str
    is_overdue: bool
    events: Sequence[str]


async def all_decisions(zone: ZoneInfo) -> list[DecisionShown]:
    """Every decision: those still to be done by their due week, then the others, the latest first."""
    return await _shown(await Decision.all().order_by("-id"), zone)


async def decisions_at(pains: Collection[int], zone: ZoneInfo) -> dict[int, list[DecisionShown]]:
    """The decisions about some pain points, and about those merged into them."""
    roots = await shown_as()
    family = [key for key, root in roots.items() if root in pains]
    rows = await Decision.filter(pain_id__in=family).order_by("-id") if family else []
    found: dict[int, list[DecisionShown]] = {}
    for shown in await _shown(rows, zone):
        if shown.pain_id is not None:
            found.setdefault(shown.pain_id, []).append(shown)
    return found


async def _shown(rows: Sequence[Decision], zone: ZoneInfo) -> list[DecisionShown]:
    week, roots = str(await this_week()), await shown_as()
    pains = {row.id: roots.get(row.pain_id) for row in rows if row.pain_id is not None}
    names = await names_of({pain for pain in pains.values() if pain is not None})
    events = await histories_of([row.id for row in rows], zone)
    shown = [
        DecisionShown(
            id=row.id,
            theme=theme_name(taxonomy().counted(row.theme) or row.theme),
            pain=names.get(pains.get(row.id) or 0),
            pain_id=pains.get(row.id),
            sentence=row.sentence,
            owner=row.owner,
            due_week=row.due_week,
            state=row.state.value,
            word=state_name(row.state.value),
            # Written as 2026-W47, weeks sort as they follow each other.
            is_overdue=row.state is DecisionState.DECIDED and row.due_week < week,
            events=events.get(row.id, ()),
        )
        for row in rows
    ]
    still = sorted((each for each in shown if each.state == "decided"), key=lambda each: each.due_week)
    return [*still, *(each for each in shown if each.state != "decided")]
