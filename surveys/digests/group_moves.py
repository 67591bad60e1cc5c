"""What moved in groups of answers beyond chance: the alerts of regions, cultures, countries, languages, touchpoints, segments.

Page one names the strongest of them, and a table lists them; most stand on no other page.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from surveys.digests import charts
from surveys.digests.group_names import group_name, level_name
from surveys.digests.sentences import Figures, counted, measured_to, noted, score, share_of, signed
from surveys.i18n import gettext as _
from surveys.i18n import number
from surveys.names import (
    metric_name,
    theme_name,
)

LISTED: Final = 8
# Places, a region first: countries stand in no table.
PLACES: Final = ("region", "country", "culture", "continent")
# What a score's base is called in a tile, and to how many decimals a change of it is told.
VALUES: Final = {"nps": ("score", 0), "csat": ("percent", 0), "ces": ("mean", 1)}
ROWS: Final = {
    "continent": "continents",
    "region": "regions",
    "culture": "cultures",
    "language": "languages",
    "touchpoint": "touchpoints",
    "segment": "segments",
}


def group_alerts(figures: Figures, whole: Collection[str] = ()) -> list[Figures]:
    """The alerts of groups, the surest first, then the largest change; of levels that are the whole view none."""
    found = [
        each
        for each in figures["findings"]
        if each["flag"] == "alert"
        and each["level"] not in {"all", *whole}
        and (each["theme"] or each["metric"])
        and not is_hidden(each, figures)
    ]
    return sorted(_folded(found), key=lambda each: (each["q"], -abs(each["delta"] or 0.0), -each["now"]["n"]))


def _folded(found: list[Figures]) -> list[Figures]:
    """One of alerts that are about the same people at several levels of places: a region's first."""
    kept: dict[tuple[Any, ...], str] = {}
    told = []
    for each in sorted(found, key=lambda each: PLACES.index(each["level"]) if each["level"] in PLACES else 0):
        counts = (
            (side["x"], side["n"], side["weeks"]) for side in (each["before"], {"weeks": 0} | each["now"])
        )
        same = (each["kind"], *_about(each), *counts, each["base"], each["delta"], each["p"])
        if each["level"] in PLACES and kept.setdefault(same, each["level"]) != each["level"]:
            continue
        told.append(each)
    return told


def news(figures: Figures, whole: Collection[str] = ()) -> list[Figures]:
    """The alerts of groups that are not about what is an alert of everybody, too."""
    of_all = {
        _about(each) for each in figures["findings"] if each["level"] == "all" and each["flag"] == "alert"
    }
    return [each for each in group_alerts(figures, whole) if _about(each) not in of_all]


def group_sentence(each: Figures, figures: Figures) -> str:
    """One alert of a group, in a sentence."""
    if each["theme"]:
        return _share_sentence(each)
    group, metric = group_name(each["level"], each["group"]), each["metric"].upper()
    if each["kind"] == "standing":
        return _(
            "%(group)s: over four weeks, %(metric)s moved beyond chance beside that of all others, by %(points)s points."
        ) % {"group": group, "metric": metric, "points": _delta(each)}
    fell, ends = each["arrow"] == "down", _ends(each, figures)
    if ends is None:
        sentence = (
            _("%(group)s: %(metric)s fell beyond chance, by %(points)s.")
            if fell
            else _("%(group)s: %(metric)s rose beyond chance, by %(points)s.")
        )
        points = number(abs(each["delta"]), VALUES[each["metric"]][1])
        return sentence % {"group": group, "metric": metric, "points": points}
    sentence = (
        _("%(group)s: %(metric)s fell beyond chance, from %(before)s to %(now)s.")
        if fell
        else _("%(group)s: %(metric)s rose beyond chance, from %(before)s to %(now)s.")
    )
    return sentence % {"group": group, "metric": metric, "before": ends[0], "now": ends[1]}


def _share_sentence(each: Figures) -> str:
    about = noted(theme_name(each["theme"]), group_name(each["level"], each["group"]))
    before, now = _share(each["before"]), _share(each["now"])
    if each["kind"] == "new" and now:
        return _("%(theme)s: new among the complaints, in %(now)s of answers.") % {"theme": about, "now": now}
    return complaints_moved(about, before, now, rose=each["arrow"] == "up")


def complaints_moved(about: str, before: str | None, now: str | None, *, rose: bool) -> str:
    """That complaints moved, from where and to where as far as that is told."""
    if now is None:
        said = (
            _("%(theme)s: complaints rose beyond chance.")
            if rose
            else _("%(theme)s: complaints fell beyond chance.")
        )
    elif before is None:
        said = (
            _("%(theme)s: complaints rose beyond chance, to %(now)s of answers.")
            if rose
            else _("%(theme)s: complaints fell beyond chance, to %(now)s of answers.")
        )
    else:
        said = (
            _("%(theme)s: complaints rose beyond chance, from %(before)s to %(now)s of answers.")
            if rose
            else _("%(theme)s: complaints fell beyond chance, from %(before)s to %(now)s of answers.")
        )
    return said % {"theme": about, "before": before, "now": now}


