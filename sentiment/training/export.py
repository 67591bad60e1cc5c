"""From the trained network to `model.onnx`: opset 17, then dynamic int8."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from sentiment.training.network import PAD, SentimentNet
from sentiment.training.train import by_length, encode

OPSET = 17
BATCH = 32


def export_onnx(network: SentimentNet, path: Path) -> None:
    """Write the float32 graph: `input_ids`, `attention_mask` -> `logits`, `embedding`."""
    network.eval().float()
    ids = torch.tensor([[0, 5, 6, 2], [0, 7, 2, PAD]])
    free = {0: "batch", 1: "length"}
    torch.onnx.export(
        network,
        (ids, (ids != PAD).long()),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits", "embedding"],
        dynamic_axes={
            "input_ids": free,
            "attention_mask": free,
            "logits": {0: "batch"},
            "embedding": {0: "batch"},
        },
        opset_version=OPSET,
        dynamo=False,
    )


def quantise(source: Path, target: Path) -> None:
    """Weights to int8, a scale per channel; activations are quantised as they come.

    Gather is among the operators, so that the word embeddings, most of the file, shrink too.
    """
    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
    )
    onnx.checker.check_model(str(target))


def run_onnx(
    path: Path, tokenizer: Tokenizer, texts: list[str], longest: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Logits [texts, 3] and embeddings [texts, hidden] of a model file."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    ids = encode(tokenizer, texts, longest)
    outputs: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = [()] * len(ids)  # type: ignore[list-item]
    for places in by_length(ids, BATCH):
        width = max(len(ids[i]) for i in places)
        padded = np.array([ids[i] + [PAD] * (width - len(ids[i])) for i in places])
        found = session.run(
            ["logits", "embedding"],
            {"input_ids": padded, "attention_mask": (padded != PAD).astype(np.int64)},
        )
        for place, logits, embedding in zip(places, *found, strict=True):
            outputs[place] = logits, embedding
    logits, embeddings = zip(*outputs, strict=True)
    return np.stack(logits), np.stack(embeddings)
