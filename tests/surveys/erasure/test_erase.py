"""Erasing: nothing of a person is left, nothing of anybody else is touched."""

import re
from datetime import UTC, datetime
from pathlib import Path

import httpx2 as httpx
import pytest

from surveys import db
from surveys.accounts.models import User
from surveys.customers.models import Customer
from surveys.digests.models import Edition, Subscription
from surveys.erasure.erase import Erased, Person, erase, look_up
from surveys.errors import NotFound, Refused
from surveys.invitations.models import Invitation
from surveys.mentions.collect import Found, keep
from surveys.mentions.models import Mention
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.imports import import_responses
from surveys.responses.models import EarlierAnswer, Response, State
from surveys.verbatims.models import Correction, Epoch, Method, Original, Verbatim, VerbatimTheme
from surveys.verbatims.write import Words, masked, write_response_verbatim

AT = datetime(2026, 11, 17, 8, tzinfo=UTC)
EARLIER = datetime(2026, 11, 14, 8, tzinfo=UTC)


async def answered(customer: Customer | None, text: str, contact: str | None = None) -> Response:
    survey, _made = await Survey.get_or_create(slug="s", defaults={"name": "S", "metric": Metric.NPS})
    response = await Response.create(
        survey_id=survey.id,
        state=State.COMPLETE,
        score=2,
        submitted_at=AT,
        customer_id=customer.id if customer else None,
    )
    verbatim = await write_response_verbatim(response, survey, masked(Words(text, contact), "LV"))
    await VerbatimTheme.create(
        verbatim_id=verbatim.id, code="delivery", confidence=1.0, method=Method.KEYWORD
    )
    await Correction.create(
        verbatim_id=verbatim.id, field="sentiment", before=["neutral"], after=["negative"]
    )
    await EarlierAnswer.create(response_id=response.id, score=9, masked_text=text, submitted_at=EARLIER)
    return response


async def rows() -> dict[str, int]:
    kinds = (Customer, Invitation, Response, EarlierAnswer, Verbatim, VerbatimTheme, Original, Correction)
    return {kind.__name__: await kind.all().count() for kind in kinds}


async def test_a_customer_goes_with_everything_and_nobody_else_does(database: None) -> None:
    anna, juris = await Customer.create(customer_id="c1"), await Customer.create(customer_id="c2")
    await answered(anna, "Zebrasquirrel sentence of Anna")
    kept = await answered(juris, "Juris")
    survey = await Survey.get(slug="s")
    for customer in (anna, juris):
        await Invitation.create(
            reference=customer.customer_id, survey_id=survey.id, customer_id=customer.id, expires_at=AT
        )
    before = (await Epoch.get_or_create(id=1))[0].number
    expected = Erased(customers=1, invitations=1, responses=1, verbatims=1, originals=1, editions=0)
    assert await look_up(Person("c1")) == Erased(**{**vars(expected), "kept": []})
    assert await erase(Person("c1")) == Erased(**{**vars(expected), "kept": []})
    assert await rows() == dict.fromkeys(await rows(), 1)
    assert (await Response.get()).id == kept.id
    assert (await Epoch.get(id=1)).number > before
    with pytest.raises(NotFound):
        await erase(Person("c1"))


def files_with(folder: Path, words: bytes) -> list[str]:
    return [file.name for file in folder.iterdir() if words in file.read_bytes()]


async def test_nothing_is_left_in_the_database_file(database: None, home: Path) -> None:
    if not db.is_sqlite():
        pytest.skip("PostgreSQL's pages are vacuumed by its own clock")
    await answered(await Customer.create(customer_id="c1"), "Zebrasquirrel sentence of Anna")
    await erase(Person("c1"))
    assert files_with(home, b"Zebrasquirrel") == []


async def test_nor_what_was_left_behind_as_rows_grew(database: None, home: Path) -> None:
    if not db.is_sqlite():
        pytest.skip("PostgreSQL's pages are vacuumed by its own clock")
    rows = [
        f"r{number},s,nps,2026-11-17T10:00:00Z,5,{('Zebrasquirrel ' if number % 50 == 0 else '') + 'x ' * number},c{number}"
        for number in range(300)
    ]
    header = "external_id,survey,metric,submitted_at,score,comment,customer_id"
    await import_responses("\n".join((header, *rows)).encode(), "responses.csv")
    # As the worker does: what is understood of a comment is longer than most comments are.
    await Verbatim.all().update(embedding=b"\1" * 768)
    for number in range(0, 300, 50):
        await erase(Person(f"c{number}"))
    assert files_with(home, b"Zebrasquirrel") == []


