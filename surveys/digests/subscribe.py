"""Who gets the digest, of what, in which language, when and how."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import available_timezones

from surveys.addresses import email_address
from surveys.digests.archive import edition_locale
from surveys.digests.folder import name_problem
from surveys.digests.models import Channel, Delivery, Subscription
from surveys.digests.scope import EVERYTHING, Scope
from surveys.digests.webhook import address_problem
from surveys.due import now
from surveys.errors import Refused
from surveys.i18n import DIGEST_LOCALES
from surveys.i18n import gettext as _

WEEKDAYS: Final = range(1, 8)
HOURS: Final = range(24)
PLAN: Final = ("locale", "time_zone", "weekday", "hour")


@dataclass(frozen=True)
class Plan:
    """In which language, of what, and when: ISO weekday and hour in a zone, or in the organisation's."""

    locale: str = "en"
    time_zone: str | None = None
    weekday: int = 1
    hour: int = 0
    scope: Scope = EVERYTHING

    def columns(self) -> dict[str, object]:
        """As a subscription keeps it."""
        return {**{name: getattr(self, name) for name in PLAN}, "scope": str(self.scope)}


def plan_problems(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with language, zone, day and hour as they were typed, by field."""
    problems: dict[str, str] = {}
    if values["locale"] not in DIGEST_LOCALES:
        problems["locale"] = _("The digest is not available in this language.")
    if values["time_zone"] and values["time_zone"] not in available_timezones():
        problems["time_zone"] = _("This is not an IANA time zone such as Europe/Riga.")
    for name, allowed in (("weekday", WEEKDAYS), ("hour", HOURS)):
        if values[name] not in {str(number) for number in allowed}:
            sentence = _("This must be a whole number from %(low)s to %(high)s.")
            problems[name] = sentence % {"low": allowed[0], "high": allowed[-1]}
    return problems


def plan_of(values: Mapping[str, str], scope: Scope) -> Plan:
    """The plan that was typed; raises Refused with a sentence for each thing that is wrong."""
    locale = edition_locale(values["locale"])
    problems = plan_problems({**values, "locale": locale})
    if problems:
        raise Refused(" ".join(problems.values()))
    zone = values["time_zone"] or None
    return Plan(locale, zone, int(values["weekday"]), int(values["hour"]), scope)


def address_of(channel: Channel, address: str) -> str:
    """An address as it is kept; raises Refused with a sentence for what is none of its kind."""
    written = address.strip()
    if channel == Channel.MAIL:
        found = email_address(written)
        if found is None:
            raise Refused(_("%(email)s is not an e-mail address.") % {"email": written[:80]})
        return found
    problem = address_problem(written) if channel == Channel.WEBHOOK else name_problem(written)
    if problem:
        raise Refused(problem)
    return written


async def subscribe(address: str, plan: Plan, channel: Channel = Channel.MAIL) -> Subscription:
    """Subscribe an address, or change what is sent to one that is; a subscription that ended begins again.

    Raises Refused for what is no address.
    """
    kept = address_of(channel, address)
    nonce = secrets.token_hex(16) if channel == Channel.WEBHOOK else None
    begun = {**plan.columns(), "channel": channel, "nonce": nonce}
    found, made = await Subscription.get_or_create(address=kept, defaults=begun)
    if not made:
        if found.ended_at is not None:
            await _begin_again(found)
        # A webhook that begins again has a secret of its own again.
        columns = plan.columns() if found.ended_at is None else begun
        await found.update_from_dict({**columns, "ended_at": None, "paused_at": None}).save()
    return found


async def _begin_again(subscription: Subscription) -> None:
    """As if for the first time: neither what waited to be sent nor a week whose day is over comes."""
    subscription.created_at = now()
    waited = Delivery.filter(subscription_id=subscription.id, sent_at=None, due_at=None, parked_at=None)
    await waited.delete()


async def change(subscription: Subscription, plan: Plan) -> None:
    """Send something else, or at another time; what waits to be sent is sent as it is wanted now."""
    await subscription.update_from_dict(plan.columns()).save(update_fields=list(plan.columns()))
