"""The accuracy card of the model in use, as pages and digests quote it: how good, in which language, on how many texts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from sentiment.evaluate_card import FILE, SET_ASIDE, measured, not_measured, ranked
from surveys.settings import settings

Kind = Literal["sentiment", "themes", "language"]
KINDS: Final[tuple[Kind, ...]] = ("sentiment", "themes", "language")


@dataclass(frozen=True, slots=True)
class Measure:
    """One language's figure, all but n in percent; `is_set_aside` tells the two sources apart."""

    language: str
    n: int
    f1: float
    low: float
    high: float
    calibration_error: float
    calibration_by_chance: float
    answered: float
    right_of_answered: float
    is_set_aside: bool


@dataclass(frozen=True)
class AccuracyCard:
    """What was measured of one model, by kind of judgement."""

    model_version: str
    measures: Mapping[Kind, Mapping[str, Measure]]
    missing: Mapping[Kind, tuple[str, ...]]
    whole: Mapping[Kind, Measure]


def accuracy_card() -> AccuracyCard | None:
    """The card of the model in use; None when it came without one, or with another model's."""
    folder = Path(settings().model_folder)
    try:
        stamp = (folder / FILE).stat().st_mtime_ns, (folder / "config.json").stat().st_mtime_ns
    except OSError:
        return None
    return _read(folder, stamp)


@lru_cache(maxsize=2)
def _read(folder: Path, _stamp: tuple[int, int]) -> AccuracyCard | None:
    try:
        card = json.loads((folder / FILE).read_text(encoding="utf-8"))
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        found = _card(card)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.model_version == config.get("model_version", folder.name) else None


def _card(card: dict[str, Any]) -> AccuracyCard:
    return AccuracyCard(
        model_version=str(card["model_version"]),
        measures={
            kind: {
                code: _measure(code, entry, is_set_aside=name == SET_ASIDE)
                for code, (name, entry) in measured(card, kind).items()
            }
            for kind in KINDS
        },
        missing={kind: tuple(not_measured(card, kind)) for kind in KINDS},
        whole={kind: found for kind in KINDS if (found := _whole(card, kind))},
    )


def _whole(card: dict[str, Any], kind: Kind) -> Measure | None:
    """Over all languages: of the rows set aside where there are any, else of the other sets."""
    for name, parts in ranked(card).items():
        if entry := parts.get(kind, {}).get("all"):
            return _measure("", entry, is_set_aside=name == SET_ASIDE)
    return None


def _measure(language: str, entry: dict[str, Any], *, is_set_aside: bool) -> Measure:
    return Measure(
        language=language,
        n=int(entry["n"]),
        f1=float(entry["f1"]),
        low=float(entry["low"]),
        high=float(entry["high"]),
        calibration_error=float(entry["calibration_error"]),
        calibration_by_chance=float(entry["calibration_by_chance"]),
        answered=float(entry["answered"]),
        right_of_answered=float(entry["right_of_answered"]),
        is_set_aside=is_set_aside,
    )
