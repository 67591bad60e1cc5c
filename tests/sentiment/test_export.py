"""The exported graph says what the network says; needs the `training` extra."""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sentiment.backend import OnnxBackend

pytestmark = [
    pytest.mark.torch,
    # The exporter that goes by traces is the one whose graph the quantiser knows.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def test_the_graph_says_what_the_network_says(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from transformers import BertConfig, BertModel

    # By name: the types of what needs torch are checked where torch is.
    export = import_module("sentiment.training.export")
    network_of = import_module("sentiment.training.network")
    pad = network_of.PAD
    torch.manual_seed(7)
    sizes: dict[str, Any] = {
        "hidden_size": 24,
        "num_hidden_layers": 2,
        "num_attention_heads": 3,
        "intermediate_size": 48,
    }
    network = network_of.SentimentNet(
        BertModel(BertConfig(vocab_size=50, **sizes), add_pooling_layer=False)
    ).eval()
    ids = torch.tensor([[0, 9, 8, 7, 2], [0, 11, 2, pad, pad]])
    mask = (ids != pad).long()
    evened = export.even_out(network, [{"input_ids": ids, "attention_mask": mask}])
    export.export_onnx(evened, tmp_path / "float.onnx")
    found = OnnxBackend(tmp_path / "float.onnx", 1).run(ids.numpy(), mask.numpy())
    with torch.inference_mode():
        expected = network(ids, mask)._asdict()
    assert found.keys() == expected.keys()
    for name in ("logits", "mixed", "themes", "embedding"):
        assert np.allclose(found[name], expected[name].numpy(), atol=1e-4), name
    seen = mask.numpy() == 1
    assert np.allclose(found["evidence"][seen], expected["evidence"].numpy()[seen], atol=1e-4)
