"""Words that mark a theme: within one language, by people not by uses, no names, nothing of what is masked or copied."""

import math
from typing import Any

import pytest
from lxml import html as read

from surveys.digests.asked import asked_of
from surveys.digests.build import figures
from surveys.digests.make import facts
from surveys.digests.render import document
from surveys.digests.reports import report_figures
from surveys.digests.scope import Scope
from surveys.digests.word_forms import Form, forms_of, is_parted, words_of
from tests.surveys.digests.week import AT, WEEK, answer, many, organisation

AND = {"lv": "un ir", "en": "the and is", "ar": "و في", "ja": "です"}
LATE = {"lv": "iestrēga", "en": "stuck", "ar": "متأخر", "ja": "配送が遅れ"}
DEAR = {"lv": "cena augsta", "en": "price high", "ar": "السعر مرتفع", "ja": "高い"}


async def others(language: str = "lv", people: int = 60, *, ago: int = 0) -> None:
    """Comments on the price."""
    for number in range(people):
        text = f"{AND[language]} {DEAR[language]} {number}"
        await answer("nps", 2, ago=ago, text=text, themes=["price_value"], language=language)


async def late(text: str, people: int, *, language: str = "lv", customer: str | None = None) -> None:
    """People who complain about delivery: what they all say, and a text of their own."""
    for number in range(people):
        said = f"{AND[language]} {LATE[language]} {text} {number}"
        await answer("nps", 1, text=said, themes=["delivery"], language=language, customer=customer)


async def edition(**options: Any) -> dict[str, Any]:
    return await figures(WEEK, await organisation(), at=AT, **options)


async def marks(**options: Any) -> list[tuple[str, str, int]]:
    """The words of delivery."""
    return told_of(await edition(**options))


def told_of(found: dict[str, Any]) -> list[tuple[str, str, int]]:
    words = next(pain["words"] for pain in found["pain_points"] if pain["theme"] == "delivery")
    return [(each["language"], each["word"], each["x"]) for each in words]


async def test_a_word_that_only_one_theme_uses_comes_out(database: None) -> None:
    await others()
    await late("noliktavā", 8)
    await late("sniegā", 4)
    # Four people used one word, and everybody uses "un" and "ir".
    assert await marks() == [("lv", "iestrēga", 12), ("lv", "noliktavā", 8)]
    found = await edition()
    assert found == await edition()
    price, delivery = sorted(found["pain_points"], key=lambda pain: pain["theme"], reverse=True)
    # 48 words here and 240 there, people by word; the prior is a tenth of both.
    prior, total = 1.2, 28.8
    up, down = 12 + prior, 0 + prior
    z = (math.log(up / (48 + total - up)) - math.log(down / (240 + total - down))) / math.sqrt(
        1 / up + 1 / down
    )
    assert delivery["words"][0]["z"] == pytest.approx(z)
    # Twelve people who speak of something else are too few to hold the price against.
    assert price["words"] == []


async def test_a_loud_author_is_one_person_and_a_copy_none(database: None) -> None:
    await others()
    await late("noliktavā", 8)
    await late("briesmoņi", 9, customer="loud")
    await late("kaut kur pa ceļam atkal pilnīgi pazudusi", 9)
    assert await marks() == [("lv", "iestrēga", 10), ("lv", "noliktavā", 8)]


async def test_languages_are_not_mixed(database: None) -> None:
    await others()
    await others("en")
    await late("depot", 4)
    await late("depot", 4, language="en")
    await late("courier", 6, language="en")
    # Eight people wrote "depot", four in each language.
    assert await marks() == [("en", "stuck", 10), ("en", "courier", 6)]


async def test_words_of_the_weeks_before_are_what_it_is_held_against(database: None) -> None:
    await others(ago=3)
    await late("noliktavā", 8)
    assert await marks() == [("lv", "iestrēga", 8), ("lv", "noliktavā", 8)]


async def test_too_few_others_and_hidden_languages_have_no_words(database: None) -> None:
    await others(people=29)
    await late("noliktavā", 8)
    assert await marks() == []
    await others("en")
    await late("courier", 8, language="en")
    assert {language for language, _word, _x in await marks()} == {"en"}
    # Two answers in Estonian: Latvian is hidden beside them.
    for _ in range(2):
        await answer("nps", 1, text="hilja", themes=["delivery"], language="et")
    found = await edition()
    hidden = {row["group"] for row in found["suppressed"] if row["level"] == "language"}
    assert hidden == {"et", "lv"}
    assert {language for language, _word, _x in told_of(found)} == {"en"}


