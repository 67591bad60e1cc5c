"""Charts as SVG shapes, never with text in them: labels are HTML beside them, shaped right in every script.

Each function gives an `<svg>` of a stated size in millimetres. `mirrored` turns it for right-to-left editions. What a
chart shows is also in a table or sentence beside it; its `<title>` becomes the alternative text of the PDF.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from surveys.templating import STATIC

Interval = tuple[float, float]


_accent: ContextVar[str] = ContextVar("accent", default="")


def palette() -> dict[str, str]:
    """The colours for paper: ours, with the organisation's own accent where it has one."""
    return {**_tokens(), "accent": _accent.get() or _tokens()["accent"]}


@contextmanager
def accented(colour: str) -> Iterator[None]:
    """Charts are drawn with this accent meanwhile; an empty one is ours."""
    token = _accent.set(colour)
    try:
        yield
    finally:
        _accent.reset(token)


@cache
def _tokens() -> dict[str, str]:
    """The colours of static/tokens.css: an SVG in a PDF knows no CSS variables."""
    light = (STATIC / "tokens.css").read_text("utf-8").partition("@media")[0]
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-fA-F]{6})", light))


@dataclass(frozen=True)
class Picture:
    """Shapes on a ground of so many millimetres; mirrored about its middle when asked."""

    shapes: str
    width: float
    height: float
    mirrored: bool = False

    def svg(self, title: str = "") -> Markup:
        """The picture as an element of its own."""
        inner = self.shapes
        if self.mirrored:
            inner = f'<g transform="translate({self.width} 0) scale(-1 1)">{inner}</g>'
        said = f"<title>{escape(title)}</title>" if title else ""
        return Markup(  # noqa: S704 - numbers of our own and one escaped title
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}mm" height="{self.height}mm" '
            f'viewBox="0 0 {self.width} {self.height}" role="img">{said}{inner}</svg>'
        )


_pictures: ContextVar[dict[str, Picture] | None] = ContextVar("pictures", default=None)


@contextmanager
def apart() -> Iterator[dict[str, Picture]]:
    """Charts are named by an address meanwhile, not written into the text: the same shapes have the same."""
    pictures: dict[str, Picture] = {}
    token = _pictures.set(pictures)
    try:
        yield pictures
    finally:
        _pictures.reset(token)


@dataclass(frozen=True)
class Axis:
    """Where a value lies on a strip of a given width."""

    low: float
    high: float
    width: float

    def x(self, value: float) -> float:
        """Millimetres from the start, kept within the strip."""
        span = self.high - self.low
        share = 0.5 if span <= 0 else (min(max(value, self.low), self.high) - self.low) / span
        return round(share * self.width, 2)


def svg(shapes: str, width: float, height: float, title: str, *, mirrored: bool = False) -> Markup:
    """A chart as the text has it: an SVG, or the address of one that is kept apart."""
    picture = Picture(shapes, width, height, mirrored)
    pictures = _pictures.get()
    if pictures is None:
        return picture.svg(title)
    address = f"polyvox:chart/{hashlib.sha256(repr(picture).encode()).hexdigest()[:20]}"
    pictures[address] = picture
    return Markup('<img src="{}" alt="{}" />').format(address, title)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 0.35) -> str:
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}" '
        'stroke-linecap="round"/>'
    )


def _rect(x: float, y: float, width: float, height: float, colour: str, *, round_by: float = 0.5) -> str:
    return (
        f'<rect x="{round(x, 2)}" y="{y}" width="{round(max(width, 0.01), 2)}" height="{height}" '
        f'rx="{round_by}" fill="{colour}"/>'
    )


def _interval(start: float, end: float, middle: float, reach: float, colour: str) -> str:
    """An interval with its ends, as one shape: a page has fifty of them."""
    strokes = (
        (start, middle, end, middle),
        *((at, middle - reach, at, middle + reach) for at in (start, end)),
    )
    path = "".join(f"M{x1} {y1:g}L{x2} {y2:g}" for x1, y1, x2, y2 in strokes)
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="0.4" stroke-linecap="round"/>'


