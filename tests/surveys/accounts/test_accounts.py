"""Users: signing in and out, being added, changed, disabled; their own account."""

import asyncio
import re
import threading
import time

import httpx2 as httpx
import pytest

from surveys.accounts.models import Role, User, UserSession
from surveys.accounts.session import COOKIE, HASHES_AT_ONCE, begin_session
from surveys.accounts.users import add_user, disable, password_problem, set_password, set_role
from surveys.due import now
from surveys.errors import Refused
from surveys.organisation.models import Organisation, the_organisation

PASSWORD = "correct horse battery"


async def signed_in(
    client: httpx.AsyncClient, email: str, password: str, next_address: str = ""
) -> httpx.Response:
    return await client.post("/sign-in", data={"email": email, "password": password, "next": next_address})


async def test_signing_in_leads_to_where_one_was_going(client: httpx.AsyncClient) -> None:
    await add_user("zane@x.lv", role="administrator", name="Zane", password=PASSWORD)
    answer = await signed_in(client, " Zane@X.lv ", PASSWORD, "/settings?a=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings?a=1")
    cookie = answer.headers["set-cookie"]
    assert ("HttpOnly" in cookie, "SameSite=lax" in cookie, "Secure" in cookie) == (True, True, False)
    assert (await client.get("/settings")).status_code == 200


async def test_what_no_database_keeps_is_dropped_from_an_address(client: httpx.AsyncClient) -> None:
    await add_user("zane@x.lv", role="analyst", name="", password=PASSWORD)
    assert (await signed_in(client, "zane\x00@x.lv", PASSWORD)).status_code == 303


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "/\\evil.example", "evil", ""]
)
async def test_signing_in_never_leads_to_another_site(client: httpx.AsyncClient, address: str) -> None:
    await add_user("zane@x.lv", role="analyst", name="", password=PASSWORD)
    assert (await signed_in(client, "zane@x.lv", PASSWORD, address)).headers["location"] == "/dashboard"


