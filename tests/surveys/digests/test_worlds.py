"""A few of the simulated worlds of `bin/bench worlds`, always the same ones: planted effects are found, quiet stays quiet."""

import json
from typing import Any

import pytest

from surveys.digests.mentioned import NONE
from surveys.digests.render import document
from tests.bench.worlds import KINDS, PLANTED, QUIET, Kind, alerts, edition_of


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


def told(figures: dict[str, Any]) -> dict[str, Any]:
    """What the database would add to a world's figures: nothing."""
    pains = [{**pain, "quote": None} for pain in figures["pain_points"]]
    return {
        **figures, "pain_points": pains, "version": 2, "week": "2026-W40", "from": "2026-09-28", "to": "2026-10-04",
        "zone": "Europe/Riga", "theme_names": {}, "status": "final", "k": 5, "history": 26, "weeks_before": 8,
        "mentions": dict(NONE), "quotes": [], "left_out": [], "unanalysed": 0, "accuracy": [], "corrections": [],
        "quality": {"words": 0, "unanalysed": 0, "unknown_language": 0, "unknown_sentiment": 0, "partial": 0},
        "scope": None, "pain_titles": {},
    }  # fmt: skip


def pages(kind: Kind, locale: str = "en") -> str:
    """The edition of a world, as its document."""
    organised = {"name": "Maize", "contact": "dati@maize.lv", "logo": None}
    return document({"figures": told(edition_of(kind, 3)), "organisation": organised, "locale": locale})


def test_page_one_says_what_fell_in_one_culture() -> None:
    html = pages(PLANTED[2])
    first = html.partition("All pain points")[0]
    assert "<p>No overall score moved beyond chance.</p>" in first
    assert "<p>Germanic Europe: NPS fell beyond chance, from −30 to −96.</p>" in first
    assert "<li>Find out why NPS fell here: Germanic Europe.</li>" in first
    assert "quiet week" not in html
    assert "Nothing calls for a decision" not in html


def test_what_moved_in_groups_is_listed_and_marked() -> None:
    html = pages(PLANTED[0])
    table = html.partition("<h2>What moved in groups</h2>")[2].partition("</table>")[0]
    assert table.count('<th scope="row">') == 8
    assert ">Latvia</th>" in table
    # Some weeks before had but a few people: what it was is not told, that it rose is.
    assert '<td class="number">0.8%' not in table
    assert '<td class="number">13.4%' in table
    assert "rising</strong>" in html


@pytest.mark.parametrize("kind", QUIET, ids=lambda kind: kind.name)
def test_a_quiet_week_is_called_quiet(kind: Kind) -> None:
    html = pages(kind)
    assert "A quiet week: no score moved beyond chance" in html
    assert "What moved in groups" not in html


def test_other_words_are_no_quiet_week() -> None:
    html = pages(PLANTED[4])
    assert "No score that can be compared moved beyond chance; asked in another way before: NPS." in html
    assert "A quiet week" not in html
