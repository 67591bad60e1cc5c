"""A worse model cannot land unseen: the real model on a small fixed sample, against what its card states.

The card holds the figures of this very sample, so only rounding may differ from machine to machine. A model whose card was
not made anew fails too.
"""

import json
from typing import Any

import pytest

from sentiment.analyse import Analyser
from sentiment.evaluate import sample_figures
from sentiment.evaluate_card import FILE
from sentiment.model import DEFAULT_FOLDER

NOISE = 2.0
"""Points that int8 arithmetic on another processor may cost on a few hundred texts."""

SAMPLING = 6.0
"""Points that a third of the texts may lie from all of them by chance (two standard errors)."""


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DEFAULT_FOLDER / FILE).read_text("utf-8"))
    return found


@pytest.mark.journey
@pytest.mark.timeout(300)
def test_the_model_is_as_good_as_its_card_says(card: dict[str, Any], detector: Any) -> None:
    analyser = Analyser(DEFAULT_FOLDER, detector=detector)
    assert analyser.model_version == card["model_version"], (
        "make the card: python -m sentiment.evaluate all --write"
    )
    found, stated = sample_figures(analyser), card["sample"]
    assert found["texts"] == stated["texts"]
    for name in ("themes_f1", "sentiment_f1", "nearest"):
        assert found[name] == pytest.approx(stated[name], abs=NOISE), name
    development = card["sets"]["development"]
    for name, whole in (
        ("themes_f1", development["themes"]["all"]["f1"]),
        ("sentiment_f1", development["sentiment"]["all"]["f1"]),
        ("nearest", development["pain_points"]["nearest"]),
    ):
        assert found[name] >= whole - SAMPLING, name
