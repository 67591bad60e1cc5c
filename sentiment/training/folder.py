"""The form of a model folder: what `model.onnx` gives, and what stands beside it. Needs no torch."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Floats = NDArray[np.float32]

LABELS = ("negative", "neutral", "positive")
"""The order of the model's logits."""

PREFIX = "query: "
"""Stands before every text: the base encoder was trained so."""


@dataclass(frozen=True)
class Least:
    """The chances from which on something is said: a feeling, `mixed`, a theme, a theme with a keyword.

    `own` holds the themes that are told from another chance than the others.
    """

    feeling: float
    mixed: float = 0.5
    theme: float = 0.5
    keyword: float = 0.5
    own: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Outputs:
    """What a model file says of texts: [texts, 3], [texts], [texts, 18] and [texts, hidden]."""

    logits: Floats
    mixed: Floats
    themes: Floats
    embedding: Floats


def write_config(
    folder: Path,
    *,
    version: str,
    temperature: float,
    least: Least,
    sizes: dict[str, int],
    max_length: int = 128,
    themes: Sequence[str] = (),
) -> None:
    """Write `config.json`: transformers' form, and our own keys.

    Probabilities are softmax(s * logits / temperature), s being `sentiment.sharpness`; where the largest is under `unknown_below` the
    answer is `unknown`. `themes` names the theme heads in order. `sizes` are transformers' BertConfig
    fields.
    """
    config = {
        "architectures": ["BertForSequenceClassification"],
        "model_type": "bert",
        **sizes,
        "pad_token_id": 1,
        "id2label": dict(enumerate(LABELS)),
        "label2id": {label: i for i, label in enumerate(LABELS)},
        "model_version": version,
        "prefix": PREFIX,
        "max_length": max_length,
        "temperature": round(temperature, 4),
        "unknown_below": round(least.feeling, 4),
        "mixed_from": round(least.mixed, 4),
        "keyword_from": round(least.keyword, 4),
        "themes": {code: round(least.own.get(code, least.theme), 4) for code in themes},
    }
    text = json.dumps(config, indent=2, ensure_ascii=False)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")


def write_tokenizer(folder: Path, tokenizer: Tokenizer, max_length: int = 128) -> None:
    """Write `tokenizer.json` and what transformers needs beside it."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": max_length,
        "padding_side": "right",
        "truncation_side": "right",
        "model_input_names": ["input_ids", "attention_mask"],
        "bos_token": "<s>",
        "cls_token": "<s>",
        "eos_token": "</s>",
        "sep_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "clean_up_tokenization_spaces": False,
    }
    path = folder / "tokenizer_config.json"
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
