"""Catalogues: complete, fresh, with every placeholder and the right plural forms, and in their own language."""

import re
import sys
from functools import cache
from pathlib import Path

import polib
import pytest
from babel import Locale
from babel.messages.plurals import get_plural

from surveys.i18n import (
    APP_LOCALES,
    CATALOGUES,
    DIGEST_LOCALES,
    RESPONDENT_LOCALES,
    Domain,
    language,
    speaking,
)
from surveys.i18n import gettext as spoken
from surveys.i18n import ngettext as spoken_plural

sys.path.insert(0, str(CATALOGUES.parent / "bin" / "lib"))
import messages

CASES = [
    *((code, "respondent") for code in RESPONDENT_LOCALES),
    *((code, "digest") for code in DIGEST_LOCALES if code != "en"),
    *((code, "app") for code in APP_LOCALES if code != "en"),
]
PLACEHOLDER = re.compile(r"%\(\w+\)s")
COUNTS = {"%(count)s", "%(num)s", "%(n)s", "%(total)s"}
# Commands and formats stay as they are in every language.
VERBATIM = re.compile(r"%\(\w+\)s|“polyvox[^”]*”|[«„“]polyvox[^»“”]*[»“”]")
LETTERS = re.compile(r"[^\W\d_]{3,}")
# Words that are the same in many languages, or names.
SHARED = {
    "polyvox", "nps", "csat", "ces", "csv", "xlsx", "pdf", "rss", "atom", "e-mail", "mail", "utf", "http", "https",
    "org", "example", "name", "com", "feed", "webp", "png", "jpeg",
}  # fmt: skip


def _path(code: str, domain: str) -> Path:
    return CATALOGUES / code.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po"


@cache
def _wanted(domain: str) -> polib.POFile:
    return messages.extracted(domain)


@cache
def _catalogue(code: str, domain: str) -> polib.POFile:
    return polib.pofile(str(_path(code, domain)))


@pytest.mark.parametrize(("code", "domain"), CASES)
def test_a_catalogue_has_exactly_the_sentences_of_the_code(code: str, domain: str) -> None:
    wanted = {(entry.msgid, entry.msgid_plural) for entry in _wanted(domain)}
    found = {(entry.msgid, entry.msgid_plural) for entry in _catalogue(code, domain) if not entry.obsolete}
    assert found == wanted


@pytest.mark.parametrize(("code", "domain"), CASES)
def test_a_catalogue_is_complete_and_sure(code: str, domain: str) -> None:
    catalogue = _catalogue(code, domain)
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert catalogue.metadata["X-Reviewed-By"]


@pytest.mark.parametrize(("code", "domain"), CASES)
def test_a_catalogue_keeps_placeholders_and_plural_forms(code: str, domain: str) -> None:
    catalogue = _catalogue(code, domain)
    plural = get_plural(Locale.parse(code.replace("-", "_")))
    assert catalogue.metadata["Plural-Forms"] == plural.plural_forms
    for entry in catalogue:
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        assert len(forms) == (plural.num_plurals if entry.msgid_plural else 1), entry.msgid
        for form in forms:
            # A form that stands for one, none or two may say the number in words.
            missing = wanted - set(PLACEHOLDER.findall(form))
            assert missing <= (COUNTS if entry.msgid_plural else set()), (entry.msgid, form)
            assert set(PLACEHOLDER.findall(form)) <= wanted, (entry.msgid, form)


@pytest.mark.parametrize(("code", "domain"), [case for case in CASES if case[0] != "en"])
def test_a_catalogue_holds_no_english_sentence(code: str, domain: str) -> None:
    for entry in _catalogue(code, domain):
        for form in [entry.msgstr, *entry.msgstr_plural.values()]:
            words = {
                word for word in LETTERS.findall(VERBATIM.sub("", entry.msgid)) if word.islower()
            } - SHARED
            if len(words) >= 3:
                kept = words & set(LETTERS.findall(VERBATIM.sub("", form).lower()))
                assert len(kept) <= len(words) / 2, (entry.msgid, form)


