"""What a pain point is called in the reader's language.

Its own title where a manager gave one, else that of the known pain point, else what somebody said of it: in the reader's
language, or in another that is named then. Said by fewer people than a report shows, it is called by its number.
"""

from collections.abc import Collection
from dataclasses import dataclass

from surveys.db import query
from surveys.i18n import current
from surveys.i18n import gettext as _
from surveys.names import spoken_language_name
from surveys.organisation.models import the_organisation
from surveys.pains.known import known_title
from surveys.pains.models import PainPoint
from surveys.pains.quotes import EACH_ITSELF, NO_LANGUAGE, Quote, quotes_of
from surveys.quoting import shortened

LONGEST = 90
# A known customer is one person in all their answers, an author in all their posts; anybody else is one each time.
PERSON = (
    "COALESCE('c' || CAST(r.customer_id AS TEXT), 'r' || CAST(r.id AS TEXT), 'a' || m.author_hash, "
    "'m' || CAST(m.id AS TEXT))"
)
PEOPLE = (
    "FROM verbatim_pain l JOIN shown s ON s.id = l.pain_id JOIN verbatim v ON v.id = l.verbatim_id "
    "LEFT JOIN response r ON r.id = v.response_id LEFT JOIN mention m ON m.id = v.mention_id "
)


@dataclass(frozen=True)
class PainName:
    """A title: its text, the language to declare for it, and whether somebody said it."""

    text: str
    tag: str | None = None
    is_quote: bool = False
    language: str | None = None

    def __str__(self) -> str:
        if not self.is_quote:
            return self.text
        if self.language is None:
            return _("“%(quote)s”") % {"quote": self.text}
        return _("“%(quote)s” (%(language)s)") % {"quote": self.text, "language": self.language}


async def names_of(pains: Collection[int]) -> dict[int, PainName]:
    """The titles of pain points, in the current language."""
    locale = current().code
    names: dict[int, PainName] = {}
    untitled: list[int] = []
    for row in await PainPoint.filter(id__in=list(pains)).only("id", "title", "known"):
        known = known_title(row.known, locale) if row.known else None
        if row.title:
            names[row.id] = PainName(row.title)
        elif known:
            names[row.id] = PainName(known[0], known[1])
        else:
            untitled.append(row.id)
    quotes = await quotes_of(await _shared(untitled), locale, alone=True)
    for key in untitled:
        said = quotes.get(key)
        names[key] = (
            _said(said[0], locale) if said else PainName(_("Pain point %(number)s") % {"number": key})
        )
    return names


def _said(quote: Quote, locale: str) -> PainName:
    is_theirs = quote.language == locale.partition("-")[0] or quote.language in NO_LANGUAGE
    language = None if is_theirs else spoken_language_name(quote.language)
    return PainName(shortened(quote.text, LONGEST), quote.tag, is_quote=True, language=language)


async def _shared(pains: Collection[int]) -> list[int]:
    """Those that enough people named to quote one of them."""
    if not pains:
        return []
    places = ", ".join(["{}"] * len(pains))
    rows = await query(
        f"{EACH_ITSELF}SELECT s.root, COUNT(DISTINCT {PERSON}) AS people {PEOPLE}"
        f"WHERE s.root IN ({places}) GROUP BY s.root",
        *pains,
    )
    k = (await the_organisation()).smallest_group
    return [int(row["root"]) for row in rows if int(row["people"]) >= k]
