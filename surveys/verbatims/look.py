"""Reads what the inbox shows: the filter of an address, its counts, one page of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from starlette.datastructures import QueryParams

from surveys.db import as_instant, query, query_tuples
from surveys.pains.merged import verbatims_of
from surveys.pains.title import names_of
from surveys.taxonomy import taxonomy
from surveys.verbatims import columns as column_index
from surveys.verbatims.columns import Columns, Flags, Numbers
from surveys.verbatims.facets import Found, Surveys, find, positions
from surveys.verbatims.filters import MOST_VALUES, Asked, Filter, parse
from surveys.verbatims.linked import linked_ids

PAGE = 50


@dataclass(frozen=True)
class SurveyNames:
    """Every survey's slug and name."""

    surveys: Surveys
    names: dict[str, str]


@dataclass(frozen=True)
class Look:
    """What somebody asked to see, and what there is of it."""

    asked: Asked
    columns: Columns
    found: Found
    surveys: SurveyNames
    page: int
    ids: tuple[int, ...]
    pains: Mapping[str, str] = field(default_factory=dict)  # titles, by id as the address has it

    @property
    def filter(self) -> Filter:
        """The part of the address that was understood."""
        return self.asked.filter

    @property
    def total(self) -> int:
        """How many verbatims the filter lets through."""
        return len(self.found.positions)

    @property
    def pages(self) -> int:
        """How many pages they fill, at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class Row:
    """A verbatim in the list."""

    id: int
    text: str
    language: str | None
    tag: str | None
    sentiment: str | None
    score: int | None
    metric: str | None
    country: str | None
    channel: str | None
    survey_id: int | None
    written_at: datetime
    themes: tuple[str, ...]


async def look(params: QueryParams, zone: ZoneInfo, opened: int | None = None) -> Look:
    """Read an address; the page is the one asked for, or the one on which the opened verbatim stands."""
    columns = _as_counted(await column_index.current(zone))
    surveys = await survey_names()
    pains = await _pains(params)
    asked = _asked(params, columns, surveys, pains)
    found = find(columns, asked.filter, surveys.surveys, await _members(asked.filter, zone))
    page = _page(params.get("page", ""), len(found.positions))
    if opened is not None:
        page = _page_of(columns, found, opened) or page
    shown = found.positions[(page - 1) * PAGE : page * PAGE]
    return Look(asked, columns, found, surveys, page, tuple(columns.ids[shown].tolist()), pains)


async def ids_for(params: QueryParams, zone: ZoneInfo) -> tuple[Asked, list[int]]:
    """The ids of all that an address shows, newest first."""
    columns = _as_counted(await column_index.current(zone))
    surveys = await survey_names()
    asked = _asked(params, columns, surveys, await _pains(params))
    there = positions(columns, asked.filter, surveys.surveys, await _members(asked.filter, zone))
    found: list[int] = columns.ids[there].tolist()
    return asked, found


def _as_counted(columns: Columns) -> Columns:
    """The same columns with merged themes as what they count as, and without hidden ones."""
    if not taxonomy().moved:
        return columns
    themes: dict[str, Flags] = {}
    for code, flags in columns.themes.items():
        counted = taxonomy().counted(code)
        if counted is not None:
            themes[counted] = themes[counted] | flags if counted in themes else flags
    return replace(columns, themes=themes)


def _asked(params: QueryParams, columns: Columns, surveys: SurveyNames, pains: Mapping[str, str]) -> Asked:
    channels = columns.words["channel"].values[1:]
    return parse(params.multi_items(), surveys=surveys.names, channels=channels, pains=pains)


async def _pains(params: QueryParams) -> dict[str, str]:
    """The titles of the pain points that an address names and that there are."""
    written = [value.strip() for value in params.getlist("pain")[:MOST_VALUES]]
    ids = {int(value) for value in written if value.isascii() and value.isdigit() and len(value) < 10}
    return {str(key): str(name) for key, name in (await names_of(ids)).items()} if ids else {}


async def _members(wanted: Filter, zone: ZoneInfo) -> Numbers | None:
    """The ids of all that the filters of links let through, pain points among them; None when there is none of these."""
    pains = [int(value) for value in wanted.of("pain")]
    linked = await linked_ids(wanted, zone)
    if not pains:
        return None if linked is None else np.array(linked, np.int64)
    members = np.array(await verbatims_of(pains), np.int64)
    return members if linked is None else np.intersect1d(members, np.array(linked, np.int64))


async def survey_names() -> SurveyNames:
    """All surveys, by slug."""
    rows = await query("SELECT id, slug, name FROM survey ORDER BY id")
    slugs = {row["id"]: row["slug"] for row in rows}
    return SurveyNames(Surveys(slugs), {row["slug"]: row["name"] for row in rows})


def _page(written: str, total: int) -> int:
    asked = int(written) if written.isascii() and written.isdigit() and len(written) < 8 else 1
    return min(max(1, asked), max(1, -(-total // PAGE)))


def _page_of(columns: Columns, found: Found, opened: int) -> int | None:
    position = int(columns.position(np.array([opened], np.int64))[0])
    place = int(np.searchsorted(found.positions, position))
    is_there = place < len(found.positions) and found.positions[place] == position
    return place // PAGE + 1 if is_there else None


async def rows_of(ids: Sequence[int]) -> list[Row]:
    """The rows with these ids, in this order; those that went meanwhile are left out."""
    if not ids:
        return []
    places = ", ".join(["{}"] * len(ids))
    found = await query_tuples(
        "SELECT id, masked_text, language, language_best, sentiment, score, metric, country, channel, survey_id, "  # noqa: S608
        f"written_at FROM verbatim WHERE id IN ({places})",
        *ids,
    )
    themes = await themes_of(ids)
    rows = {row[0]: _row(tuple(row), themes.get(row[0], ())) for row in found}
    return [rows[key] for key in ids if key in rows]


def _row(values: tuple[Any, ...], themes: tuple[str, ...]) -> Row:
    key, text, language, best, sentiment, score, metric, country, channel, survey_id, written = values
    return Row(
        id=key,
        text=text,
        language=language,
        tag=tag(language, best),
        sentiment=sentiment,
        score=score,
        metric=metric,
        country=country,
        channel=channel,
        survey_id=survey_id,
        written_at=as_instant(written),
        themes=themes,
    )


def tag(language: str | None, best: str | None) -> str | None:
    """The language to declare for a text: what it is in, else the best guess, else nothing."""
    code = best if language in {None, "und", "mixed"} else language
    return code or None


async def themes_of(ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The themes of some verbatims as they count, in the order of their codes."""
    places = ", ".join(["{}"] * len(ids))
    rows = await query_tuples(
        f"SELECT verbatim_id, code FROM verbatim_theme WHERE verbatim_id IN ({places}) ORDER BY code",  # noqa: S608
        *ids,
    )
    themes: dict[int, tuple[str, ...]] = {}
    for key, code in rows:
        themes[key] = (*themes.get(key, ()), code)
    return {key: taxonomy().counted_codes(codes) for key, codes in themes.items()}


async def waiting() -> tuple[int, int]:
    """How many verbatims are still to be understood, and how many there are."""
    pending = await query("SELECT COUNT(*) AS n FROM verbatim WHERE due_at IS NOT NULL")
    if not pending[0]["n"]:
        return 0, 0
    total = await query("SELECT COUNT(*) AS n FROM verbatim")
    return int(pending[0]["n"]), int(total[0]["n"])
