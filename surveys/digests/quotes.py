"""Quotes of an edition: masked, drawn by lot among the clear and readable, at most two a theme, nobody told apart.

A quote names its language, which its words tell anyway, and its region only when enough people of that region make the
same complaint; country, time, product and segment are never told.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

from sentiment.themes import find_themes
from surveys.digests.compare import Figures
from surveys.digests.themes import HARDLY
from surveys.quoting import excerpt, one_line, shortened_round

A_THEME: Final = 2
AN_EDITION: Final = 14


def choose_quotes(
    rows: Iterable[Mapping[str, Any]],
    places: Mapping[str, Counter[str]],
    *,
    order: list[str],
    shown_regions: frozenset[str],
    k: int,
    most: int = A_THEME,
) -> list[Figures]:
    """Quotes in the order of the pain points, no words twice, two languages for a theme where there are two.

    `places` are the people who complain about each, by region.
    """
    by_theme: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_theme.setdefault(row["code"], []).append(row)
    taken: set[str] = set()
    quotes: list[Figures] = []
    for code in order:
        for row in _some(by_theme.get(code, []), taken, most):
            taken.add(row["masked_text"])
            quotes.append(_quote(row, places[code], shown_regions, k))
    return quotes[:AN_EDITION]


def _some(rows: list[Mapping[str, Any]], taken: set[str], most: int) -> list[Mapping[str, Any]]:
    different: dict[str, int] = {}
    for at, row in enumerate(rows):
        if row["masked_text"] not in taken:
            different.setdefault(row["masked_text"], at)
    left = list(different.values())
    names_it = cache(lambda at: _names_it(rows[at]))
    found: list[Mapping[str, Any]] = []
    while left and len(found) < most:
        best = _best(left, rows, names_it, found[0] if found else None)
        left.remove(best)
        found.append(rows[best])
    return found


def _best(
    places: list[int],
    rows: list[Mapping[str, Any]],
    names_it: Callable[[int], bool],
    beside: Mapping[str, Any] | None,
) -> int:
    """The first of the clear rows whose words name the theme: there a machine errs least. Beside another, one in another language.

    That is worth more than a clearer word, but not than words that are hardly a complaint or less surely of the theme. What
    words name takes the longest to find out: only of rows that could be better it is asked.
    """
    best, least = places[0], None
    for at in places:
        row = rows[at]
        rank = (row["surely"], row["language"] == beside["language"]) if beside else ()
        is_hardly = row["clearly"] >= HARDLY
        if least is None or (is_hardly, False, *rank) < least:
            key = (is_hardly, not names_it(at), *rank)
            if least is None or key < least:
                best, least = at, key
    return best


def _names_it(row: Mapping[str, Any]) -> bool:
    """Whether the words shown hold a keyword of the theme."""
    return any(hit.code == row["code"] for hit in find_themes(_spoken(row), row["language"] or ""))


def _quote(row: Mapping[str, Any], regions: Counter[str], shown_regions: frozenset[str], k: int) -> Figures:
    region, end = row["region"], row["evidence_end"]
    about = one_line(row["masked_text"][row["evidence"] : end]) if end else None
    text = shortened_round(_spoken(row), about or "")
    return {
        "theme": row["code"],
        "verbatim": int(row["verbatim_id"]),
        "text": text,
        "about": about if about and about in text else None,
        "language": row["language"] or "und",
        "region": region if region in shown_regions and regions[region] >= k else None,
        "band": row["band"],
    }


def _spoken(row: Mapping[str, Any]) -> str:
    """The sentence that speaks of the theme, where sentences were read apart, and marks where it was cut out."""
    sentences = row["sentences"]
    told = json.loads(sentences) if isinstance(sentences, str) else sentences
    return excerpt(row["masked_text"], told, row["evidence"], row["evidence_end"])