async def test_no_names_no_masks_no_links_no_numbers(database: None) -> None:
    await others()
    for rest in (
        "Jānis", "kurjeris Bērziņš", "[EMAIL]", "maize.lv", "https://maize.example/kaste", "@maize", "a44b", "kaste-a.jpg",
    ):  # fmt: skip
        await late(f"un {rest}", 6)
    assert await marks() == [("lv", "iestrēga", 48), ("lv", "kurjeris", 6)]


async def test_japanese_is_not_parted_and_has_none(database: None) -> None:
    await others("ja")
    await late("倉庫", 12, language="ja")
    assert await marks() == []


async def test_the_page_names_the_language_and_keeps_its_direction(database: None) -> None:
    await others("ar")
    await late("المستودع", 8, language="ar")
    await others("en")
    await late("courier", 7, language="en")
    found = await edition()
    html = document({"figures": found, "organisation": facts(await organisation()), "locale": "en"})
    page = read.fromstring(html)
    (line,) = [row for row in page.xpath("//tr[@class='said-by']") if "mark" in row.text_content()]
    said = " ".join(line.text_content().split())
    assert said.startswith("Words that mark it: Arabic: ")
    assert said.endswith(" · English: courier and stuck")
    assert {(each.get("lang"), each.get("dir")) for each in line.iter("bdi")} == {
        ("ar", "rtl"),
        ("en", "ltr"),
    }
    assert "Chinese, Japanese and Thai, are not looked at" in html


async def test_a_report_of_a_theme_has_them_and_a_month_of_all_none(database: None) -> None:
    await many("nps", {9: 40})
    await others()
    await late("noliktavā", 8)
    maize = await organisation()
    found = await report_figures(asked_of("2026-W40~theme~delivery"), maize, at=AT)
    assert told_of(found) == [("lv", "iestrēga", 8), ("lv", "noliktavā", 8)]
    html = document({"figures": found, "organisation": facts(maize), "locale": "lv"})
    assert "noliktavā</bdi>" in html
    assert told_of(await report_figures(asked_of("2026-10"), maize, at=AT)) == []


async def test_a_scope_reads_its_own_comments_only(database: None) -> None:
    await others()
    await late("noliktavā", 8)
    for number in range(60):
        theme, said = ("delivery", "paka sniegā") if number < 20 else ("price_value", "cena augsta")
        await answer("csat", 1, text=f"{said} {number}", themes=[theme])
    assert await marks(scope=Scope(surveys=("csat",))) == [("lv", "paka", 20), ("lv", "sniegā", 20)]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "Don't! It's late.And [PHONE] no.reply@maize.lv", ["don't", "it's"]),
        ("fr", "L’application s'arrête", ["application", "arrete"]),
        ("lv", "Kavējas, KAVĒJAS kavejas", ["kavejas", "kavejas", "kavejas"]),
        ("vi", "chậm", ["cha\u0323\u0302m"]),
        ("hi", "डिलीवरी में देरी", ["डिलीवरी", "में", "देरी"]),
        ("he", "צה״ל ג'ירפה", ["צה״ל", "ג'ירפה"]),
        ("ko", "배송이 늦어요", ["배송이", "늦어요"]),
        ("en", "配送 late ส่งของ", ["late"]),
        ("en", "A4 b2b x_y 2026", []),
    ],
)
def test_words_are_parted_as_unicode_does(language: str, text: str, words: list[str]) -> None:
    assert words_of(text, language) == words


def test_languages_without_blanks_are_left_out() -> None:
    assert [code for code in ("ja", "zh", "zh-Hant", "th", "ko", "lv") if is_parted(code)] == ["ko", "lv"]


def test_words_are_written_as_people_write_them() -> None:
    assert set(forms_of("Die Lieferung kam nie", "de", {"lieferung"})) == {
        Form("lieferung", "Lieferung", is_like_a_name=False)
    }
    assert set(forms_of("Kurier zawsze. Kurier Nowak", "pl", {"kurier", "nowak"})) == {
        Form("kurier", "kurier", is_like_a_name=False),
        Form("nowak", "nowak", is_like_a_name=True),
    }
    assert [each.written for each in forms_of("KIRIK ısı", "tr", {"kirik", "isi"})] == ["kırık", "ısı"]