def whisker(
    value: float | None,
    interval: Interval | None,
    axis: Axis,
    title: str,
    *,
    before: float | None = None,
    zero: float | None = None,
    mirrored: bool = False,
) -> Markup:
    """A score on its scale: a dot with its interval, a tick where it stood before."""
    colours, middle, height = palette(), 3.0, 6.0
    shapes = [_rect(0, middle - 0.3, axis.width, 0.6, colours["rule"], round_by=0.3)]
    if zero is not None:
        shapes.append(_line(axis.x(zero), middle - 1.2, axis.x(zero), middle + 1.2, colours["edge"], 0.2))
    if before is not None:
        shapes.append(_line(axis.x(before), middle - 2.2, axis.x(before), middle + 2.2, colours["edge"], 0.5))
    if interval is not None:
        start, end = axis.x(interval[0]), axis.x(interval[1])
        shapes.append(_line(start, middle, end, middle, colours["ink"], 0.7))
        shapes += [
            _line(end_at, middle - 1, end_at, middle + 1, colours["ink"], 0.4) for end_at in (start, end)
        ]
    if value is not None:
        shapes.append(
            f'<circle cx="{axis.x(value)}" cy="{middle}" r="1.5" fill="{colours["ink"]}" '
            f'stroke="{colours["paper"]}" stroke-width="0.4"/>'
        )
    return svg("".join(shapes), axis.width, height, title, mirrored=mirrored)


def slope(
    before: float,
    now: float,
    interval: Interval | None,
    axis: Axis,
    title: str,
    *,
    arrow: str,
    complaints: bool = False,
    mirrored: bool = False,
) -> Markup:
    """Then and now on two uprights with a line between; `axis` runs upwards, the whisker is that of now.

    More complaints have the colour of bad.
    """
    colours, width, margin = palette(), 30.0, 2.0
    height = axis.width + 2 * margin
    up, down = ("negative", "positive") if complaints else ("positive", "negative")
    colour = {"up": colours[up], "down": colours[down]}.get(arrow, colours["muted"])
    left, right = 4.0, width - 4.0
    then, at = (round(height - margin - axis.x(value), 2) for value in (before, now))
    shapes = [_line(x, margin, x, height - margin, colours["rule"], 0.25) for x in (left, right)]
    shapes.append(_line(left, then, right, at, colour, 0.7))
    if interval is not None:
        low, high = (round(height - margin - axis.x(end), 2) for end in interval)
        shapes.append(_line(right, low, right, high, colours["ink"], 0.4))
        shapes += [_line(right - 0.9, end, right + 0.9, end, colours["ink"], 0.4) for end in (low, high)]
    shapes.append(
        f'<circle cx="{left}" cy="{then}" r="1.1" fill="{colours["paper"]}" stroke="{colour}" stroke-width="0.5"/>'
    )
    shapes.append(direction_shape(arrow, right, at, colour, 1.3))
    return svg("".join(shapes), width, height, title, mirrored=mirrored)


def share_bar(
    share: float,
    interval: Interval,
    axis: Axis,
    title: str,
    *,
    before: float | None = None,
    height: float = 4.0,
    mirrored: bool = False,
) -> Markup:
    """A share of the answers as a bar with its interval, and a tick where it stood before."""
    colours, middle = palette(), height / 2
    shapes = [
        _rect(0, 0.4, axis.width, height - 0.8, colours["quiet"]),
        _rect(0, 0.4, axis.x(share), height - 0.8, colours["negative"]),
    ]
    shapes.append(_interval(axis.x(interval[0]), axis.x(interval[1]), middle, 0.7, colours["ink"]))
    if before is not None:
        shapes.append(_line(axis.x(before), 0.1, axis.x(before), height - 0.1, colours["muted"], 0.5))
    return svg("".join(shapes), axis.width, height, title, mirrored=mirrored)


def change_whisker(
    delta: float, interval: Interval, axis: Axis, title: str, *, arrow: str, mirrored: bool = False
) -> Markup:
    """How far a group moved from its own past: a shape by direction, hollow when there is no clear change."""
    colours, middle, height = palette(), 2.5, 5.0
    zero, at = axis.x(0), axis.x(delta)
    start, end = axis.x(interval[0]), axis.x(interval[1])
    colour = {"up": colours["positive"], "down": colours["negative"]}.get(arrow, colours["muted"])
    shapes = [
        _line(0, middle, axis.width, middle, colours["rule"], 0.2),
        _line(zero, 0.2, zero, height - 0.2, colours["edge"], 0.25),
        _line(start, middle, end, middle, colour, 0.6),
        direction_shape(arrow, at, middle, colour),
    ]
    return svg("".join(shapes), axis.width, height, title, mirrored=mirrored)


def direction_shape(arrow: str, x: float, y: float, colour: str, size: float = 1.4) -> str:
    """A triangle up or down, or a hollow circle: never colour alone."""
    if arrow == "up":
        return (
            f'<polygon points="{x - size},{y + size} {x + size},{y + size} {x},{y - size}" fill="{colour}"/>'
        )
    if arrow == "down":
        return (
            f'<polygon points="{x - size},{y - size} {x + size},{y - size} {x},{y + size}" fill="{colour}"/>'
        )
    return f'<circle cx="{x}" cy="{y}" r="{size * 0.75}" fill="{palette()["paper"]}" stroke="{colour}" stroke-width="0.45"/>'


