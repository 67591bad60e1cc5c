"""Printed numbers: halves go away from zero, in every language, alike wherever the same number is printed."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from babel.numbers import format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from surveys.digests.sentences import gained, share_of, signed
from surveys.i18n import (
    DIGEST_LOCALES,
    FIVE_DIGITS,
    GROUPED_FROM_FIVE,
    RESPONDENT_LOCALES,
    babel_locale,
    in_percent,
    number,
    percent,
    rounded,
    speaking,
)


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (-2.5, 0, "−3"), (-0.5, 0, "−1"), (-0.4, 0, "0"),
        (0.25, 1, "0.3"), (0.35, 1, "0.4"), (-12.45, 1, "−12.5"), (4.05, 1, "4.1"), (1234.5, 0, "1,235"),
        # 1.005 and 0.15 lie below their halves as binary fractions.
        (1.005, 2, "1.01"), (100 * (0.1 + 0.2) - 29.5, 0, "1"),
    ],
)  # fmt: skip
def test_halves_go_away_from_zero(value: float, digits: int, shown: str) -> None:
    with speaking("en", "digest"):
        assert number(value, digits) == signed(value, digits) == shown


@pytest.mark.parametrize(
    ("share", "whole", "tenths"), [(0.125, "13%", "12.5%"), (0.145, "15%", "14.5%"), (0.0005, "0%", "0.1%")]
)
def test_shares_do_too(share: float, whole: str, tenths: str) -> None:
    with speaking("en", "digest"):
        assert (percent(share), share_of(100 * share)) == (whole, tenths)
        assert gained(100 * share, 1) == f"+{tenths[:-1]}"


def exactly(x: int, n: int, digits: int) -> Decimal:
    """A share in percent, rounded as one does by hand."""
    places = (1, 10)[digits]
    return Decimal(int(Fraction(100 * places * x, n) + Fraction(1, 2))) / places


@given(n=st.integers(1, 100_000), part=st.floats(0, 1), locale=st.sampled_from(DIGEST_LOCALES))
def test_every_share_is_rounded_as_by_hand(n: int, part: float, locale: str) -> None:
    x = int(part * n)
    share = 100 * x / n
    with speaking(locale, "digest"):
        for digits in (0, 1):
            assert rounded(share, digits) == exactly(x, n, digits)
            assert number(share, digits) == number(float(exactly(x, n, digits)), digits)
        assert percent(share / 100) == percent(float(exactly(x, n, 0)) / 100)
        assert share_of(share) == share_of(float(exactly(x, n, 1)))


@given(value=st.floats(-1000, 1000), digits=st.integers(0, 2))
def test_a_number_and_its_opposite_are_printed_alike(value: float, digits: int) -> None:
    assert rounded(value, digits) == -rounded(-value, digits)
    assert abs(rounded(value, digits) - Decimal(repr(value))) <= Decimal(5).scaleb(-digits - 1) + Decimal(
        "1e-9"
    )
    exact = Decimal(round(value, 9).__repr__())
    assert rounded(value, digits) == exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("locale", "four", "five"),
    [
        # As ICU 78 writes them (Intl.NumberFormat).
        ("en", "1,234", "12,345"), ("lt", "1\u00a0234", "12\u00a0345"), ("de", "1.234", "12.345"),
        ("uk", "1\u00a0234", "12\u00a0345"), ("lv", "1234", "12\u00a0345"), ("es", "1234", "12.345"),
        ("pl", "1234", "12\u00a0345"), ("ja", "1,234", "12,345"),
    ],
)  # fmt: skip
def test_four_digits_are_grouped_where_the_language_does(locale: str, four: str, five: str) -> None:
    with speaking(locale, "digest"):
        assert (number(1234), number(-1234), number(12345)) == (four, f"−{four}", five)
        assert number(9999.96, 1) == number(10000.0, 1)


@given(
    value=st.floats(-10_000_000, 10_000_000),
    digits=st.integers(0, 3),
    code=st.sampled_from(RESPONDENT_LOCALES),
)
def test_numbers_are_written_as_babel_writes_them(value: float, digits: int, code: str) -> None:
    shown, pattern = rounded(value, digits), "#,##0" + ("." + digits * "0" if digits else "")
    grouped = abs(shown) >= FIVE_DIGITS or code not in GROUPED_FROM_FIVE
    with speaking(code, "respondent"):
        written = format_decimal(shown, pattern, babel_locale(code), group_separator=grouped)
        assert number(value, digits) == written.replace("-", "−")


@given(hundredths=st.integers(0, 100), code=st.sampled_from(RESPONDENT_LOCALES))
def test_percentages_are_written_as_babel_writes_them(hundredths: int, code: str) -> None:
    with speaking(code, "respondent"):
        written = format_percent(Decimal(hundredths) / 100, locale=babel_locale(code))
        shown = percent(hundredths / 100)
        assert shown.removeprefix("\u200e") == written.removeprefix("\u200e")
        assert in_percent(hundredths) == shown
        tenths = number(hundredths, 1)
        assert in_percent(hundredths, 1) == shown.replace(number(hundredths), tenths)
