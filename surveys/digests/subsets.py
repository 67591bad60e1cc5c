"""Lists of glyphs for HarfBuzz whose length is told by the list itself.

WeasyPrint names each length in the type, and cffi reads a type it has not met with a parser of C: of an edition's time a
thirtieth, as a document's fonts have each another number of glyphs.
"""

import re
from typing import Any, Final

GLYPHS: Final = re.compile(r"hb_codepoint_t\[[0-9]+\]")

LIST: Final = "hb_codepoint_t[]"


class Foreign:
    """cffi's door to the C libraries; a list of glyphs with its values needs no length of its own."""

    def __init__(self, ffi: Any) -> None:
        self._ffi = ffi

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ffi, name)

    def new(self, kind: str, values: Any = None) -> Any:
        """As cffi's."""
        if values is not None and GLYPHS.fullmatch(kind):
            kind = LIST
        return self._ffi.new(kind, values)


def at_hand() -> None:
    """Put it where WeasyPrint makes fonts smaller."""
    from weasyprint.pdf import fonts

    if not isinstance(fonts.ffi, Foreign):
        fonts.ffi = Foreign(fonts.ffi)
        fonts.ffi.typeof(LIST)
