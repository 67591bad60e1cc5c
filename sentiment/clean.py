"""Takes out of a text what is not language: control characters, links, addresses, handles.

Step 1 of the language algorithm. Personal data are the business of `sentiment.mask`, not of this.
"""

import re

MOST_CHARACTERS = 4_000
"""A text is cut here: language is clear long before, and time stays bounded."""

_RAW_MOST = 16_000
"""The raw text is cut first, so that a megabyte is not searched for links."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\bhttps?\b", re.IGNORECASE)
_TOP = "com|net|org|info|eu|io|app|shop|lv|lt|ro|ee|de|fr|es|it|nl|pl|cz|uk|ua|ru"
_BARE_LINK = re.compile(rf"(?<!\S)(?:[a-z0-9-]{{1,63}}\.){{1,8}}(?:{_TOP})(?:/\S*|(?!\S))", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_HANDLE = re.compile(r"[@＠]\w{1,64}")
_TOKEN = re.compile(r"\[(?:EMAIL|PHONE|IBAN|CARD|PERSONAL_ID|CREDENTIALS)\]")
_RETWEET = re.compile(r"^\s*(?:RT\b[\s:]*)+")
_BLANKS = re.compile(r"\s+")


def clean(text: str) -> str:
    """The words of a text on one line; cleaning twice changes nothing more."""
    text = _UNSTORABLE.sub(" ", text[:_RAW_MOST])
    for pattern in (_TOKEN, _LINK, _MAIL, _HANDLE, _BARE_LINK):
        text = pattern.sub(" ", text)
    return _BLANKS.sub(" ", _RETWEET.sub(" ", text)).strip()[:MOST_CHARACTERS].strip()


def paragraphs(text: str) -> str:
    """Like `clean`, with the line ends kept: they separate the parts of a mixed text."""
    return "\n".join(line for line in map(clean, text[:_RAW_MOST].splitlines()) if line)


def for_model(text: str) -> str:
    """The text as the sentiment model was trained to see it; empty when nothing can be read."""
    text = _TOKEN.sub(" ", _UNSTORABLE.sub(" ", text))
    text = _HANDLE.sub("@user", _LINK.sub("http", text))
    return _BLANKS.sub(" ", text).strip()
