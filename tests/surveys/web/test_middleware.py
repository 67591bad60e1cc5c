"""What every answer carries, and which posts are let through."""

import re

import httpx2 as httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import Route
from structlog.testing import capture_logs

from surveys.accounts.models import User
from surveys.web.middleware import client_address, is_foreign
from tests.surveys.web.every_route import address, every_route, fill, rows

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=()",
}
SECRET = "Call me: +371 29 123 456"


async def broken(request: Request) -> None:
    """A view that nobody foresaw."""
    raise RuntimeError(SECRET)


@pytest.fixture
def broken_page(app: Starlette) -> None:
    app.router.routes.insert(0, Route("/broken", broken))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/lv/s/spring", 200),
        ("GET", "/lv/s/spring/privacy", 200),
        ("GET", "/s/spring", 302),
        ("GET", "/lv/s/unknown", 404),
        ("GET", "/xx/s/spring", 404),
        ("GET", "/sign-in", 200),
        ("GET", "/inbox", 303),
        ("GET", "/healthz", 200),
        ("GET", "/static/tokens.css", 200),
        ("GET", "/nowhere", 404),
        ("PUT", "/sign-in", 405),
        ("GET", "/broken", 500),
    ],
)
@pytest.mark.usefixtures("broken_page")
async def test_every_answer_carries_the_security_headers(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    await fill()
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


async def test_posts_from_another_site_do_nothing_anywhere(client: httpx.AsyncClient, alice: User) -> None:
    parameters = await fill()
    before = await rows()
    posts = [path for method, path in every_route() if method == "POST"]
    assert len(posts) > 20
    for origin in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        told = {
            path: (
                await client.post(address(path, parameters), data={"score": "9"}, headers=origin)
            ).status_code
            for path in posts
        }
        assert told == dict.fromkeys(posts, 403)
    assert await rows() == before
    # Alice is signed in still.
    assert (await client.get("/inbox")).status_code == 200


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        # Behind a proxy that ends HTTPS the scheme differs, the host does not.
        ({"origin": "https://polyvox.test:8000"}, False),
        ({"origin": "http://polyvox.test:8000"}, False),
        ({"origin": "http://polyvox.test"}, True),
        ({"origin": "http://polyvox.test:8000.evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": ""}, True),
        ({"origin": "http://["}, True),
    ],
)
def test_which_posts_come_from_another_site(headers: dict[str, str], foreign: bool) -> None:
    assert is_foreign(Headers({"host": "polyvox.test:8000", **headers})) is foreign


@pytest.mark.parametrize(
    ("lines", "trusted", "address"),
    [
        ([], 1, "10.0.0.1"),
        (["203.0.113.9"], 0, "10.0.0.1"),
        (["203.0.113.9"], 1, "203.0.113.9"),
        (["203.0.113.9"], 2, "10.0.0.1"),
        (["6.6.6.6, 203.0.113.9"], 1, "203.0.113.9"),
        # What the visitor wrote stands in the first line, what our proxy saw in the last.
        (["6.6.6.6", "203.0.113.9"], 1, "203.0.113.9"),
        (["6.6.6.6, 7.7.7.7", "203.0.113.9", "10.0.0.2"], 2, "203.0.113.9"),
    ],
)
def test_whose_word_on_the_visitors_address_is_believed(lines: list[str], trusted: int, address: str) -> None:
    headers = [(b"x-forwarded-for", line.encode()) for line in lines]
    request = Request({"type": "http", "headers": headers, "client": ("10.0.0.1", 1)})
    assert client_address(request, trusted) == address


@pytest.mark.usefixtures("broken_page")
async def test_an_unforeseen_failure_is_told_without_what_was_in_it(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as logs:
        answer = await client.get("/broken")
    assert answer.status_code == 500
    assert "29 123 456" not in answer.text + str(logs) + "".join(capsys.readouterr())
    (entry,) = logs
    assert (entry["path"], entry["error"]) == ("/broken", "RuntimeError")
    assert re.fullmatch(r"\w+\.py:\d+", entry["at"])


@pytest.mark.usefixtures("broken_page")
async def test_a_failure_does_not_reach_the_servers_log(database: None, app: Starlette) -> None:
    """A server logs what reaches it, message and all."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://polyvox.test") as browser:
        assert (await browser.get("/broken")).status_code == 500
