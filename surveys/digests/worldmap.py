"""The world by M49 regions as SVG shapes: what changed where, and how many answers came from there.

Outlines are Natural Earth's by world-atlas, put there by bin/install; without the file there is no map, only its table.
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from babel.core import get_global
from markupsafe import Markup

from surveys.digests.charts import direction_shape, palette, svg
from surveys.i18n import gettext as _
from surveys.places import region

OUTLINES: Final = Path(__file__).parents[1] / "data" / "vendor" / "countries-110m.json"
WIDTH, HEIGHT = 174.0, 82.0
# Where a region's circle stands: about its middle, in degrees.
MIDDLES: Final[Mapping[str, tuple[float, float]]] = {
    "005": (-59, -14),
    "011": (-1, 13),
    "013": (-92, 17),
    "014": (37, -2),
    "015": (13, 28),
    "017": (19, 0),
    "018": (23, -27),
    "021": (-100, 45),
    "029": (-69, 20),
    "030": (107, 37),
    "034": (77, 23),
    "035": (110, 6),
    "039": (14, 42),
    "053": (143, -27),
    "054": (158, -9),
    "057": (165, 8),
    "061": (-165, -16),
    "143": (68, 45),
    "145": (44, 29),
    "151": (40, 56),
    "154": (12, 62),
    "155": (5, 48),
}
Point = tuple[float, float]
# Degrees: an eighth of a millimetre, less than a line is wide. And the points of an island that is left as it is.
UNSEEN: Final = 0.25
SMALLEST: Final = 6
# Natural Earth draws French Guiana as a part of France; M49 has it, as its answers are counted, in South America.
TROPIC: Final = 23.4
QUIET_LAND: Final = "#efede8"  # between the tokens quiet and rule: land from which nobody answered


class Spot(NamedTuple):
    """What the map shows of a region."""

    answers: int
    arrow: str  # up, down, none, too_few, suppressed


class Outline(NamedTuple):
    """The land of one M49 region as the `d` of a path."""

    region: str
    path: str


def regions_map(regions: Sequence[Mapping[str, Any]]) -> Markup | None:
    """The map of the digest's rows of regions."""
    spots = {
        row["group"]: Spot(
            row["responses"] or 0, "suppressed" if row["suppressed"] else row["change"]["arrow"]
        )
        for row in regions
    }
    return world(spots, _("Map of the world: answers by region. The table after it says the same."))


def world(spots: Mapping[str, Spot], title: str) -> Markup | None:
    """The map; None where it may show no answers, or when its outlines are not installed."""
    if all(spot.arrow == "suppressed" for spot in spots.values()) or not OUTLINES.exists():
        return None
    colours = palette()
    shapes = [_hatching(colours["edge"], colours["paper"])]
    for outline in _outlines():
        fill = _fill(spots.get(outline.region), colours)
        shapes.append(
            f'<path d="{outline.path}" fill="{fill}" stroke="{colours["paper"]}" stroke-width="0.1"/>'
        )
    most = max((spot.answers for spot in spots.values()), default=0)
    shapes += [_circle(code, spot, most, colours) for code, spot in sorted(spots.items()) if code in MIDDLES]
    return svg("".join(shapes), WIDTH, HEIGHT, title)


def _fill(spot: Spot | None, colours: Mapping[str, str]) -> str:
    if spot is None:
        return QUIET_LAND
    if spot.arrow == "suppressed":
        return "url(#few)"
    return {"up": colours["positive"], "down": colours["negative"]}.get(spot.arrow, colours["rule"])


def _hatching(line: str, ground: str) -> str:
    return (
        '<defs><pattern id="few" width="1.2" height="1.2" patternUnits="userSpaceOnUse">'
        f'<rect width="1.2" height="1.2" fill="{ground}"/>'
        f'<path d="M0 1.2 L1.2 0" stroke="{line}" stroke-width="0.2"/></pattern></defs>'
    )


def _circle(code: str, spot: Spot, most: int, colours: Mapping[str, str]) -> str:
    """Area by the number of answers; inside it the direction, where there is one."""
    if spot.arrow == "suppressed" or not most:
        return ""
    x, y = _placed(MIDDLES[code])
    radius = round(max(1.0, 6.0 * math.sqrt(spot.answers / most)), 2)
    ring = (
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colours["accent"]}" fill-opacity="0.22" '
        f'stroke="{colours["accent"]}" stroke-width="0.35"/>'
    )
    if spot.arrow in ("up", "down"):
        return ring + direction_shape(spot.arrow, x, y, colours["ink"], 1.4)
    return ring


