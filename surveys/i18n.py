"""Languages we speak: catalogues, the current one, and how it writes dates and numbers.

Respondents are served in `RESPONDENT_LOCALES`, readers of the digest in `DIGEST_LOCALES`, our own users in `APP_LOCALES`.
Addresses and rows use tags such as `zh-Hant`; folders and Babel use `zh_Hant`.
"""

import gettext as gettext_module
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale
from babel import dates as babel_dates
from babel import numbers as babel_numbers

from surveys.errors import SettingsError

# fmt: off
RESPONDENT_LOCALES = (
    "lv", "lt", "ro", "et", "en", "de", "fr", "es", "pt", "it", "nl", "pl", "cs", "sv", "fi", "da", "nb",
    "hu", "el", "bg", "uk", "ru", "tr", "ar", "he", "hi", "bn", "th", "vi", "id", "ja", "ko", "zh-Hans", "zh-Hant",
)
# fmt: on
DIGEST_LOCALES = ("en", "lv", "lt", "ro", "de", "fr", "es", "pl", "uk", "ar", "ja", "zh-Hans")
APP_LOCALES = ("en", "lv", "lt", "ro", "ar")
CATALOGUES = Path(__file__).parents[1] / "locales"

Domain = Literal["respondent", "digest", "app"]


@dataclass(frozen=True)
class Language:
    """One locale with one catalogue."""

    code: str
    domain: Domain
    catalogue: gettext_module.NullTranslations

    @cached_property
    def locale(self) -> Locale:
        """Babel's locale of this language."""
        return babel_locale(self.code)

    @cached_property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.locale.text_direction


# English pages write dates and times as most of our readers expect them: 22 Nov 2026, 14:05.
HOMES = {"en": "en_GB"}
LEFT_TO_RIGHT_MARK = "\u200e"
# More decimals than anything is shown with, fewer than a sum of fractions goes wrong in.
EXACT = 9
# CLDR 48, minimumGroupingDigits, which Babel does not know: these write 1234, but 12 345.
GROUPED_FROM_FIVE = frozenset({"bg", "es", "et", "hu", "it", "lv", "pl"})
FIVE_DIGITS = 10_000
ENDONYMS = {"id": "Bahasa Indonesia"}


@cache
def babel_locale(code: str) -> Locale:
    """Babel's locale for a tag of ours, the one that dates and numbers are written by."""
    return Locale.parse(HOMES.get(code, code).replace("-", "_"))


@cache
def catalogue(code: str, domain: Domain) -> gettext_module.NullTranslations:
    """The compiled catalogue. English is complete in the code itself.

    The app says many of the digest's words too (themes, clusters, changes) and finds them there.
    Raises SettingsError when catalogues were not compiled.
    """
    folder = code.replace("-", "_")
    path = CATALOGUES / folder / "LC_MESSAGES" / f"{domain}.mo"
    if not path.exists():
        if code == "en":
            return gettext_module.NullTranslations()
        msg = f"The catalogue {path.name} of {folder} is not compiled; run bin/install."
        raise SettingsError(msg)
    with path.open("rb") as file:
        found = gettext_module.GNUTranslations(file)
    if domain == "app":
        found.add_fallback(catalogue(code, "digest"))
    return found


@cache
def language(code: str, domain: Domain) -> Language:
    """The language of a known locale."""
    return Language(code, domain, catalogue(code, domain))


_current: ContextVar[Language | None] = ContextVar("language", default=None)


def current() -> Language:
    """The language that is being spoken; English when nobody chose."""
    return _current.get() or language("en", "app")


@contextmanager
def speaking(code: str, domain: Domain) -> Iterator[Language]:
    """Everything said inside the block is said in this language."""
    chosen = language(code, domain)
    token = _current.set(chosen)
    try:
        yield chosen
    finally:
        _current.reset(token)


def gettext(sentence: str) -> str:
    """A sentence in the current language."""
    return current().catalogue.gettext(sentence)


def ngettext(singular: str, plural: str, count: int) -> str:
    """A sentence in the current language and the form for `count`; placeholders are left for the caller."""
    return current().catalogue.ngettext(singular, plural, count)


