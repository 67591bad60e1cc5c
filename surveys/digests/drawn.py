"""Charts as the strokes that a PDF holds, drawn once for all languages of an edition.

WeasyPrint draws a chart inside the text anew in each document, of an edition's time a tenth. A picture that it finds among
those it has read it takes as it is: ours give it what it drew when they were first asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from xml.etree import ElementTree as ET

from surveys.digests.charts import Picture

# CSS pixels.
MILLIMETRE: Final = 96 / 25.4


@dataclass(frozen=True)
class Strokes:
    """A chart as operators of a PDF, and the opacities that they name: "a0.22" for areas, "A1" for lines."""

    operators: bytes
    opacities: tuple[str, ...]


@cache
def strokes(picture: Picture) -> Strokes | None:
    """What draws a picture at its own size; None for one that names more than opacities (a hatched area)."""
    from weasyprint.pdf.stream import Stream

    named: dict[str, dict[str, Any]] = {name: {} for name in ("ExtGState", "Pattern", "XObject", "Shading")}
    named["ColorSpace"] = {}
    stream = Stream({}, None, named, {}, None, {}, None)
    _svg(picture).draw(stream, picture.width * MILLIMETRE, picture.height * MILLIMETRE, None, None)
    opacities = named.pop("ExtGState")
    return None if any(named.values()) else Strokes(b"\n".join(stream.stream), tuple(opacities))


def _svg(picture: Picture) -> Any:
    from weasyprint.svg import SVG

    # Shapes of our own.
    return SVG(ET.fromstring(picture.svg()), None, None)  # noqa: S314


class Drawn:
    """A picture as WeasyPrint takes images."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.size = picture.width * MILLIMETRE, picture.height * MILLIMETRE

    def get_intrinsic_size(self, _resolution: float, _font_size: float) -> tuple[float, float, float]:
        """Width and height in CSS pixels, and what the one is of the other."""
        width, height = self.size
        return width, height, width / height

    def draw(self, stream: Any, width: float, height: float, _style: object) -> None:
        """Put it on the page, so wide and so high."""
        kept = strokes(self.picture)
        if kept is None:
            _svg(self.picture).draw(stream, width, height, None, None)
            return
        for name in kept.opacities:
            is_line = name.startswith("A")
            stream.set_alpha(float(name[1:]), stroke=is_line, fill=not is_line)
        if (width, height) != self.size:
            stream.transform(a=width / self.size[0], d=height / self.size[1])
        stream.stream.append(kept.operators)


def drawn(pictures: Mapping[str, Picture]) -> dict[str, Drawn]:
    """The pictures by their addresses."""
    return {address: Drawn(picture) for address, picture in pictures.items()}
