"""WeasyPrint's rules for HTML, without those that no edition has a use for.

They give each of an edition's two thousand elements the styles of a footnote's call, mark and way back, and of a list's mark
where it is in no list: of an edition's time a twentieth.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

OF_NOTES: Final = re.compile(r"^::(?:foot)?note-[a-z]+ \{[^}]*\}$", re.MULTILINE)
OF_MARKS: Final = re.compile(r"^::marker(?= \{)", re.MULTILINE)


@cache
def rules() -> Any:
    """The stylesheet."""
    from weasyprint import CSS, css

    whole = Path(css.__file__).with_name("html5_ua.css").read_text("utf-8")
    return CSS(string=OF_MARKS.sub("li::marker", OF_NOTES.sub("", whole)))


def begin_with(html: Any) -> None:
    """Let a document begin with these rules instead of WeasyPrint's."""
    html._ua_stylesheets = lambda *_forms: [rules()]  # noqa: SLF001 - it has no other door
