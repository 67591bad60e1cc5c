"""Whatever a week holds, an edition comes out: countries that are silent now or were before, few answers, none at all."""

import numpy as np
import pytest

from surveys.digests.judge import judged_figures
from surveys.digests.render import document
from surveys.i18n import DIGEST_LOCALES
from tests.bench.drawing import COUNTRIES, THEMES, WEEKS, World, quiet, snapshot, tilt
from tests.surveys.digests.test_worlds import told

SEEDS = 12
A_TEST = 12


def uneven(seed: int) -> World:
    """A world in which some countries are silent or new, some scores and complaints move, and sometimes nobody answers."""
    world = quiet(seed, overdispersed=seed % 2 == 1)
    rng = np.random.default_rng(seed)
    world.volume *= rng.choice([0.02, 0.1, 0.3, 1])
    for country in range(len(COUNTRIES)):
        begun, ended = (
            (0, 1), (1, WEEKS), (1, int(rng.integers(2, 20))), *[(0, 0)] * 5,
        )[rng.integers(8)]  # fmt: skip
        world.volume[begun:ended, country] = 0
    for chances in world.scores.values():
        moved = rng.choice(len(COUNTRIES), int(rng.integers(1, 6)), replace=False)
        chances[0, moved] = tilt(chances[0, moved], float(rng.choice([-1, 1]) * rng.uniform(2, 5)))
    theme = int(rng.integers(len(THEMES)))
    world.rates[0, :4, theme] = np.clip(world.rates[0, :4, theme] * rng.uniform(1, 10), 0, 0.9)
    if rng.random() < 0.1:
        world.volume[slice(0, 1) if rng.random() < 0.5 else slice(1, WEEKS)] = 0
    return world


@pytest.mark.parametrize("first", range(0, SEEDS * A_TEST, A_TEST))
def test_an_edition_comes_out_of_any_week(first: int) -> None:
    for seed in range(first, first + A_TEST):
        figures = judged_figures(snapshot(uneven(seed), (2, 5, 10)[seed % 3]))
        flagged = [finding for finding in figures["findings"] if finding["flag"] == "alert"]
        assert all(finding["q"] <= 0.05 for finding in flagged), seed
        organised = {"name": "Maize", "contact": "dati@maize.lv", "logo": None}
        locale = DIGEST_LOCALES[seed % len(DIGEST_LOCALES)]
        assert "</html>" in document(
            {"figures": told(figures), "organisation": organised, "locale": locale}
        ), seed
