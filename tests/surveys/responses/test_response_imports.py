"""Responses from a file: rows in, rows listed, nothing half written."""

from datetime import UTC, datetime, timedelta

import pytest

from surveys.counts.check import differences
from surveys.customers.models import Customer
from surveys.delimited import Rejection, Report
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.imports import import_responses
from surveys.responses.models import Response
from surveys.verbatims.models import Original, Verbatim
from tests.surveys.digests.week import organisation

HEADER = "external_id,survey,metric,submitted_at,score,comment,locale,country,channel,customer_id,touchpoint,segment,exit_reason"
AT = "2026-11-17T10:00:00+02:00"


async def imported(*rows: str, header: str = HEADER) -> Report:
    return await import_responses("\n".join((header, *rows)).encode(), "responses.csv")


async def test_a_row_becomes_a_response_and_its_words_a_masked_verbatim(database: None) -> None:
    await Customer.create(customer_id="c1", country="LV")
    report = await imported(
        f'r1,orders,csat,{AT},2,"Kurjers kavējas, zvaniet +371 29123456",lv,,email,c1,delivery,new,'
    )
    assert report == Report("responses.csv", accepted=1)
    survey = await Survey.get(slug="orders")
    assert (survey.metric, survey.is_open, survey.is_imported) == (Metric.CSAT, False, True)
    response = await Response.get(external_id="r1")
    assert (response.score, response.submitted_at, response.country, response.country_source) == (
        2,
        datetime(2026, 11, 17, 8, tzinfo=UTC),
        "LV",
        "account",
    )
    verbatim = await Verbatim.get(response_id=response.id)
    assert (verbatim.region, verbatim.locale, verbatim.channel, verbatim.touchpoint) == (
        "154",
        "lv",
        "email",
        "delivery",
    )
    assert verbatim.due_at is not None
    assert "29123456" not in verbatim.masked_text
    assert (await Original.get(verbatim_id=verbatim.id)).text == "Kurjers kavējas, zvaniet +371 29123456"


async def test_phone_numbers_are_those_of_the_locale_and_of_the_customers_country(database: None) -> None:
    await Customer.create(customer_id="c1", country="PL")
    await imported(
        f"r1,orders,csat,{AT},2,Rufen Sie mich unter 0171 1234567 an,de,,,,,,",
        f"r2,orders,csat,{AT},2,Please ring 512 345 678 in the evening,en,,,c1,,,",
    )
    assert [row.masked_text for row in await Verbatim.all().order_by("id")] == [
        "Rufen Sie mich unter [PHONE] an",
        "Please ring [PHONE] in the evening",
    ]


async def test_the_same_file_twice_changes_nothing(database: None) -> None:
    rows = (f"r1,s,nps,{AT},9,Good,en,,,,,,", f"r2,s,nps,{AT},0,,en,,,,,,")
    assert (await imported(*rows)).accepted == 2
    again = await imported(*rows)
    assert (again.accepted, again.duplicates, again.rejected) == (0, 2, [])
    assert (await Response.all().count(), await Verbatim.all().count()) == (2, 1)


async def test_same_id_other_content_is_rejected_and_the_first_stays(database: None) -> None:
    await imported(f"r1,s,nps,{AT},9,,en,,,,,,")
    report = await imported(
        f"r1,s,nps,{AT},1,,en,,,,,,", f"r2,s,nps,{AT},5,,,,,,,,", f"r2,s,nps,{AT},6,,,,,,,,"
    )
    reason = "Another row with this external_id says something else; the first stays."
    assert report.rejected == [Rejection(1, 2, "external_id", reason), Rejection(3, 4, "external_id", reason)]
    assert await Response.all().order_by("external_id").values_list("external_id", "score") == [
        ("r1", 9),
        ("r2", 5),
    ]


async def test_equal_instants_in_two_zones_are_the_same_content(database: None) -> None:
    report = await imported(f"r1,s,nps,{AT},9,,en,,,,,,", "r1,s,nps,2026-11-17T08:00:00Z,9,,en,,,,,,")
    assert (report.accepted, report.duplicates, report.rejected) == (1, 1, [])


async def test_another_metric_than_the_surveys_is_rejected(database: None) -> None:
    await Survey.create(slug="s", name="S", metric=Metric.NPS)
    report = await imported(
        f"r1,s,csat,{AT},4,,,,,,,,", f"r2,s,nps,{AT},4,,,,,,,,", f"r1,s,nps,{AT},4,,,,,,,,"
    )
    assert report.rejected == [Rejection(1, 2, "metric", "The survey “s” measures nps.")]
    assert report.accepted == 2


async def test_rejected_rows_make_no_survey(database: None) -> None:
    await imported(f"r1,s,nps,{AT},9,,en,,,,,,")
    await imported(f"r1,other,nps,{AT},9,,en,,,,,,")
    assert [survey.slug for survey in await Survey.all()] == ["s"]


