"""A theme of a site's own: from a few example comments, in any languages, to a matcher. Pure arithmetic.

Embeddings lie in a narrow cone, so everything is measured from the middle of the background: texts about other things. A
theme is the direction in which its examples lie from there (their centred mean), a text's likeness its cosine with that
direction. The threshold stands between what the examples are to each other (each against the mean of the others) and what
the background is to them. Background that stands out of the rest and is as like as the examples themselves speaks of the same thing and is left out.
No randomness and no order: the same vectors give the same matcher. How well this finds a theme is measured by
`python -m sentiment.own_themes_figures`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FEWEST: Final = 3
MOST: Final = 50
"""How many examples a theme takes."""

EDGE: Final = 0.98
"""The share of the background below its edge."""

STRICT: Final = 0.85
"""Where the threshold stands on the way from the background's edge (0) to the examples' middle (1)."""

LEAST_GAP: Final = 0.05
"""The threshold is never nearer to the edge than this times the way from there to 1."""

OUTLYING: Final = 3.0
"""How many deviations away something no longer belongs to the rest."""

AT_THRESHOLD: Final = -0.7
SLOPE: Final = 13.0
"""Log-odds at the threshold, and how they rise with the likeness: as measured (docs/themes.md)."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A theme as a direction from the background's middle, and the likeness from which a text belongs to it."""

    centre: Floats
    direction: Floats
    threshold: float

    def likeness(self, vectors: NDArray[Any]) -> Floats:
        """The centred cosine of each row [n, d]."""
        found: Floats = (_centred(vectors, self.centre) @ self.direction).astype(np.float32)
        return found

    def chances(self, vectors: NDArray[Any]) -> Floats:
        """For each row the chance that it speaks of the theme: one in three at the threshold, where six examples stand for it."""
        odds = AT_THRESHOLD + SLOPE * (self.likeness(vectors).astype(np.float64) - self.threshold)
        found: Floats = (1 / (1 + np.exp(-odds))).astype(np.float32)
        return found

    def matches(self, vectors: NDArray[Any]) -> NDArray[np.bool_]:
        """Which rows speak of the theme."""
        found: NDArray[np.bool_] = self.likeness(vectors) >= self.threshold
        return found

    def evidence(self, sentences: NDArray[Any]) -> int | None:
        """Which of a text's sentences [n, d] speaks of the theme most; None without any."""
        return int(self.likeness(sentences).argmax()) if len(sentences) else None


@dataclass(frozen=True, slots=True)
class Fit:
    """A matcher and how well it knows its own examples: how many of them it finds by means of the others."""

    matcher: Matcher
    examples: int
    found: int
    is_clear: bool
    """Whether the examples are more like each other than the background is like them."""


def fit(examples: NDArray[Any], background: NDArray[Any]) -> Fit:
    """The matcher of unit embeddings [n, d] of examples against those of other texts [m, d], m may be 0.

    Raises ValueError for fewer than `FEWEST` or more than `MOST` examples.
    """
    if not FEWEST <= len(examples) <= MOST:
        msg = f"a theme takes from {FEWEST} to {MOST} examples, not {len(examples)}"
        raise ValueError(msg)
    background = _own_order(background)
    centre = _middle(background, examples.shape[1])
    spread = _centred(_own_order(examples), centre)
    direction = _unit(spread.sum(axis=0))
    apart = _each_against_the_others(spread)
    others = (
        _about_other_things(_centred(background, centre) @ direction, apart)
        if len(background)
        else np.empty(0)
    )
    edge = float(np.quantile(others, EDGE)) if len(others) else 0.0
    threshold = _threshold(apart, others, edge)
    return Fit(
        Matcher(centre, direction.astype(np.float32), threshold),
        len(examples),
        int((apart >= threshold).sum()),
        bool(apart.mean() > edge + LEAST_GAP),
    )


def _threshold(apart: NDArray[np.float64], others: NDArray[np.float64], edge: float) -> float:
    if not len(others):
        return float(apart.min())
    lowest, highest = float(apart.min()), float(others.max())
    if lowest > highest:
        # Nothing overlaps: half way leaves every example in and all background out.
        return (lowest + highest) / 2
    return max(edge + STRICT * (float(apart.mean()) - edge), edge + LEAST_GAP * (1 - edge))


def _about_other_things(others: NDArray[np.float64], apart: NDArray[np.float64]) -> NDArray[np.float64]:
    """The background's likenesses without those that stand out of it and are as like as examples are."""
    middle = float(np.median(others))
    usual = middle + OUTLYING * 1.4826 * float(np.median(np.abs(others - middle)))
    lowest = float(apart.min())
    alike = (lowest + usual) / 2 if lowest > usual else float(np.median(apart))
    return others[others < max(usual, alike)]


def _each_against_the_others(spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """The likeness of each example to the direction of all the others."""
    others = spread.sum(axis=0) - spread
    likeness: NDArray[np.float64] = (spread * _unit(others)).sum(axis=1)
    return likeness


def _middle(background: NDArray[Any], width: int) -> Floats:
    if not len(background):
        return np.zeros(width, np.float32)
    middle: Floats = background.astype(np.float64).mean(axis=0).astype(np.float32)
    return middle


def _centred(vectors: NDArray[Any], centre: Floats) -> NDArray[np.float64]:
    return _unit(np.asarray(vectors, np.float64) - centre)


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float64] = vectors / np.where(length > 0, length, 1)
    return scaled


def _own_order(vectors: NDArray[Any]) -> NDArray[Any]:
    """Rows in an order of their own, so that sums do not depend, not even in the last bit, on who came first."""
    return vectors[np.lexsort(vectors.T)] if len(vectors) else vectors


@dataclass(frozen=True, slots=True)
class KnownTexts:
    """Prototypes of things that customers say [n, d], and the built-in themes of each ("" for none)."""

    themes: tuple[frozenset[str], ...]
    vectors: Floats

    def without(self, theme: str) -> Floats:
        """Those that do not speak of a theme."""
        return self.vectors[[theme not in themes for themes in self.themes]]


def known_texts(path: Path) -> KnownTexts:
    """The background that ships with a model (`points.npz`); none where the model has none."""
    if not path.is_file():
        return KnownTexts((), np.empty((0, 0), np.float32))
    with np.load(path) as file:
        vectors = _unit(file["vectors"].astype(np.float64)).astype(np.float32)
        return KnownTexts(tuple(frozenset(str(codes).split(",")) for codes in file["themes"]), vectors)
