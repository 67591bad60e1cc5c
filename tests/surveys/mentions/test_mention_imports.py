"""Mentions from a file: unique by source and id, near-identical copies collapsed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import db
from surveys.delimited import Rejection, Report
from surveys.mentions.imports import import_mentions
from surveys.mentions.likeness import Pool, likeness
from surveys.mentions.models import Mention
from surveys.verbatims.models import Verbatim

HEADER = "external_id,source,author,published_at,text,url,country,locale"
AT = "2026-11-17T10:00:00Z"
POST = "The parcel from this shop arrived three weeks late and nobody answered my letters"


async def imported(*rows: str) -> Report:
    return await import_mentions("\n".join((HEADER, *rows)).encode(), "mentions.csv")


async def test_an_author_is_one_person_at_one_source_only(database: None) -> None:
    await imported(
        f"m1,twitter,@anna,{AT},The parcel came late once more,,,",
        f"m2,twitter,@anna,{AT},Nobody picks up the phone there,,,",
        f"m3,reviews,@anna,{AT},A fine shop with friendly people,,,",
    )
    first, second, elsewhere = [row.author_hash for row in await Mention.all().order_by("id")]
    assert first == second != elsewhere


async def test_a_row_becomes_a_mention_whose_author_is_only_a_hash(database: None) -> None:
    report = await imported(f"m1,forum,Jānis Bērziņš,{AT},Slikta piegāde,https://x.example/1,lv,lv-LV")
    assert report == Report("mentions.csv", accepted=1)
    mention = await Mention.get()
    assert (mention.source, mention.country, mention.locale, mention.url) == (
        "forum",
        "LV",
        "lv",
        "https://x.example/1",
    )
    assert mention.author_hash is not None
    assert "Bērziņš" not in repr(vars(mention))
    verbatim = await Verbatim.get(mention_id=mention.id)
    assert (verbatim.masked_text, verbatim.channel, verbatim.region) == ("Slikta piegāde", "forum", "154")
    assert verbatim.due_at is not None


async def test_phone_numbers_are_those_of_the_posts_locale(database: None) -> None:
    await imported(f"m1,forum,,{AT},Rufen Sie mich unter 0171 1234567 an,,,de")
    assert (await Verbatim.get()).masked_text == "Rufen Sie mich unter [PHONE] an"


async def test_the_same_file_twice_changes_nothing(database: None) -> None:
    row = f"m1,forum,,{AT},Slikta piegāde,,,"
    assert (await imported(row, row)).duplicates == 1
    assert (await imported(row)) == Report("mentions.csv", duplicates=1)
    assert await Mention.all().count() == 1


async def test_unique_by_source_and_id(database: None) -> None:
    report = await imported(f"m1,forum,,{AT},One,,,", f"m1,blog,,{AT},Two,,,", f"m1,forum,,{AT},Three,,,")
    reason = "Another row with this external_id says something else; the first stays."
    assert report == Report("mentions.csv", 2, 0, [Rejection(3, 4, "external_id", reason)])


async def test_as_many_sources_as_rows_take_no_more_queries(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    query = db.query

    async def counted(sql: str, *values: object) -> list[dict[str, object]]:
        asked.append(sql)
        return await query(sql, *values)

    monkeypatch.setattr("surveys.mentions.collect.query", counted)
    rows = [f"m{number % 3},site{number}.example,,{AT},Post {number},,," for number in range(60)]
    assert (await imported(*rows)).accepted == 60
    assert len(asked) == 2
    assert (await imported(*rows)).duplicates == 60


async def test_copies_collapse_into_the_first_published(database: None) -> None:
    await imported(
        f"m2,forum,,2026-11-18T10:00:00Z,RT @shop {POST.upper()}! https://t.example/2,,,",
        f"m1,forum,,{AT},{POST},,,",
        f"m3,forum,,{AT},Something else entirely about opening hours on Sundays,,,",
    )
    await imported(f"m4,blog,,2026-11-19T10:00:00Z,{POST}.,,,", f"m5,blog,,2026-09-19T10:00:00Z,{POST},,,")
    first = await Mention.get(external_id="m1")
    copies = await Mention.filter(copy_of_id=first.id).order_by("external_id")
    assert [copy.external_id for copy in copies] == ["m2", "m4"]
    # m1, m3 and m5, which is older than the window in which copies are looked for.
    assert await Verbatim.all().count() == 3


async def test_mistakes_name_their_column(database: None) -> None:
    report = await imported(
        f",forum,,{AT},x,,,",
        f"m2,,,{AT},x,,,",
        "m3,forum,,2026-11-17,x,,,",
        f"m4,forum,,{AT},,,,",
        f"m5,forum,,{AT},x,javascript:alert(1),,",
        f"m6,forum,,{AT},x,,Latvia,",
        f"m7,forum,,{AT},{'x' * 10_001},,,",
    )
    assert [(each.row, each.column) for each in report.rejected] == [
        (1, "external_id"),
        (2, "source"),
        (3, "published_at"),
        (4, "text"),
        (5, "url"),
        (6, "country"),
        (7, "text"),
    ]


DAY = datetime(2026, 11, 17, tzinfo=UTC)


def is_copy(one: str, other: str, days: float = 0) -> bool:
    pool = Pool(timedelta(days=14))
    pool.add(7, likeness(one), DAY)
    found = pool.first_like(likeness(other), DAY + timedelta(days=days))
    assert found in (None, 7)
    return found == 7


texts = st.text(min_size=1, max_size=200)


@given(texts)
def test_a_text_is_a_copy_of_itself_whatever_its_capitals_and_links(text: str) -> None:
    assert is_copy(text, text) == bool(likeness(text))
    letters = "".join(letter for letter in text if letter.isascii() and letter.isalnum())
    assert likeness(letters.upper()) == likeness(f"{letters.lower()} https://x.example/{'a' * 8}")


@given(texts, texts)
def test_being_copies_goes_both_ways(one: str, other: str) -> None:
    assert is_copy(one, other) == is_copy(other, one)


@given(st.text("abcdefghij ", min_size=0, max_size=39), st.text("abcdefghij ", min_size=0, max_size=39))
def test_short_texts_are_copies_only_when_equal(one: str, other: str) -> None:
    bare = [text.replace(" ", "") for text in (one, other)]
    assert is_copy(one, other) == (bare[0] == bare[1] != "")


def test_whom_a_post_names_does_not_count() -> None:
    assert is_copy("@anna Late again", "RT @shop: Late again! @juris")
    assert not is_copy("anna Late again", "juris Late again")


def test_copies_are_looked_for_in_two_weeks_around() -> None:
    for text in ("Late again", POST):
        assert [is_copy(text, text, days) for days in (-14.1, -14, 0, 14, 14.1)] == [
            False,
            True,
            True,
            True,
            False,
        ]


def test_a_pool_grows() -> None:
    pool = Pool(timedelta(days=14))
    texts = [
        f"{POST} number {number} {'abcdefghijklmnop'[number % 16] * 40}{number * 7919}"
        for number in range(300)
    ]
    for key, text in enumerate(texts):
        pool.add(key, likeness(text), DAY)
    assert pool.first_like(likeness(texts[299]), DAY) is not None
