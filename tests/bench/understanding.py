"""Understanding against a torch fp32 model of XLM-R-base size with random weights, at the same token length.

The model gives feelings, themes, evidence and embedding in one pass; the torch model only three logits.
"""

import importlib.util
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median

from sentiment.analyse import Analyser
from sentiment.model import SentimentModel
from sentiment.verdict import Comment
from tests.bench.phrases import PHRASES
from tests.bench.row import Row, at_least, at_most

BATCH = 32
TOKENS = 32
ROUNDS = 15
IN_A_ROW = 20
PAUSE = 0.3
SHORT = "The parcel came a week late and nobody told me."


def _fastest(runs: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of each at its fastest. They take turns, so that all share the machine's moods; what else runs on it
    only ever slows a run down. A pause lets torch's threads, which go on turning for a while, come to rest.
    """
    took: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS + 1):
        for name, run in runs.items():
            time.sleep(PAUSE)
            began = time.perf_counter()
            run()
            took[name].append(time.perf_counter() - began)
    return {name: min(times[1:]) for name, times in took.items()}


def _one_by_one(runs: Mapping[str, Callable[[], object]]) -> dict[str, tuple[float, float]]:
    """Seconds one comment takes of comments that follow one another, and after a pause.

    They take turns, `IN_A_ROW` comments each; before every turn is a pause in which the other's threads come to rest,
    and the first comment after it is counted apart. Of a turn counts the median, of all turns the fastest.
    """
    first: dict[str, list[float]] = {name: [] for name in runs}
    later: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            time.sleep(PAUSE)
            took = []
            for _ in range(IN_A_ROW):
                began = time.perf_counter()
                run()
                took.append(time.perf_counter() - began)
            first[name].append(took[0])
            later[name].append(median(took[1:]))
    return {name: (min(later[name]), min(first[name])) for name in runs}


def measure(home: Path) -> Iterator[Row]:
    """Verbatims a second of the model alone and of the whole analysis, and both ratios to the torch model."""
    del home
    texts = [phrase.text for phrases in PHRASES.values() for phrase in phrases]
    model = SentimentModel()
    sample = _of_length(model, texts)
    analyser = Analyser()
    runs: dict[str, Callable[[], object]] = {
        "batch": lambda: model.read(sample),
        "whole": lambda: analyser.analyse([Comment(text) for text in sample]),
    }
    if has_torch := importlib.util.find_spec("torch") is not None:
        runs["torch batch"] = _torch(BATCH, TOKENS)
    took = _fastest(runs)
    yield Row("verbatims a second, model alone", "", f"{BATCH / took['batch']:.0f}", None)
    whole = f"{BATCH / took['whole']:.0f}"
    yield Row("verbatims a second, masked, language, sentiment and themes", "", whole, None)
    wanted = "model / torch fp32 of XLM-R-base size, batch 32"
    latency = "latency of one comment / that of the torch model"
    if not has_torch:
        yield Row(wanted, "≥ 12 ×", "needs the training extra", None)
        yield Row(latency, "≤ 0.1 ×", "needs the training extra", None)
        return
    yield at_least(wanted, took["torch batch"] / took["batch"], 12)
    one = _one_by_one({"ours": lambda: model.read([SHORT]), "torch": _torch(1, _length(model, SHORT))})
    (ours, ours_first), (torch, torch_first) = one["ours"], one["torch"]
    yield at_most(f"{latency} ({ours * 1e3:.1f} ms / {torch * 1e3:.0f} ms)", ours / torch, 0.1)
    after = f"… the first after a pause ({ours_first * 1e3:.1f} ms / {torch_first * 1e3:.0f} ms)"
    yield Row(after, "", f"{ours_first / torch_first:.2f} ×", None)


def _of_length(model: SentimentModel, texts: list[str]) -> list[str]:
    """A batch of texts of exactly TOKENS tokens each: short ones are joined, and what is too much is cut off."""
    sample: list[str] = []
    for start in range(BATCH):
        text = " ".join(texts[start::BATCH])
        while _length(model, text) > TOKENS:
            text = text[:-1]
        sample.append(text)
    return sample


def _length(model: SentimentModel, text: str) -> int:
    """Tokens of a text with the model's own marks."""
    return sum(len(window.tokens) for window in model._windows.of([text]))


def _torch(batch: int, tokens: int) -> Callable[[], object]:
    import torch
    from transformers import XLMRobertaConfig, XLMRobertaForSequenceClassification

    torch.set_num_threads(2)
    config = XLMRobertaConfig(vocab_size=250_002, max_position_embeddings=514, type_vocab_size=1)
    config.num_labels = 3
    network = XLMRobertaForSequenceClassification(config).eval()
    ids = torch.randint(5, 250_000, (batch, tokens))

    def run() -> object:
        with torch.no_grad():
            return network(input_ids=ids, attention_mask=torch.ones_like(ids))

    return run
