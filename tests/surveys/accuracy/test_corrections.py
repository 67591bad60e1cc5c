"""What people said in the inbox, exported as labelled texts, and read again by the evaluation."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from sentiment.evaluate_rows import read_labelled
from surveys.accounts.models import User
from surveys.accuracy.corrections import judged_rows
from surveys.cli import app
from surveys.verbatims.correct import correct, said
from surveys.verbatims.models import Verbatim
from tests.surveys.digests.week import answer


async def _spoken() -> list[Verbatim]:
    texts = ("Kurjers [PHONE] kavējās", "Viss labi", "Nekas", "Dārgi")
    for text in texts:
        await answer("nps", 3, text=text, themes=["delivery"])
    rows = await Verbatim.all().order_by("id")
    for row in rows:
        row.machine_language, row.machine_sentiment, row.model_version = "lv", "negative", "small-1"
        row.negative, row.neutral, row.positive = 0.7, 0.2, 0.1
        await row.save()
    return rows


async def _judged(user: User) -> list[dict[str, Any]]:
    first, second, _third, fourth = await _spoken()
    await correct(first.id, said("lv", "neutral", ["communication", "delivery"]), user)
    await correct(second.id, said("lv", "negative", ["delivery"]), user)
    await correct(fourth.id, said("de", "negative", ["delivery"]), user)
    return [row async for row in judged_rows()]


async def test_what_counts_and_what_the_machine_had_said(ana: User) -> None:
    rows = await _judged(ana)
    machine = {
        "lang": "lv",
        "label": "negative",
        "chances": {"negative": 0.7, "neutral": 0.2, "positive": 0.1},
        "themes": ["delivery"],
        "model_version": "small-1",
    }
    assert rows[0] == {
        "text": "Kurjers [PHONE] kavējās",
        "lang": "lv",
        "label": "neutral",
        "themes": ["communication", "delivery"],
        "corrected": ["sentiment", "themes"],
        "confirmed": False,
        "machine": machine,
    }
    assert [(row["text"], row["lang"], row["corrected"], row["confirmed"]) for row in rows[1:]] == [
        ("Viss labi", "lv", [], True),
        ("Dārgi", "de", ["language"], False),
    ]
    assert rows[1]["machine"] == machine


async def test_the_evaluation_takes_the_file_as_it_is(ana: User, tmp_path: Path) -> None:
    rows = await _judged(ana)
    path = tmp_path / "corrections.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = read_labelled(path)
    assert [(row.language, row.sentiment) for row in found] == [
        ("lv", "neutral"),
        ("lv", "negative"),
        ("de", "negative"),
    ]
    assert found[0].themes == frozenset({"communication", "delivery"})


def test_the_command_writes_a_file_or_to_stdout(migrated_file: Path, home: Path) -> None:
    (home / "polyvox.sqlite3").write_bytes(migrated_file.read_bytes())
    empty = CliRunner().invoke(app, ["export", "corrections"])
    assert (empty.exit_code, empty.stdout) == (0, "")
    out = home / "out.jsonl"
    assert CliRunner().invoke(app, ["export", "corrections", str(out)]).exit_code == 0
    assert out.read_bytes() == b""
