"""The training loop: several losses on one pass, and running averages of the weights.

Feelings: rows of a source without neutrals train negative against positive only, their neutral
logit is left alone; otherwise "neutral" vanishes in the languages such sources cover.
Embedding: the mean vector must stay near the untrained encoder's, because pain points are found by
it; both are compared after the mean of all texts is taken off. Sentences that tell one pain point
in several languages are drawn together, and away from those of other points.
"""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from sentiment.themes import THEMES
from sentiment.training.network import PAD, Batch, Reading, SentimentNet, mean_pool
from sentiment.training.rows import SEED, Row

PREFIX = "query: "
# <s>, the prefix and its colon.
PREFIX_PIECES = 3
UNKNOWN = 3
MAX_TOKENS = 64
BATCH = 64
# Batches are cut from this many texts at a time, sorted by length.
BUCKET = 50 * BATCH
WARM_UP = 0.06
WEIGHT_DECAY = 0.01
HEAD_RATE = 20.0
LABEL_SMOOTHING = 0.05
KEEP_WEIGHT = 1.0
# A sum over the themes, so that each theme's few sentences move the encoder.
THEME_WEIGHT = 1.0
MIXED_WEIGHT = 0.5
POINT_WEIGHT = 1.0
# The share of the teacher in the loss of feelings.
TAUGHT_SHARE = 0.5
# How sharply texts of other pain points are pushed away.
POINT_TEMPERATURE = 0.05
# A batch of pain points: so many points, each in so many languages.
POINTS_A_BATCH = 16
# Weights are averaged every so many steps.
AVERAGE_EVERY = 4


@dataclass(frozen=True)
class Stage:
    """A pass over a draw of rows.

    `rate` is the highest learning rate of the encoder, `blanked` the share of pieces that it may not
    see, and the weights kept at the end are a running average over about the last `average` steps
    (0: the last ones). The lowest `frozen` layers stay as they are. It begins with the weighted mean of
    the checkpoints in `start` (empty: with the stage before); where `taught`, what that start says of
    the feelings in the open sets is learnt beside their labels, so that it is not forgotten.
    """

    name: str
    epochs: int
    rate: float
    blanked: float = 0.0
    average: int = 0
    frozen: int = 0
    start: tuple[tuple[str, float], ...] = ()
    taught: bool = False


@dataclass(frozen=True)
class Example:
    """One tokenised row. `target` is the untrained encoder's vector [hidden], where it is held;
    `taught` are the log-odds [3] that a teacher gives.
    """

    ids: list[int]
    row: Row
    target: NDArray[np.float32] | None
    taught: NDArray[np.float32] | None = None


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
def predict(network: nn.Module, ids: list[list[int]]) -> Reading:
    """The reading of all texts at once, as float32 arrays of numpy; without `evidence`."""
    network.eval()
    parts: list[list[Tensor]] = [[] for _ in range(4)]
    order: list[int] = []
    for places in by_length(ids, BATCH):
        with torch.autocast("cpu", torch.bfloat16):
            found = network(**pad([ids[i] for i in places]))
        order += places
        for part, values in zip(parts, found, strict=False):
            part.append(values.float())
    back = np.argsort(order)
    return Reading(*(torch.cat(part)[back] for part in parts), torch.empty(0))


def make_examples(
    rows: list[Row], tokenizer: Tokenizer, targets: dict[str, NDArray[np.float32]]
) -> list[Example]:
    """Rows as the network takes them; `targets` go by row key and may miss some."""
    ids = encode(tokenizer, [row.text for row in rows], MAX_TOKENS)
    return [Example(split, row, targets.get(row.key)) for split, row in zip(ids, rows, strict=True)]


def teach(network: nn.Module, examples: list[Example]) -> list[Example]:
    """The examples with what the network says now of those from the open sets."""
    places: dict[str, int] = {}
    ids = []
    for example in examples:
        if example.row.themes is None and example.row.key not in places:
            places[example.row.key] = len(ids)
            ids.append(example.ids)
    logits = predict(network, ids).logits.numpy()
    return [replace(e, taught=logits[places[e.row.key]]) if e.row.themes is None else e for e in examples]


