"""The same figures as tally.py and themes.py, read from the weekly tables (surveys/counts): few rows, however many answers.

Good for weeks of the organisation's zone, once everything is counted; source.py sees to both.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from surveys.counts.tables import SCORES
from surveys.db import query
from surveys.digests.tally import NPS_ONLY_FROM, UNKNOWN, Cell, Window, language_of
from surveys.digests.themes import ThemeCount
from surveys.places import culture, leaf_code
from surveys.questionnaires.models import Survey
from surveys.tallies import BandCounts

_SCORE_SUMS: Final = ", ".join(f"SUM(score_{score}) AS score_{score}" for score in SCORES)


async def cells(window: Window, *, by_language: bool = False) -> list[Cell]:
    """Every response of the window, as `tally.cells` counts them."""
    metrics = {survey.id: survey.metric.value for survey in await Survey.all().only("id", "metric")}
    table = "weekly_counts" if by_language else "weekly_places"
    place = "country, locale, language" if by_language else "country, deciding_locale"
    scored = [number for number, metric in metrics.items() if metric == "nps"]
    parts: list[str] = []
    values: list[str] = []
    for first, last in window.spans():
        # Only cultures look back further than tiles do, and they compare NPS alone.
        is_nps_only = first >= NPS_ONLY_FROM and not by_language
        only = f" AND survey_id IN ({', '.join(map(str, scored)) or 'NULL'})" if is_nps_only else ""
        parts.append(
            f"SELECT {first} AS weeks_ago, survey_id, reason, {place}, "  # noqa: S608 - our own texts only
            f"SUM(responses) AS responses, {_SCORE_SUMS} FROM {table} "
            f"WHERE week >= {{}} AND week <= {{}} AND source = 'response'{only} "
            f"GROUP BY survey_id, reason, {place}"
        )
        values += [str(window.week.previous(last)), str(window.week.previous(first))]
    rows = await query(" UNION ALL ".join(parts), *values)
    return [cell for row in rows for cell in _cells(row, metrics[row["survey_id"]])]


def _cells(row: Mapping[str, Any], metric: str) -> Iterator[Cell]:
    """One cell for each answer that was given; what is left has none."""
    country = row["country"] or None
    locale = row["locale" if "locale" in row else "deciding_locale"] or None
    language = row["language"] if "language" in row else language_of(locale)
    slug, ago = culture(country, locale).slug, int(row["weeks_ago"])
    for answer, n in answers_of(row, metric):
        yield Cell(ago, metric, answer, country, slug, language, n)


def answers_of(row: Mapping[str, Any], metric: str) -> Iterator[tuple[int | str | None, int]]:
    """How often each score, or reason for leaving, was given in a row of a weekly table; None for no answer."""
    left = int(row["responses"])
    if metric == "exit":
        yield row["reason"] or None, left
        return
    for score in SCORES:
        n = int(row[f"score_{score}"])
        if n:
            left -= n
            yield score, n
    if left:
        yield None, left


async def responses_by_week(window: Window) -> list[int]:
    """How many responses came in each of the weeks before the latest, the nearest first."""
    rows = await query(
        "SELECT week, SUM(responses) AS n FROM weekly_places "
        "WHERE week >= {} AND week < {} AND source = 'response' GROUP BY week",
        str(window.week.previous(window.before)),
        str(window.week),
    )
    n_of = {row["week"]: int(row["n"]) for row in rows}
    return [n_of.get(str(window.week.previous(ago)), 0) for ago in range(1, window.before + 1)]


async def complaints(window: Window) -> dict[str, ThemeCount]:
    """The latest week's complaints by theme."""
    rows = await query(
        "SELECT code, band, country, locale, language, SUM(people) AS people FROM weekly_themes "
        "WHERE week = {} AND source = 'response' AND people > 0 GROUP BY code, band, country, locale, language",
        str(window.week),
    )
    counted: dict[str, ThemeCount] = {}
    for row in rows:
        theme, n = counted.setdefault(row["code"], ThemeCount()), int(row["people"])
        theme.people += n
        theme.detractors += n if row["band"] == "detractor" else 0
        theme.regions[leaf_code(row["country"]) or UNKNOWN] += n
        theme.cultures[culture(row["country"] or None, row["locale"] or None).slug] += n
        theme.languages[row["language"]] += n
    return counted


async def complaints_before(window: Window) -> Counter[str]:
    """Complaints by theme in the weeks before the latest, each person once per week."""
    rows = await query(
        "SELECT code, SUM(people) AS n FROM weekly_theme_places "
        "WHERE week >= {} AND week < {} AND source = 'response' GROUP BY code",
        str(window.week.previous(window.before)),
        str(window.week),
    )
    return Counter({row["code"]: int(row["n"]) for row in rows if row["n"]})


async def nps_by_theme(window: Window) -> dict[str, BandCounts]:
    """NPS answers of the latest week whose words name a theme, in any mood."""
    rows = await query(
        "SELECT code, SUM(nps_promoters) AS promoters, SUM(nps_passives) AS passives, SUM(nps_detractors) AS detractors "
        "FROM weekly_theme_places WHERE week = {} AND source = 'response' GROUP BY code",
        str(window.week),
    )
    counted = {
        row["code"]: BandCounts(int(row["promoters"]), int(row["passives"]), int(row["detractors"]))
        for row in rows
    }
    return {code: bands for code, bands in counted.items() if bands.n}


async def quality(window: Window) -> dict[str, int]:
    """The latest week's words, as `themes.quality` counts them."""
    names = {
        "words": "comments",
        "unanalysed": "unanalysed",
        "unknown_language": "unknown_language",
        "unknown_sentiment": "unknown_sentiment",
        "partial": "partial",
    }
    sums = ", ".join(f"COALESCE(SUM({column}), 0) AS {name}" for name, column in names.items())
    (row,) = await query(f"SELECT {sums} FROM weekly_places WHERE week = {{}}", str(window.week))  # noqa: S608 - our own names
    return {name: int(row[name]) for name in names}
