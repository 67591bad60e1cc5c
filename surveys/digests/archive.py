"""The archive: which weeks there are, which editions were made, asking for one that was not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from surveys.accounts.models import User
from surveys.digests.entitled import may_see
from surveys.digests.models import Edition, Report
from surveys.digests.scope import LONGEST_SCOPE
from surveys.digests.tally import first_response_at
from surveys.due import now
from surveys.errors import NotFound, Refused
from surveys.i18n import DIGEST_LOCALES
from surveys.i18n import gettext as _
from surveys.negotiate import matching
from surveys.nudge import nudge
from surveys.organisation.models import Organisation
from surveys.weeks import Week

State = Literal["none", "waiting", "made", "preliminary", "failed"]
WEEKS_SHOWN: Final = 26


@dataclass(frozen=True)
class Shelf:
    """One week of the archive with the editions that were asked for, each with its state."""

    week: Week
    over: bool
    editions: Sequence[tuple[str, State]]
    scoped: Sequence[Edition] = ()


def week_of(text: str) -> Week:
    """A week such as 2026-W47; raises Refused with a sentence for anything else."""
    try:
        return Week.parse(text)
    except ValueError:
        msg = _("%(week)s is not an ISO week such as 2026-W47.") % {"week": text[:40]}
        raise Refused(msg) from None


def edition_locale(text: str) -> str:
    """The locale of an edition for a tag such as `zh` or `de-AT`; raises Refused with a sentence for another."""
    found = matching(text, DIGEST_LOCALES)
    if found is not None:
        return found
    msg = _("There is no edition in %(locale)s; choose one of: %(locales)s.") % {
        "locale": text[:40],
        "locales": ", ".join(DIGEST_LOCALES),
    }
    raise Refused(msg)


def begun(week: Week, organisation: Organisation, at: datetime | None = None) -> Week:
    """The week itself, once it has begun; raises Refused with a sentence for one in the future."""
    if week <= Week.containing(at or now(), organisation.zone):
        return week
    msg = _("The week %(week)s has not begun yet.") % {"week": str(week)}
    raise Refused(msg)


async def shelves(organisation: Organisation, scopes: Collection[str] | None) -> list[Shelf]:
    """The latest weeks with answers, and every week that has an edition of these scopes (None: of all), latest first."""
    this = Week.containing(now(), organisation.zone)
    first = await first_response_at(organisation.zone)
    weeks: set[Week] = set()
    if first is not None:
        week = this
        while week >= first and len(weeks) < WEEKS_SHOWN:
            weeks.add(week)
            week = week.previous()
    editions: dict[Week, dict[str, State]] = {week: {} for week in weeks}
    scoped: dict[Week, list[Edition]] = {}
    for edition in await _headings(scopes):
        found = Week.parse(edition.week)
        if edition.scope:
            scoped.setdefault(found, []).append(edition)
            editions.setdefault(found, {})
        else:
            editions.setdefault(found, {})[edition.locale] = state(edition)
    return [
        Shelf(
            week,
            week < this,
            [(code, states[code]) for code in DIGEST_LOCALES if code in states],
            scoped.get(week, ()),
        )
        for week, states in sorted(editions.items(), reverse=True)
    ]


async def _headings(scopes: Collection[str] | None) -> list[Edition]:
    """The editions of these scopes, or all, without their files and figures."""
    columns = ("id", "week", "locale", "scope", "is_preliminary", "built_at", "due_at", "parked_at")
    seen = Edition.all() if scopes is None else Edition.filter(scope__in=list(scopes))
    return list(await seen.order_by("scope", "locale").only(*columns))


def state(edition: Edition | Report) -> State:
    """Where an edition stands."""
    if edition.due_at is not None:
        return "waiting"
    if edition.parked_at is not None:
        return "failed"
    if edition.built_at is None:
        return "none"
    return "preliminary" if edition.is_preliminary else "made"


async def access_scope(user: User, scope: str) -> str:
    """A scope whose editions this user may see, made already or not; raises NotFound."""
    if len(scope) > LONGEST_SCOPE or not await may_see(user, scope):
        raise NotFound(_("This digest has not been made."))
    return scope


async def access_edition(week: str, locale: str, scope: str = "") -> Edition:
    """An edition of a scope that may be seen (`access_scope`); raises NotFound."""
    edition = await Edition.get_or_none(week=str(week_of(week)), locale=edition_locale(locale), scope=scope)
    if edition is None:
        raise NotFound(_("This digest has not been made."))
    return edition


async def request_edition(week: Week, locale: str, organisation: Organisation, scope: str = "") -> Edition:
    """Have an edition made; one that is final already stays as it is: the archive keeps what was read.

    Raises Refused for a week that has not begun and a language that editions do not come in.
    """
    begun(week, organisation)
    edition, _made = await Edition.get_or_create(
        week=str(week), locale=edition_locale(locale), scope=scope, defaults={"due_at": now()}
    )
    if edition.due_at is None and (edition.pdf is None or edition.is_preliminary):
        edition.due_at, edition.attempts, edition.parked_at, edition.last_error = now(), 0, None, None
        await edition.save(update_fields=["due_at", "attempts", "parked_at", "last_error"])
    await nudge()
    return edition