def make_batches(examples: list[Example], chance: random.Random) -> list[list[Example]]:
    """All examples once: shuffled, in batches of similar length, the batches shuffled again.

    Sentences of pain points go in batches of their own, several languages of each point together.
    """
    plain = [e for e in examples if e.row.point is None]
    batches = batches_of_points([e for e in examples if e.row.point is not None], chance)
    shuffled = chance.sample(plain, len(plain))
    for start in range(0, len(shuffled), BUCKET):
        bucket = shuffled[start : start + BUCKET]
        places = by_length([e.ids for e in bucket], BATCH)
        batches += [[bucket[i] for i in part] for part in places]
    chance.shuffle(batches)
    return batches


def batches_of_points(examples: list[Example], chance: random.Random) -> list[list[Example]]:
    """All examples once, in batches of up to 16 points with up to 4 languages each.

    Points of one theme follow each other, so that a batch holds those that are hard to tell apart.
    """
    by_point: dict[str, list[Example]] = {}
    for example in chance.sample(examples, len(examples)):
        by_point.setdefault(str(example.row.point), []).append(example)
    share = BATCH // POINTS_A_BATCH
    parts: dict[int, list[list[Example]]] = {}
    for point in sorted(by_point):
        found = by_point[point]
        for number, start in enumerate(range(0, len(found), share)):
            parts.setdefault(number, []).append(found[start : start + share])
    batches = []
    for groups in parts.values():
        turn = chance.randrange(len(groups))
        turned = groups[turn:] + groups[:turn]
        batches += [
            [e for group in turned[start : start + POINTS_A_BATCH] for e in group]
            for start in range(0, len(turned), POINTS_A_BATCH)
        ]
    return batches


def class_loss(logits: Tensor, batch: list[Example]) -> Tensor:
    """Cross-entropy of [batch, 3] logits, a mean over the rows; a mixed text has no one feeling."""
    cross_entropy = nn.CrossEntropyLoss(label_smoothing=LABEL_SMOOTHING, reduction="sum")
    labels = torch.tensor([-1 if e.row.label is None else e.row.label for e in batch])
    neutral = torch.tensor([e.row.has_neutral for e in batch])
    three = neutral & (labels >= 0)
    two = ~neutral & (labels >= 0)
    loss: Tensor = cross_entropy(logits[three], labels[three])
    loss = loss + cross_entropy(logits[two][:, [0, 2]], labels[two] // 2)
    taught = [i for i, e in enumerate(batch) if e.taught is not None]
    if taught:
        teacher = torch.from_numpy(np.stack([batch[i].taught for i in taught])).softmax(1)
        followed = functional.cross_entropy(logits[taught], teacher, reduction="sum")
        # Where all are taught this is a mean of both; a source without neutrals learns them only here.
        loss = loss + TAUGHT_SHARE / (1 - TAUGHT_SHARE) * followed
    return loss / len(batch)


def keep_loss(embedding: Tensor, batch: list[Example], centre: Tensor) -> Tensor:
    """How far the mean vectors [batch, hidden] have turned from the untrained encoder's: 0 to 2."""
    held = [i for i, e in enumerate(batch) if e.target is not None]
    if not held:
        return embedding.new_zeros(())
    target = torch.from_numpy(np.stack([batch[i].target for i in held]))
    return 1 - functional.cosine_similarity(embedding[held] - centre, target - centre).mean()


def theme_loss(reading: Reading, batch: list[Example]) -> Tensor:
    """Themes and `mixed`, of the rows that are labelled with them; a mean over the batch."""
    held = [i for i, e in enumerate(batch) if e.row.themes is not None]
    if not held:
        return reading.logits.new_zeros(())
    themes = torch.tensor([batch[i].row.theme_vector for i in held])
    mixed = torch.tensor([float(batch[i].row.label is None) for i in held])
    loss = functional.binary_cross_entropy_with_logits
    both = THEME_WEIGHT * len(THEMES) * loss(reading.themes[held].float(), themes)
    both = both + MIXED_WEIGHT * loss(reading.mixed[held].float(), mixed)
    return both * len(held) / len(batch)


def point_loss(embedding: Tensor, batch: list[Example]) -> Tensor:
    """Supervised contrast (Khosla and others 2020) over the cosines of a batch of pain points."""
    names = [e.row.point for e in batch]
    if None in names:
        return embedding.new_zeros(())
    codes = torch.tensor([names.index(name) for name in names])
    unit = functional.normalize(embedding)
    likeness = unit @ unit.T / POINT_TEMPERATURE
    itself = torch.eye(len(batch), dtype=torch.bool)
    likeness = likeness.masked_fill(itself, -torch.inf)
    chances = likeness - torch.logsumexp(likeness, dim=1, keepdim=True)
    same = (codes[:, None] == codes[None, :]) & ~itself
    paired = same.any(1)
    return -(chances.masked_fill(~same, 0).sum(1) / same.sum(1).clamp(min=1))[paired].mean()


def rate_at(step: int, steps: int) -> float:
    """The share of the full learning rate: up in a line, then down in a line to nothing."""
    warm = max(1, round(WARM_UP * steps))
    return min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def freeze(network: SentimentNet, layers: int) -> None:
    """Keep the word embeddings and the lowest layers as they are."""
    network.requires_grad_(True)
    # The embeddings' dense gradient and Adam state would cost more time than the twelve layers.
    network.bert.embeddings.word_embeddings.requires_grad_(False)
    if layers:
        network.bert.embeddings.requires_grad_(False)
        network.bert.encoder.layer[:layers].requires_grad_(False)


def make_optimizer(network: SentimentNet, rate: float) -> torch.optim.AdamW:
    """AdamW over all that is not frozen."""
    body = [p for p in network.bert.parameters() if p.requires_grad]
    groups = [
        {"params": body, "lr": rate},
        {"params": network.heads(), "lr": rate * HEAD_RATE},
    ]
    return torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY, fused=True)


