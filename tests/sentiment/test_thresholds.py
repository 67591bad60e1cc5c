"""From which chance on something is told: the choice on scored texts."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sentiment.training.thresholds import STEPS, Floats, best_threshold, f1_by_threshold, highest_near_best

SCORED = st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=1, max_size=40).filter(
    lambda pairs: any(is_so for _, is_so in pairs)
)


def log_odds(chances: list[float]) -> Floats:
    """Of chances."""
    return np.array([math.log(chance / (1 - chance)) for chance in chances])


def test_f1_of_each_threshold() -> None:
    # From .305 to .605 on both are told, one of them rightly: F1 of 2 * 1 / (2 + 1).
    found = f1_by_threshold(log_odds([0.605, 0.305]), np.array([True, False]))
    assert list(found) == list(STEPS)
    assert (found[0.3], found[0.31], found[0.6], found[0.61]) == (2 / 3, 1.0, 1.0, 0.0)


def test_the_lowest_of_the_best_and_the_highest_near_it() -> None:
    chances, gold = log_odds([0.905, 0.505, 0.305]), np.array([True, True, False])
    assert best_threshold(chances, gold) == 0.31
    assert highest_near_best(chances, gold, 0.0) == 0.5
    # With .505 no longer told one of two is missed: F1 of 2/3, a third less.
    assert highest_near_best(chances, gold, 0.33) == 0.5
    assert highest_near_best(chances, gold, 0.34) == 0.9


@given(SCORED, st.floats(0, 0.3))
def test_what_is_given_up_is_at_most_the_room(pairs: list[tuple[float, bool]], room: float) -> None:
    chances, gold = log_odds([chance for chance, _ in pairs]), np.array([is_so for _, is_so in pairs])
    found = f1_by_threshold(chances, gold)
    best, highest = best_threshold(chances, gold), highest_near_best(chances, gold, room)
    assert found[best] == max(found.values())
    assert highest >= best
    assert found[highest] >= found[best] - room
    assert all(f1 < found[best] - room for threshold, f1 in found.items() if threshold > highest)
