"""Whether a text praises one thing and complains of another."""

from collections.abc import Sequence

from sentiment.model import Reading
from sentiment.sentences import Stretch
from sentiment.verdict import Sentiment

SURE = 0.7
"""A sentence this surely positive beside one this surely negative makes a text mixed."""

SURE_ENOUGH = 0.93
"""A text this surely of one feeling, with no sign of being mixed, is not read sentence by sentence."""

SIGN = 0.1
MOST_SENTENCES = 12
"""Of a longer text the sentences are not read apart."""


def worth_reading_apart(reading: Reading, found: Sequence[Stretch]) -> bool:
    """Whether the sentences may say something that the whole does not."""
    if not 2 <= len(found) <= MOST_SENTENCES:
        return False
    sentiment = reading.sentiment
    surest = max(sentiment.negative, sentiment.neutral, sentiment.positive)
    return reading.mixed >= SIGN or surest < SURE_ENOUGH


def is_mixed(reading: Reading, apart: Sequence[Sentiment], mixed_from: float) -> bool:
    """By the model's own word, or by a sentence of praise beside one of complaint."""
    if reading.mixed >= mixed_from:
        return True
    praise = any(part.positive >= SURE for part in apart)
    complaint = any(part.negative >= SURE for part in apart)
    return praise and complaint
