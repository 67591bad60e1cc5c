"""The tables of groups laid out, of an edition and of the dashboard: scores with their interval, how they moved, on one axis.

A column stands only where it has something to say, and what holds for all rows is said once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from markupsafe import Markup

from surveys.chance import NOW_AT_LEAST
from surveys.digests import charts, sentences
from surveys.digests.axes import TABLES, changes_reach
from surveys.digests.charts import Axis
from surveys.digests.group_moves import VALUES, badge
from surveys.digests.page_one import mirrored
from surveys.digests.sentences import Figures
from surveys.i18n import capitalised, number, rounded
from surveys.i18n import gettext as _
from surveys.names import LANGUAGES, alphabetical, code_name, country_name, spoken_language_name, theme_name

ROW_WIDTH: Final = 26.0
# So many rows of a small table are printed, and so many stand in one column of a page.
LISTED, IN_COLUMN = 20, 44
LEFTOVERS: Final = frozenset({"unknown", "unassigned", "und", "mixed"})
# Why nothing is said of a change where nothing can be said of any, or where the row says why itself.
UNSAID: Final = frozenset({"history", "suppressed"})


@dataclass(frozen=True)
class Measure:
    """What all tables of groups of an edition are told by: one score, the one axis of its changes, how everybody's changed."""

    metric: str
    axis: Axis
    everybody: Figures

    @property
    def key(self) -> str:
        """The score among its figures."""
        return VALUES[self.metric][0]

    @property
    def digits(self) -> int:
        """The decimals of its changes."""
        return VALUES[self.metric][1]

    @property
    def axis_name(self) -> str:
        """The head of the column of its charts."""
        return _("%(low)s to %(high)s points") % {
            "low": sentences.signed(self.axis.low),
            "high": sentences.signed(self.axis.high),
        }

    def level(self, value: float) -> str:
        """A level as it is read."""
        return sentences.score(self.metric, {self.key: value}) or ""

    def gained(self, change: float) -> str:
        """A change as it is read."""
        return sentences.gained(change, self.digits)


def measure(figures: Figures, tables: Sequence[str] = TABLES, width: float = ROW_WIDTH) -> Measure:
    """Of an edition; the axis reaches as far to either side as the longest whisker of some of its tables needs."""
    # Editions made before this was told have NPS.
    metric = figures.get("scored", "nps")
    reach = changes_reach(figures, tables)
    return Measure(metric, Axis(-reach, reach, width), figures["tiles"][metric]["change"])


def group_table(rows: list[Figures], named: Callable[[str], str], by: Measure) -> Figures:
    """Rows by how far they moved, those that cannot be judged after them by name; never by level."""
    shown = [row for row in rows if not row["suppressed"]]
    laid = sorted((_group_row(row, named, by) for row in shown), key=lambda row: row["order"])
    judged = sum(row["status"] == "ok" for row in shown)
    listed = spoken_within if named is spoken_name else named
    return {
        "rows": laid,
        "score": by.metric.upper(),
        "has_scores": any(row[by.metric].get("suppressed") or row[by.metric]["n"] for row in shown),
        "axis": by.axis_name,
        "is_compared": any(row["verdict"] and not row["unsaid"] for row in laid),
        # Whether the order is that of changes; a chart of one row, or of few among many, compares nothing.
        "is_ordered": judged > 0,
        "is_drawn": judged > 1 and (judged > 2 or 2 * judged >= len(shown)),
        "has_before": any(row["before"] for row in laid),
        "has_themes": any(row["themes"] for row in laid),
        "has_countries": any(row["countries"] for row in laid),
        "is_hidden": any(row[by.metric].get("suppressed") for row in shown),
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


def small_tables(figures: Figures, by: Measure) -> list[list[list[Figures]]]:
    """Languages, touchpoints and segments, one under the other; in two columns where nothing is compared."""
    kinds: tuple[tuple[str, str, str, Callable[[str], str]], ...] = (
        ("languages", _("By language"), _("Language"), spoken_name),
        ("touchpoints", _("By touchpoint"), _("Touchpoint"), code_name),
        ("segments", _("By segment"), _("Segment"), code_name),
    )
    found = [
        {"title": title, "group": group, **_small(figures[key], named, by)}
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


def _small(rows: list[Figures], named: Callable[[str], str], by: Measure) -> Figures:
    shown = [row for row in rows if not row["suppressed"]]
    most = sorted(shown, key=lambda row: (-row["responses"], row["group"]))[:LISTED]
    gone = [row for row in rows if row["suppressed"]]
    inside = spoken_within if named is spoken_name else named
    return group_table([*most, *gone], named, by) | {
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


def _group_row(row: Figures, named: Callable[[str], str], by: Measure) -> Figures:
    name, change, told = named(row["group"]), row["change"], row[by.metric]
    place, unsaid = alphabetical(name), _unsaid(by.metric, told)
    moved = _moved(row, by)
    return {
        "name": name,
        "order": (0, -abs(moved), place)
        if moved is not None
        else (2 if row["group"] in LEFTOVERS else 1, 0.0, place),
        "link": row.get("link"),
        "n": number(row["responses"]),
        "score": None if unsaid else sentences.score(by.metric, told),
        "unsaid": unsaid,
        "interval": None if unsaid else _interval(told, by),
        "before": by.level(row["before"]["score"]) if row["before"] else None,
        "before_n": sentences.counted(row["before"]["n"]) if row["before"] else None,
        "verdict": None
        if change["reason"] in UNSAID
        else sentences.verdict_of_part(_verdict(change, by), by.metric, told, change),
        "moved": None
        if moved is None
        else sentences.noted(by.gained(moved), str(_between(change, by.gained))),
        "arrow": change["arrow"],
        "chart": None if moved is None else _chart(name, moved, change, by.axis),
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


def _moved(row: Figures, by: Measure) -> float | None:
    """How far a reader works out of the row that it moved; what is tested is drawn towards nothing (surveys/chance.py)."""
    if not row["before"]:
        return None
    now = sentences.measured_to(by.metric, row[by.metric], row["change"])[by.key]
    return float(rounded(now, by.digits) - rounded(row["before"]["score"], by.digits))


def _unsaid(metric: str, told: Figures) -> str | None:
    """What stands in place of a group's score; None where that is told."""
    if told.get("suppressed"):
        return _("hidden")
    return None if told["n"] else sentences.unanswered(metric)


def _interval(told: Figures, by: Measure) -> str:
    """Between what a score lies, and on how many answers it stands."""
    ends = _between(told, by.level)
    n = sentences.counted(told["n"])
    return n if ends is None else sentences.noted(ends, n)


def _between(figure: Figures, write: Callable[[float], str]) -> str | None:
    if figure["low"] is None or figure["high"] is None:
        return None
    return _("%(low)s to %(high)s") % {"low": write(figure["low"]), "high": write(figure["high"])}


def _verdict(change: Figures, by: Measure) -> str:
    said = sentences.group_verdict(by.metric, change, by.everybody)
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
