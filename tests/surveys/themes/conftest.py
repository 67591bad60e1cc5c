"""The reader that stands in for the model."""

from tests.surveys.themes.town import reader

__all__ = ["reader"]
