"""Pain points from week to week: named as words are understood, found anew on Mondays, the same ids, nothing lost."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from sentiment.pains_vectors import unit
from surveys.accounts.models import Role, User
from surveys.customers.models import Customer
from surveys.demo.remove import remove_demo
from surveys.due import now
from surveys.erasure.erase import Person, erase
from surveys.erasure.expire import expire_old_answers
from surveys.pains import keep, regroup
from surveys.pains.change import merge, rename
from surveys.pains.group import grouped
from surveys.pains.history import histories_of
from surveys.pains.merged import shown_as
from surveys.pains.models import ChangeKind, PainPoint, PainPointChange, ThemeGrouping, VerbatimPain
from surveys.pains.read import read_theme
from surveys.responses.models import Response
from surveys.verbatims.correct import Said, correct, undo
from surveys.verbatims.models import Correction, Verbatim
from surveys.verbatims.write import Words, masked, write_response_verbatim
from tests.surveys.pains.conftest import MODEL, WEEK, Understanding, middle, say, understand

pytestmark = pytest.mark.usefixtures("tuesday")


async def regrouped(week: Any = WEEK) -> None:
    """What the worker does until nothing is due."""
    await regroup.want(week)
    while await regroup.one():
        pass
    assert await regroup.put_off() == []


async def links() -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = {}
    for link in await VerbatimPain.all().order_by("verbatim_id", "theme"):
        found.setdefault(link.pain_id, []).append((link.theme, link.verbatim_id))
    return found


async def of_sizes(*sizes: int) -> list[PainPoint]:
    """The pain points that so many words name."""
    found = {len(words): pain for pain, words in (await links()).items()}
    return [await PainPoint.get(id=found[size]) for size in sizes]


async def everything() -> dict[str, list[dict[str, Any]]]:
    kinds = (PainPoint, PainPointChange, VerbatimPain, ThemeGrouping)
    return {kind.__name__: await kind.all().order_by("id").values() for kind in kinds}


async def test_words_name_a_known_pain_point_as_they_are_understood(understanding: Understanding) -> None:
    late, refund = await say("late", 3), await say("refund", 2)
    assert await VerbatimPain.all().count() == 0
    await understand()
    (pain,) = await PainPoint.all()
    assert (pain.theme, pain.known, pain.first_week) == ("delivery", "late-01", "2026-W40")
    assert await links() == {pain.id: [("delivery", row.id) for row in late]}
    assert all(link.likeness > 0.95 for link in await VerbatimPain.all())
    stored = await Verbatim.get(id=refund[0].id)
    assert np.linalg.norm(np.frombuffer(stored.embedding or b"", np.float16)) == pytest.approx(1, abs=0.01)
    await say("late", 1, ago=3)
    await understand()
    assert (await PainPoint.get()).first_week == "2026-W37"


async def test_praise_names_no_pain_point_and_a_correction_counts(understanding: Understanding) -> None:
    await say("late", 2, score=10)
    (text, _) = await Verbatim.all().order_by("id").values_list("masked_text", flat=True)
    understanding.moods = {str(text): "positive"}
    await understand()
    (pain,) = (await links()).values()
    assert pain == [("delivery", 2)]
    user = await User.create(email="z@x.lv", name="Z", password_hash="-", role=Role.ANALYST)
    await correct(1, Said("en", "negative", frozenset({"delivery"})), user)
    await correct(2, Said("lv", "negative", frozenset({"usability"})), user)
    assert list((await links()).values()) == [[("delivery", 1)]]
    for correction in await Correction.all():
        await undo(correction)
    assert list((await links()).values()) == [[("delivery", 2)]]


async def test_words_that_change_or_are_read_again_are_assigned_again(understanding: Understanding) -> None:
    (row,) = await say("late", 1)
    await understand()
    await Verbatim.filter(id=row.id).update(masked_text="My money is not back (9).", due_at=now())
    await understand()
    assert await links() == {}
    await Verbatim.filter(id=row.id).update(masked_text="The parcel came late (9).", due_at=now())
    await understand()
    assert len(await links()) == 1
    response = await Response.get().select_related("survey")
    await write_response_verbatim(response, response.survey, masked(Words("Paka atnāca vēlu (8)."), "LV"))
    stored = await Verbatim.get(id=row.id)
    assert (await links(), stored.embedding, stored.sentences) == ({}, None, None)


async def test_a_new_pain_point_is_found_when_enough_say_it_and_keeps_its_id(
    understanding: Understanding,
) -> None:
    first = await say("refund", 4)
    await understand()
    await regrouped()
    assert await links() == {}
    more = await say("refund", 3)
    await understand()
    await regrouped()
    assert await links() == {}  # already done for this week
    await ThemeGrouping.all().update(wanted_week=None)
    await regrouped()
    (pain,) = await PainPoint.all()
    assert (pain.theme, pain.known, pain.first_week, pain.drift) == (
        "returns_refunds",
        None,
        "2026-W40",
        None,
    )
    assert await links() == {pain.id: [("returns_refunds", row.id) for row in [*first, *more]]}
    (born,) = await PainPointChange.all()
    assert (born.kind, born.week, born.members) == (ChangeKind.BORN, "2026-W40", 7)
    # The next week's words are assigned at once, and regrouping finds it again.
    later = await say("refund", 3, ago=-1)
    await understand()
    assert len((await links())[pain.id]) == 10
    await regrouped(WEEK.previous(-1))
    (again,) = await PainPoint.all()
    assert (again.id, again.first_week) == (pain.id, "2026-W40")
    assert 0.9 < (again.drift or 0) <= 1
    assert len((await links())[pain.id]) == len([*first, *more, *later])
    assert await PainPointChange.all().count() == 1


async def test_the_same_again_changes_nothing(understanding: Understanding) -> None:
    await say("refund", 9)
    await say("late", 4)
    await understand()
    await regrouped()
    before = await everything()
    await ThemeGrouping.all().update(wanted_week=None)
    await regrouped()
    assert await everything() == before


async def test_killed_half_way_nothing_is_lost_and_the_rest_is_done_later(
    understanding: Understanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say("refund", 9)
    await say("late", 4)
    await understand()
    await regroup.want(WEEK)
    before = await everything()

    class Killed(BaseException):
        pass

    async def killed(*_args: object) -> None:
        raise Killed

    assert await regroup.one() == 1  # the first theme
    half = await everything()
    with monkeypatch.context() as patched:
        patched.setattr(keep, "_link", killed)
        with pytest.raises(Killed):
            await regroup.one()
    after = await everything()
    assert {name: after[name] for name in ("PainPoint", "VerbatimPain")} == {
        name: half[name] for name in ("PainPoint", "VerbatimPain")
    }
    assert before["ThemeGrouping"] != after["ThemeGrouping"]
    # The lease of the killed one ends, or somebody types the command.
    await regroup.want(WEEK, again=True)
    while await regroup.one():
        pass
    assert sorted(map(len, (await links()).values())) == [4, 9]


async def test_words_that_changed_while_we_counted_keep_what_was_said_of_them(
    understanding: Understanding,
) -> None:
    rows = await say("refund", 8)
    await understand()
    words = await read_theme("returns_refunds", WEEK, lambda _done, _total: None)
    assert words is not None
    found = grouped(words)
    await Verbatim.filter(id=rows[0].id).update(sentiment="positive", changed_at=now())
    await Response.filter(id=rows[1].response_id).delete()
    await keep.keep(words, found, WEEK)
    (members,) = (await links()).values()
    assert members == [("returns_refunds", row.id) for row in rows[2:]]


async def moved(rows: Sequence[Verbatim], place: NDArray[np.float32]) -> None:
    """The same words lie elsewhere, as if many new ones had come between."""
    for row in rows:
        noise = np.random.default_rng(row.id).normal(size=len(place))
        vector = unit(place + 0.02 * noise).astype(np.float16)
        await Verbatim.filter(id=row.id).update(embedding=vector.tobytes())


async def test_two_that_become_alike_merge_and_one_that_falls_apart_splits(
    understanding: Understanding,
) -> None:
    labels, _boxes = await say("label", 6), await say("box", 8)
    await understand()
    await regrouped()
    by_size = {len(rows): pain for pain, rows in (await links()).items()}
    label, box = by_size[6], by_size[8]
    await moved(labels, middle("box"))
    await regrouped(WEEK.previous(-1))
    assert {pain: len(rows) for pain, rows in (await links()).items()} == {box: 14}
    gone = await PainPoint.get(id=label)
    assert (gone.merged_into_id, gone.centroid) == (box, None)
    await moved(labels, middle("label"))
    await regrouped(WEEK.previous(-2))
    sizes = {pain: len(rows) for pain, rows in (await links()).items()}
    (new,) = set(sizes) - {box}
    assert (sizes[box], sizes[new]) == (8, 6)
    told = await PainPointChange.exclude(kind=ChangeKind.BORN).order_by("id")
    assert [(row.kind, row.pain_id, row.other_id, row.week, row.members) for row in told] == [
        (ChangeKind.MERGED, box, label, "2026-W41", 6),
        (ChangeKind.SPLIT, new, box, "2026-W42", 6),
    ]


async def test_named_and_merged_by_people_stay_as_people_said(understanding: Understanding) -> None:
    user = await User.create(email="m@x.lv", name="Māris", password_hash="-", role=Role.MANAGER)
    await say("label", 6)
    await say("box", 8)
    await understand()
    await regrouped()
    label, box = await PainPoint.all().order_by("id")
    await rename(label, "  A title   of ours ")
    await merge(box, label, user)
    understanding.places = {"label": middle("label"), "box": unit(middle("label") + 0.02 * middle("box"))}
    await say("box", 5, ago=-1)
    await understand()
    await regrouped(WEEK.previous(-1))
    rows = {row.id: row for row in await PainPoint.all()}
    assert (rows[label.id].title, rows[label.id].merged_into_id) == ("A title of ours", None)
    assert rows[box.id].merged_into_id == label.id
    assert set(await links()) <= {label.id, box.id}


async def test_what_people_named_or_merged_stays_when_its_words_go_to_another(
    understanding: Understanding,
) -> None:
    user = await User.create(email="m@x.lv", name="Māris", password_hash="-", role=Role.MANAGER)
    labels, _boxes = await say("label", 6), await say("box", 8)
    await understand()
    await regrouped()
    label, box = await of_sizes(6, 8)
    await rename(label, "A title of ours")
    await merge(box, label, user)
    await moved(labels, middle("box"))
    await regrouped(WEEK.previous(-1))
    assert {pain: len(rows) for pain, rows in (await links()).items()} == {box.id: 14}
    kept = await PainPoint.get(id=label.id)
    assert (kept.title, kept.merged_into_id, kept.centroid) == ("A title of ours", None, label.centroid)
    assert await shown_as() == {label.id: label.id, box.id: label.id}
    assert await PainPointChange.filter(kind=ChangeKind.MERGED, is_by_hand=False).count() == 0
    (event, *_) = (await histories_of([label.id], ZoneInfo("UTC")))[label.id]
    assert event.undo is not None
    await moved(labels, middle("label"))
    await regrouped(WEEK.previous(-2))
    assert {pain: len(rows) for pain, rows in (await links()).items()} == {label.id: 6, box.id: 8}


async def test_one_that_people_named_alone_is_not_merged_away(understanding: Understanding) -> None:
    labels, _boxes = await say("label", 6), await say("box", 8)
    await understand()
    await regrouped()
    label, box = await of_sizes(6, 8)
    await rename(label, "A title of ours")
    await moved(labels, middle("box"))
    await regrouped(WEEK.previous(-1))
    assert await shown_as() == {label.id: label.id, box.id: box.id}


async def test_an_heir_never_becomes_its_own_parent(understanding: Understanding) -> None:
    labels, _boxes = await say("label", 6), await say("box", 8)
    await understand()
    await regrouped()
    label, box = await of_sizes(6, 8)
    # Regrouping merged the one between long ago.
    between = await PainPoint.create(theme=label.theme, first_week="2026-W30", merged_into=label)
    await PainPoint.filter(id=box.id).update(merged_into_id=between.id)
    await moved(labels, middle("box"))
    await regrouped(WEEK.previous(-1))
    assert await shown_as() == {label.id: box.id, between.id: box.id, box.id: box.id}


async def test_what_people_do_while_we_count_stands(understanding: Understanding) -> None:
    user = await User.create(email="m@x.lv", name="Māris", password_hash="-", role=Role.MANAGER)
    labels, _boxes = await say("label", 6), await say("box", 8)
    await say("refund", 7)
    await understand()
    await regrouped()
    label, refund, box = await of_sizes(6, 7, 8)
    await moved(labels, middle("refund"))
    words = await read_theme("returns_refunds", WEEK, lambda _done, _total: None)
    assert words is not None
    found = grouped(words)
    await rename(label, "A title of ours")
    await rename(refund, "Another of ours")
    await merge(box, refund, user)
    await keep.keep(words, found, WEEK)
    assert {row.id: (row.title, row.merged_into_id) for row in await PainPoint.all()} == {
        label.id: ("A title of ours", None),
        box.id: (None, refund.id),
        refund.id: ("Another of ours", None),
    }


async def test_another_model_keeps_the_ids(
    understanding: Understanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say("refund", 9)
    await say("label", 7)
    await understand()
    await regrouped()
    before = await links()
    understanding.model_version = "made-up-2"
    monkeypatch.setattr("surveys.pains.read.model_space", lambda: "made-up-2")
    await Verbatim.all().update(due_at=now())
    await understand()
    assert await links() == before
    await regrouped(WEEK.previous(-1))
    assert await links() == before
    assert {row.space for row in await PainPoint.all()} == {"made-up-2"}
    assert await PainPointChange.exclude(kind=ChangeKind.BORN).count() == 0
    assert MODEL == "made-up-1"


async def test_erased_words_leave_nothing_behind(understanding: Understanding) -> None:
    anna = await Customer.create(customer_id="c1")
    rows = await say("refund", 9)
    await understand()
    await regrouped()
    (pain,) = await PainPoint.all()
    await Response.filter(id__in=[row.response_id for row in rows[:4]]).update(customer_id=anna.id)
    before = pain.centroid
    await erase(Person("c1"))
    (left,) = await PainPoint.all()
    embeddings = [
        np.frombuffer(row.embedding or b"", np.float16).astype(np.float64) for row in await Verbatim.all()
    ]
    expected = unit(np.sum(embeddings, axis=0)).tobytes()
    assert (left.centroid, left.earlier_centroid, len((await links())[pain.id])) == (expected, None, 5)
    assert before != expected
    anna = await Customer.create(customer_id="c1")
    await Response.all().update(customer_id=anna.id)
    await erase(Person("c1"))
    assert [len(rows) for rows in (await everything()).values()] == [0, 0, 0, 1]


async def test_expired_words_and_a_demo_leave_nothing_behind(understanding: Understanding) -> None:
    await say("refund", 6, ago=200)
    await understand()
    await regrouped()
    assert await PainPoint.all().count() == 1
    assert await expire_old_answers() == 6
    assert (await PainPoint.all().count(), await VerbatimPain.all().count()) == (0, 0)
    await say("refund", 6)
    await understand()
    await ThemeGrouping.all().update(wanted_week=None)
    await regrouped()
    await Response.all().update(is_demo=True)
    await remove_demo()
    assert (await PainPoint.all().count(), await VerbatimPain.all().count()) == (0, 0)


async def test_the_chore_waits_for_its_week_and_does_it_once(
    understanding: Understanding, tuesday: datetime
) -> None:
    assert await regroup.regroup_due() == 0
    await say("refund", 6)
    assert await regroup.regroup_due() == 0
    await understand()
    await say("refund", 1)
    assert await regroup.regroup_due() == 0  # one is still to be understood
    await understand()
    assert (await regroup.regroup_due(), await regroup.regroup_due()) == (1, 0)
    assert await PainPoint.all().count() == 1
    (grouping,) = await ThemeGrouping.all()
    assert (grouping.week, grouping.due_at) == ("2026-W40", None)


async def test_a_theme_that_fails_is_tried_again_and_does_not_stop_the_others(
    understanding: Understanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say("refund", 6)
    await say("late", 2)
    await understand()
    regrouping = regroup.regroup

    async def failing(theme: str, week: Any) -> None:
        if theme == "delivery":
            raise ValueError("text of somebody")
        await regrouping(theme, week)

    monkeypatch.setattr(regroup, "regroup", failing)
    await regroup.want(WEEK)
    while await regroup.one():
        pass
    failed = await ThemeGrouping.get(theme="delivery")
    assert (failed.last_error, failed.week, failed.due_at is None) == ("ValueError", None, False)
    assert await PainPoint.filter(theme="returns_refunds").count() == 1


def test_the_command_refuses_a_week_that_is_none() -> None:
    from surveys.cli import app

    ran = CliRunner().invoke(app, ["pains", "--week", "2026-W99"])
    assert type(ran.exception).__name__ == "Refused"
