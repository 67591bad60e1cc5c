"""Parts of the card from texts that are not in the repository; of them only hashes and figures are kept.

The rows set aside before training come by their hashes from the folder of labelled texts
(`sentiment.training.set_aside`), so that anyone who has it measures the model on the same ones.
"""

from pathlib import Path

from sentiment.evaluate_language import comment_rows
from sentiment.evaluate_rows import Labelled, NotLabelled, read_labelled
from sentiment.evaluate_sentiment import THREE
from sentiment.training.rows import read_rows
from sentiment.training.set_aside import OPEN_FILES, TENTH, read_keys


def set_aside_rows(folder: Path) -> list[Labelled]:
    """The rows of a folder whose hashes were set aside, of sources with neutrals only."""
    keys = read_keys(TENTH)
    try:
        rows = read_rows(folder, OPEN_FILES)
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{folder}: the labelled texts cannot be read."
        raise NotLabelled(message) from error
    found = [
        Labelled(row.text, row.language, THREE[row.label], None, row.file)
        for row in rows
        if row.has_neutral and row.label is not None and row.key in keys
    ]
    if not found:
        message = f"{folder}: there is no row that was set aside."
        raise NotLabelled(message)
    return found


def language_rows(path: Path) -> list[Labelled]:
    """Short texts to tell languages by: comments, and stand-ins where a language has none."""
    return comment_rows(read_labelled(path))
