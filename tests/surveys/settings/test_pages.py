"""Every settings page: who may see it, and that it stands without an error in each language of the application."""

import httpx2 as httpx

from surveys.accounts.models import User

MANAGER = (
    "/surveys",
    "/surveys/new",
    "/surveys/import",
    "/mentions/import",
    "/customers",
    "/customers/import",
)
ADMINISTRATOR = (
    "/settings",
    "/settings/organisation",
    "/settings/brand",
    "/settings/users",
    "/settings/feeds",
    "/settings/subscriptions",
    "/settings/themes/new",
    "/settings/themes/delivery",
    "/settings/analysis",
    "/settings/erase",
)


async def test_pages_ask_strangers_to_sign_in(client: httpx.AsyncClient) -> None:
    for address in (*MANAGER, *ADMINISTRATOR, "/account"):
        answer = await client.get(address)
        expected = (303, f"/sign-in?next={address.replace('/', '%2F')}")
        assert (answer.status_code, answer.headers["location"]) == expected


async def test_an_administrator_sees_every_page(client: httpx.AsyncClient, alice: User) -> None:
    answers = {address: (await client.get(address)).status_code for address in (*MANAGER, *ADMINISTRATOR)}
    assert answers == dict.fromkeys((*MANAGER, *ADMINISTRATOR), 200)


async def test_a_manager_sees_surveys_and_customers_but_no_settings(
    client: httpx.AsyncClient, maris: User
) -> None:
    assert [(await client.get(address)).status_code for address in MANAGER] == [200] * len(MANAGER)
    assert [(await client.get(address)).status_code for address in ADMINISTRATOR] == [404] * len(
        ADMINISTRATOR
    )


async def test_an_analyst_sees_only_their_account(client: httpx.AsyncClient, ana: User) -> None:
    seen = [a for a in (*MANAGER, *ADMINISTRATOR, "/account") if (await client.get(a)).status_code == 200]
    assert seen == ["/account"]


async def test_posts_of_a_manager_do_not_arrive(client: httpx.AsyncClient, maris: User) -> None:
    for address in ADMINISTRATOR[1:]:
        assert (await client.post(address, data={"name": "Changed"})).status_code == 404


async def test_posts_from_another_site_are_refused(client: httpx.AsyncClient, alice: User) -> None:
    answer = await client.post(
        "/settings/erase", data={"customer": "c1"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
