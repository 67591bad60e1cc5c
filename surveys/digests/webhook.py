"""A digest by webhook, signed as Standard Webhooks has it (https://www.standardwebhooks.com), version 1.

The address is resolved once and the connection goes to what was found there: a name cannot lead into a private network
between the check and the call. Redirects are not followed, and what the receiver answers is not read.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import ipaddress
import json
import socket
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2 as httpx

from surveys import __version__
from surveys.digests.models import Delivery, Subscription
from surveys.due import now
from surveys.errors import Unavailable
from surveys.i18n import gettext as _
from surveys.settings import settings

MOST_SECONDS: Final = 20
LONGEST_ADDRESS: Final = 500
GONE: Final = 410
PREFIX: Final = "whsec_"
# IPv6 ranges whose addresses carry an IPv4 address that a gateway would call.
NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class Gone(Exception):
    """The receiver said that it wants nothing more."""


def address_problem(address: str) -> str | None:
    """What is wrong with a webhook's address, as a sentence; None when it may be called."""
    none = _("This is not an address of the web.")
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and parts.port != 0 and not (parts.username or parts.password)
    except ValueError:
        return none
    if parts.scheme != "https" and not (parts.scheme == "http" and settings().allows("http")):
        return _("A webhook's address begins with https://.")
    if not is_whole or not address.isprintable() or " " in address or len(address) > LONGEST_ADDRESS:
        return none
    return _private_problem(parts.hostname or "")


def _private_problem(host: str) -> str | None:
    """Names are looked up when they are called; an address that is written out is known at once."""
    with contextlib.suppress(ValueError):
        if not settings().allows("private") and not is_public(ipaddress.ip_address(host)):
            return _("This address is in a private network.")
    return None


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one of the internet, whatever it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def secret_of(reader: Subscription) -> str:
    """The secret that this webhook is signed with; nobody can tell it from the database alone."""
    made = hmac.digest(_key(), f"secret {reader.id} {reader.nonce}".encode(), hashlib.sha256)
    return PREFIX + base64.b64encode(made).decode("ascii")


def message_id(delivery: Delivery) -> str:
    """The same at every attempt, so that a receiver knows a repetition; another when somebody asked for one more."""
    what = f"message {delivery.subscription_id} {delivery.week} {delivery.resends}"
    return "msg_" + hmac.digest(_key(), what.encode(), hashlib.sha256).hex()[:32]


def _key() -> bytes:
    return hmac.digest(settings().signing_key.encode(), b"polyvox.webhook", hashlib.sha256)


def signature(secret: str, number: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of number, time and body, joined by full stops."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{number}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")


async def post(reader: Subscription, delivery: Delivery, content: dict[str, Any]) -> None:
    """Hand the content over.

    Raises Unavailable when the receiver did not take it, Gone when it wants nothing more.
    """
    problem = address_problem(reader.address)
    if problem:
        raise Unavailable(problem)
    instant = now()
    written = {"type": "digest.edition", "timestamp": instant.strftime("%Y-%m-%dT%H:%M:%SZ"), "data": content}
    body = json.dumps(written, ensure_ascii=False, sort_keys=True).encode()
    number, timestamp = message_id(delivery), int(instant.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Polyvox/{__version__}",
        "webhook-id": number,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret_of(reader), number, timestamp, body),
    }
    status = await _status(reader.address, headers, body)
    if status == GONE:
        raise Gone
    if not 200 <= status < 300:
        raise Unavailable(_("The webhook answered with status %(status)s.") % {"status": status})


async def _status(address: str, headers: dict[str, str], body: bytes) -> int:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            url = httpx.URL(address)
            # In A-labels (RFC 5890): a name in letters of any script is told so to everybody.
            host, asked = url.raw_host.decode(), {**headers, "Host": url.netloc.decode()}
            found = await _resolved(host, url.port or (443 if url.scheme == "https" else 80))
            url = url.copy_with(host=found, fragment=None)
            async with (
                httpx.AsyncClient(timeout=MOST_SECONDS, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    "POST", url, headers=asked, content=body, extensions={"sni_hostname": host}
                ) as answer,
            ):
                return answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, UnicodeError) as error:
        # The kind of error only: an address may hold a key.
        sentence = _("The webhook could not be reached (%(error)s).") % {"error": type(error).__name__}
        raise Unavailable(sentence) from None


async def _resolved(host: str, port: int) -> str:
    """One address of a host; raises Unavailable where any of them is private, unless the site allows that."""
    loop = asyncio.get_running_loop()
    rows = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = [str(row[4][0]).partition("%")[0] for row in rows]
    if not settings().allows("private") and not all(is_public(ipaddress.ip_address(each)) for each in found):
        raise Unavailable(_("This address is in a private network."))
    return found[0]
