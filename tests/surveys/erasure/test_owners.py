"""The name of somebody who had decisions to see to goes from everywhere it stood."""

import pytest

from surveys.accounts.models import User
from surveys.decisions.models import Decision, DecisionChange
from surveys.digests.models import Edition
from surveys.erasure.owners import ErasedOwner, erase_owner
from surveys.errors import NotFound


async def decided(sentence: str, owner: str, week: str, user: User, before: str = "") -> Decision:
    row = await Decision.create(
        theme="delivery", sentence=sentence, owner=owner, week=week, due_week="2026-W44"
    )
    was = {"sentence": sentence, "owner": before} if before else {}
    await DecisionChange.create(
        decision=row, user=user, before=was, after={"sentence": sentence, "owner": owner, "state": "decided"}
    )
    return row


async def test_a_name_goes_from_decisions_their_history_and_the_digests(maris: User) -> None:
    await decided("Ilze Ozola asks the courier", "ilze ozola, Riga", "2026-W40", maris)
    await decided("A second courier", "Juris", "2026-W41", maris, before="Ilze Ozola")
    await decided("Ilze Ozoliņa stays", "Ilze", "2026-W30", maris)
    for week in ("2026-W39", "2026-W40", "2026-W43"):
        await Edition.create(
            week=week, locale="lv", figures={"decisions": [{"owner": "Ilze Ozola"}]}, pdf=b"%PDF"
        )

    assert await erase_owner("  Ilze  Ozola ") == ErasedOwner(decisions=2, editions=2)

    assert [(row.sentence, row.owner) for row in await Decision.all().order_by("id")] == [
        ("[NAME] asks the courier", "[NAME], Riga"),
        ("A second courier", "Juris"),
        ("Ilze Ozoliņa stays", "Ilze"),
    ]
    assert [
        (row.before.get("owner"), row.after["owner"]) for row in await DecisionChange.all().order_by("id")
    ] == [
        (None, "[NAME], Riga"),
        ("[NAME]", "Juris"),
        (None, "Ilze"),
    ]
    assert [
        (row.week, row.figures is None, row.pdf is None) for row in await Edition.all().order_by("week")
    ] == [
        ("2026-W39", False, False),
        ("2026-W40", True, True),
        ("2026-W43", True, True),
    ]
    for name in ("Ilze Ozola", " "):
        with pytest.raises(NotFound):
            await erase_owner(name)
