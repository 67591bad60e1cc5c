"""What is set aside is kept as hashes, and no text of it is trained on, in whatever language it is filed."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from sentiment.evaluate_rows import all_pain_files, all_rows
from sentiment.pains_figures import read_pains
from sentiment.training import set_aside
from sentiment.training.doubtful import agreement
from sentiment.training.rows import Row, read_rows, read_sentences, same_letters
from sentiment.training.set_aside import (
    TENTH,
    WHOLE,
    choose,
    choose_tenth,
    main,
    may_train,
    read_keys,
    words_of,
    write_keys,
)

DATA = Path(__file__).parents[3] / "shared" / "data" / "sentiment"


def rows_file(path: Path, texts: Iterable[str]) -> None:
    path.write_text("".join(json.dumps({"text": t, "lang": "lv", "label": "pos"}) + "\n" for t in texts))


def test_a_text_set_aside_in_one_language_is_trained_on_in_none() -> None:
    held = [Row("Super!", "lv", 2, "open_ltec-lv")]
    assert not may_train(Row("  SUPER! ", "lt", 2, "own"), words_of(held))
    assert may_train(Row("Super", "lt", 2, "own"), words_of(held))
    assert not may_train(Row("Other", "ar", 2, "open_astd-ar"), words_of(held))
    assert not may_train(Row("Other", "hi", 2, "open_umsab", doubtful=True), words_of(held))


def test_rows_are_doubtful_by_their_place_among_those_of_their_language(tmp_path: Path) -> None:
    lines = [
        {"text": f"{language} {n}", "lang": language, "label": "neg"}
        for n in range(1801)
        for language in ("hi", "it")
    ]
    (tmp_path / "open_umsab.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    doubtful = [row.text for row in read_rows(tmp_path, "open_umsab.jsonl") if row.doubtful]
    assert doubtful == [f"hi {n}" for n in range(1000)] + ["hi 1800"]


def test_agreement_is_counted_of_all_and_of_the_clear() -> None:
    labels, answers = ("neg", "neg", "neu", "pos"), ("neg", "pos", "neu", "neu")
    assert agreement(labels, answers) == "as labelled 2 of 4, praise or complaint 1 of 2"


def test_a_tenth_of_open_files_and_all_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "sentiment"
    folder.mkdir()
    rows_file(folder / "open_a.jsonl", [f"open {number}" for number in range(400)])
    for name in ("nc_b", "unk_c"):
        rows_file(folder / f"{name}.jsonl", [f"{name} {number}" for number in range(20)])
    kept = {TENTH: tmp_path / "tenth.gz", WHOLE: tmp_path / "whole.gz"}
    found = choose(folder)
    assert 20 < len(found[TENTH]) < 60
    assert len(found[WHOLE]) == 40
    monkeypatch.setattr(set_aside, "TENTH", kept[TENTH])
    monkeypatch.setattr(set_aside, "WHOLE", kept[WHOLE])
    assert main(["--data", str(tmp_path), "--write"]) == 0
    assert read_keys(kept[WHOLE]) == found[WHOLE]
    write_keys(list(found[WHOLE])[1:], kept[WHOLE])
    capsys.readouterr()
    assert main(["--data", str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines()[1] == "whole.gz: 40 rows, 1 not kept, 0 kept too many"


def test_the_tenth_does_not_change_when_rows_join() -> None:
    rows = [Row(f"text {number}", "lv", 0, "open_a") for number in range(300)]
    assert choose_tenth(rows[:200]) <= choose_tenth(rows)


@pytest.mark.skipif(not DATA.is_dir(), reason="the labelled texts are not here")
def test_the_hashes_kept_are_those_of_the_labelled_texts() -> None:
    assert choose(DATA) == {path: read_keys(path) for path in (TENTH, WHOLE)}


def test_no_development_text_is_trained_on_in_other_letters() -> None:
    held = [row.text for row in all_rows()]
    held += [pain.text for pain in read_pains(all_pain_files())]
    assert same_letters(["Rușine să vă fie!", "…"], ["RUSINE SA VA FIE 🤬", "!"]) != []
    assert same_letters(held, [row.text for row in read_sentences()]) == []
