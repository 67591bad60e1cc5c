"""The JSON lines contract: one answer a line, in order, soon, and never a crash."""

import io
import json
import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from sentiment.analyse import Analyser
from sentiment.understand import BATCH, understand
from sentiment.verdict import Comment, Verdict


def answers(analyser: Any, lines: Any) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    status = understand(lines, out, analyser)
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_one_answer_with_every_key(analyser: Analyser) -> None:
    line = json.dumps({"text": "kurjers slikts, raksti a@b.lv", "locale": "lv", "country": "LV"})
    status, (answer,) = answers(analyser, io.BytesIO(line.encode()))
    assert status == 0
    assert answer.pop("language_confidence") > 0.9
    probabilities = answer.pop("probabilities")
    assert list(probabilities) == ["negative", "neutral", "positive"]
    assert sum(probabilities.values()) == pytest.approx(1)
    assert answer == {
        "language": "lv",
        "language_best": "lv",
        "sentiment": "negative",
        "themes": [{"code": "delivery", "confidence": 0.8, "evidence": [0, 7]}],
        "masked_text": "kurjers slikts, raksti [EMAIL]",
    }


def test_mixed_names_its_languages(analyser: Analyser) -> None:
    text = "Ļoti dārgi man tas viss iznāca. The courier never came to my house."
    _, (answer,) = answers(analyser, [json.dumps({"text": text})])
    assert answer["language"] == "mixed"
    assert answer["languages"] == ["en", "lv"]
    assert answer["language_best"] == "en"


def test_bad_lines_are_answered_in_their_place(analyser: Analyser) -> None:
    lines = [
        b'{"text": "labi"}\n', b"\n", b"nonsense\n", b"[1]\n", b'{"text": 5}\n', b"\xff\xfe\n", b"null\n",
        b"[" * 100_000 + b"\n", b'{"text": "", "locale": 7, "country": {}}\n', b'{"text": "\\ud800 \\u0000"}\n',
        b'\xef\xbb\xbf{"text": "good", "locale": "zz-zz", "country": "Latvija"}\r\n', b'{"a": "b"}',
    ]  # fmt: skip
    status, found = answers(analyser, lines)
    assert status == 1
    assert [answer.get("error") for answer in found] == [
        None,
        "The line is blank.",
        "The line is not JSON.",
        'The line is not a JSON object with a "text".',
        'The line is not a JSON object with a "text".',
        "The line is not UTF-8.",
        'The line is not a JSON object with a "text".',
        "The line is not JSON.",
        None,
        None,
        None,
        'The line is not a JSON object with a "text".',
    ]
    assert found[9]["masked_text"] == " "
    assert found[10]["sentiment"] == "positive"


def test_a_long_number_beside_the_text_is_json_too(analyser: Analyser) -> None:
    out = io.StringIO()
    line = b'{"id": ' + 5000 * b"9" + b', "text": "The parcel never came"}\n'
    assert understand([line], out, analyser) == 0
    assert json.loads(out.getvalue())["masked_text"] == "The parcel never came"


def test_text_streams_are_read_too(analyser: Analyser) -> None:
    status, found = answers(analyser, io.StringIO('{"text": "bad"}\n{"text": "good"}\n'))
    assert status == 0
    assert [answer["sentiment"] for answer in found] == ["negative", "positive"]


def test_nothing_in_nothing_out(analyser: Analyser) -> None:
    assert answers(analyser, []) == (0, [])


def test_more_than_a_batch_keeps_its_order(analyser: Analyser) -> None:
    lines = [json.dumps({"text": f"nr {n}"}) + "\n" for n in range(2 * BATCH + 5)]
    _, found = answers(analyser, lines)
    assert [answer["masked_text"] for answer in found] == [f"nr {n}" for n in range(2 * BATCH + 5)]


def test_a_pause_is_answered_before_the_input_ends(analyser: Analyser) -> None:
    more: queue.Queue[str | None] = queue.Queue()
    flushed = threading.Event()

    class Output(io.StringIO):
        def flush(self) -> None:
            flushed.set()

    def lines() -> Iterator[str]:
        while (line := more.get()) is not None:
            yield line

    out = Output()
    worker = threading.Thread(target=understand, args=(lines(), out, analyser))
    worker.start()
    more.put('{"text": "good"}\n')
    assert flushed.wait(5)
    assert json.loads(out.getvalue())["sentiment"] == "positive"
    more.put(None)
    worker.join(5)
    assert not worker.is_alive()


def test_a_broken_input_is_raised_after_what_was_read(analyser: Analyser) -> None:
    def lines() -> Iterator[str]:
        yield '{"text": "good"}\n'
        raise OSError("gone")

    out = io.StringIO()
    with pytest.raises(OSError, match="gone"):
        understand(lines(), out, analyser)
    assert len(out.getvalue().splitlines()) == 1


def test_batches_are_bounded() -> None:
    sizes: list[int] = []

    class Counting:
        def analyse(self, items: list[Comment]) -> list[Verdict]:
            sizes.append(len(items))
            return []

    understand(["{}\n"] * (3 * BATCH), io.StringIO(), Counting())
    assert len(sizes) >= 3
