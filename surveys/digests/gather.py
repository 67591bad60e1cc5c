"""An edition's counts as columns: rows of surveys/digests/weekly.py with their cultures, wordings and form languages."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from surveys.digests.snapshot import METRICS, WEEKS, Column, Counts, column
from surveys.digests.tally import UNKNOWN, Window, language_of
from surveys.digests.weekly import WeeklyAnswer, WeeklyComplaint
from surveys.pains.models import PainPoint
from surveys.places import culture

# Scores are numbers; the last place is an answer without one.
SCORES = (*map(str, range(11)), "")


def answer_counts(rows: Sequence[WeeklyAnswer], bins: int = WEEKS) -> Counts:
    """Answers as columns."""
    metric = column([row.metric for row in rows], fixed=METRICS)
    score = Column(np.array([11 if row.score is None else row.score for row in rows], np.int64), SCORES)
    reason = column([row.reason or "" for row in rows])
    return _counts(rows, {"metric": metric, "score": score, "reason": reason}, bins)


def complaint_counts(rows: Sequence[WeeklyComplaint], bins: int = WEEKS) -> Counts:
    """Complaints as columns, one person once per theme and week."""
    theme = column([row.theme for row in rows])
    pain = column([str(row.pain_id or "") for row in rows])
    columns = {"theme": theme, "pain": pain, "band": column([row.band or "" for row in rows])}
    return _counts(rows, columns, bins)


def _counts(rows: Sequence[Any], columns: dict[str, Column], bins: int) -> Counts:
    places = {(row.country, row.locale) for row in rows}
    clusters = {place: culture(*place).slug for place in places}
    columns |= {
        "instrument": column([f"{row.survey_id}/{row.wording_version}" for row in rows]),
        "form": column([language_of(row.locale) for row in rows]),
        "country": column([row.country or UNKNOWN for row in rows]),
        "culture": column([clusters[row.country, row.locale] for row in rows]),
        "language": column([row.language for row in rows]),
        "touchpoint": column([row.touchpoint or "" for row in rows]),
        "segment": column([row.segment or "" for row in rows]),
    }
    week = np.array([row.weeks_ago for row in rows], np.int64)
    return Counts(week, np.array([row.n for row in rows], np.int64), columns, bins)


def within_tiles(window: Window, most: int) -> Window:
    """The same window, not so far back."""
    return Window(window.week, min(window.before, most), window.zone)


async def pain_titles(judged: Mapping[str, Any]) -> dict[str, Any]:
    """What the pain points of findings and decisions are called: the site's own title, or the code of a known one."""
    said = (*judged["findings"], *judged["decisions"])
    named = sorted({each["pain_point"] for each in said if each["pain_point"]})
    rows = await PainPoint.filter(id__in=[int(key) for key in named]).order_by("id") if named else []
    return {
        str(row.id): {
            "theme": row.theme,
            "title": row.title,
            "known": row.known,
            "first_week": row.first_week,
        }
        for row in rows
    }
