"""What goes into the library and what comes out: frozen dataclasses."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SentimentLabel = Literal["negative", "neutral", "positive", "mixed", "unknown"]
ThemeMethod = Literal["model", "keyword", "site"]


@dataclass(frozen=True, slots=True)
class Comment:
    """A text as a customer wrote it, with what is known about the form it was written on.

    `locale` is a BCP 47 tag (`lv`, `pt-BR`, `zh_Hant`), `country` an ISO 3166-1 alpha-2 code.
    Values that are not known here are ignored, as if they had not been given.
    """

    text: str
    locale: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """The language of a text.

    `code` is ISO 639-1 where that exists, else 639-3; `und` when the text does not tell, `mixed`
    when two or more languages share it. `languages` holds those of a mixed text, longest first, and
    is empty otherwise. `best` is what to work with when a language is needed all the same: the code
    itself, the first of a mixed text, the form's language or the best guess of an `und` text; `und`
    only where nothing at all is known. `confidence` belongs to the best guess from the text.
    """

    code: str
    best: str
    confidence: float
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentiment:
    """The polarity of a text and the probabilities behind it, which sum to 1.

    `mixed` praises one thing and complains of another.
    """

    label: SentimentLabel
    negative: float
    neutral: float
    positive: float


@dataclass(frozen=True, slots=True)
class ThemeHit:
    """One theme a text speaks of; [start, end) in code points is the evidence for it, if any."""

    code: str
    confidence: float
    start: int | None
    end: int | None
    method: ThemeMethod = "keyword"


@dataclass(frozen=True, slots=True)
class SentenceJudgement:
    """The polarity of one sentence: [start, end) in code points of the text as given."""

    start: int
    end: int
    label: SentimentLabel
    negative: float
    neutral: float
    positive: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything the library has to say about one comment.

    The evidence of `themes` and the places of `sentences` count code points of the text as given,
    not of `masked_text`. `sentences` is empty unless the text has several that were read apart.
    `embedding` ([384], unit length) tells what the text is about; a text without words has none.
    """

    language: Language
    sentiment: Sentiment
    themes: tuple[ThemeHit, ...]
    masked_text: str
    model_version: str
    embedding: NDArray[np.float32] | None = field(default=None, compare=False)
    sentences: tuple[SentenceJudgement, ...] = ()
