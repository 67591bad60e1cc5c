"""From Monday to the reader: editions made once, mails sent once, the archive, ending a subscription."""

import asyncio
import io
import re
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx2 as httpx
import pytest
from pypdf import PdfReader

from surveys import mail as mail_out
from surveys.accounts.models import User
from surveys.accounts.users import add_user
from surveys.digests import make, send
from surveys.digests.archive import request_edition, week_of
from surveys.digests.make import make_due_editions
from surveys.digests.models import Delivery, Edition, Subscription
from surveys.digests.resend import send_now
from surveys.digests.scope import EVERYTHING
from surveys.digests.send import open_deliveries, send_due_digests
from surveys.digests.subscribe import Plan, change, plan_of, subscribe
from surveys.digests.unsubscribe import unsubscribe_address
from surveys.due import MOST_ATTEMPTS, now
from surveys.errors import Refused, Unavailable
from surveys.i18n import DIGEST_LOCALES
from surveys.verbatims.models import Verbatim
from surveys.weeks import Week
from tests.surveys.digests.readers import MONDAY, PDF, PICTURE, outbox, quick_editions, work
from tests.surveys.digests.readers import reader as subscribed
from tests.surveys.digests.week import WEEK, answer, many, organisation


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Editions without the seconds that a PDF takes; test_pdf.py makes real ones."""
    return quick_editions(monkeypatch)


async def reader(email: str, locale: str, *, since: datetime = MONDAY - timedelta(days=9)) -> Subscription:
    return await subscribed(email, Plan(locale), since=since)


async def test_every_reader_gets_the_week_once_in_their_language(
    database: None, home: Path, quick: list[str]
) -> None:
    await organisation()
    await many("nps", {9: 30, 3: 10})
    await reader("ieva@maize.lv", "lv")
    await reader("omar@maize.lv", "ar")
    await reader("zane@maize.lv", "lv")
    assert await open_deliveries(MONDAY - timedelta(seconds=1)) == 3  # it is still Sunday: the week before
    assert {row.week for row in await Delivery.all()} == {"2026-W39"}
    await Delivery.all().delete()
    await Edition.all().delete()

    assert [await open_deliveries(MONDAY), await open_deliveries(MONDAY)] == [3, 0]
    await work()
    assert await open_deliveries(MONDAY + timedelta(days=2)) == 0
    assert sorted(quick) == ["2026-W40 ar", "2026-W40 lv"]
    mails = outbox(home)
    assert [mail["To"] for mail in mails] == ["ieva@maize.lv", "omar@maize.lv", "zane@maize.lv"]
    assert [part.get_filename() for mail in mails for part in mail.iter_attachments()] == [
        "2026-W40-lv.pdf", "2026-W40-ar.pdf", "2026-W40-lv.pdf",
    ]  # fmt: skip
    first, second = await Edition.all().order_by("locale")
    assert first.figures == second.figures


async def test_the_mail_says_page_one(database: None, home: Path, quick: list[str]) -> None:
    await organisation()
    await many("nps", {9: 30, 3: 10})
    for number in range(6):
        await answer(
            "nps", 2, text=f"<b>Slikta</b> piegāde & ilgi {number}", themes=["delivery"], customer=str(number)
        )
    subscription = await reader("john@maize.lv", "en")
    await open_deliveries(MONDAY)
    await work()
    (mail,) = outbox(home)
    assert mail["From"] == "dati@maize.lv"
    assert mail["Subject"] == (
        "Maize, week 2026-W40: 46 answers came in; there is too little history to say what changed. "
        "The first pain point is: Delivery."
    )
    assert mail["Message-ID"] == f"<digest-2026-W40-{subscription.id}@maize.lv>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"] == f"<{unsubscribe_address(subscription)}>"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    text = plain.get_content()
    assert "Recommendation (NPS): 30 (n\u00a0=\u00a046)" in text
    assert "95% interval 2 to 55" in text
    assert text.splitlines()[1].endswith("2026, time zone Europe/Riga")
    among = "37.5% of those who gave a low score (6 of 16)"
    assert f"  13.0% of answers (6 of 46)\n  {among}\n" in text
    assert "Preliminary" not in text
    assert re.search(r"\| <b>Slikta</b> piegāde & ilgi \d\n  \| Latvian, Northern Europe\n", text)
    assert unsubscribe_address(subscription) in text
    marked = html.get_content()
    assert "<small>Latvian, Northern Europe</small>" in marked
    assert among in marked
    assert '<html lang="en" dir="ltr">' in marked
    assert "&lt;b&gt;Slikta&lt;/b&gt;" in marked
    assert "<script" not in marked
    assert "style=" not in marked


async def test_the_mail_has_the_organisations_look(database: None, home: Path, quick: list[str]) -> None:
    await organisation(
        logo=PICTURE, logo_type="image/png", line_colour="#c2410c", digest_footer="SIA Maize <Rīga>"
    )
    await many("nps", {9: 30, 3: 10})
    await reader("ieva@maize.lv", "lv")
    await open_deliveries(MONDAY)
    await work()
    (mail,) = outbox(home)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "\nSIA Maize <Rīga>\n" in plain.get_content()
    page = html.get_content()
    assert '<img src="cid:logo" alt="Maize" height="48">' in page
    assert '<hr size="2" color="#c2410c">' in page
    assert '<p dir="auto">SIA Maize &lt;Rīga&gt;</p>' in page
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert [(part["Content-ID"], part.get_content()) for part in pictures] == [("<logo>", PICTURE)]
    assert [part.get_content() for part in mail.iter_attachments()] == [PDF]


async def test_a_killed_run_is_finished_by_the_next(
    database: None, home: Path, quick: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await organisation()
    await many("nps", {9: 30})
    for name in "ab":
        await reader(f"{name}@maize.lv", "en")
    await open_deliveries(MONDAY)
    await make_due_editions()
    sent: list[str] = []
    real = mail_out.send

    async def falls_over(mail: EmailMessage) -> None:
        if sent:
            raise SystemExit  # the worker is killed between two mails
        await real(mail)
        sent.append(str(mail["To"]))

    monkeypatch.setattr(send, "send", falls_over)
    with pytest.raises(SystemExit):
        await send_due_digests()
    monkeypatch.setattr(send, "send", mail_out.send)
    assert await send_due_digests() == 0  # the lease of the killed worker still runs
    await Delivery.filter(sent_at=None).update(due_at=now())
    await work()
    assert [mail["To"] for mail in outbox(home)] == ["a@maize.lv", "b@maize.lv"]
    assert await Delivery.filter(sent_at=None).count() == 0


async def test_what_was_sent_before_a_kill_is_not_sent_again(
    database: None, home: Path, quick: list[str]
) -> None:
    await organisation()
    await reader("a@maize.lv", "en")
    await open_deliveries(MONDAY)
    await work()
    # Killed after noting that it was sent, before letting go of the row.
    await Delivery.all().update(due_at=now())
    assert await send_due_digests() == 1
    assert len(outbox(home)) == 1
    assert (await Delivery.get()).due_at is None


async def test_who_ends_the_subscription_while_a_mail_waits_gets_none(
    database: None, home: Path, quick: list[str]
) -> None:
    await organisation()
    subscription = await reader("a@maize.lv", "en")
    await open_deliveries(MONDAY)
    await make_due_editions()
    await Subscription.filter(id=subscription.id).update(ended_at=now())
    assert await send_due_digests() == 1
    assert outbox(home) == []


async def test_who_is_disabled_gets_no_digest_until_enabled_again(
    client: httpx.AsyncClient, alice: User, home: Path, quick: list[str]
) -> None:
    await organisation()
    left = await add_user("Left@maize.lv", role="manager", name="Left", password="a long enough password")
    reads, away = await reader("left@maize.lv", "en"), await reader("away@maize.lv", "en")
    await open_deliveries(MONDAY)
    await make_due_editions()
    await client.post(f"/settings/users/{left.id}", data={"action": "disable"})
    listed = (await client.get("/settings/subscriptions")).text
    shown = [(await client.get(f"/settings/subscriptions/{each.id}")).text for each in (reads, away)]
    assert [("nothing is sent to it" in page, "Send one now" in page) for page in shown] == [
        (True, False),
        (False, True),
    ]
    assert listed.count('<span class="tag">disabled</span>') == 1
    await work()
    assert await open_deliveries(MONDAY + timedelta(days=7)) == 1
    await work()
    assert [mail["To"] for mail in outbox(home)] == ["away@maize.lv"] * 2
    await client.post(f"/settings/users/{left.id}", data={"action": "enable"})
    assert await open_deliveries(MONDAY + timedelta(days=7)) == 1
    await work()
    assert [mail["To"] for mail in outbox(home)][-1] == "left@maize.lv"


async def test_a_server_that_refuses_is_tried_again(
    database: None, home: Path, quick: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await organisation()
    await reader("a@maize.lv", "en")
    await open_deliveries(MONDAY)
    await make_due_editions()

    async def refuses(mail: EmailMessage) -> None:
        raise Unavailable("The mail server did not take the mail (SMTPConnectError).")

    monkeypatch.setattr(send, "send", refuses)
    await send_due_digests()
    row = await Delivery.get()
    assert (row.sent_at, row.attempts, row.last_error) == (
        None, 1, "The mail server did not take the mail (SMTPConnectError).",
    )  # fmt: skip
    assert row.due_at is not None


async def test_one_that_waits_hours_is_sent_now_when_somebody_asks(
    database: None, home: Path, quick: list[str]
) -> None:
    maize = await organisation()
    subscription = await reader("a@maize.lv", "en")
    week = Week.last_full(now(), maize.zone)
    later = now() + timedelta(hours=10)
    delivery = await Delivery.create(
        subscription=subscription,
        week=str(week),
        attempts=6,
        due_at=later,
        last_error="The mail server is away.",
    )
    await send_now(subscription, maize)
    await work()
    assert [mail["To"] for mail in outbox(home)] == ["a@maize.lv"]
    # What is being handed over at this moment stays with whoever does it.
    held = now() + timedelta(minutes=4)
    await Delivery.filter(id=delivery.id).update(sent_at=None, due_at=held)
    await send_now(subscription, maize)
    assert (await Delivery.get()).due_at == held


@pytest.mark.parametrize("why", ["another language", "made again"])
async def test_what_is_tried_again_waits_for_its_edition(
    database: None, home: Path, quick: list[str], why: str
) -> None:
    await organisation()
    subscription = await reader("a@maize.lv", "en")
    await open_deliveries(MONDAY)
    await make_due_editions()
    await Delivery.all().update(attempts=2, due_at=now(), last_error="The mail server is away.")
    if why == "another language":
        await change(subscription, Plan("lv"))
    else:
        await Edition.all().update(pdf=None, due_at=now())
    await send_due_digests()
    assert outbox(home) == []
    await open_deliveries(MONDAY)
    await work()
    locale = "lv" if why == "another language" else "en"
    files = [part.get_filename() for mail in outbox(home) for part in mail.iter_attachments()]
    assert files == [f"2026-W40-{locale}.pdf"]
    assert (await Delivery.get()).parked_at is None


async def test_no_preliminary_edition_goes_out_in_a_language_chosen_meanwhile(
    database: None, home: Path, quick: list[str]
) -> None:
    """Somebody had a look at it in Latvian while the week went on."""
    maize = await organisation()
    await many("nps", {9: 30})
    subscription = await reader("a@maize.lv", "en")
    await request_edition(WEEK, "lv", maize)
    await make_due_editions()
    early = {**(await Edition.get()).figures, "status": "preliminary"}
    await Edition.all().update(is_preliminary=True, figures=early, pdf=b"%PDF-1.7 on Thursday")
    await open_deliveries(MONDAY)
    await make_due_editions()
    await Delivery.all().update(attempts=2, due_at=now(), last_error="The mail server is away.")
    await change(subscription, Plan("lv"))
    for _ in range(2):
        await work()
        await open_deliveries(MONDAY)
    ((attached,),) = [list(mail.iter_attachments()) for mail in outbox(home)]
    assert (attached.get_filename(), attached.get_content()) == ("2026-W40-lv.pdf", PDF)


async def test_an_edition_that_could_not_be_made_is_made_for_its_readers_an_hour_later(
    database: None, home: Path, quick: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does the PDF of preliminary figures stay in the place of one that fails."""
    maize = await organisation()
    await many("nps", {9: 30})
    await request_edition(WEEK, "en", maize)
    await make_due_editions()
    await Edition.all().update(is_preliminary=True, figures=None)

    async def fails(*_job: object) -> AsyncGenerator[tuple[str, Unavailable]]:
        yield "en", Unavailable("The PDF took too long to make.")

    await reader("a@maize.lv", "en")
    await open_deliveries(MONDAY)
    with monkeypatch.context() as failing:
        failing.setattr(make, "render_languages", fails)
        for _ in range(MOST_ATTEMPTS):
            await Edition.all().update(due_at=now())
            await make_due_editions()
    edition = await Edition.get()
    assert (edition.pdf, edition.due_at) == (None, None)
    assert edition.parked_at
    for later, mails in ((50, 0), (70, 1)):
        await Edition.filter(parked_at__isnull=False).update(parked_at=MONDAY)
        await open_deliveries(MONDAY + timedelta(minutes=later))
        await work()
        assert len(outbox(home)) == mails


