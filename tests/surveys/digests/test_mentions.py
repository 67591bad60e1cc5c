"""Posts elsewhere: authors of copies are not counted, and the total tells no source of a few."""

from surveys.digests.mentioned import mentions
from surveys.digests.tally import Window
from surveys.mentions.models import Mention
from tests.surveys.digests.week import WEEK, mention, organisation


async def _posts(source: str, authors: int) -> None:
    for number in range(authors):
        found = await mention(f"{source}-{number}", "negative")
        await Mention.filter(id=found.id).update(source=source)


async def test_authors_of_copies_and_sources_of_a_few(database: None) -> None:
    await _posts("forum", 6)
    await _posts("reviews", 5)
    await _posts("blog", 2)
    first = await Mention.all().order_by("id").first()
    await mention("somebody else", "negative", copy_of=first)
    window = Window(WEEK, 0, (await organisation()).zone)
    found = await mentions(window, 5)
    assert (found["n"], found["copies"], found["authors"]) == (13, 1, 13)
    # Less forum and reviews the total would tell two authors.
    assert found["sources"] == [{"source": "forum", "n": 6}]
    assert (await mentions(window, 2))["sources"] == [
        {"source": "forum", "n": 6},
        {"source": "reviews", "n": 5},
        {"source": "blog", "n": 2},
    ]
