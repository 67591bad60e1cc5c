"""Tokens that go out in links and cookies: unsigned, forged, expired or made for something else, they open nothing."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import httpx2 as httpx
import pytest
from itsdangerous import TimestampSigner, URLSafeSerializer

from surveys.accounts.models import Role, User, UserSession
from surveys.accounts.session import COOKIE, begin_session
from surveys.digests.models import Subscription
from surveys.digests.unsubscribe import access_subscription, unsubscribe_address
from surveys.due import now
from surveys.errors import NotFound
from surveys.invitations.models import Invitation
from surveys.invitations.token import InvitationForged, access_invitation, link_token
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.session import answer_token, new_token, session_of

OTHER_KEY = "other-key-other-key-other-key-other-key-"


@dataclass
class Known:
    """One true token of each kind, and what is inside."""

    survey: Survey
    invitation: str
    reference: str
    answer: str
    session: str
    unsubscribe: str
    subscription: int
    cookie: str


@pytest.fixture
async def known(database: None) -> Known:
    survey = await Survey.create(slug="spring", name="Spring", metric=Metric.NPS)
    invitation = await Invitation.create(
        reference="a1" * 16, survey=survey, expires_at=now() + timedelta(days=1)
    )
    subscription = await Subscription.create(address="ieva@parcel.example", locale="lv")
    user = await User.create(email="a@polyvox.test", name="A", password_hash="-", role=Role.ANALYST)
    session = new_token()
    return Known(
        survey=survey,
        invitation=link_token(invitation),
        reference=invitation.reference,
        answer=answer_token(session, survey.id),
        session=session,
        unsubscribe=unsubscribe_address(subscription).rpartition("/")[2],
        subscription=subscription.id,
        cookie=await begin_session(user),
    )


async def opens_invitation(known: Known, token: str) -> bool:
    try:
        await access_invitation(token, known.survey)
    except InvitationForged:
        return False
    return True


async def opens_answer(known: Known, token: str) -> bool:
    return session_of(token, known.survey.id) is not None


async def opens_subscription(known: Known, token: str) -> bool:
    try:
        await access_subscription(token)
    except NotFound:
        return False
    return True


DOORS: dict[str, Callable[[Known, str], Awaitable[bool]]] = {
    "invitation": opens_invitation,
    "answer": opens_answer,
    "unsubscribe": opens_subscription,
}


def signed(content: object, salt: str, key: str) -> str:
    made = URLSafeSerializer(key, salt=salt, signer_kwargs={"digest_method": hashlib.sha256}).dumps(content)
    return str(made)


def stamped(content: str, key: str) -> str:
    signer = TimestampSigner(key, salt="polyvox.answer", digest_method=hashlib.sha256)
    return signer.sign(content).decode()


def bent(token: str) -> list[str]:
    """A token changed a little in each of the ways a link is."""
    body, dot, signature = token.rpartition(".")
    return [
        body,
        body + dot,
        dot + signature,
        token[1:],
        token[:-1],
        token + "x",
        token.swapcase(),
        token * 10,
    ]


@pytest.mark.parametrize("door", DOORS)
async def test_a_token_opens_its_own_door_only(known: Known, door: str) -> None:
    tokens = {"invitation": known.invitation, "answer": known.answer, "unsubscribe": known.unsubscribe}
    opened = [name for name, token in tokens.items() if await DOORS[door](known, token)]
    assert opened == [door]
    assert not await DOORS[door](known, known.cookie)


@pytest.mark.parametrize("door", DOORS)
async def test_a_bent_or_unsigned_token_opens_nothing(known: Known, door: str) -> None:
    inside = [
        known.reference,
        known.session,
        str(known.subscription),
        f"{known.survey.id}~{known.session}",
        "",
    ]
    for token in [*bent(getattr(known, door)), *inside]:
        assert not await DOORS[door](known, token), token


async def test_a_token_signed_with_another_key_opens_nothing(known: Known) -> None:
    forged = {
        "invitation": signed(known.reference, "polyvox.invitation", OTHER_KEY),
        "answer": stamped(f"{known.survey.id}~{known.session}", OTHER_KEY),
        "unsubscribe": signed(known.subscription, "polyvox.unsubscribe", OTHER_KEY),
    }
    assert [name for name, token in forged.items() if await DOORS[name](known, token)] == []


async def test_an_answer_token_is_for_one_survey_and_one_day(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session_of(known.answer, known.survey.id) == known.session
    assert session_of(known.answer, known.survey.id + 1) is None
    day = timedelta(days=1).total_seconds()
    really = TimestampSigner.get_timestamp
    for later, expected in ((day - 60, known.session), (day + 60, None)):
        monkeypatch.setattr(
            TimestampSigner, "get_timestamp", lambda signer, by=later: int(really(signer) + by)
        )
        assert session_of(known.answer, known.survey.id) == expected


async def test_a_session_cookie_is_nothing_but_itself(client: httpx.AsyncClient, known: Known) -> None:
    async def seen(cookie: str) -> int:
        client.cookies.clear()
        client.cookies.set(COOKIE, cookie)
        return (await client.get("/account")).status_code

    assert await seen(known.cookie) == 200
    (row,) = await UserSession.all()
    # What the database holds opens nothing, and holds nothing that does.
    assert known.cookie not in str(vars(row))
    wrong = [
        row.token_hash,
        str(row.id),
        known.answer,
        known.invitation,
        known.cookie[:-1],
        known.cookie + "x",
        "x",
    ]
    assert [await seen(cookie) for cookie in wrong] == [303] * len(wrong)
    await UserSession.all().update(expires_at=now() - timedelta(seconds=1))
    assert await seen(known.cookie) == 303
    await UserSession.all().update(expires_at=now() + timedelta(days=1), ended_at=now())
    assert await seen(known.cookie) == 303
    await UserSession.all().update(ended_at=None)
    assert await seen(known.cookie) == 200
    await User.all().update(disabled_at=now())
    assert await seen(known.cookie) == 303
