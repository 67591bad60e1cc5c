"""Writing a decision and changing it; each change is kept with who made it and how it stood before."""

from collections.abc import Mapping
from typing import Any, Final

from tortoise.transactions import in_transaction

from sentiment.mask import mask
from sentiment.themes import THEMES
from surveys.accounts.models import User
from surveys.addresses import email_address
from surveys.decisions.models import Decision, DecisionChange, DecisionState
from surveys.due import now
from surveys.errors import NotFound
from surveys.i18n import gettext as _
from surveys.organisation.models import the_organisation
from surveys.pains.merged import shown_as
from surveys.pains.models import PainPoint
from surveys.quoting import name_of
from surveys.taxonomy import taxonomy
from surveys.weeks import Week

FIELDS: Final = ("sentence", "owner", "due_week", "state")
LONGEST_SENTENCE: Final = 160
LONGEST_OWNER: Final = 60
# Half a year ahead: what is due later is no decision yet.
WEEKS_AHEAD: Final = 26
# SQLite keeps 64 bits and PostgreSQL's integer 32; an id beyond is nobody's.
LARGEST_ID: Final = 2**31 - 1
# Nobody can act on it.
NO_PAIN: Final = "other"


async def access_decision(user: User, decision_id: int) -> Decision:
    """A decision; every role may read all of them. Raises NotFound."""
    row = None
    if user.disabled_at is None and 0 < decision_id <= LARGEST_ID:
        row = await Decision.get_or_none(id=decision_id)
    if row is None:
        raise NotFound(_("There is no such decision."))
    return row


def themes_to_decide() -> tuple[str, ...]:
    """The themes that a decision can be about."""
    return tuple(code for code in taxonomy().offered(THEMES) if code != NO_PAIN)


async def found_about(about: str) -> tuple[str, int | None] | None:
    """The theme and pain point that `pain:12` or `theme:delivery` name; None for neither."""
    kind, _colon, name = about.partition(":")
    if kind == "theme":
        return (name, None) if name in themes_to_decide() else None
    is_number = name.isascii() and name.isdigit() and len(name) < 10
    if kind != "pain" or not is_number:
        return None
    root = (await shown_as()).get(int(name))
    row = await PainPoint.get_or_none(id=root) if root else None
    theme = taxonomy().counted(row.theme) if row else None
    return (theme, row.id) if row and theme else None


async def this_week() -> Week:
    """The running week of the organisation."""
    return Week.containing(now(), (await the_organisation()).zone)


def due_weeks(first: Week) -> list[str]:
    """The weeks that something can be due in."""
    return [str(first.previous(-ahead)) for ahead in range(WEEKS_AHEAD + 1)]


def read_decision(values: Mapping[str, str]) -> dict[str, str]:
    """The fields as they are kept: one line each, nothing invisible; what the sentence says of a person masked."""
    lines = {name: name_of(values.get(name)) or "" for name in FIELDS}
    return {**lines, "sentence": mask(lines["sentence"]).text}


async def problems_of(values: Mapping[str, str], decision: Decision | None = None) -> dict[str, str]:
    """What is wrong, by field."""
    problems: dict[str, str] = {}
    if not values["sentence"]:
        problems["sentence"] = _("Say in one sentence what was decided.")
    elif len(values["sentence"]) > LONGEST_SENTENCE:
        problems["sentence"] = _("A decision has at most %(limit)s characters.") % {"limit": LONGEST_SENTENCE}
    if not values["owner"]:
        problems["owner"] = _("Name who sees to it.")
    elif len(values["owner"]) > LONGEST_OWNER:
        problems["owner"] = _("An owner's name has at most %(limit)s characters.") % {"limit": LONGEST_OWNER}
    elif any(email_address(word.strip("<>(),;")) for word in values["owner"].split()):
        problems["owner"] = _("Name a person or a team; an address would stand in every digest.")
    allowed = [*due_weeks(await this_week()), *([decision.due_week] if decision else [])]
    if values["due_week"] not in allowed:
        problems["due_week"] = _("Choose the week by whose end it is to be done.")
    if decision and values["state"] not in list(DecisionState):
        problems["state"] = _("Choose how it stands.")
    return problems


async def write(about: tuple[str, int | None], values: Mapping[str, str], user: User) -> Decision:
    """Keep a new decision, from values that have no problems."""
    theme, pain = about
    async with in_transaction():
        decision = await Decision.create(
            theme=theme,
            pain_id=pain,
            sentence=values["sentence"],
            owner=values["owner"],
            week=str(await this_week()),
            due_week=values["due_week"],
        )
        await DecisionChange.create(decision=decision, user=user, before={}, after=_stood(decision))
    return decision


async def change(decision: Decision, values: Mapping[str, str], user: User) -> None:
    """Change a decision, from values that have no problems; the same again changes nothing."""
    async with in_transaction():
        decision = await Decision.get(id=decision.id)
        before = _stood(decision)
        state = DecisionState(values["state"])
        if state != decision.state:
            decision.closed_week = None if state is DecisionState.DECIDED else str(await this_week())
        decision.update_from_dict({**{name: values[name] for name in FIELDS}, "state": state})
        if _stood(decision) == before:
            return
        await decision.save()
        await DecisionChange.create(decision=decision, user=user, before=before, after=_stood(decision))


def _stood(decision: Decision) -> dict[str, Any]:
    return {name: str(getattr(decision, name)) for name in FIELDS}
