"""An edition in each of the twelve languages: its own title, dates and numbers, and nothing left in English."""

import re
from collections.abc import AsyncGenerator
from html import unescape
from pathlib import Path
from typing import Any

import polib
import pytest
import typer.main

from surveys.cli import app
from surveys.digests import build, headline, make, sentences
from surveys.digests.archive import edition_locale, request_edition, shelves
from surveys.digests.make import facts, make_due_editions
from surveys.digests.models import Edition
from surveys.digests.page import laid_out
from surveys.digests.page_one import mail_page
from surveys.digests.render import document
from surveys.errors import Refused, Unavailable
from surveys.i18n import CATALOGUES, DIGEST_LOCALES, language, percent, speaking
from surveys.mail import message
from surveys.names import alphabetical
from surveys.templating import render as fill
from tests.surveys.digests.test_pdf import figured
from tests.surveys.digests.week import AT, WEEK, many, organisation

# The title, the days, a share with its counts, how surely: each as the language writes it.
EDITIONS = {
    "en": (
        "Weekly digest 2026-W40",
        "28 Sept – 4 Oct 2026",
        "5.8% of answers (7 of 121)",
        "95% interval 53% to 85%",
    ),
    "lv": (
        "Nedēļas pārskats 2026-W40",
        "2026. gada 28. sept. – 4. okt.",
        "5,8% atbilžu (7 no 121)",
        "95% intervāls no 53% līdz 85%",
    ),
    "lt": (
        "Savaitės apžvalga 2026-W40",
        "2026 rugs. 28 – spal. 4",
        "5,8 % atsakymų (7 iš 121)",
        "95 % intervalas nuo 53 % iki 85 %",
    ),
    "ro": (
        "Raport săptămânal 2026-W40",
        "28 sept. – 4 oct. 2026",
        "5,8 % din răspunsuri (7 din 121)",
        "interval de 95 % de la 53 % la 85 %",
    ),
    "de": (
        "Wochenbericht 2026-W40",
        "28. Sept. – 4. Okt. 2026",
        "5,8 % der Antworten (7 von 121)",
        "95‑%‑Intervall 53 % bis 85 %",
    ),
    "fr": (
        "Synthèse hebdomadaire 2026-W40",
        "28 sept. – 4 oct. 2026",
        "5,8 % des réponses (7 sur 121)",
        "intervalle à 95 % de 53 % à 85 %",
    ),
    "es": (
        "Resumen semanal 2026-W40",
        "28 sept – 4 oct 2026",
        "5,8 % de las respuestas (7 de 121)",
        "intervalo del 95 %: de 53 % a 85 %",
    ),
    "pl": (
        "Raport tygodniowy 2026-W40",
        "28 wrz–4 paź 2026",
        "5,8% odpowiedzi (7 z 121)",
        "przedział 95% od 53% do 85%",
    ),
    "uk": (
        "Тижневий звіт 2026-W40",
        "28 вер. – 4 жовт. 2026 р.",
        "5,8% відповідей (7 із 121)",
        "95% інтервал від 53% до 85%",
    ),
    "ar": (
        "الملخص الأسبوعي 2026-W40",
        "28 سبتمبر – 4 أكتوبر 2026",
        "5.8% من الإجابات (7 من 121)",
        "فترة الثقة 95%: من 53% إلى 85%",
    ),
    "ja": (
        "週次レポート 2026-W40",
        "2026年9月28日～10月4日",
        "回答の5.8%（121件中7件）",
        "95%信頼区間 53%～85%",
    ),
    "zh-Hans": (
        "周报 2026-W40",
        "2026年9月28日至10月4日",
        "占回答的 5.8%（121 份中的 7 份）",
        "95% 区间：53% 至 85%",
    ),
}
NOT_ENGLISH = [code for code in DIGEST_LOCALES if code != "en"]


def plain(html: str) -> str:
    """What is read, with every space a plain one and no marks of direction."""
    without_marks = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u200e", "").replace("\u200f", "")
    return re.sub(r"\s+", " ", without_marks)


async def edition(locale: str, figures: dict[str, Any]) -> str:
    job = {"figures": figures, "organisation": facts(await organisation()), "locale": locale}
    return document(job)


