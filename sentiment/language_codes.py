"""The languages known here, and what a form's locale or country says about them.

The languages of a country are those many of its people write in, the most used first. The table is
written from knowledge and only moves a prior: a wrong entry costs little.
"""

from typing import Final

CORE: Final = (
    "ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr",
    "hu", "id", "it", "ja", "ko", "lt", "lv", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr",
    "sv", "ta", "th", "tr", "uk", "vi", "zh",
)  # fmt: skip
"""The 39 languages expected unless a workspace names its own."""

RENAMED: Final = {
    "no": "nb", "nob": "nb", "nno": "nn", "iw": "he", "in": "id", "ji": "yi", "mo": "ro",
    "kik": "ki", "gug": "gn", "fuv": "ff", "uzs": "uz", "sh": "sr", "fil": "tl", "cmn": "zh",
}  # fmt: skip
"""Old, doubled or longer codes, by the code used here."""

VARIANTS: Final = {
    "arz": "ar", "ary": "ar", "wuu": "zh", "yue": "zh", "ltg": "lv", "hbo": "he", "grc": "el",
    "sdh": "ku",
}  # fmt: skip
"""Close kin that py3langid tells apart, counted at half weight for the language of the right side."""

BY_COUNTRY: Final = {
    "AE": "ar en", "AF": "fa", "AL": "sq", "AM": "hy", "AO": "pt", "AR": "es", "AT": "de",
    "AU": "en", "AZ": "az", "BA": "bs hr sr", "BD": "bn", "BE": "nl fr", "BG": "bg", "BH": "ar",
    "BO": "es", "BR": "pt", "BY": "ru be", "CA": "en fr", "CH": "de fr it", "CL": "es", "CN": "zh",
    "CO": "es", "CR": "es", "CU": "es", "CY": "el tr", "CZ": "cs", "DE": "de", "DK": "da",
    "DO": "es", "DZ": "ar fr", "EC": "es", "EE": "et ru", "EG": "ar", "ES": "es ca", "ET": "am",
    "FI": "fi sv", "FR": "fr", "GB": "en", "GE": "ka", "GR": "el", "GT": "es", "HK": "zh en",
    "HN": "es", "HR": "hr", "HU": "hu", "ID": "id", "IE": "en", "IL": "he ar", "IN": "hi en bn ta",
    "IQ": "ar", "IR": "fa", "IS": "is", "IT": "it", "JO": "ar", "JP": "ja", "KE": "en sw",
    "KG": "ky ru", "KH": "km", "KR": "ko", "KW": "ar", "KZ": "kk ru", "LA": "lo", "LB": "ar",
    "LI": "de", "LK": "si ta", "LT": "lt", "LU": "fr de lb", "LV": "lv ru", "LY": "ar",
    "MA": "ar fr", "MC": "fr", "MD": "ro ru", "ME": "sr", "MK": "mk sq", "MM": "my", "MN": "mn",
    "MO": "zh pt", "MT": "mt en", "MX": "es", "MY": "ms en zh", "MZ": "pt", "NG": "en", "NI": "es",
    "NL": "nl", "NO": "nb", "NP": "ne", "NZ": "en", "OM": "ar", "PA": "es", "PE": "es",
    "PH": "tl en", "PK": "ur en", "PL": "pl", "PT": "pt", "PY": "es", "QA": "ar", "RO": "ro hu",
    "RS": "sr", "RU": "ru", "SA": "ar", "SE": "sv", "SG": "en zh", "SI": "sl", "SK": "sk hu",
    "SM": "it", "SN": "fr", "SV": "es", "SY": "ar", "TH": "th", "TN": "ar fr", "TR": "tr",
    "TW": "zh", "UA": "uk ru", "US": "en es", "UY": "es", "UZ": "uz ru", "VE": "es", "VN": "vi",
    "XK": "sq", "YE": "ar", "ZA": "en",
}  # fmt: skip

_HOMES: Final = {
    "ar": "EG", "bg": "BG", "bn": "BD", "cs": "CZ", "da": "DK", "de": "DE", "el": "GR", "en": "GB",
    "es": "ES", "et": "EE", "fa": "IR", "fi": "FI", "fr": "FR", "he": "IL", "hi": "IN", "hr": "HR",
    "hu": "HU", "id": "ID", "it": "IT", "ja": "JP", "ko": "KR", "lt": "LT", "lv": "LV", "nb": "NO",
    "nl": "NL", "pl": "PL", "pt": "PT", "ro": "RO", "ru": "RU", "sk": "SK", "sl": "SI", "sr": "RS",
    "sv": "SE", "ta": "IN", "th": "TH", "tr": "TR", "uk": "UA", "vi": "VN", "zh": "CN",
}  # fmt: skip

_LONGEST_CODE = 3
_COUNTRY_CODE = 2


def language_of(locale: str | None) -> str | None:
    """The language subtag of a BCP 47 or POSIX locale, as written here; None if it has none."""
    if not locale:
        return None
    subtag = locale.strip().replace("_", "-").split("-")[0].lower()
    if not (subtag.isascii() and subtag.isalpha() and 1 < len(subtag) <= _LONGEST_CODE):
        return None
    return RENAMED.get(subtag, VARIANTS.get(subtag, subtag))


def country_of(locale: str | None) -> str | None:
    """The region subtag of a locale: `pt-BR` gives `BR`; None if it has none."""
    for subtag in (locale or "").strip().replace("_", "-").split("-")[1:]:
        if len(subtag) == _COUNTRY_CODE and subtag.isascii() and subtag.isalpha():
            return subtag.upper()
    return None


def languages_of(country: str | None) -> tuple[str, ...]:
    """The languages a country writes in, most used first; empty for a country not known here."""
    return tuple(BY_COUNTRY.get((country or "").strip().upper(), "").split())


def phone_countries(locale: str | None, country: str | None) -> tuple[str, ...]:
    """Whose national phone numbers a text may hold: its own country's, its locale's and that of its language."""
    candidates = (country, country_of(locale), home_of(language_of(locale)))
    return tuple(dict.fromkeys(code.strip().upper() for code in candidates if code))


def home_of(language: str | None) -> str | None:
    """The country where a form in this language is likeliest filled in, for phone numbers."""
    return _HOMES.get(language or "")
