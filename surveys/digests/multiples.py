"""The first pain points by region as small charts on one axis: a row for each region, a cell for each pain point."""

from typing import Final

from surveys.digests import charts, sentences
from surveys.digests.charts import Axis
from surveys.digests.page_one import mirrored
from surveys.digests.sentences import Figures
from surveys.i18n import gettext as _
from surveys.i18n import percent
from surveys.names import alphabetical, region_name, theme_name

WIDTH: Final = 34.0


def multiples(pains: list[Figures]) -> Figures | None:
    """Regions in the order of their names; None where there are no shares by region to show."""
    if not pains or not pains[0]["by_region"]:
        return None
    parts = [each for pain in pains for each in pain["by_region"]]
    highest = max((each["high"] for each in parts if not _is_hidden(each)), default=0.0)
    axis = Axis(0.0, max(10.0, 10.0 * (highest // 10 + 1)), WIDTH)
    rows: dict[str, list[Figures]] = {}
    for pain in pains:
        clear = {
            place["group"]
            # The dashboard keeps only the clear ones.
            for place in (pain["places"] if "places" in pain else pain["standing_out"])
            if place["level"] == "region" and place["change"]["arrow"] == "up"
        }
        for each in pain["by_region"]:
            cell = _cell(each, axis) | {"stands_out": each["group"] in clear}
            rows.setdefault(each["group"], []).append(cell)
    told = {code: cells for code, cells in rows.items() if any(cell["chart"] for cell in cells)}
    if not told or not highest:
        return None
    named = [(region_name(code), cells) for code, cells in told.items()]
    ends = {"low": percent(0), "high": percent(axis.high / 100)}
    return {
        "themes": [theme_name(pain["theme"]) for pain in pains],
        "rows": sorted(named, key=lambda row: alphabetical(row[0])),
        "is_hidden": any(cell["chart"] is None for cells in told.values() for cell in cells),
        # A row of dashes tells nothing.
        "is_cut": len(told) < len(rows),
        "axis": _("%(low)s to %(high)s") % ends,
    }


def _is_hidden(part: Figures) -> bool:
    # Editions made before any was hidden do not say so.
    return bool(part.get("suppressed"))


def _cell(part: Figures, axis: Axis) -> Figures:
    if _is_hidden(part):
        return {"chart": None, "share": "–", "link": None}
    ends, said = (part["low"], part["high"]), sentences.shares(part)
    bar = charts.share_bar(part["share"], ends, axis, said, height=3.4, mirrored=mirrored())
    return {"chart": bar, "share": sentences.share_of(part["share"]), "link": part.get("link")}
