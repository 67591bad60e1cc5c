"""What happened to a pain point, in sentences: found, split, merged, moved, by regrouping or by a person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tortoise.expressions import Q

from surveys.i18n import gettext as _
from surveys.i18n import instant, number, percent
from surveys.pains.merged import shown_as
from surveys.pains.models import ChangeKind, PainPointChange
from surveys.pains.title import PainName, names_of


@dataclass(frozen=True)
class Event:
    """One thing that happened; `undo` is the id of a merger that can be taken back."""

    sentence: str
    undo: int | None = None


async def histories_of(pains: Collection[int], zone: ZoneInfo) -> dict[int, list[Event]]:
    """The events of each pain point and of those merged into it, the latest first."""
    roots = await shown_as()
    family = [key for key, root in roots.items() if root in pains]
    told = Q(pain_id__in=family) | Q(other_id__in=family)
    changes = await PainPointChange.filter(told).select_related("user").order_by("-made_at", "-id")
    others = {key for change in changes for key in (change.pain_id, change.other_id) if key is not None}
    names = await names_of(others)
    events: dict[int, list[Event]] = {}
    for change in changes:
        sides = (change.pain_id, change.other_id)
        heard = {roots[key] for key in sides if key is not None and key in roots}
        for root in sorted(heard & set(pains)):
            events.setdefault(root, []).append(_event(change, root, roots, names, zone))
    return events


def _event(
    change: PainPointChange,
    root: int,
    roots: Mapping[int, int],
    names: Mapping[int, PainName],
    zone: ZoneInfo,
) -> Event:
    is_own = roots[change.pain_id] == root
    other = change.other_id if is_own else change.pain_id
    known = {
        "week": change.week,
        "other": "" if other is None else names[other].text,
        "members": number(change.members or 0),
        "when": instant(change.made_at, zone),
    }
    if change.is_by_hand:
        return _by_hand(change, known, is_own=is_own, zone=zone)
    if change.kind is ChangeKind.BORN:
        return Event(_("Found in %(week)s, in %(members)s comments.") % known)
    if change.kind is ChangeKind.DRIFTED:
        known["share"] = percent(1 - (change.likeness or 0))
        return Event(_("What is said moved by %(share)s in %(week)s.") % known)
    if change.kind is ChangeKind.MERGED:
        return Event(_("“%(other)s” became part of it in %(week)s.") % known)
    if is_own:
        return Event(_("Came out of “%(other)s” in %(week)s.") % known)
    return Event(_("“%(other)s” came out of it in %(week)s.") % known)


def _by_hand(change: PainPointChange, known: dict[str, str], *, is_own: bool, zone: ZoneInfo) -> Event:
    known["who"] = (change.user.name or change.user.email) if change.user else _("Somebody who has left")
    if change.undone_at is not None:
        known["undone"] = instant(change.undone_at, zone)
        return Event(_("%(who)s merged it with “%(other)s” on %(when)s; taken back on %(undone)s.") % known)
    if not is_own:
        return Event(_("%(who)s merged it into “%(other)s” on %(when)s.") % known)
    return Event(_("%(who)s merged “%(other)s” into it on %(when)s.") % known, undo=change.id)
