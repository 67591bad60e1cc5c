"""The form of a model folder: what stands beside `model.onnx`. Needs no torch."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tokenizers import Tokenizer

LABELS = ("negative", "neutral", "positive")
"""The order of the model's logits."""

PREFIX = "query: "
"""Stands before every text: the base encoder was trained so."""


def write_config(
    folder: Path,
    *,
    version: str,
    temperature: float,
    unknown_below: float,
    sizes: dict[str, int],
    max_length: int = 128,
    mixed_from: float = 0.5,
    themes: Mapping[str, float] = MappingProxyType({}),
) -> None:
    """Write `config.json`: transformers' form, and our own keys.

    Probabilities are softmax(logits / temperature); where the largest is under `unknown_below` the
    answer is `unknown`. `themes` names the theme heads in order, each with the chance from which it
    is told; `mixed_from` is that of `mixed`. `sizes` are transformers' BertConfig fields.
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
        "unknown_below": round(unknown_below, 4),
        "mixed_from": round(mixed_from, 4),
        "themes": {code: round(least, 4) for code, least in themes.items()},
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
