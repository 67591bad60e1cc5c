"""From the trained network to the model folder: export, measure, config, card."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from sentiment.training import card, measure
from sentiment.training.export import OPSET, export_onnx, quantise, run_onnx
from sentiment.training.folder import write_config, write_tokenizer
from sentiment.training.measure import Floats
from sentiment.training.network import SentimentNet
from sentiment.training.rows import HASH_DIGITS, SEED, Row, draw

VERSION = "polyvox-sentiment-1"
MAX_LENGTH = 128
DOMAIN_MOST = 300

log = logging.getLogger("sentiment.training")


@dataclass(frozen=True)
class Calibration:
    """A temperature, a threshold, and the lines of the card that tell how good they are."""

    temperature: float
    unknown_below: float
    table: str


def is_even(row: Row) -> bool:
    """Whether the row belongs to the half that fits temperature and threshold."""
    return int(row.key, 16) % 2 == 0


def calibrate(
    set_aside: tuple[list[Row], Floats], domains: tuple[list[Row], Floats]
) -> Calibration:
    """Fit on the even half of the three-class rows, tell on the odd half and on new domains."""
    rows, logits = three_class(*set_aside)
    labels = np.array([row.label for row in rows])
    weights = measure.source_weights(rows)
    even = np.array([is_even(row) for row in rows])
    temperature = measure.fit_temperature(logits[even], labels[even], weights[even])
    shares = measure.probabilities(logits[even], temperature)
    threshold = measure.choose_threshold(shares, labels[even], weights[even])
    tweets = np.array([row.file == "open_umsab" for row in rows])
    parts = {
        "set-aside rows, each source the same": (rows, logits, ~even),
        "set-aside tweets (UMSAB)": (rows, logits, ~even & tweets),
    }
    new_rows, new_logits = three_class(*domains)
    parts["domains never trained on, each the same"] = (
        new_rows,
        new_logits,
        np.ones(len(new_rows), bool),
    )
    lines = []
    for name, (part_rows, part_logits, chosen) in parts.items():
        truth = np.array([row.label for row in part_rows])[chosen]
        found = measure.probabilities(part_logits[chosen], temperature)
        worth = measure.source_weights(part_rows)[chosen]
        error = measure.calibration_error(found, truth, worth)
        kept, right = measure.answered(found, truth, worth, threshold)
        _, always = measure.answered(found, truth, worth, 0)
        lines.append((name, len(truth), error, always, kept, right))
    head = ("rows with three classes", "rows", "ECE", "right, all", "answered", "right of answered")
    return Calibration(temperature, threshold, card.table(head, lines))


def three_class(rows: list[Row], logits: Floats) -> tuple[list[Row], Floats]:
    """The rows of sources and languages that have neutrals."""
    places = [i for i, row in enumerate(rows) if row.has_neutral]
    return [rows[i] for i in places], logits[places]


def source_lines(rows: list[Row], logits: Floats) -> list[tuple[object, ...]]:
    """(file, languages, rows, three-way, pos/neg), means over the file's languages."""
    lines: list[tuple[object, ...]] = []
    places = measure.places_of(rows)
    for file in sorted({file for file, _ in places}):
        pairs = [found for (name, _), found in places.items() if name == file]
        scores = [
            (measure.three_way(logits[p], part), measure.two_way(logits[p], part))
            for p, part in ((p, [rows[i] for i in p]) for p in pairs)
        ]
        three, two = np.mean(scores, axis=0)
        lines.append((f"`{file}`", len(pairs), sum(map(len, pairs)), float(three), float(two)))
    return lines


def language_lines(rows: list[Row], logits: Floats) -> list[tuple[object, ...]]:
    """(language, rows, three-way, pos/neg) over the set-aside rows of all sources."""
    lines: list[tuple[object, ...]] = []
    for language in sorted({row.language for row in rows}):
        places = [i for i, row in enumerate(rows) if row.language == language]
        neutral = [i for i in places if rows[i].has_neutral]
        used = neutral or places
        three = measure.three_way(logits[used], [rows[i] for i in used])
        two = measure.two_way(logits[places], [rows[i] for i in places])
        name = language if neutral else rf"{language} \*"
        lines.append((name, len(places), three, two))
    return lines


