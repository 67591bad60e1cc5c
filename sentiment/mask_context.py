"""What the words around a run of digits say it is: a phone, an order, money, a date.

The words are those people write before such numbers in the product's languages, folded to plain
letters. A typed token (a barrier in the shadow) ends every context.
"""

import re
import unicodedata
from dataclasses import dataclass

from sentiment.shadow import BARRIER

_REACH = 32
"""How far before a number its announcement may begin."""


def _fold(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")


_PHONE_WORDS = _fold(
    "talr|tel|telef|phone|mob|call|sms|fax|faks|whatsapp|viber|zvan|skamb|sunat|suna"
    "|ligue|llam|anruf|rufn|handy|appel|puh|soita|helista|dzwon|тел|звон|дзвон"
    "|mans numur|mans nr|mano numer|mano nr|nr meu|my number|numarul meu|мой номер|мій номер"
    "|电话|電話|手机|手機|휴대|전화|โทร|هاتف|تلفن|טלפון|फोन|ফোন"
)
_NUMBER_WORDS = "numarul|numuru|номер"
"""Words that announce a telephone where nothing says that they announce an order."""

_REFERENCE_STEMS = _fold(
    "pasut|uzsak|comand|comenz|order|bestell|auftrag|command|pedid|ordin|zamow|objedn"
    "|tellimus|заказ|замовл|siparis|invoice|rekin|saskait|factur|rechnung|faktur|ticket"
    "|contract|ligum|sutart|kods|koda|kodas|codul|code|artik|articol|serial|tracking|parcel"
    "|sutij|siunt|colet|tilau|lasku|sopimus|tilausn|arve|leping|bestalln|bestilling|ordre|kontrakt|avtal"
    "|rendeles|szamla|szerzod|smlouv|zasilk|umow|paczk|zlecen|zakaz|pesanan|kontrak|faktura|fattur|ricevut"
    "|fatur|encomend|recibo|receipt|quittung|kvit|paragon|kundennum|kundenum|kundnum|asiakasnum|klantnum"
    "|sozlesm|παραγγελ|τιμολογ|συμβολ|поръчк|фактур|договор|договір|пратк|посылк|посилк|накладн"
    "|квитанц|чеку|הזמנה|חשבונית|חוזה|طلب|الطلب|فاتور|الفاتور|عقد|العقد|ऑर्डर|अनुबंध|অর্ডার|đon hàng|hoá đơn|hóa đơn"
)
_REFERENCE_WORDS = (
    "cod|kod|ref|art|id|sku|isbn|ean|imei|awb|nr|cek|ceks|ceka|cekis|cekio|чек|чека|счет|счета|рахунок"
)
_REFERENCE_WITH_MARK = "case[ ]?(?:(?:nr|no|num[a-z]*|id|№)[ .:=#№(-]{0,3}|[:=#№][ ]?)|no[ ]?[.:=#№][ ]?"
"""Everyday words that announce a reference only with a sign or "number" after them."""

_NUMBER = r"(?:(?:nr|no|id|№)(?![^\W\d_])|(?:num|номер|nomor|αριθμ|szam|nomer|رقم|מספר)[^\W\d_]*)"
_LINK = "ar|su|cu|mit|der|dem|die|with|the|med|met|het|con|el|il|le|la|avec|com|o|z|s|с|з|за|под|під|par"
"""What may stand between an order and the number that it has."""

_IS = "is|ir|yra|este|ist|est|jest|je"
_IS_OR_ELSE = "on|er|ar|es|e|to"
"""Words for "is" that mean something else as well, and are believed after "number" alone."""

_PHONE = re.compile(
    rf"(?<![^\W\d_])(?:{_PHONE_WORDS})[^\W\d_]*"
    r"(?:[ ]?(?:nr|no|num\w*|me|us|at|on|la|uz|pie)\b)?[\W_]{0,4}$"
)
_PHONE_NEAR = re.compile(rf"(?<![^\W\d_])(?:{_PHONE_WORDS})")
_NUMBERED = re.compile(
    rf"(?<![^\W\d_])(?:{_NUMBER_WORDS})[^\W\d_]*(?:[ ]?(?:me|us|at|on|la|uz|pie)\b)?[\W_]{{0,4}}$"
)
_REFERENCE = re.compile(
    rf"(?:(?<![^\W\d_])(?:(?:{_REFERENCE_STEMS})[^\W\d_]*|{_REFERENCE_WORDS})"
    rf"(?:[ ](?:{_IS})|(?:(?:[ ](?:{_LINK})){{1,2}}[ ]|[ .]{{0,2}}){_NUMBER}(?:[ ](?:{_IS}|{_IS_OR_ELSE}))?)?"
    rf"[ .:=#№(-]{{0,4}}|(?<![^\W\d_])(?:{_REFERENCE_WITH_MARK})"
    r"|[#№][ ]?|[a-z][_-]?)$"
)
_REFERENCE_AFTER = re.compile(rf"[ ](?:{_REFERENCE_STEMS})")
_TIMES = _fold(
    "times|reizes|reizi|reižu|kartus|kartų|рази|разів|пъти|fois|veces|vezes|volte|keer|gange|ganger"
    "|gånger|kertaa|korda|krát|razy|φορές|defa|kez|lần|kali|مرة|פעמים|बार|বার"
)
_COUNTED = re.compile(rf"[ ]?(?:(?:{_TIMES})\b|{_fold('回|次|번|ครั้ง')})")
"""What is done so many times is no telephone: "I called 1234567 times"."""

_UNSPACED_WORDS = re.compile(rf"(?:{_fold('电话|電話|手机|手機|전화|โทร')})[\W_]{{0,4}}$")
_UNSPACED_REFERENCE = re.compile(
    rf"(?:(?:{_fold('订单|訂單|注文|契約|合同|合約|伝票|請求書|发票|發票|运单|運單|单号|單號|编号|編號|快递单|คำสั่งซื้อ|ใบเสร็จ')})\w{{0,4}}"
    rf"|(?:{_fold('주문|송장|계약|운송장')})\w{{0,10}})[\W_]{{0,3}}$"
)

_SIGNS = "$€£¥₽₴₺₹₩฿₪₫₦₱₸₼₾৳﷼"
_CURRENCY = _fold(
    "eur|euro|euros|eiro|usd|gbp|leu|pln|czk|sek|nok|dkk|huf|rub|uah|kc|zl|bgn|idr|vnd|krw|jpy|cny|rmb|inr|bdt"
    "|thb|ils|sar|aed|egp|irr|irt|myr|mxn|clp|brl|chf|isk|gel|azn|kzt|rsd|mkd|bam|byn|mdl|kes|tzs|ngn|zar|pkr|rp|rp[.]"
)
_CURRENCY_STEMS = _fold(
    "forint|rupia|rupee|rubl|рубл|гривен|гривн|гривень|grivn|hryvn|pesos|dong|đồng|đ|korun|koron|koronas|korona"
    "|krona|kronor|kroner|kronur|kronas|kronu|kroon|krooni|zł|zlot|złot|dolar|doleri|dollar|доллар|долар|eurot|euroa|eurų"
    "|evro|evra|evrov|евро|євро|ευρώ|francs|franken|franków|франк|funt|pound|mārciņ|yen|jenu|иен|єн|yuan|юан"
    "|ringgit|baht|tenge|тенге|shekel|šekel|шекел|lira|liră|lire|dinar|динар|денар|dirham|rial|riyal|reais"
    "|leva|лева|лв|shilingi|latu|тг|դրամ|ლარი"
    '|تومان|تومن|ریال|ريال|ليرة|جنيه|درهم|دينار|دولار|يورو|שקל|שקלים|ש"ח|שח|דולר|יורו|אירו'
    "|रुपये|रुपए|रुपया|रुपयों|টাকা"
)
_UNSPACED_CURRENCY = _fold("원|만|억|円|元|圆|圓|块|塊|人民币|บาท")
_CURRENCY_OR_WORD = "ron|lei|try|tl|ft|kr|peso|rs[.]"
"""Currencies that are names or everyday words too: "Ron", "to try", Italian "lei"."""
_PRICE = _fold(
    "giá|price|cena|cenu|kaina|preț|prețul|preis|prix|precio|preço|prezzo|prijs|цена|цену|ціна|ціну|harga|harganya"
    "|hinta|hind|fiyat|fiyatı|pris|prisen|ára|τιμή|מחיר|سعر|السعر|قیمت|कीमत|দাম|가격|가격은|가격이|価格|価格は|价格|價格|ราคา"
)
_CENTS = r"[.,]\d{1,2}(?!\d)"
_MONEY_BEFORE = re.compile(rf"(?:[{_SIGNS}]|\b(?:{_CURRENCY}))[ ]?$")
_MONEY_AFTER = re.compile(
    rf"(?:{_CENTS})?[ ]?(?:[{_SIGNS}%]|(?:{_CURRENCY}|руб|грн|км|kg|km|gab|vnt|buc|pcs)\b"
    rf"|(?:{_CURRENCY_STEMS})[^\W\d_]{{0,4}}(?![^\W\d_])|{_UNSPACED_CURRENCY})"
    rf"|{_CENTS}[ ]?(?:{_CURRENCY_OR_WORD})\b"
)
_PERHAPS_MONEY_BEFORE = re.compile(rf"\b(?:{_CURRENCY_OR_WORD}|(?:{_PRICE})(?:[ ](?:{_IS}))?:?)[ ]?$")
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
_PART = r"-?\d{1,3}[.,]\d{3,12}"
_COORDINATES = re.compile(
    rf"(?:koordin|coord|координат|gps|\blat\b|\blon\b|\blng\b)[^\W\d_]*[ :=]{{0,3}}{_PART}(?:[ ,;]{{1,2}}{_PART})?"
    r"|(?<![\d.])-?\d{1,2}\.\d{5,12}[ ]?[,;][ ]?-?\d{1,3}\.\d{5,12}(?![\d.])",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:\A|[\n.!?])[ ]*\Z")


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before and after a number, folded, and whether a sentence opens with it."""

    before: str
    after: str
    opens: bool

    @property
    def announced(self) -> bool:
        """Whether a word for a telephone stands right before the number; a mere "number" may be an order's."""
        if _COUNTED.match(self.after):
            return False
        if _PHONE.search(self.before) or _UNSPACED_WORDS.search(self.before):
            return True
        if not _NUMBERED.search(self.before):
            return False
        return bool(_PHONE_NEAR.search(self.before)) or not self.is_reference

    @property
    def is_reference(self) -> bool:
        """Whether the number is an order's, an invoice's or another reference."""
        if _REFERENCE.search(self.before) or _UNSPACED_REFERENCE.search(self.before):
            return True
        return self._is_before_its_order

    @property
    def _is_before_its_order(self) -> bool:
        """Whether "order" follows a number that opens the sentence, or one called a number; no phone near."""
        if not (self.opens or _NUMBERED.search(self.before)) or _PHONE_NEAR.search(self.after):
            return False
        return bool(_REFERENCE_AFTER.match(self.after))

    @property
    def is_money(self) -> bool:
        """Whether a currency or a unit stands beside the number."""
        return bool(_MONEY_BEFORE.search(self.before) or _MONEY_AFTER.match(self.after))

    @property
    def is_perhaps_money(self) -> bool:
        """Whether a price, a currency that is an everyday word too, or "times" stands beside the number."""
        if _PERHAPS_MONEY_BEFORE.search(self.before) or _PERHAPS_MONEY_AFTER.match(self.after):
            return True
        return bool(_COUNTED.match(self.after))

    @staticmethod
    def is_compact_date(number: str) -> bool:
        """Whether eight digits in one piece are a day: 20261122."""
        return bool(_COMPACT_DATE.fullmatch(number))


def context_of(text: str, start: int, end: int) -> Context:
    """The folded surroundings of text[start:end], up to the nearest typed token or line end."""
    given = text[max(0, start - _REACH) : start]
    before = re.split(rf"[{BARRIER}\n]", given)[-1]
    after = re.split(rf"[{BARRIER}\n]", text[end : end + _REACH])[0]
    return Context(_fold(before), _fold(after), bool(_OPENING.search(given)))


def without_dates(text: str) -> str:
    """The text with dates, lists of years, coordinates and IP addresses behind barriers of the same length."""
    for pattern in (_DATE, _DAYS, _YEARS):
        text = pattern.sub(_barrier, text)
    for pattern in (_COORDINATES, _IP_ADDRESS):
        text = pattern.sub(_barrier_unless_announced, text)
    return text


def _barrier(match: re.Match[str]) -> str:
    return BARRIER * len(match[0])


def _barrier_unless_announced(match: re.Match[str]) -> str:
    return match[0] if context_of(match.string, *match.span()).announced else _barrier(match)
