"""Quotes in two columns of about the same height.

We weigh the columns by how many letters there are. Were the renderer to balance them, it would lay the page out again for each
height that it tries, up to a hundred times, which took most of the time of an edition.
"""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final
from unicodedata import category, east_asian_width

from surveys.digests.page_one import laid_quote
from surveys.digests.sentences import Figures
from surveys.names import theme_name

# Points, as in templates/digests/report.css: a column's text is so wide, a letter and a line are about so large.
COLUMN: Final = 224.0
LETTER, WIDE_LETTER = 5.5, 10.0
LINE, WIDE_LINE = 14.5, 17.0
AROUND_A_QUOTE: Final = 18.0
AROUND_A_THEME: Final = 29.0
# What stands beside each other is not split: of one theme as much as fits a page, of several so little that no page ends half
# empty for its sake.
A_PAGE, A_BAND = 600.0, 170.0

Item = tuple[str, list[Figures]]


def quote_columns(quotes: Sequence[Figures]) -> list[list[list[Figures]]]:
    """Quotes under their themes in the order of the pain points: bands of two columns of themes.

    A theme is in one column, unless there is only one theme.
    """
    by_theme: dict[str, list[Figures]] = {}
    for quote in quotes:
        by_theme.setdefault(quote["theme"], []).append(laid_quote(quote))
    items: list[Item] = list(by_theme.items())
    is_alone = len(items) == 1
    if is_alone:
        items = [(code, [quote]) for code, said in items for quote in said]
    found = _bands(items, A_PAGE if is_alone else A_BAND)
    bands = [[_themes(column) for column in _halves(band)] for band in found]
    for theme in [theme for band in bands for column in band for theme in column][1:] if is_alone else ():
        # One name stands over all.
        theme["name"] = None
    return bands


def _bands(items: Sequence[Item], highest: float) -> Iterator[list[Item]]:
    band: list[Item] = []
    for item in items:
        # Two long ones stand beside each other, too.
        room = highest if len(band) > 1 else A_PAGE
        if band and max(_height(column) for column in _halves([*band, item])) > room:
            yield band
            band = []
        band.append(item)
    if band:
        yield band


def _halves(items: list[Item]) -> tuple[list[Item], list[Item]]:
    """Where the taller column is least tall; of two such places the later."""
    place = min(
        range(len(items), 0, -1), key=lambda place: max(_height(items[:place]), _height(items[place:]))
    )
    return items[:place], items[place:]


def _height(items: Sequence[Item]) -> float:
    themes = len({code for code, _quotes in items})
    return themes * AROUND_A_THEME + sum(_quote_height(quote["text"]) for _, said in items for quote in said)


def _quote_height(text: str) -> float:
    wide = sum(east_asian_width(letter) in "WF" for letter in text)
    narrow = sum(category(letter) not in {"Mn", "Me", "Cf"} for letter in text) - wide
    lines = ceil((wide * WIDE_LETTER + narrow * LETTER) / COLUMN)
    return AROUND_A_QUOTE + lines * (WIDE_LINE if wide > narrow else LINE)


def _themes(items: Sequence[Item]) -> list[Figures]:
    """A column's quotes under their themes' names."""
    by_theme: dict[str, list[Figures]] = {}
    for code, said in items:
        by_theme.setdefault(code, []).extend(said)
    return [{"name": theme_name(code), "quotes": said} for code, said in by_theme.items()]
