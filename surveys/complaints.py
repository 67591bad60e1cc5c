"""What counts as a complaint, and on which of its themes (ISO 10002 sense); the one place for the rule.

Words are a complaint when they say why somebody leaves, stand beside a score in the lowest band, or are negative or mixed.
Where the sentences of a text were read apart, a theme that is praised in its own sentence is not complained about; and
words that are mixed complain only about the themes of their negative sentences.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

# `v` is the verbatim, `t` its theme.
COMPLAINT_ON_THEME: Final = (
    "((v.metric = 'exit' OR v.band = 'detractor' OR v.sentiment = 'negative') "
    "AND COALESCE(t.polarity, 'unknown') <> 'positive' "
    "OR v.sentiment = 'mixed' AND COALESCE(t.polarity, 'negative') IN ('negative', 'mixed'))"
)

# Praise is quoted for no complaint, nor is a promoter, unless what is said of the theme or of all is negative: it may be misread.
QUOTED: Final = (
    "(COALESCE(t.polarity, '') = 'negative' OR COALESCE(v.sentiment, '') = 'negative' "
    "OR COALESCE(v.sentiment, '') <> 'positive' AND COALESCE(v.band, '') <> 'promoter')"
)
# A known customer is one person in all their answers of a week; anybody else is one person per response (`r`).
PERSON: Final = "COALESCE(r.customer_id, -r.id)"


def sentence_of(
    sentences: Sequence[Mapping[str, Any]], start: int | None, end: int | None
) -> Mapping[str, Any] | None:
    """The sentence that most of the evidence [start, end) lies in; None without sentences or evidence."""
    if start is None or end is None:
        return None
    held = [(min(end, row["end"]) - max(start, row["start"]), -at) for at, row in enumerate(sentences)]
    most = max(held, default=(0, 0))
    return sentences[-most[1]] if most[0] > 0 else None
