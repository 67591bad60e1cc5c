"""Posts elsewhere: authors of copies are not counted, and nothing tells few authors, neither one sum nor two subtracted."""

from datetime import timedelta

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


async def test_many_posts_of_few_authors_are_suppressed(database: None) -> None:
    for number in range(12):
        await mention("loud", "negative", text=f"slikti {number}", theme="delivery")
    found = await mentions(Window(WEEK, 0, (await organisation()).zone), 5)
    assert (found["suppressed"], found["n"], found["themes"]) == (True, None, [])


async def test_a_theme_of_few_authors_is_not_told(database: None) -> None:
    for number in range(8):
        theme = "delivery" if number < 2 else "billing"
        await mention(f"author {number}", "negative", text=f"slikti {number}", theme=theme)
    found = await mentions(Window(WEEK, 0, (await organisation()).zone), 5)
    assert found["themes"] == [{"theme": "billing", "authors": 6}]


async def test_several_weeks_less_the_editions_of_each_tell_no_few_authors(database: None) -> None:
    zone = (await organisation()).zone
    for ago, authors in enumerate((8, 2, 7)):
        for number in range(authors):
            found = await mention(f"author {ago} {number}", "negative")
            then = found.published_at - timedelta(weeks=ago)
            await Mention.filter(id=found.id).update(published_at=then)
    assert (await mentions(Window(WEEK, 0, zone), 5))["n"] == 8
    assert (await mentions(Window(WEEK.previous(), 0, zone), 5))["suppressed"]
    assert (await mentions(Window(WEEK, 0, zone, span=3), 5))["n"] is None
