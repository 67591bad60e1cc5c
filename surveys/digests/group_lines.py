"""The tables of groups laid out: regions and cultures with charts, languages, touchpoints and segments small, side by side."""

from collections.abc import Callable
from math import inf
from typing import Final

from surveys.chance import NOW_AT_LEAST
from surveys.digests import charts, sentences
from surveys.digests.charts import Axis
from surveys.digests.group_moves import badge
from surveys.digests.page_one import mirrored
from surveys.digests.sentences import Figures
from surveys.i18n import capitalised, number
from surveys.i18n import gettext as _
from surveys.names import alphabetical, country_name, spoken_language_name, theme_name

ROW_WIDTH: Final = 32.0
# So many rows of a small table are printed, and so many stand in one column of a page.
LISTED, IN_COLUMN = 20, 24
LEFTOVERS: Final = frozenset({"unknown", "unassigned", "und", "mixed"})


def reach(rows: list[Figures]) -> float:
    """How far the one axis of all changes goes to either side: a round number beyond the longest whisker."""
    deltas = [abs(row["change"][end]) for row in rows if row["status"] == "ok" for end in ("low", "high")]
    return max(10.0, 10.0 * (max(deltas, default=0.0) // 10 + 1))


def group_rows(
    rows: list[Figures], named: Callable[[str], str], ends: float, everybody: Figures
) -> list[Figures]:
    """Rows by how far they moved, those that cannot be judged after them by name; never by level."""
    axis = Axis(-ends, ends, ROW_WIDTH)
    return sorted((_group_row(row, named, axis, everybody) for row in rows), key=lambda row: row["order"])


def small_tables(figures: Figures) -> list[list[list[Figures]]]:
    """Languages, touchpoints and segments in columns beside each other, as few pairs of columns as have room for them."""
    everybody = figures["tiles"]["nps"]["change"]
    kinds: tuple[tuple[str, str, str, Callable[[str], str]], ...] = (
        ("languages", _("By language"), _("Language"), spoken_name),
        ("touchpoints", _("By touchpoint"), _("Touchpoint"), str),
        ("segments", _("By segment"), _("Segment"), str),
    )
    found = [
        {"title": title, "group": group, **_small(figures[key], named, everybody)}
        for key, title, group, named in kinds
        if any(not row["suppressed"] for row in figures[key])
    ]
    return _beside(found)


def spoken_name(code: str) -> str:
    """A language at the head of a row."""
    return capitalised(spoken_language_name(code))


def _small(rows: list[Figures], named: Callable[[str], str], everybody: Figures) -> Figures:
    shown = [row for row in rows if not row["suppressed"]]
    most = sorted(shown, key=lambda row: (-row["responses"], row["group"]))[:LISTED]
    few = sorted((named(row["group"]) for row in rows if row["suppressed"]), key=alphabetical)
    laid = group_rows(most, named, reach(most), everybody)
    for row in laid:
        if row["score"] and row["is_few"]:
            # How few stands beside it.
            row["verdict"] = _("too few to say")
    return {
        "rows": laid,
        "is_cut": len(shown) > LISTED,
        "few": _("Hidden, because too few answered or it would reveal a group of too few: %(groups)s.")
        % {"groups": sentences.listed(few)}
        if few
        else None,
    }


def _beside(tables: list[Figures]) -> list[list[list[Figures]]]:
    """Tables in their order, in two columns of about one height; where these grow too high, the last one goes below."""

    def height(columns: list[list[Figures]]) -> float:
        return max((sum(len(table["rows"]) + 3 for table in column) for column in columns), default=inf)

    splits = [[tables[:at], tables[at:]] for at in range(1, len(tables))] or [[tables]]
    lowest = min(splits, key=height)
    if len(tables) > 2 and height(lowest) > IN_COLUMN:
        return [[[tables[0]], [tables[1]]], [tables[2:]]]
    return [lowest] if tables else []


def _before(before: Figures | None) -> str | None:
    if not before:
        return None
    n = sentences.unbroken(_("n = %(n)s") % {"n": number(before["n"])})
    return sentences.labelled(_("Before"), sentences.noted(sentences.signed(before["score"]), n))


def _group_row(row: Figures, named: Callable[[str], str], axis: Axis, everybody: Figures) -> Figures:
    name = named(row["group"])
    place = alphabetical(name)
    last = row["group"] in LEFTOVERS
    if row["suppressed"]:
        return {"name": name, "suppressed": True, "order": (4 if last else 3, 0.0, place)}
    change, nps = row["change"], row["nps"]
    judged = row["status"] == "ok"
    score = None if nps.get("suppressed") else sentences.score("nps", nps)
    return {
        "name": name,
        "suppressed": False,
        "order": (0, -abs(change["delta"]), place) if judged else (2 if last else 1, 0.0, place),
        "link": row.get("link"),
        "n": number(row["responses"]),
        "score": score,
        "nps_n": None if nps.get("suppressed") else number(nps["n"]),
        "before": sentences.signed(row["before"]["score"]) if row["before"] else None,
        "before_n": number(row["before"]["n"]) if row["before"] else None,
        "was": _before(row["before"]),
        "verdict": sentences.group_verdict(change, everybody),
        "is_few": change["reason"] == "too_few" and change["n_now"] < NOW_AT_LEAST,
        "arrow": change["arrow"],
        "chart": charts.change_whisker(
            change["delta"],
            (change["low"], change["high"]),
            axis,
            sentences.labelled(name, sentences.verdict(change)),
            arrow=change["arrow"],
            mirrored=mirrored(),
        )
        if judged
        else None,
        "themes": [
            {
                "name": theme_name(each["theme"]),
                "link": each.get("link"),
                "share": sentences.share_of(each["share"]),
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
