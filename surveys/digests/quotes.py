"""Quotes of an edition: masked, drawn by lot among the readable, at most two a theme, nobody told apart.

A quote names its language, which its words tell anyway, and its region only when enough people of that region make the
same complaint; country, time, product and segment are never told.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from surveys.digests.compare import Figures
from surveys.digests.themes import ThemeCount

A_THEME: Final = 2
AN_EDITION: Final = 14
LONGEST: Final = 260
# Characters that turn a line around or hide in it; a quote needs none of them.
INVISIBLE: Final = dict.fromkeys(
    [*range(0x20), 0x7F, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
)


def choose_quotes(
    rows: Iterable[Mapping[str, Any]],
    themes: Mapping[str, ThemeCount],
    *,
    order: list[str],
    shown_regions: frozenset[str],
    k: int,
) -> list[Figures]:
    """Quotes in the order of the pain points, no words twice, two languages for a theme where there are two."""
    by_theme: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_theme.setdefault(row["code"], []).append(row)
    taken: set[str] = set()
    quotes: list[Figures] = []
    for code in order:
        for row in _two(by_theme.get(code, []), taken):
            taken.add(row["masked_text"])
            quotes.append(_quote(row, themes[code], shown_regions, k))
    return quotes[:AN_EDITION]


def _two(rows: list[Mapping[str, Any]], taken: set[str]) -> list[Mapping[str, Any]]:
    new = [row for row in rows if row["masked_text"] not in taken]
    if not new:
        return []
    first = new[0]
    others = [row for row in new[1:] if row["masked_text"] != first["masked_text"]]
    others.sort(key=lambda row: row["language"] == first["language"])
    return [first, *others[: A_THEME - 1]]


def _quote(row: Mapping[str, Any], theme: ThemeCount, shown_regions: frozenset[str], k: int) -> Figures:
    region = row["region"]
    return {
        "theme": row["code"],
        "verbatim": int(row["verbatim_id"]),
        "text": shortened(row["masked_text"]),
        "language": row["language"] or "und",
        "region": region if region in shown_regions and theme.regions[region] >= k else None,
        "band": row["band"],
    }


def shortened(text: str, longest: int = LONGEST) -> str:
    """One line of at most `longest` characters, cut at a space where there is one near."""
    line = " ".join(text.translate({**INVISIBLE, 9: " ", 10: " ", 13: " "}).split())
    if len(line) <= longest:
        return line
    cut = line[:longest]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > longest - 40 else cut).rstrip(" ,;:.") + "…"
