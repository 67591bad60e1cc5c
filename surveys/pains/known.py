"""Pain points known beforehand: prototypes in the model's space, and their titles in many languages.

`points.npz` lies beside the model because it is of its space; without it all pain points are found.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from sentiment.pains_vectors import Floats, unit
from surveys.settings import CHECKOUT, settings

TITLES: Final = CHECKOUT / "sentiment" / "titles"
# Praise has its prototypes too, but nobody suffers from it.
PAINFUL: Final = frozenset({"negative", "mixed"})


@dataclass(frozen=True)
class KnownPoints:
    """What is known beforehand: the code of each, its themes (its own first), and a unit vector [n, d]."""

    codes: tuple[str, ...]
    themes: tuple[tuple[str, ...], ...]
    vectors: Floats

    def of(self, theme: str) -> list[int]:
        """Which ones are known in a theme."""
        return [at for at, themes in enumerate(self.themes) if theme in themes]


def known_points() -> KnownPoints:
    """Those that lie beside the model in use."""
    return _read(Path(settings().model_folder) / "points.npz")


@cache
def _read(path: Path) -> KnownPoints:
    if not path.is_file():
        return KnownPoints((), (), np.empty((0, 0), np.float32))
    with np.load(path) as file:
        feelings = [str(value) for value in file["feelings"]]
        kept = [at for at, feeling in enumerate(feelings) if feeling in PAINFUL and str(file["themes"][at])]
        return KnownPoints(
            tuple(str(file["codes"][at]) for at in kept),
            tuple(tuple(str(file["themes"][at]).split(",")) for at in kept),
            unit(file["vectors"][kept].astype(np.float32)),
        )


def model_space() -> str | None:
    """The version of the model in use, whose embeddings compare with each other; asked without loading it."""
    return _version(Path(settings().model_folder) / "config.json")


@cache
def _version(path: Path) -> str | None:
    if not path.is_file():
        return None
    return str(json.loads(path.read_text("utf-8")).get("model_version", path.parent.name))


def known_title(code: str, locale: str) -> tuple[str, str] | None:
    """A known pain point's title and the language it is in: the reader's, else English; None when it has none."""
    for language in (locale.partition("-")[0], "en"):
        title = _titles(language).get(code)
        if title:
            return title, language
    return None


@cache
def _titles(language: str) -> Mapping[str, str]:
    path = TITLES / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
