"""An edition in each of the twelve languages: its own title, dates and numbers, and nothing left in English."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import polib
import pytest
import typer.main

from surveys.cli import app
from surveys.digests import make, sentences
from surveys.digests.archive import edition_locale, request_edition, shelves
from surveys.digests.make import facts, make_due_editions
from surveys.digests.models import Edition
from surveys.digests.page import laid_out
from surveys.digests.page_one import mail_page
from surveys.digests.render import document
from surveys.errors import Refused
from surveys.i18n import CATALOGUES, DIGEST_LOCALES, language, percent, speaking
from surveys.mail import message
from surveys.names import alphabetical
from surveys.templating import render as fill
from tests.surveys.digests.test_pdf import figured
from tests.surveys.digests.week import WEEK, many, organisation

# The title, the days, a share with its counts, how surely: each as the language writes it.
EDITIONS = {
    "en": (
        "Weekly digest 2026-W40",
        "28 Sept – 4 Oct 2026",
        "5.1% of answers (7 of 138)",
        "95% interval 49% to 78%",
    ),
    "lv": (
        "Nedēļas pārskats 2026-W40",
        "2026. gada 28. sept. – 4. okt.",
        "5,1% atbilžu (7 no 138)",
        "95% intervāls no 49% līdz 78%",
    ),
    "lt": (
        "Savaitės apžvalga 2026-W40",
        "2026 rugs. 28 – spal. 4",
        "5,1 % atsakymų (7 iš 138)",
        "95 % intervalas nuo 49 % iki 78 %",
    ),
    "ro": (
        "Raport săptămânal 2026-W40",
        "28 sept. – 4 oct. 2026",
        "5,1 % din răspunsuri (7 din 138)",
        "interval de 95 % de la 49 % la 78 %",
    ),
    "de": (
        "Wochenbericht 2026-W40",
        "28. Sept. – 4. Okt. 2026",
        "5,1 % der Antworten (7 von 138)",
        "95-%-Intervall 49 % bis 78 %",
    ),
    "fr": (
        "Synthèse hebdomadaire 2026-W40",
        "28 sept. – 4 oct. 2026",
        "5,1 % des réponses (7 sur 138)",
        "intervalle à 95 % de 49 % à 78 %",
    ),
    "es": (
        "Resumen semanal 2026-W40",
        "28 sept – 4 oct 2026",
        "5,1 % de las respuestas (7 de 138)",
        "intervalo del 95 %: de 49 % a 78 %",
    ),
    "pl": (
        "Raport tygodniowy 2026-W40",
        "28 wrz–4 paź 2026",
        "5,1% odpowiedzi (7 z 138)",
        "przedział 95% od 49% do 78%",
    ),
    "uk": (
        "Тижневий звіт 2026-W40",
        "28 вер. – 4 жовт. 2026 р.",
        "5,1% відповідей (7 із 138)",
        "95% інтервал від 49% до 78%",
    ),
    "ar": (
        "الملخص الأسبوعي 2026-W40",
        "28 سبتمبر – 4 أكتوبر 2026",
        "5.1% من الإجابات (7 من 138)",
        "فترة الثقة 95%: من 49% إلى 78%",
    ),
    "ja": (
        "週次レポート 2026-W40",
        "2026年9月28日～10月4日",
        "回答の5.1%（138件中7件）",
        "95%信頼区間 49%～78%",
    ),
    "zh-Hans": (
        "周报 2026-W40",
        "2026年9月28日至10月4日",
        "占回答的 5.1%（138 份中的 7 份）",
        "95% 区间：49% 至 78%",
    ),
}
NOT_ENGLISH = [code for code in DIGEST_LOCALES if code != "en"]


def plain(html: str) -> str:
    """What is read, with every space a plain one and no marks of direction."""
    without_marks = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u200e", "").replace("\u200f", "")
    return re.sub(r"\s+", " ", without_marks)


async def edition(locale: str) -> str:
    job = {"figures": await figured(), "organisation": facts(await organisation()), "locale": locale}
    return document(job)


async def mailed(locale: str) -> str:
    """The mail with its subject, and the page that its last link leads to."""
    figures = await figured()
    with speaking(locale, "digest"):
        page, first = mail_page(figures), sentences.headline(figures)[0]
    mail = message(
        "digest",
        to="a@maize.lv",
        locale=locale,
        sender="dati@maize.lv",
        organisation=await organisation(),
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
    html = await edition(locale)
    tag = language(locale, "digest")
    assert f'<html lang="{tag.code}" dir="{tag.direction}">' in html
    shown = plain(html)
    assert [text for text in (title, period, share, interval) if text not in shown] == []
    assert [text for text in (title, period, share, interval) if text not in plain(await mailed(locale))] == (
        [title] if title not in plain(await mailed(locale)) else []
    )


@pytest.mark.parametrize("locale", NOT_ENGLISH)
async def test_nothing_is_left_in_english(database: None, locale: str) -> None:
    shown = plain(await edition(locale) + await mailed(locale)).casefold()
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
    figures = make.figures

    async def counting(*given: Any, **named: Any) -> dict[str, Any]:
        counted.append(str(given[0]))
        return await figures(*given, **named)

    async def render(_figures: dict[str, Any], _organisation: dict[str, Any], locale: str) -> bytes:
        if locale == "lv" and len(counted) == 1 and not stopped:
            stopped.append(locale)
            raise OSError  # a crash between figures and PDF
        return f"%PDF {locale}".encode()

    stopped: list[str] = []
    monkeypatch.setattr(make, "figures", counting)
    monkeypatch.setattr(make, "render", render)
    for locale in DIGEST_LOCALES:
        await request_edition(WEEK, locale, maize)
    for _ in DIGEST_LOCALES:
        await make_due_editions()
        await many("nps", {3: 1})  # an answer comes in late
    await Edition.filter(due_at__isnull=False).update(due_at=maize.created_at)
    await make_due_editions()
    made = await Edition.all()
    assert stopped == ["lv"]
    assert counted == ["2026-W40"]
    assert sorted(bytes(each.pdf or b"").decode() for each in made) == sorted(
        f"%PDF {code}" for code in DIGEST_LOCALES
    )
    assert [each.figures for each in made] == [made[0].figures] * 12
    (shelf,) = await shelves(maize)
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
    pain["standing_out"] = [{"group": "155"}]
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
    assert made["all-pages.png"].size == (
        2 * (sheets.PAGE_WIDTH + sheets.GAP) + sheets.GAP,
        2 * height + sheets.GAP,
    )
    assert made["first-pages.png"].width == 2 * (sheets.FIRST_WIDTH + sheets.GAP) + sheets.GAP
    assert made["first-pages.png"].mode == "P"