async def test_each_mistake_names_its_column(database: None) -> None:
    ahead = (datetime.now(UTC) + timedelta(hours=25)).isoformat()
    soon = (datetime.now(UTC) + timedelta(hours=23)).isoformat()
    report = await imported(
        f",s,nps,{AT},9,,,,,,,,",
        f"r2,s,stars,{AT},9,,,,,,,,",
        f"r3,s,nps,{AT},11,,,,,,,,",
        f"r4,s,nps,{AT},,,,,,,,,",
        f"r5,s,ces,{AT},0,,,,,,,,",
        f"r6,s,csat,{AT},4.5,,,,,,,,",
        f"r7,e,exit,{AT},5,,,,,,,,other",
        f"r8,e,exit,{AT},,,,,,,,,because",
        f"r9,s,nps,{AT},9,,,,,,,,other",
        "r10,s,nps,2026-11-17T10:00:00,9,,,,,,,,",
        "r11,s,nps,2026-02-30T10:00:00Z,9,,,,,,,,",
        "r12,s,nps,17.11.2026,9,,,,,,,,",
        f"r13,s,nps,{ahead},9,,,,,,,,",
        f"r14,s,nps,{AT},9,,xx-klingon!,,,,,,",
        f"r15,s,nps,{AT},9,,,XX,,,,,",
        f"r16,s,nps,{AT},9,{'x' * 10_001},,,,,,,",
        f"r17,S 1,nps,{AT},9,,,,,,,,",
        f"r18,s,nps,{AT},٩,,,,,,,,",
        "r19,s,nps,0001-01-01T00:00:00+14:00,9,,,,,,,,",
        "r22,s,nps,0001-01-01T00:00:00Z,9,,,,,,,,",
        "r23,s,nps,1989-12-31T23:59:59Z,9,,,,,,,,",
        f"r20,s,nps,{soon},9,{'x' * 10_000},zh-TW,NA,,,,,",
        f"r21,e,exit,{AT},,=HYPERLINK(1),,gb,,,,,price_too_high",
    )
    assert [(rejection.row, rejection.line, rejection.column) for rejection in report.rejected] == [
        (1, 2, "external_id"),
        (2, 3, "metric"),
        (3, 4, "score"),
        (4, 5, "score"),
        (5, 6, "score"),
        (6, 7, "score"),
        (7, 8, "score"),
        (8, 9, "exit_reason"),
        (9, 10, "exit_reason"),
        (10, 11, "submitted_at"),
        (11, 12, "submitted_at"),
        (12, 13, "submitted_at"),
        (13, 14, "submitted_at"),
        (14, 15, "locale"),
        (15, 16, "country"),
        (16, 17, "comment"),
        (17, 18, "survey"),
        (18, 19, "score"),
        (19, 20, "submitted_at"),
        (20, 21, "submitted_at"),
        (21, 22, "submitted_at"),
    ]
    assert [rejection.reason for rejection in report.rejected if rejection.row in {3, 10, 13, 16, 20}] == [
        "“11” is not a whole number from 0 to 10.",
        "The time has no zone. Please add one, such as Z or +02:00.",
        "The time is more than 24 hours ahead.",
        "The cell has 10001 characters; at most 10000 fit.",
        "The time is out of range.",
    ]
    rows = await Response.all().order_by("external_id").values_list("external_id", "locale", "country")
    assert rows == [("r20", "zh-Hant", "NA"), ("r21", None, "GB")]


async def test_a_language_that_is_not_known_is_none_and_not_english(database: None) -> None:
    tags = ("und", "UND-LV", "und_Latn", "lv")
    await imported(*(f"r{number},s,nps,{AT},9,,{tag},,,,,," for number, tag in enumerate(tags)))
    rows = await Response.all().order_by("id").values_list("locale")
    assert [locale for (locale,) in rows] == [None, None, None, "lv"]


@pytest.mark.parametrize("zone", ["Europe/Riga", "America/New_York"])
async def test_a_time_that_programs_write_for_never_is_rejected(database: None, zone: str) -> None:
    """No week holds it in most zones: nothing would be counted any more."""
    await organisation(time_zone=zone)
    report = await imported("r1,s,nps,0001-01-01T00:00:00Z,9,,,,,,,,", f"r2,s,nps,{AT},9,,,,,,,,")
    assert [(each.row, each.column, each.reason) for each in report.rejected] == [
        (1, "submitted_at", "The time is out of range.")
    ]
    assert await differences() == {}


async def test_nul_does_not_reach_the_database(database: None) -> None:
    await imported(f"r1,s,nps,{AT},9,a\x00b,en,,,,,,")
    assert [row.text for row in await Original.all()] == ["ab"]


async def test_a_refused_file_writes_nothing(database: None) -> None:
    report = await import_responses(
        f"{HEADER}\nr1,s,nps,{AT},9,Rīga,lv,,,,,,\n".encode("cp1257"), "responses.csv"
    )
    sentence = "This file is not in UTF-8: line 2 cannot be read. Please save it as UTF-8."
    assert report == Report("responses.csv", refused=sentence)
    assert await Survey.all().count() == 0


async def test_a_customer_we_had_no_record_of_gets_a_bare_one(database: None) -> None:
    await imported(f"r1,s,nps,{AT},9,,en,,,c7,,,", f"r2,s,nps,{AT},9,,en,,,c7,,,")
    (customer,) = await Customer.all()
    assert (customer.customer_id, customer.country) == ("c7", None)
    assert await Response.filter(customer_id=customer.id).count() == 2


async def test_optional_columns_may_be_missing(database: None) -> None:
    report = await imported(f"r1;s;nps;{AT};9", header="external_id;survey;metric;submitted_at;score")
    assert report == Report("responses.csv", accepted=1)


async def test_nothing_hides_in_touchpoints_and_segments(database: None) -> None:
    rows = (
        f"r1,orders,csat,{AT},2,Slikti,lv,,email,,\u202edelivery\u200b,\u2060at  risk\u2067,",
        f"r2,orders,csat,{AT},2,Slikti,lv,,email,,\u200b\u200b,\u200c,",
    )
    assert (await imported(*rows)).accepted == 2
    for kind in (Response, Verbatim):
        found = kind.all().order_by("id").values_list("touchpoint", "segment")
        assert [tuple(row) for row in await found] == [("delivery", "at risk"), (None, None)]
    # The file says what it said.
    assert (await imported(*rows)).duplicates == 2
