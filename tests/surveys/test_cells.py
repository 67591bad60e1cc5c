"""Cells read strictly: languages and countries as the world writes them."""

import pytest

from surveys.cells import country, locale
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
