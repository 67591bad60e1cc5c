"""Renaming, hiding, merging and removing themes; each change is kept with who made it, and can be taken back.

What verbatims were found to be about is never rewritten (surveys/taxonomy.py). Every function here is one transaction.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from tortoise.transactions import in_transaction

from surveys.accounts.models import User
from surveys.db import is_sqlite
from surveys.errors import NotFound, Refused
from surveys.i18n import DIGEST_LOCALES, speaking
from surveys.i18n import gettext as _
from surveys.names import THEMES, built_in_name, theme_codes, theme_name
from surveys.quoting import name_of
from surveys.taxonomy import know_themes, read_taxonomy, taxonomy
from surveys.themes.models import Action, SiteTheme, ThemeChange, ThemeExample, ThemeState

LONGEST_NAME: Final = 60
CODE: Final = re.compile(r"[a-z0-9_]{1,40}")
# Nobody says "something else" about a text, so nothing is to be done with it.
FIXED: Final = frozenset({"other"})


@asynccontextmanager
async def one_at_a_time() -> AsyncIterator[None]:
    """A transaction that no other change of themes runs beside: two mergers must not make a circle."""
    async with in_transaction() as connection:
        # SQLite has one writer anyway (surveys/sqlite_immediate.py).
        if not is_sqlite():
            await connection.execute_script("LOCK TABLE site_theme IN SHARE ROW EXCLUSIVE MODE")
        await know_themes()
        yield
    await know_themes()


async def theme_row(code: str) -> SiteTheme:
    """The row of a theme that may be changed, a new one for a built-in theme that the site left alone.

    Raises NotFound when there is no such theme, or when it was removed.
    """
    row = await SiteTheme.get_or_none(code=code) if CODE.fullmatch(code) else None
    if row is None and code in THEMES and code not in FIXED:
        return SiteTheme(code=code)
    if row is None or row.state in {ThemeState.REMOVED, ThemeState.DRAFT}:
        raise NotFound(_("There is no such theme."))
    return row


async def snapshot(theme: SiteTheme) -> dict[str, Any]:
    """How a theme stands, as its history keeps it; nothing for one that was never saved."""
    if not theme._saved_in_db:  # noqa: SLF001 - Tortoise has no other word for it
        return {"names": {}, "state": ThemeState.ACTIVE.value, "merged_into": None, "examples": []}
    examples = ThemeExample.filter(theme_id=theme.id, is_used=True).order_by("id")
    return {
        "names": dict(theme.names),
        "state": ThemeState(theme.state).value,
        "merged_into": theme.merged_into,
        "examples": list(await examples.values_list("id", flat=True)),
    }


async def record(
    theme: SiteTheme, action: Action, before: Mapping[str, Any], user: User | None
) -> ThemeChange:
    """Keep a change that was just made."""
    after = await snapshot(theme)
    return await ThemeChange.create(theme=theme, action=action, before=dict(before), after=after, user=user)


def languages_of_names(own: str) -> list[str]:
    """The languages that names are given in, the reader's own first."""
    return [own, *(locale for locale in DIGEST_LOCALES if locale != own)]


def read_names(values: Mapping[str, str]) -> dict[str, str]:
    """Names by locale as they are kept: one line, nothing invisible, none that is empty."""
    made = {locale: name_of(values.get(locale)) for locale in DIGEST_LOCALES}
    return {locale: name for locale, name in made.items() if name}


