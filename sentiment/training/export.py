"""From the trained network to `model.onnx`: opset 17, then dynamic int8."""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn

from sentiment.training.network import PAD, Reading, SentimentNet
from sentiment.training.train import by_length, encode

Floats = NDArray[np.float32]

OPSET = 17
BATCH = 32


class Exported(nn.Module):
    """The network with a layer of its own for evidence: the quantiser cannot share a head's weights."""

    def __init__(self, network: SentimentNet) -> None:
        super().__init__()
        self.network = network
        weights = network.by_mean().detach().clone()
        self.evidence = nn.Linear(weights.shape[1], weights.shape[0], bias=False)
        self.evidence.weight = nn.Parameter(weights)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Reading:
        """As the network's."""
        found = self.network.bert(input_ids=input_ids, attention_mask=attention_mask)
        hidden = found.last_hidden_state
        return self.network.read(hidden, attention_mask)._replace(evidence=self.evidence(hidden))


def export_onnx(network: SentimentNet, path: Path) -> None:
    """Write the float32 graph: `input_ids`, `attention_mask` -> the parts of `Reading`."""
    network.eval().float()
    ids = torch.tensor([[0, 5, 6, 2], [0, 7, 2, PAD]])
    free = {0: "batch", 1: "length"}
    torch.onnx.export(
        Exported(network).eval(),
        (ids, (ids != PAD).long()),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=list(Reading._fields),
        dynamic_axes={
            "input_ids": free,
            "attention_mask": free,
            **{name: {0: "batch"} for name in Reading._fields},
            "evidence": free,
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


@dataclass(frozen=True)
class Outputs:
    """What a model file says of texts: [texts, 3], [texts], [texts, 18] and [texts, hidden]."""

    logits: Floats
    mixed: Floats
    themes: Floats
    embedding: Floats


def run_onnx(path: Path, tokenizer: Tokenizer, texts: list[str], longest: int) -> Outputs:
    """Run a model file over texts, which are cut at `longest` pieces."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    ids = encode(tokenizer, texts, longest)
    names = [field.name for field in fields(Outputs)]
    order: list[int] = []
    parts: dict[str, list[Floats]] = {name: [] for name in names}
    for places in by_length(ids, BATCH):
        width = max(len(ids[i]) for i in places)
        padded = np.array([ids[i] + [PAD] * (width - len(ids[i])) for i in places])
        found = session.run(names, {"input_ids": padded, "attention_mask": (padded != PAD).astype(np.int64)})
        order += places
        for name, values in zip(names, found, strict=True):
            parts[name].append(values)
    back = np.argsort(order)
    return Outputs(**{name: np.concatenate(part)[back] for name, part in parts.items()})
