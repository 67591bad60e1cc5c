"""What pain points of an edition are called and a quote for each, read from the database: masked, drawn by lot."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from surveys.complaints import COMPLAINT_ON_THEME, QUOTED
from surveys.db import query
from surveys.digests.compare import Figures
from surveys.digests.quotes import choose_quotes
from surveys.digests.scope import Within
from surveys.digests.tally import Window
from surveys.digests.themes import (
    CLEARLY,
    QUOTES_READ,
    READABLE,
    SURELY,
    inside_of,
    shuffled,
)
from surveys.pains.merged import SHOWN
from surveys.pains.models import PainPoint


async def say_points(
    pains: Sequence[Figures], quotes: Sequence[Figures], window: Window, within: Within | None, k: int
) -> None:
    """Give each pain point of each theme its title, its code where it is a known one, and a quote."""
    points = [point for pain in pains for point in pain["points"]]
    if not points:
        return
    ids = [int(point["pain_point"]) for point in points]
    rows = {str(row.id): row for row in await PainPoint.filter(id__in=ids).only("id", "title", "known")}
    said = await _quotable(ids, window, within)
    taken = {quote["text"] for quote in quotes}
    for point in points:
        row = rows[point["pain_point"]]
        point |= {
            "title": row.title,
            "known": row.known,
            "quote": _quote(point, [each for each in said if each["code"] == point["pain_point"]], taken, k),
        }


def _quote(point: Figures, rows: Iterable[Mapping[str, Any]], taken: set[str], k: int) -> Figures | None:
    """One that the edition does not quote elsewhere, if there is one; its region only where it is told anyway."""
    code = point["pain_point"]
    places = Counter({place["group"]: place["x"] for place in point["places"]})
    found = choose_quotes(
        rows,
        {code: places},
        order=[code],
        shown_regions=frozenset(places),
        k=k,
        most=QUOTES_READ,
    )
    chosen = next((quote for quote in found if quote["text"] not in taken), next(iter(found), None))
    if chosen is None:
        return None
    taken.add(chosen["text"])
    return {key: value for key, value in chosen.items() if key != "theme"}


async def _quotable(pains: Sequence[int], window: Window, within: Within | None) -> list[dict[str, Any]]:
    """A few complaints per pain point, the clear ones first, always the same ones for the same week and data."""
    start, end = window.bounds(0)
    join, inside, values = inside_of(within)
    places = ", ".join(["{}"] * len(pains))
    rows = await query(
        f"{SHOWN}SELECT d.root, v.id AS verbatim_id, v.masked_text, v.sentences, d.evidence, d.evidence_end, "  # noqa: S608 - our own texts only
        "v.language, v.region, v.band, d.clearly, d.surely FROM "
        f"(SELECT s.root AS root, {CLEARLY} AS clearly, {SURELY} AS surely, v.id AS verbatim_id, "
        f't."start" AS evidence, t."end" AS evidence_end, '
        f"ROW_NUMBER() OVER (PARTITION BY s.root ORDER BY {CLEARLY}, {SURELY}, {shuffled(window)}, v.id) AS place "
        "FROM verbatim_pain l JOIN shown s ON s.id = l.pain_id JOIN verbatim v ON v.id = l.verbatim_id "
        f"JOIN verbatim_theme t ON t.verbatim_id = v.id AND t.code = l.theme {join}"
        f"WHERE s.root IN ({places}) AND v.written_at >= {{}} AND v.written_at < {{}} "
        f"AND v.response_id IS NOT NULL AND {COMPLAINT_ON_THEME} AND {QUOTED}{inside}) d "
        f"JOIN verbatim v ON v.id = d.verbatim_id WHERE d.place <= {QUOTES_READ} "
        f"AND LENGTH(v.masked_text) > 0 ORDER BY d.root, d.clearly, d.surely, {READABLE}, d.place",
        *pains,
        start,
        end,
        *values,
    )
    return [{**row, "code": str(row["root"])} for row in rows]
