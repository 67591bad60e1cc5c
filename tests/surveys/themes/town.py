"""Comments about a few subjects with embeddings to match, and an analyser that reads no model: what the themes' tests share."""

from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from sentiment.language_codes import phone_countries
from sentiment.mask import Masked, mask
from sentiment.own_themes import KnownTexts
from sentiment.verdict import Comment, Language, Sentiment, ThemeHit, Verdict
from surveys.due import now
from surveys.mentions.models import Mention
from surveys.pains.known import model_space
from surveys.verbatims.models import Method, Verbatim, VerbatimTheme

WIDTH = 384
# The word that tells the subject, in the languages of these comments.
SUBJECTS = {"parking": 0, "stāvviet": 0, "parkplatz": 0, "music": 1, "mūzik": 1, "courier": 2, "kurjer": 2}
PARKING = ("No parking near the shop at all.", "Nebija nevienas stāvvietas.", "Der Parkplatz war voll.")


def embedding(text: str) -> NDArray[np.float32]:
    """In a narrow cone like a real one, towards the subject, and a little beside it for each text."""
    rng = np.random.default_rng(crc32(text.encode()))
    vector = rng.normal(size=WIDTH) * 0.6
    vector[383] += 40
    for word, axis in SUBJECTS.items():
        if word in text.casefold():
            vector[axis] = 25
    found: NDArray[np.float32] = (vector / np.linalg.norm(vector)).astype(np.float32)
    return found


class Reader:
    """Answers like the analyser; counts what it was asked to read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    @property
    def model_version(self) -> str:
        return model_space() or ""

    def analyse(self, items: Sequence[Comment]) -> list[Verdict]:
        self.read += [item.text for item in items]
        return [self._verdict(mask(item.text, phone_countries(item.locale, item.country))) for item in items]

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([embedding(text) for text in texts])

    def _verdict(self, found: Masked) -> Verdict:
        text = found.text
        words = any(letter.isalpha() for letter in text)
        hits = (ThemeHit("delivery", 0.9, 0, 7, "keyword"),) if "courier" in text.casefold() else ()
        return Verdict(
            Language("en", "en", 0.9),
            Sentiment("negative", 0.8, 0.1, 0.1),
            hits,
            text,
            self.model_version,
            embedding(text) if words else None,
        )


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """In the place of the model, wherever it is asked."""
    reader = Reader()
    monkeypatch.setattr("surveys.verbatims.analyse.analyser", lambda: reader)
    monkeypatch.setattr("surveys.themes.tend.analyser", lambda: reader)
    # The known points lie in the real model's space, not in this one.
    nothing = KnownTexts((), np.empty((0, 0), np.float32))
    monkeypatch.setattr("surveys.themes.fit.known_texts", lambda _path: nothing)
    return reader


async def comment(
    text: str, *themes: str, language: str = "en", method: Method = Method.MODEL, **facts: Any
) -> Verbatim:
    """A mention that was understood a moment ago."""
    number = await Mention.all().count()
    mention = await Mention.create(
        source="forum",
        external_id=str(number),
        content_hash=str(number),
        published_at=now(),
        author_hash=f"a{number}",
    )
    made: dict[str, Any] = {
        "masked_text": text,
        "written_at": now(),
        "language": language,
        "sentiment": "negative",
        "analysed_at": now(),
        "embedding": embedding(text).astype(np.float16).tobytes(),
        "model_version": model_space(),
        **facts,
    }
    row = await Verbatim.create(mention_id=mention.id, **made)
    for code in themes:
        await VerbatimTheme.create(verbatim_id=row.id, code=code, confidence=0.9, method=method)
    return row


async def themes_of(row: Verbatim) -> list[tuple[str, str]]:
    """What is stored of a verbatim's themes: the code found, and by whom."""
    hits = await VerbatimTheme.filter(verbatim_id=row.id).order_by("code")
    return [(hit.code, hit.method.value) for hit in hits]
