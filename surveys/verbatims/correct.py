"""A person's word against the machine's: kept with what stood there before, and taken back if need be.

The columns that count (`language`, `sentiment`, the themes) are changed; the machine's word stays in `machine_*` and in
the first correction's `before`. Both sides are kept as `{"value": …}`, because a bare word is taken for JSON text. While a correction stands, a new analysis leaves that field alone (analyse.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from babel import Locale
from tortoise.transactions import in_transaction

from surveys.accounts.models import User
from surveys.due import now
from surveys.errors import Refused
from surveys.i18n import gettext as _
from surveys.names import theme_codes
from surveys.pains.assign import assign
from surveys.taxonomy import taxonomy
from surveys.verbatims.filters import SENTIMENTS
from surveys.verbatims.hold import hold
from surveys.verbatims.models import Correction, Method, Verbatim, VerbatimTheme

FIELDS: Final = ("language", "sentiment", "themes")
# The field of a correction that changed nothing: somebody looked, and saved what stood there.
CONFIRMED: Final = "confirmed"
# Beside what stood before: nobody had read the comment yet, so what a person left alone they have not seen.
UNREAD: Final = {"unread": True}
HIT = ("code", "confidence", "start", "end", "method", "polarity")


@dataclass(frozen=True)
class Said:
    """What is said of a verbatim, in all three fields: as a person would have them, or as they stand."""

    language: str
    sentiment: str
    themes: frozenset[str]


def standing(verbatim: Verbatim, hits: Collection[VerbatimTheme]) -> Said:
    """What counts now, as the form shows it: of a comment that nobody has read yet, that nothing is known."""
    themes = frozenset(taxonomy().counted_codes(hit.code for hit in hits))
    return Said(verbatim.language or "und", verbatim.sentiment or "unknown", themes)


def said(language: str, sentiment: str, themes: Collection[str]) -> Said:
    """Read a form's values; raises Refused for one that no form of ours offers."""
    known = language in {"und", "mixed"} or language in Locale("en").languages
    if not known or sentiment not in SENTIMENTS or not set(theme_codes()) >= set(themes):
        raise Refused(_("The form holds a value that is not known here."))
    return Said(language, sentiment, frozenset(themes))


async def correct(
    verbatim_id: int, said_now: Said, user: User, shown: Said | None = None
) -> list[Correction]:
    """Keep a correction for each field that a person changed from what was shown to them, in one transaction.

    What was shown may have been read (again) meanwhile: what they left alone is not their word. Without `shown` it is
    what stands. Where all is as it stands and nobody has spoken before, it is kept that a person agrees.
    """
    async with in_transaction():
        await hold([verbatim_id])
        verbatim = await Verbatim.get(id=verbatim_id)
        hits = await VerbatimTheme.filter(verbatim_id=verbatim_id).order_by("code")
        stands = standing(verbatim, hits)
        seen = shown or stands
        changes: list[tuple[str, Any, Any]] = [
            (name, getattr(verbatim, name), getattr(said_now, name))
            for name in ("language", "sentiment")
            if getattr(said_now, name) not in {getattr(seen, name), getattr(stands, name)}
        ]
        themes = (stands.themes | (said_now.themes - seen.themes)) - (seen.themes - said_now.themes)
        if themes != stands.themes:
            changes.append(("themes", [_hit(row) for row in hits], _corrected_hits(hits, themes)))
        for name, _before, after in changes:
            await _set(verbatim_id, name, after)
        agrees = said_now == stands and verbatim.sentiment is not None
        if agrees and not await Correction.exists(verbatim_id=verbatim_id):
            agreed = {"language": said_now.language, "sentiment": said_now.sentiment}
            changes.append((CONFIRMED, None, {**agreed, "themes": sorted(said_now.themes)}))
        rows = [
            Correction(
                verbatim_id=verbatim_id,
                user=user,
                field=name,
                before={"value": before, **({} if verbatim.sentiment else UNREAD)},
                after={"value": after},
            )
            for name, before, after in changes
        ]
        for row in rows:
            await row.save()
        return rows


async def undo(correction: Correction) -> None:
    """Take back a field's latest correction: what stood before it stands again.

    Raises Refused when a later one of the same field stands upon it. Without any correction left the machine's word counts.
    """
    async with in_transaction():
        await hold([correction.verbatim_id])
        others = Correction.filter(verbatim_id=correction.verbatim_id, field=correction.field).exclude(
            id=correction.id
        )
        if await others.filter(id__gt=correction.id).exists():
            raise Refused(_("A later correction stands upon this one. Undo that one first."))
        if correction.field == CONFIRMED:
            await correction.delete()
            return
        before = correction.before["value"]
        if correction.field != "themes" and not await others.exists():
            verbatim = await Verbatim.get(id=correction.verbatim_id)
            before = getattr(verbatim, f"machine_{correction.field}")
        await _set(correction.verbatim_id, correction.field, before)
        await correction.delete()
        if UNREAD.items() <= correction.before.items():
            # What the machine would have said of it was not kept.
            await Verbatim.filter(id=correction.verbatim_id).update(due_at=now(), attempts=0, parked_at=None)


def _hit(row: VerbatimTheme) -> dict[str, Any]:
    return {name: getattr(row, name) for name in HIT}


def _corrected_hits(hits: Sequence[VerbatimTheme], codes: Collection[str]) -> list[dict[str, Any]]:
    """Themes that stay keep their evidence; those a person adds have none. Of hidden ones nothing was said: they stay."""
    counted = {row.code: taxonomy().counted(row.code) for row in hits}
    kept = [_hit(row) for row in hits if counted[row.code] is None or counted[row.code] in codes]
    new = sorted(set(codes) - set(counted.values()))
    added = {"confidence": 1.0, "start": None, "end": None, "method": Method.HUMAN.value}
    return kept + [{"code": code, **added} for code in new]


async def _set(verbatim_id: int, name: str, value: Any) -> None:
    """Make a value count, and let every process see that the row changed."""
    if name == "themes":
        await VerbatimTheme.filter(verbatim_id=verbatim_id).delete()
        await VerbatimTheme.bulk_create([VerbatimTheme(verbatim_id=verbatim_id, **hit) for hit in value])
        await Verbatim.filter(id=verbatim_id).update(changed_at=now())
    else:
        await Verbatim.filter(id=verbatim_id).update(**{name: value, "changed_at": now()})
    # Its pain points follow its themes, and whether it is a complaint.
    await assign([verbatim_id])
