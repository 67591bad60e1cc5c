"""Quotes that stand for a pain point: masked, nearest to its middle, in two languages at least where there are two."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from surveys.db import query, sql_instant
from surveys.pains.merged import SHOWN
from surveys.quoting import is_wide, shortened, spoken

EACH_ITSELF: Final = "WITH shown(id, root) AS (SELECT id, id FROM pain_point) "
# So many of a language are read: several may say the same, or be too short or too long to be a quote.
A_LANGUAGE: Final = 4
SHOWN_QUOTES: Final = 3
READABLE: Final = range(20, 261)
# As a title a quote has to be shorter.
LONGEST: Final = 90
FAR: Final = 0.05
# Of those about as near to the middle the first stands for all, whatever is said later.
NEAR: Final = "CAST({} * 50 AS INTEGER)"
# A low score may stand beside praise of something else.
CLEARLY: Final = "(CASE WHEN v.sentiment = 'negative' THEN 0 ELSE 1 END)"
NO_LANGUAGE: Final = frozenset({None, "und", "mixed", "unknown"})

Bounds = tuple[datetime, datetime]


@dataclass(frozen=True)
class Quote:
    """What somebody wrote, or the sentence of it that speaks of the theme."""

    verbatim: int
    text: str
    language: str
    tag: str | None


async def quotes_of(
    pains: Collection[int], locale: str, *, within: Bounds | None = None, alone: bool = False
) -> dict[int, list[Quote]]:
    """A few quotes for each pain point, with those merged into it; `alone` leaves these out and looks for titles."""
    if not pains:
        return {}
    times = "" if within is None else "AND v.written_at >= {} AND v.written_at < {} "
    places = ", ".join(["{}"] * len(pains))
    near = (NEAR if alone else "{}").format
    rows = await query(
        (EACH_ITSELF if alone else SHOWN)
        + ", ranked AS (SELECT s.root, l.verbatim_id, l.theme, l.likeness, ROW_NUMBER() OVER "  # noqa: S608 - our own texts only
        f"(PARTITION BY s.root, v.language ORDER BY {CLEARLY}, {near('l.likeness')} DESC, l.verbatim_id) AS place "
        "FROM verbatim_pain l JOIN shown s ON s.id = l.pain_id JOIN verbatim v ON v.id = l.verbatim_id "
        f"WHERE s.root IN ({places}) {times}) "
        'SELECT r.root, v.id, v.masked_text, v.language, v.language_best, v.sentences, r.likeness, t."start", t."end" '
        "FROM ranked r JOIN verbatim v ON v.id = r.verbatim_id "
        "LEFT JOIN verbatim_theme t ON t.verbatim_id = v.id AND t.code = r.theme "
        f"WHERE r.place <= {A_LANGUAGE} ORDER BY r.root, {CLEARLY}, {near('r.likeness')} DESC, v.id",
        *pains,
        *(() if within is None else map(sql_instant, within)),
    )
    lengths = range(READABLE.start, LONGEST + 1) if alone else READABLE
    return {
        root: _chosen(_quotes(list(mine), alone=alone), locale.partition("-")[0], lengths)
        for root, mine in groupby(rows, key=lambda row: int(row["root"]))
    }


def _quotes(rows: list[dict[str, Any]], *, alone: bool) -> list[Quote]:
    """For a title only those that stand for the others: what a few say far from the middle names something else."""
    least = rows[0]["likeness"] - FAR if alone else 0.0
    return [_quote(row) for row in rows if row["likeness"] >= least]


def _quote(row: Mapping[str, Any]) -> Quote:
    sentences = row["sentences"]
    told = json.loads(sentences) if isinstance(sentences, str) else sentences
    code = row["language"]
    return Quote(
        verbatim=row["id"],
        text=shortened(spoken(row["masked_text"], told, row["start"], row["end"])),
        language=code or "und",
        tag=(row["language_best"] if code in NO_LANGUAGE else code) or None,
    )


def _chosen(quotes: Sequence[Quote], language: str, lengths: range) -> list[Quote]:
    """The reader's language first, then others, then more of the same; what can be read well before the rest."""
    by_text: dict[str, Quote] = {}
    for quote in quotes:
        by_text.setdefault(quote.text, quote)
    new = sorted(filter(_has_words, by_text.values()), key=lambda quote: _width(quote.text) not in lengths)
    chosen = [quote for quote in new if quote.language == language][:1]
    for quote in new:
        if quote.language not in {one.language for one in chosen}:
            chosen.append(quote)
    chosen += [quote for quote in new if quote not in chosen]
    return chosen[:SHOWN_QUOTES]


def _width(text: str) -> int:
    return len(text) * (2 if is_wide(text) else 1)


def _has_words(quote: Quote) -> bool:
    return bool(quote.text)
