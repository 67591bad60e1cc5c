"""A person's word and the words it is about: what it stands for, and when it ends."""

import httpx2 as httpx
import pytest
from lxml import html

from surveys.accounts.models import User
from surveys.accuracy.corrections import judged_rows
from surveys.accuracy.recalibrate import labels_of_corrections
from surveys.questionnaires.models import Metric, Survey
from surveys.verbatims.analyse import analyse_due
from surveys.verbatims.models import Correction, Verbatim, VerbatimTheme

pytestmark = pytest.mark.usefixtures("reader")


async def answered(client: httpx.AsyncClient, comment: str) -> Verbatim:
    """Somebody answers, or answers again with other words."""
    await Survey.get_or_create(slug="spring", defaults={"name": "Spring", "metric": Metric.NPS})
    await client.post("/en/s/spring", data={"score": "2"})
    await client.post("/en/s/spring/reason", data={"comment": comment})
    return await Verbatim.get()


async def themes() -> list[str]:
    return [hit.code for hit in await VerbatimTheme.all().order_by("code")]


async def corrected() -> list[str]:
    return [correction.field for correction in await Correction.all().order_by("id")]


@pytest.mark.parametrize(
    "said",
    [
        {"language": "lv", "sentiment": "positive", "theme": ["billing"]},
        {"language": "en", "sentiment": "negative", "theme": ["delivery"]},
    ],
    ids=["corrected", "confirmed"],
)
async def test_other_words_end_what_was_said_of_the_earlier_ones(
    client: httpx.AsyncClient, ana: User, said: dict[str, object]
) -> None:
    row = await answered(client, "The courier came late")
    await analyse_due()
    await client.post(f"/inbox/{row.id}/correct", data=said)
    assert await Correction.all().count() in {1, 3}
    await answered(client, "A courier brought it after all")
    # Nothing of the earlier words is said of these, neither by people nor by the machine.
    row = await Verbatim.get()
    assert (row.language, row.machine_language, row.sentiment, row.machine_sentiment) == (None,) * 4
    assert (row.negative, row.neutral, row.positive, row.model_version) == (None,) * 4
    assert await Correction.all().count() == 0
    assert [one async for one in judged_rows()] == []
    await analyse_due()
    row = await Verbatim.get()
    assert (row.language, row.sentiment, await themes()) == ("en", "negative", ["delivery"])
    assert (await VerbatimTheme.get()).start == 0


async def test_the_same_words_keep_what_was_said_of_them(client: httpx.AsyncClient, ana: User) -> None:
    row = await answered(client, "The courier came late")
    await analyse_due()
    said = {"language": "en", "sentiment": "positive", "theme": ["billing"]}
    await client.post(f"/inbox/{row.id}/correct", data=said)
    await client.post("/en/s/spring", data={"score": "9"})
    await answered(client, "The courier came late")
    assert await analyse_due() == 1
    row = await Verbatim.get()
    assert (row.sentiment, row.machine_sentiment, await themes()) == ("positive", "negative", ["billing"])
    assert await Correction.all().count() == 2


async def form(client: httpx.AsyncClient, row: Verbatim) -> dict[str, list[str]]:
    """What the correction form would send as it stands."""
    tree = html.fromstring((await client.get(f"/inbox/{row.id}")).text)
    fields: dict[str, list[str]] = {}
    for name, value in tree.get_element_by_id("correct").xpath(".//form")[0].form_values():
        fields.setdefault(name, []).append(value)
    return fields


async def test_of_a_comment_not_read_yet_only_what_was_changed_is_a_persons_word(
    client: httpx.AsyncClient, ana: User
) -> None:
    row = await answered(client, "The courier came late")
    shown = await form(client, row)
    for said in (shown, {**shown, "theme": ["billing"]}):
        await client.post(f"/inbox/{row.id}/correct", data=said)
    assert await corrected() == ["themes"]
    await analyse_due()
    row = await Verbatim.get()
    assert (row.language, row.sentiment, await themes()) == ("en", "negative", ["billing"])
    # Nobody agreed with what the machine has found since.
    (judged,) = [one async for one in judged_rows()]
    assert (judged["lang"], judged["label"], judged["themes"]) == (None, None, ["billing"])
    assert await labels_of_corrections() == []
    await client.post(f"/inbox/{row.id}/correct", data={**await form(client, row), "sentiment": "mixed"})
    (judged,) = [one async for one in judged_rows()]
    assert (judged["lang"], judged["label"], judged["themes"]) == ("en", "mixed", ["billing"])


async def test_the_machines_word_counts_when_one_given_before_it_is_taken_back(
    client: httpx.AsyncClient, ana: User
) -> None:
    row = await answered(client, "The courier came late")
    await client.post(f"/inbox/{row.id}/correct", data={**await form(client, row), "theme": ["billing"]})
    await analyse_due()
    assert await themes() == ["billing"]
    await client.post(f"/inbox/{row.id}/corrections/{(await Correction.get()).id}/undo")
    await analyse_due()
    assert (await themes(), (await Verbatim.get()).due_at) == (["delivery"], None)


async def test_what_was_read_while_the_form_was_open_is_left_alone(
    client: httpx.AsyncClient, ana: User
) -> None:
    row = await answered(client, "The courier came late")
    shown = await form(client, row)
    await analyse_due()
    await client.post(f"/inbox/{row.id}/correct", data=shown)
    # Nor does anybody agree with what they have not seen.
    assert await Correction.all().count() == 0
    await client.post(f"/inbox/{row.id}/correct", data={**shown, "sentiment": "mixed", "theme": ["billing"]})
    row = await Verbatim.get()
    assert (row.language, row.sentiment, await themes()) == ("en", "mixed", ["billing", "delivery"])
    assert await corrected() == ["sentiment", "themes"]


async def test_a_theme_is_taken_away_and_the_form_saved_as_it_stands_confirms(
    client: httpx.AsyncClient, ana: User
) -> None:
    row = await answered(client, "The courier came late")
    await analyse_due()
    shown = await form(client, row)
    assert shown["theme"] == ["delivery"]
    await client.post(f"/inbox/{row.id}/correct", data=shown)
    await client.post(f"/inbox/{row.id}/correct", data={**shown, "theme": []})
    assert await corrected() == ["confirmed", "themes"]
    assert await themes() == []
