"""The quotes of a choice, under the digest's rules (surveys/digests/quotes.py): which words they are is kept, not the words.

Words are read when they are shown, so what was erased a moment ago is said nowhere.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys.dashboard.choice import Choice
from surveys.db import query
from surveys.digests.compare import Figures
from surveys.digests.quotes import choose_quotes
from surveys.digests.scope import Within
from surveys.digests.snapshot import Snapshot
from surveys.digests.tally import Window
from surveys.digests.themes import ThemeCount, quotable
from surveys.places import descendants
from surveys.quoting import excerpt, shortened_round


@dataclass(frozen=True)
class Filtered(Within):
    """What a choice's filters let through, in SQL: a scope, and the two filters that no scope has."""

    more: tuple[tuple[str, str], ...] = ()

    def condition(self) -> str:
        """As `Within` says it, with these columns."""
        return "".join([super().condition(), *(f" AND {column} = {{}}" for column, _value in self.more)])

    @property
    def values(self) -> list[str]:
        """What stands for the marks."""
        return [*super().values, *(value for _column, value in self.more)]


def filtered(choice: Choice, slugs: Mapping[int, str]) -> Filtered | None:
    """The filters of a choice; None without any."""
    chosen = choice.filters
    if not chosen:
        return None
    columns = {"language": "v.language", "touchpoint": "r.touchpoint"}
    return Filtered(
        frozenset(descendants(chosen["region"])) if "region" in chosen else None,
        frozenset(key for key, slug in slugs.items() if slug == chosen["survey"])
        if "survey" in chosen
        else None,
        frozenset({chosen["segment"]}) if "segment" in chosen else None,
        tuple((column, chosen[name]) for name, column in columns.items() if name in chosen),
    )


async def choose(
    window: Window, within: Within | None, snapshot: Snapshot, figures: Figures
) -> list[Figures]:
    """The quotes of a view, less their words: only of themes that it names, a region only where it shows that."""
    order = [pain["theme"] for pain in figures["pain_points"]]
    if not order:
        return []
    rows = await quotable(window, within)
    spans = {(row["code"], int(row["verbatim_id"])): (row["evidence"], row["evidence_end"]) for row in rows}
    quotes = choose_quotes(
        rows,
        _places(snapshot, order),
        order=order,
        shown_regions=frozenset(row["group"] for row in figures["regions"] if not row["suppressed"]),
        k=snapshot.k,
    )
    return [
        {**quote, "text": "", "about": None, "evidence": spans[quote["theme"], quote["verbatim"]]}
        for quote in quotes
    ]


def _places(snapshot: Snapshot, order: list[str]) -> dict[str, ThemeCount]:
    """Where the people who complain about each theme are."""
    now = snapshot.complaints.within(0, 0)
    regions = now.column("region").values
    found = {}
    for code in order:
        counted = now.table("region", kept=now.of("theme", code))[:, 0]
        people = Counter({name: int(n) for name, n in zip(regions, counted, strict=True)})
        found[code] = ThemeCount(people=sum(people.values()), regions=people)
    return found


async def with_words(quotes: list[Figures]) -> list[Figures]:
    """Quotes with the words that stand behind them now; without those whose words are gone."""
    if not quotes:
        return []
    marks = ", ".join(["{}"] * len(quotes))
    rows = await query(
        f"SELECT id, masked_text, sentences FROM verbatim WHERE id IN ({marks})",  # noqa: S608 - marks only
        *(quote["verbatim"] for quote in quotes),
    )
    words = {int(row["id"]): row for row in rows}
    return [
        {**quote, "text": _spoken(words[quote["verbatim"]], *quote["evidence"])}
        for quote in quotes
        if quote["verbatim"] in words
    ]


def _spoken(row: Mapping[str, Any], start: int | None, end: int | None) -> str:
    told = row["sentences"]
    sentences = json.loads(told) if isinstance(told, str) else told
    text = row["masked_text"]
    return shortened_round(excerpt(text, sentences, start, end), text[start:end])
