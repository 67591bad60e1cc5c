"""Takes HTML out of what is read: comments come from forms, mail and exports with their tags.

The text itself stays as it came; what is read knows its places in it. Only HTML's own tags go, and those
with a colon ("o:p", from mail programs), so that "2 < 3 and 5 > 4", "<3" and "<name>" stay.
"""

import re
from collections.abc import Iterable, Sequence
from html import unescape
from typing import NamedTuple

_INSIDE_WORDS = "b|big|em|font|i|mark|s|small|span|strike|strong|sub|sup|u|wbr"
"""These part no words; all others do."""
_OTHERS = (
    "a|abbr|address|area|article|aside|audio|base|bdi|bdo|blockquote|body|br|button|canvas|caption|center|cite|code|"
    "col|colgroup|dd|del|details|dfn|dir|div|dl|dt|embed|fieldset|figcaption|figure|footer|form|h[1-6]|head|header|"
    "hr|html|iframe|img|input|ins|kbd|label|legend|li|link|main|map|meta|nav|noscript|object|ol|optgroup|option|p|"
    "param|path|picture|pre|q|samp|script|section|select|source|style|summary|svg|table|tbody|td|template|"
    "textarea|tfoot|th|thead|time|title|tr|tt|ul|var|video|xml|[a-z]+:[a-z]+"
)
_REST = r"(?:\s[^<>=]*=[^<>]*|\s+[a-z]+|\s*)/?>"
"""The attributes: "<b and c>" has none."""

_REFERENCE = re.compile(
    r"&(?:amp;)*(?P<reference>#\d{1,7};|#x[0-9a-f]{1,6};|[a-z][a-z0-9]{1,31};)", re.IGNORECASE
)
_MARKUP = re.compile(
    r"(?P<unseen><(?:style|script)(?:\s[^<>]*)?>(?:<!--)?[^<]*</(?:style|script)\s*>)"
    rf"|(?P<inside></?(?:{_INSIDE_WORDS}){_REST})"
    rf"|(?P<tag></?(?:{_OTHERS}){_REST}|<!(?:--|\[|doctype)[^<>]*>)"
    rf"|{_REFERENCE.pattern}",
    re.IGNORECASE,
)
_PARTED = {"unseen": "\n", "inside": "", "tag": "\n"}


class Placed(NamedTuple):
    """What is read of a text; each of its characters stands for [start, end) of the text as given."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """[start, end) of what is read, as a span of the text as given."""
        return self.starts[start], self.ends[end - 1]


def rewritten(text: str, changes: Iterable[tuple[int, int, str]]) -> Placed:
    """The text with other characters in the place of [start, end), for each change in order."""
    found: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for start, end, stands_for in (*changes, (len(text), len(text), "")):
        found += [text[at:start], stands_for]
        starts += [*range(at, start), *[start] * len(stands_for)]
        ends += [*range(at + 1, start + 1), *[end] * len(stands_for)]
        at = end
    return Placed("".join(found), starts, ends)


def without_markup(text: str) -> Placed:
    """The text without tags and with the characters that references stand for; a tag between words is a line end."""
    return _read(text, _MARKUP)


def with_characters(text: str) -> Placed:
    """The text with the characters that references stand for; tags stay."""
    return _read(text, _REFERENCE)


def _read(text: str, pattern: re.Pattern[str]) -> Placed:
    if "<" not in text and "&" not in text:
        return Placed(text, range(len(text)), range(1, len(text) + 1))
    return rewritten(text, ((*match.span(), _stands_for(match)) for match in pattern.finditer(text)))


def _stands_for(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    return _PARTED[kind] if kind in _PARTED else _character(match[0], match["reference"])


def _character(written: str, reference: str) -> str:
    """The character of a reference, also of one that was written twice ("&amp;#257;"); no name is no reference."""
    found = unescape(f"&{reference}")
    return written if found == f"&{reference}" else found
