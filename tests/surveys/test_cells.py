"""Cells read strictly: languages, countries and times as the world writes them."""

from datetime import UTC, datetime

import pytest

from surveys.cells import country, instant, locale
from surveys.delimited import Row, RowError


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("lv", "lv"),
        ("LV_lv", "lv"),
        ("zh-TW", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("no", "nb"),
        ("iw", "he"),
        ("pt-BR", "pt"),
        ("sw-KE", "sw"),
        ("", None),
    ],
)
def test_locales_are_read_as_we_serve_them_or_by_their_language(written: str, read: str | None) -> None:
    assert locale(Row(1, 2, {"locale": written})) == read


@pytest.mark.parametrize("written", ["xx-klingon!", "english", "q", "12", "e\u0301"])
def test_what_is_no_language_tag_is_rejected(written: str) -> None:
    with pytest.raises(RowError) as error:
        locale(Row(1, 2, {"locale": written}))
    assert error.value.column == "locale"


@pytest.mark.parametrize(("written", "read"), [("NA", "NA"), ("lv", "LV"), ("", None), ("XK", "XK")])
def test_countries(written: str, read: str | None) -> None:
    assert country(Row(1, 2, {"country": written})) == read


@pytest.mark.parametrize("written", ["XX", "LVA", "Latvia", "UK", "ＬＶ"])
def test_what_is_no_country_is_rejected(written: str) -> None:
    with pytest.raises(RowError) as error:
        country(Row(1, 2, {"country": written}))
    assert error.value.column == "country"


def test_times_begin_in_1990() -> None:
    assert instant(Row(1, 2, {"at": "1990-01-01T02:00:00+02:00"}), "at") == datetime(1990, 1, 1, tzinfo=UTC)
    for written in ("1990-01-01T00:00:00+02:00", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"):
        with pytest.raises(RowError) as error:
            instant(Row(1, 2, {"at": written}), "at")
        assert (error.value.column, str(error.value)) == ("at", "The time is out of range.")
