"""The sentiment model: text in, probabilities and an embedding out. Runs on the CPU, offline.

This is the only module that imports transformers and onnxruntime. A model is a folder of
`model.onnx`, `tokenizer.json` and `config.json`; inputs `input_ids` and `attention_mask` (int64,
[batch, length]), outputs `logits` ([batch, 3]: negative, neutral, positive) and `embedding`.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.verdict import Sentiment, SentimentLabel

DEFAULT_FOLDER = Path(__file__).parent / "model"
LABELS: tuple[SentimentLabel, ...] = ("negative", "neutral", "positive")

BATCH = 32
MOST_WINDOWS = 16
"""A comment is read in at most this many windows, evenly spread over one that is longer still."""

MOST_CHARACTERS = 200_000
"""Characters given to the tokenizer; of a longer text the first and the last half of these."""

_PREFIX = "query:"
_AS_TEXT = {"split_special_tokens": True, "verbose": False}
"""A customer who writes "</s>" must not end the text for the model; long texts are no warning."""

_LEAST_LENGTH = 8


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """What `config.json` says about how to feed the model and read its answers."""

    model_version: str
    max_length: int
    pad_id: int
    temperature: float
    unknown_below: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model made of one text: probabilities by `LABELS`, and the embedding."""

    sentiment: Sentiment
    embedding: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of one text's tokens, with its prefix and end marks."""

    text: int
    tokens: list[int]


class SentimentModel:
    """Loads a model folder once; `read` may be called from one thread at a time."""

    def __init__(self, folder: Path | str = DEFAULT_FOLDER, *, threads: int = 0) -> None:
        """`threads` bounds the cores used; 0 leaves the number to onnxruntime."""
        self._folder = Path(folder)
        self.config = read_config(self._folder / "config.json")
        self._tokenizer = _load_tokenizer(self._folder / "tokenizer.json")
        self._session = _load_session(self._folder / "model.onnx", threads)
        marks = self._tokens(_PREFIX, add_special_tokens=True)
        bare = self._tokens(_PREFIX)
        at = _find(marks, bare)
        self._head, self._tail = marks[: at + len(bare)], marks[at + len(bare) :]

    @property
    def model_version(self) -> str:
        """The version `config.json` gives the model."""
        return self.config.model_version

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """One reading for each text, in order; the longest windows run together."""
        windows = [window for at, text in enumerate(texts) for window in self._windows(at, text)]
        windows.sort(key=lambda window: len(window.tokens))
        chances = np.zeros((len(texts), len(LABELS)))
        embeddings: list[NDArray[np.float64] | None] = [None] * len(texts)
        weights = np.zeros(len(texts))
        for first in range(0, len(windows), BATCH):
            batch = windows[first : first + BATCH]
            logits, vectors = self._run(batch)
            for window, row, vector in zip(batch, self._softmax(logits), vectors, strict=True):
                tokens = len(window.tokens)
                chances[window.text] += tokens * row
                held = embeddings[window.text]
                embeddings[window.text] = tokens * vector if held is None else held + tokens * vector
                weights[window.text] += tokens
        return [
            Reading(self._sentiment(row / weight), _unit(vector / weight))
            for row, vector, weight in zip(chances, embeddings, weights, strict=True)
            if vector is not None
        ]

    def _tokens(self, text: str, *, add_special_tokens: bool = False) -> list[int]:
        encoded = self._tokenizer(text, add_special_tokens=add_special_tokens, **_AS_TEXT)
        tokens: list[int] = encoded["input_ids"]
        return tokens

    def _windows(self, at: int, text: str) -> Iterator[_Window]:
        """The tokens of a text in equal stretches that fit the model; one for a short text."""
        tokens = self._tokens(_bounded(text))
        room = self.config.max_length - len(self._head) - len(self._tail)
        count = max(1, -(-len(tokens) // room))
        stretches = [tokens[first : first + room] for first in range(0, count * room, room)]
        if count > MOST_WINDOWS:
            chosen = np.linspace(0, count - 1, MOST_WINDOWS).round().astype(int)
            stretches = [stretches[place] for place in chosen]
        for stretch in stretches:
            yield _Window(at, [*self._head, *stretch, *self._tail])

    def _run(self, batch: Sequence[_Window]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        length = max(len(window.tokens) for window in batch)
        ids = np.full((len(batch), length), self.config.pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(batch):
            ids[row, : len(window.tokens)] = window.tokens
            mask[row, : len(window.tokens)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask}
        logits, embedding = self._session.run(["logits", "embedding"], inputs)
        return np.asarray(logits, np.float64), np.asarray(embedding, np.float64)

    def _softmax(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        scaled = logits / self.config.temperature
        powers: NDArray[np.float64] = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        chances: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
        return chances

    def _sentiment(self, chances: NDArray[np.float64]) -> Sentiment:
        best = int(chances.argmax())
        label = LABELS[best] if chances[best] >= self.config.unknown_below else "unknown"
        return Sentiment(label, *(float(chance) for chance in chances))


def read_config(path: Path) -> ModelConfig:
    """Reads `config.json`; a missing key is an error that names it."""
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    pad = table["pad_token_id"] if "pad_token_id" in table else table["pad_id"]
    config = ModelConfig(
        model_version=str(table["model_version"]),
        max_length=int(table["max_length"]),
        pad_id=int(pad),
        temperature=float(table["temperature"]),
        unknown_below=float(table["unknown_below"]),
    )
    if config.max_length < _LEAST_LENGTH or config.temperature <= 0:
        raise ValueError(f"{path}: max_length must be 8 or more and temperature above 0")
    return config


def _load_tokenizer(path: Path) -> Any:
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    # Imported here: transformers takes a second, and who only imports this library does not need it.
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(tokenizer_file=str(path))  # type: ignore[no-untyped-call]


def _load_session(path: Path, threads: int) -> Any:
    # Imported here: it loads 60 MB of machine code that importing the library must not cost.
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Spinning threads would take the cores from the web server beside them.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _bounded(text: str) -> str:
    if len(text) <= MOST_CHARACTERS:
        return text
    return f"{text[: MOST_CHARACTERS // 2]} {text[-MOST_CHARACTERS // 2 :]}"


def _find(tokens: Sequence[int], part: Sequence[int]) -> int:
    """Where `part` lies in `tokens`: the prefix between the tokenizer's start and end marks."""
    for at in range(len(tokens) - len(part) + 1):
        if list(tokens[at : at + len(part)]) == list(part):
            return at
    return 0


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)
