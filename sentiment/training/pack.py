"""From the trained network to the model folder: export, measure, config, prototypes, card."""

import csv
import json
import logging
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from sentiment.evaluate_rows import pain_files
from sentiment.language import LanguageDetector
from sentiment.model import BATCH
from sentiment.pains_figures import PainFigures, read_pains
from sentiment.pains_figures import figures as pain_figures
from sentiment.pains_vectors import unit
from sentiment.sharpness import Sharpness, write_sharpness
from sentiment.themes import THEMES
from sentiment.training import card, figures, measure
from sentiment.training.export import OPSET, even_out, export_onnx, quantise, run_onnx
from sentiment.training.figures import Answers, Calibration
from sentiment.training.folder import Outputs, write_config, write_tokenizer
from sentiment.training.network import SentimentNet
from sentiment.training.rows import HASH_DIGITS, NOT_TRAINED_ON, POINTS, SEED, Row, draw, read_sentences
from sentiment.training.sharpness import Told, fit_posts, fit_sharpness, sharpen_by_halves
from sentiment.training.thresholds import choose_thresholds
from sentiment.training.train import MAX_TOKENS, by_length, encode, pad

VERSION = "polyvox-sentiment-7"
MAX_LENGTH = 128
DOMAIN_MOST = 300
"""Rows of a (file, language) pair drawn from sets that were never trained on."""

EVENED_EVERY = 40
"""Every so-manieth of our own sentences shows how far the network's channels go."""

POSTS_EVERY, COMMENTS_EVERY = 9, 12
"""Of the draw from all sources, and of our own sentences, for telling posts from comments."""

SCORES = ("three-way", "pos/neg")

log = logging.getLogger("sentiment.training")


@dataclass(frozen=True)
class Trained:
    """What training leaves: the network, what it saw, what it did not see.

    `before` holds the set-aside rows and what the network says of them before it is made small.
    """

    network: SentimentNet
    tokenizer: Tokenizer
    stages: list[list[Row]]
    before: Answers
    domains: list[Row]
    pains_before: PainFigures


class Packed:
    """The model file, ready to be asked."""

    def __init__(self, trained: Trained, out: Path, folder: Path) -> None:
        self.path = folder / "model.onnx"
        self.tokenizer = trained.tokenizer
        texts = [row.text for row in read_sentences()[::EVENED_EVERY]]
        ids = encode(trained.tokenizer, texts, MAX_TOKENS)
        batches = [pad([ids[i] for i in places]) for places in by_length(ids, BATCH)]
        export_onnx(even_out(trained.network, batches), out / "float.onnx")
        quantise(out / "float.onnx", self.path)
        log.info("exported: %.1f MB", self.path.stat().st_size / 1e6)

    def __call__(self, texts: list[str]) -> Outputs:
        """What the file says of texts."""
        return run_onnx(self.path, self.tokenizer, texts, MAX_LENGTH)


def pack(trained: Trained, out: Path, folder: Path) -> None:
    """Fill the model folder; `out` takes the float32 graph."""
    folder.mkdir(parents=True, exist_ok=True)
    run = Packed(trained, out, folder)
    drawn = draw_domains(trained.domains)
    set_aside, domains, sharpness = sharpened(run, trained, drawn)
    write_sharpness(sharpness, folder)
    calibration = figures.calibrate(set_aside, domains)
    least = choose_thresholds(run, calibration.unknown_below)
    log.info("thresholds: %s", least)
    write_points(run, folder / "points.npz")
    write_config(
        folder,
        version=VERSION,
        temperature=calibration.temperature,
        least=least,
        sizes=bert_sizes(trained.network),
        max_length=MAX_LENGTH,
        themes=THEMES,
    )
    write_tokenizer(folder, trained.tokenizer, MAX_LENGTH)
    pains = read_pains(pain_files())
    pains_after = pain_figures(pains, unit(run([pain.text for pain in pains]).embedding))
    log.info("pain points: %s", pains_after)
    values = card_values(trained, set_aside, domains, calibration)
    values |= {"before": trained.pains_before, "after": pains_after, "least": least}
    card.write_card(folder / "README.md", values)
    write_set_aside(folder / "accuracy.json", set_aside, calibration)


