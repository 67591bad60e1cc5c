"""Fits the model's chances to a site's own labels, tries that out, and keeps it where it helps."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sentiment.calibrate import CLASSES, LEAST_ROWS, Fit, Trial, fit, write_fit
from sentiment.clean import for_model
from sentiment.evaluate_rows import Labelled, NotLabelled, read_labelled
from surveys.accuracy.corrections import judged_rows
from surveys.calibration import FILE
from surveys.errors import Refused
from surveys.settings import settings

LEAST_AGREED: Final = 0.25
"""Of what people judged, the share in which the machine must have been right: else only mistakes were looked at."""


@dataclass(frozen=True)
class Label:
    """A text, and the place of its sentiment in CLASSES."""

    text: str
    place: int


def labels_of_file(path: Path) -> list[Label]:
    """The labelled comments of a file of JSON lines."""
    try:
        return usable(read_labelled(path))
    except NotLabelled as refusal:
        raise Refused(str(refusal)) from refusal


async def labels_of_corrections() -> list[Label]:
    """What people judged in the inbox; refused where they only judged what was wrong."""
    rows = [row async for row in judged_rows() if row["label"] is not None]
    labels = usable([_labelled(row) for row in rows])
    agreed = sum(row["label"] == row["machine"]["label"] for row in rows)
    if len(labels) >= LEAST_ROWS and agreed < LEAST_AGREED * len(rows):
        raise Refused(
            f"Of {len(rows)} comments that people judged, the machine had been right in {agreed}: it seems that only "
            "mistakes were looked at, which does not tell how often it is right. Please open comments as they come and "
            "save each, changed or not."
        )
    return labels


def _labelled(row: dict[str, Any]) -> Labelled:
    return Labelled(row["text"], row["lang"], row["label"], None)


def usable(rows: Sequence[Labelled]) -> list[Label]:
    """Rows labelled negative, neutral or positive, with words to read, each text once."""
    found = {
        row.text: Label(row.text, CLASSES.index(row.sentiment))
        for row in rows
        if row.sentiment in CLASSES and for_model(row.text)
    }
    return list(found.values())


def recalibrated(labels: Sequence[Label]) -> Fit:
    """Fit to labels and try out; refused when they are too few."""
    if len(labels) < LEAST_ROWS:
        raise Refused(
            f"{len(labels)} comments are labelled negative, neutral or positive; at least {LEAST_ROWS} are needed."
        )
    from sentiment.analyse import Analyser  # noqa: PLC0415 - loads the model
    from sentiment.backend import find_folder  # noqa: PLC0415 - see above
    from sentiment.evaluate_sentiment import chances_of  # noqa: PLC0415 - see above
    from sentiment.model import read_config  # noqa: PLC0415 - see above
    from sentiment.verdict import Comment  # noqa: PLC0415 - see above

    folder = settings().model_folder
    config = read_config(find_folder(folder) / "config.json")
    # The model as it ships: what was fitted before is fitted anew, not on top.
    verdicts = Analyser(folder).analyse([Comment(label.text) for label in labels])
    return fit(
        [chances_of(verdict) for verdict in verdicts],
        [label.place for label in labels],
        [label.text for label in labels],
        model_version=config.model_version,
        temperature=config.temperature,
    )


def keep(found: Fit) -> None:
    """The worker and `polyvox understand` use it from now on; refused when it does not help."""
    if not found.trial.helps:
        raise Refused(
            "The fit does not help: on comments that it had not seen, its probabilities are no truer. Nothing was changed."
        )
    write_fit(found, settings().home / FILE)


def report(found: Fit, labels: Sequence[Label]) -> list[str]:
    """What was tried out, for a person at the terminal."""
    counts = Counter(CLASSES[label.place] for label in labels)
    listed = ", ".join(f"{counts[name]} {name}" for name in CLASSES)
    return [
        f"{found.n} labelled comments: {listed}.",
        "Each third is judged by a fit on the other two:",
        *_table(found.trial),
    ]


def _table(trial: Trial) -> list[str]:
    lines = [f"{'':20}{'before':>8}{'after':>8}"]
    for name, key, digits in (
        ("calibration error", "calibration_error", 1),
        ("by chance alone", "calibration_by_chance", 1),
        ("accuracy", "accuracy", 1),
        ("macro-F1", "macro_f1", 1),
        ("log loss", "log_loss", 4),
    ):
        before, after = (getattr(quality, key) for quality in (trial.before, trial.after))
        lines.append(f"{name:20}{before:8.{digits}f}{after:8.{digits}f}")
    return [*lines, f"{'n':20}{trial.n:8}{trial.n:8}"]