def blank(batch: Batch, share: float) -> Batch:
    """The batch with a share of its pieces unknown, its prefix and marks left alone.

    It does what dropout does, which costs a third of the time on a CPU.
    """
    ids = batch["input_ids"]
    hidden = (torch.rand(ids.shape) < share) & (ids > UNKNOWN)
    hidden[:, :PREFIX_PIECES] = False
    return Batch(input_ids=ids.masked_fill(hidden, UNKNOWN), attention_mask=batch["attention_mask"])


class Average:
    """A running mean of the trained weights, over about the last `steps` steps."""

    def __init__(self, network: SentimentNet, steps: int) -> None:
        self.live = [p for p in network.parameters() if p.requires_grad]
        self.mean = [p.detach().clone() for p in self.live]
        self.steps = steps
        self.count = 0

    @torch.no_grad()
    def add(self) -> None:
        """Take the weights as they are now into the mean."""
        self.count += AVERAGE_EVERY
        share = AVERAGE_EVERY / min(self.steps, self.count + AVERAGE_EVERY)
        torch._foreach_lerp_(self.mean, self.live, share)

    @torch.no_grad()
    def settle(self) -> None:
        """Put the mean in the place of the weights."""
        for live, mean in zip(self.live, self.mean, strict=True):
            live.copy_(mean)


def batch_losses(network: SentimentNet, batch: list[Example], centre: Tensor, blanked: float) -> list[Tensor]:
    """Losses of feelings, of the kept embedding, of themes and of pain points, weighted."""
    with torch.autocast("cpu", torch.bfloat16):
        reading = network(**blank(pad([e.ids for e in batch]), blanked))
    embedding = reading.embedding.float()
    return [
        class_loss(reading.logits.float(), batch),
        KEEP_WEIGHT * keep_loss(embedding, batch, centre),
        theme_loss(reading, batch),
        POINT_WEIGHT * point_loss(embedding, batch),
    ]


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
    freeze(network, stage.frozen)
    optimizer = make_optimizer(network, stage.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: rate_at(i, len(batches)))
    average = Average(network, stage.average) if stage.average else None
    middle = torch.from_numpy(centre)
    started, seen, sums = time.monotonic(), 0, np.zeros(4)
    network.train()
    for step, batch in enumerate(batches, start=1):
        losses = batch_losses(network, batch, middle, stage.blanked)
        torch.stack(losses).sum().backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        if average and step % AVERAGE_EVERY == 0:
            average.add()
        seen += len(batch)
        sums += [loss.item() for loss in losses]
        if step % 100 == 0:
            speed = seen / (time.monotonic() - started)
            loss = " + ".join(f"{part:.3f}" for part in sums / 100)
            say(f"{stage.name} {step}/{len(batches)}: loss {loss}, {speed:.0f} texts/s")
            sums[:] = 0
    if average:
        average.settle()
