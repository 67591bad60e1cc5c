"""The evaluation prints what it promises, from files of labelled texts."""

import io
import json
from pathlib import Path

import pytest

from sentiment.evaluate import comment_rows, macro_f1, main


def write(path: Path, rows: list[dict[str, str]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_language_table(tmp_path: Path) -> None:
    rows = [
        {"text": "Piegāde bija ļoti ātra", "lang": "lv", "source": "feedback"},
        {"text": "The delivery was very fast", "lang": "en", "source": "xed"},
        {"text": "Pristatymas buvo labai greitas", "lang": "lt", "source": "tatoeba"},
        {"text": "Not a stand-in, English is covered", "lang": "en", "source": "tatoeba"},
    ]
    out = io.StringIO()
    assert main(["language", write(tmp_path / "a.jsonl", rows)], out) == 0
    lines = out.getvalue().splitlines()
    assert lines[1].split() == ["en", "1", "100.0", "100.0"]
    assert lines[-1].split() == ["90", "/", "10", "100.00", "100.00", "100.00"]
    assert len(comment_rows(rows)) == 3


def test_sentiment_table(tmp_path: Path, model_folder: Path) -> None:
    rows = [
        {"text": "good", "lang": "en", "label": "positive"},
        {"text": "bad", "lang": "en", "label": "negative"},
        {"text": "slikti", "lang": "lv", "label": "positive"},
        {"text": "good bad", "lang": "lv", "label": "mixed"},
        {"text": " ", "lang": "lv", "label": "neutral"},
    ]
    out = io.StringIO()
    main(["sentiment", write(tmp_path / "b.jsonl", rows), "--model", str(model_folder)], out)
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert lines[1:4] == [
        ["en", "2", "100.00", "100.00"],
        ["lv", "1", "0.00", "0.00"],
        ["mean", "3", "50.00", "66.67"],
    ]
    assert lines[4] == ["unknown:", "0.00", "%"]


def test_macro_f1() -> None:
    assert macro_f1([("a", "a"), ("a", "b"), ("b", "b")]) == pytest.approx(2 / 3)
    assert macro_f1([]) == 0
