"""What the page of pain points says: by theme, each with its count, places, quotes and history, in the current language.

Counts of fewer than k people are hidden, with as many beside them as keep them hidden (surveys/suppression.py).
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from surveys.i18n import current, day, number
from surveys.names import country_name, spoken_language_name, theme_name
from surveys.organisation.models import Organisation
from surveys.pains.history import Event, histories_of
from surveys.pains.look import Named, Span, named_within
from surveys.pains.models import PainPoint
from surveys.pains.quotes import Quote, quotes_of
from surveys.pains.title import PainName, names_of
from surveys.suppression import suppressed
from surveys.taxonomy import taxonomy
from surveys.weeks import Week

PLACES_SHOWN: Final = 5


@dataclass(frozen=True)
class Places:
    """Languages or countries with their counts, the largest first; whether there are others, or hidden ones."""

    shown: Sequence[tuple[str, str]]
    has_others: bool


@dataclass(frozen=True)
class PainShown:
    """One pain point on the page; its count is None where too few people named it."""

    id: int
    name: PainName
    own_title: str
    count: int | None
    address: str
    is_new: bool
    since: str
    languages: Places
    countries: Places
    quotes: Sequence[tuple[Quote, str]]
    events: Sequence[Event]


@dataclass(frozen=True)
class Section:
    """One theme with its pain points."""

    theme: str
    name: str
    pains: Sequence[PainShown]

    @property
    def size(self) -> int:
        """How many pain points."""
        return len(self.pains)


@dataclass(frozen=True)
class _Rows:
    """What was read, before it is said."""

    span: Span
    k: int
    last_full: Week
    named: Mapping[int, Named]
    hidden: Collection[int]
    names: Mapping[int, PainName]
    quotes: Mapping[int, Sequence[Quote]]
    events: Mapping[int, Sequence[Event]]


async def sections_of(span: Span, organisation: Organisation, last_full: Week) -> list[Section]:
    """The themes with the pain points named in some weeks, those that most people named first."""
    zone, k = organisation.zone, organisation.smallest_group
    named = await named_within(span, zone)
    found = await PainPoint.filter(id__in=list(named)).only("id", "theme", "title", "first_week")
    themes: dict[str, list[PainPoint]] = {}
    for row in sorted(found, key=lambda row: (-named[row.id].people, row.id)):
        # Those of a merged theme stand under what it is counted as, those of a hidden one nowhere.
        counted = taxonomy().counted(row.theme)
        if counted is not None:
            themes.setdefault(counted, []).append(row)
    hidden = {key for rows in themes.values() for key in _hidden(rows, named, k)}
    rows = await _read(span, zone, k, last_full, named, hidden)
    order = sorted(themes, key=lambda theme: (-sum(named[row.id].people for row in themes[theme]), theme))
    return [Section(theme, theme_name(theme), [_pain(row, rows) for row in themes[theme]]) for theme in order]


def _hidden(rows: Sequence[PainPoint], named: Mapping[int, Named], k: int) -> set[int]:
    return {int(key) for key in suppressed({str(row.id): named[row.id].people for row in rows}, k)}


async def _read(
    span: Span, zone: ZoneInfo, k: int, last_full: Week, named: Mapping[int, Named], hidden: set[int]
) -> _Rows:
    shown = [key for key in named if key not in hidden]
    return _Rows(
        span=span,
        k=k,
        last_full=last_full,
        named=named,
        hidden=hidden,
        names=await names_of(named),
        quotes=await quotes_of(shown, current().code, within=span.bounds(zone)),
        events=await histories_of(named, zone),
    )


def _pain(row: PainPoint, rows: _Rows) -> PainShown:
    named, is_hidden = rows.named[row.id], row.id in rows.hidden
    first = Week.parse(row.first_week)
    return PainShown(
        id=row.id,
        name=rows.names[row.id],
        own_title=row.title or "",
        count=None if is_hidden else named.verbatims,
        address=inbox_address(row.id, rows.span),
        is_new=first >= rows.last_full,
        since=day(first.monday),
        languages=_places(named.languages, spoken_language_name, rows.k, is_hidden=is_hidden),
        countries=_places(named.countries, country_name, rows.k, is_hidden=is_hidden),
        quotes=[(quote, spoken_language_name(quote.language)) for quote in rows.quotes.get(row.id, ())],
        events=rows.events.get(row.id, ()),
    )


def _places(counts: Counter[str], name: Callable[[str], str], k: int, *, is_hidden: bool) -> Places:
    """The largest that may be shown, with the people of each."""
    if is_hidden:
        return Places((), has_others=False)
    hidden = suppressed(counts, k)
    order = sorted((-n, code) for code, n in counts.items() if code not in hidden)
    shown = [(name(code), number(-n)) for n, code in order[:PLACES_SHOWN]]
    return Places(shown, has_others=bool(hidden) or len(order) > PLACES_SHOWN)


def inbox_address(pain: int, span: Span) -> str:
    """The inbox with exactly the verbatims that are counted."""
    return f"/inbox?{urlencode([('pain', str(pain)), *(('week', str(week)) for week in span.weeks)])}"
