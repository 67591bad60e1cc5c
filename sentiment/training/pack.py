"""From the trained network to the model folder: export, measure, config, card."""

import logging
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from sentiment.training import card, figures, measure
from sentiment.training.export import OPSET, export_onnx, quantise, run_onnx
from sentiment.training.figures import Answers, Calibration
from sentiment.training.folder import write_config, write_tokenizer
from sentiment.training.measure import Floats
from sentiment.training.network import SentimentNet
from sentiment.training.rows import HASH_DIGITS, SEED, Row, draw

VERSION = "polyvox-sentiment-1"
MAX_LENGTH = 128
DOMAIN_MOST = 300
"""Rows of a (file, language) pair drawn from sets that were never trained on."""

SCORES = ("three-way", "pos/neg")

log = logging.getLogger("sentiment.training")


@dataclass(frozen=True)
class Trained:
    """What training leaves: the network, what it saw, what it did not see."""

    network: SentimentNet
    tokenizer: Tokenizer
    stages: list[list[Row]]
    set_aside: list[Row]
    domains: list[Row]
    tweets_before: float
    parallel_before: float


def pack(trained: Trained, data: Path, out: Path, folder: Path) -> None:
    """Fill the model folder; `out` takes the float32 graph."""
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / "model.onnx"
    export_onnx(trained.network, out / "float.onnx")
    quantise(out / "float.onnx", model)
    log.info("exported: %.1f MB", model.stat().st_size / 1e6)

    def run(texts: list[str]) -> tuple[Floats, Floats]:
        return run_onnx(model, trained.tokenizer, texts, MAX_LENGTH)

    drawn = draw_domains(trained.domains)
    set_aside = Answers(trained.set_aside, run([row.text for row in trained.set_aside])[0])
    domains = Answers(drawn, run([row.text for row in drawn])[0])
    calibration = figures.calibrate(set_aside, domains)
    parallel = figures.parallel_share(data, lambda texts: run(texts)[1])
    write_config(
        folder,
        version=VERSION,
        temperature=calibration.temperature,
        unknown_below=calibration.unknown_below,
        sizes=bert_sizes(trained.network),
        max_length=MAX_LENGTH,
    )
    write_tokenizer(folder, trained.tokenizer, MAX_LENGTH)
    values = card_values(trained, set_aside, domains, calibration)
    card.write_card(folder / "README.md", values | {"parallel": 100 * parallel})


def card_values(
    trained: Trained, set_aside: Answers, domains: Answers, calibration: Calibration
) -> dict[str, object]:
    """What the card's template asks for, save `parallel`."""
    tweets = measure.tweet_scores(set_aside.logits, set_aside.rows)
    by_file = ("file", "languages", "rows", *SCORES)
    by_part = ("rows with three classes", "rows", "ECE", "right of all", "answered")
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
        "tweets_before": 100 * trained.tweets_before,
        "tweets": card.table(tweets, [tweets.values()]),
        "by_source": card.table(by_file, figures.source_lines(set_aside)),
        "by_language": card.table(("language", "rows", *SCORES), figures.language_lines(set_aside)),
        "domains": card.table(by_file, figures.source_lines(domains)),
        "calibration": card.table((*by_part, "right of answered"), calibration.lines),
        "parallel_before": 100 * trained.parallel_before,
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
