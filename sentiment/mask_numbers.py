"""Finds IBANs, payment cards and personal codes: shape first, then the check digits.

Works on a shadow (`sentiment.shadow`). Sources: ISO 13616 (IBAN, ISO 7064 mod 97), ISO/IEC 7812
(card, Luhn), python-stdnum 2.2 for LT asmens kodas, EE isikukood, RO CNP and the LV personas kods.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from stdnum import iban, luhn, numdb
from stdnum.ee import ik
from stdnum.lt import asmens
from stdnum.lv import pvn
from stdnum.ro import cnp

_SEPARATOR = r" ?[-./ ]? ?"
_IBAN = re.compile(r"(?<![^\W_])(?:IBAN)?([A-Z]{2}[ -]?\d{2}(?:[ -]?[A-Z0-9]){11,30})", re.IGNORECASE)
_FIELD = re.compile(r"(\d+)!?[anc]")
_CHECKED_PREFIX = 4

_CARD = re.compile(
    r"(?<!\d)(?:[2-69]\d{12,18}|[2-69]\d{3}(?:[-. /]{1,2}\d{4}){2,3}(?:[-. /]{1,2}\d{1,4})?"
    r"|3\d{3}[-. /]{1,2}\d{6}[-. /]{1,2}\d{4,5}|[2-69](?:[-. ]\d){12,18})(?!\d)"
)
_CARD_TAIL = re.compile(r"[-. /]{1,2}\d{1,4}$")
_FEWEST_CARD_DIGITS, _MOST_CARD_DIGITS = 13, 19

_LATVIAN = re.compile(rf"(?<!\d)(\d{{6}})({_SEPARATOR})(\d{{5}})(?!\d)")
_BALTIC = re.compile(rf"(?<![\d+])[1-9]{_SEPARATOR}\d{{6}}{_SEPARATOR}\d{{4}}(?!\d)")
_ROMANIAN = re.compile(
    rf"(?<![\d+])[1-9]{_SEPARATOR}\d\d{_SEPARATOR}\d\d{_SEPARATOR}\d\d"
    rf"{_SEPARATOR}\d\d{_SEPARATOR}\d{{3}}{_SEPARATOR}\d(?!\d)"
)
_SPACED_CODE = re.compile(r"(?<![\d+])\d(?:[- ]\d){10}(?:(?:[- ]\d){2})?(?![- ]?\d)")
_NEW_LATVIAN = "32"
_LAST_CENTURY_DIGIT = 2


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def find_ibans(text: str) -> Iterator[tuple[int, int]]:
    """IBANs in one piece or in groups, by the length of their country."""
    at = 0
    while match := _IBAN.search(text, at):
        end = _end_of_iban(match[1])
        if end is None:
            at = match.start(1) + 1
            continue
        at = match.start(1) + end
        yield match.start(1), at


def _end_of_iban(candidate: str) -> int | None:
    """Where in `candidate` a valid IBAN that starts it ends."""
    length = _iban_length(candidate[:2].upper())
    kept = [at for at, character in enumerate(candidate) if character.isalnum()]
    if length is None or len(kept) < length:
        return None
    end = kept[length - 1] + 1
    compact = "".join(filter(str.isalnum, candidate[:end])).upper()
    return end if iban.is_valid(compact, check_country=False) else None


@cache
def _iban_length(country: str) -> int | None:
    """Registered length for a country: the registry's fields plus country code and check digits."""
    (_, info), *_ = [*numdb.get("iban").info(country), ("", {})]
    fields = _FIELD.findall(info.get("bban", ""))
    return _CHECKED_PREFIX + sum(map(int, fields)) if fields else None


def find_cards(text: str) -> Iterator[tuple[int, int]]:
    """Runs of 13 to 19 digits, alone or in the groups cards are printed in, that pass Luhn."""
    at = 0
    while match := _CARD.search(text, at):
        end = _end_of_card(match[0])
        at = match.start() + (end or len(_CARD_TAIL.sub("", match[0])) or 1)
        if end:
            yield match.start(), at


def _end_of_card(candidate: str) -> int | None:
    """A printed card may be followed by its security code or date: try without the last group."""
    for shape in (candidate, _CARD_TAIL.sub("", candidate)):
        digits = _digits(shape)
        right_length = _FEWEST_CARD_DIGITS <= len(digits) <= _MOST_CARD_DIGITS
        if right_length and luhn.is_valid(digits) and not cnp.is_valid(digits):
            return len(shape)
    return None


def find_personal_ids(text: str) -> Iterator[tuple[int, int]]:
    """Personal codes of Latvia, Lithuania, Estonia and Romania, in one piece or in their groups."""
    taken = -1
    for start, end in sorted(_personal_ids(text)):
        if start >= taken:
            taken = end
            yield start, end


def _personal_ids(text: str) -> Iterator[tuple[int, int]]:
    for match in _LATVIAN.finditer(text):
        if _is_latvian(match[1], match[3], separated=bool(match[2])):
            yield match.span()
    for pattern in (_BALTIC, _ROMANIAN, _SPACED_CODE):
        for match in pattern.finditer(text):
            digits = _digits(match[0])
            spelt_latvian = pattern is _SPACED_CODE and pvn.is_valid(digits)
            if spelt_latvian or any(code.is_valid(digits) for code in (asmens, ik, cnp)):
                yield match.span()


def _is_latvian(first: str, second: str, *, separated: bool) -> bool:
    """Old codes may fail the check digit, so a real date is enough; new ones have no date."""
    if first.startswith(_NEW_LATVIAN):
        return separated or pvn.is_valid(first + second)
    century = int(second[0])
    if century > _LAST_CENTURY_DIGIT:
        return False
    try:
        date(1800 + 100 * century + int(first[4:]), int(first[2:4]), int(first[:2]))
    except ValueError:
        return False
    return True