def name_problems(code: str | None, names: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a theme's names, by locale; an own theme (a code of its own, or none yet) needs one."""
    problems: dict[str, str] = {}
    for locale, name in names.items():
        if len(name) > LONGEST_NAME:
            problems[locale] = _("A theme's name has at most %(limit)s characters.") % {"limit": LONGEST_NAME}
        elif name.casefold() in _taken(code, locale):
            problems[locale] = _("Another theme is called “%(name)s”.") % {"name": name}
    if not names and code not in THEMES:
        problems["name"] = _("The theme needs a name in one language at least.")
    return problems


def _taken(code: str | None, locale: str) -> set[str]:
    """What the other themes are called in a locale; merged and hidden ones too, they may come back."""
    entries = taxonomy().entries
    kept = [other for other, entry in entries.items() if entry.is_own and entry.state != ThemeState.REMOVED]
    with speaking(locale, "digest"):
        return {theme_name(other).casefold() for other in (*THEMES, *kept) if other != code}


def _check(problems: Mapping[str, str]) -> None:
    if problems:
        raise Refused(" ".join(dict.fromkeys(problems.values())))


async def rename(code: str, names: Mapping[str, str], user: User | None) -> None:
    """Give a theme these names, by locale; a built-in one has its own name again where none is given.

    Raises NotFound, or Refused with a sentence for each name that cannot be.
    """
    async with one_at_a_time():
        theme = await theme_row(code)
        wanted = {
            locale: name for locale, name in read_names(names).items() if name != _own_name(code, locale)
        }
        _check(name_problems(code, wanted))
        if wanted == theme.names:
            return
        before = await snapshot(theme)
        theme.names = wanted
        await theme.save()
        await record(theme, Action.RENAME, before, user)


def _own_name(code: str, locale: str) -> str | None:
    with speaking(locale, "digest"):
        return built_in_name(code)


async def hide(code: str, user: User | None) -> None:
    """Count and offer a theme nowhere, until it is shown again."""
    await _stand(code, Action.HIDE, ThemeState.HIDDEN, None, user)


async def show(code: str, user: User | None) -> None:
    """A theme that was hidden or merged stands by itself again, with everything that was ever found of it."""
    await _stand(code, Action.SHOW, ThemeState.ACTIVE, None, user)


async def merge(code: str, into: str, user: User | None) -> None:
    """Count a theme as another from now on, what was found before too.

    Raises Refused when the other is none to choose, or counts as this one already.
    """
    await _stand(code, Action.MERGE, ThemeState.MERGED, into, user)


async def _stand(code: str, action: Action, state: ThemeState, into: str | None, user: User | None) -> None:
    async with one_at_a_time():
        theme = await theme_row(code)
        if into is not None:
            check_target(code, into)
        if (theme.state, theme.merged_into) == (state, into) and theme.id is not None:
            return
        before = await snapshot(theme)
        theme.state, theme.merged_into = state, into
        await theme.save()
        await record(theme, action, before, user)


def check_target(code: str, into: str) -> None:
    """Raises Refused with a sentence when a theme cannot be merged into the other."""
    if into not in targets(code):
        raise Refused(
            _("This theme cannot be merged into the other one. Choose one of those that are offered.")
        )


def targets(code: str) -> list[str]:
    """The themes that one can be merged into: those that are offered, but neither itself nor what stands for it."""
    return [other for other in theme_codes() if other not in {code, *FIXED}]


async def remove(code: str, user: User | None) -> None:
    """Take away a theme of the site's own; it can be taken back, and is looked for anew then.

    Raises NotFound, or Refused for a built-in theme and for one that others are merged into.
    """
    async with one_at_a_time():
        theme = await theme_row(code)
        if not theme.is_own:
            raise Refused(_("A built-in theme can be hidden, but not removed."))
        await check_alone(code)
        before = await snapshot(theme)
        theme.state, theme.merged_into, theme.due_at = ThemeState.REMOVED, None, None
        await theme.save()
        await SiteTheme.filter(draft_of_id=theme.id).delete()
        await record(theme, Action.REMOVE, before, user)


async def check_alone(code: str) -> None:
    """Raises Refused when other themes are merged into this one."""
    entries = (await read_taxonomy()).entries.values()
    inside = [entry.code for entry in entries if entry.state == "merged" and entry.merged_into == code]
    if inside:
        sentence = _("“%(theme)s” is merged into this theme. Take it out first.")
        raise Refused(sentence % {"theme": theme_name(inside[0])})
