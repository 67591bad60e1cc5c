"""One comment after the other through the whole library: mask, language, sentiment, themes."""

from collections.abc import Sequence
from pathlib import Path

from sentiment.clean import for_model
from sentiment.language import MIXED, UNDETERMINED, LanguageDetector
from sentiment.language_codes import country_of, home_of, language_of
from sentiment.mask import Masked, mask
from sentiment.model import DEFAULT_FOLDER, SentimentModel
from sentiment.themes import find_themes
from sentiment.verdict import Comment, Language, Sentiment, ThemeHit, Verdict

UNKNOWN = Sentiment("unknown", 1 / 3, 1 / 3, 1 / 3)
"""The sentiment of a text without words."""


class Analyser:
    """Holds the language detector and the sentiment model; both load here, once."""

    def __init__(
        self,
        folder: Path | str = DEFAULT_FOLDER,
        *,
        threads: int = 0,
        detector: LanguageDetector | None = None,
    ) -> None:
        """`detector` may be handed in by who has one already."""
        self._detector = detector or LanguageDetector()
        self._model = SentimentModel(folder, threads=threads)

    @property
    def model_version(self) -> str:
        """The version every verdict names."""
        return self._model.model_version

    def analyse(self, items: Sequence[Comment]) -> list[Verdict]:
        """One verdict for each comment, in order. Never fails on a text, whatever is in it."""
        masked = [mask(item.text, phone_countries(item)) for item in items]
        languages = [
            self._detector.detect(found.text, item.locale, item.country)
            for item, found in zip(items, masked, strict=True)
        ]
        sentiments = self._sentiments([found.text for found in masked])
        return [
            Verdict(
                language,
                sentiment,
                themes_of(found, language),
                found.text,
                self._model.model_version,
            )
            for found, language, sentiment in zip(masked, languages, sentiments, strict=True)
        ]

    def _sentiments(self, texts: Sequence[str]) -> list[Sentiment]:
        """The model's reading of each text; a text without a letter or sign is not read."""
        readable = {at: plain for at, text in enumerate(texts) if (plain := for_model(text))}
        readings = self._model.read(list(readable.values()))
        sentiments = [UNKNOWN] * len(texts)
        for at, reading in zip(readable, readings, strict=True):
            sentiments[at] = reading.sentiment
        return sentiments


def themes_of(masked: Masked, language: Language) -> tuple[ThemeHit, ...]:
    """Themes by the words of the text's language or languages, placed in the text as given."""
    names = language.languages if language.code == MIXED else (language.best,)
    best: dict[str, ThemeHit] = {}
    for name in names:
        if name == UNDETERMINED:
            continue
        for hit in find_themes(masked.text, name):
            held = best.get(hit.code)
            if held is None or hit.confidence > held.confidence:
                best[hit.code] = hit
    placed = [
        ThemeHit(hit.code, hit.confidence, *masked.original_span(hit.start, hit.end)) for hit in best.values()
    ]
    return tuple(sorted(placed, key=lambda hit: (hit.start, hit.end, hit.code)))


def phone_countries(item: Comment) -> tuple[str, ...]:
    """Whose national phone numbers a comment may hold: its own country's and its locale's."""
    language = language_of(item.locale)
    candidates = (item.country, country_of(item.locale), home_of(language))
    return tuple(dict.fromkeys(code.strip().upper() for code in candidates if code))