def sign(arrow: str, title: str, *, complaints: bool = False) -> Markup:
    """The shape alone, for a line of words; more complaints are no good news, and have the colour of bad."""
    colours = palette()
    up, down = ("negative", "positive") if complaints else ("positive", "negative")
    colour = {"up": colours[up], "down": colours[down]}.get(arrow, colours["edge"])
    return svg(direction_shape(arrow, 1.5, 1.5, colour, 1.2), 3, 3, title)


# Shades from nothing to the most (`--heat-0` on in tokens.css); on those from here on, words are light.
SHADES, DARK_FROM = 8, 6
CELL, CELL_HEIGHT = 12.0, 4.4


def shade(share: float, most: float) -> int:
    """Which of the shades a share has."""
    return min(SHADES - 1, int(SHADES * share / most))


def blank_cell(title: str, *, is_hidden: bool = False, mirrored: bool = False) -> Markup:
    """A week of a theme without a figure: hatched where it is hidden, blank where there is nothing."""
    colours, (wide, high) = palette(), (CELL, CELL_HEIGHT)
    shapes = [_rect(0.3, 0.3, wide - 0.6, high - 0.6, colours["paper"], round_by=0)]
    if is_hidden:
        # Lines that rise by the height, each cut where the cell ends.
        span = high - 0.6
        for at in (0.3 - span + 1.3 * place for place in range(1, 12)):
            left, right = max(at, 0.3), min(at + span, wide - 0.3)
            down, up = (round(high - 0.3 - (x - at), 2) for x in (left, right))
            shapes.append(_line(round(left, 2), down, round(right, 2), up, colours["edge"], 0.2))
    shapes.append(
        f'<rect x="0.3" y="0.3" width="{round(wide - 0.6, 2)}" height="{round(high - 0.6, 2)}" fill="none" '
        f'stroke="{colours["edge"]}" stroke-width="0.15"/>'
    )
    return svg("".join(shapes), wide, high, title, mirrored=mirrored)


def heat_scale(title: str, *, mirrored: bool = False) -> Markup:
    """The shades side by side."""
    colours, wide = palette(), 4.0
    shapes = [
        f'<rect x="{0.2 + wide * place}" y="0.3" width="{wide}" height="{round(CELL_HEIGHT - 0.6, 2)}" '
        f'fill="{colours[f"heat-{place}"]}" stroke="{colours["edge"]}" stroke-width="0.15"/>'
        for place in range(SHADES)
    ]
    return svg("".join(shapes), wide * SHADES + 0.4, CELL_HEIGHT, title, mirrored=mirrored)


def count_bar(count: float, axis: Axis, title: str, *, quiet: bool = False, mirrored: bool = False) -> Markup:
    """A count as a plain bar."""
    colour = palette()["edge" if quiet else "muted"]
    return svg(_rect(0, 0.4, axis.x(count), 2.6, colour), axis.width, 3.4, title, mirrored=mirrored)


MOOD_ORDER = ("negative", "mixed", "neutral", "positive", "unknown")


def _mood_fill(mood: str) -> str:
    colours = palette()
    return {"mixed": "#d9a98f", "unknown": colours["quiet"]}.get(mood) or colours[mood]


def mood_bar(parts: Sequence[tuple[str, int]], width: float, title: str, *, mirrored: bool = False) -> Markup:
    """Sentiments side by side as parts of one bar, in a fixed order, so that grey print tells them too."""
    colours = palette()
    total = sum(count for _, count in parts) or 1
    x, shapes = 0.0, []
    for mood, count in parts:
        wide = width * count / total
        shapes.append(
            f'<rect x="{round(x + 0.2, 2)}" y="0.2" width="{round(max(wide - 0.4, 0.1), 2)}" height="5.6" '
            f'fill="{_mood_fill(mood)}" stroke="{colours["edge"]}" stroke-width="0.15"/>'
        )
        x += wide
    return svg("".join(shapes), width, 6, title, mirrored=mirrored)


def swatch(mood: str, title: str) -> Markup:
    """The key of a sentiment: its colour in its shape, down for negative and up for positive."""
    fill, edge = _mood_fill(mood), palette()["edge"]
    shape = {
        "negative": direction_shape("down", 1.6, 1.6, fill),
        "positive": direction_shape("up", 1.6, 1.6, fill),
    }
    ring = f'<circle cx="1.6" cy="1.6" r="1.25" fill="{fill}" stroke="{edge}" stroke-width="0.15"/>'
    return svg(shape.get(mood, ring), 3.2, 3.2, title)