def group_asks(figures: Figures) -> list[str]:
    """What the worst of the groups' alerts ask of the reader: to find out why."""
    for each in news(figures):
        if each["theme"] and each["arrow"] == "up":
            about = noted(theme_name(each["theme"]), group_name(each["level"], each["group"]))
            return [_("Find out why complaints rose here: %(theme)s.") % {"theme": about}]
        if each["metric"] and each["arrow"] == "down":
            words = {"metric": each["metric"].upper(), "group": group_name(each["level"], each["group"])}
            return [_("Find out why %(metric)s fell here: %(group)s.") % words]
    return []


def moved_in_groups(figures: Figures) -> Figures | None:
    """The table of what moved in groups; None where nothing did."""
    found = group_alerts(figures)
    if not found:
        return None
    return {"rows": [_line(each, figures) for each in found[:LISTED]], "more": len(found) > LISTED}


def _line(each: Figures, figures: Figures) -> Figures:
    is_score = each["theme"] is None
    ends = _ends(each, figures) if is_score else (_share(each["before"]), _share(each["now"]))
    word = direction(each["kind"], each["arrow"])
    told = word if not is_score or ends is not None else noted(word, _delta(each))
    if each["kind"] == "standing":
        what = _("NPS over four weeks, beside how all others moved")
    else:
        what = metric_name(each["metric"]) if is_score else theme_name(each["theme"])
    return {
        "where": group_name(each["level"], each["group"]),
        "level": level_name(each["level"]),
        "link": each.get("link"),
        "what": what,
        "before": ends[0] if ends else None,
        "now": ends[1] if ends else None,
        **_counted(each, figures, ends),
        "verdict": told,
        "arrow": each["arrow"],
        "complaints": not is_score,
    }


def direction(kind: str, arrow: str) -> str:
    """Which way something moved, in a word or two."""
    if kind == "new":
        return _("new, beyond chance")
    return _("rose, beyond chance") if arrow == "up" else _("fell, beyond chance")


def badge(kind: str | None) -> Figures | None:
    """The mark of a group's theme that is an alert, with its word."""
    if kind is None:
        return None
    word, arrow = badge_word(kind), "down" if kind == "fading" else "up"
    return {"word": word, "sign": charts.sign(arrow, word, complaints=True)}


def badge_word(kind: str) -> str:
    """Of a theme that is an alert."""
    return {"rising": _("rising"), "new": _("new"), "fading": _("fading")}[kind]


def _about(each: Figures) -> tuple[str | None, str | None]:
    return each["theme"], each["metric"]


def _row(each: Figures, figures: Figures) -> Mapping[str, Any] | None:
    rows: list[Figures] = figures[ROWS[each["level"]]] if each["level"] in ROWS else []
    return next((row for row in rows if row["group"] == each["group"]), None)


def is_hidden(each: Figures, figures: Figures) -> bool:
    """Whether the group's table hides what the finding is about."""
    row = _row(each, figures)
    return row is not None and bool(
        row["suppressed"] or (each["metric"] and row[each["metric"]].get("suppressed"))
    )


def _ends(each: Figures, figures: Figures) -> tuple[str, str] | None:
    """A group's score before and now; None where it stands in no table."""
    row, base = _row(each, figures), each.get("base")
    if row is None or base is None or each["kind"] != "score":
        return None
    now = score(each["metric"], measured_to(each["metric"], row[each["metric"]], _change_of(each)))
    before = score(each["metric"], {VALUES[each["metric"]][0]: base})
    return None if now is None or before is None else (before, now)


def _counted(each: Figures, figures: Figures, ends: tuple[str | None, str | None] | None) -> Figures:
    """How many answers either side stands on, where it is told."""
    row, (before, now) = _row(each, figures), ends or (None, None)
    side = each["now"]
    if row is not None and each["metric"] and now:
        side = measured_to(each["metric"], row[each["metric"]], _change_of(each))
    return {
        "before_n": counted(each["before"]["n"]) if before else None,
        "now_n": counted(side["n"]) if now else None,
    }


def _change_of(each: Figures) -> Figures:
    """What a finding tells of its change, as the change calls it."""
    return {"score": each.get("score"), "n_now": each["now"]["n"]}


def _delta(each: Figures) -> str:
    return signed(each["delta"], VALUES[each["metric"]][1])


def _share(side: Figures) -> str | None:
    share = side.get("share")
    return None if share is None else share_of(share)
