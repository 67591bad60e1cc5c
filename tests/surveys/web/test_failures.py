"""Pages of what cannot be shown: in the reader's language, with the way back where we know who reads."""

import httpx2 as httpx
import pytest

from surveys.accounts.models import Role, User
from surveys.accounts.session import COOKIE, begin_session


@pytest.mark.parametrize(
    ("role", "method", "path", "status", "title"),
    [
        (Role.ADMINISTRATOR, "GET", "/decisions/999", 404, "Šādas lapas nav."),
        (Role.ADMINISTRATOR, "POST", "/digests", 400, "Nedēļa 2099-W01 vēl nav sākusies."),
        (Role.ANALYST, "GET", "/customers", 404, "Šādas lapas nav."),
    ],
)
async def test_a_user_reads_them_in_their_language(
    client: httpx.AsyncClient, role: Role, method: str, path: str, status: int, title: str
) -> None:
    user = await User.create(email="zane@maize.lv", password_hash="-", role=role, locale="lv")
    client.cookies.set(COOKIE, await begin_session(user))
    form = {"week": "2099-W01", "locale": "en"} if method == "POST" else None
    found = await client.request(method, path, data=form, headers={"Accept-Language": "en"})
    assert found.status_code == status
    assert found.headers["content-language"] == "lv"
    assert '<html lang="lv" dir="ltr">' in found.text
    assert f"<h1>{title}</h1>" in found.text
    assert "<nav" in found.text


LONG = "9" * 5000


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/en/s/{'x' * 81}"),
        ("GET", "/s/a%00b"),
        ("POST", f"/surveys/{'x' * 81}/close"),
        ("GET", f"/inbox/{LONG}"),
        ("POST", "/settings/users/9999999999"),
        ("GET", "/settings/subscriptions/99999999999999999999"),
        ("POST", "/settings/feeds/2147483648"),
    ],
)
async def test_no_name_or_number_is_too_long_to_lead_nowhere(
    client: httpx.AsyncClient, alice: User, method: str, path: str
) -> None:
    assert (await client.request(method, path)).status_code == 404


async def test_nobody_in_particular_reads_them_in_the_browsers(client: httpx.AsyncClient) -> None:
    found = await client.get("/nowhere", headers={"Accept-Language": "ar"})
    assert (found.status_code, found.headers["content-language"]) == (404, "ar")
    assert "<nav" not in found.text
