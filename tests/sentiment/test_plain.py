"""What most people write is short and plain: the shipped model must not miss that over the hard cases."""

from pathlib import Path

import pytest

from sentiment.analyse import Analyser
from sentiment.verdict import Comment

LEAST = 0.85
"""The share of the plain texts that must be right; a few languages have stems that no list holds."""


@pytest.mark.journey
@pytest.mark.timeout(120)
def test_plain_comments_are_understood() -> None:
    lines = Path(__file__).with_name("plain.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    verdicts = Analyser().analyse([Comment(text, language, None) for language, _, _, text in rows])
    themes = [
        theme in {hit.code for hit in verdict.themes}
        for (_, theme, _, _), verdict in zip(rows, verdicts, strict=True)
    ]
    feelings = [
        feeling == verdict.sentiment.label for (_, _, feeling, _), verdict in zip(rows, verdicts, strict=True)
    ]
    for right, name in ((themes, "themes"), (feelings, "feelings")):
        missed = [row for row, ok in zip(rows, right, strict=True) if not ok]
        assert sum(right) >= LEAST * len(rows), f"{name}: {missed}"