async def test_wrong_passwords_are_told_at_the_field_and_slowed_down(client: httpx.AsyncClient) -> None:
    await add_user("zane@x.lv", role="analyst", name="", password=PASSWORD)
    answers = [await signed_in(client, "zane@x.lv", "wrong") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert 'value="zane@x.lv"' in answers[0].text
    assert "The e-mail address or the password is not right." in answers[0].text
    assert (await signed_in(client, "nobody@x.lv", PASSWORD)).status_code == 422


class CountingHasher:
    """Says no to every password, and knows how many were asked about at the same time."""

    def __init__(self) -> None:
        self.asked, self.most, self.lock = 0, 0, threading.Lock()

    def verify(self, _password: str, _known: str) -> bool:
        with self.lock:
            self.asked += 1
            self.most = max(self.most, self.asked)
        time.sleep(0.02)
        with self.lock:
            self.asked -= 1
        return False


async def test_a_flood_of_sign_ins_waits_its_turn(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher = CountingHasher()
    monkeypatch.setattr("surveys.accounts.session._hasher", lambda: hasher)
    monkeypatch.setattr("surveys.accounts.session._dummy_hash", lambda: "-")
    answers = await asyncio.gather(
        *(signed_in(client, f"zane{number}@x.lv", PASSWORD) for number in range(20))
    )
    assert {answer.status_code for answer in answers} == {422}
    assert hasher.most == HASHES_AT_ONCE


async def test_a_secure_cookie_behind_https(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from surveys.settings import settings

    await add_user("zane@x.lv", role="analyst", name="", password=PASSWORD)
    monkeypatch.setenv("PUBLIC_URL", "https://polyvox.test")
    settings.cache_clear()
    assert "Secure" in (await signed_in(client, "zane@x.lv", PASSWORD)).headers["set-cookie"]


async def test_signing_out_ends_the_session(client: httpx.AsyncClient, alice: User) -> None:
    token = client.cookies[COOKIE]
    assert (await client.post("/sign-out")).headers["location"] == "/sign-in"
    client.cookies.set(COOKIE, token)
    assert (await client.get("/settings")).status_code == 303


async def test_after_a_lost_post_one_comes_back_to_the_page_that_sent_it(client: httpx.AsyncClient) -> None:
    async def next_page(**headers: str) -> str:
        answer = await client.post("/settings/users/1", data={"action": "disable"}, headers=headers)
        assert answer.status_code == 303
        return answer.headers["location"].removeprefix("/sign-in?next=")

    assert await next_page(Referer="http://polyvox.test/settings/users?a=1") == "%2Fsettings%2Fusers%3Fa%3D1"
    assert await next_page() == ""
    assert await next_page(Referer="http://[") == ""


async def test_a_part_of_a_page_leaves_the_page_for_the_sign_in(client: httpx.AsyncClient) -> None:
    headers = {"HX-Request": "true", "Referer": "http://polyvox.test/inbox?theme=delivery"}
    answer = await client.get("/inbox/waiting?was=1", headers=headers)
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["hx-redirect"] == "/sign-in?next=%2Finbox%3Ftheme%3Ddelivery"


async def test_a_new_user_gets_a_password_shown_once(client: httpx.AsyncClient, alice: User) -> None:
    page = await client.post(
        "/settings/users", data={"email": "Jānis@X.lv", "name": "Jānis", "role": "manager"}
    )
    shown = re.search(r'<code class="link">(.*?)</code>', page.text)
    assert shown is not None
    user = await User.get(email="jānis@x.lv")
    assert (user.name, user.role) == ("Jānis", Role.MANAGER)
    assert shown[1] not in (await client.get("/settings/users")).text
    client.cookies.clear()
    assert (await signed_in(client, "jānis@x.lv", shown[1])).status_code == 303


async def test_a_user_that_cannot_be_added_keeps_what_was_typed(
    client: httpx.AsyncClient, alice: User
) -> None:
    page = await client.post("/settings/users", data={"email": "no", "name": "<b>", "role": "king"})
    assert page.status_code == 422
    assert re.findall(r'<p class="error" id="e-\w+">(.*?)</p>', page.text) == [
        "This is not an e-mail address.",
        "The role is one of analyst, manager and administrator.",
    ]
    assert 'value="no"' in page.text
    assert 'value="&lt;b&gt;"' in page.text
    taken = await client.post("/settings/users", data={"email": alice.email, "role": "analyst"})
    assert "There is a user with this address already." in taken.text


async def test_another_role_ends_the_sessions(client: httpx.AsyncClient, alice: User) -> None:
    other = await add_user("zane@x.lv", role="analyst", name="", password=PASSWORD)
    await begin_session(other)
    address = f"/settings/users/{other.id}"
    assert (await client.post(address, data={"action": "role", "role": "manager"})).status_code == 303
    assert (await User.get(id=other.id)).role is Role.MANAGER
    assert await UserSession.filter(user=other, ended_at=None).count() == 0
    await client.post(address, data={"action": "disable"})
    assert (await User.get(id=other.id)).disabled_at is not None
    await client.post(address, data={"action": "enable"})
    assert (await User.get(id=other.id)).disabled_at is None
    assert (await client.post("/settings/users/999", data={"action": "disable"})).status_code == 404


async def test_who_can_sign_in_is_listed_first(client: httpx.AsyncClient, alice: User) -> None:
    gone = await add_user("aaa@x.lv", role="analyst", name="", password=PASSWORD)
    await add_user("zane@x.lv", role="analyst", name="", password=PASSWORD)
    await disable(gone)
    page = await client.get("/settings/users")
    listed = re.findall(r'<th scope="row"><bdi>(.*?)</bdi></th>', page.text)
    assert listed == [alice.email, "zane@x.lv", "aaa@x.lv"]


async def test_the_last_administrator_stays(client: httpx.AsyncClient, alice: User) -> None:
    for data in ({"action": "disable"}, {"action": "role", "role": "analyst"}):
        page = await client.post(f"/settings/users/{alice.id}", data=data)
        (told,) = re.findall(r'<p class="notice warning" role="status">(.*?)</p>', page.text)
        assert (page.status_code, told) == (
            422,
            "This is the last administrator; there must be one who can sign in.",
        )
        # Nothing is wrong with the form for another user.
        assert 'aria-invalid="true"' not in page.text
    user = await User.get(id=alice.id)
    assert (user.role, user.disabled_at) == (Role.ADMINISTRATOR, None)
    second = await add_user("zane@x.lv", role="administrator", name="", password=PASSWORD)
    await disable(second)
    with pytest.raises(Refused):
        await set_role(user, Role.MANAGER)


async def test_a_session_of_somebody_disabled_opens_nothing(client: httpx.AsyncClient, ana: User) -> None:
    assert (await client.get("/account")).status_code == 200
    # As by a sign-in at the moment of disabling, whose session nobody ended.
    await User.filter(id=ana.id).update(disabled_at=now())
    assert (await client.get("/account")).headers["location"] == "/sign-in?next=%2Faccount"


@pytest.mark.parametrize(
    ("browser", "organisations", "shown"),
    [("lt,ar;q=0.5", "lv", "lt"), ("ja", "lv", "lv"), ("", "lv", "lv"), ("", "ja", "en")],
)
async def test_who_has_chosen_no_language_gets_the_browsers_else_the_organisations(
    client: httpx.AsyncClient, browser: str, organisations: str, shown: str
) -> None:
    await the_organisation()
    await Organisation.all().update(default_locale=organisations)
    page = await client.get("/sign-in", headers={"accept-language": browser})
    assert f'<html lang="{shown}"' in page.text


async def test_the_own_account(client: httpx.AsyncClient, ana: User) -> None:
    await set_password(ana, PASSWORD)
    client.cookies.set(COOKIE, await begin_session(ana))
    answer = await client.post("/account", data={"name": "Ana\x00 Ozola", "locale": "en"})
    assert answer.headers["location"] == "/account?saved=facts"
    user = await User.get(id=ana.id)
    assert (user.name, user.locale) == ("Ana Ozola", "en")
    await client.post("/account", data={"name": "Ana", "locale": "xx"})
    assert (await User.get(id=ana.id)).locale is None


async def test_a_new_password_ends_the_other_sessions(client: httpx.AsyncClient, ana: User) -> None:
    await set_password(ana, PASSWORD)
    client.cookies.set(COOKIE, await begin_session(ana))
    await begin_session(ana)
    wrong = await client.post(
        "/account", data={"action": "password", "current": "x", "wanted": "short", "again": ""}
    )
    assert (wrong.status_code, re.findall(r'<p class="error" id="e-(\w+)">', wrong.text)) == (
        422,
        ["current", "wanted"],
    )
    new = " a longer password "
    right = {"action": "password", "current": PASSWORD, "wanted": new, "again": new}
    answer = await client.post("/account", data=right)
    assert answer.headers["location"] == "/account?saved=password"
    assert await UserSession.filter(user=ana, ended_at=None).count() == 1
    assert (await client.get("/account")).status_code == 200
    client.cookies.clear()
    assert (await signed_in(client, ana.email, new)).status_code == 303


def test_only_its_length_makes_a_password() -> None:
    assert password_problem("x" * 11) == "A password has at least 12 characters."
    assert password_problem("x" * 12) is None
    assert password_problem("x" * 1001) == "A password has at most 1000 characters."
