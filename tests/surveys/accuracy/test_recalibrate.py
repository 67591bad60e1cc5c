"""The command that fits probabilities to a site's own labels: it helps and is kept, or is refused and leaves all as it was."""

import json
import random
from pathlib import Path

import pytest

from sentiment.calibrate import read_fit
from sentiment.training.tiny import make_tiny_model
from sentiment.verdict import Comment
from surveys.accounts.models import User
from surveys.accuracy import recalibrate
from surveys.accuracy.recalibrate import keep, labels_of_corrections, labels_of_file, recalibrated, report
from surveys.calibration import kept_calibration
from surveys.errors import Refused
from surveys.settings import settings
from surveys.verbatims.correct import correct, said
from surveys.verbatims.models import Verbatim
from surveys.verbatims.reading import load_analyser
from tests.surveys.digests.week import answer

GOOD = Comment("good 1")
WORDS = {"good": "positive", "bad": "negative", "table": "neutral"}


@pytest.fixture
def tiny(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny model, which knows "good" and "bad"."""
    folder = make_tiny_model(home / "tiny")
    monkeypatch.setenv("SENTIMENT_MODEL", str(folder))
    settings.cache_clear()
    return folder


def labelled(path: Path, wrong: float, rows: int = 330) -> Path:
    """Texts the model is sure of, whose label is another one so often."""
    chance = random.Random(3)
    with path.open("w") as file:
        for number in range(rows):
            word, label = chance.choice(list(WORDS.items()))
            other = chance.choice(sorted(set(WORDS.values()) - {label}))
            given = other if chance.random() < wrong else label
            file.write(json.dumps({"text": f"{word} {number}", "lang": "en", "label": given}) + "\n")
    return path


def test_it_is_kept_where_it_helps_and_the_analyser_uses_it(tiny: Path, tmp_path: Path) -> None:
    labels = labels_of_file(labelled(tmp_path / "own.jsonl", wrong=0.5))
    found = recalibrated(labels)
    assert found.trial.helps
    assert found.trial.after.calibration_error < found.trial.before.calibration_error / 2
    lines = report(found, labels)
    assert lines[0].startswith("330 labelled comments: ")
    assert lines[-1].split() == ["n", "330", "330"]
    before = load_analyser().analyse([GOOD])[0].sentiment
    keep(found)
    assert read_fit(settings().home / "calibration.json") == found
    after = load_analyser().analyse([GOOD])[0].sentiment
    # Half of what the model is sure of is wrong: it may no longer be sure.
    assert before.positive > 0.8
    assert after.positive < 0.65


def test_it_is_refused_where_it_does_not_help(tiny: Path, tmp_path: Path) -> None:
    labels = labels_of_file(labelled(tmp_path / "own.jsonl", wrong=0.13))
    found = recalibrated(labels)
    assert not found.trial.helps
    with pytest.raises(Refused, match="does not help"):
        keep(found)
    assert kept_calibration() is None


def test_too_few_are_refused(tiny: Path, tmp_path: Path) -> None:
    path = labelled(tmp_path / "own.jsonl", wrong=0.2, rows=299)
    with path.open("a") as file:
        file.write('{"text": "good bad", "lang": "en", "label": "mixed"}\n{"text": "good 1"}\n')
    with pytest.raises(
        Refused, match="299 comments are labelled negative, neutral or positive; at least 300"
    ):
        recalibrated(labels_of_file(path))
    (tmp_path / "broken.jsonl").write_text("no")
    with pytest.raises(Refused, match=r"broken\.jsonl, line 1: the line is not JSON\."):
        labels_of_file(tmp_path / "broken.jsonl")


def test_another_models_calibration_is_left_out_and_that_is_said(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(recalibrated(labels_of_file(labelled(tmp_path / "own.jsonl", wrong=0.5))))
    config = json.loads((tiny / "config.json").read_text())
    (tiny / "config.json").write_text(json.dumps(config | {"model_version": "tiny-2"}))
    (verdict,) = load_analyser().analyse([GOOD])
    assert verdict.sentiment.positive > 0.8
    assert "calibration ignored" in capsys.readouterr().out


@pytest.mark.parametrize("only_mistakes", [True, False])
async def test_corrections_serve_unless_only_mistakes_were_looked_at(
    ana: User, monkeypatch: pytest.MonkeyPatch, only_mistakes: bool
) -> None:
    monkeypatch.setattr(recalibrate, "LEAST_ROWS", 8)
    for number in range(12):
        await answer("nps", 3, text=f"Slikti {number}")
    await Verbatim.all().update(machine_sentiment="negative")
    for place, row in enumerate(await Verbatim.all().order_by("id")):
        is_wrong = only_mistakes or place % 2 == 0
        await correct(row.id, said("lv", "positive" if is_wrong else "negative", []), ana)
    if only_mistakes:
        with pytest.raises(
            Refused, match="Of 12 comments that people judged, the machine had been right in 0"
        ):
            await labels_of_corrections()
    else:
        assert [label.place for label in await labels_of_corrections()] == [2, 0] * 6
