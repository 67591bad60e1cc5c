"""Our own sentences for themes: enough of each theme in each language, half of them without its keyword."""

from collections import Counter

from sentiment.themes import THEMES, find_themes
from sentiment.training.rows import read_sentences

LANGUAGES = (
    "en", "lv", "lt", "ro", "et", "de", "fr", "es", "pt", "it",
    "nl", "pl", "cs", "uk", "ru", "tr", "ar", "hi", "ja", "zh",
)  # fmt: skip
LEAST = 20


def test_each_theme_has_sentences_without_its_keyword_in_each_language() -> None:
    """A label counts as without a keyword as in the card: no stem of that theme is in the text."""
    cells = [(language, theme) for language in LANGUAGES for theme in THEMES]
    told: Counter[tuple[str, str]] = Counter()
    unlisted: Counter[tuple[str, str]] = Counter()
    for row in read_sentences():
        themes = row.themes or frozenset()
        listed = {hit.code for hit in find_themes(row.text, row.language)}
        told.update((row.language, theme) for theme in themes)
        unlisted.update((row.language, theme) for theme in themes - listed)
    assert len(cells) == 360
    assert {cell: told[cell] for cell in cells if told[cell] < LEAST} == {}
    assert {cell: (unlisted[cell], told[cell]) for cell in cells if 2 * unlisted[cell] < told[cell]} == {}