async def test_mails_that_take_longer_than_a_lease_go_once(
    database: None, home: Path, quick: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await organisation()
    for name in "abcd":
        await reader(f"{name}@maize.lv", "en")
    await open_deliveries(MONDAY)
    await make_due_editions()
    sent: list[str] = []

    async def slowly(mail: EmailMessage) -> None:
        await asyncio.sleep(0.2)
        sent.append(str(mail["To"]))

    monkeypatch.setattr(send, "send", slowly)
    monkeypatch.setattr(send, "LEASE", timedelta(seconds=0.3))
    monkeypatch.setattr(send, "RENEWED_EVERY", timedelta(seconds=0.05))

    async def another_worker() -> None:
        for _ in range(4):
            await asyncio.sleep(0.2)
            await send_due_digests()

    await asyncio.gather(send_due_digests(), another_worker())
    assert sorted(sent) == ["a@maize.lv", "b@maize.lv", "c@maize.lv", "d@maize.lv"]


@pytest.mark.parametrize("ago", [0, 8])
async def test_words_still_to_be_understood_are_waited_for_but_not_for_ever(
    database: None, quick: list[str], ago: int
) -> None:
    await organisation()
    # Also those of the weeks before: nobody would seem to have complained then.
    response = await answer("nps", 3, ago=ago, text="Ko tas nozīmē?")
    await Verbatim.filter(response_id=response.id).update(analysed_at=None)
    await reader("a@maize.lv", "en")
    assert await open_deliveries(MONDAY) == 0
    assert await open_deliveries(MONDAY + timedelta(hours=6)) == 1


async def test_who_subscribes_on_tuesday_waits_for_monday(database: None) -> None:
    await organisation()
    await reader("monday@maize.lv", "en", since=MONDAY + timedelta(hours=9))
    await reader("tuesday@maize.lv", "en", since=MONDAY + timedelta(hours=33))
    assert await open_deliveries(MONDAY + timedelta(hours=34)) == 1
    (row,) = await Delivery.all().prefetch_related("subscription")
    assert row.subscription.address == "monday@maize.lv"


async def test_the_archive_keeps_what_was_read(database: None, quick: list[str]) -> None:
    maize = await organisation()
    await many("nps", {9: 30})
    await request_edition(WEEK, "en", maize)
    await make_due_editions()
    before = (await Edition.get()).figures
    await many("nps", {3: 30})
    await request_edition(WEEK, "en", maize)
    await make_due_editions()
    await request_edition(WEEK, "lv", maize)
    await make_due_editions()
    assert [edition.figures for edition in await Edition.all()] == [before, before]
    assert quick == ["2026-W40 en", "2026-W40 lv"]


async def test_a_final_edition_is_of_all_answers_and_not_of_the_preliminary_one(
    database: None, quick: list[str]
) -> None:
    maize = await organisation()
    await many("nps", {9: 20})
    await request_edition(WEEK, "en", maize)
    await make_due_editions()
    early = {**(await Edition.get()).figures, "status": "preliminary"}
    await Edition.all().update(is_preliminary=True, figures=early)
    await many("nps", {9: 10, 3: 10})
    await request_edition(WEEK, "en", maize)
    await make_due_editions()
    edition = await Edition.get()
    told = edition.figures["status"], edition.figures["tiles"]["responses"]["n"]
    assert (edition.is_preliminary, *told) == (False, "final", 40)


async def test_the_archive_page_leads_to_a_pdf(
    client: httpx.AsyncClient, ana: User, quick: list[str]
) -> None:
    await organisation()
    await many("nps", {9: 30})
    page = await client.get("/digests")
    options = re.findall(r'<option value="([^"]+)"', page.text)
    assert "2026-W40" in options
    # Among letters that run from right to left, too.
    assert ">\u20662026-W40\u2069</option>" in page.text
    assert options[-len(DIGEST_LOCALES) :] == list(DIGEST_LOCALES)
    missing = await client.get("/digests/2026-W40/lv.pdf")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "text/html; charset=utf-8")
    asked = await client.post("/digests/2026-W40/lv")
    assert (asked.status_code, asked.headers["location"]) == (303, "/digests")
    assert (await client.get("/digests/2026-W40/lv.pdf")).status_code == 202
    waiting = await client.get("/digests", headers={"HX-Request": "true"})
    assert " ".join(waiting.text.split()).startswith(
        '<div id="shelves" hx-get="/digests" hx-trigger="every 2s"'
    )
    await make_due_editions()
    served = await client.get("/digests/2026-W40/lv.pdf")
    assert (served.status_code, served.headers["content-type"], served.content) == (
        200,
        "application/pdf",
        PDF,
    )
    assert 'href="/digests/2026-W40/lv.pdf"' in (await client.get("/digests")).text


