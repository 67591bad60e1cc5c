"""From the trained network to `model.onnx`: opset 17, then dynamic int8.

Each matrix product takes its input in 255 steps between the least and the greatest value of the
batch. A handful of channels of this encoder go ten times further than all others, which would then
share a few steps. So in front of the feed-forward products such channels are made smaller by as much
as their weights are made larger (after SmoothQuant, Xiao and others 2023): the product is the same.
"""

import copy
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn

from sentiment.model import BATCH
from sentiment.training.folder import Outputs
from sentiment.training.network import PAD, Batch, Reading, SentimentNet
from sentiment.training.train import by_length, encode

Floats = NDArray[np.float32]

OPSET = 17
FEED_FORWARD = ("intermediate.dense", "output.dense")
# Of a layer's input channels so many may be far out; they are brought near to the next one.
FAR_CHANNELS = 8
ROOM = 1.1


class Exported(nn.Module):
    """The network written out: the same products, without what transformers adds to ask and reshape
    for itself, which is a third of the graph's steps and a tenth of the time of a short comment.

    Evidence has a layer of its own, as the quantiser cannot share a head's weights.
    """

    def __init__(self, network: SentimentNet) -> None:
        super().__init__()
        self.network = network
        config = network.bert.config
        self.heads = config.num_attention_heads
        self.hidden = config.hidden_size
        weights = network.by_mean().detach().clone()
        self.evidence = nn.Linear(weights.shape[1], weights.shape[0], bias=False)
        self.evidence.weight = nn.Parameter(weights)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Reading:
        """As the network's."""
        hidden = self._embed(input_ids)
        unseen = 1 - attention_mask[:, None, None].to(hidden.dtype)
        unseen = unseen * torch.finfo(hidden.dtype).min
        texts = input_ids.shape[0]
        for layer in self.network.bert.encoder.layer:
            mixed = self._attend(layer.attention.self, hidden, unseen, texts)
            hidden = layer.attention.output(mixed, hidden)
            hidden = layer.output(layer.intermediate(hidden), hidden)
        return self.network.read(hidden, attention_mask)._replace(evidence=self.evidence(hidden))

    def _embed(self, input_ids: Tensor) -> Tensor:
        embeddings = self.network.bert.embeddings
        places = embeddings.position_ids[:, : input_ids.shape[1]]
        words = embeddings.word_embeddings(input_ids)
        words = words + embeddings.token_type_embeddings(torch.zeros_like(input_ids))
        found: Tensor = embeddings.LayerNorm(words + embeddings.position_embeddings(places))
        return found

    def _attend(self, layer: nn.Module, hidden: Tensor, unseen: Tensor, texts: int) -> Tensor:
        size = self.hidden // self.heads
        query, key, value = (
            part(hidden).view(texts, -1, self.heads, size) for part in (layer.query, layer.key, layer.value)
        )
        scores = query.transpose(1, 2) @ key.permute(0, 2, 3, 1) / size**0.5
        found = (scores + unseen).softmax(-1) @ value.transpose(1, 2)
        return found.transpose(1, 2).reshape(texts, -1, self.hidden)


class Evened(nn.Module):
    """A linear layer whose input channels are divided by `scale` [inputs], its weights multiplied."""

    def __init__(self, layer: nn.Linear, scale: Tensor) -> None:
        super().__init__()
        self.layer = copy.deepcopy(layer)
        self.layer.weight.data *= scale
        self.register_buffer("smaller", 1 / scale)

    def forward(self, values: Tensor) -> Tensor:
        """As the layer's own."""
        found: Tensor = self.layer(values * self.smaller)
        return found


@torch.inference_mode()
def reach(network: SentimentNet, batches: list[Batch]) -> dict[str, Tensor]:
    """How far each input channel of the feed-forward layers goes from nought, by the layer's name."""
    far: dict[str, Tensor] = {}

    def note(name: str) -> Callable[[nn.Module, tuple[Tensor], Tensor], None]:
        def hook(_layer: nn.Module, inputs: tuple[Tensor], _output: Tensor) -> None:
            top = inputs[0].abs().amax((0, 1))
            far[name] = torch.maximum(far[name], top) if name in far else top

        return hook

    hooks = [
        layer.register_forward_hook(note(name))
        for name, layer in network.bert.named_modules()
        if name.endswith(FEED_FORWARD) and "attention" not in name
    ]
    network.eval()
    for batch in batches:
        network(**batch)
    for hook in hooks:
        hook.remove()
    return far


def even_out(network: SentimentNet, batches: list[Batch]) -> SentimentNet:
    """A copy whose feed-forward inputs have no channel that goes much further than the others."""
    evened = copy.deepcopy(network).eval().float()
    for name, far in reach(evened, batches).items():
        most = ROOM * far.sort().values[-FAR_CHANNELS]
        scale = torch.where(far > most, far / most, 1.0)
        parent, _, own = name.rpartition(".")
        above = evened.bert.get_submodule(parent)
        setattr(above, own, Evened(getattr(above, own), scale))
    return evened


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


def run_onnx(path: Path, tokenizer: Tokenizer, texts: list[str], longest: int) -> Outputs:
    """Run a model file over texts, which are cut at `longest` pieces.

    In batches as the product's: what is in a batch decides the steps its numbers are rounded to.
    """
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
