"""The token of an invitation's link: signed, for this purpose only, so that only our own are looked up."""

import hashlib

from itsdangerous import BadSignature, URLSafeSerializer

from surveys.due import now
from surveys.errors import Refused
from surveys.invitations.models import Invitation
from surveys.questionnaires.models import Survey
from surveys.settings import settings

LONGEST = 200


class InvitationForged(Refused):
    """The token is not one of ours, or not for this survey."""


class InvitationExpired(Refused):
    """The invitation was not answered in time."""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        settings().signing_key,
        salt="polyvox.invitation",
        signer_kwargs={"digest_method": hashlib.sha256},
    )


def link_token(invitation: Invitation) -> str:
    """What goes after `?i=` in an invitation's link."""
    return str(_signer().dumps(invitation.reference))


def reference_of(token: str) -> str | None:
    """The reference inside a token of ours; None for anything else."""
    if len(token) > LONGEST:
        return None
    try:
        reference = _signer().loads(token)
    except BadSignature:
        return None
    return reference if isinstance(reference, str) else None


async def access_invitation(token: str, survey: Survey) -> Invitation:
    """The invitation of a link, with its customer; one already answered is given too.

    Raises InvitationForged, and InvitationExpired when it was not answered in time.
    """
    reference = reference_of(token)
    if reference is None:
        raise InvitationForged
    invitation = await Invitation.get_or_none(reference=reference, survey_id=survey.id).select_related(
        "customer"
    )
    if invitation is None:
        raise InvitationForged
    if invitation.answered_at is None and invitation.expires_at <= now():
        raise InvitationExpired
    return invitation


async def invited_locale(token: str) -> str | None:
    """The locale to ask somebody in, if the link says who it is."""
    reference = reference_of(token)
    invitation = (
        await Invitation.get_or_none(reference=reference).select_related("customer") if reference else None
    )
    if invitation is None:
        return None
    return invitation.locale or (invitation.customer.locale if invitation.customer else None)
