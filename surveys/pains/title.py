"""What a pain point is called in the reader's language.

Its own title where a manager gave one, else that of the known pain point, else its theme and what somebody said of it: in
the reader's language, or in another that is named then. Of those who speak most like the others the first to say it in a
few words is quoted, so that the title stays from week to week. Said by fewer people than a report shows, it is called by its
theme and the week it was found in.
"""

from collections.abc import Collection
from dataclasses import dataclass

from surveys.db import query
from surveys.i18n import current
from surveys.i18n import gettext as _
from surveys.names import spoken_language_name, theme_name
from surveys.organisation.models import the_organisation
from surveys.pains.known import known_title
from surveys.pains.models import PainPoint
from surveys.pains.quotes import EACH_ITSELF, LONGEST, NO_LANGUAGE, Quote, quotes_of
from surveys.quoting import titled
from surveys.taxonomy import taxonomy

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
    """A title: its text, the language to declare for it, and whether somebody said it about a theme."""

    text: str
    tag: str | None = None
    is_quote: bool = False
    language: str | None = None
    theme: str = ""

    def __str__(self) -> str:
        if not self.is_quote:
            return self.text
        return _("%(name)s: %(value)s") % {"name": self.theme, "value": self.under_theme}

    @property
    def under_theme(self) -> str:
        """The title where the theme stands above it."""
        if not self.is_quote:
            return self.text
        said = _("“%(quote)s”") if self.language is None else _("“%(quote)s” (%(language)s)")
        return said % {"quote": self.text, "language": self.language}


async def names_of(pains: Collection[int]) -> dict[int, PainName]:
    """The titles of pain points, in the current language."""
    locale = current().code
    names: dict[int, PainName] = {}
    untitled: dict[int, PainPoint] = {}
    for row in await PainPoint.filter(id__in=list(pains)).only("id", "theme", "title", "known", "first_week"):
        known = known_title(row.known, locale) if row.known else None
        if row.title:
            names[row.id] = PainName(row.title)
        elif known:
            names[row.id] = PainName(known[0], known[1])
        else:
            untitled[row.id] = row
    quotes = await quotes_of(await _shared(untitled), locale, alone=True)
    for key, row in untitled.items():
        theme = theme_name(taxonomy().counted(row.theme) or row.theme)
        said = next(iter(quotes.get(key, ())), None)
        names[key] = (said and _said(said, theme, locale)) or PainName(_unsaid(row, theme))
    return names


def _said(quote: Quote, theme: str, locale: str) -> PainName | None:
    """None where nothing is left that could be read."""
    is_theirs = quote.language == locale.partition("-")[0] or quote.language in NO_LANGUAGE
    language = None if is_theirs else spoken_language_name(quote.language)
    text = titled(quote.text, LONGEST)
    return PainName(text, quote.tag, is_quote=True, language=language, theme=theme) if text else None


def _unsaid(row: PainPoint, theme: str) -> str:
    value = _("pain point %(number)s, found in %(week)s") % {"number": row.id, "week": row.first_week}
    return _("%(name)s: %(value)s") % {"name": theme, "value": value}


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
