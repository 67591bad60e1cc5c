"""ISO weeks by the textbook's vectors (5.1) and the laws of a calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.weeks import Week

RIGA = ZoneInfo("Europe/Riga")
TOKYO = ZoneInfo("Asia/Tokyo")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
INSTANTS = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    datetime(2060, 12, 31),  # noqa: DTZ001 (hypothesis adds the zone)
    timezones=st.just(UTC),
)
ZONES = st.sampled_from(
    [
        "Europe/Riga",
        "America/Los_Angeles",
        "America/Havana",
        "America/Asuncion",
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Etc/GMT+12",
    ]
).map(ZoneInfo)


@pytest.mark.parametrize(
    ("day", "week", "weekday"),
    [
        (date(2027, 1, 1), "2026-W53", 5),
        (date(2026, 12, 28), "2026-W53", 1),
        (date(2024, 12, 30), "2025-W01", 1),
        (date(2026, 11, 22), "2026-W47", 7),
    ],
)
def test_iso_edges(day: date, week: str, weekday: int) -> None:
    assert str(Week.of(day)) == week
    assert (day - Week.parse(week).monday).days + 1 == weekday


def test_a_week_runs_from_monday_to_sunday() -> None:
    week = Week.parse("2026-W47")
    assert week == Week(2026, 47)
    assert (week.monday, week.sunday) == (date(2026, 11, 16), date(2026, 11, 22))


@pytest.mark.parametrize(
    ("zone", "week"), [(RIGA, "2026-W47"), (TOKYO, "2026-W47"), (LOS_ANGELES, "2026-W46")]
)
def test_the_zone_decides_the_week(zone: ZoneInfo, week: str) -> None:
    instant = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)
    assert Week.containing(instant, zone) == Week.parse(week)


def test_bounds_are_local_midnights() -> None:
    start, end = Week.parse("2026-W47").bounds(RIGA)
    assert start == datetime(2026, 11, 15, 22, tzinfo=UTC)
    assert end == datetime(2026, 11, 22, 22, tzinfo=UTC)
    assert start.tzinfo is end.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 19), 169), (date(2026, 3, 23), 167), (date(2026, 6, 1), 168)]
)
def test_clock_changes_lengthen_and_shorten(day: date, hours: int) -> None:
    start, end = Week.of(day).bounds(RIGA)
    assert end - start == timedelta(hours=hours)


def test_a_week_is_over_at_the_next_local_monday() -> None:
    week = Week.parse("2026-W47")
    _, end = week.bounds(RIGA)
    just_before = end - timedelta(microseconds=1)
    assert not week.is_over(just_before, RIGA)
    assert week.is_over(end, RIGA)
    assert not week.is_over(end, LOS_ANGELES)
    assert Week.last_full(just_before, RIGA) == Week.parse("2026-W46")
    assert Week.last_full(end, RIGA) == week


def test_weeks_step_over_the_year() -> None:
    week = Week.parse("2027-W01")
    assert week.previous() == Week.parse("2026-W53")
    assert week.previous(26) == Week.parse("2026-W28")
    assert week.previous(0) == week
    assert week.previous(-1) == Week.parse("2027-W02")


def test_weeks_are_in_order() -> None:
    weeks = [Week.parse(text) for text in ("2027-W01", "2026-W10", "2026-W53", "2026-W09")]
    assert [str(week) for week in sorted(weeks)] == [
        "2026-W09",
        "2026-W10",
        "2026-W53",
        "2027-W01",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-W00",
        "2025-W53",
        "2026-W54",
        "2026-w47",
        "2026W47",
        "2026-W47 ",
        "2026-W4\u0667",
        "0000-W01",
        "0001-W01",
        "9999-W52",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a week|Invalid week|year 0|range"):
        Week.parse(text)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Week.containing(datetime(2026, 11, 22), RIGA)  # noqa: DTZ001 (the mistake under test)


@given(DAYS)
def test_every_day_lies_in_its_week(day: date) -> None:
    week = Week.of(day)
    assert week.monday <= day <= week.sunday
    assert Week.parse(str(week)) == week


@given(INSTANTS, ZONES)
def test_every_instant_lies_in_its_week(instant: datetime, zone: ZoneInfo) -> None:
    week = Week.containing(instant, zone)
    start, end = week.bounds(zone)
    assert start <= instant < end
    assert week.previous(-1).bounds(zone)[0] == end
    assert Week.containing(start, zone) == week
    assert Week.last_full(instant, zone).is_over(instant, zone)
    assert not week.is_over(instant, zone)


@given(DAYS, st.integers(-300, 300))
def test_stepping_back_and_forth_returns(day: date, n: int) -> None:
    week = Week.of(day)
    assert week.previous(n).previous(-n) == week
    assert (week.previous(n) < week) is (n > 0)