@cache
def _outlines() -> tuple[Outline, ...]:
    """Each region's land, decoded from TopoJSON and projected once per process."""
    world_map = json.loads(OUTLINES.read_text("utf-8"))
    arcs = _arcs(world_map)
    borders: dict[str, list[int]] = {}
    for country in world_map["objects"]["countries"]["geometries"]:
        code = _iso2(country)
        for polygon in country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]:
            is_guiana = code == "FR" and _along(polygon[0][0], arcs)[0][1] < TROPIC
            place = region("GF" if is_guiana else code)
            if place is not None:
                borders.setdefault(place.leaf_code, []).extend(number for ring in polygon for number in ring)
    return tuple(
        Outline(code, "".join(_ring(ring, arcs) for ring in _around(numbers, arcs)))
        for code, numbers in sorted(borders.items())
    )


def _iso2(country: Mapping[str, Any]) -> str | None:
    """Natural Earth numbers countries as ISO does; Kosovo has no number."""
    if "id" in country:
        found = get_global("territory_aliases").get(country["id"])
        return str(found[0]) if found else None
    return "XK" if country["properties"].get("name") == "Kosovo" else None


def _arcs(world_map: Mapping[str, Any]) -> list[list[Point]]:
    """Degrees; TopoJSON keeps whole-number steps from point to point, scaled and shifted."""
    (wide, high), (left, bottom) = world_map["transform"]["scale"], world_map["transform"]["translate"]
    arcs = []
    for steps in world_map["arcs"]:
        x = y = 0
        points = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            points.append((x * wide + left, y * high + bottom))
        arcs.append(_plainer(points))
    return arcs


def _plainer(arc: list[Point]) -> list[Point]:
    """A line without the points that nobody would miss in print (Ramer 1972; Douglas and Peucker 1973).

    Neighbours share their lines, so that no gap opens between them.
    """
    first, last = arc[0], arc[-1]
    away, at = max(
        ((_distance(point, first, last), place) for place, point in enumerate(arc[1:-1], 1)), default=(0.0, 0)
    )
    if away > UNSEEN or (first == last and len(arc) > SMALLEST):
        return _plainer(arc[: at + 1])[:-1] + _plainer(arc[at:])
    return arc if len(arc) <= SMALLEST and first == last else [first, last]


def _distance(point: Point, first: Point, last: Point) -> float:
    """From a point to the line between two others, or to both where they are one; degrees."""
    (x, y), (left, low), (right, high) = point, first, last
    length = math.hypot(right - left, high - low)
    if not length:
        return math.hypot(x - left, y - low)
    return abs((right - left) * (low - y) - (left - x) * (high - low)) / length


def _around(borders: list[int], arcs: list[list[Point]]) -> list[list[int]]:
    """The rings around a region, of the borders of all its countries: one between two of them is there in both directions."""
    own = set(borders)
    leaving: dict[Point, list[int]] = {}
    for number in borders:
        if ~number not in own:
            leaving.setdefault(_along(number, arcs)[0], []).append(number)
    rings = []
    for start in list(leaving):
        while leaving[start]:
            ring = [leaving[start].pop()]
            while (corner := _along(ring[-1], arcs)[-1]) != start:
                ring.append(leaving[corner].pop())
            rings.append(ring)
    return rings


def _along(number: int, arcs: list[list[Point]]) -> list[Point]:
    """The points of an arc; a negative number means it backwards."""
    return arcs[number] if number >= 0 else arcs[~number][::-1]


def _ring(ring: list[int], arcs: list[list[Point]]) -> str:
    """One outline as path data.

    Where land crosses the 180th meridian (Chukotka, Fiji) longitude goes on beyond it, or a line would cross the map.
    """
    points: list[Point] = []
    shift, before = 0.0, None
    for number in ring:
        arc = _along(number, arcs)
        for longitude, latitude in arc[1:] if points else arc:
            if before is not None and abs(longitude - before) > 180:
                shift += 360.0 if longitude < before else -360.0
            before = longitude
            points.append(_placed((longitude + shift, latitude)))
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in dict.fromkeys(points)) + "Z"


# Equal Earth (Savric, Patterson and Jenny 2018): areas are true, so no region looks more than it is.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
FULL_WIDTH = 5.412  # of the projection at the equator, in its own unit


def _placed(point: Point) -> Point:
    """Degrees to millimetres on the map; Antarctica falls off its lower edge."""
    longitude, latitude = math.radians(point[0]), math.radians(max(-60.0, min(84.0, point[1])))
    root3 = math.sqrt(3)
    t = math.asin(root3 / 2 * math.sin(latitude))
    t2 = t * t
    t6 = t2 * t2 * t2
    down = 9 * A4 * t6 * t2 + 7 * A3 * t6 + 3 * A2 * t2 + A1
    x = 2 * root3 * longitude * math.cos(t) / (3 * down)
    y = t * (A4 * t6 * t2 + A3 * t6 + A2 * t2 + A1)
    unit = WIDTH / FULL_WIDTH
    return round(WIDTH / 2 + x * unit, 1), round(47 - y * unit, 1)