def parallel(data: Path, vectors_of: object) -> float:
    """How well vectors find the same survey sentence in another language, 0 to 1."""
    strings = json.loads((data / "core_strings.json").read_text(encoding="utf-8"))
    found = [(key, language, text) for language in strings for key, text in strings[language].items()]
    keys, languages, texts = map(list, zip(*found, strict=True))
    return measure.parallel_share(vectors_of(texts), keys, languages)  # type: ignore[operator]


def pack(
    network: SentimentNet,
    tokenizer: Tokenizer,
    *,
    stages: list[list[Row]],
    set_aside: list[Row],
    domains: list[Row],
    data: Path,
    parallel_before: float,
    out: Path,
    folder: Path,
) -> None:
    """Fill the model folder."""
    folder.mkdir(parents=True, exist_ok=True)
    export_onnx(network, out / "float.onnx")
    quantise(out / "float.onnx", folder / "model.onnx")
    log.info("exported: %.1f MB", (folder / "model.onnx").stat().st_size / 1e6)

    def run(texts: list[str]) -> tuple[Floats, Floats]:
        return run_onnx(folder / "model.onnx", tokenizer, texts, MAX_LENGTH)

    domains = draw_domains(domains)
    logits, _ = run([row.text for row in set_aside])
    domain_logits, _ = run([row.text for row in domains])
    tweets = measure.tweet_scores(logits, set_aside)
    log.info("set-aside tweets, int8: %s", {k: round(100 * v, 1) for k, v in tweets.items()})
    calibration = calibrate((set_aside, logits), (domains, domain_logits))
    log.info("%s", calibration)
    write_config(
        folder,
        version=VERSION,
        temperature=calibration.temperature,
        unknown_below=calibration.unknown_below,
        sizes=bert_sizes(network),
        max_length=MAX_LENGTH,
    )
    write_tokenizer(folder, tokenizer, MAX_LENGTH)
    scores = ("three-way", "pos/neg")
    by_file = ("file", "languages", "rows", *scores)
    card.write_card(
        folder / "README.md",
        {
            "version": VERSION,
            "opset": OPSET,
            "pieces": f"{network.bert.config.vocab_size:,}",
            "temperature": calibration.temperature,
            "unknown_below": calibration.unknown_below,
            "max_length": MAX_LENGTH,
            "digits": HASH_DIGITS,
            "domain_most": DOMAIN_MOST,
            "set_aside": f"{len(set_aside):,}",
            "sources": card.source_table(stages),
            "tweets": card.table(tweets, [tweets.values()]),
            "by_source": card.table(by_file, source_lines(set_aside, logits)),
            "by_language": card.table(("language", "rows", *scores), language_lines(set_aside, logits)),
            "domains": card.table(by_file, source_lines(domains, domain_logits)),
            "calibration": calibration.table,
            "parallel": 100 * parallel(data, lambda texts: run(texts)[1]),
            "parallel_before": 100 * parallel_before,
        },
    )


def draw_domains(rows: list[Row]) -> list[Row]:
    """Up to DOMAIN_MOST rows of each (file, language) pair."""
    chosen = []
    for places in measure.places_of(rows).values():
        part = [rows[i] for i in places]
        chosen += draw(part, {part[0].file: DOMAIN_MOST}, SEED)
    return chosen


def bert_sizes(network: SentimentNet) -> dict[str, int]:
    """The BertConfig fields that tell the encoder's size."""
    config = network.bert.config
    return {
        "vocab_size": config.vocab_size,
        "hidden_size": config.hidden_size,
        "num_hidden_layers": config.num_hidden_layers,
        "num_attention_heads": config.num_attention_heads,
        "intermediate_size": config.intermediate_size,
        "max_position_embeddings": config.max_position_embeddings,
    }
