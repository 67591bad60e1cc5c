"""Finds e-mail addresses, also spelt out ("name (at) mail.com", "name%40mail.com"), and credentials in links.

Works on a shadow (`sentiment.shadow`). Every step around an `@` is bounded, so the time is linear.
"""

import re
from collections.abc import Iterator

_CREDENTIALS = re.compile(r"(?<=://)[^\s/?#\x00]{1,512}@")
_AT_WORDS = "at|ät|et|pie|eta|arroba|chiocciola|malpa|małpa|zavináč|собака|эт|@"
_AT = re.compile(
    rf"(?:(?<=[^\s@\x00])|(?<=[^\s@\x00][ ]))@(?=[ ]?[^\W_])|[ ]{{0,2}}[\[({{<]\s{{0,2}}(?:{_AT_WORDS})\s{{0,2}}[\])}}>][ ]{{0,2}}|[ ]at[ ]"
    r"|(?<=[^\s@\x00])(?:%40|[\[({]a[\])}])(?=[^\W_])",
    re.IGNORECASE,
)
_DOT_WORDS = r"dot|punkts?|taškas|punct|point|punto|ponto|kropka|точка|\."
_DOT = rf"(?:[.\u3002]|[ ]{{0,2}}[\[({{<]\s{{0,2}}(?:{_DOT_WORDS})\s{{0,2}}[\])}}>][ ]{{0,2}}|[ ]dot[ ])"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_TOP = r"(?:xn--[a-z0-9-]{2,59}|[a-z]{2,24}|(?:(?![a-z])[^\W\d_]){2,24})"
_DOMAIN = re.compile(rf"[ ]?((?:{_LABEL}{_DOT}){{1,8}}{_TOP}(?![a-z0-9]))", re.IGNORECASE)
_SPELT_DOT = re.compile(r"[ ]dot[ ]|[\[({<]", re.IGNORECASE)
_LOCAL_MARKS = frozenset(".!#$%&'*+/=?^_`{|}~-")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of scripts written without blanks: the words before an address run into it."""

_LONGEST_LOCAL = 256


def find_credentials(text: str) -> Iterator[tuple[int, int]]:
    """`user:password` of `scheme://user:password@host`."""
    for match in _CREDENTIALS.finditer(text):
        yield match.start(), match.end() - 1


def find_emails(text: str) -> Iterator[tuple[int, int]]:
    """The whole of each address: local part, sign and domain."""
    end_of_last = end_of_sign = 0
    for sign in _AT.finditer(text):
        if sign.start() < end_of_last:
            continue
        spaced = sign[0].startswith(" ")
        least, end_of_sign = max(end_of_last, end_of_sign), sign.end()
        start = _start_of_local(text, sign.start(), least)
        if start == sign.start() and sign[0] == "@" and text[start - 1 : start] == " ":
            start = _start_of_local(text, start - 1, least)
            spaced = start < sign.start() - 1
            start = start if spaced else sign.start()
        if start == sign.start():
            continue
        domain = _DOMAIN.match(text, sign.end())
        if domain is None or (sign[0].strip().isalpha() and not _SPELT_DOT.search(domain[0])):
            continue
        if sign[0] == "@" and spaced != domain[0].startswith(" "):
            continue
        end_of_last = domain.end()
        yield start, end_of_last


def _start_of_local(text: str, end: int, least: int) -> int:
    """Where the local part that ends at `end` begins; `end` if there is none."""
    start, least = end, max(least, end - _LONGEST_LOCAL)
    if text[end - 1 : end] == '"':
        opening = text.rfind('"', least, end - 1)
        return opening if opening >= 0 else end
    stop_at_unspaced = end > least and not _UNSPACED.match(text, end - 1)
    while start > least:
        character = text[start - 1]
        if not (character.isalnum() or character in _LOCAL_MARKS):
            break
        if stop_at_unspaced and _UNSPACED.match(character):
            break
        start -= 1
    return start
