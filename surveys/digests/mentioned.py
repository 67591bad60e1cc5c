"""What was written elsewhere in a week: posts with their copies collapsed, each author once per theme."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from surveys.chance import wilson
from surveys.complaints import COMPLAINT_ON_THEME
from surveys.db import query
from surveys.digests.metrics import metric_hidden
from surveys.digests.over_weeks import hidden_in_sum
from surveys.digests.tally import Window
from surveys.suppression import suppressed_metric
from surveys.tallies import Share
from surveys.taxonomy import counted_themes

# Posts without an author are each somebody's own.
AUTHOR = "COALESCE(m.author_hash, CAST(m.id AS TEXT))"
SHOWN_SOURCES, SHOWN_THEMES = 6, 5
KEYS = ("n", "copies", "authors", "analysed", "negative", "low", "high", "net")

# What an edition tells that tells of none.
NONE: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("negative", "low", "high", "net")),
    **dict.fromkeys(("n", "copies", "authors", "analysed"), 0),
    "suppressed": False, "moods": {}, "shares": {}, "sources": [], "themes": [],
}  # fmt: skip


async def mentions(window: Window, k: int) -> dict[str, Any]:
    """Volume, authors, share negative with its interval, net sentiment (percent), sources and themes."""
    start, end = window.bounds(0)
    n, authors, copies = await _volume(start, end)
    apart = await _apart(window, k) if window.span > 1 else _Apart()
    moods = await _moods(start, end)
    analysed = sum(moods.values())
    if suppressed_metric(analysed, k):
        # Of a few mentions no share is drawn, though more were written.
        moods = {}
    share = Share(moods.get("negative", 0), analysed) if moods else None
    low, high = wilson(share) if share else (None, None)
    if suppressed_metric(authors, k) or apart.everybody:
        return {
            **dict.fromkeys(KEYS),
            # Of copies so many say nothing about how few wrote something of their own.
            "copies": None if copies < k else copies,
            "suppressed": True,
            "moods": {},
            "shares": {},
            "sources": [],
            "themes": [],
        }
    return {
        "n": n,
        "suppressed": False,
        "copies": copies,
        "authors": authors,
        "analysed": analysed,
        "moods": moods,
        "shares": {mood: 100 * n / analysed for mood, n in moods.items()},
        "negative": 100 * share.value if share else None,
        "low": None if low is None else 100 * low,
        "high": None if high is None else 100 * high,
        "net": 100 * (moods.get("positive", 0) - moods.get("negative", 0)) / analysed if moods else None,
        "sources": _shown(await _sources(start, end), k, apart.sources)[:SHOWN_SOURCES],
        "themes": [row for row in await _themes(start, end, k) if row["theme"] not in apart.themes][
            :SHOWN_THEMES
        ],
    }


@dataclass(frozen=True)
class _Apart:
    """What the editions of the weeks hid: everybody, sources, themes."""

    everybody: bool = False
    sources: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()


async def _apart(window: Window, k: int) -> _Apart:
    authors: list[int] = []
    sources: set[str] = set()
    themes: set[str] = set()
    for ago in range(window.span):
        start, end = Window(window.week.previous(ago), 0, window.zone).bounds(0)
        authors.append((await _volume(start, end))[1])
        found = await _sources(start, end)
        sources |= {row["source"] for row in found} - {row["source"] for row in _shown(found, k)}
        themes |= {row["theme"] for row in await _themes(start, end, 1)} - {
            row["theme"] for row in await _themes(start, end, k)
        }
    cells = {"all": [(n, suppressed_metric(n, k)) for n in authors]}
    return _Apart(bool(hidden_in_sum(cells, k, strict=False)), frozenset(sources), frozenset(themes))


async def _volume(start: Any, end: Any) -> tuple[int, int, int]:
    rows = await query(
        "SELECT SUM(CASE WHEN m.copy_of_id IS NULL THEN 1 ELSE 0 END) AS n, "  # noqa: S608 - our own texts only
        f"COUNT(DISTINCT CASE WHEN m.copy_of_id IS NULL THEN {AUTHOR} END) AS authors, COUNT(m.copy_of_id) AS copies "
        "FROM mention m WHERE m.published_at >= {} AND m.published_at < {}",
        start,
        end,
    )
    return tuple(int(rows[0][name] or 0) for name in ("n", "authors", "copies"))  # type: ignore[return-value]


async def _moods(start: Any, end: Any) -> dict[str, int]:
    rows = await query(
        "SELECT v.sentiment, COUNT(*) AS n FROM verbatim v JOIN mention m ON m.id = v.mention_id "
        "WHERE m.published_at >= {} AND m.published_at < {} AND m.copy_of_id IS NULL "
        "AND v.sentiment IS NOT NULL GROUP BY v.sentiment ORDER BY v.sentiment",
        start,
        end,
    )
    return {row["sentiment"]: int(row["n"]) for row in rows}


def _shown(
    sources: list[dict[str, Any]], k: int, apart: frozenset[str] = frozenset()
) -> list[dict[str, Any]]:
    """The sources of k authors and more, less those that the total would need to tell the others."""
    authors = {row["source"]: int(row["authors"]) for row in sources}
    hidden = metric_hidden(authors, frozenset(), k, apart)
    return [{"source": row["source"], "n": int(row["n"])} for row in sources if row["source"] not in hidden]


async def _sources(start: Any, end: Any) -> list[dict[str, Any]]:
    """Posts and authors by source, most posts first."""
    return await query(
        f"SELECT m.source, COUNT(*) AS n, COUNT(DISTINCT {AUTHOR}) AS authors FROM mention m "  # noqa: S608 - see above
        "WHERE m.published_at >= {} AND m.published_at < {} AND m.copy_of_id IS NULL "
        "GROUP BY m.source ORDER BY n DESC, m.source",
        start,
        end,
    )


async def _themes(start: Any, end: Any, k: int) -> list[dict[str, Any]]:
    """Negative posts by theme, counted in authors."""
    rows = await query(
        f"SELECT t.code, COUNT(DISTINCT {AUTHOR}) AS authors FROM verbatim v "  # noqa: S608 - see above
        f"JOIN mention m ON m.id = v.mention_id JOIN {await counted_themes()} t ON t.verbatim_id = v.id "
        "WHERE m.published_at >= {} AND m.published_at < {} AND m.copy_of_id IS NULL "
        f"AND {COMPLAINT_ON_THEME} GROUP BY t.code ORDER BY authors DESC, t.code",
        start,
        end,
    )
    return [
        {"theme": row["code"], "authors": int(row["authors"])} for row in rows if int(row["authors"]) >= k
    ]
