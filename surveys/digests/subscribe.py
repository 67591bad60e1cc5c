"""Who gets the digest."""

from surveys.addresses import email_address
from surveys.digests.archive import edition_locale
from surveys.digests.models import Subscription
from surveys.errors import Refused
from surveys.i18n import gettext as _


async def subscribe(email: str, locale: str) -> Subscription:
    """Subscribe an address, or change the language of one that is; a subscription that ended begins again.

    Raises Refused for what is no address, and for a language that editions do not come in.
    """
    address = email_address(email)
    if address is None:
        raise Refused(_("%(email)s is not an e-mail address.") % {"email": email[:80]})
    subscription, _made = await Subscription.update_or_create(
        email=address, defaults={"locale": edition_locale(locale), "ended_at": None}
    )
    return subscription
