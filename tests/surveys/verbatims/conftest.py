"""An analyser that reads no model."""

from tests.surveys.themes.town import reader

__all__ = ["reader"]
