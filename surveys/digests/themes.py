"""Themes and quotes read from the database: what people complained about, each person once per theme and week.

What a complaint is, and about which theme, stands in surveys/complaints.py.
"""

from collections import Counter
from typing import Any, Final

from surveys.complaints import COMPLAINT_ON_THEME, PERSON, QUOTED
from surveys.db import query
from surveys.digests.scope import Within
from surveys.digests.tally import Window
from surveys.tallies import BandCounts
from surveys.taxonomy import counted_themes

# Quotes neither so short that they say nothing nor so long that nobody reads them stand first.
READABLE: Final = "(CASE WHEN LENGTH(v.masked_text) BETWEEN 25 AND 260 THEN 0 ELSE 1 END)"
# How clearly words complain of their theme: negative ones beside no better score than a low one, other negative ones and what
# else stands beside a low score, or hardly. Words of one sentence have no polarity of their own.
HARDLY: Final = 2
SAID: Final = "(t.polarity = 'negative' OR t.polarity IS NULL AND v.sentiment = 'negative')"
CLEARLY: Final = (
    f"(CASE WHEN v.band = 'promoter' THEN {HARDLY} WHEN {SAID} AND COALESCE(v.band, 'detractor') = 'detractor' THEN 0 "
    f"WHEN {SAID} THEN 1 WHEN COALESCE(t.polarity, v.sentiment, 'unknown') <> 'neutral' "
    f"AND (v.band = 'detractor' OR v.sentiment = 'negative') THEN 1 ELSE {HARDLY} END)"
)
# How surely they are about it: no theme is surer in them, and this one is surer than chance, well surer where they are not clearly
# a complaint; else 2. Of words beside a high score machines err the most: only those of a negative sentence count.
SURE: Final = 0.6
SURER: Final = 0.7
UNSURE: Final = 2
SURELY: Final = (
    "(CASE WHEN EXISTS (SELECT 1 FROM verbatim_theme o WHERE o.verbatim_id = t.verbatim_id AND o.confidence > t.confidence) "  # noqa: S608 - our own texts only
    f"OR t.confidence < {SURE} OR t.confidence < {SURER} AND {CLEARLY} > 0 "
    f"OR v.band = 'promoter' AND COALESCE(t.polarity, '') <> 'negative' THEN {UNSURE} "
    f"WHEN t.confidence < {SURER} THEN 1 ELSE 0 END)"
)
# What is quoted for a theme, by an edition and by the dashboard.
QUOTABLE: Final = f"{COMPLAINT_ON_THEME} AND {QUOTED} AND {SURELY} < {UNSURE}"
QUOTES_READ: Final = 24


def inside_of(within: Within | None) -> tuple[str, str, list[str]]:
    """The join, the condition and its values that keep words to a scope."""
    if within is None:
        return "", "", []
    return "JOIN response r ON r.id = v.response_id ", within.condition(), within.values


async def nps_by_theme(window: Window, within: Within | None = None) -> dict[str, BandCounts]:
    """NPS of the people whose words name a theme, in any mood; what a theme's impact is taken from.

    One person counts once per theme and week, by their last answer, wherever that stands: so parts add up to all.
    """
    _join, inside, values = inside_of(within)
    counted: dict[str, Counter[str]] = {}
    for ago in range(window.span):
        rows = await query(
            "SELECT x.code, v.band, COUNT(*) AS n FROM (SELECT t.code AS code, MAX(v.id) AS verbatim_id FROM verbatim v "  # noqa: S608 - our own texts only
            f"JOIN {await counted_themes()} t ON t.verbatim_id = v.id JOIN response r ON r.id = v.response_id "
            "WHERE v.written_at >= {} AND v.written_at < {} AND v.metric = 'nps' AND v.band IS NOT NULL "
            f"GROUP BY t.code, {PERSON}) x JOIN verbatim v ON v.id = x.verbatim_id "
            f"JOIN response r ON r.id = v.response_id WHERE v.band IS NOT NULL{window.only('v.survey_id')}{inside} "
            "GROUP BY x.code, v.band",
            *Window(window.week.previous(ago), 0, window.zone).bounds(0),
            *values,
        )
        for row in rows:
            counted.setdefault(row["code"], Counter())[row["band"]] += int(row["n"])
    return {
        code: BandCounts(bands["promoter"], bands["passive"], bands["detractor"])
        for code, bands in counted.items()
    }


