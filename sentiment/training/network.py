"""The network: the e5 encoder, its mean-pooled vector, and linear heads for feeling and themes."""

from typing import NamedTuple, TypedDict

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from sentiment.themes import THEMES
from sentiment.training.weights import Encoder

PAD = 1
CLASSES = 3

# The 4-bit file's name of a tensor within a layer -> BERT's.
LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


class Batch(TypedDict):
    """Both int64, [batch, length]."""

    input_ids: Tensor
    attention_mask: Tensor


def bert_name(name: str) -> str:
    """`l3.ao.w` -> `encoder.layer.3.attention.output.dense.weight`."""
    if name in EMBEDDING_NAMES:
        return EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    suffix = {"w": "weight", "b": "bias"}[kind]
    return f"encoder.layer.{layer[1:]}.{LAYER_NAMES[part]}.{suffix}"


def bert_config(encoder: Encoder, vocabulary: int) -> BertConfig:
    """The encoder's sizes, with `vocabulary` pieces; dropout is only before the head."""
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=encoder.sizes.hidden,
        num_hidden_layers=encoder.sizes.layers,
        num_attention_heads=encoder.sizes.heads,
        intermediate_size=encoder.sizes.feed_forward,
        max_position_embeddings=encoder.sizes.positions,
        type_vocab_size=encoder.sizes.token_types,
        layer_norm_eps=1e-12,
        pad_token_id=PAD,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


def load_bert(encoder: Encoder, kept: list[int], attention: str = "eager") -> BertModel:
    """The encoder with the word embeddings of the kept pieces only; positions count from 0."""
    config = bert_config(encoder, len(kept))
    config._attn_implementation = attention  # noqa: SLF001 (the only place it can be set)
    bert = BertModel(config, add_pooling_layer=False)
    state = bert.state_dict()
    for name, values in encoder.tensors.items():
        tensor = torch.from_numpy(values)
        if name == "emb.word":
            tensor = tensor.view(-1, encoder.sizes.hidden)[kept]
        state[bert_name(name)] = tensor.view(state[bert_name(name)].shape)
    bert.load_state_dict(state)
    return bert


def mean_pool(hidden: Tensor, mask: Tensor) -> Tensor:
    """[batch, length, hidden] and [batch, length] -> [batch, hidden], padding left out."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1)


class Reading(NamedTuple):
    """What the network makes of a batch."""

    logits: Tensor
    """[batch, 3]: negative, neutral, positive."""
    mixed: Tensor
    """[batch]: the log-odds that the text praises one thing and complains of another."""
    themes: Tensor
    """[batch, 18]: the log-odds of each theme, in the order of `THEMES`."""
    embedding: Tensor
    """[batch, hidden]: the mean vector, what the text is about."""
    evidence: Tensor
    """[batch, length, 18]: what each token adds to each theme by way of the mean vector."""


class SentimentNet(nn.Module):
    """Heads read the first token beside the mean: the first token may move freely towards
    feelings while the mean keeps what the text is about.
    """

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert
        self.head = linear(2 * bert.config.hidden_size, CLASSES)
        self.mixed = linear(2 * bert.config.hidden_size, 1)
        self.themes = linear(2 * bert.config.hidden_size, len(THEMES))
        self.dropout = nn.Dropout(0.1)

    def heads(self) -> list[nn.Parameter]:
        """The parameters above the encoder."""
        return [p for part in (self.head, self.mixed, self.themes) for p in part.parameters()]

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Reading:
        """Both inputs int64, [batch, length]."""
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return self.read(hidden, attention_mask)

    def read(self, hidden: Tensor, attention_mask: Tensor) -> Reading:
        """From the encoder's last vectors, [batch, length, hidden]."""
        embedding = mean_pool(hidden, attention_mask)
        both = self.dropout(torch.cat([hidden[:, 0], embedding], dim=1))
        return Reading(
            logits=self.head(both),
            mixed=self.mixed(both)[:, 0],
            themes=self.themes(both),
            embedding=embedding,
            evidence=hidden @ self.by_mean().T,
        )

    def by_mean(self) -> Tensor:
        """The weights of the theme head on the mean vector, [18, hidden]."""
        return self.themes.weight[:, -self.bert.config.hidden_size :]


def linear(inputs: int, outputs: int) -> nn.Linear:
    """A head that starts near zero."""
    layer = nn.Linear(inputs, outputs)
    nn.init.normal_(layer.weight, std=0.02)
    nn.init.zeros_(layer.bias)
    return layer
