"""An accuracy card beside a model, made up, for whoever wants to see it shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from surveys.settings import settings

VERSION = "small-1"


def entry(n: int, f1: float, low: float, high: float) -> dict[str, Any]:
    return {
        "n": n,
        "f1": f1,
        "low": low,
        "high": high,
        "calibration_error": 5.3,
        "calibration_by_chance": 4.0,
        "answered": 81.0,
        "right_of_answered": 76.4,
    }


def card() -> dict[str, Any]:
    """Latvian set aside and in development, German in development only, Estonian on too few texts."""
    themes = {"lv": entry(60, 71.0, 62.0, 79.0)}
    return {
        "version": 1,
        "model_version": VERSION,
        "sets": {
            "development": {
                "sentiment": {
                    "all": entry(160, 58.0, 55.0, 61.0),
                    "languages": {
                        "lv": entry(60, 51.0, 40.0, 62.0),
                        "de": entry(60, 55.5, 43.0, 68.0),
                        "et": entry(40, 50.0, 30.0, 70.0),
                    },
                },
                "themes": {"all": entry(60, 71.0, 62.0, 79.0), "languages": themes, "themes": {}},
            }
        },
        "set_aside": {
            "model_version": VERSION,
            "sentiment": {
                "all": entry(4000, 66.0, 65.0, 67.0),
                "languages": {"lv": entry(500, 64.2, 60.0, 68.4)},
            },
        },
    }


def put_card(folder: Path, monkeypatch: pytest.MonkeyPatch, *, version: str = VERSION) -> None:
    """A model's folder with nothing but what the pages read."""
    folder.mkdir()
    (folder / "accuracy.json").write_text(json.dumps(card()))
    (folder / "config.json").write_text(json.dumps({"model_version": version}))
    for name in ("model.onnx", "tokenizer.json"):
        (folder / name).touch()
    monkeypatch.setenv("SENTIMENT_MODEL", str(folder))
    settings.cache_clear()
