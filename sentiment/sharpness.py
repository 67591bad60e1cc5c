"""How sure the model may sound in each language.

One temperature cannot be right for all languages: in some the model says 80 % where it is right in 65. What its chances are
worth is known from posts, subtitles and reviews, as there are labelled ones; customers' own comments are told better, and
those labels say little of them. So a language's sharpness counts as far as a text is like such a post, judged by its
embedding (docs/training.md, "How sure").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FILE = "sharpness.npz"


@dataclass(frozen=True, slots=True)
class Sharpness:
    """`languages`: the log of what logits of a post are multiplied by; a language that is missing has 0.

    `weights` [d + 1]: the log-odds that a text of a unit embedding [d] is a post; the last one stands alone.
    """

    languages: Mapping[str, float]
    weights: Floats

    def factors(self, embeddings: NDArray[np.floating], languages: Sequence[str]) -> Floats:
        """What to multiply logits by, [n], for unit embeddings [n, d]."""
        steps = np.array([self.languages.get(language, 0.0) for language in languages])
        if not steps.any():
            return np.ones(len(steps))
        factors: Floats = np.exp(steps * post_chances(embeddings, self.weights))
        return factors


EVEN = Sharpness({}, np.zeros(1))
"""Of a model without a file of it: all languages alike."""


def post_chances(embeddings: NDArray[np.floating], weights: Floats) -> Floats:
    """How likely each text is a post rather than a customer's comment, [n]."""
    chances: Floats = 1 / (1 + np.exp(-(embeddings @ weights[:-1] + weights[-1])))
    return chances


def read_sharpness(folder: Path) -> Sharpness:
    """What a model's folder holds of it."""
    path = folder / FILE
    if not path.exists():
        return EVEN
    with np.load(path, allow_pickle=False) as kept:
        names, steps = kept["languages"].tolist(), kept["steps"].tolist()
        return Sharpness(dict(zip(names, steps, strict=True)), kept["weights"].astype(np.float64))


def write_sharpness(sharpness: Sharpness, folder: Path) -> None:
    """Keep it beside a model."""
    names = sorted(sharpness.languages)
    steps = np.array([sharpness.languages[name] for name in names], np.float32)
    np.savez_compressed(
        folder / FILE, languages=np.array(names), steps=steps, weights=sharpness.weights.astype(np.float32)
    )