def sharpened(run: Packed, trained: Trained, drawn: list[Row]) -> tuple[Answers, Answers, Sharpness]:
    """Rows set aside, each half sharpened as the other half says; those of new domains; and what both halves say."""
    posts = run([row.text for row in trained.stages[1][::POSTS_EVERY]])
    comments = run([row.text for row in read_sentences()[::COMMENTS_EVERY]])
    weights = fit_posts(unit(posts.embedding), unit(comments.embedding))
    rows = trained.before.rows
    told, even = told_of(run, rows), np.array([figures.is_even(row) for row in rows])
    known = np.array([row.has_neutral and row.file not in NOT_TRAINED_ON for row in rows])
    fit = told.only(known & even)
    temperature = measure.fit_temperature(fit.logits, fit.labels)
    logits = sharpen_by_halves(told, known, even, weights=weights, temperature=temperature)
    sharpness = fit_sharpness(told.only(known), weights=weights, temperature=temperature)
    log.info("sharpness: %s", sharpness.languages)
    return Answers(rows, logits), Answers(drawn, told_of(run, drawn).sharpened(sharpness)), sharpness


def told_of(run: Packed, rows: list[Row]) -> Told:
    """What the model file says of rows, in the languages that the product takes them for."""
    detector = LanguageDetector()
    found = run([row.text for row in rows])
    languages = [detector.detect(row.text).best for row in rows]
    labels = np.array([row.label for row in rows])
    return Told(labels, np.array(languages), found.logits, unit(found.embedding))


def write_points(run: Packed, path: Path) -> None:
    """The known pain points: for each the mean vector of its sentences in all languages."""
    sentences: dict[str, list[str]] = defaultdict(list)
    for row in read_sentences():
        if row.point:
            sentences[row.point].append(row.text)
    with POINTS.open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if line[1]]
    vectors = [unit(run(sentences[line[0]]).embedding).mean(0) for line in lines]
    np.savez_compressed(
        path,
        codes=np.array([line[0] for line in lines]),
        themes=np.array([line[0].rsplit("-", 1)[0] for line in lines]),
        feelings=np.array([line[2] for line in lines]),
        vectors=unit(np.stack(vectors)).astype(np.float16),
    )


def write_set_aside(path: Path, answers: Answers, calibration: Calibration) -> None:
    """Begin the accuracy card with the set-aside rows; `sentiment.evaluate all --write` adds the rest."""
    found = {"model_version": VERSION, "sentiment": figures.set_aside_card(answers, calibration)}
    card_so_far = {"version": 1, "model_version": VERSION, "sets": {}, "set_aside": found}
    path.write_text(json.dumps(card_so_far, indent=1) + "\n", encoding="utf-8")


def card_values(
    trained: Trained, set_aside: Answers, domains: Answers, calibration: Calibration
) -> dict[str, object]:
    """What the card's template asks for, save the pain points."""
    tweets = measure.tweet_scores(set_aside.logits, set_aside.rows)
    tweets_before = measure.tweet_scores(trained.before.logits, trained.before.rows)
    by_file = ("file", "languages", "rows", *SCORES)
    by_part = ("part", "rows", "calibration error", "by chance", "right of all", "answered")
    return {
        "version": VERSION,
        "opset": OPSET,
        "pieces": f"{trained.network.bert.config.vocab_size:,}",
        "temperature": calibration.temperature,
        "unknown_below": calibration.unknown_below,
        "max_length": MAX_LENGTH,
        "digits": HASH_DIGITS,
        "domain_most": DOMAIN_MOST,
        "set_aside": f"{len(set_aside.rows):,}",
        "sources": card.source_table(trained.stages),
        "tweets_before": 100 * tweets_before["mean"],
        "mean_before": 100 * figures.source_mean(trained.before),
        "mean_after": 100 * figures.source_mean(set_aside),
        "tweets": card.table(tweets, [tweets.values()]),
        "by_source": card.table(by_file, figures.source_lines(set_aside)),
        "by_language": card.table(("language", "rows", *SCORES), figures.language_lines(set_aside)),
        "domains": card.table(by_file, figures.source_lines(domains)),
        "calibration": card.table((*by_part, "right of answered"), calibration.lines),
    }


def draw_domains(rows: list[Row]) -> list[Row]:
    """Up to DOMAIN_MOST rows of each (file, language) pair."""
    chosen = []
    for places in measure.places_of(rows).values():
        part = [rows[i] for i in places]
        chosen += draw(part, {part[0].file: DOMAIN_MOST}, SEED)
    return chosen


def bert_sizes(network: SentimentNet) -> dict[str, int]:
    """The BertConfig fields that tell the encoder's size."""
    names = (
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "intermediate_size",
        "max_position_embeddings",
    )
    return {name: getattr(network.bert.config, name) for name in names}
