"""The sentiment model: text in, probabilities, themes and an embedding out. CPU, offline.

A model is a folder of `model.onnx`, `tokenizer.json` and `config.json` (or of a torch model in
transformers' form: `sentiment.backend`). One pass over a text gives everything it can say of it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.backend import Answer, find_folder, load_backend
from sentiment.pains_vectors import unit
from sentiment.sentences import Stretch, clauses, strongest
from sentiment.sharpness import read_sharpness
from sentiment.verdict import Sentiment, SentimentLabel
from sentiment.windows import Window, Windows

DEFAULT_FOLDER = Path(__file__).parent / "model"
LABELS: tuple[SentimentLabel, ...] = ("negative", "neutral", "positive")

BATCH = 8
"""Windows that run as one: few enough for what a layer makes of them to stay in a core's own cache."""

ROUND = 32
"""Batches handed to the cores at a time."""

_LEAST_LENGTH = 8
_LONGEST = 128


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """What `config.json` says about how to feed the model and read its answers.

    `themes` names the theme heads and from which chance on each theme is told; a theme that a keyword
    speaks for is told from `keyword_from` on.
    """

    model_version: str
    max_length: int
    pad_id: int
    prefix: str
    temperature: float
    unknown_below: float
    mixed_from: float
    keyword_from: float
    themes: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A site's own fit: probabilities are softmax(s * logits / temperature + bias), s being `sentiment.sharpness`."""

    temperature: float
    bias: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model made of one text.

    `themes` holds the chance of every theme the model knows, `evidence` the part of the text
    ([start, end) in code points) that speaks most for each theme told; `mixed` is the chance that
    the text praises one thing and complains of another.
    """

    sentiment: Sentiment
    embedding: NDArray[np.float32]
    themes: dict[str, float] = field(default_factory=dict)
    evidence: dict[str, Stretch] = field(default_factory=dict)
    mixed: float = 0.0


@dataclass(slots=True)
class _Sums:
    """What the windows of one text add up to, by their length; of themes the highest is kept."""

    text: str
    language: str = ""
    weight: float = 0.0
    chances: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(LABELS)))
    embedding: NDArray[np.float64] | None = None
    mixed: float = 0.0
    themes: NDArray[np.float64] | None = None
    evidence: dict[str, tuple[float, Stretch]] = field(default_factory=dict)
    parts: list[Stretch] | None = None

    def clauses(self) -> list[Stretch]:
        """The text's clauses, looked for when first asked for."""
        if self.parts is None:
            self.parts = clauses(self.text)
        return self.parts


