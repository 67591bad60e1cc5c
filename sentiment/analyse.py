"""One comment after the other through the whole library: mask, language, sentiment, themes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentiment.clean import placed_for_model
from sentiment.language import MIXED, UNDETERMINED, LanguageDetector
from sentiment.language_codes import phone_countries
from sentiment.markup import Placed, without_markup
from sentiment.mask import Masked, mask
from sentiment.mixed import is_mixed, parts_to_read
from sentiment.model import DEFAULT_FOLDER, Calibration, Reading, SentimentModel
from sentiment.sentences import Stretch
from sentiment.set_phrases import set_phrase
from sentiment.themes import find_themes
from sentiment.verdict import Comment, Language, SentenceJudgement, Sentiment, ThemeHit, Verdict

UNKNOWN = Sentiment("unknown", 1 / 3, 1 / 3, 1 / 3)
"""The sentiment of a text without words, emoji and smileys."""

PLAIN_MOST = 60
"""Characters of a text so short that its keywords stand for it where the model is silent."""

PLAIN_LEAST = 0.8
"""Of these keywords only words and stems count, no match inside a compound and no mere place."""


@dataclass(frozen=True, slots=True)
class _Understood:
    """A text as the model saw it, the reading of the whole, and of its sentences if read apart."""

    placed: Placed
    reading: Reading
    apart: tuple[tuple[Stretch, Sentiment], ...] = ()


class Analyser:
    """Holds the language detector and the sentiment model; both load here, once."""

    def __init__(
        self,
        folder: Path | str = DEFAULT_FOLDER,
        *,
        threads: int = 0,
        detector: LanguageDetector | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        """`detector` may be handed in by who has one already; `calibration` is a site's own fit."""
        self._detector = detector or LanguageDetector()
        self._model = SentimentModel(folder, threads=threads, calibration=calibration)

    @property
    def model_version(self) -> str:
        """The version every verdict names."""
        return self._model.model_version

    def analyse(self, items: Sequence[Comment]) -> list[Verdict]:
        """One verdict for each comment, in order. Never fails on a text, whatever is in it."""
        masked = [mask(item.text, phone_countries(item.locale, item.country)) for item in items]
        languages = [
            self._detector.detect(found.text, item.locale, item.country)
            for item, found in zip(items, masked, strict=True)
        ]
        understood = self._understand([found.text for found in masked], [found.best for found in languages])
        return [
            self._verdict(found, language, understood.get(at))
            for at, (found, language) in enumerate(zip(masked, languages, strict=True))
        ]

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """What texts are about, unit vectors [n, d]; a text without words is at nought."""
        placed = [placed_for_model(text).text for text in texts]
        readings = iter(self._model.read([text for text in placed if text]))
        found = [next(readings).embedding if text else None for text in placed]
        width = next((len(vector) for vector in found if vector is not None), 0)
        return np.array(
            [np.zeros(width, np.float32) if vector is None else vector for vector in found], np.float32
        ).reshape(len(texts), width)

    def _understand(self, texts: Sequence[str], languages: Sequence[str]) -> dict[int, _Understood]:
        """Place in `texts` -> what the model makes of it; a text without words is not read."""
        placed = {at: found for at, text in enumerate(texts) if (found := placed_for_model(text)).text}
        spoken = [languages[at] for at in placed]
        readings = self._model.read([found.text for found in placed.values()], spoken)
        whole = dict(zip(placed, readings, strict=True))
        mixed_from = self._model.config.mixed_from
        parts = {at: parts_to_read(placed[at].text, reading, mixed_from) for at, reading in whole.items()}
        pieces = [placed[at].text[start:end] for at, found in parts.items() for start, end in found]
        spoken = [languages[at] for at, found in parts.items() for _ in found]
        judged = iter([reading.sentiment for reading in self._model.read(pieces, spoken)])
        apart = {at: tuple((stretch, next(judged)) for stretch in found) for at, found in parts.items()}
        return {at: _Understood(placed[at], whole[at], apart.get(at, ())) for at in placed}

    def _verdict(self, masked: Masked, language: Language, found: _Understood | None) -> Verdict:
        version = self._model.model_version
        if found is None:
            return Verdict(language, UNKNOWN, (), masked.text, version)
        if told := set_phrase(found.placed.text):
            return Verdict(language, told, (), masked.text, version, found.reading.embedding)
        sentiment = found.reading.sentiment
        if is_mixed(found.reading, [part for _, part in found.apart], self._model.config.mixed_from):
            sentiment = replace(sentiment, label="mixed")
        return Verdict(
            language,
            sentiment,
            self._themes(masked, language, found),
            masked.text,
            version,
            found.reading.embedding,
            tuple(_judgement(masked, found.placed, *part) for part in found.apart),
        )

    def _themes(self, masked: Masked, language: Language, found: _Understood) -> tuple[ThemeHit, ...]:
        """By the model where it knows themes, a keyword being half a proof.

        By keywords alone for a model without themes, and for a short text that the model tells none of:
        plain words ("too expensive") mean what they say, in a story they may not.
        """
        keywords = {hit.code: hit for hit in keyword_themes(masked, language)}
        config = self._model.config
        if not config.themes:
            hits = list(keywords.values())
        else:
            hits = [
                self._theme(masked, found, code, chance, keywords.get(code))
                for code, chance in found.reading.themes.items()
                if chance >= (config.keyword_from if code in keywords else config.themes[code])
            ]
            if not hits and len(found.placed.text) <= PLAIN_MOST:
                hits = [hit for hit in keywords.values() if hit.confidence >= PLAIN_LEAST]
        return tuple(sorted(hits, key=lambda hit: (hit.start or 0, hit.end or 0, hit.code)))

    def _theme(
        self, masked: Masked, found: _Understood, code: str, chance: float, keyword: ThemeHit | None
    ) -> ThemeHit:
        """The evidence is the keyword, where it stands in the part of the text that the model names."""
        spans = [(hit.start, hit.end) for hit in (keyword,) if hit]
        if stretch := found.reading.evidence.get(code):
            start, end = masked.original_span(*found.placed.span(*stretch))
            spans = [span for span in spans if _overlap(span, (start, end))] or [(start, end)]
        return ThemeHit(code, round(chance, 4), *(spans[0] if spans else (None, None)), "model")


def _overlap(one: tuple[int | None, int | None], other: tuple[int, int]) -> bool:
    return (one[0] or 0) < other[1] and (one[1] or 0) > other[0]


def _judgement(masked: Masked, placed: Placed, stretch: Stretch, found: Sentiment) -> SentenceJudgement:
    start, end = masked.original_span(*placed.span(*stretch))
    return SentenceJudgement(start, end, found.label, found.negative, found.neutral, found.positive)


def keyword_themes(masked: Masked, language: Language) -> tuple[ThemeHit, ...]:
    """Themes by the words of the text's language or languages, placed in the text as given."""
    names = language.languages if language.code == MIXED else (language.best,)
    read = without_markup(masked.text)
    best: dict[str, ThemeHit] = {}
    for name in names:
        if name == UNDETERMINED:
            continue
        for hit in find_themes(read.text, name):
            held = best.get(hit.code)
            if held is None or hit.confidence > held.confidence:
                best[hit.code] = hit
    placed = [
        ThemeHit(hit.code, hit.confidence, *masked.original_span(*read.span(hit.start or 0, hit.end or 0)))
        for hit in best.values()
    ]
    return tuple(sorted(placed, key=lambda hit: (hit.start or 0, hit.end or 0, hit.code)))
