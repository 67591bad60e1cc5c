"""The logo as a PDF can hold it: one kind of picture, of a size that paper shows."""

import base64
import binascii
import io
from typing import Final

# 60 mm at 600 dpi; a larger picture shows no more.
LONGEST_SIDE: Final = 1400
# What a picture may unfold to; a few kilobytes can say that they are gigabytes.
MOST_PIXELS: Final = 24_000_000


def printable(encoded: str) -> bytes | None:
    """A logo of any kind as PNG; None when it is no picture that can be read."""
    from PIL import Image  # noqa: PLC0415 - only the child that makes PDFs reads pictures

    try:
        with Image.open(io.BytesIO(base64.b64decode(encoded, validate=True))) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            # Colours of print (CMYK) and of palettes become those of the screen, as PDF/A wants them.
            plain = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        kept = io.BytesIO()
        plain.save(kept, "PNG")
    except (OSError, ValueError, SyntaxError, binascii.Error, Image.DecompressionBombError):
        return None
    return kept.getvalue()
