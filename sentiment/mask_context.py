"""What the words around a run of digits say it is: a phone, an order, money, a date.

The words are those people write before such numbers in the product's languages, folded to plain
letters. A typed token (a barrier in the shadow) ends every context.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import partial

from sentiment.shadow import BARRIER

_REACH = 32
"""How far before a number its announcement may begin."""

_PHONE_WORDS = (
    "talr|tel|telef|phone|mob|call|sms|fax|faks|whatsapp|viber|zvan|skamb|sunat|suna|numarul"
    "|numuru|ligue|llam|anruf|rufn|handy|appel|puh|soita|helista|dzwon|тел|звон|номер|дзвон"
    "|电话|電話|手机|手機|휴대|전화|โทร|هاتف|تلفن|טלפון|फोन|ফোন"
)
_REFERENCE_STEMS = (
    "pasut|uzsak|comand|comenz|order|bestell|auftrag|command|pedid|ordin|zamow|objedn"
    "|tellimus|заказ|замовл|siparis|invoice|rekin|saskait|factur|rechnung|faktur|ticket"
    "|contract|ligum|sutart|kods|koda|kodas|codul|code|artik|articol|serial|tracking|parcel"
    "|sutij|siunt|colet"
)
_REFERENCE_WORDS = "cod|kod|ref|art|id|sku|isbn|ean|imei|awb|nr"
_REFERENCE_WITH_MARK = "case[ ]?(?:(?:nr|no|num[a-z]*|id|№)[ .:=#№(-]{0,3}|[:=#№][ ]?)|no[ ]?[.:=#№][ ]?"
"""Everyday words that announce a reference only with a sign or "number" after them."""

_PHONE = re.compile(
    rf"(?<![^\W\d_])(?:{_PHONE_WORDS})[^\W\d_]*"
    r"(?:[ ]?(?:nr|no|num\w*|me|us|at|on|la|uz|pie)\b)?[\W_]{0,4}$"
)
_REFERENCE = re.compile(
    rf"(?:(?<![^\W\d_])(?:(?:{_REFERENCE_STEMS})[^\W\d_]*|{_REFERENCE_WORDS})"
    rf"[ .]{{0,2}}(?:nr|no|num\w*|id|№)?[ .:=#№(-]{{0,3}}|(?<![^\W\d_])(?:{_REFERENCE_WITH_MARK})"
    r"|[#№][ ]?|[a-z][_-]?)$"
)
_UNSPACED_WORDS = re.compile(r"(?:电话|電話|手机|手機|전화|โทร)[\W_]{0,4}$")
_UNSPACED_REFERENCE = re.compile(r"(?:订单|訂單|注文|주문)\w{0,3}[\W_]{0,3}$")

_CURRENCY = "eur|euro|euros|eiro|usd|gbp|leu|pln|czk|sek|nok|dkk|huf|rub|uah|kc|zl"
_CURRENCY_OR_WORD = "ron|lei|try|tl|ft|kr"
"""Codes of currencies that are names or everyday words too: "Ron", "to try", Italian "lei"."""
_CENTS = r"[.,]\d{1,2}(?!\d)"
_MONEY_BEFORE = re.compile(rf"(?:[$€£¥₽₴₺₹₩฿₪]|\b(?:{_CURRENCY}))[ ]?$")
_MONEY_AFTER = re.compile(
    rf"(?:{_CENTS})?[ ]?(?:[$€£¥₽₴₺₹₩฿₪%]|(?:{_CURRENCY}|руб|грн|км|kg|km|gab|vnt|buc|pcs)\b)"
    rf"|{_CENTS}[ ]?(?:{_CURRENCY_OR_WORD})\b"
)
_PERHAPS_MONEY_BEFORE = re.compile(rf"\b(?:{_CURRENCY_OR_WORD})[ ]?$")
_PERHAPS_MONEY_AFTER = re.compile(rf"[ ]?(?:{_CURRENCY_OR_WORD})\b")

_DAY, _MONTH, _YEAR = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)[0-9]{2}"
_DATE = re.compile(
    rf"(?<![\d./-])(?:{_DAY}(?P<a>[./-]) ?{_MONTH}(?P=a) ?(?:{_YEAR}|[0-9]{{2}})"
    rf"|{_YEAR}(?P<b>[./-]) ?{_MONTH}(?P=b) ?{_DAY})(?![./-]?\d)"
)
_DAYS = re.compile(
    rf"(?<![\d./-]){_DAY}\.{_MONTH}\.? ?- ?(?:{_DAY}\.{_MONTH}\.?|[0-2]?[0-9]\.[0-5]0)(?![./-]?\d)"
)
_PLAUSIBLE_YEAR = "(?:19[5-9][0-9]|20[0-4][0-9])"
_YEARS = re.compile(rf"(?<![\d+]){_PLAUSIBLE_YEAR}(?:[ ]?[-/ ][ ]?{_PLAUSIBLE_YEAR})+(?!\d)")
_COMPACT_DATE = re.compile(rf"{_PLAUSIBLE_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IP_ADDRESS = re.compile(rf"(?<![\d.])(?!(?:\d\d\.){{3}}\d\d(?!\d))(?:{_OCTET}\.){{3}}{_OCTET}(?![\d.])")


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before and after a number, folded."""

    before: str
    after: str

    @property
    def announced(self) -> bool:
        """Whether a word for a telephone stands right before the number."""
        return bool(_PHONE.search(self.before) or _UNSPACED_WORDS.search(self.before))

    @property
    def is_reference(self) -> bool:
        """Whether the number is an order's, an invoice's or another reference."""
        return bool(_REFERENCE.search(self.before) or _UNSPACED_REFERENCE.search(self.before))

    @property
    def is_money(self) -> bool:
        """Whether a currency or a unit stands beside the number."""
        return bool(_MONEY_BEFORE.search(self.before) or _MONEY_AFTER.match(self.after))

    @property
    def is_perhaps_money(self) -> bool:
        """Whether a currency that is an everyday word too stands beside the number."""
        return bool(_PERHAPS_MONEY_BEFORE.search(self.before) or _PERHAPS_MONEY_AFTER.match(self.after))

    @staticmethod
    def is_compact_date(number: str) -> bool:
        """Whether eight digits in one piece are a day: 20261122."""
        return bool(_COMPACT_DATE.fullmatch(number))


def context_of(text: str, start: int, end: int) -> Context:
    """The folded surroundings of text[start:end], up to the nearest typed token or line end."""
    before = re.split(rf"[{BARRIER}\n]", text[max(0, start - _REACH) : start])[-1]
    after = re.split(rf"[{BARRIER}\n]", text[end : end + _REACH])[0]
    return Context(_fold(before), _fold(after))


def without_dates(text: str) -> str:
    """The text with dates, lists of years and IP addresses behind barriers of the same length."""
    for pattern in (_DATE, _DAYS, _YEARS):
        text = pattern.sub(_barrier, text)
    return _IP_ADDRESS.sub(_barrier_unless_announced, text)


def _barrier(match: re.Match[str]) -> str:
    return BARRIER * len(match[0])


def _barrier_unless_announced(match: re.Match[str]) -> str:
    return match[0] if context_of(match.string, *match.span()).announced else _barrier(match)


_decompose = partial(unicodedata.normalize, "NFD")


def _fold(text: str) -> str:
    return "".join(c for c in _decompose(text.lower()) if unicodedata.category(c) != "Mn")
