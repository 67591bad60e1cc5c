"""What runs the network: onnxruntime for a folder with `model.onnx`, else torch.

Both take padded piece ids and give named arrays: `logits` and `embedding` always; `themes`,
`mixed` and `evidence` where the model has heads for them.
"""

import importlib.util
import os
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Answer = dict[str, NDArray[np.float32]]

OUTPUTS = ("logits", "embedding", "themes", "mixed", "evidence")
FILES = (
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "model.onnx",
    "onnx/model.onnx",
    "*.safetensors",
    "*.npz",
)


class Backend(Protocol):
    """A loaded network."""

    @property
    def cores(self) -> int:
        """How many batches are best run beside each other."""
        ...

    def run(self, ids: Ints, mask: Ints) -> Answer:
        """Both [batch, length]; the mask is 0 where a row is filled up."""
        ...


def find_folder(name: Path | str) -> Path:
    """The folder of a model given as a folder or as the id of a hub (`owner/name`).

    A hub is asked only for what is not here yet; with HF_HUB_OFFLINE=1 it is never asked.
    """
    folder = Path(name)
    if folder.is_dir():
        return folder
    # Imported here: only a site that names a hub needs it.
    from huggingface_hub import snapshot_download  # noqa: PLC0415

    return Path(snapshot_download(str(name), allow_patterns=list(FILES)))


def load_backend(folder: Path, threads: int) -> Backend:
    """`threads` bounds the cores used; 0 takes all that the process may use."""
    graphs = [path for name in ("model.onnx", "onnx/model.onnx") if (path := folder / name).exists()]
    if graphs:
        return OnnxBackend(graphs[0], threads)
    if importlib.util.find_spec("torch") is None:
        message = f"{folder} holds no model.onnx; a torch model needs the `training` extra"
        raise ValueError(message)
    return TorchBackend(folder, threads)


class OnnxBackend:
    """`model.onnx`; offline, on the CPU.

    A batch runs on one core: two batches beside each other are done a quarter sooner than two after
    one another that share each product between the cores (`bin/bench understanding`).
    """

    def __init__(self, path: Path, threads: int) -> None:
        # Imported here: it loads 60 MB of machine code that importing the library must not cost.
        import onnxruntime  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        self.cores = threads or len(os.sched_getaffinity(0))
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # The fused kernel is a third slower on the CPU than the two it stands for.
        slow = ["SkipLayerNormFusion"]
        providers = ["CPUExecutionProvider"]
        self._session = onnxruntime.InferenceSession(str(path), options, providers, disabled_optimizers=slow)
        there = {output.name for output in self._session.get_outputs()}
        self._outputs = [name for name in OUTPUTS if name in there]

    def run(self, ids: Ints, mask: Ints) -> Answer:
        """As `Backend.run`."""
        found = self._session.run(self._outputs, {"input_ids": ids, "attention_mask": mask})
        return dict(zip(self._outputs, found, strict=True))


class TorchBackend:
    """A sequence classifier of transformers; its embedding is the mean of the last hidden state."""

    def __init__(self, folder: Path, threads: int) -> None:
        os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
        import torch
        from transformers import AutoModelForSequenceClassification

        if threads:
            torch.set_num_threads(threads)
        self.cores = 1  # torch shares each product between the cores itself
        self._torch = torch
        self._network: Any = AutoModelForSequenceClassification.from_pretrained(folder).eval()
        self._order = label_order(self._network.config.id2label)

    def run(self, ids: Ints, mask: Ints) -> Answer:
        """As `Backend.run`."""
        torch = self._torch
        with torch.inference_mode():
            inputs = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
            found = self._network(**inputs, output_hidden_states=True)
            weights = inputs["attention_mask"].unsqueeze(-1).float()
            mean = (found.hidden_states[-1].float() * weights).sum(1) / weights.sum(1)
            logits = found.logits.float()[:, self._order]
        return {"logits": logits.numpy(), "embedding": mean.numpy()}


def label_order(names: dict[int, str]) -> list[int]:
    """Where negative, neutral and positive stand among a model's own labels."""
    places = {str(name).lower()[:3]: int(at) for at, name in names.items()}
    if {"neg", "neu", "pos"} <= places.keys():
        return [places["neg"], places["neu"], places["pos"]]
    if len(names) == 3:
        return [0, 1, 2]
    message = f"not labels of negative, neutral and positive: {sorted(map(str, names.values()))}"
    raise ValueError(message)
