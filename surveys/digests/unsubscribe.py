"""The link in every digest mail that ends the subscription: signed, so that nobody ends another's."""

import hashlib
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from surveys.digests.models import Subscription
from surveys.due import now
from surveys.errors import NotFound
from surveys.i18n import gettext as _
from surveys.settings import settings

LONGEST: Final = 200


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        settings().signing_key,
        salt="polyvox.unsubscribe",
        signer_kwargs={"digest_method": hashlib.sha256},
    )


def unsubscribe_address(subscription: Subscription) -> str:
    """The full address of the page that ends a subscription."""
    return f"{settings().base_url}/digests/unsubscribe/{_signer().dumps(subscription.id)}"


async def access_subscription(token: str) -> Subscription:
    """The subscription of a link, ended or not; raises NotFound for a link that is not ours."""
    try:
        number = _signer().loads(token) if len(token) <= LONGEST else None
    except BadSignature:
        number = None
    subscription = await Subscription.get_or_none(id=number) if isinstance(number, int) else None
    if subscription is None:
        raise NotFound(_("This link is not one of ours."))
    return subscription


async def end(subscription: Subscription) -> None:
    """No more mails; ending twice is once."""
    if subscription.ended_at is None:
        subscription.ended_at = now()
        await subscription.save(update_fields=["ended_at"])