def shuffled(window: Window, verbatim: str = "v.id") -> str:
    """An order of verbatims that is drawn by lot, always alike for a week."""
    seed = window.week.year * 100 + window.week.number
    return f"((CAST({verbatim} AS BIGINT) * 7919 + {seed}) * 104729 % 1000003)"


async def quotable(window: Window, within: Within | None = None) -> list[dict[str, Any]]:
    """A few complaints per theme, the clear ones first: by lot, but always the same ones for the same week and data.

    Only those that are surely about it: no quote is better than one that contradicts its heading.
    """
    start, end = window.bounds(0)
    join, inside, values = inside_of(within)
    # The lot is drawn among numbers; only the texts that it falls on are read.
    return await query(
        "SELECT d.code, v.id AS verbatim_id, v.masked_text, v.sentences, d.evidence, d.evidence_end, "  # noqa: S608 - see above
        "v.language, v.region, v.band, d.clearly, d.surely FROM "
        f"(SELECT t.code AS code, {CLEARLY} AS clearly, {SURELY} AS surely, v.id AS verbatim_id, "
        f't."start" AS evidence, t."end" AS evidence_end, ROW_NUMBER() OVER '
        f"(PARTITION BY t.code ORDER BY {CLEARLY}, {SURELY}, {shuffled(window)}, v.id) AS place FROM verbatim v "
        f"JOIN {await counted_themes()} t ON t.verbatim_id = v.id {join}"
        f"WHERE v.written_at >= {{}} AND v.written_at < {{}} AND v.response_id IS NOT NULL AND {QUOTABLE}"
        f"{window.only('v.survey_id')}{inside}) d "
        f"JOIN verbatim v ON v.id = d.verbatim_id WHERE d.place <= {QUOTES_READ} "
        f"AND LENGTH(v.masked_text) > 0 ORDER BY d.code, d.clearly, d.surely, {READABLE}, d.place",
        start,
        end,
        *values,
    )


async def quality(window: Window, within: Within | None = None) -> dict[str, int]:
    """The latest week's words: how many, how many not understood yet, how many in a language nobody could tell."""
    start, end = window.bounds(0)
    join, inside, values = inside_of(within)
    rows = await query(
        "SELECT COUNT(*) AS words, "  # noqa: S608 - our own texts only
        "SUM(CASE WHEN v.analysed_at IS NULL THEN 1 ELSE 0 END) AS unanalysed, "
        "SUM(CASE WHEN v.language = 'und' THEN 1 ELSE 0 END) AS unknown_language, "
        "SUM(CASE WHEN v.sentiment = 'unknown' THEN 1 ELSE 0 END) AS unknown_sentiment "
        f"FROM verbatim v {join}WHERE v.written_at >= {{}} AND v.written_at < {{}}{window.only('v.survey_id')}{inside}",
        start,
        end,
        *values,
    )
    partial = await query(
        "SELECT COUNT(*) AS n FROM response r "  # noqa: S608 - see above
        f"WHERE r.submitted_at >= {{}} AND r.submitted_at < {{}} AND r.state = 'partial'"
        f"{window.only('r.survey_id')}{inside}",
        start,
        end,
        *values,
    )
    return {**{name: int(value or 0) for name, value in rows[0].items()}, "partial": int(partial[0]["n"])}


async def languages(window: Window, within: Within | None = None) -> Counter[str]:
    """The latest week's words by the language found in them."""
    join, inside, values = inside_of(within)
    rows = await query(
        f"SELECT v.language AS language, COUNT(*) AS n FROM verbatim v {join}"  # noqa: S608 - our own texts only
        f"WHERE v.written_at >= {{}} AND v.written_at < {{}} AND v.language IS NOT NULL"
        f"{window.only('v.survey_id')}{inside} GROUP BY v.language",
        *window.bounds(0),
        *values,
    )
    return Counter({row["language"]: int(row["n"]) for row in rows})
