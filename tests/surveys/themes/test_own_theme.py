"""A theme of one's own through the door: written, looked at, saved, found in old comments and new ones, changed, undone."""

import re
from dataclasses import asdict

import httpx2 as httpx
from lxml import html

from sentiment.verdict import SentenceJudgement
from surveys.accounts.models import User
from surveys.due import now
from surveys.organisation.models import the_organisation
from surveys.pains.known import model_space
from surveys.pains.models import VerbatimPain
from surveys.pains.regroup import regroup
from surveys.questionnaires.models import Metric, Survey
from surveys.themes.models import SiteTheme, ThemeChange, ThemeExample, ThemeState
from surveys.themes.tend import tend_own_themes
from surveys.verbatims.analyse import analyse_due
from surveys.verbatims.models import Correction, Verbatim, VerbatimTheme
from surveys.weeks import Week
from tests.surveys.themes.town import PARKING, Reader, comment, themes_of

NEW = "/settings/themes/new"


async def tend() -> int:
    """Everything that is due; how many steps it took."""
    steps = 0
    while await tend_own_themes():
        steps += 1
    return steps


def page(answer: httpx.Response) -> html.HtmlElement:
    return html.fromstring(answer.text)


def _errors(answer: httpx.Response) -> list[str]:
    found: list[str] = page(answer).xpath("//div[@class='error-summary']//a/text()") if answer.text else []
    return found


async def town() -> list[Verbatim]:
    """Comments on three subjects; those about parking first."""
    about_parking = [
        await comment(f"{words} {number}", language=language)
        for number in range(3)
        for words, language in (
            ("Too little parking here", "en"),
            ("Stāvvietu nav", "lv"),
            ("Parkplatz eng", "de"),
        )
    ]
    others = [await comment(f"The music is loud {number}") for number in range(12)]
    others += [await comment(f"The courier was late {number}", "delivery") for number in range(12)]
    return about_parking + others


async def found() -> list[int]:
    """The comments that the theme was found in."""
    return [hit.verbatim_id for hit in await VerbatimTheme.filter(code="own_parking").order_by("verbatim_id")]


async def draft_of(client: httpx.AsyncClient, lines: tuple[str, ...] = PARKING, name: str = "Parking") -> str:
    answer = await client.post(NEW, data={"name_en": name, "lines": "\n".join(lines)})
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def saved(client: httpx.AsyncClient, lines: tuple[str, ...] = PARKING, name: str = "Parking") -> None:
    where = await draft_of(client, lines, name)
    answer = await client.post(where, data={"name_en": name, "lines": "\n".join(lines), "action": "keep"})
    assert (answer.status_code, answer.headers.get("location"), _errors(answer)) == (
        303,
        "/settings/themes",
        [],
    )


