"""Free text: what finds what."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.verbatims.search import Texts, fold, folded_bytes


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("piegade", "Ātra PIEGĀDE"),
        ("și", "şi"),
        ("STRASSE", "Straße"),
        ("lodz", "Łódź"),
        ("一週", "配送が一週間も遅れ"),
        ("ｶﾞ", "ガ"),
        ("ของ", "ส่งของช้ามาก"),
        ("الطرد", "وصل الطَّرد متأخراً"),
        ("اخر", "آخر"),
        ("שלום", "שָׁלוֹם"),
        ("dont  worry", "dont\nworry"),
    ],
)
def test_finds(query: str, text: str) -> None:
    assert fold(query) in fold(text)


@pytest.mark.parametrize(("query", "text"), [("กน", "กิน"), ("は", "ば"), ("कम", "काम")])
def test_letters_that_look_like_accents_stay_letters(query: str, text: str) -> None:
    assert fold(query) not in fold(text)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(
    st.lists(st.text(alphabet="abā配 \n", max_size=8), max_size=12), st.text(alphabet="abā配 ", max_size=3)
)
def test_holding_is_what_a_plain_look_through_says(texts: list[str], query: str) -> None:
    kept = Texts()
    numbers = [kept.add(folded_bytes(text)) for text in texts]
    expected = [bool(fold(query)) and fold(query) in fold(text) for text in texts]
    assert numbers == list(range(len(texts)))
    assert np.array_equal(kept.holding(query), np.array(expected, np.bool_))
