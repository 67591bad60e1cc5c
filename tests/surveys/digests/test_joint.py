"""All that one edition shows, taken together as linear sums: nobody of 1 to k - 1 people is told apart."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from surveys.digests.disclose import hidden_groups, hidden_weeks
from surveys.digests.gather import answer_counts, complaint_counts
from surveys.digests.judge import ROWS, judged_figures
from surveys.digests.snapshot import METRICS, Counts, Snapshot
from surveys.digests.weekly import WeeklyAnswer
from surveys.weeks import Week

K = 5
PLACES = ("US", "CA", "GB", "IE", "LV", "SE", "AU", "NZ", "ZA", "NG", "EG", "DE", "BE", "JP", "IN", None)
SURVEYS = {1: "nps", 2: "csat"}


def snapshot(answers: list[WeeklyAnswer]) -> Snapshot:
    return Snapshot(
        Week.parse("2026-W40"), "Europe/Riga", K, True, 0, answer_counts(answers), complaint_counts([])
    )


def world(seed: int, scale: tuple[int, ...]) -> Snapshot:
    """Answers of one week from nested and crossing places."""
    lot = np.random.default_rng(seed)
    places = lot.choice(len(PLACES), size=int(lot.integers(4, len(PLACES))), replace=False)
    found: list[WeeklyAnswer] = []
    for country in (PLACES[at] for at in places):
        for locale in ("fr", "nl") if country == "BE" else ("en",):
            usual = int(lot.choice(scale))
            for number, metric in SURVEYS.items():
                for score in (2, 5):
                    n = int(lot.poisson(usual))
                    if n:
                        rest = (country, locale, "en", "web", None)
                        found.append(WeeklyAnswer(0, number, 1, metric, score, None, *rest, n))
    return snapshot(found)


def shown(figures: dict[str, Any], answers: Counts, metric: str) -> np.ndarray:
    """What an edition tells of a metric, or of all answers: rows of the answers that each number counts."""
    names = ["continent", "region", "culture"]
    sets = []
    if not figures["tiles"][metric]["suppressed"]:
        sets.append(np.ones(len(answers.n), np.bool_))
    for name, level in ROWS.items():
        for row in figures[name] if level in names else ():
            group = answers.of(level, row["group"])
            if not row["suppressed"] and (metric == "responses" or not row[metric].get("suppressed")):
                sets.append(group)
            if metric == "responses":
                sets += [
                    group & answers.of("country", country["country"]) for country in row.get("countries", [])
                ]
    return np.array(sets, np.float64).reshape(len(sets), len(answers.n))


def told(figures: dict[str, Any], whole: Snapshot, metric: str) -> list[str]:
    """Every set of 1 to k - 1 people that is a linear sum of what is shown."""
    answers = whole.answers
    if metric != "responses":
        answers = answers.where(answers.of("metric", metric))
    columns = [answers.column(name) for name in ("country", "culture")]
    atoms = sorted(set(zip(*(column.codes.tolist() for column in columns), strict=True)))
    rows = [
        np.logical_and.reduce([column.codes == at for column, at in zip(columns, atom, strict=True)])
        for atom in atoms
    ]
    n = np.array([int(answers.n[row].sum()) for row in rows])
    sets = shown(figures, answers, metric)
    matrix = np.array([[each[row].max() for row in rows] for each in sets]).reshape(len(sets), len(rows))
    few = [at for at in range(len(atoms)) if n[at] < K]
    found = []
    for size in range(1, K):
        for people in combinations(few, size):
            wanted = np.isin(np.arange(len(atoms)), people).astype(float)
            if n @ wanted < K and np.linalg.matrix_rank(np.vstack([matrix, wanted])) == (
                np.linalg.matrix_rank(matrix) if len(matrix) else 0
            ):
                found.append(f"{metric} {[columns[0].values[atoms[at][0]] for at in people]} {n @ wanted}")
    return found


@pytest.mark.parametrize("seed", range(30))
def test_no_sum_of_one_edition_tells_a_few(seed: int) -> None:
    whole = world(seed, ((0, 1, 4, 9, 40), (1, 2, 5, 20), (2, 8, 60))[seed % 3])
    figures = judged_figures(whole)
    assert [each for metric in ("responses", "nps", "csat") for each in told(figures, whole, metric)] == []


def given(ago: int, **countries: int) -> list[WeeklyAnswer]:
    return [
        WeeklyAnswer(ago, 1, 1, "nps", 9, None, country, "en", "en", "web", None, n)
        for country, n in countries.items()
    ]


def test_a_culture_less_all_its_regions_tells_nobody() -> None:
    # Anglo 47 less Northern America 22 and Northern Europe 22 would be the three of Australasia, and of Oceania.
    whole = snapshot(given(0, US=22, GB=22, AU=3, DE=30, FR=25, JP=19, BR=21))
    hidden = {level: set(groups) for level, groups in hidden_groups(whole).items() if groups}
    assert hidden["continent"] >= {"009"}
    assert hidden["region"] >= {"053"}
    assert "anglo" in hidden["culture"] or hidden["region"] & {"021", "154"}
    assert told(judged_figures(whole), whole, "responses") == []


def test_groups_of_the_same_people_are_hidden_alike() -> None:
    hidden = hidden_groups(snapshot(given(0, US=22, GB=22, AU=3, DE=30, JP=19)))
    for one, other in (("009", "053"), ("019", "021")):
        assert (one in hidden["continent"]) == (other in hidden["region"])
    assert ("030" in hidden["region"]) == ("confucian-asia" in hidden["culture"])


def test_a_week_in_which_a_group_was_hidden_with_others_is_not_in_its_past() -> None:
    few = {"US": 22, "GB": 22, "AU": 3, "DE": 30, "FR": 25, "JP": 19, "BR": 21}
    whole = snapshot([*given(0, **(few | {"AU": 40})), *given(1, **few)])
    then = hidden_groups(snapshot(given(0, **few)))
    for level, flags in hidden_weeks(whole, ("continent", "region", "country", "culture")).items():
        values = whole.answers.column(level).values
        assert {value for value, gone in zip(values, flags[:, 1], strict=True) if gone} >= then[level]
        assert not flags[:, 0].any()


def test_a_score_that_is_hidden_is_no_finding() -> None:
    # Everybody less the other regions would be Australasia's three: Northern Europe is hidden with it.
    def scores(ago: int, score: int, **countries: int) -> list[WeeklyAnswer]:
        return [each._replace(score=score) for each in given(ago, **countries)]

    many = {"US": 60, "GB": 60, "DE": 90, "FR": 90, "JP": 80}
    answers = [row for ago in range(1, 9) for row in scores(ago, 9, **many, AU=30)]
    answers += scores(0, 2, **many, AU=3)
    answers.append(WeeklyAnswer(0, 2, 1, "csat", 5, None, "AU", "en", "en", "web", None, 30))
    whole = replace(snapshot(answers), history=8)
    figures = judged_figures(whole)
    gone = {
        (level, row["group"])
        for name, level in ROWS.items()
        for row in figures[name]
        if row["nps"].get("suppressed")
    }
    assert ("region", "053") in gone
    assert ("region", "154") in gone
    flagged = {(each["level"], each["group"]) for each in figures["findings"] if each["metric"] == "nps"}
    assert flagged
    assert not flagged & gone


@pytest.mark.parametrize("seed", range(3))
def test_with_plenty_of_answers_nothing_is_hidden(seed: int) -> None:
    figures = judged_figures(world(seed, (30, 60, 90)))
    assert figures["suppressed"] == []
    rows = [row for name in ROWS for row in figures[name]]
    assert not any(row[metric].get("suppressed") for row in rows for metric in METRICS)
