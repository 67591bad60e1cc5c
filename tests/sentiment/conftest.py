"""The detector and a tiny model, loaded once for all tests of the library."""

from pathlib import Path

import pytest

from sentiment.analyse import Analyser
from sentiment.language import LanguageDetector
from sentiment.training.tiny import make_tiny_model


@pytest.fixture(scope="session")
def detector() -> LanguageDetector:
    return LanguageDetector()


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="session")
def analyser(model_folder: Path, detector: LanguageDetector) -> Analyser:
    return Analyser(model_folder, threads=1, detector=detector)
