"""Figures with their 95 % intervals: F1, calibration error, what stays answered. All in percent.

An interval is that of 1,000 resamples of the rows, drawn with a fixed seed: the same rows give the
same interval. Rows that count alike are drawn together, so a resample costs the same for any n.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS = 1000
SEED = 20261122
BINS = 15
CHANCE_DRAWS = 200
DIGITS = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its interval, in percent."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sureness:
    """How far the stated chances lie from the truth, in percent.

    `by_chance` is what rows this few would show if every chance were exactly right.
    """

    error: float
    by_chance: float


def macro_f1(pairs: Sequence[tuple[str, str]]) -> Figure:
    """The mean F1 of the labels that occur in the gold standard, from pairs of gold and guess."""
    if not pairs:
        return Figure(0.0, 0.0, 0.0)
    names = sorted({name for pair in pairs for name in pair})
    places = {name: at for at, name in enumerate(names)}
    cells, counts = _cells([(places[gold], places[guess]) for gold, guess in pairs])
    golds = sorted(set(cells[:, 0].tolist()))

    def score(drawn: Ints) -> Floats:
        each = np.array([_class_f1(cells, drawn, label) for label in golds])
        scores: Floats = np.nanmean(each, axis=0)
        return scores

    return _with_interval(score, counts)


def class_f1(pairs: Sequence[tuple[str, str]], label: str) -> Figure:
    """The F1 of one label against all others."""
    cells, counts = _cells([(gold == label, guess == label) for gold, guess in pairs])
    return _with_interval(lambda drawn: _class_f1(cells, drawn, 1), counts)


def micro_f1(counted: Sequence[tuple[int, int, int]]) -> Figure:
    """The F1 of all labels together, from (right, too many, missed) of each row."""
    cells, counts = _cells(counted)

    def score(drawn: Ints) -> Floats:
        right, extra, missed = (drawn @ cells).T
        return _ratio(2 * right, 2 * right + extra + missed)

    return _with_interval(score, counts)


def share(hits: ArrayLike) -> Figure:
    """The share of what is true."""
    cells, counts = _cells([(int(hit),) for hit in np.asarray(hits, bool).ravel()])
    return _with_interval(lambda drawn: _ratio((drawn @ cells)[:, 0], drawn.sum(1)), counts)


def sureness(chances: ArrayLike, right: ArrayLike) -> Sureness:
    """The expected calibration error over 15 bins of as many rows each."""
    stated, hits = np.asarray(chances, np.float64), np.asarray(right, np.float64)
    if not stated.size:
        return Sureness(0.0, 0.0)
    order = np.argsort(stated, kind="stable")
    stated, hits = stated[order], hits[order]
    generator = np.random.default_rng(SEED)
    imagined = generator.random((CHANCE_DRAWS, stated.size)) < stated
    errors = _binned_error(stated, imagined.astype(np.float64))
    return Sureness(percent(float(_binned_error(stated, hits[None, :])[0])), percent(float(errors.mean())))


def percent(value: float) -> float:
    """A share in percent, rounded as the card keeps it."""
    return round(100 * value, DIGITS)


def mean(values: ArrayLike) -> float:
    """The mean; 0 of nothing."""
    found = np.asarray(values, np.float64)
    return float(found.mean()) if found.size else 0.0


def _binned_error(stated: Floats, right: Floats) -> Floats:
    """[draws] for right [draws, rows] in the order of the stated chances."""
    gaps = stated - right
    bins = min(BINS, stated.size)
    total: Floats = np.sum([np.abs(part.sum(1)) for part in np.array_split(gaps, bins, axis=1)], axis=0)
    return total / stated.size


def _cells(rows: Sequence[tuple[Any, ...]]) -> tuple[Ints, Ints]:
    """The kinds of rows there are, and how many of each."""
    if not rows:
        return np.zeros((1, 3), np.int64), np.zeros(1, np.int64)
    kinds, counts = np.unique(np.asarray(rows, np.int64), axis=0, return_counts=True)
    return kinds, counts.astype(np.int64)


def _class_f1(cells: Ints, drawn: Ints, label: int) -> Floats:
    gold, guess = cells[:, 0] == label, cells[:, 1] == label
    hits = drawn @ (gold & guess)
    return _ratio(2 * hits, drawn @ gold.astype(np.int64) + drawn @ guess.astype(np.int64))


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """Part of whole; nothing of nothing is not a number."""
    with np.errstate(invalid="ignore", divide="ignore"):
        shares: Floats = np.asarray(part, np.float64) / np.asarray(whole, np.float64)
    return shares


def _with_interval(score: Any, counts: Ints) -> Figure:
    """The score of the rows as they are, and where 95 % of the resamples lie."""
    total = int(counts.sum())
    if not total:
        return Figure(0.0, 0.0, 0.0)
    drawn = np.random.default_rng(SEED).multinomial(total, counts / total, size=DRAWS)
    value = float(np.nan_to_num(score(counts[None, :])[0]))
    spread = score(drawn)
    spread = spread[~np.isnan(spread)]
    low, high = np.quantile(spread, (0.025, 0.975)) if spread.size else (value, value)
    return Figure(percent(value), percent(float(low)), percent(float(high)))
