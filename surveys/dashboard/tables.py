"""The dashboard's tables by group: scores with n and interval, how they moved, charts on one axis, every number a link."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from surveys.digests import charts, sentences
from surveys.digests.charts import Axis
from surveys.digests.compare import Figures
from surveys.digests.group_moves import badge
from surveys.digests.page_one import mirrored
from surveys.i18n import gettext as _
from surveys.i18n import number
from surveys.names import alphabetical, country_name, theme_name

ROW_WIDTH: Final = 34.0
LEFTOVERS: Final = frozenset({"unknown", "unassigned", "und", "mixed"})
TABLES: Final = ("regions", "cultures", "languages", "touchpoints", "segments")
LEVEL: Final = {
    "regions": "region", "cultures": "culture", "languages": "language", "touchpoints": "touchpoint",
    "segments": "segment",
}  # fmt: skip


def group_tables(
    figures: Figures, named: Mapping[str, Callable[[str], str]], filters: Mapping[str, str]
) -> list[Figures]:
    """All tables that have rows, on one axis of change; a table of one group that is the whole view says nothing."""
    tables = [name for name in TABLES if figures[name] and LEVEL[name] not in filters]
    every = [row for name in tables for row in figures[name]]
    reach, usual = _reach(every), figures["tiles"]["nps"]["change"]
    axis = Axis(-reach, reach, ROW_WIDTH)
    ends = {"low": sentences.signed(-reach), "high": sentences.signed(reach)}
    return [
        {
            "code": name,
            "title": _titles()[name],
            "group": _groups()[name],
            "axis": _("%(low)s to %(high)s points") % ends,
            "rows": sorted(
                (
                    _row(row, named[LEVEL[name]], axis, usual)
                    for row in figures[name]
                    if not row["suppressed"]
                ),
                key=lambda row: row["order"],
            ),
            "few": _few(named[LEVEL[name]](row["group"]) for row in figures[name] if row["suppressed"]),
        }
        for name in tables
    ]


def _few(names: Iterable[str]) -> str | None:
    """The groups that are hidden, in one sentence."""
    told = sorted(names, key=alphabetical)
    return (
        _("Hidden, because too few answered or it would reveal a group of too few: %(groups)s.")
        % {"groups": sentences.listed(told)}
        if told
        else None
    )


def _titles() -> dict[str, str]:
    return {
        "regions": _("By region"),
        "cultures": _("By culture cluster"),
        "languages": _("By language"),
        "touchpoints": _("By touchpoint"),
        "segments": _("By segment"),
    }


def _groups() -> dict[str, str]:
    return {
        "regions": _("Region"),
        "cultures": _("Culture cluster (by country)"),
        "languages": _("Language"),
        "touchpoints": _("Touchpoint"),
        "segments": _("Segment"),
    }


def _reach(rows: list[Figures]) -> float:
    """How far the one axis of all changes goes to either side: a round number beyond the longest whisker."""
    deltas = [abs(row["change"][end]) for row in rows if row["status"] == "ok" for end in ("low", "high")]
    return max(10.0, 10.0 * (max(deltas, default=0.0) // 10 + 1))


def _row(row: Figures, named: Callable[[str], str], axis: Axis, everybody: Figures) -> Figures:
    """A group; first those that moved furthest, then those that cannot be judged by name; never by level."""
    name = named(row["group"])
    last = row["group"] in LEFTOVERS
    change, nps = row["change"], row["nps"]
    judged, shown = row["status"] == "ok", not nps.get("suppressed") and bool(nps["n"])
    verdict = sentences.group_verdict(change, everybody)
    return {
        "name": name,
        "order": (0, -abs(change["delta"]), alphabetical(name))
        if judged
        else (2 if last else 1, 0.0, alphabetical(name)),
        "n": number(row["responses"]),
        "link": row["link"],
        "score": sentences.score("nps", nps) if shown else None,
        "interval": _("%(low)s to %(high)s")
        % {"low": sentences.signed(nps["low"]), "high": sentences.signed(nps["high"])}
        if shown and nps["low"] is not None
        else None,
        "nps_n": number(nps["n"]) if shown else None,
        "before": sentences.signed(row["before"]["score"]) if row["before"] else None,
        "verdict": verdict,
        "arrow": change["arrow"],
        "chart": charts.change_whisker(
            change["delta"],
            (change["low"], change["high"]),
            axis,
            sentences.labelled(name, verdict),
            arrow=change["arrow"],
            mirrored=mirrored(),
        )
        if judged
        else None,
        "themes": [
            {
                "name": theme_name(each["theme"]),
                "share": sentences.share_of(each["share"]),
                "link": each["link"],
                "badge": badge(each["badge"]),
            }
            for each in row["themes"]
        ],
        "countries": [
            {"name": country_name(each["country"]), "n": number(each["n"])}
            for each in row.get("countries", [])
        ],
        "more_countries": sentences.more_countries(row),
    }
