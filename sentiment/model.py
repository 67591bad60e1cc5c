"""The sentiment model: text in, probabilities, themes and an embedding out. CPU, offline.

A model is a folder of `model.onnx`, `tokenizer.json` and `config.json` (or of a torch model in
transformers' form: `sentiment.backend`). One pass over a text gives everything it can say of it.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.backend import Answer, find_folder, load_backend
from sentiment.sentences import Stretch, strongest
from sentiment.verdict import Sentiment, SentimentLabel

DEFAULT_FOLDER = Path(__file__).parent / "model"
LABELS: tuple[SentimentLabel, ...] = ("negative", "neutral", "positive")

BATCH = 8
"""Windows that run as one: few enough for what a layer makes of them to stay in a core's own cache."""

ROUND = 32
"""Batches handed to the cores at a time."""

MOST_WINDOWS = 16
"""A comment is read in at most this many windows, evenly spread over one that is longer still."""

MOST_CHARACTERS = 200_000
"""Characters given to the tokenizer; of a longer text the first and the last half of these."""

_AS_TEXT = {"split_special_tokens": True, "verbose": False}
"""A customer who writes "</s>" must not end the text for the model; long texts are no warning."""

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
    """A site's own fit: probabilities are softmax(logits / temperature + bias)."""

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


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of one text's tokens with its prefix and end marks, and where each stands."""

    text: int
    tokens: list[int]
    places: list[Stretch]


