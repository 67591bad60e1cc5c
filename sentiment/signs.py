"""Signs that are no letters and yet tell a feeling: emoji and smileys. Digits, stars and punctuation tell none."""

import re

_TELLING = re.compile(
    "(?![★☆⭐])[\u2600-\u27bf\u2b50-\u2b59\U0001f000-\U0001faff]"
    r"|[:;=]['’]?[-^]?[()\[\]{}/\\|*@$]|[()\[\]][-^]?['’]?[:;=]|[(]{2}|[)]{2}|<3|\^[_.-]?\^"
)
"""Stars rate as figures do: of how many, nobody knows."""


def says_something(text: str) -> bool:
    """Whether there is a word in a text, or a sign that stands for one."""
    return any(map(str.isalpha, text)) or bool(_TELLING.search(text))
