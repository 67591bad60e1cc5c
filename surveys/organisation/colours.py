"""An organisation's own colours: whether they can be read on white paper, and what would be dark enough."""

import re
from typing import Final

COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
# WCAG 2.2 on white: 1.4.3 for words, 1.4.11 for lines and shapes.
WORDS, SHAPES = 4.5, 3.0


def colour_of(text: str) -> str | None:
    """A colour such as #0f6b66, however its letters were typed; None for anything else."""
    found = text.strip().lower()
    return found if COLOUR.fullmatch(found) else None


def contrast_on_white(colour: str) -> float:
    """WCAG's ratio of luminance, 1 (white) to 21 (black)."""
    return 1.05 / (_luminance(colour) + 0.05)


def darkened(colour: str, least: float) -> str:
    """The colour itself, or the lightest of its darker shades that has the contrast."""
    for share in range(100, -1, -1):
        shade = "#" + "".join(f"{part * share // 100:02x}" for part in bytes.fromhex(colour[1:]))
        if contrast_on_white(shade) >= least:
            return shade
    return "#000000"


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in bytes.fromhex(colour[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
