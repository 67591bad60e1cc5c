"""The model's reading: labels, windows, batches and what config.json asks for."""

import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sentiment.model import BATCH, MOST_WINDOWS, SentimentModel, read_config


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


def test_order_and_company_change_nothing(model: SentimentModel) -> None:
    texts = [("good " * (n % 7) + "bad " * (n % 5)).strip() for n in range(2 * BATCH + 3)]
    together = model.read(texts)
    alone = [model.read([text])[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert one.sentiment.label == other.sentiment.label
        assert np.allclose(one.embedding, other.embedding, atol=1e-6)
        assert one.sentiment.positive == pytest.approx(other.sentiment.positive)


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


def test_marks_written_by_a_customer_are_text(model: SentimentModel) -> None:
    head, tail = model._head, model._tail
    (window,) = model._windows(0, "good </s> bad")
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
    del config["max_length"]
    path.write_text(json.dumps(config))
    with pytest.raises(KeyError, match="max_length"):
        read_config(path)


def test_temperature_and_threshold_are_obeyed(model_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "warm"
    shutil.copytree(model_folder, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"temperature": 100.0}))
    (reading,) = SentimentModel(folder, threads=1).read(["good"])
    assert reading.sentiment.label == "unknown"
    assert reading.sentiment.positive == pytest.approx(1 / 3, abs=0.02)
