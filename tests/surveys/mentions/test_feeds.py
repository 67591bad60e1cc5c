"""Feeds from a real server: polled politely, cut off when they lie, hang or flood."""

import asyncio
import gzip
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import httpx2 as httpx
import pytest

from surveys.accounts.models import User
from surveys.due import now
from surveys.errors import Refused
from surveys.mentions import feeds
from surveys.mentions.feeds import add_feed, plain, poll_due_feeds
from surveys.mentions.models import Feed, Mention
from surveys.verbatims.models import Verbatim

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Reviews</title>{items}</channel></rss>"""
ITEM = (
    "<item><guid>{guid}</guid><title>{title}</title><link>https://x.example/{guid}</link>"
    "<description>{text}</description><pubDate>{date}</pubDate></item>"
)
DATE = "Tue, 17 Nov 2026 10:00:00 +0200"


def rss(*items: str) -> bytes:
    return RSS.format(items="".join(items)).encode()


def item(guid: str = "1", title: str = "Late again", text: str = "Nobody answered", date: str = DATE) -> str:
    return ITEM.format(guid=guid, title=title, text=text, date=date)


Answer = Callable[[BaseHTTPRequestHandler], None]


class Site(NamedTuple):
    """A site on this machine: what each path answers, and what was asked."""

    url: str
    answers: dict[str, Answer]
    asked: list[tuple[str, dict[str, str]]]


@pytest.fixture
def site() -> Iterator[Site]:
    answers: dict[str, Answer] = {}
    asked: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, dict(self.headers)))
            try:
                answers[self.path](self)
            except OSError:
                self.close_connection = True

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", answers, asked)
    server.shutdown()
    thread.join()
    server.server_close()


def sends(body: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


async def polled(site: Site, answer: Answer, path: str = "/feed") -> Feed:
    site.answers[path] = answer
    feed = await add_feed(site.url + path)
    assert await poll_due_feeds() == 1
    return await Feed.get(id=feed.id)


pytestmark = pytest.mark.journey


async def test_posts_become_mentions_without_their_html(database: None, site: Site) -> None:
    text = "&lt;p&gt;Nobody &lt;b&gt;answered&lt;/b&gt; &amp;amp; nobody&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    feed = await polled(site, sends(rss(item(text=text)), ETag='"v1"'))
    assert (feed.last_error, feed.attempts, feed.etag) == (None, 0, '"v1"')
    assert feed.due_at is not None
    assert timedelta(minutes=29) < feed.due_at - now() <= timedelta(minutes=30)
    mention = await Mention.get()
    assert (mention.source, mention.external_id, mention.url, mention.published_at) == (
        "127.0.0.1",
        "1",
        "https://x.example/1",
        datetime(2026, 11, 17, 8, tzinfo=UTC),
    )
    assert (await Verbatim.get()).masked_text == "Late again\nNobody answered & nobody"


async def test_a_title_that_the_text_begins_with_is_said_once(database: None, site: Site) -> None:
    await polled(site, sends(rss(item(title="Late again", text="Late again, and nobody answered"))))
    assert (await Verbatim.get()).masked_text == "Late again, and nobody answered"


async def test_a_link_that_is_no_address_of_a_page_is_not_kept(database: None, site: Site) -> None:
    script = item().replace("https://x.example/1", "javascript:alert(1)")
    await polled(site, sends(rss(script)))
    assert (await Mention.get()).url is None


async def test_a_feed_that_did_not_change_is_not_sent_again(database: None, site: Site) -> None:
    stamp = "Tue, 17 Nov 2026 08:00:00 GMT"
    feed = await polled(site, sends(rss(item()), ETag='"v1"', Last_Modified=stamp))
    site.answers["/feed"] = sends(b"", 304)
    await Feed.all().update(due_at=now())
    await poll_due_feeds()
    headers = {name.lower(): value for name, value in site.asked[1][1].items()}
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"v1"', stamp)
    assert headers["user-agent"].startswith("Polyvox/")
    again = await Feed.get(id=feed.id)
    assert (again.last_error, again.etag, await Mention.all().count()) == (None, '"v1"', 1)


async def test_a_flood_is_cut_off_and_the_next_poll_waits_longer(database: None, site: Site) -> None:
    sent = 0

    def flood(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.end_headers()
        for _ in range(50):
            handler.wfile.write(b"<" * 2**20)
            sent += 1

    feed = await polled(site, flood)
    assert (feed.last_error, await Mention.all().count()) == ("The feed is larger than 5 MB.", 0)
    assert sent < 50
    assert feed.due_at is not None
    assert feed.due_at - now() > timedelta(minutes=59)


async def test_a_small_file_that_unpacks_to_a_large_one_is_cut_off(database: None, site: Site) -> None:
    bomb = gzip.compress(b" " * 60 * 2**20)
    feed = await polled(site, sends(bomb, Content_Encoding="gzip"))
    assert feed.last_error == "The feed is larger than 5 MB."


async def test_a_feed_that_hangs_is_cut_off(
    database: None, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST_SECONDS", 0.3)
    over = threading.Event()

    def hang(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not over.wait(0.05):
            handler.wfile.write(b" ")

    async with asyncio.timeout(5):
        feed = await polled(site, hang)
    over.set()
    assert feed.last_error == "The feed took too long to answer."


async def test_what_is_no_feed_is_named(database: None, site: Site) -> None:
    for path, body in (
        ("/html", b"<html><p>hello</p></html>"),
        ("/json", b'{"a": 1}'),
        ("/none", b""),
        ("/bin", bytes(range(256))),
    ):
        feed = await polled(site, sends(body), path)
        assert feed.last_error == "The answer is neither RSS nor Atom.", path
        await Feed.all().delete()


async def test_broken_xml_gives_what_could_be_read(database: None, site: Site) -> None:
    feed = await polled(site, sends(rss(item())[:-30]))
    assert (feed.last_error, await Mention.all().count()) == (None, 1)


async def test_entities_are_not_expanded_without_end(database: None, site: Site) -> None:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{lines}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = rss(item(text="&l8;&f;")).decode().partition("\n")[2]
    async with asyncio.timeout(10):
        await polled(site, sends((head + body).encode()))
    assert [
        len(row.masked_text) < 10_000 and "root:" not in row.masked_text for row in await Verbatim.all()
    ] in ([], [True])


async def test_a_redirect_into_another_private_host_is_refused(database: None, site: Site) -> None:
    for target in (
        "http://localhost:1/feed",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "file:///etc/passwd",
    ):
        feed = await polled(site, sends(b"", 302, Location=target))
        assert feed.last_error == "The feed redirects to an address that is not allowed.", target
        await Feed.all().delete()


async def test_a_redirect_on_the_same_host_is_followed_and_a_loop_is_not(database: None, site: Site) -> None:
    site.answers["/new"] = sends(rss(item()))
    feed = await polled(site, sends(b"", 301, Location="/new"))
    assert (feed.last_error, await Mention.all().count()) == (None, 1)
    await Feed.all().delete()
    assert (
        await polled(site, sends(b"", 302, Location="/feed"))
    ).last_error == "The feed redirects too often."


async def test_a_feed_that_is_gone_is_left_in_peace(database: None, site: Site) -> None:
    feed = await polled(site, sends(b"", 410))
    assert (feed.is_paused, feed.due_at) == (True, None)
    assert feed.last_error == "The feed is gone for good, so it is no longer polled."


async def test_a_feed_that_is_paused_while_it_is_polled_stays_paused(
    client: httpx.AsyncClient, alice: User, site: Site
) -> None:
    loop = asyncio.get_running_loop()

    def told_to(action: str, answer: Answer) -> Answer:
        """An administrator presses a button while the feed is thinking of its answer."""

        def late(handler: BaseHTTPRequestHandler) -> None:
            pressed = client.post("/settings/feeds/1", data={"action": action})
            asyncio.run_coroutine_threadsafe(pressed, loop).result(10)
            answer(handler)

        return late

    for answer, error in (
        (sends(rss(item())), None),
        (sends(b"", 503), "The feed answered with status 503."),
    ):
        site.answers["/feed"] = told_to("pause", answer)
        await (Feed.all().update(is_paused=False, due_at=now()) if error else add_feed(site.url + "/feed"))
        assert await poll_due_feeds() == 1
        feed = await Feed.get()
        assert (feed.is_paused, feed.due_at, feed.last_error) == (True, None, error)
    for answer in (sends(rss(item())), sends(b"", 503), sends(b"", 410)):
        await Feed.all().delete()
        await Feed.create(id=1, url=site.url + "/feed", name="feed", due_at=now())
        site.answers["/feed"] = told_to("remove", answer)
        assert await poll_due_feeds() == 1
        assert await Feed.all().count() == 0


async def test_posts_that_cannot_be_kept_are_told_and_tried_again_later(
    database: None, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_posts: object) -> None:
        raise OverflowError("date value out of range")

    with monkeypatch.context() as trouble:
        trouble.setattr(feeds, "keep", refuse)
        feed = await polled(site, sends(rss(item()), ETag='"v1"'))
    assert (feed.last_error, feed.attempts, feed.polled_at, feed.etag) == ("OverflowError", 1, None, None)
    assert feed.due_at is not None
    assert feed.due_at - now() > timedelta(minutes=59)
    await Feed.all().update(due_at=now())
    await poll_due_feeds()
    assert ((await Feed.get()).last_error, await Mention.all().count()) == (None, 1)


async def test_an_error_of_the_site_is_named(database: None, site: Site) -> None:
    assert (await polled(site, sends(b"no", 503))).last_error == "The feed answered with status 503."


@pytest.mark.parametrize(("failures", "hours"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 24), (90, 24)])
async def test_each_failure_doubles_the_wait_up_to_a_day(
    database: None, site: Site, failures: int, hours: int
) -> None:
    site.answers["/feed"] = sends(b"", 500)
    feed = await add_feed(f"{site.url}/feed")
    await Feed.all().update(attempts=failures - 1)
    await poll_due_feeds()
    due_at = (await Feed.get(id=feed.id)).due_at
    assert due_at is not None
    assert timedelta(hours=hours, seconds=-10) < due_at - now() <= timedelta(hours=hours)


async def test_nobody_there_is_tried_again_later(database: None) -> None:
    feed = await add_feed("http://127.0.0.1:1/feed")
    await poll_due_feeds()
    again = await Feed.get(id=feed.id)
    assert (again.last_error, again.attempts, again.parked_at) == ("ConnectError", 1, None)


async def test_dates_that_cannot_be_count_as_now(database: None, site: Site) -> None:
    dates = ("Fri, 01 Jan 2038 00:00:00 GMT", "soon", "Mon, 01 Jan 0001 00:00:00 +0000")
    posts = (item(str(number), date=date) for number, date in enumerate(dates))
    assert (await polled(site, sends(rss(*posts)))).last_error is None
    moments = [mention.published_at for mention in await Mention.all()]
    assert [abs(moment - now()) < timedelta(minutes=1) for moment in moments] == [True] * 3


async def test_a_date_that_programs_write_for_never_counts_as_now(database: None, site: Site) -> None:
    feed = await polled(site, sends(rss(item("1", date="Mon, 01 Jan 0001 00:00:00 GMT"))))
    assert feed.last_error is None
    (mention,) = await Mention.all()
    assert abs(mention.published_at - now()) < timedelta(minutes=1)


async def test_the_same_posts_polled_again_are_no_new_mentions(database: None, site: Site) -> None:
    await polled(site, sends(rss(item("1"), item("2", "Another title", "Another text altogether"))))
    await Feed.all().update(due_at=now())
    await poll_due_feeds()
    assert await Mention.all().count() == 2


async def test_what_is_no_address_is_not_followed(database: None) -> None:
    for url in (
        "ftp://x.example/",
        "x.example/feed",
        "http://",
        "http://[",
        "https://x.example/" + "a" * 500,
    ):
        with pytest.raises(Refused):
            await add_feed(url)
    await add_feed("https://x.example/feed", country="lv", locale="lv-LV")
    with pytest.raises(Refused):
        await add_feed(" https://x.example/feed ")
    feed = await Feed.get()
    assert (feed.name, feed.country, feed.locale) == ("x.example", "LV", "lv")


def test_html_becomes_plain_lines() -> None:
    assert plain("<p>One&nbsp;two<br>three</p><ul><li>four</ul>\x00") == "One two\nthree\nfour"
