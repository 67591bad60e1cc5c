"""What the inbox says about what was found: a title in words, facets with their counts, chips, rows.

Everything is named in the current language; the templates only lay it out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.lists import format_list

from surveys import names
from surveys.i18n import current, day, ngettext, number
from surveys.i18n import gettext as _
from surveys.places import CULTURES, RegionNode, region_tree
from surveys.scores import scale
from surveys.verbatims.facets import Counts
from surveys.verbatims.filters import BANDS, FACETS, FREE, LINKED, NO_THEME, SENTIMENTS, UNKNOWN, Filter
from surveys.verbatims.look import Look, Row
from surveys.weeks import Week

# Facets that stand open when nothing is chosen in them, and how many values stand before "more".
OPEN = frozenset({"sentiment", "theme", "region"})
SHORT = 8


@dataclass(frozen=True)
class Choice:
    """One value of a facet."""

    value: str
    name: str
    count: str
    is_chosen: bool
    depth: int = 0


@dataclass(frozen=True)
class Facet:
    """One group of choices: those shown, and those that "more" shows."""

    code: str
    name: str
    first: Sequence[Choice]
    more: Sequence[Choice]
    chosen: int
    is_open: bool

    @property
    def more_is_open(self) -> bool:
        """Whether something is chosen among the rest."""
        return any(choice.is_chosen for choice in self.more)


@dataclass(frozen=True)
class Chip:
    """Something chosen, and the address without it."""

    text: str
    address: str


@dataclass(frozen=True)
class Line:
    """A row of the list: the words, and the quiet line under them."""

    id: int
    text: str
    tag: str | None
    sentiment: str | None
    sentiment_name: str | None
    score: str | None
    facts: Sequence[str]
    at: datetime
    day: str
    address: str


def facet_name(code: str) -> str:
    """What a facet is called."""
    return {
        "region": _("Region"),
        "country": _("Country"),
        "culture": _("Culture"),
        "language": _("Language"),
        "theme": _("Theme"),
        "sentiment": _("Sentiment"),
        "band": _("Score band"),
        "survey": _("Survey"),
        "channel": _("Channel"),
        "week": _("Week"),
        "pain": _("Pain point"),
        "complaint": _("Complaint about"),
        "source": _("Source"),
        "touchpoint": _("Touchpoint"),
        "segment": _("Segment"),
        "reason": _("Reason for leaving"),
        "person": _("Each person"),
    }[code]


def _linked_name(facet: str, value: str) -> str:
    if facet == "complaint":
        return names.theme_name(value)
    if facet == "reason":
        return names.exit_reason_name(value)
    if facet == "person":
        return _("Once, with the first complaint of the week")
    if facet == "source":
        return _("Survey answers") if value == "response" else _("Mentions")
    return names.code_name(value) if facet in FREE else value


def value_name(facet: str, value: str, surveys: dict[str, str]) -> str:
    """What one value of a facet is called."""
    if facet in LINKED:
        return _linked_name(facet, value)
    if facet == "theme":
        return _("No theme") if value == NO_THEME else names.theme_name(value)
    if facet == "survey":
        return surveys.get(value, value)
    if facet == "week":
        return _week_name(value, current().code)
    named: dict[str, Callable[[str], str]] = {
        "region": names.region_name,
        "country": names.country_name,
        "culture": names.culture_name,
        "language": names.spoken_language_name,
        "sentiment": names.sentiment_name,
        "band": names.band_name,
        "channel": names.channel_name,
    }
    return named[facet](value)


@lru_cache(maxsize=2048)
def _week_name(value: str, _locale: str) -> str:
    week = Week.parse(value)
    return _("%(week)s, from %(monday)s") % {"week": value, "monday": day(week.monday)}


def _number(value: int, locale: str) -> str:
    """As `number` writes it; a page has hundreds, and Babel takes a while for each."""
    return f"{value:,}".replace(",", _group_sign(locale))


@lru_cache
def _group_sign(_locale: str) -> str:
    return number(1111)[1:-3]


@lru_cache(maxsize=4096)
def _day(value: date, _locale: str) -> str:
    return day(value)


def title(look: Look) -> str:
    """The state in words."""
    total = look.total
    if total == 0:
        return _("No comment matches") if look.filter else _("No comments yet")
    negative = look.found.counts["sentiment"].get("negative", 0)
    if look.filter.of("sentiment") == ("negative",) or total == negative == 1:
        sentence = ngettext("%(total)s negative comment", "%(total)s negative comments", total)
    elif look.filter.of("sentiment") == ("positive",):
        sentence = ngettext("%(total)s positive comment", "%(total)s positive comments", total)
    elif "sentiment" in look.filter.values or (total == 1 and not negative):
        sentence = ngettext("%(total)s comment", "%(total)s comments", total)
    else:
        sentence = ngettext(
            "%(total)s comment, %(negative)s of it negative",
            "%(total)s comments, %(negative)s of them negative",
            total,
        )
    return sentence % {"total": number(total), "negative": number(negative)}


def lead(look: Look) -> str | None:
    """What they are mostly about, and of how many they are a part."""
    themes = [
        (count, code) for code, count in look.found.counts["theme"].items() if code not in {NO_THEME, "other"}
    ]
    most = max(themes, default=None)
    if look.total == 0 or most is None or "theme" in look.filter.values:
        return None
    sentence = _("Most often about: %(theme)s (%(count)s)")
    return sentence % {"theme": names.theme_name(most[1]), "count": number(most[0])}


def chips(look: Look) -> list[Chip]:
    """Everything chosen; each chip takes itself away."""
    found = []
    for facet, value in look.filter.pairs():
        if facet == "q":
            text = _("Words: %(text)s") % {"text": value}
        else:
            text = _("%(facet)s: %(value)s") % {
                "facet": facet_name(facet),
                "value": look.pains[value]
                if facet == "pain"
                else value_name(facet, value, look.surveys.names),
            }
        found.append(Chip(text, look.filter.without(facet, value).address()))
    return found


def not_known(look: Look) -> str | None:
    """What of the address was left out, in one sentence."""
    if not look.asked.unknown:
        return None
    values = [f"{name}={value}" for name, value in look.asked.unknown]
    listed = format_list(values, locale=current().locale)
    return _("The address names something that is not known here and was left out: %(values)s.") % {
        "values": listed
    }


def facets(look: Look) -> list[Facet]:
    """All groups of choices, in the order of the loop: where, in what words, about what, how felt, from where."""
    return [_facet(code, look.found.counts[code], look) for code in FACETS]


def _facet(code: str, counts: Counts, look: Look) -> Facet:
    chosen = look.filter.of(code)
    choices = _regions(counts, chosen) if code == "region" else _choices(code, counts, chosen, look)
    is_short = len(choices) <= SHORT + 2
    cut = len(choices) if is_short else SHORT
    return Facet(
        code, facet_name(code), choices[:cut], choices[cut:], len(chosen), bool(chosen) or code in OPEN
    )


def _choices(code: str, counts: Counts, chosen: Iterable[str], look: Look) -> list[Choice]:
    locale, picked = current().code, frozenset(chosen)
    values = {value: value_name(code, value, look.surveys.names) for value in {*counts, *picked}}
    fixed = {"sentiment": SENTIMENTS, "band": BANDS}.get(code)
    if fixed is not None:
        order = sorted(values, key=fixed.index)
    elif code == "week":
        order = sorted(values, reverse=True)
    else:
        last = {UNKNOWN, NO_THEME, "und"} - (set(CULTURES) - {UNKNOWN})
        order = sorted(
            values, key=lambda value: (value in last, -counts.get(value, 0), values[value].casefold())
        )
    return [
        Choice(value, values[value], _number(counts.get(value, 0), locale), value in picked)
        for value in order
    ]


def _regions(counts: Counts, chosen: Iterable[str]) -> list[Choice]:
    """The groups of M49 that anything lies in, each under the one around it."""
    locale, picked = current().code, frozenset(chosen)
    found: list[Choice] = []

    def add(code: str, depth: int) -> None:
        count = _number(counts.get(code, 0), locale)
        found.append(Choice(code, names.region_name(code), count, code in picked, depth))

    def walk(node: RegionNode, depth: int) -> None:
        for child in sorted(node.children, key=lambda child: -counts.get(child.code, 0)):
            if child.code in counts or child.code in picked:
                add(child.code, depth)
            walk(child, depth + 1)

    walk(region_tree(), 0)
    if UNKNOWN in counts or UNKNOWN in picked:
        add(UNKNOWN, 0)
    return found


def lines(look: Look, rows: Iterable[Row], zone: ZoneInfo) -> list[Line]:
    """The rows of the list."""
    locale = current().code
    slugs = look.surveys.surveys.slugs
    return [
        Line(
            id=row.id,
            text=row.text,
            tag=row.tag,
            sentiment=row.sentiment,
            sentiment_name=_feeling(row.sentiment),
            score=score(row.metric, row.score),
            facts=_facts(row, look.surveys.names.get(slugs.get(row.survey_id or 0, ""))),
            at=row.written_at,
            day=_day(row.written_at.astimezone(zone).date(), locale),
            address=look.filter.address(f"/inbox/{row.id}", page=look.page if look.page > 1 else None),
        )
        for row in rows
    ]


def _feeling(sentiment: str | None) -> str | None:
    if sentiment is None:
        return _("Not read yet")
    return names.sentiment_name(sentiment) if sentiment != UNKNOWN else None


def score(metric: str | None, value: int | None) -> str | None:
    """A score on its scale: 3 of 10."""
    if value is None or metric not in {"nps", "csat", "ces"}:
        return None
    top = scale(metric)[-1]
    locale = current().code
    return _("%(score)s of %(top)s") % {"score": _number(value, locale), "top": _number(top, locale)}


def _facts(row: Row, survey: str | None) -> list[str]:
    facts = [names.spoken_language_name(row.language)] if row.language else []
    if row.country:
        facts.append(names.country_name(row.country))
    facts += [names.theme_name(code) for code in row.themes[:3]]
    source = row.channel if survey is None else survey
    return [*facts, names.channel_name(source)] if source else facts


def without_page(wanted: Filter, page: int) -> str:
    """The address of another page of the same list."""
    return wanted.address(page=page if page > 1 else None)
