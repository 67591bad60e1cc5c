"""The comments that marking words are counted in, read from the database: masked, drawn by lot where there are many.

Of a theme's complaints of the edition's weeks at most so many in each language are read, and of all comments of those weeks
and the eight before at most so many together, so that an edition costs the same over any history.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from surveys.complaints import COMPLAINT_ON_THEME, PERSON
from surveys.db import query
from surveys.digests.compare import TILE_WEEKS, Figures
from surveys.digests.marking_words import (
    USED_AT_LEAST,
    Comment,
    marking,
    spoken,
    surest,
    tested,
    written,
)
from surveys.digests.scope import Within
from surveys.digests.shares import NOT_A_PLACE
from surveys.digests.tally import Window
from surveys.digests.themes import inside_of, shuffled
from surveys.digests.word_forms import is_parted
from surveys.taxonomy import counted_themes

# As many themes as a page says more about.
THEMES: Final = 8
OF_A_THEME: Final = 100
OF_ALL: Final = 1_500
# `shuffled` draws below this.
LOTS: Final = 1_000_003

Row = dict[str, Any]


async def say_words(
    pains: Sequence[Figures], window: Window, within: Within | None, hidden: Collection[str], k: int
) -> None:
    """Give each pain point the words that mark it; languages that the edition hides have none."""
    codes = [pain["theme"] for pain in pains[:THEMES]]
    complaints = await _complaints(codes, window, within) if codes else []
    languages = sorted(
        language
        for language in _said_enough(complaints, max(k, USED_AT_LEAST))
        if is_parted(language) and language not in {*hidden, *NOT_A_PLACE}
    )
    shown: list[tuple[str, Figures]] = []
    if languages:
        drawn = await _drawn(languages, window, within)
        comments = _comments(complaints, drawn, await _themes_of(row["id"] for row in drawn))
        # Whoever waits for another page of this process goes on meanwhile.
        shown = await asyncio.to_thread(_marked, comments, languages, codes, k)
    for pain in pains:
        pain["words"] = surest(word for theme, word in shown if theme == pain["theme"])


def _marked(
    comments: Mapping[str, Sequence[Comment]], languages: Sequence[str], codes: Sequence[str], k: int
) -> list[tuple[str, Figures]]:
    """The words by theme, judged together over all languages."""
    said = [spoken(comments[language], language) for language in languages]
    marks = marking([word for each in said for word in tested(each, codes, k)])
    return [word for each in said for word in written(each, marks)]


def _said_enough(complaints: Sequence[Row], least: int) -> set[str]:
    """The languages in which so many people complain of one theme that a word can be theirs."""
    people: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in complaints:
        people[row["language"], row["code"]].add(row["person"])
    return {language for (language, _code), found in people.items() if len(found) >= least}


def _comments(
    complaints: Sequence[Row], drawn: Sequence[Row], about: Mapping[int, Collection[str]]
) -> dict[str, list[Comment]]:
    """Each comment once, by language; complaints first, since copies count with the first."""
    complains: dict[int, set[str]] = defaultdict(set)
    for row in complaints:
        complains[row["id"]].add(row["code"])
    of_all = {row["id"] for row in drawn}
    found: dict[str, dict[int, Comment]] = defaultdict(dict)
    for row in (*complaints, *drawn):
        key = row["id"]
        if key not in found[row["language"]]:
            found[row["language"]][key] = Comment(
                row["person"],
                row["masked_text"],
                frozenset(complains.get(key, ())),
                frozenset(about.get(key, ())),
                is_drawn=key in of_all,
            )
    return {language: list(comments.values()) for language, comments in found.items()}


async def _complaints(codes: Sequence[str], window: Window, within: Within | None) -> list[Row]:
    """Of each theme and language so many of the edition's weeks, always the same ones for the same data."""
    join, inside, values = inside_of(within)
    places = ", ".join(["{}"] * len(codes))
    return await query(
        f"SELECT d.code, v.id, v.language, v.masked_text, {PERSON} AS person FROM "  # noqa: S608 - our own texts only
        "(SELECT t.code AS code, v.id AS id, "
        f"ROW_NUMBER() OVER (PARTITION BY t.code, v.language ORDER BY {shuffled(window)}, v.id) AS place "
        f"FROM verbatim v JOIN {await counted_themes()} t ON t.verbatim_id = v.id {join}"
        f"WHERE v.written_at >= {{}} AND v.written_at < {{}} AND v.response_id IS NOT NULL AND t.code IN ({places}) AND {COMPLAINT_ON_THEME}"
        f"{window.only('v.survey_id')}{inside}) d "
        "JOIN verbatim v ON v.id = d.id JOIN response r ON r.id = v.response_id "
        f"WHERE d.place <= {OF_A_THEME} AND v.language IS NOT NULL ORDER BY v.id, d.code",
        *window.bounds(0),
        *codes,
        *values,
    )


async def _drawn(languages: Sequence[str], window: Window, within: Within | None) -> list[Row]:
    """Comments on anything in some languages; the lot is drawn in an index, only the texts that it falls on are read."""
    bounds = window.bounds(0, TILE_WEEKS)
    when = "v.written_at >= {} AND v.written_at < {} AND v.response_id IS NOT NULL"
    (counted,) = await query(f"SELECT COUNT(*) AS n FROM verbatim v WHERE {when}", *bounds)  # noqa: S608 - see above
    lots = LOTS if counted["n"] <= OF_ALL else LOTS * OF_ALL // int(counted["n"])
    _join, inside, values = inside_of(within)
    places = ", ".join(["{}"] * len(languages))
    return await query(
        f"SELECT v.id, v.language, v.masked_text, {PERSON} AS person FROM "  # noqa: S608 - see above
        f"(SELECT v.id AS id FROM verbatim v WHERE {when} AND {shuffled(window)} < {lots}) d "
        "JOIN verbatim v ON v.id = d.id JOIN response r ON r.id = v.response_id "
        f"WHERE v.language IN ({places}){window.only('v.survey_id')}{inside} ORDER BY v.id",
        *bounds,
        *languages,
        *values,
    )


async def _themes_of(verbatims: Iterable[int]) -> dict[int, set[str]]:
    """What comments speak of, in whatever mood."""
    numbers = ", ".join(map(str, verbatims)) or "NULL"
    rows = await query(
        f"SELECT t.verbatim_id, t.code FROM {await counted_themes()} t WHERE t.verbatim_id IN ({numbers})"  # noqa: S608 - numbers
    )
    found: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        found[row["verbatim_id"]].add(row["code"])
    return found
