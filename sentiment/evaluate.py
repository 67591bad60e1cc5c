"""Accuracy on labelled texts: `python -m sentiment.evaluate language|sentiment|themes FILE...`, or `all`.

`all` measures the development sets that ship and, with --data, every file of a folder (or one file)
of labelled texts; --set-aside and --languages measure the texts that are not in the repository
(`sentiment.evaluate_given`), else what was measured of them before stays. `--write` keeps the result as
the model's card. What a file holds:
sentiment/evaluate_rows.py. How figures are made: sentiment/evaluate_figures.py.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO
from zlib import crc32

import numpy as np

from sentiment.analyse import Analyser
from sentiment.calibrate import Fit, read_fit
from sentiment.clean import for_model
from sentiment.evaluate_card import (
    DEVELOPMENT,
    DOCUMENT,
    LANGUAGE_TEXTS,
    LATIN,
    SET_ASIDE,
    TYPED,
    VERSION,
    Card,
    as_text,
    kept,
    write,
)
from sentiment.evaluate_given import language_rows, set_aside_rows
from sentiment.evaluate_language import language_report, measure_language
from sentiment.evaluate_rows import (
    PAIN_FOLDERS,
    Labelled,
    NotLabelled,
    development_rows,
    drawn,
    latin_rows,
    pain_files,
    read_labelled,
    read_sets,
    typed_rows,
)
from sentiment.evaluate_sentiment import measure_sentiment
from sentiment.evaluate_themes import measure_themes
from sentiment.language import LanguageDetector
from sentiment.model import DEFAULT_FOLDER, Calibration
from sentiment.pains_figures import figures as pain_figures
from sentiment.pains_figures import read_pains
from sentiment.verdict import Comment, Verdict

SAMPLE_OF = 3
"""The fixed sample is every so-manieth text, by the hash of its words."""

PAINS_KEPT = ("texts", "pains", "nearest", "precision", "purity", "completeness")


def main(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """The command line; returns the exit status."""
    options = _options(arguments)
    detector = LanguageDetector()
    try:
        if options.what == "language":
            rows = [row for path in options.files for row in read_labelled(path)]
            lines = language_report(drawn(rows, options.most), detector)
        else:
            card = _card(options, detector)
            lines = list(as_text(card))
    except NotLabelled as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    for line in lines:
        print(line, file=out)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sentiment.evaluate", description=__doc__)
    kinds = parser.add_subparsers(dest="what", required=True)
    for what in ("language", "sentiment", "themes", "all"):
        kind = kinds.add_parser(what)
        if what == "all":
            kind.add_argument("--data", type=Path, help="a folder of labelled texts, or one file")
            kind.add_argument(
                "--set-aside", type=Path, help="the folder that rows were set aside from: open_*.jsonl"
            )
            kind.add_argument("--languages", type=Path, help="a file of short texts with their language")
            kind.add_argument(
                "--write", action="store_true", help="keep the card: accuracy.json, docs/accuracy.md"
            )
        else:
            kind.add_argument("files", nargs="+", type=Path)
        kind.add_argument("--most", type=int, default=0, help="at most so many texts of a given file")
        kind.add_argument("--model", type=Path, default=DEFAULT_FOLDER)
        kind.add_argument("--calibration", type=Path, help="what `polyvox recalibrate` kept")
        kind.add_argument("--threads", type=int, default=0)
    return parser.parse_args(arguments)


def _card(options: argparse.Namespace, detector: LanguageDetector) -> Card:
    analyser = load_analyser(options.model, options.calibration, options.threads, detector)
    if options.what != "all":
        sets = {path.stem: drawn(read_labelled(path), options.most) for path in options.files}
        parts = {name: measure(rows, analyser, None, (options.what,)) for name, rows in sets.items()}
        return {"version": VERSION, "model_version": analyser.model_version, "sets": parts}
    given = read_sets(options.data) if options.data else {}
    card = full_card(analyser, detector)
    card["sets"] |= {
        name: measure(drawn(rows, options.most), analyser, detector) for name, rows in given.items()
    }
    card |= kept(options.model, analyser.model_version) | _given(options, analyser, detector)
    if options.write:
        write(card, options.model, DOCUMENT if options.model == DEFAULT_FOLDER else None)
    return card


def _given(options: argparse.Namespace, analyser: Analyser, detector: LanguageDetector) -> Card:
    """The parts that are measured on texts which are not in the repository, those that are asked for."""
    card: Card = {}
    if options.set_aside:
        rows = drawn(set_aside_rows(options.set_aside), options.most)
        card[SET_ASIDE] = measure(rows, analyser, None, ("sentiment",))
    if options.languages:
        rows = drawn(language_rows(options.languages), options.most)
        card[LANGUAGE_TEXTS] = measure(rows, analyser, detector, ("language",))
    return {name: {"model_version": analyser.model_version, **part} for name, part in card.items()}


def load_analyser(
    folder: Path, calibration: Path | None, threads: int, detector: LanguageDetector
) -> Analyser:
    """The analyser, with a site's own calibration if one is named and belongs to the model."""
    analyser = Analyser(folder, threads=threads, detector=detector)
    fit = read_fit(calibration) if calibration else None
    if fit is None:
        return analyser
    if fit.model_version != analyser.model_version:
        raise NotLabelled(f"The calibration belongs to {fit.model_version}, not to {analyser.model_version}.")
    return Analyser(folder, threads=threads, detector=detector, calibration=model_calibration(fit))


