"""The evaluation prints what it promises, from files of labelled texts, the same every time."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sentiment import evaluate, evaluate_card, evaluate_given
from sentiment.calibrate import Fit, Quality, Trial, write_fit
from sentiment.evaluate import main
from sentiment.evaluate_card import LANGUAGES, MARKS, PAIN_SETS, measured, not_measured
from sentiment.evaluate_language import comment_rows
from sentiment.evaluate_rows import (
    Labelled,
    NotLabelled,
    development_rows,
    drawn,
    latin_rows,
    pain_files,
    read_labelled,
    read_sets,
    typed_rows,
)
from sentiment.evaluate_themes import measure_themes
from sentiment.language_codes import language_of
from sentiment.pains_figures import read_pains
from sentiment.themes import THEMES
from sentiment.training.rows import read_rows
from sentiment.training.set_aside import write_keys
from sentiment.verdict import Language, Sentiment, ThemeHit, Verdict
from surveys.i18n import RESPONDENT_LOCALES


def write(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def told(*arguments: str) -> list[list[str]]:
    out = io.StringIO()
    assert main(list(arguments), out) == 0
    return [line.split() for line in out.getvalue().splitlines()]


def test_language_table(tmp_path: Path) -> None:
    rows = [
        {"text": "Piegāde bija ļoti ātra", "lang": "lv", "source": "feedback"},
        {"text": "The delivery was very fast", "lang": "en", "source": "xed"},
        {"text": "Pristatymas buvo labai greitas", "lang": "lt", "source": "tatoeba"},
        {"text": "Not a stand-in, English is covered", "lang": "en", "source": "tatoeba"},
    ]
    lines = told("language", write(tmp_path / "a.jsonl", rows))
    assert lines[1] == ["en", "1", "100.0", "100.0"]
    assert lines[-1] == ["90", "/", "10", "100.00", "100.00", "100.00"]
    assert len(comment_rows(read_labelled(tmp_path / "a.jsonl"))) == 3


def test_sentiment_table(tmp_path: Path, model_folder: Path) -> None:
    rows = [
        {"text": "good", "lang": "en", "label": "pos"},
        {"text": "bad", "lang": "en", "label": "negative"},
        {"text": "slikti", "lang": "lv-LV", "label": "positive"},
        {"text": "good bad", "lang": "lv", "label": "mixed"},
        {"text": "good", "lang": "lv", "label": "unheard of"},
    ]
    lines = told("sentiment", write(tmp_path / "b.jsonl", rows), "--model", str(model_folder))
    assert lines[0][-1] == "(b)"
    assert [line[:3] for line in lines[2:6]] == [
        ["en", "2", "100.0"],
        ["lv", "1", "0.0"],
        ["all", "3", "66.7"],
        ["mean", "2", "50.0"],
    ]


def test_themes_table(tmp_path: Path, model_folder: Path) -> None:
    rows = [
        {"text": "delivery was late", "lang": "en", "themes": ["delivery", "not one of ours"]},
        {"text": "bring me my money", "lang": "en", "themes": ["returns_refunds"]},
        {"text": "good", "lang": "en", "themes": []},
    ]
    lines = told("themes", write(tmp_path / "c.jsonl", rows), "--model", str(model_folder))
    assert lines[2][:2] == ["en", "3"]
    assert ["delivery", "1"] in [line[:2] for line in lines]


def verdict(*hits: tuple[str, float]) -> Verdict:
    return Verdict(
        Language("en", "en", 1.0),
        Sentiment("neutral", 0, 1, 0),
        tuple(ThemeHit(code, chance, None, None) for code, chance in hits),
        "",
        "tiny",
    )


def test_themes_by_hand() -> None:
    """Two labels with a listed keyword, two without; of five named, three are right."""
    rows = [
        Labelled("The delivery was late", "en", None, frozenset({"delivery"})),
        Labelled("I am still without my parcel", "en", None, frozenset({"delivery", "communication"})),
        Labelled("Nobody tells me a thing", "en", None, frozenset({"communication"})),
        Labelled("Hm", "en", None, frozenset()),
    ]
    verdicts = [
        verdict(("delivery", 0.9)),
        verdict(("delivery", 0.9), ("billing", 0.4)),
        verdict(("communication", 0.8)),
        verdict(("technical", 0.3)),
    ]
    found = measure_themes(rows, verdicts)
    entry = found["all"]
    # 3 right, 2 too many, 1 missed.
    assert (entry["n"], entry["labels"], entry["f1"]) == (4, 4, pytest.approx(66.67))
    assert (entry["answered"], entry["right_of_answered"]) == (100, 60)
    assert entry["without_keyword"]["n"] == 2
    assert entry["without_keyword"]["recall"] == 50
    one = found["themes"]["communication"]
    assert (one["n"], one["precision"], one["recall"], one["f1"]) == (2, 100, 50, pytest.approx(66.67))
    assert found["themes"]["privacy_marketing"]["f1"] == 0


@pytest.mark.parametrize("rows", [development_rows(), typed_rows(), latin_rows()])
def test_the_development_sets_are_whole(rows: list[Labelled]) -> None:
    assert {row.language for row in rows} <= set(LANGUAGES)
    assert all(row.text.strip() and row.sentiment and row.themes is not None for row in rows)
    assert {code for row in rows for code in row.themes or ()} == set(THEMES)


def test_the_sets_of_pain_points_are_whole() -> None:
    assert set(map(len, languages_of_points(pain_files()).values())) == {9}
    # Of these, texts too like a sentence that was trained on have been taken out.
    plain = languages_of_points(pain_files("pain_points_plain"))
    assert (len(plain), min(map(len, plain.values()))) == (40, 3)
    nine = languages_of_points(pain_files("pain_points_nine"))
    assert (len(nine), min(map(len, nine.values())), sum(map(len, nine.values()))) == (40, 6, 329)


def languages_of_points(paths: Sequence[Path]) -> dict[str, set[str]]:
    languages: dict[str, set[str]] = {}
    for found in read_pains(paths):
        languages.setdefault(found.pain, set()).add(found.language)
    return languages


def test_the_languages_are_those_of_the_locales() -> None:
    assert set(LANGUAGES) == {language_of(locale) for locale in RESPONDENT_LOCALES}


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.jsonl", '{"text": "x"}\n\n{"text": 1}', 'a.jsonl, line 3: the line is not a JSON object with a "text".'),
        ("a.jsonl", "{", "a.jsonl, line 1: the line is not JSON."),
        ("lv.tsv", "delivery\tangry\tx", "lv.tsv, line 1: the line is not themes, feeling and text"),
    ],
)  # fmt: skip
def test_what_is_not_labelled_is_named(tmp_path: Path, name: str, content: str, complaint: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(NotLabelled, match=complaint.replace("(", r"\(")):
        read_labelled(tmp_path / name)


def test_a_refusal_is_a_sentence_and_a_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["language", str(tmp_path / "none.jsonl")]) == 2
    assert capsys.readouterr().err == "none.jsonl: the file cannot be read as UTF-8.\n"
    with pytest.raises(NotLabelled, match="there is no file of labelled texts"):
        read_sets(tmp_path)


def test_rows_are_drawn_by_their_words() -> None:
    rows = [Labelled(f"text {number}", "en", None, None) for number in range(50)]
    some = drawn(rows, 20)
    assert len(some) == 20
    assert set(some) == set(drawn(list(reversed(rows)), 20))
    assert drawn(rows, 0) == drawn(rows, 99) == rows


@pytest.fixture
def small(tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny model in a folder that may be written to, and development sets of a few lines."""
    folder = tmp_path / "model"
    folder.mkdir()
    for path in model_folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    rows = [row for row in development_rows() if row.language in {"lv", "en"}][::6]
    monkeypatch.setattr(evaluate, "development_rows", lambda: rows)
    monkeypatch.setattr(evaluate, "typed_rows", lambda: rows[:4])
    monkeypatch.setattr(evaluate, "latin_rows", lambda: rows[4:8])
    monkeypatch.setattr(evaluate_card, "LEAST", 5)
    monkeypatch.setattr(evaluate, "pain_files", lambda *_told: pain_files()[:1])
    return folder