def marked(sentence: str) -> str:
    """Mark a sentence for translation without translating it yet (keyword of the extraction)."""
    return sentence


def endonym(code: str) -> str:
    """A language's name for itself, beginning with a capital where it has them."""
    own = Locale.parse(code.replace("-", "_"))
    return capitalised(ENDONYMS.get(code) or own.get_display_name(own) or code)


def capitalised(words: str) -> str:
    """Words as they begin a line: most languages write the names of languages small."""
    return words[:1].upper() + words[1:]


def language_name(code: str) -> str:
    """A language's name in the current language; codes without a name stay as they are."""
    return _language_name(code, current().code)


@lru_cache(maxsize=5_000)
def _language_name(code: str, spoken: str) -> str:
    return str(babel_locale(spoken).languages.get(code.replace("-", "_"), code))


@lru_cache(maxsize=20_000)
def rounded(value: float, digits: int = 0) -> Decimal:
    """A number as it is shown: halves go away from zero, also those that binary fractions miss by a hair."""
    exact = Decimal(repr(round(float(value), EXACT)))
    # The sum makes a nought of what is a little below it.
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + Decimal(0)


def number(value: float, digits: int = 0) -> str:
    """A number as the current language writes it, with a fixed count of decimals and a true minus sign."""
    return _written(rounded(value, digits), digits, current().code)


# A page writes hundreds of numbers, many of them alike.
@lru_cache(maxsize=20_000)
def _written(shown: Decimal, digits: int, code: str) -> str:
    grouped = abs(shown) >= (FIVE_DIGITS if code in GROUPED_FROM_FIVE else 1)
    plain = f"{shown:,.{digits}f}" if grouped else f"{shown:.{digits}f}"
    return plain.translate(_symbols(code))


@cache
def _symbols(code: str) -> Mapping[int, str]:
    """What stands for the signs of a plain number. Babel's own writing reads a pattern for each, which costs more than its cell."""
    locale = babel_locale(code)
    point, gap = babel_numbers.get_decimal_symbol(locale), babel_numbers.get_group_symbol(locale)
    return {ord("."): point, ord(","): gap, ord("-"): "\u2212"}


def percent(share: float, digits: int = 0) -> str:
    """A share from 0 to 1 as a percentage with a fixed count of decimals."""
    return _with_percent_sign(rounded(share, digits + 2) * 100, digits)


def in_percent(value: float, digits: int = 0) -> str:
    """A percentage from 0 to 100, with a fixed count of decimals."""
    return _with_percent_sign(rounded(value, digits), digits)


def _with_percent_sign(shown: Decimal, digits: int) -> str:
    before, after = _around_percentage(current().code)
    return with_sign(f"{before}{_written(shown, digits, current().code)}{after}")


@cache
def _around_percentage(code: str) -> tuple[str, str]:
    """What the language sets before and after a number: the sign, and nothing, a space or a narrow one."""
    before, after = babel_numbers.format_percent(0, locale=babel_locale(code)).split("0")
    return before, after


def with_sign(shown: str) -> str:
    """A number whose sign stays on its side, also after letters that run from right to left."""
    return LEFT_TO_RIGHT_MARK + shown if current().direction == "rtl" else shown


def day(value: date, style: str = "medium") -> str:
    """A date."""
    return babel_dates.format_date(value, style, current().locale)


def month_day(value: date) -> str:
    """A date without its year, as short as the language allows."""
    return babel_dates.format_skeleton("MMMd", value, locale=current().locale)


def day_range(first: date, last: date) -> str:
    """From one day to another, as short as the language allows."""
    return _written_days(first, last, current().locale)


@lru_cache(maxsize=1_000)
def _written_days(first: date, last: date, locale: Locale) -> str:
    return babel_dates.format_interval(first, last, "yMMMd", locale=locale)


def instant(value: datetime, zone: tzinfo) -> str:
    """A date with its time of day in a zone."""
    return babel_dates.format_datetime(value, "medium", tzinfo=zone, locale=current().locale)
