"""A few of the simulated worlds of `bin/bench worlds`, always the same ones: planted effects are found, quiet stays quiet."""

import json

import pytest

from tests.bench.worlds import KINDS, PLANTED, QUIET, alerts, edition_of


@pytest.mark.parametrize("kind", PLANTED, ids=lambda kind: kind.name)
def test_what_is_planted_is_read_rightly(kind: object) -> None:
    assert KINDS[KINDS.index(kind)].right(edition_of(kind, 3))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_quiet_world_is_quiet(seed: int) -> None:
    figures = edition_of(QUIET[seed % 2], seed)
    assert alerts(figures) == []
    assert {finding["flag"] for finding in figures["findings"] if finding["level"] == "all"} <= {
        "none",
        "watch",
    }


def test_the_same_world_gives_the_same_figures() -> None:
    one, other = (json.dumps(edition_of(PLANTED[0], 5), allow_nan=False) for _ in range(2))
    assert one == other