async def test_a_theme_is_seen_before_it_counts_and_then_found_everywhere(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    rows = await town()
    where = await draft_of(client)
    waiting = page(await client.get(where))
    assert waiting.xpath("//section[@id='preview']/@hx-trigger") == ["every 1s"]
    assert "The worker is reading the examples" in waiting.xpath("string(//section[@id='preview'])")
    assert await tend() == 1
    assert reader.read == list(PARKING)

    seen = page(await client.get(where))
    assert seen.xpath("//section[@id='preview']/@hx-trigger") == []
    assert [strong.text_content() for strong in seen.xpath("//section[@id='preview']//strong")] == [
        "9 of 33 comments of the last 4 weeks match: 27%."
    ]
    samples = seen.xpath("//ul[@class='samples']//blockquote/text()")
    assert sorted(samples[:8]) == sorted({*samples[:8]} & {row.masked_text for row in rows[:9]})
    assert await VerbatimTheme.filter(code__startswith="own_").count() == 0
    assert [theme.code for theme in await SiteTheme.all()] == [None]

    data = {"name_en": "Parking", "name_lv": "Stāvvietas", "lines": "\n".join(PARKING), "action": "keep"}
    assert (await client.post(where, data=data)).headers["location"] == "/settings/themes"
    assert (await client.get(where)).status_code == 404
    listed = page(await client.get("/settings/themes"))
    assert listed.xpath("//div[@id='themes']/@hx-trigger") == ["every 2s"]
    await tend()
    assert [await themes_of(row) for row in rows] == [[("own_parking", "site")]] * 9 + [[]] * 12 + [
        [("delivery", "model")]
    ] * 12
    listed = page(await client.get("/settings/themes"))
    (cells,) = listed.xpath("//tr[.//a[@href='/settings/themes/own_parking']]")
    assert [" ".join(cell.text_content().split()) for cell in cells] == [
        "Parking own_parking", "9", "Your own, by 3 examples",
    ]  # fmt: skip
    inbox = page(await client.get("/inbox?theme=own_parking"))
    assert len(inbox.xpath("//a[@class='words']")) == 9
    (choice,) = inbox.xpath("//input[@name='theme' and @value='own_parking']/..")
    assert " ".join(choice.text_content().split()) == "Parking 9"
    assert "own_parking" in (await client.get("/inbox.csv?theme=own_parking")).text
    opened = page(await client.get(f"/inbox/{rows[0].id}"))
    assert opened.xpath("//ul[@class='themes']//a/text()") == ["Parking"]
    assert ("own_parking", "Parking") in [
        (box.get("value"), " ".join(box.getparent().text_content().split()))
        for box in opened.xpath("//ul[@class='ticks']//input")
    ]


async def test_the_sentence_that_speaks_of_the_theme_is_its_evidence(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    text = "Nice weather today. Too little parking here, and always. See you again."
    await town()
    stored = await comment(text.replace("today", "then"))
    await saved(client)
    await tend()
    new = await comment(text, due_at=now(), analysed_at=None, embedding=None, model_version=None)
    await analyse_due()
    for row in (stored, new):
        hit = await VerbatimTheme.get(verbatim_id=row.id, code="own_parking")
        assert row.masked_text[hit.start : hit.end] == "Too little parking here, and always."
    short = await VerbatimTheme.filter(code="own_parking").order_by("id").first()
    assert short is not None
    assert (short.start, short.end) == (0, len((await short.verbatim).masked_text))


async def test_praise_of_the_theme_in_a_mixed_comment_is_no_complaint_about_it(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    text = "The music was awful all day. Plenty of parking here, and always."
    judged = [
        asdict(SentenceJudgement(0, 28, "negative", 0.9, 0.1, 0.0)),
        asdict(SentenceJudgement(29, len(text), "positive", 0.0, 0.1, 0.9)),
    ]
    await town()
    praise = await comment(text, sentiment="mixed", sentences=judged)
    whole = await comment("Parking again")
    await saved(client)
    await tend()
    hits = {row.verbatim_id: row.polarity for row in await VerbatimTheme.filter(code="own_parking")}
    assert (hits[praise.id], hits[whole.id]) == ("positive", None)
    await regroup("own_parking", Week.containing(now(), (await the_organisation()).zone))
    named = {link.verbatim_id for link in await VerbatimPain.filter(theme="own_parking")}
    assert named == hits.keys() - {praise.id}


async def test_evidence_is_placed_in_the_text_as_it_is_stored(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    await town()
    await saved(client)
    await tend()
    text = "Rufen Sie mich unter 0171 1234567 an. Too little parking here, and always."
    row = await comment(text, locale="de", due_at=now(), analysed_at=None, embedding=None, model_version=None)
    await analyse_due()
    hit = await VerbatimTheme.get(verbatim_id=row.id, code="own_parking")
    assert text[hit.start : hit.end] == "Too little parking here, and always."


async def test_new_comments_get_the_theme_when_they_are_analysed(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    await town()
    await saved(client)
    await tend()
    one = await comment(
        "No parking again", due_at=now(), analysed_at=None, embedding=None, model_version=None
    )
    two = await comment("A courier and no parking", due_at=now(), analysed_at=None, embedding=None)
    other = await comment("Nice music", due_at=now(), analysed_at=None, embedding=None)
    assert await analyse_due() == 3
    assert [await themes_of(row) for row in (one, two, other)] == [
        [("own_parking", "site")],
        [("delivery", "keyword"), ("own_parking", "site")],
        [],
    ]


async def test_a_persons_word_stays(client: httpx.AsyncClient, alice: User, reader: Reader) -> None:
    rows = await town()
    await client.post(f"/inbox/{rows[0].id}/correct", data={"language": "en", "sentiment": "negative"})
    await Correction.create(
        verbatim=rows[1], user=alice, field="themes", before={"value": []}, after={"value": []}
    )
    await saved(client)
    await tend()
    assert await themes_of(rows[1]) == []
    assert await themes_of(rows[2]) == [("own_parking", "site")]
    assert await VerbatimTheme.filter(code="own_parking").count() in {7, 8}


async def test_examples_picked_from_the_inbox_need_no_reading_and_go_with_their_comment(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    rows = await town()
    link = page(await client.get(f"/inbox/{rows[0].id}")).xpath("//a[contains(., 'example')]/@href")
    assert link == [f"/settings/themes/new?example={rows[0].id}"]
    form = page(await client.get(link[0]))
    assert form.xpath("//blockquote/text()") == [rows[0].masked_text]
    where = (
        await client.post(NEW, data={"picked": str(rows[0].id), "theme": "", "name_en": "Parking"})
    ).headers["location"]
    assert "2 more examples are needed." in (await client.get(where)).text
    assert "1 example; counts nowhere yet" in (await client.get("/settings/themes")).text
    draft = f"draft-{where.rpartition('/')[2]}"
    for row in rows[1:3]:
        form = page(await client.get(f"{NEW}?example={row.id}"))
        assert (draft, "Parking") in [
            (option.get("value"), option.text) for option in form.xpath("//select[@name='theme']/option")
        ]
        await client.post(NEW, data={"picked": str(row.id), "theme": draft})
    seen = page(await client.get(where))
    assert seen.xpath("//input[@name='picked']/@value") == [str(row.id) for row in rows[:3]]
    assert "9 of 33 comments" in seen.xpath("string(//section[@id='preview'])")
    assert reader.read == []
    await client.post(
        where, data={"name_en": "Parking", "picked": [str(row.id) for row in rows[:3]], "action": "keep"}
    )
    await Verbatim.filter(id=rows[0].id).delete()
    assert await ThemeExample.all().count() == 2
    await SiteTheme.all().update(due_at=now(), space=None)
    await tend()
    listed = page(await client.get("/settings/themes"))
    (cells,) = listed.xpath("//tr[.//a[@href='/settings/themes/own_parking']]/td[2]")
    assert " ".join(cells.text_content().split()) == "Too few examples are left: nothing new is found."


async def test_a_pasted_line_that_is_a_stored_comment_goes_with_it(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    rows = await town()
    await saved(client, (rows[0].masked_text, *PARKING))
    assert await ThemeExample.filter(verbatim_id=rows[0].id).count() == 1


async def test_pasted_lines_are_masked_cleaned_and_kept_once(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    lines = "- No parking, write to anna@example.org\n2) No parking, write to anna@example.org\n\n  Stāvvietu nav  \n"
    where = (await client.post(NEW, data={"lines": lines})).headers["location"]
    kept = [row.text for row in await ThemeExample.all().order_by("id")]
    assert kept == ["No parking, write to [EMAIL]", "Stāvvietu nav"]
    assert page(await client.get(where)).xpath("//textarea/text()") == ["\n".join(kept)]


async def test_many_examples_in_a_script_that_takes_room_are_counted_not_turned_away(
    client: httpx.AsyncClient, alice: User
) -> None:
    lines = "\n".join(f"{number} " + "駐車場が狭い" * 150 for number in range(60))
    answer = await client.post(NEW, data={"name_ja": "駐車場", "lines": lines})
    assert answer.status_code == 303
    told = page(await client.get(answer.headers["location"])).xpath("//section[@id='preview']/p/text()")
    assert told == ["These are 51 examples; a theme takes at most 50."]


async def test_phone_numbers_in_pasted_lines_are_those_of_the_sites_languages(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    await Survey.create(slug="sommer", name="Sommer", metric=Metric.NPS, default_locale="de")
    lines = "Kein Parkplatz, 0171 1234567\nBrak parkingu, 512 345 678"
    await client.post(NEW, data={"lines": lines, "name_pl": "Parking"})
    kept = [row.text for row in await ThemeExample.all().order_by("id")]
    assert kept == ["Kein Parkplatz, [PHONE]", "Brak parkingu, [PHONE]"]


async def test_fewer_matches_than_the_least_group_are_not_shown(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    await town()
    organisation = await the_organisation()
    organisation.smallest_group = 10
    await organisation.save()
    where = await draft_of(client)
    await tend()
    seen = page(await client.get(where))
    text = " ".join(seen.xpath("string(//section[@id='preview'])").split())
    assert "Of 33 comments of the last 4 weeks fewer than 10 match; too few to show." in text
    assert seen.xpath("//ul[@class='samples']") == []


async def test_what_is_wrong_is_said_and_nothing_is_half_written(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    where = await draft_of(client, PARKING[:2], "Delivery")
    answer = await client.post(
        where, data={"name_en": "Delivery", "lines": "\n".join(PARKING[:2]), "action": "keep"}
    )
    errors = page(answer).xpath("//div[@class='error-summary']//a/text()")
    assert (answer.status_code, errors) == (
        422,
        ["Another theme is called “Delivery”.", "A theme takes from 3 to 50 examples; here are 2."],
    )
    many = "\n".join(f"No parking {number}" for number in range(60))
    answer = await client.post(where, data={"name_lv": " ", "lines": many, "action": "keep"})
    assert page(answer).xpath("//div[@class='error-summary']//a/text()") == [
        "The theme needs a name in one language at least.",
        "A theme takes from 3 to 50 examples; here are 51.",
    ]
    assert [theme.state for theme in await SiteTheme.all()] == [ThemeState.DRAFT]
    assert await ThemeChange.all().count() == 0
    await client.post(where, data={"action": "discard"})
    assert (await SiteTheme.all().count(), await ThemeExample.all().count()) == (0, 0)


async def test_errors_are_in_the_readers_direction_too(client: httpx.AsyncClient, alice: User) -> None:
    await User.filter(id=alice.id).update(locale="ar")
    answer = await client.get("/settings/themes")
    tree = page(answer)
    assert (answer.status_code, tree.get("lang"), tree.get("dir")) == (200, "ar", "rtl")
    form = page(await client.get(NEW))
    assert form.xpath("//input[starts-with(@name, 'name_')]/@name")[:2] == ["name_ar", "name_en"]


async def test_a_change_of_examples_is_seen_saved_and_taken_back(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    rows = await town()
    await saved(client)
    await tend()
    where = (await client.post("/settings/themes/own_parking", data={"action": "edit"})).headers["location"]
    again = await client.post("/settings/themes/own_parking", data={"action": "edit"})
    assert again.headers["location"] == where
    assert page(await client.get(where)).xpath("//textarea/text()") == ["\n".join(PARKING)]
    music = "Loud music\nPārāk skaļa mūzika\nThe music again"
    await client.post(where, data={"name_en": "Noise", "lines": music, "action": "preview"})
    assert await VerbatimTheme.filter(code="own_parking").count() == 9
    await client.post(where, data={"name_en": "Noise", "lines": music, "action": "keep"})
    await tend()
    assert await found() == [row.id for row in rows[9:21]]

    told = page(await client.get("/settings/themes")).xpath("//ol[@class='history']/li")
    sentences = [re.sub(r" on .*", "", " ".join(item.text_content().split())) for item in told]
    assert sentences[0] == "Alice changed the examples of “Noise”"
    (undo,) = told[0].xpath(".//form/@action")
    assert told[1].xpath(".//form") == []
    assert (await client.post(undo)).status_code == 303
    await tend()
    assert await found() == [row.id for row in rows[:9]]
    assert (await SiteTheme.get(code="own_parking")).names == {"en": "Parking"}
    refused = await client.post(undo)
    assert refused.status_code == 422
    assert "A later change stands upon this one, or it was taken back already." in refused.text


async def test_a_removed_theme_counts_nowhere_and_comes_back(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    await town()
    await saved(client)
    await tend()
    await client.post("/settings/themes/own_parking", data={"action": "remove"})
    assert (await client.get("/settings/themes/own_parking")).status_code == 404
    inbox = page(await client.get("/inbox?theme=own_parking"))
    assert inbox.xpath("//input[@name='theme' and @value='own_parking']") == []
    assert "theme=own_parking" in inbox.xpath("string(//p[contains(@class, 'warning')])")
    change = await ThemeChange.all().order_by("-id").first()
    assert change
    await comment("No parking while it was away")
    await client.post(f"/settings/themes/changes/{change.id}/undo")
    await tend()
    assert await VerbatimTheme.filter(code="own_parking").count() == 10
    add = await ThemeChange.get(action="add")
    await client.post(f"/settings/themes/changes/{add.id}/undo")
    assert (await SiteTheme.get(code="own_parking")).state == ThemeState.REMOVED


async def test_another_model_reads_the_examples_anew(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    await town()
    await saved(client)
    await tend()
    await ThemeExample.all().update(space="an older model")
    await SiteTheme.all().update(space="an older model")
    reader.read.clear()
    await tend()
    theme = await SiteTheme.get(code="own_parking")
    assert (reader.read, theme.space, theme.swept_to) == (list(PARKING), model_space(), theme.sweep_end)


async def test_two_themes_of_one_name_and_names_in_any_script(
    client: httpx.AsyncClient, alice: User, reader: Reader
) -> None:
    await saved(client)
    where = await draft_of(client, ("Loud music", "Mūzika", "More music"), "parking ")
    answer = await client.post(where, data={"name_en": "PARKING", "lines": "a\nb\nc", "action": "keep"})
    assert page(answer).xpath("//div[@class='error-summary']//a/text()") == [
        "Another theme is called “PARKING”."
    ]
    data = {"name_ar": "موقف السيارات", "lines": "a\nb\nc", "action": "keep"}
    assert (await client.post(where, data=data)).status_code == 303
    assert sorted([theme.code or "" for theme in await SiteTheme.all()]) == ["own_1", "own_parking"]
