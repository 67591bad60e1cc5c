"""The tables of groups laid out, of an edition and of the dashboard: scores with their interval, how they moved, on one axis.

A column stands only where it has something to say, and what holds for all rows is said once.
"""

from collections.abc import Callable, Iterable
from math import inf
from typing import Final

from markupsafe import Markup

from surveys.chance import NOW_AT_LEAST
from surveys.digests import charts, sentences
from surveys.digests.charts import Axis
from surveys.digests.group_moves import badge
from surveys.digests.page_one import mirrored
from surveys.digests.sentences import Figures
from surveys.i18n import capitalised, number, rounded
from surveys.i18n import gettext as _
from surveys.names import LANGUAGES, alphabetical, code_name, country_name, spoken_language_name, theme_name

ROW_WIDTH: Final = 26.0
# So many rows of a small table are printed, and so many stand in one column of a page.
LISTED, IN_COLUMN = 20, 44
LEFTOVERS: Final = frozenset({"unknown", "unassigned", "und", "mixed"})
TABLES: Final = ("regions", "cultures", "languages", "touchpoints", "segments")
# Why nothing is said of a change where nothing can be said of any, or where the row says why itself.
UNSAID: Final = frozenset({"history", "suppressed"})


def changes_axis(tables: Iterable[list[Figures]], width: float = ROW_WIDTH) -> Axis:
    """The one axis of all changes: to either side a round number beyond the longest whisker."""
    moved = [row["change"] for rows in tables for row in rows if row["status"] == "ok"]
    furthest = max((abs(change[end]) for change in moved for end in ("low", "high")), default=0.0)
    reach = max(10.0, 10.0 * (furthest // 10 + 1))
    return Axis(-reach, reach, width)


def axis_name(axis: Axis) -> str:
    """The head of the column of its charts."""
    return _("%(low)s to %(high)s points") % {
        "low": sentences.signed(axis.low),
        "high": sentences.signed(axis.high),
    }


def group_table(rows: list[Figures], named: Callable[[str], str], axis: Axis, everybody: Figures) -> Figures:
    """Rows by how far they moved, those that cannot be judged after them by name; never by level."""
    shown = [row for row in rows if not row["suppressed"]]
    laid = sorted((_group_row(row, named, axis, everybody) for row in shown), key=lambda row: row["order"])
    judged = sum(row["status"] == "ok" for row in shown)
    listed = spoken_within if named is spoken_name else named
    return {
        "rows": laid,
        "axis": axis_name(axis),
        "is_compared": any(row["verdict"] and not row["unsaid"] for row in laid),
        # Whether the order is that of changes; a chart of one row, or of few among many, compares nothing.
        "is_ordered": judged > 0,
        "is_drawn": judged > 1 and (judged > 2 or 2 * judged >= len(shown)),
        "has_before": any(row["before"] for row in laid),
        "has_themes": any(row["themes"] for row in laid),
        "has_countries": any(row["countries"] for row in laid),
        "is_hidden": any(row["nps"].get("suppressed") for row in shown),
        "few": hidden_sentence(listed(row["group"]) for row in rows if row["suppressed"]),
    }


def hidden_sentence(names: Iterable[str]) -> str | None:
    """The groups that are hidden, in one sentence."""
    told = sorted(names, key=alphabetical)
    if not told:
        return None
    return _("Hidden, because too few answered or it would reveal a group of too few: %(groups)s.") % {
        "groups": sentences.listed(told)
    }


def small_tables(figures: Figures, axis: Axis) -> list[list[list[Figures]]]:
    """Languages, touchpoints and segments, one under the other; in two columns where nothing is compared."""
    everybody = figures["tiles"]["nps"]["change"]
    kinds: tuple[tuple[str, str, str, Callable[[str], str]], ...] = (
        ("languages", _("By language"), _("Language"), spoken_name),
        ("touchpoints", _("By touchpoint"), _("Touchpoint"), code_name),
        ("segments", _("By segment"), _("Segment"), code_name),
    )
    found = [
        {"title": title, "group": group, **_small(figures[key], named, axis, everybody)}
        for key, title, group, named in kinds
        if any(not row["suppressed"] for row in figures[key])
    ]
    if any(table["is_compared"] for table in found):
        return [[[table]] for table in found]
    return _beside(found)


def spoken_name(code: str) -> str:
    """A language at the head of a row."""
    return capitalised(spoken_language_name(code))


def spoken_within(code: str) -> str:
    """The same within a line, among others."""
    name = spoken_language_name(code)
    return sentences.within_a_line(name) if code in LANGUAGES else name


def _small(rows: list[Figures], named: Callable[[str], str], axis: Axis, everybody: Figures) -> Figures:
    shown = [row for row in rows if not row["suppressed"]]
    most = sorted(shown, key=lambda row: (-row["responses"], row["group"]))[:LISTED]
    gone = [row for row in rows if row["suppressed"]]
    inside = spoken_within if named is spoken_name else named
    return group_table([*most, *gone], named, axis, everybody) | {
        "is_cut": len(shown) > LISTED,
        "few": hidden_sentence(inside(row["group"]) for row in gone),
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


def _group_row(row: Figures, named: Callable[[str], str], axis: Axis, everybody: Figures) -> Figures:
    name, change, nps = named(row["group"]), row["change"], row["nps"]
    place, unsaid = alphabetical(name), _unsaid(nps)
    # What a reader can work out of the row; the change that is tested is drawn towards nothing (surveys/chance.py).
    now = nps if unsaid else sentences.measured_to("nps", nps, change)
    moved = float(rounded(now["score"]) - rounded(row["before"]["score"])) if row["before"] else None
    return {
        "name": name,
        "order": (0, -abs(moved), place)
        if moved is not None
        else (2 if row["group"] in LEFTOVERS else 1, 0.0, place),
        "link": row.get("link"),
        "n": number(row["responses"]),
        "score": None if unsaid else sentences.score("nps", nps),
        "unsaid": unsaid,
        "interval": None if unsaid else _interval(nps),
        "before": sentences.signed(row["before"]["score"]) if row["before"] else None,
        "before_n": sentences.counted(row["before"]["n"]) if row["before"] else None,
        "verdict": None
        if change["reason"] in UNSAID
        else sentences.verdict_of_part(_verdict(change, everybody), "nps", nps, change),
        "moved": None
        if moved is None
        else sentences.noted(sentences.gained(moved), str(_between(change, sentences.gained))),
        "arrow": change["arrow"],
        "chart": None if moved is None else _chart(name, moved, change, axis),
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
            for each in row.get("countries", ())
        ],
        "more_countries": sentences.more_countries(row),
    }


def _unsaid(nps: Figures) -> str | None:
    """What stands in place of a group's NPS; None where that is told."""
    if nps.get("suppressed"):
        return _("hidden")
    return None if nps["n"] else _("no NPS answers")


def _interval(nps: Figures) -> str:
    """Between what a score lies, and on how many answers it stands."""
    ends = _between(nps)
    n = sentences.counted(nps["n"])
    return n if ends is None else sentences.noted(ends, n)


def _between(figure: Figures, write: Callable[[float], str] = sentences.signed) -> str | None:
    if figure["low"] is None or figure["high"] is None:
        return None
    return _("%(low)s to %(high)s") % {"low": write(figure["low"]), "high": write(figure["high"])}


def _verdict(change: Figures, everybody: Figures) -> str:
    said = sentences.group_verdict(change, everybody)
    few = change["reason"] == "too_few" and 0 < change["n_now"] < NOW_AT_LEAST
    # How few stands beside it; another reason than their number is said as it is.
    return _("too few to say") if few and said == sentences.why_not(change) else said


def _chart(name: str, moved: float, change: Figures, axis: Axis) -> Markup:
    return charts.change_whisker(
        moved,
        (change["low"], change["high"]),
        axis,
        sentences.labelled(name, sentences.verdict(change)),
        arrow=change["arrow"],
        mirrored=mirrored(),
    )
