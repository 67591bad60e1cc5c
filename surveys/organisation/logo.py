"""The logo as every page, mail and PDF can hold it: one kind of picture, of a size that paper shows."""

import io
from functools import lru_cache
from typing import Final

# 60 mm at 600 dpi; a larger picture shows no more.
LONGEST_SIDE: Final = 1400
# What a picture may unfold to; a few kilobytes can say that they are gigabytes.
MOST_PIXELS: Final = 24_000_000
# Of everything that the library reads only what is taken as a logo.
KINDS: Final = ("PNG", "JPEG", "WEBP")


def unfolds_too_far(content: bytes) -> bool:
    """Whether a picture says that it has more pixels than we unfold."""
    from PIL import Image  # noqa: PLC0415 - few processes read pictures

    try:
        with Image.open(io.BytesIO(content), formats=KINDS) as picture:
            return picture.width * picture.height > MOST_PIXELS
    except Image.DecompressionBombError:
        return True
    except Exception:  # noqa: BLE001 - whatever a broken picture makes of its reader
        return False


def printable(content: bytes) -> bytes | None:
    """A logo of any kind as PNG; None when it is no picture that can be read."""
    from PIL import Image  # noqa: PLC0415 - few processes read pictures

    if unfolds_too_far(content):
        return None
    try:
        with Image.open(io.BytesIO(content), formats=KINDS) as picture:
            # Colours of print (CMYK) and of palettes become those of the screen, as PDF/A wants them.
            plain = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        kept = io.BytesIO()
        plain.save(kept, "PNG")
    except Exception:  # noqa: BLE001 - whatever a broken picture makes of its reader
        return None
    return kept.getvalue()


@lru_cache(maxsize=4)
def is_picture(content: bytes) -> bool:
    """Whether a logo can be read; asked again for each mail."""
    return printable(content) is not None
