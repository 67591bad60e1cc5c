"""How well embeddings bring texts on one pain point together: the development set's figures.

A file has a line for each text: pain point, theme, language, text, with tabs between (sentiment/development/pains). Vectors
are given, one unit row for each text [n, d], in the order of the files; `python -m sentiment.pains_figures FILE... --vectors
VECTORS.npy` prints the figures, and `figures` gives them to `python -m sentiment.evaluate`.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.pains import DEFAULTS, Seeds, Thresholds, cluster
from sentiment.pains_vectors import Integers


@dataclass(frozen=True, slots=True)
class PainText:
    """One text of a development file."""

    pain: str
    theme: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class PainFigures:
    """All in percent but `texts`, `pains` and `clusters`.

    nearest: texts whose nearest text in another language is on the same pain point. precision: mean average precision
    over all texts in other languages. Clusters are made within each theme, without seeds: clustered: texts in any; purity:
    clustered texts that are of their cluster's most frequent pain point; completeness: texts that are in the cluster where
    most of their pain point is, unclustered ones counted as missed.
    """

    texts: int
    pains: int
    nearest: float
    precision: float
    clusters: int
    clustered: float
    purity: float
    completeness: float


def read_pains(paths: Sequence[Path]) -> list[PainText]:
    """All texts of some files, in order; pain points of different files are different."""
    texts = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            pain, theme, language, text = line.split("\t", 3)
            texts.append(PainText(f"{path.stem}:{pain}", theme, language, text))
    return texts


def figures(
    texts: Sequence[PainText], vectors: NDArray[Any], thresholds: Thresholds = DEFAULTS, *, least: int = 2
) -> PainFigures:
    """Everything about some texts and their vectors [n, d]; `least` is the least cluster, files being small."""
    pains = _numbers([text.pain for text in texts])
    languages = _numbers([text.language for text in texts])
    likeness = vectors.astype(np.float32) @ vectors.astype(np.float32).T
    ranks = [_others(row, likeness[row], languages) for row in range(len(texts))]
    labels = _clustered([text.theme for text in texts], vectors, replace(thresholds, least=least))
    is_in = labels >= 0
    return PainFigures(
        texts=len(texts),
        pains=len(set(pains.tolist())),
        nearest=_percent([pains[order[0]] == pains[row] for row, order in enumerate(ranks)]),
        precision=_percent(
            [_average_precision(pains[order] == pains[row]) for row, order in enumerate(ranks)]
        ),
        clusters=len(set(labels[is_in].tolist())),
        clustered=_percent(is_in),
        purity=_percent(
            [value for one in set(labels[is_in].tolist()) for value in _most(pains[labels == one])]
        ),
        completeness=_percent(
            [value for one in set(pains.tolist()) for value in _most(labels[pains == one], missed=-1)]
        ),
    )


def _numbers(names: Sequence[str]) -> Integers:
    numbers: Integers = np.unique(names, return_inverse=True)[1].astype(np.int64)
    return numbers


def _others(row: int, likeness: NDArray[np.float32], languages: Integers) -> Integers:
    """Texts in other languages, the most alike first."""
    others = np.flatnonzero(languages != languages[row])
    order: Integers = others[np.argsort(-likeness[others], kind="stable")]
    return order


def _average_precision(right: NDArray[np.bool_]) -> float:
    places = np.flatnonzero(right)
    return float(np.mean(np.arange(1, len(places) + 1) / (places + 1))) if len(places) else 0.0


def _clustered(themes: Sequence[str], vectors: NDArray[Any], thresholds: Thresholds) -> Integers:
    labels = np.full(len(themes), -1, np.int64)
    names = np.array(themes)
    for theme in sorted(set(themes)):
        rows = np.flatnonzero(names == theme)
        found = cluster(vectors[rows], Seeds.none(vectors.shape[1]), thresholds).labels
        labels[rows] = np.where(found < 0, -1, found + labels.max() + 1)
    return labels


def _most(values: Integers, missed: int | None = None) -> list[bool]:
    """For each member of a group whether it has the group's most frequent value; `missed` is never that."""
    counted = values if missed is None else values[values != missed]
    names, counts = np.unique(counted, return_counts=True)
    most = names[counts.argmax()] if len(names) else missed
    return [bool(value == most and value != missed) for value in values]


def _percent(values: Any) -> float:
    return round(100 * float(np.mean(np.asarray(values, np.float64))), 2) if len(values) else 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of some files as JSON."""
    parser = argparse.ArgumentParser(prog="python -m sentiment.pains_figures", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--vectors", required=True, type=Path, help="a .npy file, one unit row for each text")
    for name, value in (asdict(DEFAULTS) | {"least": 2}).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    given = vars(parser.parse_args(arguments))
    texts, vectors = read_pains(given["files"]), np.load(given["vectors"])
    if len(texts) != len(vectors):
        parser.error(f"{len(texts)} texts, but {len(vectors)} vectors")
    chosen = Thresholds(**{name: given[name] for name in asdict(DEFAULTS)})
    found = figures(texts, vectors, chosen, least=chosen.least)
    print(json.dumps(asdict(found), indent=2))  # noqa: T201 - a command
    return 0


if __name__ == "__main__":
    sys.exit(main())
