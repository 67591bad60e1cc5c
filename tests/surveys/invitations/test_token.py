"""The token of an invitation's link."""

import hashlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from surveys.due import now
from surveys.invitations.models import Invitation
from surveys.invitations.token import (
    InvitationExpired,
    InvitationForged,
    access_invitation,
    invited_locale,
    link_token,
    reference_of,
)
from surveys.questionnaires.models import Metric, Survey
from surveys.settings import settings


@pytest.fixture
async def invitation(database: None) -> Invitation:
    survey = await Survey.create(slug="s", name="S", metric=Metric.NPS)
    return await Invitation.create(reference="a1" * 16, survey=survey, expires_at=now() + timedelta(days=1))


async def test_a_token_opens_its_own_survey_only(invitation: Invitation):
    survey = await Survey.get()
    other = await Survey.create(slug="o", name="O", metric=Metric.NPS)
    token = link_token(invitation)
    assert (await access_invitation(token, survey)).id == invitation.id
    with pytest.raises(InvitationForged):
        await access_invitation(token, other)


async def test_a_token_ends(invitation: Invitation):
    survey = await Survey.get()
    await Invitation.all().update(expires_at=now())
    with pytest.raises(InvitationExpired):
        await access_invitation(link_token(invitation), survey)
    # One that was answered says "answered", not "expired"; the door decides how long it may be changed.
    await Invitation.all().update(answered_at=now())
    assert (await access_invitation(link_token(invitation), survey)).answered_at is not None


async def test_a_signature_for_another_purpose_is_none(invitation: Invitation):
    assert reference_of(link_token(invitation)) == "a1" * 16
    for salt in ("polyvox.answer", "itsdangerous"):
        signer = URLSafeSerializer(
            settings().signing_key, salt=salt, signer_kwargs={"digest_method": hashlib.sha256}
        )
        assert reference_of(str(signer.dumps("a1" * 16))) is None
    same_key = URLSafeSerializer(
        settings().signing_key, salt="polyvox.invitation", signer_kwargs={"digest_method": hashlib.sha256}
    )
    assert reference_of(str(same_key.dumps({"reference": "x"}))) is None


async def test_the_locale_of_who_is_invited(invitation: Invitation):
    assert await invited_locale(link_token(invitation)) is None
    await Invitation.all().update(locale="he")
    assert await invited_locale(link_token(invitation)) == "he"
    assert await invited_locale("nonsense") is None


@given(st.text())
def test_no_token_is_too_strange(text: str):
    assert reference_of(text) is None