async def test_an_address_finds_records_contacts_and_words(database: None) -> None:
    await answered(await Customer.create(customer_id="c1", email="anna@x.lv"), "one")
    await answered(None, "two", contact="Anna@X.lv")
    await answered(None, "write to ANNA@x.lv, please")
    for other in ("joanna@x.lv", "anna@x.lv.example", "anna@x.lvs", "a.anna@x.lv", "annaa@x.lv"):
        await answered(None, f"not {other} at all")
    erased = await erase(Person(email=" Anna@x.LV "))
    assert (erased.customers, erased.responses) == (1, 3)
    assert await Response.all().count() == 5


async def test_an_address_is_found_whatever_its_capitals_in_any_script(database: None) -> None:
    await answered(None, "one", contact="Āboliņa@Piemērs.lv")
    await answered(None, "write to ĀBOLIŅA@piemērs.lv, please")
    await answered(None, "not to kāboliņa@piemērs.lv")
    assert (await erase(Person(email="Āboliņa@piemērs.lv"))).responses == 2
    assert await Response.all().count() == 1


@pytest.mark.parametrize("word", ["b", "it", "zane@", "@x.lv"])
async def test_a_word_that_is_no_address_erases_nobody(database: None, word: str) -> None:
    await answered(None, "b: it was zane@ or @x.lv")
    for act in (look_up, erase):
        with pytest.raises(Refused, match="not an e-mail address"):
            await act(Person(email=word))
    assert await Response.all().count() == 1


async def test_a_customer_id_also_finds_what_was_left_without_signing_but_not_anothers(
    database: None,
) -> None:
    anna = await Customer.create(customer_id="c1", email="home@x.lv")
    juris = await Customer.create(customer_id="c2", email="home@x.lv")
    await answered(anna, "one")
    await answered(juris, "two", contact="home@x.lv")
    await answered(None, "three", contact="home@x.lv")
    assert (await erase(Person("c1"))).responses == 2
    assert [row.customer_id for row in await Response.all()] == [juris.id]


async def test_a_mention_stays_but_the_address_in_its_original_goes(database: None) -> None:
    await keep([Found("blog", "1", AT, "Ask anna@x.lv about it")])
    assert (await erase(Person(email="anna@x.lv"))).originals == 1
    assert (await Mention.all().count(), await Verbatim.all().count(), await Original.all().count()) == (
        1,
        1,
        0,
    )


async def test_digests_that_may_quote_the_person_are_built_again(database: None) -> None:
    await answered(await Customer.create(customer_id="c1"), "one")
    for week in ("2026-W46", "2026-W47", "2026-W48"):
        await Edition.create(week=week, locale="en", figures={"quotes": ["one"]}, pdf=b"%PDF", built_at=AT)
    assert (await erase(Person("c1"))).editions == 2
    editions = await Edition.all().order_by("week")
    assert [(row.week, row.pdf, row.figures, row.due_at is not None) for row in editions] == [
        ("2026-W46", None, None, True),
        ("2026-W47", None, None, True),
        ("2026-W48", b"%PDF", {"quotes": ["one"]}, False),
    ]


async def test_a_user_or_reader_with_the_address_is_named_and_stays(
    client: httpx.AsyncClient, alice: User
) -> None:
    await Customer.create(customer_id="c1", email=alice.email)
    await Subscription.create(address=alice.email, locale="en")
    erased = await erase(Person(email=alice.email))
    assert list(erased.kept) == [
        "A user with this address can sign in; disable the account to end that.",
        "The weekly digest is sent to this address; end the subscription to stop that.",
    ]
    assert (await User.all().count(), await Subscription.all().count()) == (1, 1)


async def test_the_page_shows_first_and_erases_only_when_confirmed(
    client: httpx.AsyncClient, alice: User
) -> None:
    await answered(await Customer.create(customer_id="c1"), "one")
    shown = await client.post("/settings/erase", data={"customer": "c1"})
    assert (shown.status_code, re.findall(r"<dd>\s*(\d+)\s*</dd>", shown.text)) == (
        200,
        ["1", "0", "1", "1", "1", "0"],
    )
    assert await Response.all().count() == 1
    done = await client.post("/settings/erase", data={"customer": "c1", "confirmed": "yes"})
    assert (done.status_code, await rows()) == (200, dict.fromkeys(await rows(), 0))
    again = await client.post("/settings/erase", data={"customer": "c1", "confirmed": "yes"})
    assert (again.status_code, "Nothing of this person is kept here." in again.text) == (422, True)
    assert 'value="c1"' in again.text
    empty = await client.post("/settings/erase", data={"customer": " "})
    assert (empty.status_code, "Please name a customer id or an e-mail address." in empty.text) == (422, True)
