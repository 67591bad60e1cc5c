"""Signs that are no letters: emoji and smileys tell a feeling; digits, stars and punctuation tell none.

Parcels, lorries and flags go with praise as with complaints, but with praise more often in what the model was
trained on, so that a single one turns a complaint. Faces, hearts, hands and weather mean what they show.
"""

import re

_TELLING = re.compile(
    "(?![★☆⭐])[\u2600-\u27bf\u2b50-\u2b59\U0001f000-\U0001faff]"
    r"|[:;=]['’]?[-^]?[()\[\]{}/\\|*@$]|[()\[\]][-^]?['’]?[:;=]|[(]{2}|[)]{2}|<3|\^[_.-]?\^"
)
"""Stars rate as figures do: of how many, nobody knows."""

_THINGS = (
    "\U0001f3e0-\U0001f3f0\U0001f4b0-\U0001f4ff\U0001f500-\U0001f524\U0001f526-\U0001f53d\U0001f550-\U0001f567"
    "\U0001f681-\U0001f6a2\U0001f6a4-\U0001f6aa\U0001f6b2\U0001f6b8-\U0001f6bf\U0001f6c1-\U0001f6cb"
    "\U0001f6cd-\U0001f6d0\U0001f6d2-\U0001f6ff☎✂✉✏✒⌚⌛⏰⏳✈⛽"
)
"""Buildings, money, paper, telephones, tools, clocks, what moves; not what forbids, nor people on the way."""
_FLAGS = "\U0001f1e6-\U0001f1ff\U0001f38c\U0001f3c1\U0001f3f3\U0001f3f4"
THING = rf"(?<!\u200d)[{_THINGS}{_FLAGS}](?!\ufe0f?\u200d)\ufe0f?"
"""The expression of a sign that is no part of another ("👩‍💻")."""


def says_something(text: str) -> bool:
    """Whether there is a word in a text, or a sign that stands for one."""
    return has_words(text) or bool(_TELLING.search(text))


def has_words(text: str) -> bool:
    """Whether there is a letter in a text."""
    return any(map(str.isalpha, text))