async def mailed(locale: str, figures: dict[str, Any]) -> str:
    """The mail with its subject, and the page that its last link leads to."""
    with speaking(locale, "digest"):
        page, first = mail_page(figures), headline.headline(figures)[0]
    mail = message(
        "digest",
        to="a@maize.lv",
        locale=locale,
        sender="dati@maize.lv",
        organisation=await organisation(),
        logo=None,
        week="2026-W40",
        page=page,
        first=first,
        archive="https://maize.lv/digests",
        unsubscribe="https://maize.lv/stop",
    )
    bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
    left = [
        fill("digests/unsubscribe.html", locale=locale, domain="digest", email="a@maize.lv", ended=ended)
        for ended in (True, False)
    ]
    return "\n".join([str(mail["Subject"]), *(body.get_content() for body in bodies if body), *left])


def test_every_language_is_tried() -> None:
    assert tuple(EDITIONS) == DIGEST_LOCALES


@pytest.mark.parametrize("locale", DIGEST_LOCALES)
async def test_an_edition_has_its_own_title_dates_and_numbers(database: None, locale: str) -> None:
    title, period, share, interval = EDITIONS[locale]
    figures = await figured()
    html = await edition(locale, figures)
    tag = language(locale, "digest")
    assert f'<html lang="{tag.code}" dir="{tag.direction}">' in html
    shown = plain(html)
    assert [text for text in (title, period, share, interval) if text not in shown] == []
    mail = plain(await mailed(locale, figures))
    assert [text for text in (period, share, interval) if text not in mail] == []


@pytest.mark.parametrize("locale", NOT_ENGLISH)
async def test_nothing_is_left_in_english(database: None, locale: str) -> None:
    figures = await figured()
    shown = plain(await edition(locale, figures) + await mailed(locale, figures)).casefold()
    path = CATALOGUES / locale.replace("-", "_") / "LC_MESSAGES" / "digest.po"
    left = []
    for entry in polib.pofile(str(path)):
        own = {text.casefold() for text in [entry.msgstr, *entry.msgstr_plural.values()]}
        for text in (entry.msgid, entry.msgid_plural):
            for part in re.split(r"%\(\w+\)s|%%", text.casefold()):
                words = part.strip(" :;,.()")
                # Shorter ones may be part of another word, or the same in both languages.
                if len(words) >= 10 and not any(words in form for form in own) and words in shown:
                    left.append(text)
    assert left == []


