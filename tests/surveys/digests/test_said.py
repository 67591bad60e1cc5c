"""What editions say in words: names among letters of full width, one name over the quotes of one theme."""

from surveys.digests.quote_columns import quote_columns
from surveys.i18n import speaking
from surveys.names import country_name, spoken_language_name


def test_names_have_brackets_of_full_width_in_japanese_and_chinese() -> None:
    with speaking("ja", "digest"):
        assert spoken_language_name("nb") == "ノルウェー語（ブークモール）"
        assert country_name("MM") == "ミャンマー（ビルマ）"
    with speaking("zh-Hans", "digest"):
        assert country_name("MM") == "缅甸"
    with speaking("en", "digest"):
        assert country_name("MM") == "Myanmar (Burma)"


def test_one_theme_is_named_once_over_both_columns_of_its_quotes() -> None:
    quotes = [
        {"theme": "delivery", "text": f"Kavējas {number}", "language": "lv", "region": None}
        for number in range(4)
    ]
    with speaking("en", "digest"):
        ((left, right),) = quote_columns(quotes)
    assert [theme["name"] for theme in (*left, *right)] == ["Delivery", None]
    assert sum(len(theme["quotes"]) for theme in (*left, *right)) == 4
