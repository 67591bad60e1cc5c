"""What the labels of doubtful rows are worth: `python -m sentiment.training.doubtful --data FOLDER`.

Of each (file, language) with rows in `DOUBTFUL` it prints how many the shipped model, which never saw one of
them, tells as they are labelled: of all (by lot a third) and of those that are labelled and told praise or
complaint (by lot a half); beside them the rows set aside of that file and language that are not doubtful.
FOLDER holds `sentiment/`.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from sentiment.analyse import Analyser
from sentiment.training.rows import DOUBTFUL, LABELS, Row, read_rows
from sentiment.training.set_aside import TENTH, read_keys
from sentiment.verdict import Comment, Sentiment

CLEAR = ("neg", "pos")


def told(sentiment: Sentiment) -> str:
    """The likeliest feeling, also where the product would rather say `unknown`."""
    chances = (sentiment.negative, sentiment.neutral, sentiment.positive)
    return LABELS[chances.index(max(chances))]


def agreement(labels: Iterable[str], answers: Iterable[str]) -> str:
    """How many answers are as labelled, of all and of the clear ones, as a line to read."""
    pairs = list(zip(labels, answers, strict=True))
    clear = [pair for pair in pairs if pair[0] in CLEAR and pair[1] in CLEAR]
    return ", ".join(
        f"{what} {sum(label == answer for label, answer in some)} of {len(some)}"
        for what, some in (("as labelled", pairs), ("praise or complaint", clear))
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print two lines for each doubtful part."""
    parser = argparse.ArgumentParser(prog="python -m sentiment.training.doubtful", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds sentiment/")
    folder = parser.parse_args(arguments).data / "sentiment"
    aside = read_keys(TENTH)
    analyser = Analyser()
    for file, language in DOUBTFUL:
        rows = [row for row in read_rows(folder, f"{file}.jsonl") if row.language == language]
        parts: dict[str, list[Row]] = {
            "doubtful": [row for row in rows if row.doubtful],
            "set aside and not doubtful": [row for row in rows if row.key in aside and not row.doubtful],
        }
        for name, part in parts.items():
            verdicts = analyser.analyse([Comment(row.text) for row in part])
            labels = [LABELS[row.label] for row in part if row.label is not None]
            answers = [told(verdict.sentiment) for verdict in verdicts]
            sys.stdout.write(f"{file} {language}, {name}: {agreement(labels, answers)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