class SentimentModel:
    """Loads a model once; `read` may be called from one thread at a time."""

    def __init__(
        self,
        folder: Path | str = DEFAULT_FOLDER,
        *,
        threads: int = 0,
        calibration: Calibration | None = None,
    ) -> None:
        """`threads` bounds the cores used; 0 takes all that the process may use."""
        found = find_folder(folder)
        self.config = read_config(found / "config.json")
        self.calibration = calibration or Calibration(self.config.temperature)
        self._sharpness = read_sharpness(found)
        self._windows = Windows(found, self.config.prefix, self.config.max_length)
        self._backend = load_backend(found, threads)
        self._beside = ThreadPoolExecutor(self._backend.cores)

    @property
    def model_version(self) -> str:
        """The version `config.json` gives the model."""
        return self.config.model_version

    def read(self, texts: Sequence[str], languages: Sequence[str] = ()) -> list[Reading]:
        """One reading for each text, in order; the longest windows run together.

        `languages`, one for each text, tells how sure the model may sound (`sentiment.sharpness`).
        """
        windows = sorted(self._windows.of(texts), key=lambda window: len(window.tokens))
        names = languages or [""] * len(texts)
        sums = [_Sums(text, language) for text, language in zip(texts, names, strict=True)]
        size = max(1, min(BATCH, -(-len(windows) // self._backend.cores)))
        batches = [windows[first : first + size] for first in range(0, len(windows), size)]
        for batch, answer in self._answers(batches):
            self._add(sums, batch, answer)
        return [self._reading(found) for found in sums]

    def _add(self, sums: Sequence[_Sums], batch: Sequence[Window], answer: Answer) -> None:
        vectors = answer["embedding"].astype(np.float64)
        languages = [sums[window.text].language for window in batch]
        sharp = self._sharpness.factors(unit(vectors), languages)
        shares = self._softmax(answer["logits"] * sharp[:, None])
        mixed = _sigmoid(answer["mixed"]) if "mixed" in answer else np.zeros(len(batch))
        for row, window in enumerate(batch):
            found, tokens = sums[window.text], len(window.tokens)
            found.weight += tokens
            found.chances += tokens * shares[row]
            vector = tokens * vectors[row]
            found.embedding = vector if found.embedding is None else found.embedding + vector
            found.mixed = max(found.mixed, float(mixed[row]))
        if "themes" not in answer:
            return
        chances = _sigmoid(answer["themes"])
        for row, window in enumerate(batch):
            self._add_themes(sums[window.text], window, chances[row], answer["evidence"][row])

    def _add_themes(
        self, sums: _Sums, window: Window, chances: NDArray[np.float64], evidence: NDArray[np.float32]
    ) -> None:
        sums.themes = chances if sums.themes is None else np.maximum(sums.themes, chances)
        inside = slice(len(self._windows.head), len(window.tokens) - len(self._windows.tail))
        for column, (code, least) in enumerate(self.config.themes.items()):
            chance = float(chances[column])
            if chance < least or chance <= sums.evidence.get(code, (0.0, None))[0]:
                continue
            if stretch := strongest(sums.clauses(), window.places, evidence[inside, column]):
                sums.evidence[code] = chance, stretch

    def _reading(self, sums: _Sums) -> Reading:
        vector = np.zeros(1) if sums.embedding is None else sums.embedding
        chances = [] if sums.themes is None else [float(chance) for chance in sums.themes]
        return Reading(
            self._sentiment(sums.chances / sums.weight),
            unit(vector / sums.weight),
            dict(zip(self.config.themes, chances, strict=False)),
            {code: stretch for code, (_, stretch) in sums.evidence.items()},
            sums.mixed,
        )

    def _answers(self, batches: Sequence[list[Window]]) -> Iterator[tuple[list[Window], Answer]]:
        """Each batch with its answer; a few at a time, whose answers are all that is in memory."""
        if len(batches) == 1:
            yield batches[0], self._run(batches[0])
            return
        for first in range(0, len(batches), ROUND):
            some = batches[first : first + ROUND]
            yield from zip(some, self._beside.map(self._run, some), strict=True)

    def _run(self, batch: Sequence[Window]) -> Answer:
        length = max(len(window.tokens) for window in batch)
        ids = np.full((len(batch), length), self.config.pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(batch):
            ids[row, : len(window.tokens)] = window.tokens
            mask[row, : len(window.tokens)] = 1
        return self._backend.run(ids, mask)

    def _softmax(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        scaled = logits.astype(np.float64) / self.calibration.temperature + self.calibration.bias
        powers: NDArray[np.float64] = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        chances: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
        return chances

    def _sentiment(self, chances: NDArray[np.float64]) -> Sentiment:
        best = int(chances.argmax())
        label = LABELS[best] if chances[best] >= self.config.unknown_below else "unknown"
        return Sentiment(label, *(float(chance) for chance in chances))


def read_config(path: Path) -> ModelConfig:
    """Reads `config.json`; what a model from elsewhere does not say gets a cautious value."""
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    pad = table["pad_token_id"] if "pad_token_id" in table else table["pad_id"]
    config = ModelConfig(
        model_version=str(table.get("model_version", path.parent.name)),
        max_length=int(table.get("max_length", _LONGEST)),
        pad_id=int(pad),
        prefix=str(table.get("prefix", "")).rstrip(),
        temperature=float(table.get("temperature", 1.0)),
        unknown_below=float(table.get("unknown_below", 0.5)),
        mixed_from=float(table.get("mixed_from", 0.5)),
        keyword_from=float(table.get("keyword_from", 1.0)),
        themes={str(code): float(least) for code, least in table.get("themes", {}).items()},
    )
    if config.max_length < _LEAST_LENGTH or config.temperature <= 0:
        raise ValueError(f"{path}: max_length must be 8 or more and temperature above 0")
    return config


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float64]:
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-np.asarray(values, np.float64)))
    return chances
