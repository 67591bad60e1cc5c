"""The model's reading: labels, windows, batches and what config.json asks for."""

import itertools
import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sentiment.evaluate_rows import development_rows
from sentiment.model import BATCH, Calibration, SentimentModel, read_config
from sentiment.training.tiny import make_tiny_model
from sentiment.windows import MOST_WINDOWS


@pytest.fixture(scope="module")
def model(model_folder: Path) -> SentimentModel:
    return SentimentModel(model_folder, threads=1)


def test_labels_and_probabilities(model: SentimentModel) -> None:
    good, bad, plain, both = (r.sentiment for r in model.read(["good", "bad", "table", "good bad"]))
    assert [good.label, bad.label, plain.label, both.label] == ["positive", "negative", "neutral", "unknown"]
    powers = [math.exp(x) for x in (0, 2, 4)]
    expected = [power / sum(powers) for power in powers]
    assert [good.negative, good.neutral, good.positive] == pytest.approx(expected)


def test_an_empty_list_reads_nothing(model: SentimentModel) -> None:
    assert model.read([]) == []
    assert model.read([""])[0].sentiment.label == "neutral"


def test_order_and_company_mix_no_texts_up(model: SentimentModel) -> None:
    """In float nothing depends on who else is in the batch; int8 does a little (docs/training.md)."""
    texts = [("good " * (n % 7) + "bad " * (n % 5)).strip() for n in range(2 * BATCH + 3)]
    together = model.read(texts)
    alone = [model.read([text])[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert one.sentiment.label == other.sentiment.label
        assert np.allclose(one.embedding, other.embedding, atol=1e-6)
        assert one.sentiment.positive == pytest.approx(other.sentiment.positive)


def test_company_changes_little_in_the_model_that_ships() -> None:
    """As much as docs/training.md owns to, and nothing at all where the company is the same."""
    model = SentimentModel(threads=1)
    texts = [row.text for row in development_rows()[::40]]
    together, again = model.read(texts), model.read(texts)
    alone = [model.read([text])[0] for text in texts]
    for one, same, other in zip(together, again, alone, strict=True):
        assert one.sentiment == same.sentiment
        assert float(one.embedding @ other.embedding) > 0.99
        assert one.sentiment.negative == pytest.approx(other.sentiment.negative, abs=0.15)


def test_a_long_comment_is_read_to_its_end(model: SentimentModel) -> None:
    long = "table " * 500 + "bad " * 300
    readings = model.read(["table", long])
    assert readings[0].sentiment.negative < 0.2
    assert readings[1].sentiment.negative > 0.3


def test_a_megabyte_is_read_in_few_windows(model: SentimentModel, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    run = model._run

    def counting(batch: Any) -> Any:
        seen.append(len(batch))
        return run(batch)

    monkeypatch.setattr(model, "_run", counting)
    model.read(["bad " * 250_000])
    assert sum(seen) == MOST_WINDOWS


def test_of_a_very_long_text_windows_are_read_from_its_beginning_to_its_end(model: SentimentModel) -> None:
    text = ("table " * 30_000).strip()
    windows = list(model._windows.of([text]))
    firsts = [window.places[0].start for window in windows]
    steps = [later - earlier for earlier, later in itertools.pairwise(firsts)]
    assert len(windows) == MOST_WINDOWS
    assert (firsts[0], windows[-1].places[-1].end) == (0, len(text))
    # Evenly: between any two as many are left out, but for one.
    assert max(steps) - min(steps) <= firsts[1]


def test_a_sites_own_fit_moves_chances_by_its_bias(model: SentimentModel, model_folder: Path) -> None:
    fit = Calibration(model.config.temperature, (0.0, 0.0, 12.0))
    moved = SentimentModel(model_folder, threads=1, calibration=fit)
    labels = [each.read(["bad"])[0].sentiment.label for each in (model, moved)]
    assert labels == ["negative", "positive"]


def test_marks_written_by_a_customer_are_text(model: SentimentModel) -> None:
    head, tail = model._windows.head, model._windows.tail
    (window,) = model._windows.of(["good </s> bad"])
    assert window.tokens[: len(head)] == head
    assert window.tokens[-len(tail) :] == tail
    assert window.tokens.count(tail[-1]) == 1


def test_embeddings_are_unit_vectors_and_tell_topics(model: SentimentModel) -> None:
    delivery, courier, price = (reading.embedding for reading in model.read(["delivery", "kurjers", "price"]))
    assert float(np.linalg.norm(delivery)) == pytest.approx(1, abs=1e-5)
    assert float(delivery @ courier) > float(delivery @ price)


def test_config(model: SentimentModel, model_folder: Path, tmp_path: Path) -> None:
    assert model.model_version == "polyvox-sentiment-tiny"
    config = json.loads((model_folder / "config.json").read_text())
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config | {"temperature": 0}))
    with pytest.raises(ValueError, match="temperature"):
        read_config(path)
    del config["pad_token_id"]
    path.write_text(json.dumps(config))
    with pytest.raises(KeyError, match="pad_id"):
        read_config(path)
    path.write_text(json.dumps({"pad_token_id": 1}))
    foreign = read_config(path)
    assert foreign.model_version == tmp_path.name
    assert (foreign.max_length, foreign.temperature, foreign.prefix, foreign.themes) == (128, 1.0, "", {})


def test_temperature_and_threshold_are_obeyed(model_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "warm"
    shutil.copytree(model_folder, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"temperature": 100.0}))
    (reading,) = SentimentModel(folder, threads=1).read(["good"])
    assert reading.sentiment.label == "unknown"
    assert reading.sentiment.positive == pytest.approx(1 / 3, abs=0.02)