@pytest.mark.parametrize(
    "address", ["/digests/2026-W60/lv.pdf", "/digests/2026-W40/de.pdf", "/digests/2099-W01/lv.pdf"]
)
async def test_an_address_that_cannot_be_is_refused(
    client: httpx.AsyncClient, ana: User, address: str
) -> None:
    answered = await client.get(address)
    assert answered.status_code in (400, 404)
    assert answered.headers["content-type"] == "text/html; charset=utf-8"


async def test_nobody_reads_digests_without_signing_in(client: httpx.AsyncClient) -> None:
    for address in ("/digests", "/digests/2026-W40/lv.pdf"):
        assert (await client.get(address)).status_code == 303
    assert (await client.post("/digests/2026-W40/lv")).status_code == 303
    assert await Edition.all().count() == 0


async def test_a_mails_link_shows_a_page_and_only_a_post_ends_anything(client: httpx.AsyncClient) -> None:
    await organisation()
    subscription = await subscribe("ieva@maize.lv", Plan("en"))
    path = unsubscribe_address(subscription).removeprefix("http://127.0.0.1:8000")
    shown = await client.get(path)
    assert shown.status_code == 200
    assert "The digest is mailed to ieva@maize.lv every week." in shown.text
    assert (await Subscription.get()).ended_at is None
    for _ in range(2):
        ended = await client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert (ended.status_code, "No more digests will be sent to ieva@maize.lv." in ended.text) == (
            200,
            True,
        )
    assert (await Subscription.get()).ended_at is not None
    assert await open_deliveries(MONDAY) == 0
    assert (await client.get(path + "x")).status_code == 404
    assert (await client.get("/digests/unsubscribe/1")).status_code == 404


