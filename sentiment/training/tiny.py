"""A tiny model of the same form as the shipped one, for tests: made in a moment, without torch.

It knows a few words. A good or bad word is worth 4 on its logit, a blank text is neutral by 2, so
one good word is positive, one of each is `unknown`. Words for the same thing share a vector in all
languages, so that texts about delivery lie close together. With `heads` it also tells four themes by
the same words, and takes "but" for the sign of mixed feelings.
"""

import re
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from sentiment.training.folder import PREFIX, Least, write_config, write_tokenizer

HIDDEN = 384
OPSET = 17
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
NEUTRAL_LOGIT = 2.0
WORD_LOGIT = 4.0
THEMES = ("delivery", "price_value", "support_attitude", "technical")
"""Of the groups of `TOPICS`."""
THEME_LOGIT = 6.0
NO_THEME_LOGIT = -3.0
BUT = "but"

GOOD = """
    good great excellent love thanks labi labs teicami paldies lieliski gerai puikiai ačiū hea
    suurepärane aitäh bun bună excelent mulțumesc gut toll super danke bon bien merci excellent
    bueno excelente gracias bom ótimo obrigado buono ottimo grazie goed geweldig bedankt dobrze
    świetnie dziękuję dobře skvělé děkuji bra utmärkt tack hyvä loistava kiitos god tak jó
    kiváló καλό τέλειο добре чудово дякую отлично спасибо хорошо добър чудесен iyi harika
    جيد ممتاز شكرا טוב מצוין תודה अच्छा बढ़िया ভালো ดี ขอบคุณ tốt tuyệt bagus 良い 最高 좋아요
    최고 很好 满意 滿意 კარგი լավ nzuri خوب நல்ல
"""
BAD = """
    bad terrible awful hate never slikti slikts briesmīgi blogai blogas baisu halb kohutav rău
    rau prost groaznic schlecht furchtbar nie mauvais nul horrible malo pésimo terrible mau
    ruim péssimo cattivo pessimo slecht vreselijk źle okropne špatně hrozné dålig hemskt huono
    kamala dårlig elendig rossz szörnyű κακό απαίσιο погано жахливо плохо ужасно лош ужасен
    kötü berbat سيئ فظيع רע נורא बुरा घटिया খারাপ แย่ tệ buruk 悪い 最悪 나빠요 최악 很差 糟糕
    ცუდი վատ mbaya بد மோசமான
"""
TOPICS = """
    delivery courier parcel piegāde kurjers pristatymas tarne livrare lieferung livraison entrega consegna
    levering dostawa доставка teslimat توصيل משלוח डिलीवरी การจัดส่ง 配送 배송 快递

    price expensive cena dārgi kaina hind preț pret preis teuer prix precio preço prezzo prijs ціна цена
    fiyat سعر מחיר कीमत ราคา 価格 가격 价格

    staff support service darbinieki apkalpošana personalas teenindus personal serviciu mitarbeiter
    kundendienst servicio serviço servizio обслуговування обслуживание hizmet خدمة שירות सेवा บริการ
    サービス 서비스 服务

    app website login lietotne vietne programėlė rakendus aplicație aplicatie webseite application
    aplicación aplicativo applicazione додаток приложение uygulama تطبيق אפליקציה ऐप แอป アプリ 앱 应用
"""


def word_list(text: str) -> list[str]:
    """Each word once, in order."""
    return list(dict.fromkeys(text.split()))


def is_unspaced(word: str) -> bool:
    """Whether the word's script is written without blanks (Thai, kana, Han)."""
    return bool(re.fullmatch("[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]+", word))


def make_tokenizer(words: list[str]) -> Tokenizer:
    """Whole words, lower-cased; the ids are places in the list."""
    tokenizer = Tokenizer(
        models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>")  # noqa: S106
    )
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    inside = sorted(filter(is_unspaced, words), key=len, reverse=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            # Combining vowel signs are no word characters of the regex that Whitespace() uses.
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{M}\p{N}]+"), "removed"),
            pre_tokenizers.Split(Regex("|".join(inside)), "isolated"),
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(list(SPECIAL))
    return tokenizer


