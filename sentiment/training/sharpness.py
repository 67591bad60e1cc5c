"""The sharpness of each language (`sentiment/sharpness.py`), fitted on rows set aside."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentiment.sharpness import Floats, Sharpness, post_chances
from sentiment.training.measure import Ints, probabilities

LEAST_ROWS = 50
"""Of a language in what is fitted on."""

PENALTY = 30.0
"""In rows: how many labels the common temperature weighs."""

STEPS = np.round(np.arange(-1.5, 1.01, 0.02), 2)
"""The logs of factors that are tried."""

RIDGE = 1e-5
"""Times the number of texts, on the weights that tell a post from a comment."""

_ROUNDS = 30
_ENOUGH = 1e-6


def fit_posts(posts: Floats, comments: Floats) -> Floats:
    """Weights [d + 1] of the log-odds that a unit embedding [d] is a post's: logistic regression by Newton's steps."""
    inputs = np.concatenate([posts, comments]).astype(np.float64)
    inputs = np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)
    is_post = np.arange(len(inputs)) < len(posts)
    ridge = RIDGE * len(inputs)
    weights = np.zeros(inputs.shape[1])
    for _ in range(_ROUNDS):
        chances = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (chances - is_post) + ridge * weights
        bend = (inputs * (chances * (1 - chances))[:, None]).T @ inputs + ridge * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        weights -= step
        if float(np.abs(step).max()) < _ENOUGH:
            break
    return weights


@dataclass(frozen=True)
class Told:
    """Labelled texts and what the model file says of them: logits [rows, 3], unit embeddings [rows, d]."""

    labels: Ints
    languages: NDArray[np.str_]
    logits: NDArray[np.floating]
    embeddings: NDArray[np.floating]

    def only(self, wanted: NDArray[np.bool_]) -> "Told":
        """The part that is wanted, [rows]."""
        return Told(self.labels[wanted], self.languages[wanted], self.logits[wanted], self.embeddings[wanted])

    def sharpened(self, sharpness: Sharpness) -> NDArray[np.floating]:
        """The logits as the product takes them."""
        return self.logits * sharpness.factors(self.embeddings, self.languages.tolist())[:, None]


def fit_sharpness(told: Told, *, weights: Floats, temperature: float) -> Sharpness:
    """For each language with rows enough the factor of the least log loss, held near 1."""
    posts = post_chances(told.embeddings, weights)
    found = {}
    for name in sorted(set(told.languages.tolist())):
        held = told.languages == name
        if held.sum() < LEAST_ROWS:
            continue
        logits, labels = told.logits[held], told.labels[held]
        losses = [
            _loss(logits * np.exp(step * posts[held])[:, None], labels, temperature) + PENALTY / 2 * step**2
            for step in STEPS
        ]
        found[name] = float(STEPS[int(np.argmin(losses))])
    return Sharpness(found, weights)


def sharpen_by_halves(
    told: Told, known: NDArray[np.bool_], even: NDArray[np.bool_], *, weights: Floats, temperature: float
) -> NDArray[np.floating]:
    """Logits of each half, sharpened as those of the other half that are known say; all [rows, …]."""
    logits = np.empty_like(told.logits)
    for half in (even, ~even):
        fit = fit_sharpness(told.only(known & ~half), weights=weights, temperature=temperature)
        logits[half] = told.only(half).sharpened(fit)
    return logits


def _loss(logits: NDArray[np.floating], labels: Ints, temperature: float) -> float:
    shares = probabilities(logits, temperature)
    return -float(np.log(shares[np.arange(len(labels)), labels] + 1e-12).sum())
