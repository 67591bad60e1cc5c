"""Our own sentences as people type them, for training."""

import pytest

from sentiment.training.rows import Row
from sentiment.training.typed import (
    BARE_SHARE,
    SIGNED_SHARE,
    SIGNS,
    UNSTOPPED_SHARE,
    as_typed,
    bare,
    unstopped,
)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Piegāde kavējās, ļoti ŽĒL", "Piegade kavejas, loti ZEL"),
        ("Żółty łabędź", "Zolty labedz"),
        ("Kargo çok geç, ışık", "Kargo cok gec, isik"),
        ("Ενημέρωση", "Ενημερωση"),
        ("Йод, ёлка, їжа", "Йод, ёлка, їжа"),
        ("हिन्दी में", "हिन्दी में"),
        ("مُدَرِّس", "مُدَرِّس"),
        ("カ\u3099", "ガ"),
    ],
)
def test_marks_are_left_out_of_latin_and_greek_letters_alone(written: str, typed: str) -> None:
    assert bare(written) == typed


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Don't know, maybe.", "Dont know maybe"),
        ("«Ну... нет!» — сказал", "Ну нет сказал"),
        ("ठीक नहीं है।", "ठीक नहीं है"),
        ("遅い。高い！", "遅い 高い"),
        ("5 € :) 🙏", "5 € 🙏"),
        ("?!", "?!"),
    ],
)
def test_stops_are_left_out(written: str, typed: str) -> None:
    assert unstopped(written) == typed


def test_some_of_our_own_sentences_are_typed_and_no_others() -> None:
    own = [Row(f"Ļoti žēl, {n}", "lv", 0, "own", themes=frozenset({"delivery"})) for n in range(4000)]
    other = [Row(f"Ļoti žēl {n}", "lv", 0, "open_ltec-lv") for n in range(200)]
    found = as_typed(own + other, 7)
    assert found[len(own) :] == other
    texts = [row.text for row in found[: len(own)]]
    assert sum("," not in text for text in texts) / len(own) == pytest.approx(UNSTOPPED_SHARE, abs=0.02)
    assert sum("Loti zel" in text for text in texts) / len(own) == pytest.approx(BARE_SHARE, abs=0.02)
    assert sum(text.endswith(SIGNS) for text in texts) / len(own) == pytest.approx(SIGNED_SHARE, abs=0.02)
    assert {row.label for row in found} == {0}
    assert as_typed(own, 7) == found[: len(own)]
    assert as_typed(own, 8) != found[: len(own)]