@dataclass(slots=True)
class _Sums:
    """What the windows of one text add up to, by their length; of themes the highest is kept."""

    weight: float = 0.0
    chances: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(LABELS)))
    embedding: NDArray[np.float64] | None = None
    mixed: float = 0.0
    themes: NDArray[np.float64] | None = None
    evidence: dict[str, tuple[float, Stretch]] = field(default_factory=dict)


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
        self._tokenizer = _load_tokenizer(found)
        self._backend = load_backend(found, threads)
        self._beside = ThreadPoolExecutor(self._backend.cores)
        marks = self._tokens(self.config.prefix, add_special_tokens=True)
        bare = self._tokens(self.config.prefix)
        at = _find(marks, bare)
        self._head, self._tail = marks[: at + len(bare)], marks[at + len(bare) :]

    @property
    def model_version(self) -> str:
        """The version `config.json` gives the model."""
        return self.config.model_version

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """One reading for each text, in order; the longest windows run together."""
        windows = list(self._windows(texts))
        windows.sort(key=lambda window: len(window.tokens))
        sums = [_Sums() for _ in texts]
        size = max(1, min(BATCH, -(-len(windows) // self._backend.cores)))
        batches = [windows[first : first + size] for first in range(0, len(windows), size)]
        for batch, answer in self._answers(batches):
            shares = self._softmax(answer["logits"])
            for row, window in enumerate(batch):
                self._add(sums[window.text], texts[window.text], window, row, shares[row], answer)
        return [self._reading(found) for found in sums]

    def _add(
        self,
        sums: _Sums,
        text: str,
        window: _Window,
        row: int,
        shares: NDArray[np.float64],
        answer: Answer,
    ) -> None:
        tokens = len(window.tokens)
        sums.weight += tokens
        sums.chances += tokens * shares
        vector = tokens * answer["embedding"][row].astype(np.float64)
        sums.embedding = vector if sums.embedding is None else sums.embedding + vector
        if "mixed" in answer:
            sums.mixed = max(sums.mixed, float(_sigmoid(answer["mixed"][row])))
        if "themes" not in answer:
            return
        chances = _sigmoid(answer["themes"][row])
        sums.themes = chances if sums.themes is None else np.maximum(sums.themes, chances)
        for column, (code, least) in enumerate(self.config.themes.items()):
            chance = float(chances[column])
            if chance < least or chance <= sums.evidence.get(code, (0.0, None))[0]:
                continue
            inside = answer["evidence"][row, len(self._head) : tokens - len(self._tail), column]
            if stretch := strongest(text, window.places, inside):
                sums.evidence[code] = chance, stretch

    def _reading(self, sums: _Sums) -> Reading:
        vector = np.zeros(1) if sums.embedding is None else sums.embedding
        chances = [] if sums.themes is None else [float(chance) for chance in sums.themes]
        return Reading(
            self._sentiment(sums.chances / sums.weight),
            _unit(vector / sums.weight),
            dict(zip(self.config.themes, chances, strict=False)),
            {code: stretch for code, (_, stretch) in sums.evidence.items()},
            sums.mixed,
        )

    def _tokens(self, text: str, *, add_special_tokens: bool = False) -> list[int]:
        encoded = self._tokenizer(text, add_special_tokens=add_special_tokens, **_AS_TEXT)
        tokens: list[int] = encoded["input_ids"]
        return tokens

    def _windows(self, texts: Sequence[str]) -> Iterator[_Window]:
        """The tokens of each text in equal stretches that fit the model; one for a short text."""
        if not texts:
            return
        bounded = [_bounded(text) for text in texts]
        inside = {"add_special_tokens": False, "return_offsets_mapping": True}
        encoded = self._tokenizer([text for text, _ in bounded], **inside, **_AS_TEXT)
        found = zip(texts, bounded, encoded["input_ids"], encoded["offset_mapping"], strict=True)
        for at, (text, (part, cut), tokens, offsets) in enumerate(found):
            places = [_uncut(start, end, cut, len(text) - len(part)) for start, end in offsets]
            yield from self._stretches(at, tokens, places)

    def _stretches(self, at: int, tokens: list[int], places: list[Stretch]) -> Iterator[_Window]:
        room = self.config.max_length - len(self._head) - len(self._tail)
        count = max(1, -(-len(tokens) // room))
        chosen = range(count)
        if count > MOST_WINDOWS:
            chosen = np.linspace(0, count - 1, MOST_WINDOWS).round().astype(int).tolist()
        for place in chosen:
            inside = slice(place * room, (place + 1) * room)
            yield _Window(at, [*self._head, *tokens[inside], *self._tail], places[inside])

    def _answers(self, batches: Sequence[list[_Window]]) -> Iterator[tuple[list[_Window], Answer]]:
        """Each batch with its answer; a few at a time, whose answers are all that is in memory."""
        for first in range(0, len(batches), ROUND):
            some = batches[first : first + ROUND]
            yield from zip(some, self._beside.map(self._run, some), strict=True)

    def _run(self, batch: Sequence[_Window]) -> Answer:
        length = max(len(window.tokens) for window in batch)
        ids = np.full((len(batch), length), self.config.pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(batch):
            ids[row, : len(window.tokens)] = window.tokens
            mask[row, : len(window.tokens)] = 1
        return self._backend.run(ids, mask)

    def _softmax(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
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


def _load_tokenizer(folder: Path) -> Any:
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    # Imported here: transformers takes a second, and who only imports this library does not need it.
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))  # type: ignore[no-untyped-call]


def _bounded(text: str) -> tuple[str, int]:
    """The text, or the first and last parts of a very long one; and where it was cut."""
    if len(text) <= MOST_CHARACTERS:
        return text, len(text)
    half = MOST_CHARACTERS // 2
    return f"{text[:half]} {text[-half:]}", half


def _uncut(start: int, end: int, cut: int, missing: int) -> Stretch:
    """A place in the bounded text, as a place in the whole one."""
    shift = missing if start > cut else 0
    return Stretch(start + shift, end + shift)


def _find(tokens: Sequence[int], part: Sequence[int]) -> int:
    """Where `part` lies in `tokens`: the prefix between the tokenizer's start and end marks."""
    for at in range(len(tokens) - len(part) + 1):
        if list(tokens[at : at + len(part)]) == list(part):
            return at
    return 0


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float64]:
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-np.asarray(values, np.float64)))
    return chances


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)