async def test_twelve_editions_are_counted_once(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    maize = await organisation()
    await many("nps", {9: 30, 3: 10})
    counted: list[str] = []
    figures = build.figures

    async def counting(*given: Any, **named: Any) -> dict[str, Any]:
        counted.append(str(given[0]))
        return await figures(*given, **named)

    async def render(
        _figures: dict[str, Any], _organisation: dict[str, Any], locales: list[str]
    ) -> AsyncGenerator[tuple[str, bytes | Unavailable]]:
        together.append(locales)
        for locale in locales:
            yield (
                locale,
                Unavailable("Killed.")
                if len(together) == 1 and locale == "lv"
                else f"%PDF {locale}".encode(),
            )

    together: list[list[str]] = []
    monkeypatch.setattr(make, "figures", counting)
    monkeypatch.setattr(make, "render_languages", render)
    for locale in DIGEST_LOCALES:
        await request_edition(WEEK, locale, maize)
    assert await make_due_editions() == 12
    assert [(each.locale, each.last_error) for each in await Edition.filter(pdf=None)] == [("lv", "Killed.")]
    assert await make_due_editions() == 0
    await many("nps", {3: 1})  # an answer comes in late
    await request_edition(WEEK, "en", maize, "region=154")
    await Edition.filter(locale="lv").update(due_at=AT)
    assert [await make_due_editions() for _ in range(3)] == [1, 1, 0]
    assert together == [list(DIGEST_LOCALES), ["lv"], ["en"]]
    assert counted == ["2026-W40", "2026-W40"]
    made = await Edition.filter(scope="")
    assert sorted(bytes(each.pdf or b"").decode() for each in made) == sorted(
        f"%PDF {code}" for code in DIGEST_LOCALES
    )
    assert [each.figures for each in made] == [made[0].figures] * 12
    (shelf,) = [shelf for shelf in await shelves(maize, None) if shelf.week == WEEK]
    assert shelf.editions == [(code, "made") for code in DIGEST_LOCALES]


@pytest.mark.parametrize(
    ("typed", "locale"),
    [("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("de-AT", "de"), ("uk", "uk"), ("EN", "en")],
)
def test_a_language_may_be_asked_for_by_its_tag(typed: str, locale: str) -> None:
    assert edition_locale(typed) == locale


@pytest.mark.parametrize("typed", ["zh-TW", "ko", "", "../de", "deutsch"])
def test_other_languages_are_refused_with_those_that_there_are(typed: str) -> None:
    with pytest.raises(Refused, match=r"en, lv, lt, ro, de, fr, es, pl, uk, ar, ja, zh-Hans\.$"):
        edition_locale(typed)


@pytest.mark.parametrize("name", ["digest", "subscribe"])
def test_the_commands_name_the_languages(name: str) -> None:
    command: Any = typer.main.get_command(app)
    (option,) = [option for option in command.commands[name].params if option.name == "locale"]
    named = re.findall(r"[a-z]{2}(?=[,. ])", option.help.replace(" or", ","))
    assert [edition_locale(code) for code in named] == list(DIGEST_LOCALES)


async def test_only_what_stands_out_is_bold(database: None) -> None:
    figures = await figured()
    pain = figures["pain_points"][0]
    pain["by_region"] = [
        {"group": code, "share": 20.0, "low": 10.0, "high": 30.0, "x": 8, "n": 40} for code in ("154", "155")
    ]
    for each in figures["pain_points"][1:]:
        each["by_region"] = []
    pain["places"] = [{"level": "region", "group": "155", "change": {"arrow": "up"}}]
    with speaking("en", "digest"):
        rows = laid_out(figures)["multiples"]["rows"]
    assert [(name, [cell["stands_out"] for cell in cells]) for name, cells in rows] == [
        ("Northern Europe", [False]),
        ("Western Europe", [True]),
    ]


def test_names_stand_where_they_are_looked_for() -> None:
    names = ["Zambia", "África septentrional", "Łotwa", "Asia", "Österreich", "Malta", "Oman"]
    assert sorted(names, key=alphabetical) == [
        "África septentrional", "Asia", "Łotwa", "Malta", "Oman", "Österreich", "Zambia",
    ]  # fmt: skip


def test_signs_and_spaces_are_those_of_the_language() -> None:
    said = {}
    for code in ("en", "fr", "ja", "ar"):
        with speaking(code, "digest"):
            said[code] = (
                percent(0.461),
                sentences.share_of(12.0),
                sentences.labelled("NPS", "5"),
                sentences.together("A.", None, "B."),
            )
    assert said == {
        "en": ("46%", "12.0%", "NPS: 5", "A. B."),
        "fr": ("46\u00a0%", "12,0\u00a0%", "NPS\u00a0: 5", "A. B."),
        "ja": ("46%", "12.0%", "NPS：5", "A.B."),
        "ar": ("\u200e46%", "\u200e12.0%", "NPS: 5", "A. B."),
    }


def test_a_sheet_holds_every_page(tmp_path: Path) -> None:
    import sys

    from PIL import Image

    sys.path.insert(0, str(CATALOGUES.parent / "bin" / "lib"))
    import sheets

    pages = [tmp_path / f"{code}-{n}.png" for code in ("de", "ja") for n in (1, 2)]
    for page in pages:
        Image.new("RGB", (910, 1287), "white").save(page)
    made = sheets.sheets({"de": pages[:2], "ja": pages[2:]})
    height = round(1287 * sheets.PAGE_WIDTH / 910) + sheets.LABEL + sheets.GAP
    assert made["digest-all-pages.png"].size == (
        2 * (sheets.PAGE_WIDTH + sheets.GAP) + sheets.GAP,
        2 * height + sheets.GAP,
    )
    assert made["digest-first-pages.png"].width == 2 * (sheets.FIRST_WIDTH + sheets.GAP) + sheets.GAP
    assert made["digest-first-pages.png"].mode == "P"