def model_calibration(fit: Fit) -> Calibration:
    """A fit as the model takes it."""
    return Calibration(fit.temperature, fit.bias)


def full_card(analyser: Analyser, detector: LanguageDetector) -> Card:
    """The card of the sets that ship."""
    rows = development_rows()
    development = measure(rows, analyser, detector) | {
        told: measure_pains(analyser, pain_files(told)) for told in PAIN_FOLDERS
    }
    return {
        "version": VERSION,
        "model_version": analyser.model_version,
        "sets": {
            DEVELOPMENT: development,
            TYPED: measure(typed_rows(), analyser, detector),
            LATIN: measure(latin_rows(), analyser, detector),
        },
        "sample": sample_figures(analyser),
    }


def measure(
    rows: Sequence[Labelled],
    analyser: Analyser,
    detector: LanguageDetector | None,
    kinds: Sequence[str] = ("language", "sentiment", "themes"),
) -> Card:
    """A set's part of the card, for the kinds of label it has."""
    part: Card = {}
    if detector and "language" in kinds and any(row.language in detector.languages for row in rows):
        part["language"] = measure_language(rows, detector)
    is_read = "sentiment" in kinds or "themes" in kinds
    judged = [row for row in rows if is_read and (row.sentiment or row.themes is not None)]
    verdicts = read(judged, analyser)
    if "sentiment" in kinds and any(row.sentiment for row in judged):
        part["sentiment"] = measure_sentiment(judged, verdicts)
    if "themes" in kinds and any(row.themes is not None for row in judged):
        part["themes"] = measure_themes(judged, verdicts)
    return part


def read(rows: Sequence[Labelled], analyser: Analyser) -> list[Verdict]:
    """What the product says of each text, without the help of a form."""
    return analyser.analyse([Comment(row.text) for row in rows])


def measure_pains(analyser: Analyser, files: Sequence[Path]) -> dict[str, Any]:
    """How well embeddings bring texts on one pain point together, whatever their language."""
    texts = read_pains(files)
    verdicts = analyser.analyse([Comment(found.text) for found in texts])
    vectors = np.array([verdict.embedding for verdict in verdicts], np.float32)
    found = pain_figures(texts, vectors)
    return {name: getattr(found, name) for name in PAINS_KEPT}


def sample_figures(analyser: Analyser) -> dict[str, Any]:
    """A few figures of a small fixed part of the development sets, quick enough for every test run."""
    rows = [row for row in development_rows() if _is_in_sample(row)]
    part = measure(rows, analyser, None)
    return {
        "texts": len(rows),
        "themes_f1": part["themes"]["all"]["f1"],
        "sentiment_f1": part["sentiment"]["all"]["f1"],
        "nearest": measure_pains(analyser, pain_files())["nearest"],
    }


def _is_in_sample(row: Labelled) -> bool:
    return bool(for_model(row.text)) and crc32(row.text.encode("utf-8")) % SAMPLE_OF == 0


if __name__ == "__main__":
    sys.exit(main())
