"""Sentences and clauses: where they stand, and which one a piece of evidence is in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.sentences import Stretch, clauses, sentences, strongest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("…!?", []),
        ("No full stop", ["No full stop"]),
        ("Ātri atnesa! Bet cena... šausmīga.", ["Ātri atnesa!", "Bet cena...", "šausmīga."]),
        ("Costs 3.50 here. OK. Fine by me", ["Costs 3.50 here. OK.", "Fine by me"]),
        ("届くのが遅い。店員は親切でした。", ["届くのが遅い。", "店員は親切でした。"]),
        ("خدمة ممتازة؟ السعر مرتفع۔", ["خدمة ممتازة؟", "السعر مرتفع۔"]),
        ("first line\n\n second line ", ["first line", "second line"]),
    ],
)
def test_sentences_stand_where_they_are_read(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_clauses_part_at_commas() -> None:
    text = "Great food, slow staff; never again"
    assert [text[start:end] for start, end in clauses(text)] == ["Great food,", "slow staff;", "never again"]


def test_the_strongest_clause_is_named() -> None:
    text = "Nice food, but the courier came late."
    pieces = [Stretch(0, 4), Stretch(5, 9), Stretch(19, 26), Stretch(27, 31), Stretch(32, 36)]
    assert strongest(clauses(text), pieces, np.array([0.1, 0.2, 2.0, 0.1, 0.4])) == (11, 37)
    assert strongest(clauses(text), [], np.array([])) is None


@given(st.text(max_size=200))
def test_sentences_are_in_order_and_inside(text: str) -> None:
    for found in (sentences(text), clauses(text)):
        edges = [place for stretch in found for place in stretch]
        assert edges == sorted(edges)
        assert all(text[start:end].strip() for start, end in found)
        assert all(text[start:end] == text[start:end].strip() for start, end in found)
