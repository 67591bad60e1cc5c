"""A theme while it is being written: a name, examples, a look at what it would find; then it counts, or is thrown away.

Lines that were pasted are masked before they are stored, like all words. A line that is word for word a stored comment is
taken for that comment, so that it goes when the comment is erased.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from unicodedata import normalize

from tortoise.transactions import in_transaction

from sentiment.language_codes import phone_countries
from sentiment.mask import mask
from sentiment.own_themes import FEWEST, MOST
from surveys.accounts.models import User
from surveys.due import now
from surveys.errors import NotFound, Refused
from surveys.i18n import gettext as _
from surveys.nudge import nudge
from surveys.organisation.models import the_organisation
from surveys.questionnaires.models import Survey
from surveys.themes.change import name_problems, one_at_a_time, read_names, record, snapshot, theme_row
from surveys.themes.fit import current_space, fit_theme
from surveys.themes.models import Action, SiteTheme, ThemeExample, ThemeState
from surveys.verbatims.models import Verbatim

LONGEST_EXAMPLE: Final = 2000
LARGEST_ID: Final = 2**31 - 1
MATCHER: Final = ("centre", "direction", "threshold", "space", "fitted", "found", "is_clear")


@dataclass(frozen=True)
class Written:
    """What stands in the form of a draft: names by locale, pasted lines, verbatims picked from the inbox."""

    names: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[str] = ()
    picked: Sequence[int] = ()


def read_lines(text: str) -> list[str]:
    """Pasted examples, one a line, each once; numbers and bullets before them are dropped."""
    bare = (re.sub(r"^\s*(?:[-*•·]|\d{1,3}[.)])\s+", "", line).strip() for line in text.splitlines())
    return list(dict.fromkeys(line[:LONGEST_EXAMPLE] for line in bare if line))


async def access_draft(draft_id: int) -> SiteTheme:
    """A draft, for an administrator; raises NotFound."""
    draft = None
    if 0 < draft_id <= LARGEST_ID:
        draft = await SiteTheme.get_or_none(id=draft_id, state=ThemeState.DRAFT).prefetch_related("draft_of")
    if draft is None:
        raise NotFound(_("This draft is no longer kept."))
    return draft


async def open_draft(code: str | None = None) -> SiteTheme:
    """An empty draft, or that of an own theme with its names and examples as they stand."""
    if code is None:
        return await SiteTheme.create(is_own=True, state=ThemeState.DRAFT)
    async with in_transaction():
        theme = await theme_row(code)
        if not theme.is_own:
            raise Refused(_("Only a theme of your own has examples."))
        draft = await SiteTheme.get_or_none(draft_of_id=theme.id)
        if draft is not None:
            return draft
        matcher = {name: getattr(theme, name) for name in MATCHER}
        draft = await SiteTheme.create(
            is_own=True, state=ThemeState.DRAFT, draft_of=theme, names=theme.names, **matcher
        )
        for row in await ThemeExample.filter(theme_id=theme.id, is_used=True).order_by("id"):
            copied = {name: getattr(row, name) for name in ("verbatim_id", "text", "embedding", "space")}
            await ThemeExample.create(theme=draft, **copied)
        return draft


async def write_draft(draft: SiteTheme, written: Written) -> None:
    """Let a draft hold exactly this; what is wrong with it is said when it is kept (`draft_problems`)."""
    async with in_transaction():
        await _set_examples(draft, written)
        draft.names = read_names(written.names)
        space = await current_space()
        draft.update_from_dict({"space": None, "attempts": 0, "parked_at": None, "last_error": None})
        is_fit = space is not None and await fit_theme(draft, space)
        draft.due_at = None if is_fit else now()
        await draft.save()
    if draft.due_at is not None:
        await nudge()


async def _set_examples(draft: SiteTheme, written: Written) -> None:
    """Examples that stay keep what the model read in them."""
    countries = await _phone_countries(written.names)
    lines = dict.fromkeys(mask(line, countries).text for line in written.lines[: MOST + 1])
    picked = {row.id: row for row in await Verbatim.filter(id__in=list(written.picked[: MOST + 1]))}
    same = {
        row.masked_text: row for row in await Verbatim.filter(masked_text__in=list(lines)).order_by("-id")
    }
    for text in list(lines):
        if text in same:
            picked.setdefault(same[text].id, same[text])
            del lines[text]
    for row in await ThemeExample.filter(theme_id=draft.id).order_by("id"):
        if row.verbatim_id in picked:
            del picked[row.verbatim_id]
        elif row.verbatim_id is None and row.text in lines:
            del lines[row.text]
        else:
            await row.delete()
    for text in lines:
        await ThemeExample.create(theme=draft, text=text)
    for verbatim in picked.values():
        await ThemeExample.create(
            theme=draft,
            text=verbatim.masked_text,
            verbatim=verbatim,
            embedding=verbatim.embedding,
            space=verbatim.model_version if verbatim.embedding is not None else None,
        )


async def _phone_countries(names: Mapping[str, str]) -> tuple[str, ...]:
    """Whose phone numbers pasted lines may hold: nobody says where they are from, so those of all languages that the
    site asks in and the theme has a name in.
    """
    asked = await Survey.all().distinct().values_list("default_locale", flat=True)
    locales = sorted({(await the_organisation()).default_locale, *map(str, asked), *names})
    return tuple(dict.fromkeys(code for locale in locales for code in phone_countries(locale, None)))


async def draft_problems(draft: SiteTheme) -> dict[str, str]:
    """What is to be put right before a draft can count, by field."""
    theme = await SiteTheme.get_or_none(id=draft.draft_of_id) if draft.draft_of_id else None
    problems = {
        "name" if field == "name" else f"name_{field}": problem
        for field, problem in name_problems(theme.code if theme else None, draft.names).items()
    }
    examples = await ThemeExample.filter(theme_id=draft.id, is_used=True).count()
    if not FEWEST <= examples <= MOST:
        sentence = _("A theme takes from %(fewest)s to %(most)s examples; here are %(n)s.")
        problems["lines"] = sentence % {"fewest": FEWEST, "most": MOST, "n": examples}
    return problems


async def keep_draft(draft: SiteTheme, user: User | None) -> str:
    """From now on the draft counts: as a new theme, or as what its theme is. Returns the theme's code.

    Raises Refused with a sentence for each thing to be put right first.
    """
    async with one_at_a_time():
        problems = await draft_problems(draft)
        if problems:
            raise Refused(" ".join(problems.values()))
        theme = await SiteTheme.get(id=draft.draft_of_id) if draft.draft_of_id else draft
        before = await snapshot(theme) if draft.draft_of_id else {}
        if theme is draft:
            draft.code, draft.state = await _new_code(draft.names), ThemeState.ACTIVE
        else:
            await ThemeExample.filter(theme_id=theme.id).update(is_used=False)
            await ThemeExample.filter(theme_id=draft.id).update(theme_id=theme.id)
            theme.update_from_dict({name: getattr(draft, name) for name in (*MATCHER, "names")})
            await draft.delete()
        due = {"due_at": now(), "attempts": 0, "parked_at": None, "swept_to": 0, "sweep_end": None}
        theme.update_from_dict(due)
        await theme.save()
        await record(theme, Action.EDIT if before else Action.ADD, before, user)
    await nudge()
    return theme.code or ""


async def _new_code(names: Mapping[str, str]) -> str:
    """A code that addresses and exports show: from a name in Latin letters where there is one, never used before."""
    name = names.get("en") or next(iter(sorted(names.values())))
    plain = re.sub(r"[^a-z0-9]+", "_", _plain(name)).strip("_")[:28].strip("_")
    stem = f"own_{plain}" if plain else "own"
    taken = {
        str(code) for code in await SiteTheme.filter(code__startswith=stem).values_list("code", flat=True)
    }
    free = (f"{stem}_{number}" for number in range(2 if plain else 1, len(taken) + 3))
    return stem if plain and stem not in taken else next(code for code in free if code not in taken)


def _plain(name: str) -> str:
    return normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