def test_all_writes_the_same_card_twice(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "accuracy.md"
    page.write_text(f"Before.\n\n{MARKS[0]}\nold\n{MARKS[1]}\n\nAfter.\n")
    monkeypatch.setattr(evaluate, "DOCUMENT", page)
    monkeypatch.setattr(evaluate, "DEFAULT_FOLDER", small)
    own = write(
        tmp_path / "own.jsonl", [{"text": "good", "lang": "lv", "label": "pos", "themes": ["delivery"]}]
    )
    lines = told("all", "--data", own, "--write", "--model", str(small), "--threads", "1")
    assert lines[-1][:3] == ["Not", "measured,", "themes:"]
    card = json.loads((small / "accuracy.json").read_text())
    assert (card["version"], card["model_version"]) == (1, "polyvox-sentiment-tiny")
    assert set(card["sets"]) == {"development", "typed", "latin", "own"}
    assert set(card["sets"]["development"]) == {"language", "sentiment", "themes", *PAIN_SETS}
    assert card["sets"]["own"]["sentiment"]["languages"]["lv"]["f1"] == 100
    assert set(measured(card, "sentiment")) == {"en", "lv"}
    assert len(not_measured(card, "sentiment")) == len(LANGUAGES) - 2
    text = page.read_text()
    assert text.startswith(f"Before.\n\n{MARKS[0]}\n")
    assert text.endswith(f"{MARKS[1]}\n\nAfter.\n")
    assert ("\nold\n" in text, "polyvox-sentiment-tiny" in text) == (False, True)
    kept = (small / "accuracy.json").read_bytes(), page.read_bytes()
    told("all", "--data", own, "--write", "--model", str(small), "--threads", "1")
    assert kept == ((small / "accuracy.json").read_bytes(), page.read_bytes())


def test_set_aside_figures_stay_as_long_as_the_model(small: Path) -> None:
    entry = {"n": 500, "f1": 64.0, "low": 60.0, "high": 68.0, "calibration_error": 2.0,
             "calibration_by_chance": 3.0, "answered": 80.0, "right_of_answered": 77.0}  # fmt: skip
    part = {"sentiment": {"all": entry, "languages": {"lv": entry}}}
    path = small / "accuracy.json"
    for version, is_kept in (("polyvox-sentiment-tiny", True), ("another", False)):
        path.write_text(json.dumps({"set_aside": {"model_version": version, **part}}))
        told("all", "--write", "--model", str(small))
        card = json.loads(path.read_text())
        assert ("set_aside" in card) is is_kept
        source, found = measured(card, "sentiment")["lv"]
        assert (source, found["n"] == 500) == ("set_aside" if is_kept else "development", is_kept)


def test_texts_that_are_not_here_are_measured_where_they_are(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = ("neg", "neu", "pos")
    found = [{"text": f"good {number}", "lang": "lv", "label": labels[number % 3]} for number in range(30)]
    write(tmp_path / "open_a.jsonl", found)
    monkeypatch.setattr(evaluate_given, "TENTH", tmp_path / "keys.gz")
    write_keys([row.key for row in read_rows(tmp_path, "open_a.jsonl")[:12]], tmp_path / "keys.gz")
    short = [{"text": "Piegāde bija ļoti ātra", "lang": "lv", "source": "xed"}] * 9
    texts = write(tmp_path / "short.jsonl", short)
    told("all", "--write", "--model", str(small), "--set-aside", str(tmp_path), "--languages", texts)
    card = json.loads((small / "accuracy.json").read_text())
    assert card["set_aside"]["sentiment"]["languages"]["lv"]["n"] == 12
    source, entry = measured(card, "language")["lv"]
    assert (source, entry["n"], entry["f1"]) == ("language_texts", 9, 100.0)
    # Without the texts the figures stay.
    told("all", "--write", "--model", str(small))
    assert json.loads((small / "accuracy.json").read_text()) == card
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["all", "--model", str(small), "--set-aside", str(empty)]) == 2


def test_a_calibration_is_measured_with_the_model_it_belongs_to(
    tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    still = Quality(1.0, 1.0, 1.0, 1.0)
    kept, own = tmp_path / "calibration.json", tmp_path / "own.jsonl"
    rows = write(
        own, [{"text": "good", "lang": "en", "label": "pos"}, {"text": "bad", "lang": "en", "label": "neg"}]
    )
    for version, bias, status in (
        ("polyvox-sentiment-tiny", (9.0, 0.0, 0.0), 0),
        ("old", (0.0, 0.0, 0.0), 2),
    ):
        write_fit(Fit(version, 1.0, bias, 300, Trial(300, 3, still, still)), kept)
        out = io.StringIO()
        arguments = ["sentiment", rows, "--model", str(model_folder), "--calibration", str(kept)]
        assert main(arguments, out) == status
        # So strong a bias makes everything negative: one of two is right.
        assert status or out.getvalue().splitlines()[2].split()[2] == "33.3"
    assert "The calibration belongs to old, not to polyvox-sentiment-tiny." in capsys.readouterr().err
