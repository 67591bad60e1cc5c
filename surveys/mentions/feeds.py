"""RSS and Atom feeds: added by an administrator, polled politely, cut off when they misbehave."""

import asyncio
import calendar
import contextlib
import hashlib
import ipaddress
import socket
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
import httpx2 as httpx

from surveys import __version__
from surveys.cells import EARLIEST
from surveys.due import claim, failed, now
from surveys.errors import Refused, Unavailable
from surveys.i18n import gettext as _
from surveys.mentions.collect import LONGEST_TEXT, Found, keep
from surveys.mentions.models import Feed
from surveys.negotiate import matching
from surveys.nudge import nudge
from surveys.places import is_country

POLL_EVERY = timedelta(minutes=30)
LONGEST_WAIT = timedelta(hours=24)
LEASE = timedelta(minutes=2)
MOST_BYTES = 5 * 1024 * 1024
MOST_SECONDS = 20
MOST_ENTRIES = 500
MOST_REDIRECTS = 3
LONGEST_ADDRESS = 500
GONE, NOT_MODIFIED, OK = 410, 304, 200
REDIRECTS = frozenset({301, 302, 303, 307, 308})


async def feed_problems(url: str, country: str, locale: str) -> dict[str, str]:
    """What is wrong with a feed to be followed, by field; nothing when it can be."""
    problems: dict[str, str] = {}
    if not _is_address(url):
        problems["url"] = _("A feed's address begins with http:// or https://.")
    elif await Feed.exists(url=url):
        problems["url"] = _("This feed is followed already.")
    if country and not is_country(country.upper()):
        sentence = _("“%(value)s” is not a country code of two letters such as LV.")
        problems["country"] = sentence % {"value": country[:20]}
    if locale and matching(locale) is None:
        sentence = _("“%(value)s” is not a language tag such as lv or pt-BR.")
        problems["locale"] = sentence % {"value": locale[:20]}
    return problems


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(url) <= LONGEST_ADDRESS
    except ValueError:
        return False


async def add_feed(
    url: str, *, name: str = "", country: str | None = None, locale: str | None = None
) -> Feed:
    """Follow a feed from now on.

    Raises Refused when the address, country or locale is not one, or the feed is followed already.
    """
    url = url.strip()
    problems = await feed_problems(url, country or "", locale or "")
    if problems:
        raise Refused(" ".join(problems.values()))
    feed = await Feed.create(
        url=url,
        name=name.strip()[:120] or urlsplit(url).hostname,
        country=country.upper() if country else None,
        locale=matching(locale) if locale else None,
        due_at=now(),
    )
    await nudge()
    return feed


async def poll_due_feeds() -> int:
    """Chore: poll the feeds whose time has come; returns how many."""
    feeds = await claim(Feed, limit=4, lease=LEASE)
    await asyncio.gather(*(_poll(feed) for feed in feeds))
    return len(feeds)


async def _poll(feed: Feed) -> None:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            posts = await _fetch(feed)
    except TimeoutError:
        await _later(feed, _("The feed took too long to answer."))
    except Unavailable as error:
        await _later(feed, str(error))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        await _later(feed, type(error).__name__)
    else:
        if posts:
            await keep(posts)
        feed.polled_at, feed.attempts = now(), 0
        feed.last_error = feed.last_error if feed.is_paused else None
        feed.due_at = None if feed.is_paused else now() + POLL_EVERY
        await feed.save()


async def _later(feed: Feed, reason: str) -> None:
    """Wait twice as long after each failure, at most a day; a feed is never given up silently."""
    await failed(feed, reason)
    wait = min(POLL_EVERY * 2 ** min(feed.attempts, 8), LONGEST_WAIT)
    feed.due_at, feed.parked_at = now() + wait, None
    await feed.save(update_fields=["due_at", "parked_at"])


