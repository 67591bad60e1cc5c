"""A model that knows what a few sentences mean, so that pain points can be followed by hand."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from sentiment.pains_vectors import unit
from sentiment.verdict import Comment, Language, SentenceJudgement, Sentiment, ThemeHit, Verdict
from surveys.due import now
from surveys.organisation.models import the_organisation
from surveys.pains import known
from surveys.questionnaires.models import Metric, Survey
from surveys.responses.models import Response, State
from surveys.settings import settings
from surveys.verbatims import analyse
from surveys.verbatims.models import Verbatim
from surveys.verbatims.write import Words, masked, write_response_verbatim
from surveys.weeks import Week

WIDTH = 32
WEEK = Week.parse("2026-W40")
MODEL = "made-up-1"

# What is said: the theme, its language, and the words with a number to make them different.
SAYINGS = {
    "refund": (
        "returns_refunds",
        {"en": "My money is not back", "lv": "Nauda nav atpakaļ", "ar": "لم يعد مالي"},
    ),
    "label": ("returns_refunds", {"en": "No return label came", "lt": "Negavau grąžinimo lipduko"}),
    "box": ("returns_refunds", {"en": "They want the box back too", "de": "Sie wollen auch den Karton"}),
    "late": ("delivery", {"en": "The parcel came late", "lv": "Paka atnāca vēlu", "ja": "荷物が遅い"}),
}


def middle(saying: str, model: str = MODEL) -> NDArray[np.float32]:
    """Where a saying lies in a model's space: axes of its own."""
    turned, _ = np.linalg.qr(np.random.default_rng(crc32(model.encode())).normal(size=(WIDTH, WIDTH)))
    return unit(turned[list(SAYINGS).index(saying)])


def saying_of(text: str) -> str:
    return next(
        name for name, (_, said) in SAYINGS.items() if any(text.startswith(one) for one in said.values())
    )


class Understanding:
    """Stands for the analyser."""

    def __init__(self) -> None:
        self.model_version = MODEL
        self.moods: dict[str, str] = {}
        self.sentences: dict[str, tuple[SentenceJudgement, ...]] = {}
        self.places: dict[str, NDArray[np.float32]] = {}

    def analyse(self, items: Sequence[Comment]) -> list[Verdict]:
        return [self._verdict(item.text) for item in items]

    def _verdict(self, text: str) -> Verdict:
        saying = saying_of(text)
        theme, said = SAYINGS[saying]
        code = next(code for code, words in said.items() if text.startswith(words))
        noise = np.random.default_rng(crc32(text.encode())).normal(size=WIDTH)
        place = self.places.get(saying, middle(saying, self.model_version))
        mood = self.moods.get(text, "negative")
        return Verdict(
            Language(code, code, 0.99),
            Sentiment(mood, 0.8, 0.1, 0.1),  # type: ignore[arg-type]
            (ThemeHit(theme, 0.9, 0, 8, "model"),),
            text,
            self.model_version,
            unit(place + 0.02 * noise),
            self.sentences.get(text, ()),
        )


@pytest.fixture
async def understanding(database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Understanding:
    """The model in a folder with one known pain point, and its titles."""
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("model.onnx", "tokenizer.json"):
        (folder / name).touch()
    (folder / "config.json").write_text(json.dumps({"model_version": MODEL}))
    codes, themes = ["late-01", "thanks-01"], ["delivery,communication", "delivery"]
    vectors = np.stack([middle("late"), middle("refund")]).astype(np.float16)
    np.savez(
        folder / "points.npz", codes=codes, themes=themes, feelings=["negative", "positive"], vectors=vectors
    )
    monkeypatch.setenv("SENTIMENT_MODEL", str(folder))
    monkeypatch.setenv("TIME_ZONE", "Europe/Riga")
    titles = tmp_path / "titles"
    titles.mkdir()
    (titles / "en.toml").write_text('late-01 = "Parcels come late"\n')
    (titles / "lv.toml").write_text('late-01 = "Sūtījumi kavējas"\n')
    monkeypatch.setattr(known, "TITLES", titles)
    settings.cache_clear()
    known._titles.cache_clear()
    known._version.cache_clear()
    made = Understanding()
    monkeypatch.setattr(analyse, "analyser", lambda: made)
    await the_organisation()
    await Survey.create(slug="spring", name="Spring", metric=Metric.NPS)
    return made


async def say(
    saying: str,
    n: int,
    *,
    ago: int = 0,
    language: str | None = None,
    country: str | None = "LV",
    score: int = 2,
    of: Week = WEEK,
) -> list[Verbatim]:
    """So many people say the same thing in the week so many weeks ago, in turn in each of its languages."""
    survey = await Survey.get(slug="spring")
    at = datetime.combine(of.previous(ago).monday, datetime.min.time(), UTC) + timedelta(days=2)
    words = [SAYINGS[saying][1][language]] if language else list(SAYINGS[saying][1].values())
    written = []
    for number in range(n):
        text = f"{words[number % len(words)]} ({ago}.{number}.{await Response.all().count()})."
        response = await Response.create(
            survey=survey, state=State.COMPLETE, score=score, submitted_at=at, locale="lv", country=country
        )
        written.append(await write_response_verbatim(response, survey, masked(Words(text), country)))
    return written


async def understand() -> None:
    while await analyse.analyse_due():
        pass


@pytest.fixture
def tuesday(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """It is Tuesday of the week after WEEK."""
    at = datetime.combine(WEEK.previous(-1).monday, datetime.min.time(), UTC) + timedelta(days=1)
    for module in ("views", "regroup", "change"):
        monkeypatch.setattr(f"surveys.pains.{module}.now", lambda: at)
    assert now() is not at
    return at
