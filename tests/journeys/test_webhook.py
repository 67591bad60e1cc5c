"""A webhook reaches a real receiver, which checks the signature; what must not be called is not."""

import base64
import hashlib
import hmac
import ipaddress
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from surveys.digests.models import Channel, Delivery, Subscription
from surveys.digests.scope import EVERYTHING
from surveys.digests.send import WAITS, open_deliveries, send_due_digests
from surveys.digests.subscribe import Plan, subscribe
from surveys.digests.webhook import address_problem, is_public, secret_of, signature
from surveys.due import now
from surveys.errors import Refused
from surveys.settings import settings
from tests.surveys.digests.readers import MONDAY, quick_editions, reader, work
from tests.surveys.digests.week import many, organisation

pytestmark = pytest.mark.journey

Received = tuple[dict[str, str], bytes]


class Receiver:
    """A server on this machine that keeps what it is sent and answers as it is told, 200 at the end."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.received: list[Received] = []
        kept = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kept.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(kept.statuses.pop(0) if kept.statuses else 200)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://localhost:{self.server.server_address[1]}/hook?key=1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    quick_editions(monkeypatch)
    allow(monkeypatch, "http,private")
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


def allow(monkeypatch: pytest.MonkeyPatch, exceptions: str) -> None:
    monkeypatch.setenv("WEBHOOK_ALLOW", exceptions)
    settings.cache_clear()


def verified(secret: str, received: Received) -> dict[str, Any]:
    """What a receiver does by the specification, written apart from ours."""
    headers, body = received
    assert secret.startswith("whsec_")
    key = base64.b64decode(secret[6:])
    assert 24 <= len(key) <= 64
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - now().timestamp()) < 60
    found: dict[str, Any] = json.loads(body)
    return found


def test_the_example_of_the_specification() -> None:
    made = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_a_digest_arrives_signed(database: None, receiver: Receiver) -> None:
    await organisation()
    await many("nps", {9: 30})
    subscription = await reader(receiver.address, Plan("lv"), Channel.WEBHOOK)
    await open_deliveries(MONDAY)
    await work()
    (received,) = receiver.received
    told = verified(secret_of(subscription), received)
    assert (told["type"], sorted(told["data"])) == (
        "digest.edition",
        ["archive", "digest", "html", "locale", "pausing", "scope", "subject", "text", "week"],
    )
    assert (told["data"]["week"], told["data"]["digest"]["tiles"]["nps"]["score"]) == ("2026-W40", 100.0)
    assert received[0]["host"] == receiver.address.split("/")[2]
    assert (await Delivery.get()).sent_at is not None


async def test_a_receiver_that_fails_is_tried_again_with_the_same_number(
    database: None, receiver: Receiver
) -> None:
    await organisation()
    subscription = await reader(receiver.address, channel=Channel.WEBHOOK)
    receiver.statuses = [500, 302]
    await open_deliveries(MONDAY)
    await work()
    for attempt in (1, 2):
        row = await Delivery.get()
        assert (row.attempts, row.sent_at, row.last_error) == (
            attempt, None, f"The webhook answered with status {(500, 302)[attempt - 1]}.",
        )  # fmt: skip
        assert row.due_at is not None
        assert abs((row.due_at - now() - WAITS[attempt - 1]).total_seconds()) < 30
        await Delivery.all().update(due_at=now())
        await send_due_digests()
    assert (await Delivery.get()).sent_at is not None
    assert len({headers["webhook-id"] for headers, _body in receiver.received}) == 1
    assert len(receiver.received) == 3
    for received in receiver.received:
        verified(secret_of(subscription), received)


async def test_gone_ends_the_subscription(database: None, receiver: Receiver) -> None:
    await organisation()
    first = await reader(receiver.address, channel=Channel.WEBHOOK)
    receiver.statuses = [410]
    await open_deliveries(MONDAY)
    await work()
    assert (await Subscription.get()).ended_at is not None
    assert await open_deliveries(MONDAY) == 0
    again = await subscribe(receiver.address, Plan(), Channel.WEBHOOK)
    assert secret_of(again) != secret_of(first)


async def test_private_addresses_are_not_called(
    database: None, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await organisation()
    await reader(receiver.address, channel=Channel.WEBHOOK)
    await open_deliveries(MONDAY)
    allow(monkeypatch, "http")
    await work()
    assert (await Delivery.get()).last_error == "This address is in a private network."
    assert receiver.received == []


async def test_a_name_that_also_leads_to_a_private_address_is_not_called(
    database: None, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(*_asked: Any, **_more: Any) -> Any:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("93.184.216.34", "10.0.0.1")
        ]

    await organisation()
    await reader("https://hooks.example/", channel=Channel.WEBHOOK)
    await open_deliveries(MONDAY)
    allow(monkeypatch, "")
    monkeypatch.setattr(socket, "getaddrinfo", answer)
    await work()
    assert (await Delivery.get()).last_error == "This address is in a private network."


async def test_no_proxy_of_the_machine_is_asked(
    database: None, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would look the name up again, wherever it stands."""
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    await organisation()
    await reader(receiver.address, channel=Channel.WEBHOOK)
    await open_deliveries(MONDAY)
    await work()
    assert ((await Delivery.get()).last_error, len(receiver.received)) == (None, 1)


@pytest.mark.parametrize(
    ("written", "called"),
    [("hooks.example", "hooks.example"), ("ķēniņš.example", "xn--ni-vma7l2c3h.example")],
)
async def test_a_name_is_looked_up_once(
    database: None, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, written: str, called: str
) -> None:
    """A name that leads elsewhere at the second look cannot move the call."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name == called:
            asked.append(name)
        return real("127.0.0.1" if name == called else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    await organisation()
    await reader(receiver.address.replace("localhost", written), channel=Channel.WEBHOOK)
    await open_deliveries(MONDAY)
    await work()
    ((headers, _body),) = receiver.received
    assert (asked, headers["host"].partition(":")[0]) == ([called], called)


@pytest.mark.parametrize(
    "address",
    ["http://example.org/x", "ftp://example.org", "https://", "https://u:p@example.org/", "https://127.0.0.1/",
     "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest", "https://example.org:99999/", "x", "https://a b/"],
)  # fmt: skip
async def test_an_address_that_must_not_be_called_is_refused(database: None, address: str) -> None:
    assert address_problem(address) is not None
    with pytest.raises(Refused):
        await subscribe(address, Plan(scope=EVERYTHING), Channel.WEBHOOK)


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("10.1.2.3", False), ("::1", False), ("fe80::1", False), ("224.0.0.1", False),
     ("::ffff:192.168.1.1", False), ("2002:0a00:0001::", False), ("64:ff9b::a00:1", False), ("64:ff9b::808:808", True),
     ("100.64.0.1", False), ("0.0.0.0", False), ("2606:4700::1111", True)],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public