def make_tables() -> tuple[list[str], np.ndarray, np.ndarray]:
    """The words, what each adds to the logits [words, 3] and to the vector [words, HIDDEN]."""
    good, bad = word_list(GOOD), word_list(BAD)
    topics = [word_list(topic) for topic in TOPICS.split("\n\n")]
    words = word_list(" ".join([*SPECIAL, PREFIX.strip(" :"), GOOD, BAD, TOPICS, BUT]))
    places = {word: i for i, word in enumerate(words)}
    logits = np.zeros((len(words), 3), np.float32)
    logits[0, 1] = NEUTRAL_LOGIT
    logits[[places[word] for word in bad], 0] = WORD_LOGIT
    logits[[places[word] for word in good], 2] = WORD_LOGIT
    directions = np.random.default_rng(0).normal(size=(len(topics) + 3, HIDDEN)) / HIDDEN**0.5
    vectors = np.zeros((len(words), HIDDEN), np.float32)
    for group, direction in zip([["<s>"], good, bad, *topics], directions, strict=True):
        # Topics outweigh feelings, as in the real vectors.
        vectors[[places[word] for word in group]] = direction * (3 if group in topics else 1)
    return words, logits, vectors


def make_head_tables(words: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """What each word adds to the themes [words, 4] and to being mixed [words, 1]."""
    places = {word: i for i, word in enumerate(words)}
    themes = np.zeros((len(words), len(THEMES)), np.float32)
    mixed = np.zeros((len(words), 1), np.float32)
    themes[0] = mixed[0] = NO_THEME_LOGIT
    for column, topic in enumerate(TOPICS.split("\n\n")):
        themes[[places[word] for word in word_list(topic)], column] = THEME_LOGIT
    mixed[places[BUT]] = THEME_LOGIT
    return themes, mixed


def make_graph(
    logits: np.ndarray, vectors: np.ndarray, heads: tuple[np.ndarray, np.ndarray] | None
) -> onnx.ModelProto:
    """Sum of the words' logits, mean of their vectors; padding left out."""
    tables = {"logit": (logits, "logits"), "vector": (vectors, "vector_sum")}
    if heads:
        tables |= {"theme": (heads[0], "themes"), "but": (heads[1], "mixed_sum")}
    nodes = [
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["weights"]),
        helper.make_node("ReduceSum", ["weights", "middle"], ["count"], keepdims=0),
    ]
    for table, (_, total) in tables.items():
        kept = "evidence" if table == "theme" else f"{table}_kept"
        nodes += [
            helper.make_node("Gather", [f"{table}_table", "input_ids"], [f"{table}_rows"]),
            helper.make_node("Mul", [f"{table}_rows", "weights"], [kept]),
            helper.make_node("ReduceSum", [kept, "middle"], [total], keepdims=0),
        ]
    nodes.append(helper.make_node("Div", ["vector_sum", "count"], ["embedding"]))
    if heads:
        nodes.append(helper.make_node("Squeeze", ["mixed_sum", "middle"], ["mixed"]))
    said: dict[str, list[str | int]] = {"logits": ["batch", 3], "embedding": ["batch", HIDDEN]}
    if heads:
        said |= {"themes": ["batch", len(THEMES)], "mixed": ["batch"]}
        said["evidence"] = ["batch", "length", len(THEMES)]
    whole, real = TensorProto.INT64, TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info(name, whole, ["batch", "length"])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info(name, real, shape) for name, shape in said.items()],
        [
            *(numpy_helper.from_array(values, f"{table}_table") for table, (values, _) in tables.items()),
            numpy_helper.from_array(np.array([2]), "last"),
            numpy_helper.from_array(np.array([1]), "middle"),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


def make_tiny_model(folder: Path, *, heads: bool = False) -> Path:
    """Fill `folder` with a model of the shipped form, the same each time, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    words, logits, vectors = make_tables()
    write_tokenizer(folder, make_tokenizer(words))
    head_tables = make_head_tables(words) if heads else None
    onnx.save(make_graph(logits, vectors, head_tables), str(folder / "model.onnx"))
    write_config(
        folder,
        version="polyvox-sentiment-tiny",
        temperature=1.0,
        least=Least(0.6),
        sizes={"vocab_size": len(words), "hidden_size": HIDDEN},
        themes=THEMES if heads else (),
    )
    return folder
