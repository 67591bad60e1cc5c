"""Finds telephone numbers, and leaves order numbers, prices, dates and years alone.

Works on a shadow (`sentiment.shadow`). The numbering plans are those of the phonenumbers library
(Google's libphonenumber metadata); what stands around a number (`sentiment.mask_context`) decides
where the plan cannot.
"""

import re
from collections.abc import Iterator, Sequence

import phonenumbers

from sentiment.mask_context import Context, context_of, without_dates

_HOME = ("LV", "LT", "RO")
_FEWEST_DIGITS = 7
_LOOKED_UP = 6_000
"""Characters of digit runs looked up in the numbering plans of one text; beyond them, and far
beyond what a person writes, every number of the right shape is masked."""
_MOST_ADDED = 5
"""Regions that international numbers in a text add; each costs a look-up of every run of digits."""

_RUN = re.compile(r"\+?\(?\+?\d[\d ()./+-]{5,248}")
_SHAPE = re.compile(r"(?<!\d)\+?\(?\d(?:[ ()./-]{0,3}\d){6,14}(?!\d)")
_INTERNATIONAL = re.compile(r"\+[ ]?\(?[1-9](?:[ ()./-]{0,3}\d){8,14}(?!\d)")
_SEQUENCES = ("0123456789", "12345678910", "9876543210", "10987654321")
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:(?: \d{3}){2,}|(?:\.\d{3}){2,})")
_ROUND = re.compile(r"[1-9][\d .]*0[ .]?0[ .]?0")
_REGION_CODE = re.compile("[A-Z]{2}")


def find_phones(text: str, countries: Sequence[str] = ()) -> Iterator[tuple[int, int]]:
    """National numbers of the home regions and of `countries`, and international ones of any."""
    if sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        return
    plain = without_dates(text)
    given = tuple(code for country in countries if _REGION_CODE.fullmatch(code := country.strip().upper()))
    regions = _regions(plain, given)
    left = _LOOKED_UP
    for run in _RUN.finditer(plain):
        left -= len(run[0])
        if left < 0:
            yield from _by_shape(run)
            continue
        found = _look_up(plain, run, regions)
        taken = run.start()
        for start, end in sorted(found):
            if start >= taken and _is_phone(plain, start, end, given):
                taken = end
                yield start, end


def _regions(text: str, given: Sequence[str]) -> tuple[str, ...]:
    """Home, the given countries, and those of the first international numbers in the text."""
    regions = dict.fromkeys([*_HOME, *given])
    most = len(regions) + _MOST_ADDED
    for match in _INTERNATIONAL.finditer(text[: 4 * _LOOKED_UP]):
        if len(regions) == most:
            break
        try:
            number = phonenumbers.parse(match[0], None)
        except phonenumbers.NumberParseException:
            continue
        region = phonenumbers.region_code_for_number(number)
        if region:
            regions[region] = None
    return tuple(regions)


def _look_up(text: str, run: re.Match[str], regions: Sequence[str]) -> set[tuple[int, int]]:
    """What the numbering plans find in a run of digits, and what its surroundings call a phone."""
    found = {(run.start() + m.start(), run.start() + m.end()) for m in _marked(text, run)}
    offset = max(0, run.start() - 1)
    window = text[offset : run.end() + 1]
    for region in regions:
        for match in phonenumbers.PhoneNumberMatcher(window, region):
            found.add((offset + match.start, offset + match.end))
    return found


def _marked(text: str, run: re.Match[str]) -> Iterator[re.Match[str]]:
    """Numbers that a plus sign or a word like "tel." declares, whatever the plan says."""
    yield from _INTERNATIONAL.finditer(run[0])
    first = _SHAPE.match(run[0])
    if first and context_of(text, *run.span()).announced:
        yield first


def _by_shape(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    for match in _SHAPE.finditer(run[0]):
        yield run.start() + match.start(), run.start() + match.end()


def _is_phone(text: str, start: int, end: int, given: Sequence[str]) -> bool:
    found = text[start:end]
    digits = "".join(filter(str.isdigit, found))
    if len(digits) < _FEWEST_DIGITS:
        return False
    context: Context = context_of(text, start, end)
    if context.announced:
        return True
    if context.is_money or (context.is_perhaps_money and _is_amount(found, given)):
        return False
    if any(digits in sequence for sequence in _SEQUENCES):
        return False
    return found.startswith("+") or not (context.is_reference or context.is_compact_date(found))


def _is_amount(number: str, given: Sequence[str]) -> bool:
    """Whether a number is a round one, or grouped in threes as no phone number of the given countries is."""
    if _ROUND.fullmatch(number):
        return True
    return bool(_AMOUNT.fullmatch(number)) and not any(
        phonenumbers.PhoneNumberMatcher(number, region, phonenumbers.Leniency.STRICT_GROUPING).has_next()
        for region in given
    )
