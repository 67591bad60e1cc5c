"""Pain points by their embeddings: what is alike meets, whatever the order; ids are found again."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sentiment.pains import PROTOTYPE_WEIGHT, Clusters, Seeds, Thresholds, assign, cluster
from sentiment.pains_figures import figures, main, read_pains
from sentiment.pains_match import Change, Partition, match
from sentiment.pains_vectors import nearest, unit

WIDTH = 24
# Of made-up vectors: members lie within .97 of their middle, middles far apart.
MADE = Thresholds(known=0.8, join=0.8, lead=0.85, merge=0.95, split=0.8, least=5)
DEVELOPMENT = Path(__file__).parents[2] / "sentiment" / "development" / "pains"

Floats = NDArray[np.float32]


def middles(k: int, seed: int = 0) -> Floats:
    """Unit vectors at right angles."""
    turned, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(WIDTH, WIDTH)))
    return turned[:k].astype(np.float32)


def around(middle: Floats, n: int, seed: int, spread: float = 0.04) -> Floats:
    return unit(middle + spread * np.random.default_rng(seed).normal(size=(n, WIDTH)))


def known(vectors: Floats) -> Seeds:
    return Seeds(vectors, np.ones(len(vectors), np.bool_))


def groups(found: Clusters) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(found.labels == one).tolist()) for one in range(len(found.centroids))}


def test_what_is_near_a_known_prototype_is_in_its_cluster_and_new_ones_are_found() -> None:
    at = middles(4)
    parts = [around(at[0], 9, 1), around(at[1], 7, 2), around(at[2], 4, 3), around(at[3], 1, 4)]
    found = cluster(np.concatenate(parts), known(at[:1]), MADE)
    assert found.labels.tolist() == [0] * 9 + [1] * 7 + [-1] * 5
    assert (found.seeds.tolist(), found.sizes.tolist()) == ([0, -1], [9, 7])
    assert found.centroids[1] @ at[1] > 0.99
    assert found.likeness[:16].min() >= 0.8


def test_a_known_prototype_needs_one_member_and_a_new_cluster_enough() -> None:
    at = middles(3)
    rows = np.concatenate([around(at[0], 1, 1), around(at[1], 4, 2)])
    found = cluster(rows, known(at), MADE)
    assert (found.labels.tolist(), found.seeds.tolist()) == ([0, 1, 1, 1, 1], [0, 1])
    assert cluster(rows, Seeds.none(WIDTH), MADE).labels.tolist() == [-1] * 5


def test_a_held_seed_wants_more_likeness_and_stays_where_it_was() -> None:
    at = middles(2)
    rows = np.repeat(unit(at[:1] + 0.7 * at[1:]), 5, axis=0)  # cosine .82
    wanted = Thresholds(known=0.9, join=0.8, lead=0.99, merge=0.999, split=0.0, least=6)
    assert cluster(rows, known(at[:1]), wanted).labels.tolist() == [-1] * 5
    followed = cluster(rows, Seeds(at[:1], np.zeros(1, np.bool_)), wanted)
    assert followed.labels.tolist() == [0] * 5
    assert followed.centroids @ rows[0] == pytest.approx(1)
    held = cluster(rows, known(at[:1]), MADE)
    assert held.labels.tolist() == [0] * 5
    assert held.centroids == pytest.approx(unit(PROTOTYPE_WEIGHT * at[:1] + rows.sum(axis=0)), abs=1e-6)


def test_nothing_and_nearly_nothing() -> None:
    for n in (0, 1):
        found = cluster(around(middles(1)[0], n, 1), Seeds.none(WIDTH), MADE)
        assert (found.labels.tolist(), len(found.centroids)) == ([-1] * n, 0)
    assert cluster(np.empty((0, WIDTH), np.float32), known(middles(2)), MADE).seeds.tolist() == []
    assert nearest(around(middles(1)[0], 2, 1), np.empty((0, WIDTH), np.float32))[0].tolist() == [-1, -1]


def test_identical_texts_are_one_cluster() -> None:
    found = cluster(np.repeat(middles(1), 10_000, axis=0), Seeds.none(WIDTH), MADE)
    assert (found.sizes.tolist(), found.likeness.min() > 0.999) == ([10_000], True)


def test_two_that_are_not_held_merge_and_two_that_are_do_not() -> None:
    at = middles(1)
    rows = around(at[0], 30, 1)
    seeds = around(at[0], 2, 2, spread=0.01)
    assert cluster(rows, Seeds(seeds, np.zeros(2, np.bool_)), MADE).sizes.tolist() == [30]
    assert len(cluster(rows, known(seeds), MADE).centroids) == 2


def test_a_seed_between_two_things_is_split_unless_it_is_held() -> None:
    at = middles(2)
    parted = unit(np.stack([at[0] + 0.7 * at[1], at[1] + 0.7 * at[0]]))
    rows = np.concatenate([around(parted[0], 12, 1, 0.02), around(parted[1], 8, 2, 0.02)])
    between = unit(parted.sum(axis=0))[None]
    apart = Thresholds(known=0.8, join=0.8, lead=0.85, merge=0.97, split=0.95, least=5)
    found = cluster(rows, Seeds(between, np.zeros(1, np.bool_)), apart)
    assert (found.labels.tolist(), found.seeds.tolist()) == ([0] * 12 + [1] * 8, [0, -1])
    assert cluster(rows, known(between), apart).sizes.tolist() == [20]


def test_a_new_text_belongs_to_the_nearest_or_to_none() -> None:
    at = middles(3)
    rows = np.stack([at[0], unit(at[1] + 0.5 * at[2]), unit(at[0] + at[1] + at[2])])
    found, cosine = assign(rows, at, np.array([0.8, 0.8, 0.8], np.float32))
    assert found.tolist() == [0, 1, -1]
    assert cosine.round(2).tolist() == pytest.approx([1.0, 0.89, 0.58], abs=0.01)
    assert assign(rows, at[:0], np.empty(0, np.float32))[0].tolist() == [-1] * 3


@st.composite
def scattered(draw: st.DrawFn) -> tuple[Floats, Seeds]:
    """A few groups of different size and spread, some of them near each other, some with a seed."""
    seed = draw(st.integers(0, 10_000))
    at = middles(8, seed)
    sizes = draw(st.lists(st.integers(1, 30), min_size=1, max_size=8))
    spread = draw(st.sampled_from([0.02, 0.06, 0.12, 0.2]))
    rows = np.concatenate([around(at[one], size, seed + one, spread) for one, size in enumerate(sizes)])
    seeded = draw(st.integers(0, len(sizes)))
    held = np.random.default_rng(seed).random(seeded) < 0.5
    return rows.astype(np.float16), Seeds(at[:seeded], held)


@settings(max_examples=60, deadline=None)
@given(scattered(), st.randoms(use_true_random=False))
def test_the_same_rows_in_another_order_make_the_same_clusters(
    made: tuple[Floats, Seeds], random: st.DataObject
) -> None:
    rows, seeds = made
    order = np.random.default_rng(random.randint(0, 9999)).permutation(len(rows))  # type: ignore[attr-defined]
    first, other = cluster(rows, seeds, MADE), cluster(rows[order], seeds, MADE)
    assert first.labels[order].tolist() == other.labels.tolist()
    assert np.array_equal(first.centroids, other.centroids)
    assert np.array_equal(first.likeness[order], other.likeness)


@settings(max_examples=60, deadline=None)
@given(scattered())
def test_every_cluster_is_large_enough_and_every_member_like_it(made: tuple[Floats, Seeds]) -> None:
    rows, seeds = made
    found = cluster(rows, seeds, MADE)
    least = np.where(found.seeds >= 0, 1, MADE.least)
    assert (found.sizes >= least).all()
    assert len(set(found.seeds[found.seeds >= 0].tolist())) == (found.seeds >= 0).sum()
    assert (found.likeness[found.labels >= 0] >= 0.8).all()
    assert np.allclose(np.linalg.norm(found.centroids, axis=1), 1, atol=1e-5)


def partition(labels: list[int], centroids: Floats) -> Partition:
    return Partition(np.array(labels, np.int64), centroids)


def test_a_split_a_merger_a_birth_and_an_end_are_told() -> None:
    at = middles(6)
    before = partition([0] * 10 + [1] * 6 + [2] * 4 + [3] * 3 + [-1] * 6, at[:4])
    # 0 falls apart, 2 goes into 1, 3 is no more, and something new comes.
    after = partition(
        [0] * 6 + [1] * 4 + [2] * 10 + [-1] * 3 + [3] * 6, np.stack([at[0], at[4], at[1], at[5]])
    )
    found = match(before, after)
    assert found.earlier.tolist() == [0, -1, 1, -1]
    assert [(row.kind, row.cluster, row.earlier, row.members) for row in found.changes] == [
        ("split", 1, 0, 4),
        ("born", 3, None, 6),
        ("merged", 2, 2, 4),
        ("ended", None, 3, 3),
    ]


def test_drift_is_told_and_another_models_space_is_not_compared() -> None:
    at = middles(2)
    moved = unit(at[:1] + 0.5 * at[1:])
    found = match(partition([0] * 5, at[:1]), partition([0] * 5, moved))
    assert found.changes == (Change("drifted", 0, 0, 5, 0.8944),)
    other_space = partition([0] * 5, np.full((1, WIDTH), np.nan, np.float32))
    found = match(other_space, partition([0] * 5, moved))
    assert (found.earlier.tolist(), found.changes) == ([0], ())
    assert np.isnan(found.drift).all()


def test_without_members_in_common_the_place_decides() -> None:
    at = middles(2)
    found = match(partition([-1] * 4, at), partition([0] * 4, at[1:]))
    assert (found.earlier.tolist(), [row.kind for row in found.changes]) == ([1], ["ended"])


def test_one_that_is_held_stays_itself() -> None:
    at = middles(2)
    before, after = partition([0] * 9 + [1], at), partition([0] * 10, at[1:])
    assert match(before, after, held={0: 1}).earlier.tolist() == [1]


@st.composite
def partitions(draw: st.DrawFn) -> tuple[Partition, Partition]:
    n = draw(st.integers(1, 40))
    sides = []
    for _side in range(2):
        k = draw(st.integers(0, 6))
        labels = draw(st.lists(st.integers(-1, k - 1), min_size=n, max_size=n))
        sides.append(partition(labels, middles(8, draw(st.integers(0, 3)))[:k]))
    return sides[0], sides[1]


@given(partitions())
def test_matching_is_one_to_one_and_tells_of_everything_else(made: tuple[Partition, Partition]) -> None:
    before, after = made
    found = match(before, after)
    kept = [one for one in found.earlier.tolist() if one >= 0]
    assert len(set(kept)) == len(kept)
    new = {row.cluster for row in found.changes if row.kind in {"born", "split"}}
    gone = {row.earlier for row in found.changes if row.kind in {"merged", "ended"}}
    assert new == set(np.flatnonzero(found.earlier < 0).tolist())
    assert gone == set(range(len(before.centroids))) - set(kept)
    assert all(row.earlier in kept for row in found.changes if row.kind == "drifted")


@given(partitions())
def test_what_did_not_change_keeps_its_identity(made: tuple[Partition, Partition]) -> None:
    side, _ = made
    found = match(side, side)
    alive = [one for one in range(len(side.centroids)) if (side.labels == one).any()]
    assert [found.earlier[one] for one in alive] == alive
    assert {row.kind for row in found.changes} <= {"ended"}


@given(partitions(), st.randoms(use_true_random=False))
def test_numbering_does_not_matter(made: tuple[Partition, Partition], random: st.DataObject) -> None:
    before, after = made
    k = len(after.centroids)
    order = np.random.default_rng(random.randint(0, 99)).permutation(k)  # type: ignore[attr-defined]
    number = np.append(np.argsort(order), -1)
    renumbered = Partition(number[after.labels], after.centroids[order])
    first, other = match(before, after), match(before, renumbered)
    # Ties may fall another way, but as many are found again.
    assert (first.earlier >= 0).sum() == (other.earlier >= 0).sum()


def test_the_week_after_finds_its_clusters_again() -> None:
    at = middles(4)
    rows = np.concatenate([around(at[one], 12, one) for one in range(3)])
    first = cluster(rows, Seeds.none(WIDTH), MADE)
    later = np.concatenate([rows, around(at[0], 5, 7), around(at[3], 6, 8)])
    second = cluster(later, Seeds(first.centroids, np.zeros(3, np.bool_)), MADE)
    labels = np.concatenate([first.labels, np.full(11, -1)])
    found = match(Partition(labels, first.centroids), Partition(second.labels, second.centroids), MADE)
    assert found.earlier.tolist() == [0, 1, 2, -1]
    assert [row.kind for row in found.changes] == ["born"]
    assert np.nanmin(found.drift) > 0.99


def test_the_development_files_are_read_and_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = read_pains(sorted(DEVELOPMENT.glob("*.tsv")))
    assert len({text.pain for text in texts}) == 40
    pains = sorted({text.pain for text in texts})
    rng = np.random.default_rng(0)
    points = unit(rng.normal(size=(len(pains), 64)))
    vectors = unit(
        np.stack([points[pains.index(text.pain)] for text in texts])
        + 0.01 * rng.normal(size=(len(texts), 64))
    )
    found = figures(texts, vectors)
    assert (found.nearest, found.precision, found.purity, found.completeness) == (100, 100, 100, 100)
    assert (found.texts, found.pains, found.clusters) == (360, 40, 40)
    random = figures(texts, unit(rng.normal(size=(len(texts), 64))))
    assert random.nearest < 15
    assert random.clustered < 15
    np.save(tmp_path / "vectors.npy", vectors)
    files = [str(path) for path in sorted(DEVELOPMENT.glob("*.tsv"))]
    assert main([*files, "--vectors", str(tmp_path / "vectors.npy"), "--least", "3"]) == 0
    assert json.loads(capsys.readouterr().out)["nearest"] == 100
