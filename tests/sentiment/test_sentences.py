"""Sentences and clauses: where they stand, and which one a piece of evidence is in."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.sentences import Stretch, clauses, gathered, sentences, strongest, turns


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
    for found in (sentences(text), clauses(text), turns(text)):
        edges = [place for stretch in found for place in stretch]
        assert edges == sorted(edges)
        assert all(text[start:end].strip() for start, end in found)
        assert all(text[start:end] == text[start:end].strip() for start, end in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ēdiens garšīgs bet gaidījām stundu", ["Ēdiens garšīgs", "bet gaidījām stundu"]),
        ("อาหารอร่อยแต่พนักงานพูดจาไม่ดี", ["อาหารอร่อย", "แต่พนักงานพูดจาไม่ดี"]),
        ("料理は美味しいけど値段が高すぎます", ["料理は美味しいけど", "値段が高すぎます"]),
        ("味道不错但是太贵了", ["味道不错", "但是太贵了"]),
        ("Nice butter, no trouble", ["Nice butter,", "no trouble"]),
        ("One thing only", ["One thing only"]),
    ],
)
def test_a_but_turns(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in turns(text)] == expected


@given(st.integers(0, 60), st.integers(1, 30))
def test_neighbours_are_gathered(count: int, most: int) -> None:
    found = [Stretch(10 * at, 10 * at + 8) for at in range(count)]
    together = gathered(found, most)
    assert len(together) == min(count, most)
    assert [part.start for part in together[:1]] == [part.start for part in found[:1]]
    assert [part.end for part in together[-1:]] == [part.end for part in found[-1:]]
    assert all(one.end < other.start for one, other in pairwise(together))
