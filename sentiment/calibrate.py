"""Fits the chances of the sentiment model to a site's own labels: a temperature and a bias a class.

Chances become softmax(logits / temperature + bias). The fit minimises the mean log loss plus a small
penalty that holds it near the model's own chances, so that few labels move it little. The loss is
convex in 1 / temperature and the biases: Newton's steps find its one minimum, the same every time.
Whether a fit helps is judged on rows it has not seen: each third by a fit on the other two.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sentiment.evaluate_figures import macro_f1, mean, percent, sureness

CLASSES: Final = ("negative", "neutral", "positive")
LEAST_ROWS: Final = 300
FOLDS: Final = 3

PENALTY: Final = 3.0
"""In rows: how many labels the model's own chances weigh."""

_CLEARLY = 1.96
_STEPS = 50
_ENOUGH = 1e-10
_LEAST_SLOPE = 0.05
_FLOOR = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scaling:
    """What is done to the log of the model's own chances: softmax(slope * log(chance) + bias)."""

    slope: float = 1.0
    bias: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __call__(self, chances: ArrayLike) -> Floats:
        """Chances [rows, 3] made anew."""
        return _softmax(self.slope * _logs(chances) + np.array(self.bias))


@dataclass(frozen=True, slots=True)
class Quality:
    """How good chances are on labelled rows: log loss; the others in percent."""

    log_loss: float
    calibration_error: float
    calibration_by_chance: float
    accuracy: float
    macro_f1: float = 0.0


@dataclass(frozen=True, slots=True)
class Trial:
    """What a fit does to rows that it has not seen; `turned` became right or wrong by it."""

    n: int
    turned: int
    before: Quality
    after: Quality

    @property
    def helps(self) -> bool:
        """Whether chances are truer by both measures, and answers not clearly more often wrong (McNemar)."""
        lost = (self.before.accuracy - self.after.accuracy) / 100 * self.n
        truer = self.after.log_loss < self.before.log_loss
        closer = self.after.calibration_error < self.before.calibration_error
        return truer and closer and lost <= _CLEARLY * self.turned**0.5


@dataclass(frozen=True, slots=True)
class Fit:
    """What is kept: chances are softmax(s * logits / temperature + bias) of the model named; for s see `sentiment.sharpness`."""

    model_version: str
    temperature: float
    bias: tuple[float, float, float]
    n: int
    trial: Trial


def fit_scaling(chances: ArrayLike, labels: ArrayLike) -> Scaling:
    """The slope and biases of the least penalised log loss; labels are places in `CLASSES`."""
    logs = _logs(chances)
    target = np.eye(len(CLASSES))[np.asarray(labels, np.int64)]
    at = np.array([1.0, 0.0, 0.0, 0.0])
    rest = at.copy()
    # [rows, classes, parameters]: how each class's score moves with each parameter.
    moves = np.concatenate([logs[:, :, None], np.broadcast_to(np.eye(3), (len(logs), 3, 3))], axis=2)
    loss = _penalised(logs, target, at, rest)
    for _ in range(_STEPS):
        shares = _softmax(at[0] * logs + at[1:])
        slope = np.einsum("rc,rcp->p", shares - target, moves) + PENALTY * (at - rest)
        spread = np.einsum("rc,rcp,rcq->pq", shares, moves, moves)
        centre = np.einsum("rc,rcp->rp", shares, moves)
        bend = spread - centre.T @ centre + PENALTY * np.eye(4)
        step = np.linalg.solve(bend, slope)
        # Halved until the loss falls, as Newton's method needs far from the minimum.
        size = 1.0
        while size > _ENOUGH and _penalised(logs, target, at - size * step, rest) > loss:
            size /= 2
        at = at - size * step
        loss = _penalised(logs, target, at, rest)
        if float(np.abs(size * step).max()) < _ENOUGH:
            break
    bias = at[1:] - at[1:].mean()
    return Scaling(max(float(at[0]), _LEAST_SLOPE), (float(bias[0]), float(bias[1]), float(bias[2])))


def quality(chances: ArrayLike, labels: ArrayLike) -> Quality:
    """How good chances are on labelled rows."""
    shares, gold = np.asarray(chances, np.float64), np.asarray(labels, np.int64)
    right = shares.argmax(1) == gold
    sure = sureness(shares.max(1), right)
    losses = -np.log(np.maximum(shares[np.arange(len(gold)), gold], _FLOOR))
    pairs = [(CLASSES[label], CLASSES[guess]) for label, guess in zip(gold, shares.argmax(1), strict=True)]
    f1 = macro_f1(pairs).value
    return Quality(round(mean(losses), 4), sure.error, sure.by_chance, percent(mean(right)), f1)


def try_out(chances: ArrayLike, labels: ArrayLike, texts: Sequence[str]) -> Trial:
    """Each third of the rows, drawn by the hash of the text, judged by a fit on the other two."""
    shares, gold = np.asarray(chances, np.float64), np.asarray(labels, np.int64)
    order = sorted(range(len(texts)), key=lambda at: (crc32(texts[at].encode("utf-8", "replace")), at))
    after = np.empty_like(shares)
    for fold in range(FOLDS):
        held = np.zeros(len(texts), bool)
        held[order[fold::FOLDS]] = True
        after[held] = fit_scaling(shares[~held], gold[~held])(shares[held])
    turned = (shares.argmax(1) == gold) != (after.argmax(1) == gold)
    return Trial(len(texts), int(turned.sum()), quality(shares, gold), quality(after, gold))


def fit(
    chances: ArrayLike, labels: ArrayLike, texts: Sequence[str], *, model_version: str, temperature: float
) -> Fit:
    """Try out and fit on all rows; `temperature` is the one behind the chances given."""
    trial = try_out(chances, labels, texts)
    scaling = fit_scaling(chances, labels)
    return Fit(model_version, temperature / scaling.slope, scaling.bias, len(texts), trial)


def write_fit(found: Fit, path: Path) -> None:
    """Keep a fit as JSON; whoever reads at that moment sees the old file or the new one."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")
    beside.replace(path)


def read_fit(path: Path) -> Fit | None:
    """What was kept; None when nothing was, or when it cannot be read."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        trial = found["trial"]
        low, middle, high = (float(value) for value in found["bias"])
        kept = Fit(
            str(found["model_version"]),
            float(found["temperature"]),
            (low, middle, high),
            int(found["n"]),
            Trial(
                int(trial["n"]), int(trial["turned"]), Quality(**trial["before"]), Quality(**trial["after"])
            ),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return kept if kept.temperature > 0 and np.isfinite([kept.temperature, *kept.bias]).all() else None


def _logs(chances: ArrayLike) -> Floats:
    logs: Floats = np.log(np.maximum(np.asarray(chances, np.float64).reshape(-1, len(CLASSES)), _FLOOR))
    centred: Floats = logs - logs.mean(1, keepdims=True)
    return centred


def _softmax(scores: Floats) -> Floats:
    powers: Floats = np.exp(scores - scores.max(1, keepdims=True))
    shares: Floats = powers / powers.sum(1, keepdims=True)
    return shares


def _penalised(logs: Floats, target: Floats, at: Floats, rest: Floats) -> float:
    shares = _softmax(at[0] * logs + at[1:])
    loss = -float(np.log(np.maximum((shares * target).sum(1), _FLOOR)).sum())
    return loss + PENALTY / 2 * float(((at - rest) ** 2).sum())
