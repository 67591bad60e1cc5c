"""Erasing what one person told us, everywhere: record, invitations, answers, words, what was made of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from surveys.accounts.models import User
from surveys.addresses import email_address
from surveys.counts.upkeep import take_away
from surveys.customers.models import Customer
from surveys.dashboard.shelf import forget as forget_views
from surveys.digests.models import Edition, Report, Subscription
from surveys.due import now
from surveys.erasure.overwrite import write_file_anew
from surveys.errors import NotFound, Refused
from surveys.i18n import gettext as _
from surveys.invitations.models import Invitation
from surveys.nudge import nudge
from surveys.organisation.models import the_organisation
from surveys.pains.forget import forget_in, named_in
from surveys.responses.models import EarlierAnswer, Response
from surveys.verbatims.models import Original, Verbatim
from surveys.verbatims.write import raise_epoch
from surveys.weeks import Week

BATCH = 500
# Zones lie up to 26 hours from one another, from UTC-12 to UTC+14.
ANY_ZONE = timedelta(hours=26)


@dataclass(frozen=True)
class Person:
    """Whom to erase: a customer id, an e-mail address, or both (then everything that either names)."""

    customer_id: str = ""
    email: str = ""


@dataclass
class Found:
    """The rows that are this person's."""

    customers: list[int] = field(default_factory=list)
    responses: list[int] = field(default_factory=list)
    mention_originals: list[int] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Erased:
    """How much was (or would be) erased, and where the address stays because its holder is somebody else to us."""

    customers: int
    invitations: int
    responses: int
    verbatims: int
    originals: int
    editions: int
    kept: Sequence[str] = ()


async def look_up(person: Person) -> Erased:
    """What `erase` would erase; changes nothing.

    Raises NotFound when nothing is this person's, Refused when the address is none.
    """
    return await _counted(await _found(person))


async def erase(person: Person) -> Erased:
    """Erase everything that is this person's, in one transaction; a second time finds nothing.

    Raises NotFound when nothing is this person's, Refused when the address is none.
    """
    async with in_transaction():
        found = await _found(person)
        erased = await _counted(found)
        weeks = await _weeks(found.responses)
        await forget_editions(weeks)
        await forget_views(weeks)
        named: set[int] = set()
        for ids in _batches(found.responses):
            named |= await named_in(ids)
            await Response.filter(id__in=ids).delete()
        await forget_in(named)
        for ids in _batches(found.mention_originals):
            await Original.filter(id__in=ids).delete()
        await Customer.filter(id__in=found.customers).delete()
        await take_away(found.responses)
        await raise_epoch()
    await write_file_anew()
    await nudge()
    return erased


async def _found(person: Person) -> Found:
    found = Found()
    customer_id, email = person.customer_id.strip(), _address(person)
    named = Q(customer_id=customer_id) if customer_id else Q(id__in=[])
    if email:
        named |= Q(email__iexact=email)
    customers = await Customer.filter(named)
    found.customers = [row.id for row in customers]
    addresses = {address for address in (email, *(row.email for row in customers)) if address}
    for address in sorted(addresses):
        await _by_words(address, found, anybodys=address == email)
        found.kept.extend(await _kept(address))
    theirs = Q(customer_id__in=found.customers) | Q(invitation__customer_id__in=found.customers)
    rows = await Response.filter(theirs).only("id")
    found.responses = sorted({*found.responses, *(row.id for row in rows)})
    if not (found.customers or found.responses or found.mention_originals):
        raise NotFound(_nothing(found.kept))
    return found


def _address(person: Person) -> str:
    """The address in small letters, or nothing; a mere word would find everybody who wrote it."""
    address = email_address(person.email)
    if address is None and person.email.strip():
        raise Refused(_("This is not an e-mail address."))
    return address or ""


def _nothing(kept: Sequence[str]) -> str:
    return " ".join([_("Nothing of this person is kept here."), *kept])


async def _by_words(email: str, found: Found, *, anybodys: bool) -> None:
    """Whoever left the address to be contacted at, or wrote it into a comment, as long as originals are kept.

    An address known only from a customer's record does not reach the answers of another customer who shares it.
    """
    whole = re.compile(rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)")
    # SQLite tells capitals from small letters in ASCII only; any address has the sign, and `whole` looks closer.
    part = email if email.isascii() else "@"
    originals = Original.filter(Q(contact__icontains=part) | Q(text__icontains=part))
    columns = ("id", "text", "contact", "verbatim__response_id", "verbatim__response__customer_id")
    for original, text, contact, response, customer in await originals.values_list(*columns):
        if not any(whole.search(words.lower()) for words in (text, contact or "")):
            continue
        if response is None:
            found.mention_originals.append(original)
        elif anybodys or customer is None:
            found.responses.append(response)


async def _kept(email: str) -> list[str]:
    """Users and subscribers are not respondents: they are named, and ended elsewhere."""
    kept = []
    if await User.exists(email=email):
        kept.append(_("A user with this address can sign in; disable the account to end that."))
    if await Subscription.exists(address=email, ended_at=None):
        kept.append(_("The weekly digest is sent to this address; end the subscription to stop that."))
    return kept


def _batches(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


async def _count(kind: Any, column: str, ids: Sequence[int]) -> int:
    return sum([await kind.filter(**{f"{column}__in": part}).count() for part in _batches(ids)])


async def _counted(found: Found) -> Erased:
    originals = await _count(Original, "verbatim__response_id", found.responses)
    return Erased(
        customers=len(found.customers),
        invitations=await _count(Invitation, "customer_id", found.customers),
        responses=len(found.responses),
        verbatims=await _count(Verbatim, "response_id", found.responses),
        originals=originals + len(found.mention_originals),
        editions=await Edition.filter(week__in=await _weeks(found.responses)).count()
        + len(await _reports(await _weeks(found.responses))),
        kept=found.kept,
    )


async def _weeks(responses: Sequence[int]) -> set[str]:
    """The weeks whose digests may quote these responses, also where the week began by another zone's clock then."""
    zone = (await the_organisation()).zone
    moments: list[datetime] = []
    for ids in _batches(responses):
        for kind, column in ((Response, "id"), (EarlierAnswer, "response_id")):
            found = kind.filter(**{f"{column}__in": ids})
            moments += [moment for (moment,) in await found.values_list("submitted_at")]
    return {str(Week.containing(moment + ANY_ZONE * side, zone)) for moment in moments for side in (-1, 0, 1)}


async def forget_editions(weeks: set[str]) -> None:
    """Editions hold quotes: what was built is dropped, and built again without them.

    They count as asked for anew, so that whoever is making one of them now throws it away (surveys/digests/make.py).
    """
    anew: dict[str, Any] = {
        "figures": None, "pdf": None, "built_at": None, "due_at": now(), "attempts": 0, "last_error": None,
        "parked_at": None, "requested_at": now(),
    }  # fmt: skip
    editions = Edition.filter(week__in=weeks)
    # PostgreSQL would lock them in any order, beside a worker that saves several (surveys/digests/make.py).
    await editions.order_by("id").only("id").select_for_update()
    await editions.update(**anew)
    await Report.filter(id__in=await _reports(weeks)).update(**anew)


async def _reports(weeks: set[str]) -> list[int]:
    """The reports over any of these weeks."""
    told = await Report.all().values_list("id", "first_week", "last_week")
    return [number for number, first, last in told if any(first <= week <= last for week in weeks)]
