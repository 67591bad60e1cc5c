"""Whether a text praises one thing and complains of another."""

from collections.abc import Sequence

from sentiment.model import Reading
from sentiment.sentences import Stretch, gathered, sentences, turns
from sentiment.verdict import Sentiment

SURE = 0.7
"""A sentence this surely positive beside one this surely negative makes a text mixed."""

SURE_ENOUGH = 0.93
"""A text this surely of one feeling, with no sign of being mixed, is not read sentence by sentence."""

SIGN = 0.1
MOST_PARTS = 24
"""Of a longer text neighbouring sentences are read together."""


def parts_to_read(text: str, reading: Reading, mixed_from: float) -> list[Stretch]:
    """The sentences, where they may say something that the whole does not; of a single sentence that is
    mixed by the model's word, its clauses. Nothing where there is nothing to be learnt.
    """
    sentiment = reading.sentiment
    surest = max(sentiment.negative, sentiment.neutral, sentiment.positive)
    if reading.mixed < SIGN and surest >= SURE_ENOUGH:
        return []
    found = sentences(text)
    if len(found) < 2 and reading.mixed >= mixed_from:
        found = turns(text)
    return gathered(found, MOST_PARTS) if len(found) > 1 else []


def is_mixed(reading: Reading, apart: Sequence[Sentiment], mixed_from: float) -> bool:
    """By the model's own word, or by a sentence of praise beside one of complaint."""
    if reading.mixed >= mixed_from:
        return True
    praise = any(part.positive >= SURE for part in apart)
    complaint = any(part.negative >= SURE for part in apart)
    return praise and complaint
