"""Takes out of a text what is not language: tags, control characters, links, addresses, handles.

Step 1 of the language algorithm. Personal data are the business of `sentiment.mask`, not of this.
"""

import re
import unicodedata

from sentiment.markup import Placed, rewritten, without_markup
from sentiment.shouting import is_shouted, lowered
from sentiment.signs import THING, has_words, says_something

MOST_CHARACTERS = 4_000
"""A text is cut here: language is clear long before, and time stays bounded."""

_RAW_MOST = 16_000
"""The raw text is cut first, so that a megabyte is not searched for links."""

_MARKED_MOST = 100_000
"""Before its tags are taken out, of which a mail program writes more than its user words."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\bhttps?\b", re.IGNORECASE)
_TOP = (
    "com|net|org|info|eu|io|app|shop|biz|gov|edu|example|lv|lt|ro|ee|de|fr|es|it|nl|pl|cz|uk|ua|ru|"
    "bg|ch|cn|cy|dk|fi|gr|hr|hu|ie|jp|kr|mk|md|pt|rs|sg|sk|th|tr|tv|vn|za|kz|au|br|mx"
)
"""Top-level domains that are no common word: "good.no problem" is no link."""
_HOST = r"(?<!\S)(?:[a-z0-9-]{1,63}\.){1,8}"
_BARE_LINK = re.compile(rf"{_HOST}(?:(?:{_TOP})(?!\S)|[a-z]{{2,24}}/\S*)", re.IGNORECASE)
_OTHER_LINK = re.compile(r"(?:\bftp://|\bmailto:|\bfile:)\S+", re.IGNORECASE)
_FILE = re.compile(
    r"(?<!\S)(?:[a-z]:\\\S+|~?/[\w.-]+/\S+|[\w-]{1,99}\."
    r"(?:pdf|jpe?g|png|gif|heic|mp[34]|mov|docx?|xlsx?|pptx?|txt|csv|json|html?|xml|zip|exe|py|js))(?!\S)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_HANDLE = re.compile(r"[@＠]\w{1,64}")
_TOKEN = re.compile(r"\[(?:EMAIL|PHONE|IBAN|CARD|PERSONAL_ID|CREDENTIALS)\]")
_RETWEET = re.compile(r"^\s*(?:RT\b[\s:]*)+")
_UNSEEN = "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
_INVISIBLE = re.compile(_UNSEEN)
"""Soft hyphens, blanks of no width and signs of direction, which cut words in two."""
_STANDING_FOR = rf"(?P<link>{_LINK.pattern})|(?P<handle>{_HANDLE.pattern})|(?P<unseen>{_UNSEEN}+)"
_BLANK = rf"{_TOKEN.pattern}|{_UNSTORABLE.pattern}|\s"
_FOR_MODEL = re.compile(rf"{_STANDING_FOR}|(?:{_BLANK})+", re.IGNORECASE)
_BESIDE_WORDS = re.compile(rf"{_STANDING_FOR}|(?:{_BLANK}|{THING})+", re.IGNORECASE)
_STANDS_FOR = {"link": "http", "handle": "@user", "unseen": ""}
"""What the training texts have in their place; nothing where nothing is seen."""


def clean(text: str) -> str:
    """The words of a text on one line, in plain letters; cleaning twice changes nothing more."""
    return _cleaned(_without_markup(text))


def _without_markup(text: str) -> str:
    return without_markup(text[:_MARKED_MOST]).text[:_RAW_MOST]


def _cleaned(text: str) -> str:
    text = _INVISIBLE.sub("", _UNSTORABLE.sub(" ", text))
    text = unicodedata.normalize("NFKC", text)[:_RAW_MOST]
    for pattern in (_TOKEN, _OTHER_LINK, _LINK, _MAIL, _HANDLE, _BARE_LINK, _FILE):
        text = pattern.sub(" ", text)
    words = " ".join(word for word in _RETWEET.sub(" ", text).split() if not _is_number_or_code(word))
    return words[:MOST_CHARACTERS].strip()


def _is_number_or_code(word: str) -> bool:
    """Whether digits are at least a third of what a word says: "44XZ", "ord-2026-01", "10/10"."""
    if not word.isascii():
        return False
    digits = sum(map(str.isdigit, word))
    return digits > 0 and 2 * digits >= sum(map(str.isalpha, word))


def paragraphs(text: str) -> str:
    """Like `clean`, with the line ends kept: they separate the parts of a mixed text."""
    return "\n".join(line for line in map(_cleaned, _without_markup(text).splitlines()) if line)


def for_model(text: str) -> str:
    """The text as the sentiment model was trained to see it; empty without words, emoji and smileys."""
    return placed_for_model(text).text


def placed_for_model(text: str) -> Placed:
    """Like `for_model`, knowing where each character came from."""
    given = without_markup(text)
    plain = given.text
    words = _FOR_MODEL.sub(" ", plain)
    if not says_something(words):
        return Placed("", (), ())
    if is_shouted(words):
        plain = lowered(plain)
    changed = (_BESIDE_WORDS if has_words(words) else _FOR_MODEL).finditer(plain)
    read = rewritten(
        plain, ((*match.span(), _STANDS_FOR.get(match.lastgroup or "", " ")) for match in changed)
    )
    inside = slice(len(read.text) - len(read.text.lstrip()), len(read.text.rstrip()))
    return Placed(
        read.text[inside],
        [given.starts[start] for start in read.starts[inside]],
        [given.ends[end - 1] for end in read.ends[inside]],
    )
