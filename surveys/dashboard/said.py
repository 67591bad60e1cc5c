"""The quotes of a choice, under the digest's rules (surveys/digests/quotes.py): which words they are is kept, not the words.

Words are read when they are shown, so what was erased a moment ago is said nowhere.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from surveys.dashboard.choice import Choice
from surveys.db import query
from surveys.digests.build import shown_regions, theme_places
from surveys.digests.compare import Figures
from surveys.digests.quotes import choose_quotes
from surveys.digests.snapshot import Snapshot
from surveys.digests.tally import Window
from surveys.digests.themes import CLEARLY, QUOTABLE, QUOTES_READ, READABLE, SURELY, shuffled
from surveys.places import descendants
from surveys.quoting import excerpt, shortened_round
from surveys.taxonomy import counted_themes

# Drawn by lot before the words themselves are looked at; the clearest of these are quoted.
DRAWN: Final = 4 * QUOTES_READ


async def quotable(
    window: Window, filters: Mapping[str, str], slugs: Mapping[int, str]
) -> list[dict[str, Any]]:
    """A few complaints per theme of a view, drawn by the digest's lot; among what was counted, which is quick to look through."""
    inside, values = _inside(filters, slugs)
    return await query(
        "SELECT d.code, v.id AS verbatim_id, v.masked_text, v.sentences, "  # noqa: S608 - our own texts only
        't."start" AS evidence, t."end" AS evidence_end, v.language, v.region, v.band, '
        f"{CLEARLY} AS clearly, {SURELY} AS surely FROM "
        "(SELECT c.code AS code, c.verbatim_id AS verbatim_id, ROW_NUMBER() OVER (PARTITION BY c.code "
        f"ORDER BY {shuffled(window, 'c.verbatim_id')}, c.verbatim_id) AS place "
        "FROM counted_theme c JOIN counted_unit u ON u.unit = c.unit "
        f"WHERE c.week = {{}} AND c.complains = 1 AND c.unit > 0{inside}) d "
        f"JOIN verbatim v ON v.id = d.verbatim_id JOIN {await counted_themes()} t ON t.verbatim_id = v.id "
        f"AND t.code = d.code WHERE d.place <= {DRAWN} AND LENGTH(v.masked_text) > 0 AND {QUOTABLE} "
        f"ORDER BY d.code, clearly, surely, {READABLE}, d.place",
        str(window.week),
        *values,
    )


def _inside(filters: Mapping[str, str], slugs: Mapping[int, str]) -> tuple[str, list[Any]]:
    """What filters let through of what was counted, in SQL, with what stands for the marks."""
    conditions, values = "", list[Any]()
    for name, value in filters.items():
        column, among = f"u.{name}", list[Any]([value])
        if name == "region":
            column, among = "u.country", sorted(descendants(value))
        elif name == "survey":
            column, among = "u.survey_id", [key for key, slug in slugs.items() if slug == value]
        conditions += f" AND {column} IN ({', '.join(['{}'] * len(among)) or 'NULL'})"
        values += among
    return conditions, values


async def choose(
    window: Window, choice: Choice, slugs: Mapping[int, str], snapshot: Snapshot, figures: Figures
) -> list[Figures]:
    """The quotes of a view, less their words: only of themes that it names, a region only where it shows that."""
    order = [pain["theme"] for pain in figures["pain_points"]]
    if not order:
        return []
    rows = await quotable(window, choice.filters, slugs)
    spans = {(row["code"], int(row["verbatim_id"])): (row["evidence"], row["evidence_end"]) for row in rows}
    quotes = choose_quotes(
        rows,
        theme_places(snapshot),
        order=order,
        shown_regions=shown_regions(figures["regions"]),
        k=snapshot.k,
    )
    return [
        {**quote, "text": "", "about": None, "evidence": spans[quote["theme"], quote["verbatim"]]}
        for quote in quotes
    ]


async def with_words(quotes: list[Figures]) -> list[Figures]:
    """Quotes with the words that stand behind them now; without those whose words are gone, others, or of another theme."""
    if not quotes:
        return []
    marks = ", ".join(["{}"] * len(quotes))
    rows = await query(
        'SELECT v.id, v.masked_text, v.sentences, t.code, t."start" AS evidence, t."end" AS evidence_end FROM verbatim v '  # noqa: S608 - our own texts
        f"JOIN {await counted_themes()} t ON t.verbatim_id = v.id WHERE v.id IN ({marks})",
        *(quote["verbatim"] for quote in quotes),
    )
    words = {(int(row["id"]), row["code"], row["evidence"], row["evidence_end"]): row for row in rows}
    found = [(quote, (quote["verbatim"], quote["theme"], *quote["evidence"])) for quote in quotes]
    return [
        {**quote, "text": _spoken(words[drawn], *quote["evidence"])}
        for quote, drawn in found
        if drawn in words
    ]


def _spoken(row: Mapping[str, Any], start: int | None, end: int | None) -> str:
    told = row["sentences"]
    sentences = json.loads(told) if isinstance(told, str) else told
    text = row["masked_text"]
    return shortened_round(excerpt(text, sentences, start, end), text[start:end])
