"""The training loop: two stages, a masked loss, and a second loss that keeps the embedding.

Classes: rows of a source without neutrals train negative against positive only, their neutral
logit is left alone; otherwise "neutral" vanishes in the languages such sources cover.
Embedding: the mean vector must stay near the untrained encoder's, because themes and pain points
are found by it; both are compared after the mean of all texts is taken off.
"""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from sentiment.training.network import PAD, Batch, SentimentNet, mean_pool
from sentiment.training.rows import SEED, Row

PREFIX = "query: "
MAX_TOKENS = 64
BATCH = 64
# Batches are cut from this many texts at a time, sorted by length.
BUCKET = 50 * BATCH
WARM_UP = 0.06
WEIGHT_DECAY = 0.01
HEAD_RATE = 10.0
LABEL_SMOOTHING = 0.05
KEEP_WEIGHT = 1.0


@dataclass(frozen=True)
class Stage:
    """A pass over a draw of rows; `rate` is the highest learning rate of the encoder."""

    name: str
    epochs: int
    rate: float


@dataclass(frozen=True)
class Example:
    """One tokenised row: its ids, and `target`, the untrained encoder's vector [hidden]."""

    ids: list[int]
    label: int
    has_neutral: bool
    target: NDArray[np.float32]


def encode(tokenizer: Tokenizer, texts: list[str], longest: int) -> list[list[int]]:
    """Ids of the prefixed texts, cut at `longest`."""
    tokenizer.enable_truncation(longest)
    return [split.ids for split in tokenizer.encode_batch_fast([PREFIX + t for t in texts])]


def pad(ids: list[list[int]]) -> Batch:
    """One batch, filled up to its longest text."""
    longest = max(map(len, ids))
    full = torch.tensor([row + [PAD] * (longest - len(row)) for row in ids])
    return Batch(input_ids=full, attention_mask=(full != PAD).long())


def by_length(ids: list[list[int]], size: int) -> Iterator[list[int]]:
    """Places of the texts in batches of similar length."""
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    for start in range(0, len(order), size):
        yield order[start : start + size]


@torch.inference_mode()
def embed(bert: nn.Module, ids: list[list[int]]) -> NDArray[np.float32]:
    """Mean vectors [texts, hidden] of the encoder as it is; turns it to bfloat16."""
    bert.eval().bfloat16()
    vectors: list[Tensor] = [torch.empty(0)] * len(ids)
    for places in by_length(ids, BATCH):
        batch = pad([ids[i] for i in places])
        hidden = bert(**batch).last_hidden_state
        pooled = mean_pool(hidden.float(), batch["attention_mask"])
        for place, vector in zip(places, pooled, strict=True):
            vectors[place] = vector
    return torch.stack(vectors).numpy()


@torch.inference_mode()
def predict(network: nn.Module, ids: list[list[int]]) -> NDArray[np.float32]:
    """Logits [texts, 3]."""
    network.eval()
    logits = np.zeros((len(ids), 3), np.float32)
    for places in by_length(ids, BATCH):
        with torch.autocast("cpu", torch.bfloat16):
            found, _ = network(**pad([ids[i] for i in places]))
        logits[places] = found.float().numpy()
    return logits


def make_examples(
    rows: list[Row], tokenizer: Tokenizer, targets: dict[str, NDArray[np.float32]]
) -> list[Example]:
    """Rows as the network takes them; `targets` go by row key."""
    ids = encode(tokenizer, [row.text for row in rows], MAX_TOKENS)
    return [
        Example(split, row.label, row.has_neutral, targets[row.key])
        for split, row in zip(ids, rows, strict=True)
    ]


def make_batches(examples: list[Example], chance: random.Random) -> list[list[Example]]:
    """All examples once: shuffled, in batches of similar length, the batches shuffled again."""
    shuffled = chance.sample(examples, len(examples))
    batches = []
    for start in range(0, len(shuffled), BUCKET):
        bucket = shuffled[start : start + BUCKET]
        places = by_length([e.ids for e in bucket], BATCH)
        batches += [[bucket[i] for i in part] for part in places]
    chance.shuffle(batches)
    return batches


def class_loss(logits: Tensor, labels: Tensor, has_neutral: Tensor) -> Tensor:
    """Cross-entropy of [batch, 3] logits, a mean over the rows."""
    cross_entropy = nn.CrossEntropyLoss(label_smoothing=LABEL_SMOOTHING, reduction="sum")
    three: Tensor = cross_entropy(logits[has_neutral], labels[has_neutral])
    two: Tensor = cross_entropy(logits[~has_neutral][:, [0, 2]], labels[~has_neutral] // 2)
    return (three + two) / len(labels)


def keep_loss(embedding: Tensor, target: Tensor, centre: Tensor) -> Tensor:
    """How far the mean vectors [batch, hidden] have turned from the untrained encoder's: 0 to 2."""
    return 1 - functional.cosine_similarity(embedding - centre, target - centre).mean()


def rate_at(step: int, steps: int) -> float:
    """The share of the full learning rate: up in a line, then down in a line to nothing."""
    warm = max(1, round(WARM_UP * steps))
    return min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def make_optimizer(network: SentimentNet, rate: float) -> torch.optim.AdamW:
    """AdamW over all but the word embeddings, which are frozen."""
    # Their dense gradient and Adam state would cost more time than the twelve layers.
    network.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    body = [p for p in network.bert.parameters() if p.requires_grad]
    groups = [
        {"params": body, "lr": rate},
        {"params": network.head.parameters(), "lr": rate * HEAD_RATE},
    ]
    return torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY, fused=True)


def batch_loss(network: SentimentNet, batch: list[Example], centre: Tensor) -> tuple[Tensor, Tensor]:
    """The class loss and the loss that keeps the embedding."""
    with torch.autocast("cpu", torch.bfloat16):
        logits, embedding = network(**pad([e.ids for e in batch]))
    labels = torch.tensor([e.label for e in batch])
    neutral = torch.tensor([e.has_neutral for e in batch])
    target = torch.from_numpy(np.stack([e.target for e in batch]))
    classes = class_loss(logits.float(), labels, neutral)
    return classes, keep_loss(embedding.float(), target, centre)


def train_stage(
    network: SentimentNet,
    examples: list[Example],
    stage: Stage,
    centre: NDArray[np.float32],
    say: Callable[[str], None] = print,
) -> None:
    """Change the network in place; `centre` [hidden] is the mean of the untrained vectors."""
    chance = random.Random(SEED)  # noqa: S311 (an order, not a secret)
    batches = [b for _ in range(stage.epochs) for b in make_batches(examples, chance)]
    optimizer = make_optimizer(network, stage.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: rate_at(i, len(batches)))
    middle = torch.from_numpy(centre)
    started, seen, sums = time.monotonic(), 0, np.zeros(2)
    network.train()
    for step, batch in enumerate(batches, start=1):
        classes, kept = batch_loss(network, batch, middle)
        (classes + KEEP_WEIGHT * kept).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        seen += len(batch)
        sums += (classes.item(), kept.item())
        if step % 100 == 0:
            speed = seen / (time.monotonic() - started)
            loss = " + ".join(f"{part:.3f}" for part in sums / 100)
            say(f"{stage.name} {step}/{len(batches)}: loss {loss}, {speed:.0f} texts/s")
            sums[:] = 0
