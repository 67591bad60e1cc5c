"""What periods and sources are called."""

import pytest

from surveys.digests.charts import MOOD_ORDER
from surveys.digests.period_words import period_name
from surveys.digests.report_words import title, words
from surveys.digests.sentences import within_a_line
from surveys.i18n import speaking
from surveys.names import channel_name
from surveys.verbatims.filters import SENTIMENTS


@pytest.mark.parametrize(
    ("locale", "month", "quarter"),
    [
        ("en", "October 2026", "Q3 2026"),
        ("lv", "2026. g. oktobris", "2026. g. 3.\u00a0cet."),
        ("de", "Oktober 2026", "Q3 2026"),
        ("pl", "październik 2026", "III kw. 2026"),
        ("ar", "أكتوبر 2026", "الربع الثالث 2026"),
        ("ja", "2026年10月", "2026年第3四半期"),
    ],
)
def test_a_month_and_a_quarter_by_their_names(locale: str, month: str, quarter: str) -> None:
    with speaking(locale, "digest"):
        assert period_name("2026-10") == month
        assert period_name("2026-Q3") == quarter


def test_weeks_by_their_numbers_from_left_to_right() -> None:
    with speaking("en", "digest"):
        assert period_name("2026-W46") == "2026-W46"
        assert period_name("2026-W40..2026-W43") == "2026-W40\u2009–\u20092026-W43"
    with speaking("ar", "digest"):
        assert period_name("2026-W46") == "\u200e2026-W46"


@pytest.mark.parametrize(
    ("locale", "head"),
    [
        ("en", "Maize: monthly digest October 2026"),
        ("lv", "Maize: mēneša pārskats 2026. g. oktobris"),
        ("de", "Maize: Monatsbericht Oktober 2026"),
        ("fr", "Maize : synthèse mensuelle, octobre 2026"),
    ],
)
def test_a_running_head_goes_on_behind_its_colon(locale: str, head: str) -> None:
    edition = {
        "kind": "month",
        "theme": None,
        "survey": None,
        "base": None,
        "period": {"key": "2026-10", "first": "2026-W40", "last": "2026-W44"},
    }
    figures = {"edition": edition, "weeks_before": 0, "from": "2026-09-28", "to": "2026-11-01", "zone": "UTC"}
    with speaking(locale, "digest"):
        assert words(figures).running("Maize").replace("\u202f", " ").replace("\xa0", " ") == head


@pytest.mark.parametrize(
    ("about", "named"),
    [
        ({"theme": None, "survey": "relationship"}, "الاستبيان \u2068relationship\u2069، الربع الرابع 2026"),
        ({"theme": "delivery", "survey": None}, "موضوع \u2068التوصيل\u2069، الربع الرابع 2026"),
    ],
)
def test_a_title_keeps_its_order_among_arabic_letters(about: dict[str, str | None], named: str) -> None:
    with speaking("ar", "digest"):
        assert title({"period": {"key": "2026-Q4"}, **about}) == named


def test_a_running_head_keeps_what_is_no_word() -> None:
    with speaking("ro", "digest"):
        assert within_a_line("T3 2026 în comparație cu T2 2026") == "T3 2026 în comparație cu T2 2026"


def test_a_source_as_people_write_it() -> None:
    with speaking("lv", "app"):
        assert [channel_name(code) for code in ("twitter", "YouTube", "app-store", "news")] == [
            "Twitter",
            "YouTube",
            "App Store",
            "Ziņas",
        ]
        assert channel_name("reviews.example") == "reviews.example"


def test_one_order_of_sentiments_everywhere() -> None:
    assert MOOD_ORDER == SENTIMENTS
    assert MOOD_ORDER[-1] == "unknown"
