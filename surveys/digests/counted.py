"""The same figures as tally.py and themes.py, read from the weekly tables (surveys/counts): few rows, however many answers.

Good for weeks of the organisation's zone, once everything is counted; source.py sees to both.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from surveys.counts.tables import SCORES
from surveys.db import query
from surveys.digests.tally import NPS_ONLY_FROM, Cell, Window, language_of
from surveys.places import culture
from surveys.questionnaires.models import Metric, Survey
from surveys.tallies import BandCounts

_PLACE: Final = (
    "band", "survey_id", "wording_version", "country", "locale", "language", "touchpoint", "segment",
)  # fmt: skip
_NAMED: Final = ", ".join(["code", *_PLACE])
_OF_UNIT: Final = ", ".join(f"c.{name} AS {name}" for name in _PLACE)
_SCORE_SUMS: Final = ", ".join(f"SUM(score_{score}) AS score_{score}" for score in SCORES)


async def cells(window: Window, *, by_language: bool = False) -> list[Cell]:
    """Every response of the window, as `tally.cells` counts them."""
    metrics = {survey.id: survey.metric.value for survey in await Survey.all().only("id", "metric")}
    place = "country, locale, language" if by_language else "country, locale"
    scored = [number for number, metric in metrics.items() if metric == "nps"]
    parts: list[str] = []
    values: list[str] = []
    for first, last in window.spans():
        # Only cultures look back further than tiles do, and they compare NPS alone.
        is_nps_only = first >= NPS_ONLY_FROM and not by_language
        only = f" AND survey_id IN ({', '.join(map(str, scored)) or 'NULL'})" if is_nps_only else ""
        parts.append(
            f"SELECT {first} AS weeks_ago, survey_id, reason, {place}, "  # noqa: S608 - our own texts only
            f"SUM(responses) AS responses, {_SCORE_SUMS} FROM weekly_counts "
            f"WHERE week >= {{}} AND week <= {{}} AND source = 'response'{only} "
            f"GROUP BY survey_id, reason, {place}"
        )
        values += [str(window.week.previous(last)), str(window.week.previous(first))]
    rows = await query(" UNION ALL ".join(parts), *values)
    return [cell for row in rows for cell in _cells(row, metrics[row["survey_id"]])]


def _cells(row: Mapping[str, Any], metric: str) -> Iterator[Cell]:
    """One cell for each answer that was given; what is left has none."""
    country = row["country"] or None
    locale = row["locale"] or None
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


async def nps_by_theme(window: Window) -> dict[str, BandCounts]:
    """NPS of the people whose words name a theme, in any mood, as `themes.nps_by_theme` counts them."""
    rows = await naming("code, band", window)
    counted: dict[str, Counter[str]] = {}
    for row in rows:
        counted.setdefault(row["code"], Counter())[row["band"]] = int(row["n"])
    return {
        code: BandCounts(bands["promoter"], bands["passive"], bands["detractor"])
        for code, bands in counted.items()
    }


async def naming(columns: str, window: Window) -> list[dict[str, Any]]:
    """How many people of the latest week name a theme beside an NPS score, by columns of `weekly_themes` as `n`.

    That table counts words; taken away are all but the last of those who wrote more than once about a theme in a week.
    They are few, and an index alone tells who they are.
    """
    scored = [survey.id for survey in await Survey.filter(metric=Metric.NPS).only("id")]
    of_nps = f"survey_id IN ({', '.join(map(str, scored)) or 'NULL'}) AND band <> ''"
    weeks = [str(window.first), str(window.week)]
    return await query(
        f"SELECT {columns}, SUM(n) AS n FROM (SELECT {_NAMED}, verbatims AS n FROM weekly_themes "  # noqa: S608 - our own names and numbers
        f"WHERE week >= {{}} AND week <= {{}} AND source = 'response' AND {of_nps} "
        f"UNION ALL SELECT {_NAMED}, -1 FROM (SELECT t.code AS code, {_OF_UNIT}, ROW_NUMBER() OVER "
        "(PARTITION BY t.week, t.person, t.code ORDER BY t.verbatim_id DESC) AS place FROM "
        "(SELECT week, person, code FROM counted_theme WHERE week >= {} AND week <= {} AND person IS NOT NULL "
        "GROUP BY week, person, code HAVING COUNT(*) > 1) d "
        # In this order, whatever a database thinks: of the many rows only those of the few are looked up.
        "CROSS JOIN counted_theme t CROSS JOIN counted_unit c WHERE t.week = d.week AND t.person = d.person "
        f"AND t.code = d.code AND c.unit = t.unit AND c.source = 'response' AND {of_nps}) x WHERE place > 1) u "
        f"WHERE n <> 0{window.only('survey_id')} GROUP BY {columns} HAVING SUM(n) > 0",
        *weeks,
        *weeks,
    )


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
    (row,) = await query(
        f"SELECT {sums} FROM weekly_counts WHERE week >= {{}} AND week <= {{}}{window.only('survey_id')}",  # noqa: S608 - our own names
        str(window.first),
        str(window.week),
    )
    return {name: int(row[name]) for name in names}


async def languages(window: Window) -> Counter[str]:
    """The latest week's words by the language found in them."""
    rows = await query(
        "SELECT language, SUM(with_language) AS n FROM weekly_counts "  # noqa: S608 - our own texts only
        f"WHERE week >= {{}} AND week <= {{}}{window.only('survey_id')} GROUP BY language",
        str(window.first),
        str(window.week),
    )
    return +Counter({row["language"]: int(row["n"]) for row in rows})
