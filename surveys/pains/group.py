"""Regrouping itself: clusters around the seeds, and which of them are the pain points there were. Pure; runs in a thread."""

from dataclasses import dataclass

import numpy as np

from sentiment.pains import DEFAULTS, Clusters, Thresholds, cluster
from sentiment.pains_match import Matching, Partition, match
from surveys.pains.read import ThemeWords


@dataclass(frozen=True)
class Grouped:
    """The clusters of a theme's words, each with the seed that it is, if any."""

    clusters: Clusters
    matching: Matching


def grouped(words: ThemeWords, thresholds: Thresholds = DEFAULTS) -> Grouped:
    """Always the same for the same words, seeds and thresholds."""
    clusters = cluster(words.vectors, words.places, thresholds)
    before = np.where(words.comparable[:, None], words.places.vectors, np.float32(np.nan))
    held = {
        at: int(seed)
        for at, seed in enumerate(clusters.seeds.tolist())
        if seed >= 0 and words.places.held[seed]
    }
    matching = match(
        Partition(words.labels, before.astype(np.float32)),
        Partition(clusters.labels, clusters.centroids),
        thresholds,
        held=held,
    )
    return Grouped(clusters, matching)