async def test_an_ended_subscription_begins_again(database: None) -> None:
    first = await subscribe(" Ieva@Maize.lv ", Plan("en"))
    await Subscription.filter(id=first.id).update(ended_at=now())
    again = await subscribe("ieva@maize.lv", Plan("lv"))
    assert (again.id, again.locale, again.ended_at, again.address) == (first.id, "lv", None, "ieva@maize.lv")


async def test_what_is_no_address_and_no_language_is_refused(database: None) -> None:
    with pytest.raises(Refused, match=r"^nobody is not an e-mail address\.$"):
        await subscribe("nobody", Plan("en"))
    with pytest.raises(Refused, match=r"^There is no edition in ko; choose one of: "):
        plan_of({"locale": "ko"}, EVERYTHING)
    assert await Subscription.all().count() == 0


def test_a_week_is_written_in_one_way() -> None:
    assert str(week_of("2026-W53")) == "2026-W53"
    for text in ("2026-W60", "2025-W53", "2026-47", "W47", "2026-W47 "):
        with pytest.raises(Refused, match="is not an ISO week such as 2026-W47"):
            week_of(text)


@pytest.mark.journey
async def test_the_worker_renders_in_a_child(database: None) -> None:
    maize = await organisation()
    await request_edition(WEEK, "en", maize)
    await make_due_editions()
    edition = await Edition.get()
    assert edition.due_at is None
    assert len(PdfReader(io.BytesIO(edition.pdf or b"")).pages) >= 2