async def _fetch(feed: Feed) -> list[Found]:
    """New posts; none when the feed says that nothing changed.

    Raises Unavailable with a sentence when the answer is no feed.
    """
    headers = {
        "User-Agent": f"Polyvox/{__version__} (feed reader)",
        "Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.8, text/xml;q=0.8",
    }
    if feed.etag:
        headers["If-None-Match"] = feed.etag
    if feed.last_modified:
        headers["If-Modified-Since"] = feed.last_modified
    async with httpx.AsyncClient(timeout=MOST_SECONDS, follow_redirects=False, trust_env=False) as client:
        body, answer = await _follow(client, feed.url, headers)
    if answer.status_code == NOT_MODIFIED:
        return []
    if answer.status_code == GONE:
        feed.is_paused = True
        feed.last_error = _("The feed is gone for good, so it is no longer polled.")
        return []
    if answer.status_code != OK:
        raise Unavailable(_("The feed answered with status %(status)s.") % {"status": answer.status_code})
    feed.etag = (answer.headers.get("etag") or "")[:200] or None
    feed.last_modified = (answer.headers.get("last-modified") or "")[:80] or None
    return await asyncio.to_thread(_posts, feed, body)


async def _follow(
    client: httpx.AsyncClient, url: str, headers: dict[str, str]
) -> tuple[bytes, httpx.Response]:
    """Follow few redirects, none into a private network; read no more than MOST_BYTES, unpacked."""
    for _hop in range(MOST_REDIRECTS + 1):
        async with client.stream("GET", url, headers=headers) as answer:
            if answer.status_code in REDIRECTS and "location" in answer.headers:
                target = urljoin(url, answer.headers["location"])
                await _check_redirect(url, target)
                url = target
                continue
            body = bytearray()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise Unavailable(
                        _("The feed is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 2**20}
                    )
            return bytes(body), answer
    raise Unavailable(_("The feed redirects too often."))


async def _check_redirect(source: str, target: str) -> None:
    """An administrator chose the address; a redirect must not lead from there into our own network."""
    host = urlsplit(target).hostname or ""
    if urlsplit(target).scheme not in {"http", "https"}:
        raise Unavailable(_("The feed redirects to an address that is not allowed."))
    if host == urlsplit(source).hostname:
        return
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    if any(not ipaddress.ip_address(str(address[4][0]).partition("%")[0]).is_global for address in found):
        raise Unavailable(_("The feed redirects to an address that is not allowed."))


def _posts(feed: Feed, body: bytes) -> list[Found]:
    parsed = feedparser.parse(body, sanitize_html=True, resolve_relative_uris=False)
    if not parsed.get("version"):
        raise Unavailable(_("The answer is neither RSS nor Atom."))
    posts = [_found(feed, entry) for entry in parsed.entries[:MOST_ENTRIES]]
    return [post for post in posts if post.text]


def _found(feed: Feed, entry: dict[str, Any]) -> Found:
    title, summary = plain(entry.get("title", "")), plain(entry.get("summary", ""))
    text = summary if summary.startswith(title) else "\n".join(part for part in (title, summary) if part)
    link = entry.get("link", "")
    name = entry.get("id") or link or hashlib.sha256(text.encode("utf-8", "ignore")).hexdigest()
    return Found(
        source=(urlsplit(feed.url).hostname or feed.name)[:80],
        external_id=name[:300],
        published_at=_published(entry),
        text=text[:LONGEST_TEXT],
        author=entry.get("author") or None,
        url=link[:1000] if link.lower().startswith(("http://", "https://")) else None,
        country=feed.country,
        locale=feed.locale,
    )


def _published(entry: dict[str, Any]) -> datetime:
    """When the post says it was published; now, when it does not say, or says it will be or before there were feeds."""
    # dict.get, because feedparser's own answers for a missing `updated` with `published`, and warns of it.
    stamp = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    with contextlib.suppress(ValueError, OverflowError):
        moment = datetime.fromtimestamp(calendar.timegm(stamp), UTC) if stamp else now()
        if EARLIEST <= moment <= now():
            return moment
    return now()


class _Text(HTMLParser):
    """Collects the words of a bit of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in {"p", "br", "div", "li"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def plain(html: str) -> str:
    """HTML without its marks, blanks squeezed."""
    reader = _Text()
    reader.feed(html.replace("\x00", ""))
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)