def test_heads_tell_themes_with_their_evidence_and_mixed_feelings(tmp_path: Path) -> None:
    model = SentimentModel(make_tiny_model(tmp_path / "heads", heads=True), threads=1)
    text = "The courier was late, but staff excellent! Table."
    plain, reading = model.read(["table", text])
    assert max(plain.themes.values()) < 0.1
    assert plain.evidence == {}
    assert {code for code, chance in reading.themes.items() if chance > 0.5} == {
        "delivery",
        "support_attitude",
    }
    assert {code: text[start:end] for code, (start, end) in reading.evidence.items()} == {
        "delivery": "The courier was late,",
        "support_attitude": "but staff excellent!",
    }
    assert plain.mixed < 0.1
    assert reading.mixed > 0.9


def test_evidence_late_in_a_long_comment_is_found_where_it_stands(tmp_path: Path) -> None:
    model = SentimentModel(make_tiny_model(tmp_path / "heads", heads=True), threads=1)
    text = "table, " * 400 + "the courier, " + "table, " * 10
    (reading,) = model.read([text])
    start, end = reading.evidence["delivery"]
    assert text[start:end] == "the courier,"


@pytest.mark.torch
def test_a_torch_model_of_the_hub_is_read(tmp_path: Path, model_folder: Path) -> None:
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    size = json.loads((model_folder / "config.json").read_text())["vocab_size"]
    config = transformers.BertConfig(vocab_size=size, num_labels=3, pad_token_id=1, **sizes)
    config.id2label = {0: "Positive", 1: "Neutral", 2: "Negative"}
    network = transformers.BertForSequenceClassification(config)
    with torch.no_grad():
        network.classifier.weight.zero_()
        network.classifier.bias.copy_(torch.tensor([3.0, 0.0, 0.0]))
    network.save_pretrained(tmp_path / "torch")
    shutil.copy(model_folder / "tokenizer.json", tmp_path / "torch")
    model = SentimentModel(tmp_path / "torch", threads=1)
    first, second = model.read(["good", "bad " * 300])
    assert first.sentiment.label == second.sentiment.label == "positive"
    assert first.embedding.shape == (16,)
    assert (first.themes, first.mixed, model.model_version) == ({}, 0.0, "torch")
