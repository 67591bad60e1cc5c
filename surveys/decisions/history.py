"""What happened to a decision, in sentences: who wrote it, and who changed what."""

from collections.abc import Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from surveys.decisions.models import DecisionChange
from surveys.i18n import gettext as _
from surveys.i18n import instant


def state_name(state: str) -> str:
    """A state in the current language."""
    return {"decided": _("decided"), "done": _("done"), "dropped": _("dropped")}[state]


async def histories_of(decisions: Collection[int], zone: ZoneInfo) -> dict[int, list[str]]:
    """The changes of each decision, the latest first."""
    told: dict[int, list[str]] = {}
    rows = DecisionChange.filter(decision_id__in=list(decisions)).select_related("user").order_by("-id")
    for row in await rows:
        told.setdefault(row.decision_id, []).extend(_told(row, zone))
    return told


def _told(row: DecisionChange, zone: ZoneInfo) -> list[str]:
    words = {
        "who": (row.user.name or row.user.email) if row.user else _("Somebody who has left"),
        "when": instant(row.made_at, zone),
    }
    if not row.before:
        return [_("%(who)s wrote it on %(when)s.") % words]
    moved = [name for name in row.after if row.after[name] != row.before[name]]
    return [_sentence(name) % {**words, **_values(name, row.before, row.after)} for name in moved]


def _sentence(name: str) -> str:
    return {
        "sentence": _("%(who)s changed the words on %(when)s; before they were: “%(before)s”."),
        "owner": _("%(who)s gave it from “%(before)s” to “%(after)s” on %(when)s."),
        "due_week": _("%(who)s moved it from %(before)s to %(after)s on %(when)s."),
        "state": _("%(who)s changed it from “%(before)s” to “%(after)s” on %(when)s."),
    }[name]


def _values(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    sides = {"before": before[name], "after": after[name]}
    return {side: state_name(value) if name == "state" else value for side, value in sides.items()}
