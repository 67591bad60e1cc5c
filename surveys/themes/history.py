"""What was done to the themes, told in sentences, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from surveys.accounts.models import User
from surveys.due import now
from surveys.errors import NotFound, Refused
from surveys.i18n import current, instant, speaking
from surveys.i18n import gettext as _
from surveys.names import built_in_name, theme_name
from surveys.themes.change import check_alone, check_target, name_problems, one_at_a_time
from surveys.themes.models import Action, SiteTheme, ThemeChange, ThemeExample, ThemeState

SHOWN: Final = 20
LARGEST_ID: Final = 2**31 - 1


@dataclass(frozen=True)
class Told:
    """A change as it is told, and whether it can be taken back now."""

    id: int
    sentence: str
    undone: str | None
    can_undo: bool


async def history(zone: ZoneInfo, code: str | None = None) -> list[Told]:
    """The latest changes, of one theme or of all."""
    rows = ThemeChange.filter(theme__code=code) if code else ThemeChange.all()
    found = await rows.select_related("theme", "user", "undone_by").order_by("-id").limit(SHOWN)
    latest = await _latest()
    return [_told(row, zone, row.id in latest) for row in found]


async def _latest() -> set[int]:
    """Of each theme the last change that stands: what came before can only be taken back after it."""
    rows = await ThemeChange.filter(undone_at=None).order_by("id").values_list("theme_id", "id")
    return {int(change) for _theme, change in dict(rows).items()}


def _told(row: ThemeChange, zone: ZoneInfo, can_undo: bool) -> Told:
    words = {
        "theme": theme_name(row.theme.code or ""),
        "who": _who(row.user),
        "when": instant(row.made_at, zone),
    }
    undone = None
    if row.undone_at is not None:
        sentence = _("Taken back by %(who)s on %(when)s.")
        undone = sentence % {"who": _who(row.undone_by), "when": instant(row.undone_at, zone)}
    return Told(row.id, _sentence(row) % {**words, **_details(row)}, undone, can_undo and undone is None)


def _sentence(row: ThemeChange) -> str:
    return {
        Action.RENAME: _("%(who)s renamed “%(before)s” to “%(after)s” on %(when)s."),
        Action.HIDE: _("%(who)s hid “%(theme)s” on %(when)s."),
        Action.SHOW: _("%(who)s let “%(theme)s” stand by itself again on %(when)s."),
        Action.MERGE: _("%(who)s merged “%(theme)s” into “%(into)s” on %(when)s."),
        Action.ADD: _("%(who)s added “%(theme)s” with %(n)s examples on %(when)s."),
        Action.EDIT: _("%(who)s changed the examples of “%(theme)s” on %(when)s; it has %(n)s now."),
        Action.REMOVE: _("%(who)s removed “%(theme)s” on %(when)s."),
    }[row.action]


def _details(row: ThemeChange) -> dict[str, Any]:
    into = row.after.get("merged_into")
    return {
        "before": _called(row, row.before),
        "after": _called(row, row.after),
        "into": theme_name(into) if into else "",
        "n": len(row.after.get("examples", ())),
    }


def _called(row: ThemeChange, stood: dict[str, Any]) -> str:
    """The name at that time in the reader's language, else in the first that the change was about."""
    names, before, after = stood.get("names", {}), row.before.get("names", {}), row.after.get("names", {})
    moved = (locale for locale in sorted({*before, *after}) if before.get(locale) != after.get(locale))
    locale = current().code if current().code in {*before, *after} else next(moved, current().code)
    with speaking(locale, "digest"):
        return str(
            names.get(locale) or built_in_name(row.theme.code or "") or theme_name(row.theme.code or "")
        )


def _who(user: User | None) -> str:
    return (user.name or user.email) if user else _("Somebody without an account")


async def undo(change_id: int, user: User | None) -> ThemeChange:
    """Let a theme stand as it did before its latest change.

    Raises NotFound, or Refused with a sentence when a later change stands upon it or another theme is in the way.
    """
    async with one_at_a_time():
        change = await _change(change_id)
        if change.undone_at is not None or change.id not in await _latest():
            raise Refused(_("A later change stands upon this one, or it was taken back already."))
        theme = await SiteTheme.get(id=change.theme_id)
        await _restore(theme, change)
        change.undone_at, change.undone_by = now(), user
        await change.save()
        return change


async def undo_latest(user: User | None) -> ThemeChange:
    """Take back the latest change of all; raises NotFound when there is none."""
    change = await ThemeChange.filter(undone_at=None).order_by("-id").first()
    if change is None:
        raise NotFound(_("There is no change to take back."))
    return await undo(change.id, user)


async def _change(change_id: int) -> ThemeChange:
    change = await ThemeChange.get_or_none(id=change_id) if 0 < change_id <= LARGEST_ID else None
    if change is None:
        raise NotFound(_("There is no such change."))
    return change


async def _restore(theme: SiteTheme, change: ThemeChange) -> None:
    code, before = theme.code or "", change.before
    state = ThemeState(before["state"]) if before else ThemeState.REMOVED
    if state is ThemeState.REMOVED:
        await check_alone(code)
    if before and before["merged_into"] and theme.merged_into != before["merged_into"]:
        check_target(code, before["merged_into"])
    if before and (problems := name_problems(code, before["names"])):
        raise Refused(" ".join(dict.fromkeys(problems.values())))
    comes_back = theme.state == ThemeState.REMOVED
    theme.state, theme.merged_into = state, before.get("merged_into")
    theme.names = before.get("names", theme.names)
    if change.action in {Action.EDIT, Action.ADD, Action.REMOVE}:
        await _use(theme, before.get("examples", []), comes_back)
    await theme.save()


async def _use(theme: SiteTheme, examples: Sequence[int], comes_back: bool) -> None:
    """These examples count again, as far as they are still kept; the theme is looked for anew."""
    mine = ThemeExample.filter(theme_id=theme.id)
    in_use = {row.id for row in await mine.filter(is_used=True).only("id")}
    if theme.state == ThemeState.REMOVED:
        theme.due_at = None
        return
    if in_use != set(examples) or comes_back:
        await mine.update(is_used=False)
        await mine.filter(id__in=list(examples)).update(is_used=True)
        theme.update_from_dict(
            {"space": None, "due_at": now(), "attempts": 0, "swept_to": 0, "sweep_end": None}
        )