@pytest.mark.parametrize("code", RESPONDENT_LOCALES)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 11, 21, 100])
def test_a_plural_says_its_number(code: str, count: int) -> None:
    singular, plural = "Answers are kept for %(count)s month.", "Answers are kept for %(count)s months."
    with speaking(code, "respondent"):
        said = spoken_plural(singular, plural, count) % {"count": count}
    assert str(count) in said or count in {0, 1, 2}


def test_latvian_counts_as_latvians_do() -> None:
    with speaking("lv", "respondent"):
        forms = [
            spoken_plural(
                "Answers are kept for %(count)s month.", "Answers are kept for %(count)s months.", count
            )
            for count in (1, 21, 11, 2, 24)
        ]
    assert forms[0] == forms[1]
    assert forms[2] == forms[3] == forms[4]
    assert forms[0] != forms[2]


# Quotation marks that are another language's: „…” in Latvian and Romanian, „…“ in Lithuanian, «…» in Arabic and French.
FOREIGN_MARKS = {"lv": "“«", "ro": "“", "lt": "”«", "ar": "“”„", "fr": "“”„"}


def _said(code: str) -> list[str]:
    domains = [domain for spoken, domain in CASES if spoken == code]
    entries = [entry for domain in domains for entry in _catalogue(code, domain)]
    return [form for entry in entries for form in (entry.msgstr, *entry.msgstr_plural.values())]


@pytest.mark.parametrize("code", FOREIGN_MARKS)
def test_quotation_marks_are_those_of_the_language(code: str) -> None:
    assert [form for form in _said(code) if set(form) & set(FOREIGN_MARKS[code])] == []


def test_no_french_line_begins_with_a_mark() -> None:
    assert [form for form in _said("fr") if re.search(r" (?:[:;?!»]|%%)|« ", form)] == []


def test_directions() -> None:
    domain: Domain = "respondent"
    rtl = {code for code in RESPONDENT_LOCALES if language(code, domain).direction == "rtl"}
    assert rtl == {"ar", "he"}


@pytest.mark.parametrize("code", [code for code in APP_LOCALES if code != "en"])
def test_app_and_digest_say_the_same_word(code: str) -> None:
    said = {entry.msgid: entry for entry in _catalogue(code, "app")}
    for entry in _catalogue(code, "digest"):
        if entry.msgid in said:
            assert said[entry.msgid].msgstr == entry.msgstr, entry.msgid


def test_the_app_finds_the_words_of_the_digest() -> None:
    assert set(APP_LOCALES) <= set(DIGEST_LOCALES)
    assert "Delivery" not in {entry.msgid for entry in _wanted("app")}
    with speaking("lv", "app"):
        assert spoken("Delivery") == "Piegāde"
        weeks = spoken_plural("%(num)s week before", "%(num)s weeks before", 8) % {"num": 8}
    assert weeks == "8 iepriekšējās nedēļas"


def test_a_sentence_that_moves_takes_its_translation_along() -> None:
    def catalogue(*entries: polib.POEntry) -> polib.POFile:
        made = polib.POFile()
        made.metadata = {"Plural-Forms": "nplurals=3; plural=n"}
        made.extend(entries)
        return made

    moved = polib.POEntry(msgid="Delivery", msgstr="Piegāde")
    kept = polib.POEntry(msgid="Theme", msgstr="Temats")
    other = polib.POEntry(msgid="Theme", msgstr="Tēma")
    wanted = catalogue(
        polib.POEntry(msgid="Delivery"), polib.POEntry(msgid="Theme"), polib.POEntry(msgid="New")
    )
    found = messages.renewed(catalogue(kept), wanted, catalogue(moved, other))
    assert [(entry.msgid, entry.msgstr) for entry in found] == [
        ("Delivery", "Piegāde"),
        ("Theme", "Temats"),
        ("New", ""),
    ]
